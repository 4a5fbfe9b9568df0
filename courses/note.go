package courses

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"pitchside/content"
	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// A Note is what a person wrote for themselves beside a lesson, a bookmark, or
// both. Nobody else ever reads it, whatever they may do elsewhere.
type Note struct {
	ID         int64     `json:"id"`
	Course     string    `json:"course"`
	Lesson     string    `json:"lesson"`
	Paragraph  string    `json:"paragraph"` // where it was written; empty: the lesson as a whole
	Quote      string    `json:"quote"`     // the words it stood at
	Text       string    `json:"text"`
	Bookmarked bool      `json:"bookmarked"`
	Version    int       `json:"version"`
	CreatedAt  time.Time `json:"created_at"`
	UpdatedAt  time.Time `json:"updated_at"`
}

const noteColumns = `id, course, lesson, paragraph, quote, text, bookmarked, version, created_at, updated_at`

// At returns where the note stands in a version of its lesson: the paragraph
// with the words it was written at, if they moved the one that has them now.
// It is false when those words are not in that version any more.
func (n Note) At(l *content.Lesson) (paragraph string, there bool) {
	if n.Paragraph == "" {
		return "", true
	}
	moved := ""
	for _, p := range l.Paragraphs {
		switch {
		case p.Text != n.Quote:
		case p.ID == n.Paragraph:
			return p.ID, true
		case moved == "" && n.Quote != "":
			moved = p.ID
		}
	}
	return moved, moved != ""
}

// mostNote is how long a note may be, in characters; mostNotes how many one may
// keep in one lesson.
const (
	mostNote  = 10_000
	mostNotes = 500
)

// A NoteEdit is what a note is to become: the note with ID, or the one at the
// paragraph as it stands in the version that is read. On is the version that it
// was edited from: 0 applies over any, unless Guarded, where it means a new one.
type NoteEdit struct {
	ID         int64
	Paragraph  string
	Text       string
	Bookmarked bool
	On         int
	Guarded    bool
}

