package web

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"pitchside/content"
	"pitchside/content/beats"
	"pitchside/internal/fault"

	"github.com/gin-gonic/gin"
)

// A sight is a document as the Studio previews it, with what is wrong with it.
type sight struct {
	Base
	Doc      *content.Document
	Findings []content.Problem
	Blocks   []previewBlock // of a lesson or a quiz
	Beats    *beats.Figures
	Skills   map[string]string // names by slug
	Errors   int
}

type editPage struct {
	sight
	Source    string
	On        content.Tag
	Beside    bool
	Published int
	Snippets  []content.Snippet
	Problems  Problems
}

// Called names a kind of document.
func (editPage) Called(k content.Kind) string { return kindWords[k] }

// Path is where the editor's forms go.
func (p editPage) Path() string { return documentHref(p.Doc.Kind, p.Doc.Slug) }

// Standing says what saving makes.
func (p editPage) Standing() string {
	switch {
	case p.On == content.Tag{}:
		return "New"
	case p.Doc.State == content.Draft && p.Published > 0:
		return fmt.Sprintf("Draft of version %d, %d is published", p.On.Number, p.Published)
	case p.Doc.State == content.Draft:
		return fmt.Sprintf("Draft of version %d", p.On.Number)
	}
	return fmt.Sprintf("Version %d, %s", p.On.Number, p.Doc.State)
}

// tagged writes a state for a form, and read back by tagOf.
func tagged(t content.Tag) string { return fmt.Sprintf("%d.%d", t.Number, t.Revision) }

func tagOf(text string) content.Tag {
	var t content.Tag
	if _, err := fmt.Sscanf(text, "%d.%d", &t.Number, &t.Revision); err != nil {
		return content.Tag{}
	}
	return t
}

// OnText is the state that the text rests on.
func (p editPage) OnText() string { return tagged(p.On) }

// sight puts together how a document looks.
func (s *Site) sight(c *gin.Context, title string, doc *content.Document, findings []content.Problem) (sight, error) {
	v := sight{Base: s.base(c, title), Doc: doc, Findings: findings, Skills: map[string]string{}, Blocks: preview(doc)}
	v.Wide = "wide"
	framework, err := s.Content.Published(ctx(c), content.KindSkills, "skills")
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return v, err
	}
	if err == nil {
		for _, k := range framework.Skills.All() {
			v.Skills[k.Slug] = k.Name
		}
	}
	for _, f := range findings {
		if f.Severity == "error" {
			v.Errors++
		}
	}
	if doc.Scenario != nil && doc.Scenario.Beats != nil {
		size := doc.Scenario.Beats.Size()
		v.Beats = &size
	}
	return v, nil
}

// edited returns the newest version of the document in the address.
func (s *Site) edited(c *gin.Context) (*content.Document, []content.Problem, error) {
	doc, findings, err := s.Content.Source(ctx(c), actor(c), content.Kind(c.Param("kind")), c.Param("slug"), 0)
	if err == nil && doc.Kind == content.KindMedia {
		err = nowhere(c)
	}
	return doc, findings, err
}

func (s *Site) showEditor(c *gin.Context) error {
	doc, findings, err := s.edited(c)
	if err != nil {
		return err
	}
	return s.editor(c, http.StatusOK, doc, findings, strings.Join(doc.Lines(), "\n")+"\n", doc.Tag(), nil)
}

// editor shows a text beside its preview. doc is the text, read.
func (s *Site) editor(c *gin.Context, code int, doc *content.Document, findings []content.Problem, source string, on content.Tag, problems Problems) error {
	v, err := s.sight(c, "Editing "+doc.Title, doc, findings)
	if err != nil {
		return err
	}
	p := editPage{sight: v, Source: source, On: on, Beside: c.PostForm("beside") == "yes", Snippets: content.Snippets(doc.Kind), Problems: problems}
	versions, err := s.Content.Versions(ctx(c), actor(c), doc.Kind, doc.Slug)
	if err != nil {
		return err
	}
	for _, x := range versions {
		if x.Current {
			p.Published = x.Number
		}
	}
	return s.show(c, code, "studio/edit", p)
}

