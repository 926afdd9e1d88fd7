// yamlread reads [{"want": any, "yaml": "text"}] from standard input and reports every text that one of Go's YAML
// readers (Kubernetes' and the ones under Docker Compose) does not read as wanted. Exit codes: 0, 1 mismatch, 2 bad input.
package main

import (
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"reflect"

	yamlv2 "go.yaml.in/yaml/v2"
	yamlv3 "go.yaml.in/yaml/v3"
	"sigs.k8s.io/yaml"
)

type sample struct {
	Want any    `json:"want"`
	Yaml string `json:"yaml"`
}

var readers = []struct {
	name string
	read func(text []byte, into *any) error
}{
	{"sigs.k8s.io/yaml", func(text []byte, into *any) error { return yaml.Unmarshal(text, into, exactNumbers) }},
	{"go.yaml.in/yaml/v3", func(text []byte, into *any) error { return yamlv3.Unmarshal(text, into) }},
	{"go.yaml.in/yaml/v2", func(text []byte, into *any) error { return yamlv2.Unmarshal(text, into) }},
}

func exactNumbers(decoder *json.Decoder) *json.Decoder {
	decoder.UseNumber()
	return decoder
}

func main() {
	var samples []sample
	if err := exactNumbers(json.NewDecoder(os.Stdin)).Decode(&samples); err != nil || len(samples) == 0 {
		fmt.Fprintln(os.Stderr, "yamlread: no samples:", err)
		os.Exit(2)
	}
	mismatches := 0
	for _, sample := range samples {
		want := plain(sample.Want)
		for _, reader := range readers {
			var got any
			err := reader.read([]byte(sample.Yaml), &got)
			if got = plain(got); err != nil || !reflect.DeepEqual(want, got) {
				mismatches++
				fmt.Printf("%s: %q\n  want %v\n  got  %v %v\n", reader.name, sample.Yaml, want, got, problem(err))
			}
		}
	}
	fmt.Printf("Go: %d samples, %d mismatches\n", len(samples), mismatches)
	if mismatches > 0 {
		os.Exit(1)
	}
}

func problem(err error) string {
	if err == nil {
		return ""
	}
	return "(" + err.Error() + ")"
}

// plain brings a value into a form in which equal values are deeply equal. Numbers become exact fractions, so that it
// does not matter whether 1.0 was read as an integer; everything that JSON does not know keeps its Go type and so
// never equals what is wanted.
func plain(value any) any {
	switch value := value.(type) {
	case json.Number:
		return fraction(value.String())
	case int, int64, uint64:
		return fraction(fmt.Sprint(value))
	case float64:
		return fraction(fmt.Sprintf("%g", value))
	case []any:
		items := make([]any, len(value))
		for i, item := range value {
			items[i] = plain(item)
		}
		return items
	case map[string]any:
		fields := make(map[any]any, len(value))
		for key, field := range value {
			fields[key] = plain(field)
		}
		return fields
	case map[any]any:
		fields := make(map[any]any, len(value))
		for key, field := range value {
			fields[key] = plain(field)
		}
		return fields
	}
	return value
}

type number string

func fraction(text string) any {
	if exact, ok := new(big.Rat).SetString(text); ok {
		return number(exact.RatString())
	}
	return "not a number: " + text // .inf and .nan
}
