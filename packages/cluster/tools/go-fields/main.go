// Prints how Go writes the types of the Kubernetes API as JSON: the order of the fields, which of them are left out when they are
// zero, and what stands for those that are always written.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/scheme"
	apiregistration "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
)

type field struct {
	Name string `json:"name"`
	// Left out of the JSON when its value is zero.
	Nonzero bool `json:"nonzero,omitempty"`
	// Always written; the value that stands for zero.
	Zero json.RawMessage `json:"zero,omitempty"`
}

var found = map[string][]field{}

func main() {
	target := scheme.Scheme
	must(apiextensions.AddToScheme(target))
	must(apiregistration.AddToScheme(target))
	for _, goType := range target.AllKnownTypes() {
		walk(goType)
	}
	walk(reflect.TypeOf(metav1.Status{}))
	must(json.NewEncoder(os.Stdout).Encode(found))
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func publishedName(goType reflect.Type) string {
	parts := strings.Split(goType.PkgPath(), "/")
	domain := strings.Split(parts[0], ".")
	for left, right := 0, len(domain)-1; left < right; left, right = left+1, right-1 {
		domain[left], domain[right] = domain[right], domain[left]
	}
	return strings.Join(append(domain, append(parts[1:], goType.Name())...), ".")
}

var marshaler = reflect.TypeOf((*json.Marshaler)(nil)).Elem()

func writesItself(goType reflect.Type) bool {
	return goType.Implements(marshaler) || reflect.PointerTo(goType).Implements(marshaler)
}

func walk(goType reflect.Type) {
	switch goType.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Array:
		walk(goType.Elem())
		return
	case reflect.Struct:
	default:
		return
	}
	name := publishedName(goType)
	if _, known := found[name]; known || writesItself(goType) {
		return
	}
	found[name] = nil
	found[name] = fieldsOf(goType)
}

func fieldsOf(goType reflect.Type) []field {
	fields := []field{}
	for index := 0; index < goType.NumField(); index++ {
		member := goType.Field(index)
		tag := strings.Split(member.Tag.Get("json"), ",")
		if tag[0] == "-" || !member.IsExported() {
			continue
		}
		if tag[0] == "" {
			if member.Anonymous {
				inner := member.Type
				if inner.Kind() == reflect.Pointer {
					inner = inner.Elem()
				}
				fields = append(fields, fieldsOf(inner)...)
				continue
			}
			tag[0] = member.Name
		}
		walk(member.Type)
		fields = append(fields, presence(member.Type, tag))
	}
	return fields
}

func presence(goType reflect.Type, tag []string) field {
	result := field{Name: tag[0]}
	options := strings.Join(tag[1:], ",")
	isStruct := goType.Kind() == reflect.Struct
	isPointer := goType.Kind() == reflect.Pointer || goType.Kind() == reflect.Interface
	switch {
	case strings.Contains(options, "omitzero") && isStruct:
		result.Nonzero = true
	case strings.Contains(options, "omitempty") && isPointer:
	case strings.Contains(options, "omitempty") && !isStruct:
		result.Nonzero = true
	case isStruct && !writesItself(goType):
		result.Zero = json.RawMessage("{}")
	default:
		text, err := json.Marshal(reflect.New(goType).Interface())
		must(err)
		result.Zero = text
	}
	return result
}