// previewDocument shows what was typed. A script gets the parts of the page
// that change; without one the whole editor comes back, with the typed text.
func (s *Site) previewDocument(c *gin.Context) error {
	was, _, err := s.edited(c)
	if err != nil {
		return err
	}
	typed := c.PostForm("source")
	doc, findings, err := s.Content.Preview(ctx(c), actor(c), was.Identity, content.Typed(was.Source, typed))
	if p, ok := problems(err); ok {
		return s.editor(c, http.StatusUnprocessableEntity, was, nil, typed, tagOf(c.PostForm("on")), p)
	}
	if err != nil {
		return err
	}
	if c.GetHeader("X-Part") == "" {
		doc.State = was.State
		return s.editor(c, http.StatusOK, doc, findings, typed, tagOf(c.PostForm("on")), nil)
	}
	v, err := s.sight(c, doc.Title, doc, findings)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := s.pages["studio/edit"].ExecuteTemplate(&b, "studio-sight", v); err != nil {
		return err
	}
	c.Data(http.StatusOK, "text/html; charset=utf-8", b.Bytes())
	return nil
}

type conflictPage struct {
	Base
	Doc    *content.Document
	Mine   string
	Theirs content.Tag
	By     string // who saved the newer text, or empty
	Diff   content.Diff
}

// Called names a kind of document.
func (conflictPage) Called(k content.Kind) string { return kindWords[k] }

// OnText is the state that the next save rests on.
func (p conflictPage) OnText() string { return tagged(p.Theirs) }

func (s *Site) saveDocument(c *gin.Context) error {
	was, _, err := s.edited(c)
	if err != nil {
		return err
	}
	typed, on := c.PostForm("source"), tagOf(c.PostForm("on"))
	body := content.Typed(was.Source, typed)
	if string(body) == string(was.Source)+"\n" { // the box adds the line end that the file does without
		body = was.Source
	}
	doc, findings, err := s.Content.Save(ctx(c), actor(c), content.Writing{Identity: was.Identity, Body: body, On: on, Beside: c.PostForm("beside") == "yes"})
	var f *fault.Error
	switch {
	case errors.As(err, &f) && f.Kind == fault.Stale:
		return s.conflict(c, typed)
	case err == nil && c.GetHeader("X-Part") != "":
		c.String(http.StatusOK, tagged(doc.Tag()))
		return nil
	}
	if p, ok := problems(err); ok {
		return s.editor(c, http.StatusUnprocessableEntity, was, nil, typed, on, p)
	}
	if err != nil {
		return err
	}
	said := fmt.Sprintf("Saved as the draft of version %d.", doc.Number)
	if doc.State != content.Draft {
		said = "Nothing had changed, so nothing was saved."
	} else if content.Failed(findings) {
		said += " It has errors, which are listed below; they keep it from being published, not from being saved."
	}
	return s.seeOther(c, documentHref(doc.Kind, doc.Slug)+"/edit", said)
}

// conflict shows what was typed beside what somebody else saved meanwhile.
func (s *Site) conflict(c *gin.Context, typed string) error {
	now, _, err := s.edited(c)
	if err != nil {
		return err
	}
	p := conflictPage{Base: s.base(c, "Two people changed "+now.Title), Doc: now, Mine: typed, Theirs: now.Tag()}
	p.Wide = "wide"
	mine := content.Read(now.Identity, []byte(typed))
	p.Diff = content.Compare(now.Lines(), mine.Lines())
	versions, err := s.Content.Versions(ctx(c), actor(c), now.Kind, now.Slug)
	if err != nil {
		return err
	}
	if a := versions[0].Author; a != nil {
		p.By = *a
	}
	return s.show(c, http.StatusConflict, "studio/conflict", p)
}

type asLearnerPage struct {
	sight
	Number int
}

// Path is where the Studio shows the document.
func (p asLearnerPage) Path() string { return documentHref(p.Doc.Kind, p.Doc.Slug) }

// showAsLearner shows a version as learners would meet it: without keys, and
// without what only a buyer knows.
func (s *Site) showAsLearner(c *gin.Context) error {
	n, err := number(c.Query("version"), 0)
	if err != nil {
		return err
	}
	doc, findings, err := s.Content.Source(ctx(c), actor(c), content.Kind(c.Param("kind")), c.Param("slug"), n)
	if err != nil {
		return err
	}
	v, err := s.sight(c, doc.Title, doc, findings)
	if err != nil {
		return err
	}
	v.Wide = "mid"
	return s.show(c, http.StatusOK, "studio/learner", asLearnerPage{v, doc.Number})
}
