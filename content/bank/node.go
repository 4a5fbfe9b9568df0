package bank

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Bounds of an XML bank: what is deeper or larger is refused, not read in part.
const (
	deepest   = 64
	mostNodes = 200_000
)

// A node is an element of an XML bank with the place where it begins. Names
// are in lower case, without prefixes, hyphens and the "qti-" of QTI 3, so that
// both editions of that format read alike.
type node struct {
	name         string
	attrs        map[string]string
	children     []*node // elements and, with an empty name, texts
	text         string
	line, column int
}

func plainName(s string) string {
	return strings.ReplaceAll(strings.TrimPrefix(strings.ToLower(s), "qti-"), "-", "")
}

// parseXML reads an XML text. An error names the place it is at.
func parseXML(text string) (*node, *placed) {
	d := xml.NewDecoder(strings.NewReader(text))
	d.Entity = xml.HTMLEntity
	// The text is UTF-8 by now, whatever its first line says.
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	root := &node{}
	open := []*node{root}
	for count := 0; ; count++ {
		line, column := d.InputPos()
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			line, column = d.InputPos()
			var syntax *xml.SyntaxError
			if errors.As(err, &syntax) {
				line, column = syntax.Line, 1
			}
			return nil, &placed{line, column, "The XML cannot be read from here on: " + said(err) + "."}
		}
		top := open[len(open)-1]
		switch t := token.(type) {
		case xml.StartElement:
			n := &node{name: plainName(t.Name.Local), attrs: map[string]string{}, line: line, column: column}
			for _, a := range t.Attr {
				n.attrs[plainName(a.Name.Local)] = strings.TrimSpace(a.Value)
			}
			top.children = append(top.children, n)
			if open = append(open, n); len(open) > deepest {
				return nil, &placed{line, column, fmt.Sprintf("The elements are more than %d deep.", deepest)}
			}
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if strings.TrimSpace(string(t)) != "" {
				top.children = append(top.children, &node{text: string(t), line: line, column: column})
			}
		}
		if count > mostNodes {
			return nil, &placed{line, column, fmt.Sprintf("The file has more than %d elements.", mostNodes)}
		}
	}
	for _, top := range root.children {
		if top.name == "" {
			return nil, &placed{top.line, top.column, "The file is not XML: there is text outside of any element."}
		}
	}
	return root, nil
}

// A placed is a failure with its place.
type placed struct {
	line, column int
	cause        string
}

// said is what the XML reader found wrong, without its line.
func said(err error) string {
	text := err.Error()
	if _, after, ok := strings.Cut(text, ": "); ok && strings.HasPrefix(text, "XML syntax error") {
		text = after
	}
	return text
}

// child returns the first child of this name, or an empty node at the same place.
func (n *node) child(name string) *node {
	for _, c := range n.children {
		if c.name == name {
			return c
		}
	}
	return &node{line: n.line, column: n.column, attrs: map[string]string{}}
}

// all returns the children of this name.
func (n *node) all(name string) []*node {
	var out []*node
	for _, c := range n.children {
		if c.name == name {
			out = append(out, c)
		}
	}
	return out
}

// find returns the elements below that a test holds for, without looking into
// those it found.
func (n *node) find(test func(*node) bool) []*node {
	var out []*node
	for _, c := range n.children {
		if c.name != "" && test(c) {
			out = append(out, c)
		} else {
			out = append(out, c.find(test)...)
		}
	}
	return out
}

// named returns the elements below of this name.
func (n *node) named(name string) []*node {
	return n.find(func(c *node) bool { return c.name == name })
}

// own is the text straight in a node and below it.
func (n *node) own() string {
	if n.name == "" && n.text != "" {
		return n.text
	}
	var b strings.Builder
	for _, c := range n.children {
		b.WriteString(c.own())
	}
	return strings.TrimSpace(b.String())
}
