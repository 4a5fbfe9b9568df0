package web

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"pitchside/content"
	"pitchside/internal/fault"
	"pitchside/internal/pg"

	"github.com/gin-gonic/gin"
)

// documentHref is where the Studio shows a document.
func documentHref(kind content.Kind, slug string) string {
	return fmt.Sprintf("/studio/%s/%s", kind, slug)
}

// number reads the number of a version; without one it is the default.
func number(text string, otherwise int) (int, error) {
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0, fault.NotFoundf("There is no version “%s”.", text)
	}
	return n, nil
}

type changesPage struct {
	Base
	Doc      *content.Document
	Versions []content.Version
	From, To int
	Diff     content.Diff
	Notes    []content.Version // after From up to To that say what changed, oldest first
}

// Called names a kind of document.
func (changesPage) Called(k content.Kind) string { return kindWords[k] }

// showChanges shows what changed between any two versions of a document.
func (s *Site) showChanges(c *gin.Context) error {
	by, kind, slug := actor(c), content.Kind(c.Param("kind")), c.Param("slug")
	doc, _, err := s.Content.Source(ctx(c), by, kind, slug, 0)
	if err != nil {
		return err
	}
	p := changesPage{Base: s.base(c, "What changed in "+doc.Title), Doc: doc}
	p.Wide = "wide"
	if p.Versions, err = s.Content.Versions(ctx(c), by, kind, slug); err != nil {
		return err
	}
	if p.To, err = number(c.Query("to"), p.Versions[0].Number); err != nil {
		return err
	}
	if p.From, err = number(c.Query("from"), before(p.Versions, p.To)); err != nil {
		return err
	}
	for _, v := range slices.Backward(p.Versions) {
		if v.Number > p.From && v.Number <= p.To && v.PublishedAt != nil && v.Note != "" {
			p.Notes = append(p.Notes, v)
		}
	}
	p.Diff, err = s.Content.Changes(ctx(c), by, kind, slug, p.From, p.To)
	if err != nil {
		return err
	}
	return s.show(c, http.StatusOK, "studio/changes", p)
}

// before returns the number of the version that a version is compared with
// when nobody says: the published one before it, or else the one before it.
func before(versions []content.Version, number int) int {
	last := 0
	for _, v := range versions {
		switch {
		case v.Number >= number:
		case v.PublishedAt != nil:
			return v.Number
		case last == 0:
			last = v.Number
		}
	}
	return last
}

type publishPage struct {
	Base
	Doc       *content.Document
	Findings  []content.Problem
	Errors    int
	Published int // number of the version that learners meet, 0: none
	Begun     int // people who have begun an earlier version
	Diff      content.Diff
	Note      string
	Minor     string // yes, no or empty
	Problems  Problems
}

// Called names a kind of document.
func (publishPage) Called(k content.Kind) string { return kindWords[k] }

// BegunLine says whom the choice between minor and major is about.
func (p publishPage) BegunLine() string {
	switch p.Begun {
	case 0:
		return "Nobody has begun an earlier version."
	case 1:
		return "1 person has begun an earlier version."
	}
	return fmt.Sprintf("%d people have begun an earlier version.", p.Begun)
}

func (s *Site) showPublish(c *gin.Context) error {
	return s.publishPage(c, http.StatusOK, "", "", nil)
}

func (s *Site) publishPage(c *gin.Context, code int, note, minor string, problems Problems) error {
	by, kind, slug := actor(c), content.Kind(c.Param("kind")), c.Param("slug")
	doc, findings, err := s.Content.Source(ctx(c), by, kind, slug, 0)
	if err != nil {
		return err
	}
	if doc.State != content.Draft {
		return s.seeOther(c, documentHref(kind, slug), fmt.Sprintf("Version %d is published already. Edit the document to make a new draft.", doc.Number))
	}
	p := publishPage{Base: s.base(c, "Publish "+doc.Title), Doc: doc, Findings: findings, Note: note, Minor: minor, Problems: problems}
	p.Wide = "wide"
	for _, f := range findings {
		if f.Severity == "error" {
			p.Errors++
		}
	}
	versions, err := s.Content.Versions(ctx(c), by, kind, slug)
	if err != nil {
		return err
	}
	for _, v := range versions {
		if v.Current {
			p.Published = v.Number
		}
	}
	if p.Diff, err = s.Content.Changes(ctx(c), by, kind, slug, p.Published, doc.Number); err != nil {
		return err
	}
	if p.Begun, err = s.begun(c, doc); err != nil {
		return err
	}
	return s.show(c, code, "studio/publish", p)
}

// begun counts the people who are in the midst of a version of a document.
func (s *Site) begun(c *gin.Context, doc *content.Document) (int, error) {
	n, err := pg.Column[int](ctx(c), s.DB, `select count(distinct person_id) from (
			select person_id, version_id from lesson_progress union all select person_id, scenario_version from attempts) met
		where version_id in (select id from document_versions where document_id = $1)`, doc.DocumentID)
	if err != nil {
		return 0, err
	}
	return n[0], nil
}

func (s *Site) publishDocument(c *gin.Context) error {
	by, kind, slug := actor(c), content.Kind(c.Param("kind")), c.Param("slug")
	n, err := strconv.Atoi(c.PostForm("version"))
	if err != nil || n < 1 {
		return nowhere(c)
	}
	note, minor := c.PostForm("note"), c.PostForm("minor")
	err = s.Content.Publish(ctx(c), by, kind, slug, n, content.Publication{Note: note, Minor: minor == "yes"})
	if p, ok := problems(err); ok {
		return s.publishPage(c, http.StatusUnprocessableEntity, note, minor, p)
	}
	if err != nil {
		return err
	}
	then := "Whoever begins now meets it; whoever has begun an earlier one keeps that, and is asked."
	if minor == "yes" {
		then = "Whoever begins now meets it, and whoever has begun the one before moves along."
	}
	return s.seeOther(c, documentHref(kind, slug), fmt.Sprintf("Version %d is published. %s", n, then))
}

func (s *Site) retireDocument(c *gin.Context) error {
	kind, slug := content.Kind(c.Param("kind")), c.Param("slug")
	if err := s.Content.Retire(ctx(c), actor(c), kind, slug); err != nil {
		return err
	}
	return s.seeOther(c, documentHref(kind, slug), "Retired. It is offered to nobody new, and whoever has begun it keeps it. You can bring it back at any time.")
}

func (s *Site) bringBackDocument(c *gin.Context) error {
	kind, slug := content.Kind(c.Param("kind")), c.Param("slug")
	if err := s.Content.BringBack(ctx(c), actor(c), kind, slug); err != nil {
		return err
	}
	return s.seeOther(c, documentHref(kind, slug), "Brought back. It is offered again as it was.")
}
