package api

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"pitchside/courses"
	"pitchside/people"
)

// A courseJSON is a published course.
type courseJSON struct {
	Slug          string       `json:"slug"`
	Title         string       `json:"title"`
	Summary       string       `json:"summary"`
	Audience      string       `json:"audience"`
	Minutes       int          `json:"minutes"`
	Outcomes      []string     `json:"outcomes"`
	Skills        []string     `json:"skills"`
	Prerequisites []string     `json:"prerequisites" doc:"Slugs of courses that go well before it: advice, never a lock."`
	Attribution   string       `json:"attribution"`
	Lessons       []lessonJSON `json:"lessons"`
	Quiz          *quizJSON    `json:"quiz"`
	Cards         int          `json:"cards"`
}

type lessonJSON struct {
	Slug    string `json:"slug"`
	Title   string `json:"title"`
	Minutes int    `json:"minutes"`
	Checks  int    `json:"checks" doc:"Questions to answer before the lesson is done."`
}

type quizJSON struct {
	Pass      float64 `json:"pass" doc:"Per cent of the points that is enough."`
	Attempts  int     `json:"attempts" doc:"0: no limit."`
	Questions int     `json:"questions" doc:"How many an attempt draws."`
	Minutes   int     `json:"minutes" doc:"0: no limit."`
}

func asCourse(o *courses.Outline) courseJSON {
	c := courseJSON{Slug: o.Slug, Title: o.Title, Summary: o.Summary, Audience: o.Course.Audience, Minutes: o.Minutes, Outcomes: orNone(o.Course.Outcomes),
		Skills: orNone(o.Course.Skills), Prerequisites: orNone(o.Course.Prerequisites), Attribution: o.Course.Attribution, Lessons: []lessonJSON{}, Cards: len(o.Cards)}
	for _, l := range o.Lessons {
		c.Lessons = append(c.Lessons, lessonJSON{l.Slug, l.Title, l.Minutes, l.Checks})
	}
	if q := o.Quiz; q != nil {
		c.Quiz = &quizJSON{q.Pass, q.Attempts, q.Draw, q.Minutes}
		if q.Draw == 0 {
			c.Quiz.Questions = len(q.Questions)
		}
	}
	return c
}

