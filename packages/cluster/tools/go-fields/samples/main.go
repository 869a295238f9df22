// Prints one random object of every kind, as JSON and in protocol buffers: `apps/v1 Deployment`, a tab, JSON, a tab, base64.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"regexp"
	"sort"
	"strings"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/api/apitesting/fuzzer"
	metafuzzer "k8s.io/apimachinery/pkg/apis/meta/fuzzer"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"
	"k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/randfill"
)

var released = regexp.MustCompile(`^v\d+$`)

func main() {
	target := scheme.Scheme
	codecs := serializer.NewCodecFactory(target)
	writer := protobuf.NewSerializer(target, target)
	raw := func(_ serializer.CodecFactory) []interface{} {
		return []interface{}{
			func(value *runtime.RawExtension, _ randfill.Continue) {
				value.Raw = []byte(`{"apiVersion":"v1","kind":"X","a":[1]}`)
			},
			// What JavaScript can count.
			func(value *int64, random randfill.Continue) { *value = random.Int63()>>10 - 1<<52 },
			func(value *apiextensions.JSON, _ randfill.Continue) { value.Raw = []byte(`{"b":true}`) },
		}
	}
	fill := fuzzer.FuzzerFor(fuzzer.MergeFuzzerFuncs(metafuzzer.Funcs, raw), rand.NewSource(1), codecs)
	fill = fill.NilChance(0.2).NumElements(1, 2).MaxDepth(9)
	kinds := []schema.GroupVersionKind{}
	for kind := range target.AllKnownTypes() {
		if released.MatchString(kind.Version) && !strings.HasSuffix(kind.Kind, "List") && !strings.HasSuffix(kind.Kind, "Options") && kind.Kind != "WatchEvent" {
			kinds = append(kinds, kind)
		}
	}
	sort.Slice(kinds, func(i, j int) bool { return kinds[i].String() < kinds[j].String() })
	for _, kind := range kinds {
		object, err := target.New(kind)
		must(err)
		fill.Fill(object)
		object.GetObjectKind().SetGroupVersionKind(kind)
		text, err := json.Marshal(object)
		must(err)
		var message bytes.Buffer
		must(writer.Encode(object, &message))
		fmt.Printf("%s %s\t%s\t%s\n", kind.GroupVersion(), kind.Kind, text, base64.StdEncoding.EncodeToString(message.Bytes()))
	}
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
