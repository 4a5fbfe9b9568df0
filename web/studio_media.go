package web

import (
	"net/http"
	"path"
	"strings"

	"pitchside/content"

	"github.com/gin-gonic/gin"
)

type mediaPage struct {
	Base
	Courses  []content.Holding
	Course   string
	Alt      string
	Media    []content.Holding
	Snippet  string // Markdown that shows what was just uploaded
	Href     string
	Problems Problems
}

// Picture reports whether a file is shown as a picture.
func (mediaPage) Picture(file string) bool {
	return strings.HasPrefix(content.MediaType(file), "image/")
}

// FileName is the last part of a path.
func (mediaPage) FileName(file string) string { return path.Base(file) }

func (s *Site) showMediaList(c *gin.Context) error {
	return s.media(c, http.StatusOK, mediaPage{Course: c.Query("course")})
}

func (s *Site) media(c *gin.Context, code int, p mediaPage) error {
	p.Base = s.base(c, "Pictures, sound and film")
	p.Wide = "mid"
	var err error
	if p.Courses, err = s.Content.Holdings(ctx(c), actor(c), content.KindCourse); err != nil {
		return err
	}
	if p.Media, err = s.Content.Holdings(ctx(c), actor(c), content.KindMedia); err != nil {
		return err
	}
	return s.show(c, code, "studio/media", p)
}

// uploadMedia takes a file and says how to show it. A picture needs words for
// those who cannot see it.
func (s *Site) uploadMedia(c *gin.Context) error {
	form, err := c.MultipartForm()
	if err != nil {
		return uploadProblem(err)
	}
	defer form.RemoveAll()
	p := mediaPage{Course: c.PostForm("course"), Alt: strings.TrimSpace(c.PostForm("alt"))}
	heads := form.File["file"]
	switch {
	case len(heads) == 0 || heads[0].Size == 0:
		p.Problems = Problems{"file": "Choose a file."}
	case p.Picture(heads[0].Filename) && p.Alt == "":
		p.Problems = Problems{"alt": "Say in a few words what it shows, for those who cannot see it."}
	}
	if p.Problems != nil {
		return s.media(c, http.StatusUnprocessableEntity, p)
	}
	body, err := readUpload(heads[0])
	if err != nil {
		return err
	}
	doc, err := s.Content.AddMedia(ctx(c), actor(c), p.Course, heads[0].Filename, body)
	if found, ok := problems(err); ok {
		p.Problems = found
		return s.media(c, http.StatusUnprocessableEntity, p)
	}
	if err != nil {
		return err
	}
	words := p.Alt
	if words == "" {
		words = path.Base(doc.Path)
	}
	p.Href = "/media/" + doc.Path
	p.Snippet = "[" + strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`).Replace(words) + "](" + path.Base(doc.Path) + ")"
	if p.Picture(doc.Path) {
		p.Snippet = "!" + p.Snippet
	}
	p.Alt = ""
	return s.media(c, http.StatusOK, p)
}
