// Answers our cases with the real text/template and fmt. Reads the cases from stdin, writes the answers to stdout.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"text/template"
	"time"
	"unicode/utf8"
)

type group struct {
	Data      any         `json:"data"`
	Missing   string      `json:"missingkey"`
	Delims    []string    `json:"delims"`
	Files     [][2]string `json:"files"`
	Templates []string    `json:"templates"`
	Formats   [][]any     `json:"formats"`
	Name      string      `json:"name"`
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

// bounded stops templates that write without end.
type bounded struct{ bytes.Buffer }

func (b *bounded) Write(p []byte) (int, error) {
	if b.Len() > 1<<20 {
		return 0, fmt.Errorf("output is longer than the oracle allows")
	}
	return b.Buffer.Write(p)
}

func render(g group, text string) (out string, err error) {
	root := template.New("set").Funcs(functions)
	root.Funcs(template.FuncMap{
		"include": func(name string, data any) (string, error) {
			var b bounded
			err := root.ExecuteTemplate(&b, name, data)
			return b.String(), err
		},
	})
	if g.Missing != "" {
		root.Option("missingkey=" + g.Missing)
	}
	if len(g.Delims) == 2 {
		root.Delims(g.Delims[0], g.Delims[1])
	}
	for _, f := range g.Files {
		if _, err := root.New(f[0]).Parse(f[1]); err != nil {
			return "", err
		}
	}
	name := g.Name
	if name == "" {
		name = "t"
	}
	t, err := root.New(name).Parse(text)
	if err != nil {
		return "", err
	}
	var b bounded
	err = t.Execute(&b, decode(g.Data))
	return b.String(), err
}

func format(f []any) string {
	args := make([]any, len(f)-1)
	for i, a := range f[1:] {
		args[i] = decode(a)
	}
	switch name := f[0].(string); {
	case name == "Sprint":
		return fmt.Sprint(args...)
	case name == "Sprintln":
		return fmt.Sprintln(args...)
	default:
		return fmt.Sprintf(strings.TrimPrefix(name, "f:"), args...)
	}
}

// bench renders one template in a loop: `oracle bench SECONDS`, the group on stdin.
func bench(g group, seconds float64) {
	root := template.New("set").Funcs(functions)
	t := template.Must(root.New("t").Parse(g.Templates[0]))
	data := decode(g.Data)
	var b bytes.Buffer
	count := 0
	start := time.Now()
	for time.Since(start).Seconds() < seconds {
		b.Reset()
		if err := t.Execute(&b, data); err != nil {
			panic(err)
		}
		count++
	}
	fmt.Printf("{\"perSecond\": %.1f, \"length\": %d}\n", float64(count)/time.Since(start).Seconds(), b.Len())
}

func main() {
	var groups []group
	decoder := json.NewDecoder(os.Stdin)
	decoder.UseNumber()
	if err := decoder.Decode(&groups); err != nil {
		panic(err)
	}
	if len(os.Args) > 1 && os.Args[1] == "bench" {
		bench(groups[0], 2)
		return
	}
	answers := make([][]any, len(groups))
	for i, g := range groups {
		answers[i] = []any{}
		for _, t := range g.Templates {
			answers[i] = append(answers[i], answer(render(g, t)))
		}
		for _, f := range g.Formats {
			answers[i] = append(answers[i], answer(format(f), nil))
		}
	}
	out, err := json.Marshal(answers)
	if err != nil {
		panic(err)
	}
	os.Stdout.Write(out)
}