// SaveNote writes a note of the actor's own. One without words and bookmark is
// taken away, and comes back with ID 0. Over a version that it was not edited
// from it is Stale, with the text that was saved meanwhile.
func (s *Service) SaveNote(ctx context.Context, by people.Actor, course, lesson string, e NoteEdit) (Note, error) {
	r, err := s.reading(ctx, s.DB, by.ID, course, lesson)
	if err != nil {
		return Note{}, err
	}
	e.Text = strings.TrimSpace(strings.ReplaceAll(e.Text, "\r\n", "\n"))
	if utf8.RuneCountInString(e.Text) > mostNote {
		return Note{}, fault.Field("text", "This note is too long: at most 10,000 characters. Divide it between two paragraphs.")
	}
	quote, err := quoteOf(r.Lesson.Lesson, e)
	if err != nil {
		return Note{}, err
	}
	var out Note
	err = pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		// One at a time for each person, so that two windows are two edits.
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtext('notes'), $1::int)`, by.ID%(1<<31)); err != nil {
			return err
		}
		out, err = saveNote(ctx, tx, by, r, e, quote, s.Now())
		return err
	})
	return out, err
}

// quoteOf returns the words at which a new note stands.
func quoteOf(l *content.Lesson, e NoteEdit) (string, error) {
	if e.ID != 0 || e.Paragraph == "" {
		return "", nil
	}
	i := slices.IndexFunc(l.Paragraphs, func(p content.Paragraph) bool { return p.ID == e.Paragraph })
	if i < 0 {
		return "", fault.Field("paragraph", "There is no such paragraph in this lesson. Choose one from the list, or leave it empty for the lesson as a whole.")
	}
	return l.Paragraphs[i].Text, nil
}

func saveNote(ctx context.Context, tx pgx.Tx, by people.Actor, r Reading, e NoteEdit, quote string, now time.Time) (Note, error) {
	args := pgx.NamedArgs{"person": by.ID, "course": r.Outline.Slug, "lesson": r.Lesson.Slug, "id": e.ID, "paragraph": e.Paragraph, "quote": quote,
		"text": e.Text, "bookmarked": e.Bookmarked, "now": now}
	all, err := pg.All[Note](ctx, tx, `select `+noteColumns+` from lesson_notes where person_id = @person and course = @course and lesson = @lesson
		and (id = @id or @id = 0 and quote = @quote) order by id`, args)
	if err != nil {
		return Note{}, err
	}
	var was Note
	for _, n := range all {
		if at, there := n.At(r.Lesson.Lesson); e.ID != 0 || there && at == e.Paragraph {
			was = n
		}
	}
	switch {
	case was.ID == 0 && e.ID != 0:
		return was, fault.NotFoundf("This note is gone: it was taken away in another window. Copy your words, and write it anew at its paragraph.")
	case was.ID != 0 && was.Text == e.Text && was.Bookmarked == e.Bookmarked:
		return was, nil
	case was.Version != e.On && (e.Guarded || e.On != 0):
		return was, &fault.Error{Kind: fault.Stale, Theirs: was.Text, Message: "This note was changed in another window. Both texts are here; take over what you want to keep, and save again."}
	case e.Text == "" && !e.Bookmarked:
		_, err := tx.Exec(ctx, `delete from lesson_notes where id = $1`, was.ID)
		return Note{Course: r.Outline.Slug, Lesson: r.Lesson.Slug, Paragraph: e.Paragraph}, err
	case was.ID != 0:
		return pg.One[Note](ctx, tx, `update lesson_notes set text = $2, bookmarked = $3, version = version + 1, updated_at = $4 where id = $1 returning `+noteColumns,
			was.ID, e.Text, e.Bookmarked, now)
	}
	var n int
	if err := tx.QueryRow(ctx, `select count(*) from lesson_notes where person_id = @person and course = @course and lesson = @lesson`, args).Scan(&n); err != nil {
		return was, err
	}
	if n >= mostNotes {
		return was, fault.Field("text", fmt.Sprintf("There are %d notes in this lesson already. Take some away first.", mostNotes))
	}
	return pg.One[Note](ctx, tx, `insert into lesson_notes (person_id, course, lesson, paragraph, quote, text, bookmarked, created_at, updated_at)
		values (@person, @course, @lesson, @paragraph, @quote, @text, @bookmarked, @now, @now) returning `+noteColumns, args)
}

// LessonNotes returns the actor's own notes in a lesson, in the order of the
// text, and the version of it that they read.
func (s *Service) LessonNotes(ctx context.Context, by people.Actor, course, lesson string) ([]FoundNote, Reading, error) {
	r, err := s.reading(ctx, s.DB, by.ID, course, lesson)
	if err != nil {
		return nil, r, err
	}
	all, err := pg.All[Note](ctx, s.DB, `select `+noteColumns+` from lesson_notes where person_id = $1 and course = $2 and lesson = $3 order by id`, by.ID, course, lesson)
	return r.Placed(all), r, err
}

// Placed returns notes as they stand in the open lesson, in the order of its
// text: those about the whole first, those whose words are gone last.
func (r Reading) Placed(notes []Note) []FoundNote {
	order := map[string]int{"": -1}
	for i, p := range r.Lesson.Paragraphs {
		order[p.ID] = i
	}
	out := make([]FoundNote, 0, len(notes))
	for _, n := range notes {
		f := FoundNote{Note: n, CourseTitle: r.Outline.Title, LessonTitle: r.Lesson.Title}
		var there bool
		f.Where, there = n.At(r.Lesson.Lesson)
		f.Changed = !there
		out = append(out, f)
	}
	slices.SortStableFunc(out, func(a, b FoundNote) int {
		switch {
		case a.Changed != b.Changed && a.Changed:
			return 1
		case a.Changed != b.Changed:
			return -1
		}
		return order[a.Where] - order[b.Where]
	})
	return out
}

// A FoundNote is a note in the list of all, with the titles of where it stands.
type FoundNote struct {
	Note
	CourseTitle string
	LessonTitle string
	Where       string // the id of its paragraph as it is now; empty: the lesson as a whole
	Changed     bool   // the words it stood at are gone
	Gone        bool   // the lesson is gone
}

// Href returns where the note stands.
func (n FoundNote) Href() string {
	at := "/learn/" + n.Course + "/" + n.Lesson
	if n.Changed {
		return at + "/notes#note-" + fmt.Sprint(n.ID)
	}
	if n.Where != "" {
		at += "#" + n.Where
	}
	return at
}

// Notes returns the actor's own notes, the last changed first, that hold every
// word of text in their own or those they stand at; at most limit, those older
// than before (an id, 0: from the newest).
func (s *Service) Notes(ctx context.Context, by people.Actor, text string, before int64, limit int) ([]FoundNote, error) {
	patterns := []string{}
	for _, w := range strings.Fields(text) {
		patterns = append(patterns, "%"+strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(w)+"%")
	}
	notes, err := pg.All[Note](ctx, s.DB, `select `+noteColumns+` from lesson_notes n where person_id = @person
		and (text || ' ' || quote) ilike all(@patterns::text[])
		and (@before = 0 or (updated_at, id) < (select updated_at, id from lesson_notes where id = @before and person_id = @person))
		order by updated_at desc, id desc limit @limit`, pgx.NamedArgs{"person": by.ID, "patterns": patterns, "before": before, "limit": limit})
	if err != nil {
		return nil, err
	}
	read := map[string]*Reading{}
	var out []FoundNote
	for _, n := range notes {
		key := n.Course + "." + n.Lesson
		if _, ok := read[key]; !ok {
			r, err := s.reading(ctx, s.DB, by.ID, n.Course, n.Lesson)
			switch {
			case err == nil:
				read[key] = &r
			case fault.KindOf(err) == fault.NotFound:
				read[key] = nil
			default:
				return nil, err
			}
		}
		if r := read[key]; r != nil {
			out = append(out, r.Placed([]Note{n})...)
		} else {
			out = append(out, FoundNote{Note: n, CourseTitle: n.Course, LessonTitle: n.Lesson, Gone: true})
		}
	}
	return out, nil
}
