// podsecurity asks Kubernetes' own Pod Security code whether a namespace that enforces `restricted` would admit
// the pods of the given files. Exit codes: 0 admitted, 1 refused, 2 cannot tell.
package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	corev1 "k8s.io/api/core/v1"
	yamlstream "k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
	"sigs.k8s.io/yaml"
)

var restricted = api.LevelVersion{Level: api.LevelRestricted, Version: api.LatestVersion()}

func main() {
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		fail(err)
	}
	pods, refused := 0, 0
	for _, path := range os.Args[1:] {
		templates, err := podTemplates(path)
		if err != nil {
			fail(fmt.Errorf("%s: %w", path, err))
		}
		for _, pod := range templates {
			pods++
			for _, result := range evaluator.EvaluatePod(restricted, &pod.ObjectMeta, &pod.Spec) {
				if !result.Allowed {
					refused++
					fmt.Printf("%s\t%s\t%s\n", path, result.ForbiddenReason, result.ForbiddenDetail)
				}
			}
		}
	}
	// Without a pod there was nothing to judge: silence would look like admission.
	if pods == 0 {
		fail(errors.New("no pod template in any file"))
	}
	if refused > 0 {
		os.Exit(1)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "podsecurity:", err)
	os.Exit(2)
}

func podTemplates(path string) ([]corev1.PodTemplateSpec, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var found []corev1.PodTemplateSpec
	documents := yamlstream.NewYAMLReader(bufio.NewReader(bytes.NewReader(text)))
	for {
		document, err := documents.Read()
		if err == io.EOF {
			return found, nil
		}
		if err != nil {
			return nil, err
		}
		var object any
		if err := yaml.UnmarshalStrict(document, &object); err != nil {
			return nil, err
		}
		if found, err = collect(object, found); err != nil {
			return nil, err
		}
	}
}

// collect finds pods by their shape, not by a list of kinds, so that no kind can slip through.
func collect(node any, found []corev1.PodTemplateSpec) ([]corev1.PodTemplateSpec, error) {
	fields, ok := node.(map[string]any)
	if !ok {
		return found, nil
	}
	if spec, ok := fields["spec"].(map[string]any); ok && spec["containers"] != nil {
		pod, err := decode(fields)
		return append(found, pod), err
	}
	var err error
	for _, child := range fields {
		if found, err = collect(child, found); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func decode(fields map[string]any) (pod corev1.PodTemplateSpec, err error) {
	text, err := yaml.Marshal(map[string]any{"metadata": fields["metadata"], "spec": fields["spec"]})
	if err == nil {
		err = yaml.UnmarshalStrict(text, &pod)
	}
	return pod, err
}
