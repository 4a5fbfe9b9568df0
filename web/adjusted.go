package web

import (
	"fmt"

	"pitchside/people"

	"github.com/gin-gonic/gin"
)

// adjusted says beside each coach's sheet what their strictness would make of
// it, to the coach and to those who oversee them. The raw score comes first and
// is what stands; without enough to tell, nothing is said.
func (s *Site) adjusted(c *gin.Context, mine bool, results []sheetResult) error {
	by := actor(c)
	coached := false
	for _, r := range results {
		coached = coached || r.Source == "coach"
	}
	if mine || !coached || !by.Can(people.Coach, people.Manager, people.Admin) {
		return nil
	}
	rated, err := s.Assessments.Strictnesses(ctx(c), by)
	if err != nil {
		return err
	}
	for i := range results {
		r := &results[i]
		for _, one := range rated {
			if r.Source != "coach" || r.AssessorID == nil || *r.AssessorID != one.CoachID || one.Severity == nil {
				continue
			}
			mean, n := 0.0, 0
			for _, row := range r.Rows {
				if l := row.Level(); l > 0 {
					mean, n = mean+float64(l), n+1
				}
			}
			if n == 0 {
				continue
			}
			mean /= float64(n)
			half := one.High() - *one.Severity
			r.Adjusted = fmt.Sprintf("Mean level %.1f as given; %.1f adjusted for %s’s strictness (%s ±%.1f). The score stands as given.",
				mean, min(5, max(1, mean-*one.Severity)), r.Assessor, signed(*one.Severity), half)
		}
	}
	return nil
}
