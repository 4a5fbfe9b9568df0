package web

import (
	"cmp"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"pitchside/content"

	"github.com/gin-gonic/gin"
)

type documentPage struct {
	sight
	Lines     []sourceLine
	Versions  []content.Version
	Newest    bool
	Published int // number of the version that learners meet, 0: none
}

// A sourceLine is a line of the source with the worst of its problems.
type sourceLine struct {
	Number int
	Text   string
	Class  string // bad, warn or empty
}

// A previewBlock is a stretch of text or a question, with its key.
type previewBlock struct {
	Text     template.HTML
	Question *questionView
	Key      *content.Question
}

func (s *Site) showDocument(c *gin.Context) error { return s.document(c, 0) }

func (s *Site) showDocumentVersion(c *gin.Context) error {
	n, err := strconv.Atoi(c.Param("number"))
	if err != nil || n < 1 {
		return nowhere(c)
	}
	return s.document(c, n)
}

func (s *Site) document(c *gin.Context, number int) error {
	kind, slug := content.Kind(c.Param("kind")), c.Param("slug")
	doc, findings, err := s.Content.Source(ctx(c), actor(c), kind, slug, number)
	if err != nil {
		return err
	}
	v, err := s.sight(c, doc.Title, doc, findings)
	if err != nil {
		return err
	}
	p := documentPage{sight: v}
	if p.Versions, err = s.Content.Versions(ctx(c), actor(c), kind, slug); err != nil {
		return err
	}
	p.Newest = p.Versions[0].Number == doc.Number
	for _, v := range p.Versions {
		if v.Current {
			p.Published = v.Number
		}
	}
	p.Lines = sourceLines(doc, findings)
	return s.show(c, http.StatusOK, "studio/document", p)
}

func sourceLines(doc *content.Document, findings []content.Problem) []sourceLine {
	if doc.Kind == content.KindMedia {
		return nil
	}
	class := map[int]string{}
	for _, f := range findings {
		switch {
		case f.Severity == "error":
			class[f.Line] = "bad"
		case class[f.Line] == "":
			class[f.Line] = "warn"
		}
	}
	var out []sourceLine
	text := strings.ToValidUTF8(strings.TrimPrefix(string(doc.Source), "\ufeff"), "\ufffd")
	text = strings.TrimSuffix(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\n")
	for i, line := range strings.Split(text, "\n") {
		out = append(out, sourceLine{i + 1, line, class[i+1]})
	}
	return out
}

// preview shows a lesson or a quiz as learners meet it, with the keys that
// only authors see.
func preview(doc *content.Document) []previewBlock {
	var out []previewBlock
	ask := func(q *content.Question, i, n int) {
		out = append(out, previewBlock{Key: q, Question: &questionView{PublicQuestion: q.Public(), Label: fmt.Sprintf("Question %d of %d", i, n)}})
	}
	switch {
	case doc.Lesson != nil:
		for _, b := range doc.Lesson.Blocks {
			if b.Question == nil {
				out = append(out, previewBlock{Text: b.HTML})
				continue
			}
			ask(b.Question, slices.Index(doc.Lesson.Questions, b.Question)+1, len(doc.Lesson.Questions))
		}
	case doc.Quiz != nil:
		if doc.Quiz.Intro != "" {
			out = append(out, previewBlock{Text: doc.Quiz.Intro})
		}
		for i, q := range doc.Quiz.Questions {
			ask(q, i+1, len(doc.Quiz.Questions))
		}
	}
	return out
}

// FindingsLine says how much there is to put right.
func (p sight) FindingsLine() string {
	warnings := len(p.Findings) - p.Errors
	switch {
	case len(p.Findings) == 0:
		return "none"
	case warnings == 0:
		return plural(p.Errors, "error", "errors")
	case p.Errors == 0:
		return plural(warnings, "thing to look at", "things to look at")
	}
	return plural(p.Errors, "error", "errors") + ", " + strconv.Itoa(warnings) + " to look at"
}

// First is the number of the oldest version.
func (p documentPage) First() int { return p.Versions[len(p.Versions)-1].Number }

// From says where a version without an author came from.
func (documentPage) From(v content.Version) string {
	return cmp.Or(v.Note, "From the command line")
}

// Standing says where this version is in its life.
func (p documentPage) Standing() string {
	switch {
	case p.Doc.State == content.Retired:
		return fmt.Sprintf("Version %d, retired", p.Doc.Number)
	case p.Doc.State == content.Draft:
		return fmt.Sprintf("Draft of version %d", p.Doc.Number)
	case p.Doc.Number == p.Published:
		return fmt.Sprintf("Version %d, published", p.Doc.Number)
	}
	return fmt.Sprintf("Version %d, earlier", p.Doc.Number)
}

// MayPublish reports whether this is a draft that nothing is newer than.
func (p documentPage) MayPublish() bool { return p.Doc.State == content.Draft && p.Newest }

// Retired reports whether the document is offered to nobody new.
func (p documentPage) Retired() bool {
	for _, v := range p.Versions {
		if v.Current {
			return v.State == content.Retired
		}
	}
	return false
}

// MayRetire reports whether the document is offered and nothing but itself
// hangs on that.
func (p documentPage) MayRetire() bool {
	return p.Published > 0 && !p.Retired() && !slices.Contains([]content.Kind{content.KindSkills, content.KindRoles, content.KindMetrics}, p.Doc.Kind)
}

// MayDuplicate reports whether there may be another document like this one.
func (p documentPage) MayDuplicate() bool {
	return slices.Contains(content.WrittenKinds, p.Doc.Kind)
}

// LearnerHref is where learners meet the document, or "".
func (p documentPage) LearnerHref() string {
	if p.Published == 0 || p.Retired() || !slices.Contains([]content.Kind{content.KindCourse, content.KindLesson, content.KindQuiz, content.KindScenario, content.KindMedia}, p.Doc.Kind) {
		return ""
	}
	return p.Doc.Address()
}

// RoleRows is the table of targets: a row per skill, a column per family.
func (p sight) RoleRows() []roleRow {
	var out []roleRow
	if p.Doc.Roles == nil {
		return nil
	}
	seen := map[string]bool{}
	var slugs []string
	for _, f := range p.Doc.Roles.Families {
		for slug := range f.Targets {
			if !seen[slug] {
				seen[slug] = true
				slugs = append(slugs, slug)
			}
		}
	}
	slices.Sort(slugs)
	for _, slug := range slugs {
		r := roleRow{Skill: p.Skills[slug]}
		for _, f := range p.Doc.Roles.Families {
			cell := "–"
			if t, ok := f.Targets[slug]; ok {
				cell = strconv.FormatFloat(t, 'g', -1, 64)
			}
			r.Targets = append(r.Targets, cell)
		}
		out = append(out, r)
	}
	return out
}

type roleRow struct {
	Skill   string
	Targets []string
}

// Answers are what a question accepts, in words, for its author.
func (b previewBlock) Answers() []string {
	if b.Key == nil {
		return nil
	}
	var out []string
	switch b.Key.Kind {
	case content.Short, content.Numeric:
		return b.Key.Accepted()
	case content.Ordering:
		for _, o := range b.Key.Options {
			out = append(out, o.Text)
		}
	case content.Matching:
		for _, l := range b.Key.Left {
			r, _ := b.Key.Option(b.Key.Match(l.ID))
			out = append(out, l.Text+" → "+r.Text)
		}
	default:
		for _, o := range b.Key.Options {
			if o.Correct {
				out = append(out, o.Text)
			}
		}
	}
	return out
}
