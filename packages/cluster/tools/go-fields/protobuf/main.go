// Prints how Go writes the types of the Kubernetes API in protocol buffers: for each message its fields with number, name in JSON and
// type; and which message each kind is.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"

	apidiscovery "k8s.io/api/apidiscovery/v2"
	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	metav1beta1 "k8s.io/apimachinery/pkg/apis/meta/v1beta1"
	"k8s.io/client-go/kubernetes/scheme"
	apiregistration "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
)

type output struct {
	// By `apps/v1 Deployment`.
	Kinds map[string]string `json:"kinds"`
	// Each field as `number name type`, with a question mark behind the number when JSON leaves out its zero value, or a star when it is a
	// pointer and may be missing in the message too; a name of `-` puts the fields of the message in the place of the field.
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
	"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON":                         "JSON",
	"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool":        "SchemaOrBool",
	"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray":       "SchemaOrArray",
	"io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray": "SchemaOrStrings",
}

var marshaler = reflect.TypeFor[interface{ Marshal() ([]byte, error) }]()

var released = regexp.MustCompile(`^v\d+$`)

// Watch events are in every group, and these have no form in protocol buffers.
var unwritten = []string{"WatchEvent", "List", "Table", "TableOptions"}

func main() {
	target := scheme.Scheme
	must(apiextensions.AddToScheme(target))
	must(apiregistration.AddToScheme(target))
	must(metav1.AddMetaToScheme(target))
	must(apidiscovery.AddToScheme(target))
	for kind, goType := range target.AllKnownTypes() {
		if !released.MatchString(kind.Version) || slices.Contains(unwritten, kind.Kind) {
			continue
		}
		result.Kinds[kind.GroupVersion().String()+" "+kind.Kind] = message(goType)
	}
	for _, value := range []any{metav1.Status{}, metav1.APIResourceList{}, metav1.APIGroupList{}, metav1.WatchEvent{}} {
		goType := reflect.TypeOf(value)
		result.Kinds["v1 "+goType.Name()] = message(goType)
	}
	result.Kinds["meta.k8s.io/v1beta1 PartialObjectMetadata"] = message(reflect.TypeOf(metav1beta1.PartialObjectMetadata{}))
	result.Kinds["meta.k8s.io/v1beta1 PartialObjectMetadataList"] = message(reflect.TypeOf(metav1beta1.PartialObjectMetadataList{}))
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
		if member.Type.Kind() == reflect.Pointer {
			optional = "*"
		} else if strings.Contains(member.Tag.Get("json"), "omit") {
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
		// Lists that have a name are in a message with one field.
		if reflect.PointerTo(goType).Implements(marshaler) {
			return "Items " + typeOf(goType.Elem())
		}
		return "[]" + typeOf(goType.Elem())
	case reflect.Map:
		return "{}" + typeOf(goType.Elem())
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
