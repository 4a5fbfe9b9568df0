package content

import (
	"fmt"
	"regexp"
	"strings"

	"pitchside/content/beats"
	"pitchside/content/source"
)

// A Scenario is a role-play. Buyer and Beats are for whoever plays the buyer:
// they never reach the rep before the attempt has ended.
type Scenario struct {
	Title      string
	Method     string // consultative, solution, challenger, spin or general
	Persona    string
	Industry   string
	Rubric     string // slug
	Skills     []string
	Difficulty string // introductory, intermediate or advanced
	Minutes    int
	Goal       string
	Success    string
	Pass       float64 // 0 to 100
	Graders    int     // coaches who score each attempt, 1 to 3
	Brief      html
	Buyer      html
	Facts      []Trigger     // of the buyer: hidden, told when they are earned
	Objections []Trigger     // that the buyer must raise
	Beats      *beats.Script // nil: no text buyer
}

// DefaultPass is the pass mark of a scenario that names none: level 3.
const DefaultPass = 50

func (r *reading) scenario(f *source.Fields, body source.Text) {
	s := &Scenario{
		Title:      f.NeedText("title", "Give the scenario a title."),
		Method:     f.OneOf("method", "general", "consultative", "solution", "challenger", "spin", "general"),
		Persona:    f.Text("persona"),
		Industry:   f.Text("industry"),
		Skills:     r.skillRefs(f.Get("skills")),
		Difficulty: f.OneOf("difficulty", "intermediate", "introductory", "intermediate", "advanced"),
		Minutes:    f.Count("minutes", 10),
		Graders:    f.Count("graders", 1),
		Goal:       f.Text("goal"),
		Success:    f.Text("success"),
		Pass:       f.Number("pass", DefaultPass),
	}
	if v := f.Need("rubric", "Name the rubric that it is scored with: rubric: spi"); v != nil {
		s.Rubric = v.Text()
		r.refer(KindRubric, s.Rubric, v.Place(), source.Error, fmt.Sprintf("There is no rubric “%s”.", s.Rubric), "Correct the slug, or add rubrics/"+s.Rubric+".yaml.")
	}
	if s.Pass < 0 || s.Pass > 100 {
		f.Get("pass").Error("The pass mark is outside 0 to 100.", "Write pass: 50 for level 3.")
	}
	if s.Graders < 1 || s.Graders > 3 {
		f.Get("graders").Error("The number of graders is outside 1 to 3.", "Write graders: 2 for two independent sheets, or leave the line out.")
	}
	met := map[string]bool{}
	for _, part := range sections(body) {
		if met[part.title] && part.title != "" {
			r.notes.Error(source.Place{Line: part.text.First - 1}, fmt.Sprintf("There are two sections “%s”.", part.title), "Make one of them.")
		}
		met[part.title] = true
		switch part.title {
		case "Brief":
			s.Brief = r.prose(part.text).html()
		case "Buyer":
			s.Buyer = r.prose(part.text).html()
			s.Facts, s.Objections = triggers(part.text)
		case "Beats":
			s.Beats = r.beats(part.text)
		case "":
			if strings.TrimSpace(part.text.String()) != "" {
				r.notes.Warn(source.Place{Line: part.text.First}, "Text before the first section is shown to nobody.", "Move it under ## Brief or ## Buyer.")
			}
		default:
			r.notes.Warn(source.Place{Line: part.text.First - 1}, fmt.Sprintf("The section “%s” is shown to nobody.", part.title), "A scenario has the sections Brief, Buyer and Beats.")
		}
	}
	if s.Brief == "" {
		r.notes.Error(source.Place{Line: body.First}, "The scenario has no section for the rep.", "Add ## Brief with what the rep knows before the call.")
	}
	if s.Buyer == "" {
		r.notes.Error(source.Place{Line: body.First}, "The scenario has no section for the buyer.", "Add ## Buyer with what is hidden, what must be raised, and what unlocks it.")
	}
	r.doc.Scenario, r.doc.Title = s, s.Title
}

type section struct {
	title string
	text  source.Text // without the heading
}

var (
	sectionHeading = regexp.MustCompile(`^## +(.*?)\s*#*\s*$`)
	fence          = regexp.MustCompile("^ {0,3}(```+|~~~+)(.*)$")
)

// sections splits a body at its headings of level 2, outside of code.
func sections(body source.Text) []section {
	out := []section{{"", body.Part(0, 0)}}
	start, code := 0, ""
	for i, line := range body.Lines {
		code = inFence(code, line)
		if m := sectionHeading.FindStringSubmatch(line); m != nil && code == "" {
			out[len(out)-1].text = body.Part(start, i)
			out = append(out, section{title: m[1]})
			start = i + 1
		}
	}
	out[len(out)-1].text = body.Part(start, len(body.Lines))
	return out
}

// inFence returns the fence that is open after line, given the one open before it.
func inFence(open, line string) string {
	m := fence.FindStringSubmatch(line)
	switch {
	case m == nil:
		return open
	case open == "":
		return m[1]
	case strings.HasPrefix(m[1], open) && strings.TrimSpace(m[2]) == "":
		return ""
	}
	return open
}

// beats reads the fenced block of the section. Lint plays it out.
func (r *reading) beats(text source.Text) *beats.Script {
	from, open := -1, ""
	for i, line := range text.Lines {
		was := open
		open = inFence(open, line)
		if was == "" && open != "" {
			if m := fence.FindStringSubmatch(line); strings.TrimSpace(m[2]) == "yaml" || strings.TrimSpace(m[2]) == "json" {
				from = i + 1
			}
		}
		if was != "" && open == "" && from >= 0 {
			return beats.Read(text.Part(from, i), r.notes)
		}
	}
	r.notes.Error(source.Place{Line: text.First - 1}, "The section Beats holds no block of YAML that is closed.", "Put the beats between ```yaml and ```.")
	return nil
}
