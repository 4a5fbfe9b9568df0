package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"pitchside/assessments"
	"pitchside/courses"
	"pitchside/people"

	"github.com/gin-gonic/gin"
)

type cataloguePage struct {
	Base
	Mine, Rest, Done []courses.Place
	Cards            int                    // to review today
	Programs         []courses.ProgramPlace // that one is in
	Others           []courses.ProgramCard
	Live             []courses.LiveSession // to come, with a place of one's own
}

// Words says which day of a program it is.
func (cataloguePage) Words(p courses.ProgramPlace) string { return dayOfProgram(p) }

// DueWords says when the next item of a program is due.
func (cataloguePage) DueWords(p courses.ProgramPlace, i courses.ItemPlace) string {
	return daysLeft(i, p.Today)
}

// NextLink is where the next item of a program is done.
func (cataloguePage) NextLink(p courses.ProgramPlace, i courses.ItemPlace) string {
	return nextLink(p, i)
}

func nextLink(p courses.ProgramPlace, i courses.ItemPlace) string {
	if to := i.Href(); to != "" {
		return to
	}
	return "/learn/programs/" + p.ProgramEnrolment.Program + "#" + i.ID
}

// showCatalogue lists the courses: what is due or begun first, then the rest.
func (s *Site) showCatalogue(c *gin.Context) error {
	by := actor(c)
	p := cataloguePage{Base: s.base(c, "Learn")}
	places, err := s.Courses.Catalogue(ctx(c), by)
	if err != nil {
		return err
	}
	for _, pl := range places {
		switch {
		case pl.State() == courses.Completed && pl.Due == nil:
			p.Done = append(p.Done, pl)
		case pl.State() == courses.Begun || pl.Due != nil:
			p.Mine = append(p.Mine, pl)
		default:
			p.Rest = append(p.Rest, pl)
		}
	}
	p.Rest = readyFirst(p.Rest, places)
	slices.SortStableFunc(p.Mine, func(a, b courses.Place) int { return compareDue(a.Due, b.Due) })
	if p.Live, err = s.Courses.MySessions(ctx(c), by); err != nil {
		return err
	}
	cards, err := s.Courses.Programs(ctx(c), by)
	if err != nil {
		return err
	}
	for _, card := range cards {
		if card.Place != nil && card.Place.WithdrawnAt == nil {
			p.Programs = append(p.Programs, *card.Place)
		} else {
			p.Others = append(p.Others, card)
		}
	}
	queue, err := s.Courses.Reviews(ctx(c), by, by.ID)
	if err != nil {
		return err
	}
	p.Cards = len(queue.Today())
	return s.show(c, http.StatusOK, "learn/catalogue", p)
}

// readyFirst puts the courses whose own prerequisites are done before the
// others: advice on where to begin, never a lock. all is every course.
func readyFirst(some, all []courses.Place) []courses.Place {
	left := map[string]bool{}
	for _, pl := range all {
		left[pl.Outline.Slug] = pl.State() != courses.Completed
	}
	waits := func(pl courses.Place) int {
		n := 0
		for _, slug := range pl.Outline.Course.Prerequisites {
			if left[slug] {
				n++
			}
		}
		return n
	}
	out := slices.Clone(some)
	slices.SortStableFunc(out, func(a, b courses.Place) int { return waits(a) - waits(b) })
	return out
}

// compareDue puts the earlier day first, and what has none last.
func compareDue(a, b *time.Time) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	return a.Compare(*b)
}

type coursePage struct {
	Base
	Place     courses.Place
	Action    *link // the one next thing; nil in a course without lessons
	Lessons   []lessonRow
	Quiz      *quizRow
	Skills    string
	Before    []link // courses that go well before this one
	MayAssign bool
	Learners  []courses.Learner
	Stalls    *courses.Stalls       // nil: not for this reader
	Newer     []courses.NewerLesson // changed since they were begun
	Held      *certificateView      // the certificate of the course
}

