package web

import (
	"net/http"

	"pitchside/content"

	"github.com/gin-gonic/gin"
)

type readPage struct {
	Base
	Doc  *content.Document
	What string
	Edit string // its page in the Studio, for authors
}

func (s *Site) showRubric(c *gin.Context) error   { return s.readDocument(c, content.KindRubric) }
func (s *Site) showTemplate(c *gin.Context) error { return s.readDocument(c, content.KindTemplate) }

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
