package web

import (
	"fmt"
	"net/http"
	"strconv"

	"pitchside/assessments"
	"pitchside/people"

	"github.com/gin-gonic/gin"
)

type worksheetRow struct {
	assessments.Scenario
	SkillNames []string
	Tries      int
	Latest     *assessments.Attempt
}

func (f practiceFilter) takesSheet(r worksheetRow) bool {
	return f.takes(scenarioRow{Scenario: r.Scenario, Tries: r.Tries})
}

// worksheetRows pairs the worksheets with what the reader tried.
func worksheetRows(all []assessments.Scenario, tried []assessments.Attempt, names map[string]string) []worksheetRow {
	keyed := make([]assessments.Scenario, len(all))
	for i, w := range all {
		keyed[i] = w
		keyed[i].Slug = assessments.WorksheetName(w.Slug)
	}
	rows := make([]worksheetRow, len(all))
	for i, r := range scenarioRows(keyed, tried, names) {
		rows[i] = worksheetRow{all[i], r.SkillNames, r.Tries, r.Latest}
	}
	return rows
}

// A worksheetPage is a worksheet before it is filled in.
type worksheetPage struct {
	Base
	Sc         assessments.Scenario
	SkillNames []string
	Tries      []assessments.Attempt
	Next       int
	Open       *assessments.Attempt // a draft that waits
	Done       *assessments.Attempt // the newest that is scored, to revise
	CanStart   bool
	Coaches    string
	Problems   Problems
}

func (s *Site) showWorksheet(c *gin.Context) error {
	p, err := s.worksheetPage(c)
	if err != nil {
		return err
	}
	return s.show(c, http.StatusOK, "practice/worksheet", p)
}

func (s *Site) worksheetPage(c *gin.Context) (worksheetPage, error) {
	by := actor(c)
	sc, err := s.Assessments.Worksheet(ctx(c), c.Param("worksheet"))
	if err != nil {
		return worksheetPage{}, err
	}
	p := worksheetPage{Base: s.base(c, sc.Title), Sc: sc, CanStart: by.Can(people.Rep, people.Coach, people.Manager), Next: 1}
	names, err := s.nameOfSkills(c)
	if err != nil {
		return p, err
	}
	for _, slug := range sc.Skills {
		p.SkillNames = append(p.SkillNames, names[slug])
	}
	if p.Tries, err = s.Assessments.Attempts(ctx(c), by, by.ID, assessments.WorksheetName(sc.Slug), 0, 50); err != nil {
		return p, err
	}
	for i, a := range p.Tries {
		if a.State == assessments.Withdrawn {
			continue
		}
		p.Next++
		if a.State == assessments.Draft && p.Open == nil {
			p.Open = &p.Tries[i]
		}
		if a.Done() && p.Done == nil {
			p.Done = &p.Tries[i]
		}
	}
	p.Coaches, err = s.coachesOf(c, by.ID)
	return p, err
}

// startWorksheet opens a draft: empty, or from the text of the attempt that the
// form names.
func (s *Site) startWorksheet(c *gin.Context) error {
	by := actor(c)
	revises, _ := strconv.ParseInt(c.PostForm("revises"), 10, 64)
	a, err := s.Assessments.StartWorksheet(ctx(c), by, by.ID, c.Param("worksheet"), revises)
	if ps, ok := problems(err); ok {
		p, err := s.worksheetPage(c)
		if err != nil {
			return err
		}
		p.Problems = ps
		return s.show(c, http.StatusUnprocessableEntity, "practice/worksheet", p)
	}
	if err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, fmt.Sprintf("/attempts/%d", a.ID))
	return nil
}
