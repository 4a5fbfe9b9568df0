package web

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"pitchside/assessments"
	"pitchside/internal/fault"

	"github.com/gin-gonic/gin"
)

// A sheetField is one field of a worksheet attempt as a page shows it. Text is
// what was typed, where a form is shown again.
type sheetField struct {
	assessments.Filled
	Text   string
	Lines  []turnLine
	Theirs string // what was saved in another window meanwhile
	Clash  bool
}

// A revision is what changed since the attempt that this one began from.
type revision struct {
	First   assessments.Attempt
	Changed []assessments.FieldChange
	Fields  int
	Open    bool
}

// Words says how much changed.
func (r revision) Words() string {
	if len(r.Changed) == 0 {
		return "nothing yet"
	}
	return fmt.Sprintf("%d of %s", len(r.Changed), plural(r.Fields, "field", "fields"))
}

// sheetFields returns what a worksheet attempt says, with the comments of these
// sheets beside its lines.
func (s *Site) sheetFields(c *gin.Context, a assessments.Attempt) ([]sheetField, error) {
	filled, err := s.Assessments.Fields(ctx(c), actor(c), a.ID)
	if err != nil {
		return nil, err
	}
	out := make([]sheetField, len(filled))
	for i, f := range filled {
		out[i] = sheetField{Filled: f, Text: f.Text}
		for _, line := range f.Lines {
			out[i].Lines = append(out[i].Lines, turnLine{Turn: line, Who: f.Title})
		}
	}
	return out, nil
}

func (s *Site) revisionOf(c *gin.Context, a assessments.Attempt, open bool) (*revision, error) {
	first, all, err := s.Assessments.Revised(ctx(c), actor(c), a)
	if err != nil || first == nil {
		return nil, err
	}
	r := &revision{First: *first, Fields: len(all), Open: open}
	for _, one := range all {
		if !one.Equal() {
			r.Changed = append(r.Changed, one)
		}
	}
	return r, nil
}

// sheet adds what a worksheet attempt says, and what changed in it.
func (s *Site) sheet(c *gin.Context, p *attemptPage) (err error) {
	if p.A.Form != assessments.FormWorksheet || !p.A.SeesWords {
		return nil
	}
	if p.Fields, err = s.sheetFields(c, p.A); err != nil {
		return err
	}
	p.Revision, err = s.revisionOf(c, p.A, false)
	return err
}

// Home is the page of what the attempt is at.
func (p attemptPage) Home() string {
	if p.Sc.Worksheet != nil {
		return "/practice/worksheets/" + p.Sc.Slug
	}
	return "/practice/" + p.Sc.Slug
}

// Words names what was said or written, in the middle of a sentence.
func (p attemptPage) Words() string {
	if p.Sc.Worksheet != nil {
		return "text"
	}
	return "conversation"
}

// FieldOf returns the field of this id.
func (p attemptPage) FieldOf(id string) *sheetField {
	for i := range p.Fields {
		if p.Fields[i].ID == id {
			return &p.Fields[i]
		}
	}
	return nil
}

// FilledIn counts the fields that say something.
func (p attemptPage) FilledIn() int {
	n := 0
	for _, f := range p.Fields {
		if f.Text != "" {
			n++
		}
	}
	return n
}

// readFields reads the fields that the form sends, and the version of each that
// was edited.
func readFields(c *gin.Context) assessments.FieldsInput {
	in := assessments.FieldsInput{Texts: map[string]string{}, Seen: map[string]int{}}
	_ = c.Request.ParseForm()
	for name := range c.Request.PostForm {
		if !strings.HasPrefix(name, "f-") {
			continue
		}
		in.Texts[name] = c.PostForm(name)
		if seen, err := strconv.Atoi(c.PostForm("seen_" + name)); err == nil {
			in.Seen[name] = seen
		}
	}
	return in
}

// saveFields keeps what is typed into a worksheet; with do=submit it is handed
// in too. A page that asks for JSON gets the new version of each field.
func (s *Site) saveFields(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	in := readFields(c)
	_, err = s.Assessments.SaveFields(ctx(c), actor(c), id, in)
	if c.GetHeader("Accept") == "application/json" {
		return s.answerFields(c, id, in, err)
	}
	if err == nil && c.PostForm("do") == "submit" {
		if err = s.Assessments.Submit(ctx(c), actor(c), id); err == nil {
			return s.seeOther(c, fmt.Sprintf("/attempts/%d", id), "Submitted. Your coach can read it now.")
		}
		if fault.KindOf(err) == fault.Conflict {
			err = fault.Invalidf("%s", err.Error())
		}
	}
	var stale *fault.Error
	if errors.As(err, &stale) && stale.Kind == fault.Stale {
		p, err := s.attemptPage(c)
		if err != nil {
			return err
		}
		p.retype(in, stale)
		return s.show(c, http.StatusConflict, "attempt/attempt", p)
	}
	if ps, ok := problems(err); ok {
		return s.showAttemptAgain(c, func(p *attemptPage) {
			p.Problems = ps
			p.retype(in, nil)
		})
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, fmt.Sprintf("/attempts/%d", id), "Saved. Only you see it until you submit.")
}

// retype puts what was typed back into the fields, beside what was saved
// meanwhile where the two differ.
func (p *attemptPage) retype(in assessments.FieldsInput, stale *fault.Error) {
	for i := range p.Fields {
		f := &p.Fields[i]
		typed, sent := in.Texts[f.ID]
		if !sent {
			continue
		}
		if stale != nil && stale.Fields[f.ID] != "" {
			f.Theirs, f.Clash, p.Clash = f.Text, true, true
		}
		f.Text = typed
	}
}

// answerFields answers the page's own script after an autosave.
func (s *Site) answerFields(c *gin.Context, id int64, in assessments.FieldsInput, err error) error {
	var f *fault.Error
	if errors.As(err, &f) {
		c.JSON(status[f.Kind], gin.H{"message": f.Message, "theirs": f.Theirs, "fields": f.Fields})
		return nil
	}
	if err != nil {
		return err
	}
	all, err := s.Assessments.Fields(ctx(c), actor(c), id)
	if err != nil {
		return err
	}
	seen, filled := map[string]int{}, 0
	for _, one := range all {
		if _, sent := in.Texts[one.ID]; sent {
			seen[one.ID] = one.Version
		}
		if one.Text != "" {
			filled++
		}
	}
	c.JSON(http.StatusOK, gin.H{"seen": seen, "saved": s.base(c, "").in(s.Now()).Format("15:04"), "filled": fmt.Sprintf("%d of %d filled in", filled, len(all))})
	return nil
}
