package web

import (
	"fmt"
	"net/http"

	"pitchside/assessments"
	"pitchside/people"

	"github.com/gin-gonic/gin"
)

// quizReaders see how the questions of a quiz do.
var quizReaders = []people.Capability{people.Coach, people.Manager, people.Author}

// A quizStatisticsPage says how the questions of a quiz do in first attempts.
type quizStatisticsPage struct {
	Base
	Course string
	Title  string
	S      assessments.QuizStatistics
	Looks  int // questions worth a look
	Judged int // questions that enough people drew for that
}

// Share writes a share in percent.
func (quizStatisticsPage) Share(v *float64) string { return fmt.Sprintf("%.0f %%", 100**v) }

// R writes a correlation or a reliability.
func (quizStatisticsPage) R(v *float64) string { return fmt.Sprintf("%.2f", *v) }

// Accurate says what a score is accurate to.
func (p quizStatisticsPage) Accurate() string {
	return fmt.Sprintf("A score is accurate to about ±%.0f points of 100.", 1.96**p.S.Reliability.SEM)
}

func (s *Site) showQuizStatistics(c *gin.Context) error {
	course := c.Param("course")
	stats, err := s.Assessments.QuizStatistics(ctx(c), actor(c), course)
	if err != nil {
		return err
	}
	o, err := s.Courses.Kept(ctx(c), course)
	if err != nil {
		return err
	}
	p := quizStatisticsPage{Base: s.base(c, "Quiz questions: "+o.Title), Course: course, Title: o.Title, S: stats}
	for _, i := range stats.Items {
		if i.Facility != nil {
			p.Judged++
		}
		if i.Look() != "" {
			p.Looks++
		}
	}
	return s.show(c, http.StatusOK, "quiz/statistics", p)
}
