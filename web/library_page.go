package web

import (
	"net/http"

	"pitchside/content"
	"pitchside/internal/fault"

	"github.com/gin-gonic/gin"
)

type readPage struct {
	Base
	Doc   *content.Document
	Skill *content.Skill // alone, of the framework
	Group string
	What  string
	Edit  string // its page in the Studio, for authors
}

func (s *Site) showWorksheet(c *gin.Context) error { return s.readDocument(c, content.KindWorksheet) }
func (s *Site) showRubric(c *gin.Context) error    { return s.readDocument(c, content.KindRubric) }
func (s *Site) showTemplate(c *gin.Context) error  { return s.readDocument(c, content.KindTemplate) }

// readDocument shows a document of the library to read and to print.
func (s *Site) readDocument(c *gin.Context, kind content.Kind) error {
	d, err := s.Content.Published(ctx(c), kind, c.Param("slug"))
	if err != nil {
		return err
	}
	p := readPage{Base: s.base(c, d.Title), Doc: d, What: kindWords[kind]}
	if actor(c).Can(authors...) {
		p.Edit = "/studio/" + string(kind) + "/" + d.Slug
	}
	return s.show(c, http.StatusOK, "library/document", p)
}

// showFrameworkSkill shows what is seen at each level of a skill.
func (s *Site) showFrameworkSkill(c *gin.Context) error {
	framework, err := s.Content.Published(ctx(c), content.KindSkills, "skills")
	if err != nil {
		return err
	}
	for _, g := range framework.Skills.Groups {
		for i, k := range g.Skills {
			if k.Slug == c.Param("slug") {
				return s.show(c, http.StatusOK, "library/document", readPage{Base: s.base(c, k.Name), Skill: &g.Skills[i], Group: g.Name, What: "Skill"})
			}
		}
	}
	return fault.NotFoundf("There is no such skill in the framework.")
}
