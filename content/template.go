package content

import (
	"fmt"

	"pitchside/content/source"
)

// A Template is the prompts of a kind of coaching session.
type Template struct {
	Title   string
	Summary string
	For     string // 1:1, call review, deal review, ride-along or another use
	Prompts []Prompt
}

// A Prompt is one thing to talk about, with guidance for the coach.
type Prompt struct{ Text, Guidance string }

func (r *reading) template(f *source.Fields) {
	t := &Template{Title: f.NeedText("title", "Give the template a title."), Summary: f.Text("summary"), For: f.Text("for")}
	if v := f.Need("prompts", "List the prompts: prompts: with text and guidance each."); v != nil {
		for _, item := range v.List() {
			if item.IsText() {
				t.Prompts = append(t.Prompts, Prompt{Text: item.Text()})
				continue
			}
			p := item.Fields()
			t.Prompts = append(t.Prompts, Prompt{p.NeedText("text", "Write the prompt as a question."), p.Text("guidance")})
			p.Close()
		}
	}
	f.Close()
	r.doc.Template, r.doc.Title = t, t.Title
}

// A Metric is the definition of a number of the performance pages.
type Metric struct {
	Name       string // such as win_rate
	Title      string
	Definition string
	Unit       string
	Source     string // which imports it is made of
	Caveat     string // what it does not say
}

func (r *reading) metrics(v *source.Value) {
	seen := map[string]bool{}
	for _, item := range v.List() {
		f := item.Fields()
		m := Metric{
			Name:       f.NeedText("name", "Give the metric a name that never changes: name: win_rate"),
			Title:      f.Text("title"),
			Definition: f.NeedText("definition", "Say what is counted, over what, in which period."),
			Unit:       f.NeedText("unit", "Say in what it is counted: deals, %, days, currency."),
			Source:     f.Text("source"),
			Caveat:     f.Text("caveat"),
		}
		if m.Title == "" {
			m.Title = titled(m.Name)
		}
		if seen[m.Name] && m.Name != "" {
			item.Error(fmt.Sprintf("Two metrics have the name “%s”.", m.Name), "Keep one of them.")
		}
		seen[m.Name] = true
		f.Close()
		r.doc.Metrics = append(r.doc.Metrics, m)
	}
	r.doc.Title = "Metrics dictionary"
}

// Metric returns the definition of this name; ok is false when there is none.
func (d *Document) Metric(name string) (m Metric, ok bool) {
	for _, m := range d.Metrics {
		if m.Name == name {
			return m, true
		}
	}
	return Metric{}, false
}
