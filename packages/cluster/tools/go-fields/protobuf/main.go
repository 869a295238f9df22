// Prints how Go writes the types of the Kubernetes API in protocol buffers: for each message its fields with number, name in JSON and
// type; and which message each kind is.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"strings"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/scheme"
	apiregistration "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
)

type output struct {
	// By `apps/v1 Deployment`.
	Kinds map[string]string `json:"kinds"`
	// Each field as `number name type`, with a question mark behind the number when JSON leaves out its zero value; a name of `-` puts the
	// fields of the message in the place of the field.
	Messages map[string][]string `json:"messages"`
}

var result = output{Kinds: map[string]string{}, Messages: map[string][]string{}}

// Messages that are something else in JSON than an object of their fields.
var special = map[string]string{
	"io.k8s.apimachinery.pkg.apis.meta.v1.Time":                                             "Time",
	"io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime":                                        "MicroTime",
	"io.k8s.apimachinery.pkg.apis.meta.v1.Duration":                                         "Duration",
	"io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1":                                         "Raw",
	"io.k8s.apimachinery.pkg.api.resource.Quantity":                                         "Quantity",
	"io.k8s.apimachinery.pkg.util.intstr.IntOrString":                                       "IntOrString",
	"io.k8s.apimachinery.pkg.runtime.RawExtension":                                          "Raw",
	"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON":                         "Raw",
	"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool":        "SchemaOrBool",
	"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray":       "SchemaOrArray",
	"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray": "SchemaOrStrings",
}

var released = regexp.MustCompile(`^v\d+$`)

func main() {
	target := scheme.Scheme
	must(apiextensions.AddToScheme(target))
	must(apiregistration.AddToScheme(target))
	for kind, goType := range target.AllKnownTypes() {
		if !released.MatchString(kind.Version) || strings.HasSuffix(kind.Kind, "List") || kind.Kind == "WatchEvent" {
			continue
		}
		result.Kinds[kind.GroupVersion().String()+" "+kind.Kind] = message(goType)
	}
	result.Kinds["v1 Status"] = message(reflect.TypeOf(metav1.Status{}))
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", " ")
	must(encoder.Encode(result))
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

func message(goType reflect.Type) string {
	name := publishedName(goType)
	if known, ok := special[name]; ok {
		if known != "SchemaOrBool" && known != "SchemaOrArray" && known != "SchemaOrStrings" {
			return known
		}
		message(reflect.TypeOf(apiextensions.JSONSchemaProps{}))
		return known
	}
	if _, known := result.Messages[name]; known {
		return name
	}
	result.Messages[name] = nil
	result.Messages[name] = fieldsOf(goType)
	return name
}

func fieldsOf(goType reflect.Type) []string {
	fields := []string{}
	for index := 0; index < goType.NumField(); index++ {
		member := goType.Field(index)
		proto := strings.Split(member.Tag.Get("protobuf"), ",")
		if len(proto) < 2 {
			continue
		}
		tag := strings.Split(member.Tag.Get("json"), ",")
		name := tag[0]
		if name == "" {
			name = "-"
		}
		optional := ""
		if strings.Contains(member.Tag.Get("json"), "omit") && member.Type.Kind() != reflect.Pointer {
			optional = "?"
		}
		fields = append(fields, proto[1]+optional+" "+name+" "+typeOf(member.Type))
	}
	return fields
}

func typeOf(goType reflect.Type) string {
	switch goType.Kind() {
	case reflect.Pointer:
		return typeOf(goType.Elem())
	case reflect.Slice:
		if goType.Elem().Kind() == reflect.Uint8 {
			return "bytes"
		}
		return "[]" + typeOf(goType.Elem())
	case reflect.Map:
		// Lists can't be values of a map: they are in a message with one field.
		return "{}" + strings.Replace(typeOf(goType.Elem()), "[]", "Items ", 1)
	case reflect.Struct:
		return message(goType)
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "bool"
	case reflect.Int32, reflect.Int64:
		return "int"
	case reflect.Float64:
		return "double"
	}
	must(fmt.Errorf("%s has no place in a message", goType))
	return ""
}
