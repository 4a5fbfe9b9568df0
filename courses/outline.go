package courses

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"

	"pitchside/content"
	"pitchside/internal/fault"
)

// An Outline is a published course as a learner meets it. It is shared between
// readers: never change it.
type Outline struct {
	Slug    string
	Course  *content.Course
	Title   string
	Summary string
	Minutes int
	Lessons []LessonOutline
	Quiz    *content.Quiz // nil: none
	Cards   []content.Card
	Retired bool // only for those who have begun it
}

// A LessonOutline is a lesson in a list of lessons.
type LessonOutline struct {
	Slug      string
	Number    int // from 1
	Title     string
	Minutes   int
	Checks    int
	VersionID int64 // the published one
}

// Lesson returns a lesson by slug, or nil.
func (o *Outline) Lesson(slug string) *LessonOutline {
	if i := slices.IndexFunc(o.Lessons, func(l LessonOutline) bool { return l.Slug == slug }); i >= 0 {
		return &o.Lessons[i]
	}
	return nil
}

// After returns the lesson that follows one, or nil.
func (o *Outline) After(slug string) *LessonOutline {
	if l := o.Lesson(slug); l != nil && l.Number < len(o.Lessons) {
		return &o.Lessons[l.Number]
	}
	return nil
}

// Before returns the lesson that comes before one, or nil.
func (o *Outline) Before(slug string) *LessonOutline {
	if l := o.Lesson(slug); l != nil && l.Number > 1 {
		return &o.Lessons[l.Number-2]
	}
	return nil
}

func (o *Outline) lessonSlugs() []string {
	out := make([]string, len(o.Lessons))
	for i, l := range o.Lessons {
		out[i] = l.Slug
	}
	return out
}

// madeOutlines are the outlines of one edition of the library. A lesson page
// needs one on every view, and the library changes a few times a week.
type madeOutlines struct {
	mu      sync.Mutex
	edition int64
	list    []*Outline // by title, then those that are retired
	bySlug  map[string]*Outline
}

// Outlines returns every published course, by title.
func (s *Service) Outlines(ctx context.Context) ([]*Outline, error) {
	list, _, err := s.outlines(ctx)
	return slices.DeleteFunc(slices.Clone(list), func(o *Outline) bool { return o.Retired }), err
}

// outlines makes the outlines of the library as it stands, with those of
// retired courses, or returns those made before.
func (s *Service) outlines(ctx context.Context) ([]*Outline, map[string]*Outline, error) {
	edition, err := s.Content.Edition(ctx)
	if err != nil {
		return nil, nil, err
	}
	s.made.mu.Lock()
	defer s.made.mu.Unlock()
	if s.made.bySlug != nil && s.made.edition == edition {
		return s.made.list, s.made.bySlug, nil
	}
	docs, err := s.courseDocuments(ctx)
	if err != nil {
		return nil, nil, err
	}
	var list []*Outline
	bySlug := map[string]*Outline{}
	for _, d := range docs[content.KindCourse] {
		if d.Course != nil {
			o := outline(d, docs)
			list, bySlug[o.Slug] = append(list, o), o
		}
	}
	slices.SortFunc(list, func(a, b *Outline) int {
		return cmp.Or(strings.Compare(strings.ToLower(a.Title), strings.ToLower(b.Title)), strings.Compare(a.Slug, b.Slug))
	})
	retired, err := s.retiredOutlines(ctx)
	if err != nil {
		return nil, nil, err
	}
	for _, o := range retired {
		list, bySlug[o.Slug] = append(list, o), o
	}
	s.made.edition, s.made.list, s.made.bySlug = edition, list, bySlug
	return list, bySlug, nil
}

func (s *Service) retiredOutlines(ctx context.Context) ([]*Outline, error) {
	retired, err := s.Content.RetiredCourses(ctx)
	if err != nil {
		return nil, err
	}
	var out []*Outline
	for _, parts := range retired {
		docs := map[content.Kind][]*content.Document{}
		for _, d := range parts {
			docs[d.Kind] = append(docs[d.Kind], d)
		}
		for _, d := range docs[content.KindCourse] {
			if d.Course != nil {
				o := outline(d, docs)
				o.Retired = true
				out = append(out, o)
			}
		}
	}
	slices.SortFunc(out, func(a, b *Outline) int { return strings.Compare(a.Slug, b.Slug) })
	return out, nil
}

// courseDocuments returns the published documents that courses are made of, by kind.
func (s *Service) courseDocuments(ctx context.Context) (map[content.Kind][]*content.Document, error) {
	docs := map[content.Kind][]*content.Document{}
	for _, k := range []content.Kind{content.KindCourse, content.KindLesson, content.KindQuiz, content.KindCards} {
		var err error
		if docs[k], err = s.Content.List(ctx, k); err != nil {
			return nil, err
		}
	}
	return docs, nil
}

