package web

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"pitchside/assessments"
	"pitchside/people"

	"github.com/gin-gonic/gin"
)

// A secondView is what several people's sheets on one attempt add to its page.
type secondView struct {
	Side     []sideRow // one a criterion, from two sheets on
	Between  string    // lowest and highest total
	Third    *assessments.Adjudication
	Disputes []assessments.Dispute
	Until    *time.Time // last day for a dispute, where one may be opened
	Asked    []assessments.Scorer
	Peers    []people.Brief // whom the rep may still ask
	Typed    secondForm
}

// A sideRow is one criterion across the sheets, in their order.
type sideRow struct {
	assessments.Spread
	Cells []string
}

// Range says lowest, highest and of how many sheets.
func (r sideRow) Range() string {
	switch {
	case r.N == 0:
		return "not observed"
	case r.Low == r.High:
		return fmt.Sprintf("%d, n = %d", r.Low, r.N)
	}
	return fmt.Sprintf("%d–%d, n = %d", r.Low, r.High, r.N)
}

type secondForm struct {
	Reason  string `form:"reason"`
	Outcome string `form:"outcome"`
	Dispute string `form:"dispute"`
}

// Standing says what became of a sheet that does not count any more, or "".
func (v secondView) Standing(sheetID int64) string {
	for _, d := range v.Disputes {
		if d.SheetID == sheetID && d.State() == assessments.Changed {
			return "Changed by a dispute: the second score counts in the levels instead"
		}
	}
	if v.Third != nil && v.Third.ThirdSheet != nil && (v.Third.FirstSheet == sheetID || v.Third.SecondSheet == sheetID) {
		return "Settled by a third person: their score counts in the levels instead"
	}
	return ""
}

// Waiting names who was asked in a role and has not answered.
func (v secondView) Waiting(role string) string {
	var names []string
	for _, s := range v.Asked {
		if s.Role == role && s.DeclinedAt == nil && !s.Released {
			names = append(names, s.Name)
		}
	}
	return and(names)
}

// second fills the page with what several eyes saw.
func (s *Site) second(c *gin.Context, p *attemptPage) error {
	by, v := actor(c), &p.Second
	var err error
	if p.A.Done() && len(p.Results) > 1 {
		v.side(p)
	}
	if v.Third, err = s.Assessments.Adjudication(ctx(c), by, p.A.ID); err != nil {
		return err
	}
	if v.Disputes, err = s.Assessments.Disputes(ctx(c), by, p.A.ID); err != nil {
		return err
	}
	if v.Asked, err = s.Assessments.Scorers(ctx(c), by, p.A.ID); err != nil {
		return err
	}
	if !p.Mine || p.Brief || p.A.State == assessments.Withdrawn {
		return nil
	}
	if v.Until, err = s.Assessments.DisputableUntil(ctx(c), by, p.A.ID); err != nil {
		return err
	}
	all, err := s.Assessments.Peers(ctx(c), by)
	for _, one := range all {
		asked := false
		for _, q := range v.Asked {
			asked = asked || q.PersonID == one.ID
		}
		if !asked {
			v.Peers = append(v.Peers, one)
		}
	}
	return err
}

func (v *secondView) side(p *attemptPage) {
	var sheets []assessments.Sheet
	low, high := 101.0, -1.0
	for _, r := range p.Results {
		sheets = append(sheets, r.Sheet)
		if r.Overall != nil {
			low, high = min(low, *r.Overall), max(high, *r.Overall)
		}
	}
	for _, one := range assessments.Spreads(p.Sc.Rubric, sheets) {
		row := sideRow{Spread: one}
		for _, sheet := range sheets {
			cell := "N"
			if l := sheet.Score(one.Criterion).Level; l != nil {
				cell = strconv.Itoa(*l)
			}
			row.Cells = append(row.Cells, cell)
		}
		v.Side = append(v.Side, row)
	}
	if high >= low {
		v.Between = fmt.Sprintf("%.1f–%.1f", low, high)
	}
}

// disputeScore opens a dispute about the newest score, or settles one.
func (s *Site) disputeScore(c *gin.Context) error {
	return s.secondAct(c, func(id int64, f secondForm) (string, error) {
		_, err := s.Assessments.Dispute(ctx(c), actor(c), id, 0, f.Reason)
		return "Another coach scores it, without sight of the first sheet. You will read both.", err
	})
}

