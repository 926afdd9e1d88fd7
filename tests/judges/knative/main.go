// knative asks Knative Serving's own validation, with the features that it has by default, whether it admits the
// services of the given files. Exit codes: 0 admitted, 1 refused, 2 cannot tell.
package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"

	"knative.dev/serving/pkg/apis/config"
	serving "knative.dev/serving/pkg/apis/serving/v1"
	"sigs.k8s.io/yaml"
)

func main() {
	ctx := asInstalled()
	services, refused := 0, 0
	for _, path := range os.Args[1:] {
		text, err := os.ReadFile(path)
		if err != nil {
			fail(err)
		}
		for _, document := range bytes.Split(text, []byte("\n---\n")) {
			services++
			if err := admit(ctx, document); err != nil {
				refused++
				fmt.Printf("%s\t%s\n", path, strings.ReplaceAll(err.Error(), "\n", "; "))
			}
		}
	}
	// Without a service there was nothing to judge: silence would look like admission.
	if services == 0 {
		fail(fmt.Errorf("no service in any file"))
	}
	if refused > 0 {
		os.Exit(1)
	}
}

func admit(ctx context.Context, document []byte) error {
	var service serving.Service
	if err := yaml.UnmarshalStrict(document, &service); err != nil {
		return err
	}
	service.SetDefaults(ctx)
	if err := service.Validate(ctx); err != nil {
		return err
	}
	return nil
}

func asInstalled() context.Context {
	defaults, err := config.NewDefaultsConfigFromMap(nil)
	if err != nil {
		fail(err)
	}
	features, err := config.NewFeaturesConfigFromMap(nil)
	if err != nil {
		fail(err)
	}
	return config.ToContext(context.Background(), &config.Config{Defaults: defaults, Features: features})
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "knative:", err)
	os.Exit(2)
}
