package assessments

import (
	"context"
	"fmt"
	"time"

	"pitchside/people"
)

// The bar for being calibrated: in each of two rounds, at least ten settled
// levels that the coach had scored, and four in five of them within one level.
const (
	CertificateRounds     = 2
	CertificateReferences = 10
	CertificateNear       = 0.8
	CertificateMonths     = 12
)

// A Certificate says whether a coach is calibrated, and until when.
type Certificate struct {
	CoachID int64
	Held    bool
	Until   time.Time // of the last one, held or run out
	Rounds  int       // rounds at the bar within the last months
	Reason  string
}

// Certificate computes a coach's mark from the rounds of the last twelve
// months: it is theirs for twelve months from the latest round at the bar.
func (s *Service) Certificate(ctx context.Context, by people.Actor, coachID int64) (Certificate, error) {
	rounds, err := s.Drifts(ctx, by, coachID)
	if err != nil {
		return Certificate{}, err
	}
	c := Certificate{CoachID: coachID}
	var at []time.Time
	for _, r := range rounds {
		if r.References >= CertificateReferences && float64(r.Near) >= CertificateNear*float64(r.References) {
			at = append(at, r.At)
		}
	}
	// The newest pair of rounds that lie within the months of each other.
	for i := 0; i+1 < len(at); i++ {
		if at[i].AddDate(0, -CertificateMonths, 0).Before(at[i+1]) {
			c.Until = at[i].AddDate(0, CertificateMonths, 0)
			break
		}
	}
	for _, t := range at {
		if t.After(s.Now().AddDate(0, -CertificateMonths, 0)) {
			c.Rounds++
		}
	}
	c.Held = c.Until.After(s.Now())
	switch {
	case c.Held:
	case !c.Until.IsZero():
		c.Reason = "The mark ran out on " + c.Until.Format("2 January 2006") + ". Score in another round to renew it"
	default:
		c.Reason = fmt.Sprintf("%d of %d rounds with %d or more settled scores, of which 8 in 10 within one level", min(c.Rounds, CertificateRounds), CertificateRounds, CertificateReferences)
	}
	return c, nil
}