func (s *Site) settleDispute(c *gin.Context) error {
	return s.secondAct(c, func(_ int64, f secondForm) (string, error) {
		dispute, _ := strconv.ParseInt(f.Dispute, 10, 64)
		_, err := s.Assessments.SettleDispute(ctx(c), actor(c), dispute, f.Outcome, f.Reason)
		return "Settled. The rep and the first coach read the outcome and your reason.", err
	})
}

func (s *Site) askPeer(c *gin.Context) error {
	return s.secondAct(c, func(id int64, _ secondForm) (string, error) {
		peer, _ := strconv.ParseInt(c.PostForm("peer"), 10, 64)
		return "Asked. Their sheet is yours to read once they release it; this page shows it with your other scores.", s.Assessments.AskPeer(ctx(c), actor(c), id, peer)
	})
}

// secondAct carries out one form of the attempt page and shows it again with
// what was typed when it is refused.
func (s *Site) secondAct(c *gin.Context, do func(int64, secondForm) (string, error)) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	var f secondForm
	if err := bind(c, &f); err != nil {
		return err
	}
	said, err := do(id, f)
	if ps, ok := problems(err); ok {
		p, err := s.attemptPage(c)
		if err != nil {
			return err
		}
		p.Problems, p.Second.Typed = ps, f
		return s.show(c, http.StatusUnprocessableEntity, "attempt/attempt", p)
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, fmt.Sprintf("/attempts/%d", id), said)
}

// declineScoring gives back what one was asked to score.
func (s *Site) declineScoring(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if err := s.Assessments.Decline(ctx(c), actor(c), id); err != nil {
		return err
	}
	return s.seeOther(c, "/score", "Given back. Somebody else is asked, where that is needed.")
}

type disputesPage struct {
	Base
	assessments.OverturnReport
	Seconds  []people.Brief
	Names    map[string]string
	MayName  bool
	Problems Problems
}

// Rate says a rate with its interval, counts, or what is missing.
func (p disputesPage) Rate(o assessments.Overturn) string {
	switch {
	case o.Rate != nil:
		return fmt.Sprintf("%.0f %% (95 in 100: %.0f to %.0f %%)", 100**o.Rate, 100**o.Low, 100**o.High)
	case o.N > 0:
		return fmt.Sprintf("%d of %d changed", o.Changed, o.N)
	}
	return o.Reason
}

// Waits says since when an open dispute waits.
func (p disputesPage) Waits(d assessments.Dispute) string { return p.Ago(d.OpenedAt) }

func (s *Site) disputesPage(c *gin.Context) (disputesPage, error) {
	p := disputesPage{Base: s.base(c, "Disputed scores"), MayName: actor(c).Can(people.Manager, people.Admin), Names: map[string]string{}}
	var err error
	if p.OverturnReport, err = s.Assessments.Overturns(ctx(c), actor(c)); err != nil {
		return p, err
	}
	scenarios, err := s.Assessments.Scenarios(ctx(c))
	if err != nil {
		return p, err
	}
	for _, sc := range scenarios {
		for _, cr := range sc.Rubric.Criteria {
			p.Names[cr.ID] = cr.Title
		}
	}
	p.Seconds, err = s.Assessments.Raters(ctx(c))
	return p, err
}

func (s *Site) showDisputes(c *gin.Context) error {
	p, err := s.disputesPage(c)
	if err != nil {
		return err
	}
	return s.show(c, http.StatusOK, "calibrate/disputes", p)
}

// nameSecond lets a lead say who scores again.
func (s *Site) nameSecond(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	coach, _ := strconv.ParseInt(c.PostForm("coach"), 10, 64)
	err = s.Assessments.NameSecond(ctx(c), actor(c), id, coach)
	if ps, ok := problems(err); ok {
		p, err := s.disputesPage(c)
		if err != nil {
			return err
		}
		p.Problems = ps
		return s.show(c, http.StatusUnprocessableEntity, "calibrate/disputes", p)
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, "/reports/disputes", "Asked. They score it without sight of the first sheet.")
}
