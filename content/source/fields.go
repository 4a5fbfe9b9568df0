package source

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// Parse reads YAML. It returns nil, and notes why, when it cannot be read.
func Parse(text Text, notes *Notes) *Value {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text.String()), &doc); err != nil {
		line, cause := yamlCause(err)
		notes.Error(Place{text.First + min(line, max(1, len(text.Lines)+text.First-1)) - 1, 1}, "The YAML cannot be read: "+cause+".",
			"Look for a missing quote, a tab, or an indent that does not line up. Text with a colon or a quote in it goes between quotes.")
		return nil
	}
	if len(doc.Content) == 0 {
		return &Value{notes: notes, first: text.First, node: &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Line: 1, Column: 1}}
	}
	return &Value{notes: notes, first: text.First, node: doc.Content[0]}
}

var yamlLine = regexp.MustCompile(`line (\d+): `)

func yamlCause(err error) (line int, cause string) {
	cause = strings.TrimPrefix(err.Error(), "yaml: ")
	line = 1
	if m := yamlLine.FindStringSubmatchIndex(cause); m != nil {
		line, _ = strconv.Atoi(cause[m[2]:m[3]])
		cause = cause[:m[0]] + cause[m[1]:]
	}
	return line, strings.TrimSpace(cause)
}

// A Value is one YAML value with its place. Asking it for something that it is
// not notes a problem and returns the zero value.
type Value struct {
	node  *yaml.Node
	notes *Notes
	first int
	name  string
}

// Place returns where the value is.
func (v *Value) Place() Place { return Place{v.first + v.node.Line - 1, v.node.Column} }

// Error notes an error at the value.
func (v *Value) Error(cause, remedy string) { v.notes.Error(v.Place(), cause, remedy) }

// Warn notes a warning at the value.
func (v *Value) Warn(cause, remedy string) { v.notes.Warn(v.Place(), cause, remedy) }

func (v *Value) child(n *yaml.Node, name string) *Value {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return &Value{node: n, notes: v.notes, first: v.first, name: name}
}

// IsMap reports whether the value has keys.
func (v *Value) IsMap() bool { return v.node.Kind == yaml.MappingNode }

// IsList reports whether the value has items.
func (v *Value) IsList() bool { return v.node.Kind == yaml.SequenceNode }

// IsText reports whether the value is a single one: a text, a number or a flag.
func (v *Value) IsText() bool { return v.node.Kind == yaml.ScalarNode && v.node.Tag != "!!null" }

// IsNone reports whether nothing is written.
func (v *Value) IsNone() bool { return v.node.Kind == yaml.ScalarNode && v.node.Tag == "!!null" }

// Text returns a single value as written.
func (v *Value) Text() string {
	if !v.IsText() {
		v.Error(fmt.Sprintf("%s should be a text.", v.label()), "Write one line of text, or a folded block that begins with >-.")
		return ""
	}
	return strings.TrimSpace(v.node.Value)
}

// Number returns a number.
func (v *Value) Number() float64 {
	n, _ := v.Numeric()
	return n
}

// Numeric returns a number; ok is false when it is none.
func (v *Value) Numeric() (n float64, ok bool) {
	n, err := strconv.ParseFloat(v.node.Value, 64)
	if v.node.Kind != yaml.ScalarNode || v.node.Tag == "!!str" || err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
		v.Error(fmt.Sprintf("%s should be a number.", v.label()), "Write digits only, without a unit and without quotes.")
		return 0, false
	}
	return n, true
}

// Whole returns a whole number; ok is false when it is not one.
func (v *Value) Whole() (n int, ok bool) {
	n, err := strconv.Atoi(v.node.Value)
	if v.node.Kind != yaml.ScalarNode || v.node.Tag == "!!str" || err != nil || n < math.MinInt32 || n > math.MaxInt32 {
		v.Error(fmt.Sprintf("%s should be a whole number.", v.label()), "Write digits only, without a unit and without quotes.")
		return 0, false
	}
	return n, true
}

// Flag returns true or false.
func (v *Value) Flag() bool {
	if v.node.Kind != yaml.ScalarNode || (v.node.Value != "true" && v.node.Value != "false") {
		v.Error(fmt.Sprintf("%s should be true or false.", v.label()), "Write true or false, without quotes.")
		return false
	}
	return v.node.Value == "true"
}

// List returns the items of a list.
func (v *Value) List() []*Value {
	if v.IsNone() {
		return nil
	}
	if !v.IsList() {
		v.Error(fmt.Sprintf("%s should be a list.", v.label()), "Write [one, two], or one item to a line, each beginning with a dash.")
		return nil
	}
	var items []*Value
	of := v.name
	if of == "" {
		of = "item"
	}
	for i, n := range v.node.Content {
		items = append(items, v.child(n, fmt.Sprintf("%s %d", of, i+1)))
	}
	return items
}

