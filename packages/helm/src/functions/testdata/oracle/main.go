// Answers our cases with the functions of the real Helm. Reads groups of cases from stdin, writes the answers to stdout.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strconv"
	"text/template"
	"time"
	"unicode/utf8"
	_ "unsafe"

	_ "helm.sh/helm/v4/pkg/engine"
)

//go:linkname funcMap helm.sh/helm/v4/pkg/engine.funcMap
func funcMap() template.FuncMap

type group struct {
	Data      any      `json:"data"`
	Templates []string `json:"templates"`
}

func decode(v any) any {
	switch v := v.(type) {
	case json.Number:
		f, err := v.Float64()
		if err != nil {
			panic(err)
		}
		return f
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = decode(e)
		}
		return out
	case map[string]any:
		if t, ok := v["$"].(string); ok {
			return typed(t, v["v"])
		}
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[k] = decode(e)
		}
		return out
	}
	return v
}

func whole(v any) int64 {
	n, err := strconv.ParseInt(v.(string), 10, 64)
	if err != nil {
		panic(err)
	}
	return n
}

func typed(t string, v any) any {
	switch t {
	case "int":
		return int(whole(v))
	case "int8":
		return int8(whole(v))
	case "int16":
		return int16(whole(v))
	case "int32":
		return int32(whole(v))
	case "int64":
		return whole(v)
	case "uint":
		return uint(whole(v))
	case "uint8":
		return uint8(whole(v))
	case "uint16":
		return uint16(whole(v))
	case "uint32":
		return uint32(whole(v))
	case "uint64":
		n, err := strconv.ParseUint(v.(string), 10, 64)
		if err != nil {
			panic(err)
		}
		return n
	case "float32":
		f, err := strconv.ParseFloat(v.(string), 32)
		if err != nil {
			panic(err)
		}
		return float32(f)
	case "float64":
		switch v {
		case "NaN":
			return math.NaN()
		case "+Inf":
			return math.Inf(1)
		case "-Inf":
			return math.Inf(-1)
		case "-0":
			return math.Copysign(0, -1)
		}
		panic(v)
	case "bytes":
		b, err := base64.StdEncoding.DecodeString(v.(string))
		if err != nil {
			panic(err)
		}
		return b
	case "raw":
		b, err := base64.StdEncoding.DecodeString(v.(string))
		if err != nil {
			panic(err)
		}
		return string(b)
	case "time":
		return time.UnixMilli(whole(v)).UTC()
	case "duration":
		return time.Duration(whole(v))
	case "[]string":
		out := []string{}
		for _, e := range v.([]any) {
			out = append(out, e.(string))
		}
		return out
	case "[]int":
		out := []int{}
		for _, e := range v.([]any) {
			out = append(out, int(whole(e)))
		}
		return out
	case "map[string]string":
		out := map[string]string{}
		for k, e := range v.(map[string]any) {
			out[k] = e.(string)
		}
		return out
	case "nil map":
		return map[string]any(nil)
	case "nil slice":
		return []any(nil)
	case "nil strings":
		return []string(nil)
	}
	panic("unknown type " + t)
}

func render(g group, text string) (out string, err error) {
	t, err := template.New("t").Funcs(funcMap()).Parse(text)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	err = t.Execute(&b, decode(g.Data))
	return b.String(), err
}

// An answer is the output, or a list of one: the error. Output that is no UTF-8 is {"raw": base64}.
func answer(out string, err error) any {
	if err != nil {
		return []string{err.Error()}
	}
	if !utf8.ValidString(out) {
		return map[string]string{"raw": base64.StdEncoding.EncodeToString([]byte(out))}
	}
	return out
}

func main() {
	time.Local = time.UTC
	if len(os.Args) > 1 && os.Args[1] == "names" {
		names := []string{}
		for name := range funcMap() {
			names = append(names, name)
		}
		json.NewEncoder(os.Stdout).Encode(names)
		return
	}
	var groups []group
	decoder := json.NewDecoder(os.Stdin)
	decoder.UseNumber()
	if err := decoder.Decode(&groups); err != nil {
		panic(err)
	}
	answers := make([][]any, len(groups))
	for i, g := range groups {
		answers[i] = []any{}
		for _, t := range g.Templates {
			first := answer(render(g, t))
			for range 4 {
				if again := answer(render(g, t)); fmt.Sprint(again) != fmt.Sprint(first) {
					fmt.Fprintf(os.Stderr, "not the same every time: %s\n", t)
					os.Exit(1)
				}
			}
			answers[i] = append(answers[i], first)
		}
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(answers); err != nil {
		panic(err)
	}
}
