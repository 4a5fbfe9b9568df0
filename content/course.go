package content

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"pitchside/content/source"
)

// A Course is what course.md says; its lessons, quiz and cards are documents
// of their own.
type Course struct {
	Title         string
	Summary       string
	Audience      string
	Minutes       int // 0: the sum of its lessons
	Outcomes      []string
	Skills        []string
	Prerequisites []string // slugs of courses: advice, never a lock
	Attribution   string
	Certificate   *Certificate // nil: completing it grants none
	Intro         html
}

// A Certificate is what completing a course or a program grants.
type Certificate struct {
	Months    int // that it is valid; 0: for ever
	GraceDays int // after its end, in which it can still be renewed
}

const (
	mostMonths       = 120
	defaultGraceDays = 30
	mostGraceDays    = 365
)

// certificate reads the key of that name; without it nothing is granted.
func (r *reading) certificate(v *source.Value) *Certificate {
	if v == nil {
		return nil
	}
	f := v.Fields()
	c := &Certificate{Months: f.Count("months", 0), GraceDays: f.Count("grace_days", defaultGraceDays)}
	if c.Months > mostMonths {
		f.Get("months").Error(fmt.Sprintf("The certificate is valid for %d months.", c.Months), fmt.Sprintf("Write at most %d, or leave months out: then it never ends.", mostMonths))
	}
	if c.GraceDays > mostGraceDays {
		f.Get("grace_days").Error(fmt.Sprintf("The certificate can be renewed for %d days after its end.", c.GraceDays), fmt.Sprintf("Write at most %d.", mostGraceDays))
	}
	f.Close()
	return c
}

// reservedCourses are the names that stand for something else below /learn.
var reservedCourses = []string{"programs", "sessions", "notes"}

func (r *reading) course(f *source.Fields, body source.Text) {
	c := &Course{
		Title:       f.NeedText("title", "Give the course a title: title: Questions for large sales"),
		Summary:     f.Text("summary"),
		Audience:    f.Text("audience"),
		Minutes:     f.Count("minutes", 0),
		Outcomes:    f.Texts("outcomes"),
		Skills:      r.skillRefs(f.Get("skills")),
		Attribution: f.Text("attribution"),
		Certificate: r.certificate(f.Get("certificate")),
	}
	if v := f.Get("prerequisites"); v != nil {
		for _, item := range v.List() {
			slug := item.Text()
			c.Prerequisites = append(c.Prerequisites, slug)
			r.refer(KindCourse, slug, item.Place(), source.Warning, fmt.Sprintf("There is no course “%s” to take before this one.", slug),
				"Correct the slug, or leave it out until that course exists.")
		}
	}
	if c.Attribution == "" {
		f.Warn("The course says nothing about its sources.", "Add attribution: what it was written from, and that it is not affiliated with the owners.")
	}
	if slices.Contains(reservedCourses, r.doc.Slug) {
		f.Error(fmt.Sprintf("“%s” cannot be the name of a course: it is the address of something else.", r.doc.Slug), "Give the course's folder another name.")
	}
	c.Intro = r.prose(body).html()
	r.doc.Course, r.doc.Title = c, c.Title
}

// A Lesson is one lesson of a course.
type Lesson struct {
	Course    string // slug
	Slug      string // within the course
	Title     string
	Minutes   int
	Skills    []string
	Blocks    []Block // text and questions in order
	Headings  []Heading
	Questions []*Question

	Paragraphs []Paragraph // what stands at the ids of the text, headings apart
}

// A Block is a stretch of a lesson: text, or one question.
type Block struct {
	HTML     html
	Question *Question // nil: text
}

// A Paragraph is a stretch of text with an id, and how its words begin.
type Paragraph struct{ ID, Text string }

// A Heading is an entry of the list “On this page”.
type Heading struct{ ID, Text string }

const wordsPerMinute = 150

func (r *reading) lesson(f *source.Fields, body source.Text) {
	course, slug, _ := strings.Cut(r.doc.Slug, ".")
	l := &Lesson{
		Course:  course,
		Slug:    slug,
		Title:   f.NeedText("title", "Give the lesson a title: title: Implication questions"),
		Minutes: f.Count("minutes", 0),
		Skills:  r.skillRefs(f.Get("skills")),
	}
	r.refer(KindCourse, course, source.Place{}, source.Warning, fmt.Sprintf("There is no course.md for “%s”, so nobody can find this lesson.", course),
		"Add courses/"+course+"/course.md, or move the lesson to its course.")
	p := r.prose(body)
	l.Blocks, l.Headings, l.Questions, l.Paragraphs = p.blocks, p.headings, p.questions, p.paragraphs
	if l.Minutes == 0 {
		l.Minutes = max(1, len(strings.Fields(body.String()))/wordsPerMinute)
	}
	r.doc.Lesson, r.doc.Title = l, l.Title
}

