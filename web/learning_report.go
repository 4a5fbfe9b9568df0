package web

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"pitchside/courses"
	"pitchside/people"

	"github.com/gin-gonic/gin"
)

// A learningPage says who is where in programs and courses, of the people whom
// one leads: states and days, never how long somebody took.
type learningPage struct {
	Base
	People   []learningRow
	Overdue  []courses.OverdueItem
	Late     []courses.Assignment // that one gave
	Programs []stallsOf
	Courses  []stallsOf
	Recall   recallView
}

type learningRow struct {
	people.Brief
	Programs []courses.ProgramPlace
	Courses  []courses.Place
}

// A stallsOf is where people stop in one course or program.
type stallsOf struct {
	Title, Href string
	courses.Stalls
}

// Words says which day of a program it is.
func (learningPage) Words(p courses.ProgramPlace) string { return dayOfProgram(p) }

func (s *Site) showLearningReport(c *gin.Context) error {
	by := actor(c)
	p := learningPage{Base: s.base(c, "Learning")}
	var err error
	if p.People, err = s.learningRows(c, by); err != nil {
		return err
	}
	if p.Overdue, err = s.Courses.OverdueItems(ctx(c), by); err != nil {
		return err
	}
	given, err := s.Courses.Given(ctx(c), by, 0, 200)
	if err != nil {
		return err
	}
	for _, a := range given {
		if a.Due.Format(time.DateOnly) < p.in(p.At).Format(time.DateOnly) {
			p.Late = append(p.Late, a)
		}
	}
	if err := s.addStalls(c, by, &p); err != nil {
		return err
	}
	if p.Recall.Bands, err = s.Courses.TeamRecall(ctx(c), by); err != nil {
		return err
	}
	return s.show(c, http.StatusOK, "reports/learning", p)
}

func (s *Site) learningRows(c *gin.Context, by people.Actor) ([]learningRow, error) {
	led, err := s.People.Led(ctx(c), by)
	if err != nil {
		return nil, err
	}
	var rows []learningRow
	for _, b := range led {
		row := learningRow{Brief: b}
		if row.Programs, err = s.Courses.PersonPrograms(ctx(c), by, b.ID); err != nil {
			return nil, err
		}
		if row.Courses, err = s.Courses.Progress(ctx(c), by, b.ID); err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// addStalls adds the programs and courses in which somebody stopped.
func (s *Site) addStalls(c *gin.Context, by people.Actor, p *learningPage) error {
	cards, err := s.Courses.Programs(ctx(c), by)
	if err != nil {
		return err
	}
	for _, card := range cards {
		stalls, err := s.Courses.ProgramStalls(ctx(c), by, card.Slug)
		if err != nil {
			return err
		}
		if len(stalls.Stalling()) > 0 {
			p.Programs = append(p.Programs, stallsOf{card.Program.Title, "/admin/programs/" + card.Slug + "#stalls", stalls})
		}
	}
	outlines, err := s.Courses.Outlines(ctx(c))
	if err != nil {
		return err
	}
	for _, o := range outlines {
		stalls, err := s.Courses.CourseStalls(ctx(c), by, o.Slug)
		if err != nil {
			return err
		}
		if len(stalls.Stalling()) > 0 {
			p.Courses = append(p.Courses, stallsOf{o.Title, "/learn/" + o.Slug, stalls})
		}
	}
	return nil
}

// exportLearning gives who is where as a file, one line for each person and
// course or program.
func (s *Site) exportLearning(c *gin.Context) error {
	rows, err := s.learningRows(c, actor(c))
	if err != nil {
		return err
	}
	c.Header("Content-Type", "text/csv; charset=utf-8")
	c.Header("Content-Disposition", fmt.Sprintf(`attachment; filename="learning-%s.csv"`, s.Now().Format(time.DateOnly)))
	w := csv.NewWriter(c.Writer)
	_ = w.Write([]string{"person_id", "name", "kind", "slug", "title", "started", "done", "of", "overdue", "finished", "left"})
	day := func(t *time.Time) string {
		if t == nil {
			return ""
		}
		return t.UTC().Format(time.DateOnly)
	}
	for _, r := range rows {
		id := strconv.FormatInt(r.ID, 10)
		for _, p := range r.Programs {
			_ = w.Write([]string{id, cellText(r.Name), "program", p.ProgramEnrolment.Program, cellText(p.Program.Title), p.StartsOn.Format(time.DateOnly), strconv.Itoa(p.Done()), strconv.Itoa(p.Total()),
				strconv.Itoa(p.Overdue()), day(p.CompletedAt()), day(p.WithdrawnAt)})
		}
		for _, p := range r.Courses {
			_ = w.Write([]string{id, cellText(r.Name), "course", p.Outline.Slug, cellText(p.Outline.Title), day(p.Standing.StartedAt), strconv.Itoa(p.Done()), strconv.Itoa(len(p.Outline.Lessons)), "", day(p.Standing.CompletedAt), ""})
		}
	}
	w.Flush()
	return w.Error()
}
