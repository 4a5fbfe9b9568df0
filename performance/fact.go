package performance

import (
	"context"
	"fmt"
	"time"

	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// A Fact is one line about a person's results, and where it comes from.
type Fact struct{ Text, Source string }

// Facts returns what a prep sheet says of a person's results of the last half
// year: counts with period and freshness, never a rate from few deals. It is
// empty where nothing was imported.
func (s *Service) Facts(ctx context.Context, by people.Actor, personID int64) ([]Fact, error) {
	now := s.Now()
	from := now.AddDate(0, 0, -180)
	var won, lost, open int
	var fresh *time.Time
	err := s.DB.QueryRow(ctx, `
		select count(*) filter (where outcome = 'won' and closed >= @from::date), count(*) filter (where outcome = 'lost' and closed >= @from::date),
			count(*) filter (where outcome = 'open'), max(updated_at)
		from opportunities o where o.owner_id = @person and `+sees("o.owner_id"),
		scope(by, pgx.NamedArgs{"person": personID, "from": from})).Scan(&won, &lost, &open, &fresh)
	if err != nil || fresh == nil {
		return nil, err
	}
	source := fmt.Sprintf("closed from %s to %s, data of %s", from.Format("2 January"), now.Format("2 January"), fresh.Format("2 January 15:04"))
	return []Fact{{fmt.Sprintf("Won %d of %d closed; %d open.", won, won+lost, open), source}}, nil
}
