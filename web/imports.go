package web

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"pitchside/internal/fault"
	"pitchside/people"
	"pitchside/performance"

	"github.com/gin-gonic/gin"
)

const (
	importLimit    = 1 << 30 // bytes of an uploaded file
	importsAPage   = 30
	rowErrorsAPage = 25
)

// An importsPage is the history of imports, and the form for the next.
type importsPage struct {
	Base
	Kinds    []performance.Kind
	Kind     string
	Imports  []performance.Import
	Next     string
	Problems Problems
}

// Chosen reports whether the kind is the one in the form.
func (p importsPage) Chosen(k performance.Kind) bool { return p.Kind == string(k) }

// People reports whether the viewer may import people.
func (p importsPage) People() bool { return p.Me.Can(people.Admin) }

// Outcome says in a few words what became of an import.
func (p importsPage) Outcome(i performance.Import) string {
	switch i.State {
	case performance.Mapping:
		return "waits for its columns"
	case performance.Previewing:
		return "is being read"
	case performance.Previewed:
		return fmt.Sprintf("waits for you: %s valid, %s left out", thousands(i.Valid()), thousands(i.Errors))
	case performance.Importing:
		return "is being imported"
	case performance.Imported:
		return fmt.Sprintf("imported: %s new, %s changed, %s the same, %s left out", thousands(i.ToCreate), thousands(i.ToUpdate), thousands(i.Unchanged), thousands(i.Errors))
	case performance.Undoing:
		return "is being undone"
	case performance.Undone:
		return "undone"
	}
	return "stopped: " + i.Failure
}

// Icon is that of an import's state.
func (p importsPage) Icon(i performance.Import) string {
	switch i.State {
	case performance.Imported:
		return "done"
	case performance.Undone, performance.Undoing:
		return "undo"
	case performance.Failed:
		return "warn"
	case performance.Importing, performance.Previewing:
		return "half"
	}
	return "circle"
}

func (s *Site) showImports(c *gin.Context) error {
	return s.importsPage(c, http.StatusOK, c.Query("kind"), nil)
}

func (s *Site) importsPage(c *gin.Context, code int, kind string, wrong Problems) error {
	by := actor(c)
	p := importsPage{Base: s.base(c, "Imports"), Kind: kind, Problems: wrong}
	for _, k := range performance.Kinds {
		if k != performance.PeopleKind || by.Can(people.Admin) {
			p.Kinds = append(p.Kinds, k)
		}
	}
	if p.Kind == "" || !by.Can(people.Admin) {
		p.Kind = string(performance.OpportunitiesKind)
	}
	var err error
	if p.Imports, p.Next, err = s.Performance.Imports(ctx(c), by, importsAPage, c.Query("cursor")); err != nil {
		return err
	}
	return s.show(c, code, "imports/list", p)
}

// uploadImport streams the file from the request into the store: neither memory
// nor a temporary file holds it on the way.
func (s *Site) uploadImport(c *gin.Context) error {
	// A large file over a slow line takes longer than a form may.
	_ = http.NewResponseController(c.Writer).SetReadDeadline(time.Time{})
	by := actor(c)
	form, err := c.Request.MultipartReader()
	if err != nil {
		return s.importsPage(c, http.StatusUnprocessableEntity, "", Problems{"file": "Choose a file."})
	}
	kind := ""
	var file *performance.StoredFile
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		switch {
		case err != nil:
		case part.FormName() == "kind":
			var text []byte
			text, err = io.ReadAll(io.LimitReader(part, 100))
			kind = string(text)
		case part.FormName() == "file" && part.FileName() != "" && file == nil:
			file, err = s.Performance.Store(ctx(c), by, part.FileName(), part)
		}
		if err != nil {
			if file != nil {
				err = errors.Join(err, s.Performance.Discard(ctx(c), file))
			}
			return importTooLarge(err)
		}
	}
	if file == nil {
		return s.importsPage(c, http.StatusUnprocessableEntity, kind, Problems{"file": "Choose a file."})
	}
	i, err := s.Performance.Begin(ctx(c), by, performance.Kind(kind), file)
	if p, ok := problems(err); ok {
		return s.importsPage(c, http.StatusUnprocessableEntity, kind, p)
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, fmt.Sprintf("/admin/imports/%d", i.ID), "")
}

func importTooLarge(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return &fault.Error{Kind: fault.TooLarge, Message: "A file may hold " + bytesInWords(large.Limit) + ". Divide it, and import its parts one after the other."}
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return fault.Invalidf("The file did not arrive whole: the connection broke off. Choose it once more.")
	}
	return err
}

// examples fill one row of each template.
var examples = map[performance.Kind]map[string]string{
	performance.PeopleKind: {"name": "Dana Example", "email": "dana@company.example", "role_family": "AE", "hire_date": "2026-03-02", "region": "North", "team": "Mid-market North", "manager": "Eve Example"},
	performance.OpportunitiesKind: {"external_id": "D-1001", "owner": "dana@company.example", "account": "Example Mills", "product": "Line Watch", "stage": "Closed Won",
		"outcome": "won", "created": "2026-03-02", "closed": "2026-04-17", "amount": "12500.00", "currency": "EUR", "segment": "Manufacturing"},
}

// importTemplate gives an empty file with the columns that an import reads.
func (s *Site) importTemplate(c *gin.Context) error {
	k := performance.Kind(c.Param("kind"))
	if len(k.Fields()) == 0 || k == performance.PeopleKind && !actor(c).Can(people.Admin) {
		return nowhere(c)
	}
	var names, example []string
	for _, f := range k.Fields() {
		names, example = append(names, f.Name), append(example, examples[k][f.Name])
	}
	attachment(c, string(k)+"-template.csv")
	w := csv.NewWriter(c.Writer)
	return w.WriteAll([][]string{names, example})
}

// importErrors gives the rows that were left out, with what is wrong.
func (s *Site) importErrors(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	i, err := s.Performance.Import(ctx(c), actor(c), id)
	if err != nil {
		return err
	}
	name := strings.TrimSuffix(strings.TrimSuffix(i.Filename, ".csv"), ".xlsx")
	pipe, w := io.Pipe()
	go func() { _ = w.CloseWithError(s.Performance.WriteErrors(ctx(c), actor(c), id, w)) }()
	defer pipe.Close()
	// The first bytes decide whether there is a file to send or a page to show.
	first := make([]byte, 512)
	n, err := io.ReadFull(pipe, first)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return err
	}
	attachment(c, name+"-errors.csv")
	if _, err := c.Writer.Write(first[:n]); err != nil {
		return nil // the browser has gone
	}
	_, err = io.Copy(c.Writer, pipe)
	return err
}

// attachment says that what follows is a CSV file to be kept.
func attachment(c *gin.Context, name string) {
	clean := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || strings.ContainsRune(`"\/:*?<>|`, r) {
			return '-'
		}
		return r
	}, name)
	c.Header("Content-Type", "text/csv; charset=utf-8")
	c.Header("Content-Disposition", `attachment; filename="`+clean+`"`)
}

// thousands writes a number in groups of three: 8,800.
func thousands(n int64) string {
	if n < 0 {
		return "−" + thousands(-n)
	}
	text := fmt.Sprint(n)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}
