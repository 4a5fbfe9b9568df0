package web

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"pitchside/assessments"
	"pitchside/internal/fault"

	"github.com/gin-gonic/gin"
)

// mostToRead is how many open answers a page shows.
const mostToRead = 20

// A readingPage lists answers in people's own words that wait to be read.
type readingPage struct {
	Base
	Answers  []readingView
	More     bool
	Problems Problems
}

// A readingView is one answer with the form that scores it.
type readingView struct {
	assessments.OpenAnswer
	Title   string // of the course
	Key     string // of its fields
	Earned  string
	Comment string
}

// Open lists what is wrong, answer by answer.
func (p readingPage) Open() listed {
	var out listed
	for _, a := range p.Answers {
		if problem := p.Problems.On(a.Key); problem != "" {
			out = append(out, Problem{a.Key, problem})
		}
	}
	return out
}

// Most is the most points that an answer can earn.
func (v readingView) Most() string { return trimmed(v.Question.Points) }

func (s *Site) showReading(c *gin.Context) error { return s.readingPage(c, http.StatusOK, nil, "", "") }

func (s *Site) readingPage(c *gin.Context, code int, ps Problems, earned, comment string) error {
	all, err := s.Assessments.OpenAnswers(ctx(c), actor(c), mostToRead+1)
	if err != nil {
		return err
	}
	p := readingPage{Base: s.base(c, "Answers to read"), Problems: ps, More: len(all) > mostToRead}
	p.Wide = "narrow"
	for _, a := range all[:min(len(all), mostToRead)] {
		v := readingView{OpenAnswer: a, Title: a.Course, Key: fmt.Sprintf("a%d-%s", a.AttemptID, a.Question.ID)}
		if ps.On(v.Key) != "" {
			v.Earned, v.Comment = earned, comment
		}
		if o, err := s.Courses.Kept(ctx(c), a.Course); err == nil {
			v.Title = o.Title
		} else if fault.KindOf(err) != fault.NotFound {
			return err
		}
		p.Answers = append(p.Answers, v)
	}
	return s.show(c, code, "score/reading", p)
}

// scoreAnswer gives points to an open answer.
func (s *Site) scoreAnswer(c *gin.Context) error {
	var form struct {
		Earned  string `form:"earned" validate:"required"`
		Comment string `form:"comment"`
	}
	id, err := pathID(c, "attempt")
	if err != nil {
		return err
	}
	question := c.Param("question")
	if err = bind(c, &form); err == nil {
		var earned float64
		if earned, err = strconv.ParseFloat(strings.ReplaceAll(strings.TrimSpace(form.Earned), ",", "."), 64); err != nil {
			return s.readingPage(c, http.StatusUnprocessableEntity, Problems{fmt.Sprintf("a%d-%s", id, question): "Write the points as a number, such as 1.5."}, form.Earned, form.Comment)
		}
		_, err = s.Assessments.ScoreAnswer(ctx(c), actor(c), id, question, earned, form.Comment)
	}
	if ps, ok := problems(err); ok {
		said := ps.On("earned") + ps.On("comment") + ps.On("")
		return s.readingPage(c, http.StatusUnprocessableEntity, Problems{fmt.Sprintf("a%d-%s", id, question): said}, form.Earned, form.Comment)
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, "/score/answers", "Kept. The result of that quiz counts it now.")
}