// Grants says what completing the course grants, "" if nothing.
func (p coursePage) Grants() string {
	c := p.Place.Outline.Course.Certificate
	switch {
	case c == nil:
		return ""
	case c.Months == 0:
		return "Completing it grants a certificate."
	case c.Months%12 == 0:
		return "Completing it grants a certificate, valid for " + plural(c.Months/12, "year", "years") + "."
	}
	return "Completing it grants a certificate, valid for " + plural(c.Months, "month", "months") + "."
}

// Asked reports whether a choice between the version begun and a newer one is
// still open.
func (p coursePage) Asked() bool {
	return slices.ContainsFunc(p.Newer, func(n courses.NewerLesson) bool { return !n.Stays })
}

// Notes is what the authors say has changed, each once.
func (p coursePage) Notes() []string {
	var out []string
	for _, n := range p.Newer {
		for _, note := range n.Notes {
			if !slices.Contains(out, note) {
				out = append(out, note)
			}
		}
	}
	return out
}

type lessonRow struct {
	courses.LessonOutline
	Icon, State string
}

type quizRow struct{ Words, State string }

// LearnersWords says how many have begun and finished.
func (p coursePage) LearnersWords() string {
	begun, done := 0, 0
	for _, l := range p.Learners {
		if l.StartedAt != nil {
			begun++
		}
		if l.CompletedAt != nil {
			done++
		}
	}
	return fmt.Sprintf("%d of %s have begun, %d finished, today", begun, plural(len(p.Learners), "person", "people"), done)
}

func (s *Site) showCourse(c *gin.Context) error {
	by := actor(c)
	place, err := s.Courses.Place(ctx(c), by, c.Param("course"))
	if err != nil {
		return err
	}
	p := coursePage{Base: s.base(c, place.Outline.Title), Place: place, MayAssign: by.Can(people.Coach, people.Manager) && !place.Outline.Retired}
	p.Wide = "mid"
	p.Lessons = lessonRows(place.Outline, place.Standing, "")
	if place.Outline.Quiz != nil {
		tries, err := s.Assessments.QuizAttempts(ctx(c), by, place.Outline.Slug)
		if err != nil {
			return err
		}
		rule, err := s.Assessments.QuizRule(ctx(c), place.Outline.Slug)
		if err != nil {
			return err
		}
		p.Quiz = &quizRow{Words: quizWords(rule), State: quizState(place.Standing, tries)}
	}
	p.Action = courseAction(place)
	if place.Standing.StartedAt != nil {
		if p.Newer, err = s.Courses.Newer(ctx(c), by, by.ID, place.Outline.Slug); err != nil {
			return err
		}
	}
	if place.Standing.CompletedAt != nil && place.Outline.Course.Certificate != nil {
		all, err := s.Courses.PersonCertificates(ctx(c), by, by.ID)
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(all, func(o courses.Certificate) bool { return o.Kind == "course" && o.Slug == place.Outline.Slug }); i >= 0 {
			held := s.viewOf(all[i])
			p.Held = &held
		}
	}
	if p.Skills, err = s.skillNames(c, place.Outline.Course.Skills); err != nil {
		return err
	}
	if p.Before, err = s.coursesBefore(c, place.Outline.Course.Prerequisites); err != nil {
		return err
	}
	if p.MayAssign {
		if p.Learners, err = s.Courses.Learners(ctx(c), by, place.Outline.Slug); err != nil {
			return err
		}
	}
	if by.Can(programmers...) {
		stalls, err := s.Courses.CourseStalls(ctx(c), by, place.Outline.Slug)
		if err != nil {
			return err
		}
		p.Stalls = &stalls
	}
	return s.show(c, http.StatusOK, "learn/course", p)
}