// Texts returns the items of a list of texts.
func (v *Value) Texts() []string {
	var out []string
	for _, item := range v.List() {
		out = append(out, item.Text())
	}
	return out
}

func (v *Value) label() string {
	if v.name == "" {
		return "This"
	}
	return "“" + v.name + "”"
}

// An Entry is one key of a map with its value.
type Entry struct {
	Key   string
	At    Place
	Value *Value
}

// Entries returns the keys of a map in the order written. A key that is there
// twice is noted.
func (v *Value) Entries() []Entry {
	if v.IsNone() {
		return nil
	}
	if !v.IsMap() {
		v.Error(fmt.Sprintf("%s should be a map.", v.label()), "Write one “key: value” to a line, all indented alike.")
		return nil
	}
	var out []Entry
	for i := 0; i+1 < len(v.node.Content); i += 2 {
		k := v.node.Content[i]
		e := Entry{k.Value, Place{v.first + k.Line - 1, k.Column}, v.child(v.node.Content[i+1], k.Value)}
		if slices.ContainsFunc(out, func(o Entry) bool { return o.Key == e.Key }) {
			v.notes.Error(e.At, fmt.Sprintf("The key “%s” is there twice.", e.Key), "Keep one of them.")
			continue
		}
		out = append(out, e)
	}
	return out
}

// Fields is a map whose keys are known. Close it when every key was asked for.
type Fields struct {
	*Value
	entries []Entry
	asked   []string
}

// Fields returns the value as a map with known keys.
func (v *Value) Fields() *Fields { return &Fields{Value: v, entries: v.Entries()} }

// Get returns the value of a key, or nil if it is missing or empty.
func (f *Fields) Get(key string) *Value {
	f.asked = append(f.asked, key)
	for _, e := range f.entries {
		if e.Key == key && !e.Value.IsNone() {
			return e.Value
		}
	}
	return nil
}

// Need returns the value of a key and notes it when it is missing.
func (f *Fields) Need(key, remedy string) *Value {
	v := f.Get(key)
	if v == nil || v.IsText() && strings.TrimSpace(v.node.Value) == "" || v.IsList() && len(v.node.Content) == 0 {
		f.Error(fmt.Sprintf("“%s” is missing.", key), remedy)
		return nil
	}
	return v
}

// Text returns the text of a key, or "".
func (f *Fields) Text(key string) string {
	if v := f.Get(key); v != nil {
		return v.Text()
	}
	return ""
}

// NeedText returns the text of a key and notes it when it is missing.
func (f *Fields) NeedText(key, remedy string) string {
	if v := f.Need(key, remedy); v != nil {
		return v.Text()
	}
	return ""
}

// Texts returns the list of texts of a key, or nil.
func (f *Fields) Texts(key string) []string {
	if v := f.Get(key); v != nil {
		return v.Texts()
	}
	return nil
}

// Number returns the number of a key, or otherwise.
func (f *Fields) Number(key string, otherwise float64) float64 {
	if v := f.Get(key); v != nil {
		return v.Number()
	}
	return otherwise
}

// Count returns the whole number of a key from 0 up, or otherwise.
func (f *Fields) Count(key string, otherwise int) int {
	v := f.Get(key)
	if v == nil {
		return otherwise
	}
	n, ok := v.Whole()
	if !ok {
		return otherwise
	}
	if n < 0 {
		v.Error(fmt.Sprintf("“%s” is below 0.", key), "Write 0 or more.")
		return otherwise
	}
	return n
}

// Flag returns true or false of a key, or otherwise.
func (f *Fields) Flag(key string, otherwise bool) bool {
	if v := f.Get(key); v != nil {
		return v.Flag()
	}
	return otherwise
}

// OneOf returns the text of a key that must be one of allowed, or otherwise.
func (f *Fields) OneOf(key, otherwise string, allowed ...string) string {
	v := f.Get(key)
	if v == nil {
		return otherwise
	}
	text := v.Text()
	if !slices.Contains(allowed, text) {
		v.Error(fmt.Sprintf("“%s” is no %s that is known here.", text, key), "Write one of: "+strings.Join(allowed, ", ")+".")
		return otherwise
	}
	return text
}

// Unknown returns the keys that nobody asked for.
func (f *Fields) Unknown() []Entry {
	var out []Entry
	for _, e := range f.entries {
		if !slices.Contains(f.asked, e.Key) {
			out = append(out, e)
		}
	}
	return out
}

// Close notes, as a warning, each key that nobody asked for.
func (f *Fields) Close() {
	for _, e := range f.Unknown() {
		f.notes.Warn(e.At, fmt.Sprintf("The key “%s” means nothing here.", e.Key), "Correct its spelling, or take it out. Keys here are: "+strings.Join(f.asked, ", ")+".")
	}
}

// Width returns the number of characters in s: columns count characters.
func Width(s string) int { return utf8.RuneCountInString(s) }
