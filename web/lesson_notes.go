package web

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"pitchside/content"
	"pitchside/courses"
	"pitchside/internal/fault"

	"github.com/gin-gonic/gin"
)

// lessonNotesPage is one's notes in a lesson, each with its form.
type lessonNotesPage struct {
	Base
	Outline    *courses.Outline
	Lesson     *courses.LessonText
	Notes      []courses.FoundNote
	Form       noteForm // of a new note, or of the one that could not be saved
	Theirs     *string  // what was saved meanwhile
	Paragraphs []content.Paragraph
	Problems   Problems
}

// Path returns the address of the lesson.
func (p lessonNotesPage) Path() string { return "/learn/" + p.Outline.Slug + "/" + p.Lesson.Slug }

// Failed reports whether the form of this note could not be saved.
func (p lessonNotesPage) Failed(n courses.FoundNote) bool {
	return p.Form.ID == strconv.FormatInt(n.ID, 10)
}

// Opening shortens the words of a paragraph for a list of them.
func (lessonNotesPage) Opening(text string) string { return opening(text, 70) }

// Opening shortens the words of a paragraph for the list beside the lesson.
func (lessonPage) Opening(text string) string { return opening(text, 60) }

// opening returns the first words of a text, at most n characters of it.
func opening(text string, n int) string {
	r := []rune(text)
	if len(r) <= n {
		return text
	}
	cut := string(r[:n])
	if i := strings.LastIndexByte(cut, ' '); i > n/2 {
		cut = cut[:i]
	}
	return cut + "…"
}

type noteForm struct {
	ID         string `form:"id" validate:"omitempty,number"`
	Paragraph  string `form:"paragraph" validate:"max=100"`
	Text       string `form:"text"`
	Bookmarked string `form:"bookmarked"`
	On         string `form:"on" validate:"omitempty,number"`
}

func (f noteForm) edit() courses.NoteEdit {
	e := courses.NoteEdit{Paragraph: f.Paragraph, Text: f.Text, Bookmarked: f.Bookmarked != "", Guarded: true}
	e.ID, _ = strconv.ParseInt(f.ID, 10, 64) // bind has seen both
	e.On, _ = strconv.Atoi(f.On)
	return e
}

func (s *Site) showLessonNotes(c *gin.Context) error {
	return s.lessonNotesPage(c, http.StatusOK, noteForm{Paragraph: c.Query("at")}, nil, nil)
}

func (s *Site) lessonNotesPage(c *gin.Context, code int, form noteForm, theirs *string, problems Problems) error {
	notes, r, err := s.Courses.LessonNotes(ctx(c), actor(c), c.Param("course"), c.Param("lesson"))
	if err != nil {
		return err
	}
	p := lessonNotesPage{Base: s.base(c, "Your notes: "+r.Lesson.Title), Outline: r.Outline, Lesson: r.Lesson, Notes: notes, Form: form, Theirs: theirs, Problems: problems}
	p.Wide = "narrow"
	for _, x := range r.Lesson.Paragraphs {
		if x.Text != "" {
			p.Paragraphs = append(p.Paragraphs, x)
		}
	}
	if c.GetHeader("X-Part") != "" {
		return s.showPart(c, code, "learn/lesson", "lesson-notes", lessonPage{Outline: r.Outline, Lesson: r.Lesson, Notes: notes})
	}
	return s.show(c, code, "learn/lesson-notes", p)
}

// saveNote keeps one note. A page with a script sends it while it is written,
// and is answered with what is kept.
func (s *Site) saveNote(c *gin.Context) error {
	var form noteForm
	err := bind(c, &form)
	var n courses.Note
	if err == nil {
		n, err = s.Courses.SaveNote(ctx(c), actor(c), c.Param("course"), c.Param("lesson"), form.edit())
	}
	var f *fault.Error
	stale := errors.As(err, &f) && f.Kind == fault.Stale
	here := "/learn/" + c.Param("course") + "/" + c.Param("lesson")
	switch {
	case c.GetHeader("Accept") == "application/json" && (err == nil || stale):
		code := http.StatusOK
		if stale {
			code = http.StatusConflict
		}
		c.JSON(code, gin.H{"id": n.ID, "version": n.Version, "text": n.Text, "bookmarked": n.Bookmarked})
		return nil
	case stale:
		form.ID, form.On = strconv.FormatInt(n.ID, 10), strconv.Itoa(n.Version)
		return s.lessonNotesPage(c, http.StatusConflict, form, &f.Theirs, Problems{"text": f.Message})
	case err == nil && n.ID == 0:
		return s.seeOther(c, here+"/notes", "The note is taken away.")
	case err == nil:
		return s.seeOther(c, fmt.Sprintf("%s/notes#note-%d", here, n.ID), "Saved.")
	}
	if p, ok := problems(err); ok {
		return s.lessonNotesPage(c, http.StatusUnprocessableEntity, form, nil, p)
	}
	return err
}

type myNotesPage struct {
	Base
	Text  string
	Notes []courses.FoundNote
	More  int64 // id to go on from, 0 at the end
}

const notesAPage = 50

func (s *Site) showMyNotes(c *gin.Context) error {
	p := myNotesPage{Base: s.base(c, "My notes"), Text: strings.TrimSpace(c.Query("text"))}
	p.Wide = "narrow"
	before, _ := strconv.ParseInt(c.Query("before"), 10, 64)
	var err error
	if p.Notes, err = s.Courses.Notes(ctx(c), actor(c), p.Text, before, notesAPage+1); err != nil {
		return err
	}
	if len(p.Notes) > notesAPage {
		p.Notes = p.Notes[:notesAPage]
		p.More = p.Notes[notesAPage-1].ID
	}
	return s.show(c, http.StatusOK, "learn/notes", p)
}

// exportNotes writes all of one's notes as Markdown, by course and lesson.
func (s *Site) exportNotes(c *gin.Context) error {
	var all []courses.FoundNote
	for before := int64(0); ; before = all[len(all)-1].ID {
		some, err := s.Courses.Notes(ctx(c), actor(c), "", before, 500)
		if err != nil {
			return err
		}
		all = append(all, some...)
		if len(some) < 500 {
			break
		}
	}
	c.Header("Content-Disposition", `attachment; filename="my-notes.md"`)
	c.Data(http.StatusOK, "text/markdown; charset=utf-8", []byte(courses.NotesMarkdown(all, s.URL)))
	return nil
}
