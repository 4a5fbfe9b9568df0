package web

import (
	"fmt"
	"net/http"
	"strings"

	"pitchside/content"
	"pitchside/content/bank"
	"pitchside/internal/fault"

	"github.com/gin-gonic/gin"
)

type bankPage struct {
	Base
	Formats  []bank.Format
	Format   string
	Text     string
	Report   *bank.Report // nil: nothing was read yet
	Markdown string       // the questions in our own format
	Preview  []previewBlock
	Courses  []content.Holding
	Course   string
	Problems Problems
}

// Lede says what came of a bank.
func (p bankPage) Lede() string {
	if p.Report.Skipped == 0 {
		return plural(p.Report.Imported, "question was", "questions were") + " read, and none left out."
	}
	return fmt.Sprintf("%s read, %d left out.", plural(p.Report.Imported, "question was", "questions were"), p.Report.Skipped)
}

func (s *Site) showBank(c *gin.Context) error {
	return s.bank(c, http.StatusOK, bankPage{Course: c.Query("course")})
}

func (s *Site) bank(c *gin.Context, code int, p bankPage) error {
	p.Base, p.Formats = s.base(c, "Question banks"), bank.Formats
	p.Wide = "wide"
	var err error
	if p.Courses, err = s.Content.Holdings(ctx(c), actor(c), content.KindCourse); err != nil {
		return err
	}
	if p.Markdown != "" {
		p.Preview = preview(content.Read(content.Identity{Kind: content.KindQuiz, Slug: "bank", Path: "quiz.md"}, []byte(p.Markdown)))
	}
	return s.show(c, code, "studio/bank", p)
}

// readBank reads a bank that was pasted or uploaded; nothing is stored.
func (s *Site) readBank(c *gin.Context) error {
	form, err := c.MultipartForm()
	if err != nil {
		return uploadProblem(err)
	}
	defer form.RemoveAll()
	p := bankPage{Format: c.PostForm("format"), Text: c.PostForm("text"), Course: c.PostForm("course")}
	body := []byte(p.Text)
	if heads := form.File["file"]; len(heads) > 0 && heads[0].Size > 0 {
		if body, err = readUpload(heads[0]); err != nil {
			return err
		}
	}
	report, ok := bank.Read(p.Format, body)
	switch {
	case !ok:
		p.Problems = Problems{"format": "Choose the format that the bank has."}
	case len(body) == 0:
		p.Problems = Problems{"text": "Paste the bank here, or choose its file."}
	}
	if p.Problems != nil {
		return s.bank(c, http.StatusUnprocessableEntity, p)
	}
	p.Report = &report
	var questions []string
	for _, q := range report.Questions {
		questions = append(questions, strings.TrimSpace(q.Markdown))
	}
	p.Markdown = strings.Join(questions, "\n\n")
	return s.bank(c, http.StatusOK, p)
}

// appendBank adds what was read to the quiz of a course, as a draft.
func (s *Site) appendBank(c *gin.Context) error {
	p := bankPage{Markdown: c.PostForm("markdown"), Course: c.PostForm("course")}
	doc, _, err := s.Content.AppendQuestions(ctx(c), actor(c), p.Course, strings.ReplaceAll(p.Markdown, "\r\n", "\n"))
	if found, ok := problems(err); ok {
		p.Problems = found
		return s.bank(c, http.StatusUnprocessableEntity, p)
	}
	if fault.KindOf(err) == fault.Stale {
		return fault.Conflictf("Somebody saved this quiz at the same moment. Add the questions once more.")
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, documentHref(doc.Kind, doc.Slug)+"/edit", "The questions stand at the end of a draft of the quiz. Nobody meets them until you publish it.")
}
