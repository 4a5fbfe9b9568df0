package web

import (
	"net/http"

	"pitchside/assessments"

	"github.com/gin-gonic/gin"
)

// An earlier hand-in of an attempt, with what was written about it.
type earlier struct {
	assessments.Resubmission
	Sheets []earlierSheet
}

// An earlierSheet is a sheet about an earlier hand-in, as it is read.
type earlierSheet struct {
	assessments.EarlierSheet
	Rows     []resultRow
	Comments []earlierComment
}

type earlierComment struct{ Place, Line, About, Text string }

// earlier returns the earlier hand-ins of an attempt that the reader may see.
func (s *Site) earlier(c *gin.Context, a assessments.Attempt, sc assessments.Scenario) ([]earlier, error) {
	all, err := s.Assessments.Resubmissions(ctx(c), actor(c), a.ID)
	if err != nil {
		return nil, err
	}
	var out []earlier
	for _, r := range all {
		one := earlier{Resubmission: r}
		for _, h := range r.Sheets {
			sheet := earlierSheet{EarlierSheet: h}
			for _, cr := range sc.Rubric.Criteria {
				for _, x := range h.Scores {
					if x.Criterion == cr.ID && x.Score().Decided() {
						sheet.Rows = append(sheet.Rows, resultRow{Criterion: cr, Score: x.Score()})
					}
				}
			}
			for _, x := range h.Comments {
				line := earlierComment{Line: x.Line, About: criterionTitle(sc.Rubric, x.Criterion), Text: x.Text}
				if x.AtMS != nil {
					line.Place = assessments.Clock(*x.AtMS)
				}
				sheet.Comments = append(sheet.Comments, line)
			}
			one.Sheets = append(one.Sheets, sheet)
		}
		out = append(out, one)
	}
	return out, nil
}

// deskBefore adds what came before this hand-in, what had no chance to come,
// and whether it may be sent back.
func (s *Site) deskBefore(c *gin.Context, p *deskPage, round *assessments.Calibration) error {
	var err error
	if p.Earlier, err = s.earlier(c, p.A, p.Sc); err != nil {
		return err
	}
	var ticks []assessments.Trigger
	if p.Live != nil {
		ticks = append(append(ticks, p.Live.Came...), p.Live.Never...)
	}
	if p.Never, err = s.Assessments.Untriggered(ctx(c), p.A, p.Sc, ticks); err != nil {
		return err
	}
	p.Returns = p.A.Open() && round == nil && (p.A.Form == assessments.FormTranscript || p.A.Form == assessments.FormWorksheet || p.A.Form == assessments.FormRecording)
	return nil
}

// sendBack asks the rep to try again, with a reason.
func (s *Site) sendBack(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	again := c.PostForm("again")
	err = s.Assessments.AskAgain(ctx(c), actor(c), id, again)
	if ps, ok := problems(err); ok {
		p, err := s.deskPage(c)
		if err != nil {
			return err
		}
		p.Problems, p.Again = ps, again
		return s.show(c, http.StatusUnprocessableEntity, "score/desk", p)
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, "/score", "Sent back. It returns to your queue when it is handed in again; what you wrote is kept beside it.")
}
