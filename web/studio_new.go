package web

import (
	"net/http"
	"slices"
	"strings"

	"pitchside/content"
	"pitchside/internal/fault"

	"github.com/gin-gonic/gin"
)

type newForm struct {
	Kind   string `form:"kind" validate:"required"`
	Course string `form:"course"`
	Title  string `form:"title" validate:"required,max=200"`
	Name   string `form:"name" validate:"max=100"`
	From   string `form:"from"` // kind/slug of what is duplicated, or empty
}

type newPage struct {
	Base
	Form     newForm
	Kinds    []content.Kind
	Courses  []content.Holding
	Original *content.Document // what is duplicated
	Problems Problems
}

// Called names a kind of document.
func (newPage) Called(k content.Kind) string { return kindWords[k] }

// Is reports whether the kind is the one chosen.
func (p newPage) Is(k content.Kind) bool { return string(k) == p.Form.Kind }

func (s *Site) showNew(c *gin.Context) error {
	f := newForm{Kind: c.Query("kind"), Course: c.Query("course"), From: c.Query("from")}
	if f.Kind == "" {
		f.Kind = string(content.KindLesson)
	}
	return s.newPage(c, http.StatusOK, f, nil)
}

func (s *Site) newPage(c *gin.Context, code int, f newForm, problems Problems) error {
	p := newPage{Base: s.base(c, "New document"), Form: f, Kinds: content.WrittenKinds, Problems: problems}
	var err error
	if p.Courses, err = s.Content.Holdings(ctx(c), actor(c), content.KindCourse); err != nil {
		return err
	}
	if p.Original, err = s.original(c, f.From); err != nil {
		return err
	}
	if p.Original != nil && code == http.StatusOK {
		p.Title, p.Form.Kind, p.Form.Title = "Duplicate "+p.Original.Title, string(p.Original.Kind), p.Original.Title+", copy"
		if p.Original.Kind.OfCourse() && p.Form.Course == "" {
			p.Form.Course, _, _ = strings.Cut(p.Original.Slug, ".")
		}
	}
	return s.show(c, code, "studio/new", p)
}

// original returns the newest version of what is duplicated, or nil.
func (s *Site) original(c *gin.Context, from string) (*content.Document, error) {
	if from == "" {
		return nil, nil
	}
	kind, slug, _ := strings.Cut(from, "/")
	doc, _, err := s.Content.Source(ctx(c), actor(c), content.Kind(kind), slug, 0)
	return doc, err
}

func (s *Site) createDocument(c *gin.Context) error {
	var f newForm
	err := bind(c, &f)
	if err == nil {
		var doc *content.Document
		if doc, err = s.create(c, f); err == nil {
			return s.seeOther(c, documentHref(doc.Kind, doc.Slug)+"/edit", "A draft is made. Nobody meets it until you publish it.")
		}
	}
	if p, ok := problems(err); ok {
		return s.newPage(c, http.StatusUnprocessableEntity, f, p)
	}
	return err
}

func (s *Site) create(c *gin.Context, f newForm) (*content.Document, error) {
	kind, name := content.Kind(f.Kind), f.Name
	if !slices.Contains(content.WrittenKinds, kind) {
		return nil, fault.Field("kind", "Choose what to write.")
	}
	if name == "" {
		name = content.SlugOf(f.Title)
	}
	switch {
	case kind.OfCourse() && f.Course == "":
		return nil, fault.Field("course", "Choose the course that it belongs to.")
	case kind == content.KindLesson:
		name = f.Course + "." + name
	case kind.OfCourse():
		name = f.Course
	}
	id, err := s.Content.Place(ctx(c), actor(c), kind, name, "")
	if err != nil {
		return nil, err
	}
	body := []byte(content.Starter(kind, f.Title))
	original, err := s.original(c, f.From)
	if err != nil {
		return nil, err
	}
	if original != nil && original.Kind == kind {
		body = content.Retitled(original.Source, f.Title)
	}
	doc, _, err := s.Content.Save(ctx(c), actor(c), content.Writing{Identity: id, Body: body})
	if fault.KindOf(err) == fault.Conflict {
		err = fault.Field("name", err.Error())
	}
	return doc, err
}