// A Quiz is the quiz of a course: a bank of questions and how they are drawn.
type Quiz struct {
	Course    string
	Pass      float64 // percent of the points
	Attempts  int     // 0: no limit
	Draw      int     // questions of the bank that an attempt gets; 0: all
	Shuffle   bool
	Minutes   int  // 0: no limit
	Certainty bool // each answer is asked for how sure one is of it
	Intro     html
	Questions []*Question
}

func (r *reading) quiz(f *source.Fields, body source.Text) {
	q := &Quiz{
		Course:    r.doc.Slug,
		Pass:      f.Number("pass", 80),
		Attempts:  f.Count("attempts", 0),
		Draw:      f.Count("draw", 0),
		Shuffle:   f.Flag("shuffle", true),
		Minutes:   f.Count("minutes", 0),
		Certainty: f.Flag("certainty", false),
	}
	title := f.Text("title")
	if title == "" {
		title = "Course quiz"
	}
	if q.Pass < 0 || q.Pass > 100 {
		f.Get("pass").Error("The pass mark is outside 0 to 100.", "Write the percentage of the points that is enough, such as pass: 80.")
	}
	r.refer(KindCourse, q.Course, source.Place{}, source.Warning, fmt.Sprintf("There is no course.md for “%s”, so nobody can find this quiz.", q.Course),
		"Add courses/"+q.Course+"/course.md, or move the quiz to its course.")
	p := r.prose(body)
	q.Intro, q.Questions = p.html(), p.questions
	if len(q.Questions) == 0 {
		r.notes.Error(source.Place{Line: body.First}, "The quiz has no question.", "Add a heading such as ### Which one? {#q-which-one}, and its answers under it.")
	}
	if q.Draw > len(q.Questions) && len(q.Questions) > 0 {
		f.Get("draw").Error(fmt.Sprintf("The quiz draws %d of %d questions.", q.Draw, len(q.Questions)), "Draw fewer, or write more questions.")
	}
	r.doc.Quiz, r.doc.Title = q, title
}

// A Card is one review card.
type Card struct {
	ID, Front, Back, Skill string
	Tags                   []string // product, pricing or compliance: to be known exactly
	FrontHTML, BackHTML    html
}

// cardTags say that a card must be known exactly: it comes back sooner.
var cardTags = []string{"product", "pricing", "compliance"}

var cardID = regexp.MustCompile(`^[\p{L}\d][\p{L}\d._-]*$`)

func (r *reading) cards(v *source.Value) {
	seen := map[string]bool{}
	for _, item := range v.List() {
		f := item.Fields()
		c := Card{
			ID:    f.NeedText("id", "Give the card an id that never changes: id: two-effects"),
			Front: f.NeedText("front", "Write what the learner is asked: front: …"),
			Back:  f.NeedText("back", "Write what the learner compares with: back: …"),
		}
		if s := f.Get("skill"); s != nil {
			c.Skill = r.skillRef(s)
		}
		if tags := f.Get("tags"); tags != nil {
			for _, t := range tags.List() {
				c.Tags = append(c.Tags, t.Text())
				if !slices.Contains(cardTags, t.Text()) {
					t.Error(fmt.Sprintf("“%s” is no tag of a card.", t.Text()), "Write one or more of: "+strings.Join(cardTags, ", ")+".")
				}
			}
		}
		if seen[c.ID] && c.ID != "" {
			f.Error(fmt.Sprintf("Two cards have the id “%s”.", c.ID), "Give one of them another id; the ids of published cards stay.")
		}
		if c.ID != "" && !cardID.MatchString(c.ID) {
			f.Get("id").Error(fmt.Sprintf("“%s” cannot be the id of a card.", c.ID), "Use letters, digits and hyphens.")
		}
		seen[c.ID] = true
		c.FrontHTML, c.BackHTML = r.inline(c.Front), r.inline(c.Back)
		for _, side := range []string{"front", "back"} {
			if v := f.Get(side); v != nil && v.IsText() {
				r.passage(source.Text{First: v.Place().Line, Lines: strings.Split(v.Text(), "\n")}, v.Place())
			}
		}
		r.doc.Cards = append(r.doc.Cards, c)
		f.Close()
	}
	if len(r.doc.Cards) == 0 {
		v.Error("There is no card in this file.", "Add one: - id: …, with front, back and skill under it.")
	}
	r.doc.Title = "Review cards"
}
