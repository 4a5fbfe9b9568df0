package web

import (
	"bytes"
	"html/template"
	"sync"
)

// Parts that many people see alike, such as an open check, are made once and
// kept. A part is named by everything that it is made from, so an entry never
// grows stale; when there are too many, all are let go.
type parts struct {
	mu   sync.RWMutex
	kept map[string]template.HTML
}

// mostParts bounds the memory: a part is some kilobytes.
const mostParts = 4096

// part returns the template's output for data, which key names in full.
func (s *Site) part(page, name, key string, data func() any) (template.HTML, error) {
	key = name + "\x00" + key
	s.parts.mu.RLock()
	html, ok := s.parts.kept[key]
	s.parts.mu.RUnlock()
	if ok {
		return html, nil
	}
	var b bytes.Buffer
	if err := s.pages[page].ExecuteTemplate(&b, name, data()); err != nil {
		return "", err
	}
	html = template.HTML(b.String()) // made by html/template, so it is escaped
	s.parts.mu.Lock()
	if s.parts.kept == nil || len(s.parts.kept) >= mostParts {
		s.parts.kept = map[string]template.HTML{}
	}
	s.parts.kept[key] = html
	s.parts.mu.Unlock()
	return html, nil
}
