// The oracle answers with what Go's YAML libraries do. It reads JSON lines {"op","input"} and writes JSON lines
// {"output"} or {"error"}.
//
//	decode, strict  YAML text to JSON, as sigs.k8s.io/yaml Unmarshal and UnmarshalStrict
//	all             every document of a YAML text, as one JSON array
//	encode          JSON text to YAML, as sigs.k8s.io/yaml Marshal of the value
//	encode3         JSON text to YAML by go.yaml.in/yaml/v3 with an indentation of 2 (Helm's toYamlPretty)
//	compact3        the same with compact sequences (kyaml)
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	yaml2 "go.yaml.in/yaml/v2"
	yaml3 "go.yaml.in/yaml/v3"
	"sigs.k8s.io/yaml"
)

type question struct {
	Op    string `json:"op"`
	Input string `json:"input"`
}

type answer struct {
	Output *string `json:"output,omitempty"`
	Error  string  `json:"error,omitempty"`
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for {
		line, err := in.ReadBytes('\n')
		if err == io.EOF {
			return
		}
		var q question
		if err := json.Unmarshal(line, &q); err != nil {
			panic(err)
		}
		output, err := answerTo(q)
		a := answer{Output: &output}
		if err != nil {
			a = answer{Error: err.Error()}
		}
		encoder.Encode(a)
		out.Flush()
	}
}

func answerTo(q question) (output string, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	switch q.Op {
	case "decode":
		data, err := yaml.YAMLToJSON([]byte(q.Input))
		return string(data), err
	case "strict":
		data, err := yaml.YAMLToJSONStrict([]byte(q.Input))
		return string(data), err
	case "all":
		return decodeAll(q.Input)
	case "encode":
		var value any
		if err := json.Unmarshal([]byte(q.Input), &value); err != nil {
			return "", err
		}
		data, err := yaml.Marshal(value)
		return string(data), err
	case "encode3", "compact3":
		return encode3(q.Input, q.Op == "compact3")
	}
	return "", fmt.Errorf("unknown op %q", q.Op)
}

func decodeAll(text string) (string, error) {
	decoder := yaml2.NewDecoder(strings.NewReader(text))
	documents := []json.RawMessage{}
	for {
		var value any
		err := decoder.Decode(&value)
		if err == io.EOF {
			break
		}
		if err != nil {
			return "", err
		}
		again, err := yaml2.Marshal(value)
		if err != nil {
			return "", err
		}
		data, err := yaml.YAMLToJSON(again)
		if err != nil {
			return "", err
		}
		documents = append(documents, data)
	}
	data, err := json.Marshal(documents)
	return string(data), err
}

func encode3(text string, compact bool) (string, error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return "", err
	}
	var buffer bytes.Buffer
	encoder := yaml3.NewEncoder(&buffer)
	encoder.SetIndent(2)
	if compact {
		encoder.CompactSeqIndent()
	}
	if err := encoder.Encode(numbers(value)); err != nil {
		return "", err
	}
	return buffer.String(), nil
}

// numbers makes int64 of integers and float64 of all other numbers.
func numbers(value any) any {
	switch typed := value.(type) {
	case json.Number:
		if integer, err := typed.Int64(); err == nil {
			return integer
		}
		float, _ := typed.Float64()
		return float
	case []any:
		for i := range typed {
			typed[i] = numbers(typed[i])
		}
	case map[string]any:
		for k := range typed {
			typed[k] = numbers(typed[k])
		}
	}
	return value
}
