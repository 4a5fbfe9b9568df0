package web

import (
	"fmt"
	"net/http"

	"pitchside/content"

	"github.com/gin-gonic/gin"
)

// studioImportPage shows how far a large import is, then what came of it.
type studioImportPage struct {
	importedPage
	Import content.LibraryImport
}

// Running reports whether the work is under way: the page then looks again.
func (p studioImportPage) Running() bool { return p.Import.State == content.ImportRunning }

// startImport asks for a large library to be brought in, and shows how far it is.
func (s *Site) startImport(c *gin.Context, archive []byte, publish bool) error {
	i, err := s.Content.BeginImport(ctx(c), actor(c), archive, publish)
	if p, ok := problems(err); ok {
		return s.studio(c, http.StatusUnprocessableEntity, p)
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, fmt.Sprintf("/studio/imports/%d", i.ID), "")
}

func (s *Site) showStudioImport(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	i, err := s.Content.LibraryImport(ctx(c), actor(c), id)
	if err != nil {
		return err
	}
	title := map[content.ImportState]string{content.ImportRunning: "Bringing documents in", content.ImportDone: "What came in", content.ImportFailed: "The import has stopped"}[i.State]
	p := studioImportPage{Import: i, importedPage: importedPage{Base: s.base(c, title), Published: i.Publish, Problems: i.Problems}}
	if i.State == content.ImportDone {
		p.Documents = i.Documents
	}
	p.count()
	return s.show(c, http.StatusOK, "studio/import", p)
}
