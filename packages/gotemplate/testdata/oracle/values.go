package main

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// The types and functions below have twins in tests/oracle-values.ts.

type Person struct {
	Name string
	Age  int
	Tags []string
	Any  any
}

func (p Person) Greet(greeting string) string { return greeting + ", " + p.Name }
func (p Person) Sum(first int, rest ...int) int {
	for _, n := range rest {
		first += n
	}
	return first
}
func (p Person) Fail() (string, error) { return "", errors.New("person failed") }
func (p Person) Self() Person          { return p }
func (p Person) Plain() string         { return "plain" }

type Labeled struct{ Label string }

func (l Labeled) String() string { return "<" + l.Label + ">" }

type Broken struct{ Reason string }

func (b Broken) Error() string { return "broken: " + b.Reason }

type Seconds int64

func (s Seconds) String() string { return strconv.FormatInt(int64(s), 10) + "s" }

type Values map[string]any

func (v Values) Has(key string) bool { _, ok := v[key]; return ok }

type Versions []string

func (v Versions) Has(version string) bool {
	for _, known := range v {
		if known == version {
			return true
		}
	}
	return false
}

var functions = map[string]any{
	"upper": strings.ToUpper,
	"join":  func(separator string, items []string) string { return strings.Join(items, separator) },
	"add":   func(a, b int) int { return a + b },
	"sum": func(items ...int) int {
		n := 0
		for _, i := range items {
			n += i
		}
		return n
	},
	"half":    func(f float64) float64 { return f / 2 },
	"same":    func(v any) any { return v },
	"nothing": func() any { return nil },
	"yes":     func(b bool) bool { return b },
	"keysof":  func(m map[string]any) int { return len(m) },
	"count":   func(l []any) int { return len(l) },
	"list":    func(items ...any) []any { return items },
	"dict":    dict,
	"small":   func(n int8, m uint16) string { return fmt.Sprint(n, " ", m) },
	"wide":    func(n int64) int64 { return n },
	"fail":    func(message string) (string, error) { return "", errors.New(message) },
	"panics":  func(message string) string { panic(message) },
	"first":   func(prefix string, items ...any) string { return fmt.Sprint(append([]any{prefix}, items...)...) },
	"typeof":  func(v any) string { return fmt.Sprintf("%T", v) },
	"person":  func(p Person) string { return p.Name },
	"adder":   func(a int) func(int) int { return func(b int) int { return a + b } },
	"names":   func() []string { return []string{"x", "y"} },
}

func dict(pairs ...any) map[string]any {
	m := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		m[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	return m
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// decode turns the JSON form of a value into the value; {"$": type, "v": ...} names the type.
func decode(v any) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = decode(e)
		}
		return out
	case map[string]any:
		if t, ok := v["$"].(string); ok {
			return decodeTyped(t, v["v"])
		}
		return decodeMap(v)
	case json.Number:
		return must(v.Float64())
	}
	return v
}

func decodeMap(v any) map[string]any {
	out := map[string]any{}
	for k, e := range v.(map[string]any) {
		out[k] = decode(e)
	}
	return out
}

func each[T any](v any, convert func(any) T) []T {
	out := []T{}
	for _, e := range v.([]any) {
		out = append(out, convert(e))
	}
	return out
}

func eachKey[T any](v any, convert func(any) T) map[string]T {
	out := map[string]T{}
	for k, e := range v.(map[string]any) {
		out[k] = convert(e)
	}
	return out
}

func text(v any) string { return v.(string) }
func whole(v any) int   { return must(strconv.Atoi(v.(string))) }

func decodeTyped(t string, v any) any {
	if strings.HasPrefix(t, "nil ") {
		return decodeNil(t[4:])
	}
	switch t {
	case "int":
		return whole(v)
	case "int8":
		return int8(must(strconv.ParseInt(v.(string), 10, 8)))
	case "int16":
		return int16(must(strconv.ParseInt(v.(string), 10, 16)))
	case "int32":
		return int32(must(strconv.ParseInt(v.(string), 10, 32)))
	case "int64":
		return must(strconv.ParseInt(v.(string), 10, 64))
	case "uint":
		return uint(must(strconv.ParseUint(v.(string), 10, 64)))
	case "uint8":
		return uint8(must(strconv.ParseUint(v.(string), 10, 8)))
	case "uint16":
		return uint16(must(strconv.ParseUint(v.(string), 10, 16)))
	case "uint32":
		return uint32(must(strconv.ParseUint(v.(string), 10, 32)))
	case "uint64":
		return must(strconv.ParseUint(v.(string), 10, 64))
	case "float32":
		return float32(must(strconv.ParseFloat(v.(string), 32)))
	case "float64":
		return must(strconv.ParseFloat(v.(string), 64))
	case "bytes":
		return must(base64.StdEncoding.DecodeString(v.(string)))
	case "raw":
		return string(must(base64.StdEncoding.DecodeString(v.(string))))
	case "[]string":
		return each(v, text)
	case "[]int":
		return each(v, whole)
	case "map[string]string":
		return eachKey(v, text)
	case "map[string]int":
		return eachKey(v, whole)
	case "Values":
		return Values(decodeMap(v))
	case "Versions":
		return Versions(each(v, text))
	case "Seconds":
		return Seconds(whole(v))
	case "Labeled":
		return Labeled{v.(string)}
	case "*Labeled":
		return &Labeled{v.(string)}
	case "Broken":
		return Broken{v.(string)}
	case "Person":
		return person(v)
	case "*Person":
		p := person(v)
		return &p
	case "func":
		return functions[v.(string)]
	}
	panic("unknown type " + t)
}

func person(v any) Person {
	m := decodeMap(v)
	p := Person{Name: m["Name"].(string), Age: m["Age"].(int), Any: m["Any"]}
	p.Tags, _ = m["Tags"].([]string)
	return p
}

func decodeNil(t string) any {
	switch t {
	case "map[string]interface {}":
		return map[string]any(nil)
	case "map[string]string":
		return map[string]string(nil)
	case "[]interface {}":
		return []any(nil)
	case "[]string":
		return []string(nil)
	case "*main.Person":
		return (*Person)(nil)
	}
	panic("unknown nil " + t)
}