// orNone makes a missing list an empty one.
func orNone(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

type enrolmentJSON struct {
	PersonID     int64      `json:"person_id"`
	Course       string     `json:"course"`
	StartedAt    time.Time  `json:"started_at"`
	QuizPassedAt *time.Time `json:"quiz_passed_at"`
	CompletedAt  *time.Time `json:"completed_at"`
}

// A progressJSON is how far a person is in a course they have begun.
type progressJSON struct {
	enrolmentJSON
	Title        string               `json:"title"`
	State        string               `json:"state" enum:"begun,completed"`
	LessonsDone  int                  `json:"lessons_done"`
	LessonsTotal int                  `json:"lessons_total"`
	Lessons      []lessonProgressJSON `json:"lessons"`
}

type lessonProgressJSON struct {
	Lesson    string     `json:"lesson"`
	Title     string     `json:"title"`
	State     string     `json:"state" enum:"not_begun,begun,done"`
	Done      bool       `json:"done"`
	Paragraph string     `json:"paragraph,omitempty" doc:"Where the person goes on."`
	StartedAt *time.Time `json:"started_at"`
	DoneAt    *time.Time `json:"done_at"`
}

func asProgress(personID int64, p courses.Place) progressJSON {
	out := progressJSON{Title: p.Outline.Title, State: string(p.State()), LessonsDone: p.Done(), LessonsTotal: len(p.Outline.Lessons), Lessons: []lessonProgressJSON{},
		enrolmentJSON: enrolmentJSON{personID, p.Outline.Slug, *p.Standing.StartedAt, p.Standing.QuizPassedAt, p.Standing.CompletedAt}}
	for _, l := range p.Outline.Lessons {
		row := lessonProgressJSON{Lesson: l.Slug, Title: l.Title, State: "not_begun"}
		if at := p.Standing.Lesson(l.Slug); at != nil {
			row.State, row.Paragraph, row.StartedAt, row.DoneAt = "begun", at.Paragraph, &at.StartedAt, at.DoneAt
			if at.DoneAt != nil {
				row.State, row.Done = "done", true
			}
		}
		out.Lessons = append(out.Lessons, row)
	}
	return out
}

// A LessonPath names a lesson of a person. It is exported because only the
// exported parts of an input are read.
type LessonPath struct {
	ID     int64  `path:"id"`
	Course string `path:"course"`
	Lesson string `path:"lesson"`
}

func (a *API) registerLearning() {
	a.registerCourses()
	a.registerProgress()
	a.registerLessons()
	a.registerReviews()
	a.registerReviewing()
	a.registerCertificates()
	a.registerNewer()
	a.registerPrograms()
	a.registerLive()
	a.registerNotes()
	a.registerPosts()
	a.registerAssignments()
}

func (a *API) registerCourses() {
	register(a, op{Method: http.MethodGet, Path: "/courses", ID: "list-courses", Summary: "The published courses", Scope: "courses:read", Tag: "Learning"},
		func(ctx context.Context, _ people.Actor, in *struct{ Paging }) (*Body[Page[courseJSON]], error) {
			all, err := a.Courses.Outlines(ctx)
			if err != nil {
				return nil, err
			}
			slices.SortFunc(all, func(x, y *courses.Outline) int { return strings.Compare(x.Slug, y.Slug) })
			items, next := []courseJSON{}, ""
			for _, o := range all {
				if o.Slug <= in.Cursor {
					continue
				}
				if len(items) == in.Limit {
					next = items[len(items)-1].Slug
					break
				}
				items = append(items, asCourse(o))
			}
			return &Body[Page[courseJSON]]{page(items, next)}, nil
		})
	register(a, op{Method: http.MethodGet, Path: "/courses/{slug}", ID: "get-course", Summary: "A course and its lessons", Scope: "courses:read", Tag: "Learning"},
		func(ctx context.Context, _ people.Actor, in *struct {
			Slug string `path:"slug"`
		}) (*Body[courseJSON], error) {
			o, err := a.Courses.Outline(ctx, in.Slug)
			if err != nil {
				return nil, err
			}
			return &Body[courseJSON]{asCourse(o)}, nil
		})
}

func (a *API) registerProgress() {
	register(a, op{Method: http.MethodGet, Path: "/people/{id}/progress", ID: "get-progress", Summary: "The courses a person has begun", Scope: "courses:read", Tag: "Learning"},
		func(ctx context.Context, by people.Actor, in *struct {
			ID int64 `path:"id"`
			Paging
		}) (*Body[Page[progressJSON]], error) {
			places, err := a.Courses.Progress(ctx, by, in.ID)
			if err != nil {
				return nil, err
			}
			slices.SortFunc(places, func(x, y courses.Place) int { return strings.Compare(x.Outline.Slug, y.Outline.Slug) })
			items, next := []progressJSON{}, ""
			for _, p := range places {
				if p.Outline.Slug <= in.Cursor {
					continue
				}
				if len(items) == in.Limit {
					next = items[len(items)-1].Course
					break
				}
				items = append(items, asProgress(in.ID, p))
			}
			return &Body[Page[progressJSON]]{page(items, next)}, nil
		})
}

func (a *API) registerLessons() {
	type done struct {
		Done bool `json:"done"`
	}
	type lessonDone struct {
		Course          string `json:"course"`
		Lesson          string `json:"lesson"`
		Done            bool   `json:"done"`
		CourseCompleted bool   `json:"course_completed"`
	}
	register(a, op{Method: http.MethodPut, Path: "/people/{id}/lessons/{course}/{lesson}", ID: "put-lesson", Summary: "Open a lesson, or mark it as done once its checks are answered", Scope: "courses:write", Tag: "Learning"},
		func(ctx context.Context, by people.Actor, in *struct {
			LessonPath
			Body done
		}) (*Body[lessonDone], error) {
			if !in.Body.Done {
				is, err := a.Courses.Begin(ctx, by, in.ID, in.Course, in.Lesson)
				if err != nil {
					return nil, err
				}
				return &Body[lessonDone]{lessonDone{in.Course, in.Lesson, is, false}}, nil
			}
			complete, err := a.Courses.Finish(ctx, by, in.ID, in.Course, in.Lesson)
			if err != nil {
				return nil, err
			}
			return &Body[lessonDone]{lessonDone{in.Course, in.Lesson, true, complete}}, nil
		})
	register(a, op{Method: http.MethodPost, Path: "/people/{id}/lessons/{course}/{lesson}/answers/{question_id}", ID: "answer-check", Summary: "Answer a check of a lesson", Scope: "courses:write", Tag: "Learning"},
		func(ctx context.Context, by people.Actor, in *struct {
			LessonPath
			QuestionID string `path:"question_id"`
			Body       answerInput
		}) (*Body[markedJSON], error) {
			m, err := a.Courses.Answer(ctx, by, in.ID, in.Course, in.Lesson, in.QuestionID, in.Body.Answer)
			if err != nil {
				return nil, err
			}
			return &Body[markedJSON]{asMarked(in.QuestionID, m)}, nil
		})
}

// A cardJSON is a review card that is due.
type cardJSON struct {
	CardID int64     `json:"card_id"`
	Course string    `json:"course"`
	Card   string    `json:"card"`
	Skill  string    `json:"skill"`
	Front  string    `json:"front"`
	Back   string    `json:"back"`
	Due    time.Time `json:"due"`
	Today  bool      `json:"today" doc:"Among the five to ask today; none on weekends."`
}

type reviewedJSON struct {
	Due          time.Time `json:"due"`
	IntervalDays int       `json:"interval_days"`
	Stability    float64   `json:"stability"`
	Difficulty   float64   `json:"difficulty"`
}

func (a *API) registerReviews() {
	register(a, op{Method: http.MethodGet, Path: "/people/{id}/reviews", ID: "list-reviews", Summary: "The review cards that are due", Scope: "courses:read", Tag: "Learning"},
		func(ctx context.Context, by people.Actor, in *struct {
			ID int64 `path:"id"`
			Paging
		}) (*Body[Page[cardJSON]], error) {
			q, err := a.Courses.Reviews(ctx, by, in.ID)
			if err != nil {
				return nil, err
			}
			from, err := offsetAfter(in.Cursor, len(q.Cards), func(i int) int64 { return q.Cards[i].ID })
			if err != nil {
				return nil, err
			}
			items, next := []cardJSON{}, ""
			for _, c := range q.Cards[from:] {
				if len(items) == in.Limit {
					next = strconv.FormatInt(items[len(items)-1].CardID, 10)
					break
				}
				items = append(items, cardJSON{c.ID, c.Course, c.Card, c.Skill, c.Front, c.Back, c.Due, c.Today})
			}
			return &Body[Page[cardJSON]]{page(items, next)}, nil
		})
	type review struct {
		Rating   string     `json:"rating" enum:"again,hard,good"`
		At       *time.Time `json:"at,omitempty" doc:"When it was reviewed; now if absent."`
		PersonID int64      `json:"person_id,omitempty" doc:"Whose card it is; the token's owner if absent."`
	}
	register(a, op{Method: http.MethodPost, Path: "/reviews/{card_id}", ID: "review-card", Summary: "Say how a card was recalled", Scope: "courses:write", Tag: "Learning"},
		func(ctx context.Context, by people.Actor, in *struct {
			CardID int64 `path:"card_id"`
			Body   review
		}) (*Body[reviewedJSON], error) {
			person, at := in.Body.PersonID, a.Now()
			if person == 0 {
				person = by.ID
			}
			if in.Body.At != nil {
				at = *in.Body.At
			}
			r, err := a.Courses.Review(ctx, by, person, in.CardID, courses.Rating(in.Body.Rating), at)
			if err != nil {
				return nil, err
			}
			return &Body[reviewedJSON]{reviewedJSON{r.Due, r.IntervalDays, r.Stability, r.Difficulty}}, nil
		})
}

// offsetAfter returns where a list goes on after the item whose id the cursor
// names; an item that is gone ends the list.
func offsetAfter(cursor string, n int, id func(int) int64) (int, error) {
	want, err := cursorID(cursor)
	if err != nil || want == 0 {
		return 0, err
	}
	for i := range n {
		if id(i) == want {
			return i + 1, nil
		}
	}
	return n, nil
}

// answerInput is an answer to a question of a lesson or a quiz.
type answerInput struct {
	Answer json.RawMessage `json:"answer" doc:"By kind of question: an option id, ids, a text, a number, an object left→right, ids in order."`
}
