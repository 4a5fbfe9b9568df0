package web

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"

	"pitchside/content"
	"pitchside/internal/fault"

	"github.com/gin-gonic/gin"
)

type studioPage struct {
	Base
	All      []content.Holding
	Groups   []studioGroup
	Text     string // words looked for
	Kinds    []kindCount
	Kind     content.Kind
	Only     string // drafts, problems or empty
	Folder   string // the company's own, or empty
	Problems Problems
}

// A studioGroup is the documents of one course, or those of one kind.
type studioGroup struct {
	Name string
	Rows []content.Holding
}

// grouped puts the documents of a course together, in the order of their
// paths, and the others by kind.
func grouped(rows []content.Holding) []studioGroup {
	titles := map[string]string{}
	for _, h := range rows {
		if h.Kind == content.KindCourse {
			titles[h.Slug] = h.Title
		}
	}
	var out []studioGroup
	for _, h := range rows {
		name := kindGroups[h.Kind]
		if parts := strings.Split(h.Path, "/"); parts[0] == "courses" && len(parts) > 2 {
			name = cmp.Or(titles[parts[1]], parts[1])
		}
		i := slices.IndexFunc(out, func(g studioGroup) bool { return g.Name == name })
		if i < 0 {
			out, i = append(out, studioGroup{Name: name}), len(out)
		}
		out[i].Rows = append(out[i].Rows, h)
	}
	return out
}

// kindGroups name the groups of documents that belong to no course.
var kindGroups = map[content.Kind]string{
	content.KindScenario: "Scenarios", content.KindRubric: "Rubrics", content.KindWorksheet: "Worksheets", content.KindTemplate: "Coaching templates",
	content.KindProgram: "Programs", content.KindSkills: "Framework", content.KindRoles: "Framework", content.KindMetrics: "Framework", content.KindMedia: "Media",
}

// Found reports how many documents match the filters.
func (p studioPage) Found() int {
	n := 0
	for _, g := range p.Groups {
		n += len(g.Rows)
	}
	return n
}

// fits reports whether a document matches the filters.
func (p studioPage) fits(h content.Holding) bool {
	switch {
	case p.Kind != "" && h.Kind != p.Kind, p.Only == "drafts" && h.State != content.Draft, p.Only == "problems" && h.Errors+h.Warnings == 0,
		p.Only == "retired" && !h.Retired, p.Only == "published" && (h.Published == nil || h.Retired):
		return false
	}
	text := strings.ToLower(p.Text)
	return strings.Contains(strings.ToLower(h.Title), text) || strings.Contains(strings.ToLower(h.Path), text)
}

type kindCount struct {
	Kind content.Kind
	N    int
}

// kindWords are what authors call the kinds of documents.
var kindWords = map[content.Kind]string{
	content.KindCourse: "Course", content.KindLesson: "Lesson", content.KindQuiz: "Quiz", content.KindCards: "Review cards", content.KindScenario: "Scenario",
	content.KindRubric: "Rubric", content.KindWorksheet: "Worksheet", content.KindTemplate: "Coaching template", content.KindProgram: "Program",
	content.KindSkills: "Skills", content.KindRoles: "Targets by role", content.KindMetrics: "Metrics", content.KindMedia: "Media",
}

// Called names a kind of document.
func (studioPage) Called(k content.Kind) string { return kindWords[k] }

// Called names a kind of document.
func (documentPage) Called(k content.Kind) string { return kindWords[k] }

// Called names a kind of document.
func (importedPage) Called(k content.Kind) string { return kindWords[k] }

func (s *Site) showStudio(c *gin.Context) error {
	return s.studio(c, http.StatusOK, nil)
}

func (s *Site) studio(c *gin.Context, code int, problems Problems) error {
	p := studioPage{Base: s.base(c, "Studio"), Kind: content.Kind(c.Query("kind")), Only: c.Query("only"), Text: strings.TrimSpace(c.Query("text")), Problems: problems}
	p.Wide = "wide"
	if s.Content.Folder != nil {
		p.Folder = s.Content.Folder.Name
	}
	var err error
	if p.All, err = s.Content.Holdings(ctx(c), actor(c), ""); err != nil {
		return err
	}
	var rows []content.Holding
	count := map[content.Kind]int{}
	for _, h := range p.All {
		count[h.Kind]++
		if p.fits(h) {
			rows = append(rows, h)
		}
	}
	p.Groups = grouped(rows)
	for _, k := range content.Kinds {
		if count[k] > 0 {
			p.Kinds = append(p.Kinds, kindCount{k, count[k]})
		}
	}
	return s.show(c, code, "studio/list", p)
}

type importedPage struct {
	Base
	Published bool
	Folder    string // the company's own, if it was synchronised
	Counts    []outcomeCount
	Documents []content.Brought
	Changed   int
	Problems  []content.Problem
	Errors    int
}