func outline(d *content.Document, docs map[content.Kind][]*content.Document) *Outline {
	o := &Outline{Slug: d.Slug, Course: d.Course, Title: d.Title, Summary: d.Course.Summary, Minutes: d.Course.Minutes}
	var lessons []*content.Document
	for _, l := range docs[content.KindLesson] {
		if l.Lesson != nil && l.Lesson.Course == d.Slug {
			lessons = append(lessons, l)
		}
	}
	slices.SortFunc(lessons, func(a, b *content.Document) int { return strings.Compare(a.Path, b.Path) })
	sum := 0
	for i, l := range lessons {
		o.Lessons = append(o.Lessons, LessonOutline{Slug: l.Lesson.Slug, Number: i + 1, Title: l.Title, Minutes: l.Lesson.Minutes,
			Checks: len(l.Lesson.Questions), VersionID: l.VersionID})
		sum += l.Lesson.Minutes
	}
	if o.Minutes == 0 {
		o.Minutes = sum
	}
	for _, q := range docs[content.KindQuiz] {
		if q.Slug == d.Slug {
			o.Quiz = q.Quiz
		}
	}
	for _, k := range docs[content.KindCards] {
		if k.Slug == d.Slug {
			o.Cards = k.Cards
		}
	}
	return o
}

// Outline returns one published course.
func (s *Service) Outline(ctx context.Context, course string) (*Outline, error) {
	o, err := s.Kept(ctx, course)
	if err == nil && o.Retired {
		return nil, noCourse(course)
	}
	return o, err
}

// Kept returns one course that is published, or retired: for those who have
// begun it, and those who lead them.
func (s *Service) Kept(ctx context.Context, course string) (*Outline, error) {
	_, bySlug, err := s.outlines(ctx)
	if err != nil {
		return nil, err
	}
	if o := bySlug[course]; o != nil {
		return o, nil
	}
	return nil, noCourse(course)
}

// A LessonText is one version of a lesson.
type LessonText struct {
	*content.Lesson
	VersionID int64
	Number    int // of the version, from 1
}

// Check returns a check of the lesson by id, or nil.
func (l *LessonText) Check(id string) *content.Question {
	if i := slices.IndexFunc(l.Questions, func(q *content.Question) bool { return q.ID == id }); i >= 0 {
		return l.Questions[i]
	}
	return nil
}

// lessonText returns the version of a lesson to show somebody who began at a
// version (0: not begun): the published one, or the one they began unless only
// minor edits lie between. later says that a newer one than theirs is out.
func (s *Service) lessonText(ctx context.Context, o *Outline, lesson string, began int64) (text *LessonText, later bool, err error) {
	published := s.Content.Published
	if o.Retired {
		published = s.Content.Last
	}
	now, err := published(ctx, content.KindLesson, o.Slug+"."+lesson)
	if err != nil && (began == 0 || fault.KindOf(err) != fault.NotFound) {
		return nil, false, err
	}
	doc := now
	if began != 0 && (now == nil || began != now.VersionID) {
		theirs, err := s.Content.Version(ctx, began)
		if err != nil {
			return nil, false, err
		}
		along := false
		if now != nil {
			if along, err = s.Content.MovesAlong(ctx, theirs); err != nil {
				return nil, false, err
			}
		}
		if !along {
			doc, later = theirs, now != nil
		}
	}
	if doc.Lesson == nil {
		return nil, false, fault.NotFoundf("This lesson cannot be read at the moment. Its author has to put it right first.")
	}
	return &LessonText{doc.Lesson, doc.VersionID, doc.Number}, later, nil
}

// cards returns every review card of the library, retired courses included.
func (s *Service) cards(ctx context.Context) ([]Card, error) {
	all, _, err := s.outlines(ctx)
	if err != nil {
		return nil, err
	}
	var out []Card
	for _, o := range all {
		for _, c := range o.Cards {
			out = append(out, Card{Course: o.Slug, Title: o.Title, Card: c.ID, Skill: c.Skill, Tags: c.Tags, Front: c.Front, Back: c.Back,
				FrontHTML: c.FrontHTML, BackHTML: c.BackHTML})
		}
	}
	return out, nil
}

// titleOf returns the title of what is to be assigned; NotFound if the library
// has no such thing.
func (s *Service) titleOf(ctx context.Context, p Plan) (string, error) {
	kinds := map[Target]content.Kind{ToCourse: content.KindCourse, ToLesson: content.KindLesson, ToScenario: content.KindScenario, ToWorksheet: content.KindWorksheet}
	kind, ok := kinds[p.Kind]
	switch {
	case p.Kind == ToTopic && p.Title == "":
		return "", fault.Field("title", "Say in a few words what to talk about.")
	case p.Kind == ToTopic && len(p.Title) > 300:
		return "", fault.Field("title", "This is too long for a topic: at most 300 characters.")
	case p.Kind == ToTopic:
		return p.Title, nil
	case !ok:
		return "", fault.Field("kind", "Choose a lesson, a course, a role-play, a worksheet or a topic.")
	case p.Ref == "":
		return "", fault.Field("ref", "Choose what to assign.")
	}
	doc, err := s.Content.Published(ctx, kind, p.Ref)
	if err != nil {
		return "", err
	}
	return doc.Title, nil
}

// Marked is what an answer to a check earned.
type Marked = content.Result