// courseAction is the next thing to do in a course.
func courseAction(p courses.Place) *link {
	l := p.Next()
	switch {
	case len(p.Outline.Lessons) == 0:
		return nil
	case p.Standing.StartedAt == nil || (l != nil && p.Done() == 0 && p.Standing.Lesson(l.Slug) == nil):
		return &link{fmt.Sprintf("Start, %d min", p.Outline.Lessons[0].Minutes), p.NextHref()}
	case l != nil:
		return &link{"Continue: " + l.Title, p.NextHref()}
	case p.Outline.Quiz != nil && p.Standing.QuizPassedAt == nil:
		return &link{"Open the quiz", p.NextHref()}
	}
	return &link{"Read again from the start", "/learn/" + p.Outline.Slug + "/" + p.Outline.Lessons[0].Slug}
}

// lessonRows says of each lesson how far the person is; here is the open one.
func lessonRows(o *courses.Outline, standing courses.Standing, here string) []lessonRow {
	var rows []lessonRow
	for _, l := range o.Lessons {
		row := lessonRow{LessonOutline: l, Icon: "circle"}
		switch at := standing.Lesson(l.Slug); {
		case at == nil:
		case at.DoneAt != nil:
			row.Icon, row.State = "done", "done"
		default:
			row.Icon, row.State = "half", "begun"
		}
		if l.Slug == here && row.Icon == "circle" {
			row.Icon = "half"
		}
		rows = append(rows, row)
	}
	return rows
}

func quizWords(r assessments.QuizRule) string {
	words := []string{plural(r.Draw, "question", "questions"), fmt.Sprintf("pass at %s %%", trimmed(r.Pass))}
	if r.Minutes > 0 {
		words = append(words, fmt.Sprintf("%d minutes", r.Minutes))
	} else {
		words = append(words, "no time limit")
	}
	if r.Attempts > 0 {
		words = append(words, plural(r.Attempts, "attempt", "attempts"))
	}
	return strings.Join(words, ", ")
}

func quizState(standing courses.Standing, tries []assessments.QuizAttempt) string {
	switch {
	case standing.QuizPassedAt != nil:
		return "passed"
	case len(tries) == 0:
		return ""
	case tries[len(tries)-1].SubmittedAt == nil:
		return "begun"
	}
	return "not passed yet"
}

// skillNames writes skills by their names in the framework.
func (s *Site) skillNames(c *gin.Context, slugs []string) (string, error) {
	if len(slugs) == 0 {
		return "", nil
	}
	framework, err := s.Skills.Framework(ctx(c))
	if err != nil {
		return "", err
	}
	names := make([]string, len(slugs))
	for i, slug := range slugs {
		names[i] = slug
		if k, err := framework.Skill(slug); err == nil {
			names[i] = k.Name
		}
	}
	return strings.Join(names, ", "), nil
}

// coursesBefore names the courses that a course builds on; those that are not
// published have no address.
func (s *Site) coursesBefore(c *gin.Context, slugs []string) ([]link, error) {
	if len(slugs) == 0 {
		return nil, nil
	}
	all, err := s.Courses.Outlines(ctx(c))
	if err != nil {
		return nil, err
	}
	var out []link
	for _, slug := range slugs {
		for _, o := range all {
			if o.Slug == slug {
				out = append(out, link{o.Title, "/learn/" + slug})
			}
		}
	}
	return out, nil
}

func (s *Site) enrol(c *gin.Context) error {
	by, course := actor(c), c.Param("course")
	if _, err := s.Courses.Enrol(ctx(c), by, by.ID, course); err != nil {
		return err
	}
	return s.seeOther(c, "/learn/"+course, "Kept. The course stands under Yours on Learn, and its cards come up in review.")
}

func (s *Site) leaveCourse(c *gin.Context) error {
	by, course := actor(c), c.Param("course")
	if err := s.Courses.LeaveCourse(ctx(c), by, by.ID, course); err != nil {
		return err
	}
	return s.seeOther(c, "/learn", "Left. What you did in it is kept; reading on brings it back.")
}