func (s *Site) importLibrary(c *gin.Context) error {
	form, err := c.MultipartForm()
	if err != nil {
		return uploadProblem(err)
	}
	defer form.RemoveAll()
	archive, err := uploaded(form)
	publish := c.PostForm("publish") == "yes"
	var files fs.FS
	n := 0
	if err == nil {
		files, err = content.OpenZip(bytes.NewReader(archive), int64(len(archive)))
	}
	if err == nil {
		n, err = content.Documents(files)
	}
	if err == nil && n > content.LargeImport {
		return s.startImport(c, archive, publish)
	}
	var got content.Import
	if err == nil {
		got, err = s.Content.Import(ctx(c), actor(c), files, publish)
	}
	if p, ok := problems(err); ok {
		return s.studio(c, http.StatusUnprocessableEntity, p)
	}
	if err != nil {
		return err
	}
	return s.imported(c, importedPage{Base: s.base(c, "What came in"), Published: publish, Documents: got.Documents, Problems: got.Problems})
}

func (s *Site) imported(c *gin.Context, p importedPage) error {
	p.count()
	return s.show(c, http.StatusOK, "studio/imported", p)
}

// count adds up what came of the documents.
func (p *importedPage) count() {
	for _, d := range p.Documents {
		if d.Changed {
			p.Changed++
		}
	}
	for _, x := range p.Problems {
		if x.Severity == "error" {
			p.Errors++
		}
	}
}

type outcomeCount struct {
	Words string
	N     int
}

// outcomeWords say what came of a document, in the order of a report.
var outcomeWords = []struct {
	content.Outcome
	words string
}{{content.Created, "new"}, {content.Updated, "changed"}, {content.Gone, "retired, as the file is gone"}, {content.Kept, "left as the Studio has it"}, {content.Unchanged, "unchanged"}}

// CameOf says what came of a document.
func (importedPage) CameOf(d content.Brought) string {
	for _, o := range outcomeWords {
		if o.Outcome == d.Outcome {
			return o.words
		}
	}
	return ""
}

// syncLibrary brings the library in line with the company's own folder.
func (s *Site) syncLibrary(c *gin.Context) error {
	got, err := s.Content.Sync(ctx(c), actor(c))
	if err != nil {
		return err
	}
	p := importedPage{Base: s.base(c, "What the folder brought"), Published: true, Folder: s.Content.Folder.Name, Documents: got.Documents, Problems: got.Problems}
	for _, o := range outcomeWords {
		if n := got.Count(o.Outcome); n > 0 {
			p.Counts = append(p.Counts, outcomeCount{o.words, n})
		}
	}
	return s.imported(c, p)
}

func uploadProblem(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return err
	}
	return &fault.Error{Kind: fault.Invalid, Message: "The upload could not be read. Choose the file and send it once more."}
}

// uploaded returns the files of the form as a zip: one that was sent, or made of a
// folder as browsers send it.
func uploaded(form *multipart.Form) ([]byte, error) {
	if heads := form.File["file"]; len(heads) > 0 && heads[0].Size > 0 {
		return readUpload(heads[0])
	}
	var files []content.File
	for _, h := range form.File["folder"] {
		name := relativePath(h)
		if !fs.ValidPath(name) || h.Size == 0 {
			continue
		}
		body, err := readUpload(h)
		if err != nil {
			return nil, err
		}
		files = append(files, content.File{Path: name, Body: body})
	}
	if len(files) == 0 {
		return nil, fault.Field("file", "Choose a zip file, or a folder.")
	}
	var b bytes.Buffer
	if err := content.WriteZip(&b, files); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func readUpload(h *multipart.FileHeader) ([]byte, error) {
	f, err := h.Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// relativePath returns the path of a file below the folder that was chosen:
// the multipart reader keeps only its last part, the header has it whole.
func relativePath(h *multipart.FileHeader) string {
	_, params, err := mime.ParseMediaType(h.Header.Get("Content-Disposition"))
	if err != nil || params["filename"] == "" {
		return h.Filename
	}
	return strings.ReplaceAll(params["filename"], `\`, "/")
}

func (s *Site) exportLibrary(c *gin.Context) error {
	files, err := s.Content.Files(ctx(c), actor(c))
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := content.WriteZip(&b, files); err != nil {
		return err
	}
	c.Header("Content-Disposition", `attachment; filename="library.zip"`)
	c.Data(http.StatusOK, "application/zip", b.Bytes())
	return nil
}

// showMedia serves a picture, sound or film of the library. A drawing may hold
// a script; the policy keeps it from running.
func (s *Site) showMedia(c *gin.Context) error {
	d, err := s.Content.Media(ctx(c), strings.TrimPrefix(c.Param("path"), "/"))
	if err != nil {
		return err
	}
	c.Header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	c.Header("Cache-Control", "private, max-age=3600")
	c.Header("ETag", fmt.Sprintf(`"%d"`, d.VersionID))
	c.Header("Content-Type", content.MediaType(d.Path))
	http.ServeContent(c.Writer, c.Request, "", d.At, bytes.NewReader(d.Source))
	return nil
}
