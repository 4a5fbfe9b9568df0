package content

import (
	"html/template"
	"maps"
	"time"

	"pitchside/content/source"
)

// A Document is one version of a document, read. Exactly the field of its kind
// is set, unless the source could not be read. It is shared between readers:
// never change it.
type Document struct {
	Identity
	DocumentID int64
	VersionID  int64
	Number     int // of the version, from 1
	State      State
	Minor      bool // readers of the version before move along
	Revision   int  // of a draft: how often it was saved, from 1
	Note       string
	At         time.Time // when the version was made
	Title      string
	Source     []byte
	Problems   []Problem // of the source alone; Lint adds those with other documents

	Course    *Course
	Lesson    *Lesson
	Quiz      *Quiz
	Cards     []Card
	Scenario  *Scenario
	Rubric    *Rubric
	Worksheet *Worksheet
	Template  *Template
	Program   *Program
	Skills    *Skills
	Roles     *Roles
	Metrics   []Metric

	refs    []ref
	anchors map[string]bool // ids on its page; nil: it has no text
}

// A State is where a version is in its life.
type State string

// A version begins as a draft, is published once, and may be retired.
const (
	Draft     State = "draft"
	Published State = "published"
	Retired   State = "retired"
)

// Questions returns the questions of a lesson or a quiz, in order.
func (d *Document) Questions() []*Question {
	switch {
	case d.Lesson != nil:
		return d.Lesson.Questions
	case d.Quiz != nil:
		return d.Quiz.Questions
	}
	return nil
}

// Question returns the question of this id, or nil.
func (d *Document) Question(id string) *Question {
	for _, q := range d.Questions() {
		if q.ID == id {
			return q
		}
	}
	return nil
}

// A ref is one document's mention of another, to be looked up when all are known.
type ref struct {
	kind     Kind
	slug     string
	at       source.Place
	severity source.Severity
	cause    string
	remedy   string
	heading  string // on its page; "": the page
}

// noteAnchors keeps the ids that a link from elsewhere may lead to.
func (d *Document) noteAnchors(ids map[string]bool) {
	if d.anchors == nil {
		d.anchors = map[string]bool{}
	}
	maps.Copy(d.anchors, ids)
}

// Read reads the bytes of a document and notes its problems. It never fails:
// what cannot be read is left out of the document and named in its Problems.
func Read(id Identity, body []byte) *Document {
	d := &Document{Identity: id, Source: body, Title: id.Slug}
	if id.Kind == KindMedia {
		return d
	}
	r := &reading{doc: d, notes: &source.Notes{File: id.Path}, ids: headingIDs{used: map[string]bool{}}}
	text, ok := source.Read(body)
	if !ok {
		r.notes.Error(source.Place{}, "The file is not text in UTF-8.", "Save it as UTF-8 and bring it in again.")
	} else {
		r.read(text)
	}
	source.Sort(r.notes.Problems)
	d.Problems = r.notes.Problems
	return d
}

// A reading is a document on its way from text to what it means.
type reading struct {
	doc        *Document
	notes      *source.Notes
	paragraphs int // numbered so far; a scenario has two bodies
	callouts   int
	ids        headingIDs
	anchors    map[string]bool // ids on the page beside those of the text
	example    *html           // where an example of a worksheet goes, instead of into the text
	exampleOf  string          // whom it is about
}

func (r *reading) read(text source.Text) {
	switch r.doc.Kind {
	case KindCourse, KindLesson, KindQuiz, KindScenario, KindWorksheet:
		r.markdown(text)
	default:
		v := source.Parse(text, r.notes)
		if v == nil {
			return
		}
		switch r.doc.Kind {
		case KindCards:
			r.cards(v)
		case KindRubric:
			r.rubric(v.Fields())
		case KindTemplate:
			r.template(v.Fields())
		case KindProgram:
			r.program(v.Fields())
		case KindSkills:
			r.skills(v.Fields())
		case KindRoles:
			r.roles(v.Fields())
		case KindMetrics:
			r.metrics(v)
		}
	}
}

func (r *reading) markdown(text source.Text) {
	front, body, ok := text.Matter()
	if !ok && r.doc.Kind != KindQuiz { // every key of a quiz may be left out
		r.notes.Error(source.Place{}, "The file does not begin with its front matter.", "Begin with a line of three dashes, then the keys, then three dashes again.")
		return
	}
	v := source.Parse(front, r.notes)
	if v == nil {
		return
	}
	f := v.Fields()
	switch r.doc.Kind {
	case KindCourse:
		r.course(f, body)
	case KindLesson:
		r.lesson(f, body)
	case KindQuiz:
		r.quiz(f, body)
	case KindScenario:
		r.scenario(f, body)
	case KindWorksheet:
		r.worksheet(f, body)
	}
	f.Close()
}

// refer notes that the document mentions another, which must exist.
func (r *reading) refer(kind Kind, slug string, at source.Place, severity source.Severity, cause, remedy string) {
	r.doc.refs = append(r.doc.refs, ref{kind: kind, slug: slug, at: at, severity: severity, cause: cause, remedy: remedy})
}

// skillRefs notes the skills of a list, each of which must be in the framework.
func (r *reading) skillRefs(v *source.Value) []string {
	if v == nil {
		return nil
	}
	var out []string
	for _, item := range v.List() {
		out = append(out, r.skillRef(item))
	}
	return out
}

func (r *reading) skillRef(v *source.Value) string {
	slug := v.Text()
	if slug != "" {
		r.needSkill(slug, v.Place())
	}
	return slug
}

// html is rendered Markdown that is safe to put into a page.
type html = template.HTML
