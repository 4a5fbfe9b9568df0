package courses

import (
	"context"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// undoWithin is how long after a rating it can be taken back.
const undoWithin = 24 * time.Hour

// An Undoable is the last rating of a person, which they can take back.
type Undoable struct {
	ReviewID int64
	CardID   int64
	Rating   Rating
	At       time.Time
}

// lastRating is the newest rating of a person.
type lastRating struct {
	Undoable
	RecordedAt time.Time
	UndoneAt   *time.Time
	Same       bool // the card is still the one that was asked, and this its last review
	Kept       bool // what the card was before is known
}

const lastRatingQuery = `select r.id as review_id, r.card_state_id as card_id, r.rating, r.at, r.recorded_at, r.undone_at,
		coalesce(c.face = r.face and c.last_review_at = r.at, false) as same, r.before_due is not null as kept
	from card_reviews r join card_states c on c.id = r.card_state_id where c.person_id = $1 order by r.id desc limit 1`

// undoable returns the rating that a person can take back now, or nil.
func (s *Service) undoable(ctx context.Context, q pg.Querier, personID int64) (*Undoable, error) {
	last, err := pg.One[lastRating](ctx, q, lastRatingQuery, personID)
	if pg.NoRows(err) {
		return nil, nil
	}
	if err != nil || last.UndoneAt != nil || !last.Same || !last.Kept || s.Now().Sub(last.RecordedAt) > undoWithin {
		return nil, err
	}
	return &last.Undoable, nil
}

// UndoReview takes back the last rating of a person, one step: the card is
// again exactly what it was. Taking it back twice is harmless. It returns the
// card's id.
func (s *Service) UndoReview(ctx context.Context, by people.Actor, personID int64) (int64, error) {
	if err := mayLearnAs(ctx, s.DB, by, personID); err != nil {
		return 0, err
	}
	var card int64
	err := pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		last, err := pg.One[lastRating](ctx, tx, lastRatingQuery+` for update of c, r`, personID)
		switch {
		case pg.NoRows(err):
			return fault.Conflictf("There is no rating to take back yet.")
		case err != nil:
			return err
		}
		card = last.CardID
		switch {
		case last.UndoneAt != nil:
			return nil
		case !last.Same:
			return fault.Conflictf("This card was edited after you rated it, so it starts anew and the rating counts no more.")
		case !last.Kept || s.Now().Sub(last.RecordedAt) > undoWithin:
			return fault.Conflictf("A rating can be taken back for a day. This card comes back by itself; rate it then.")
		}
		if _, err := tx.Exec(ctx, `update card_states c set stability = r.before_stability, difficulty = r.before_difficulty, reps = r.before_reps,
				lapses = r.before_lapses, due = r.before_due, last_review_at = r.before_last_review
			from card_reviews r where r.id = $1 and c.id = r.card_state_id`, last.ReviewID); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `update card_reviews set undone_at = @now where id = @id`, pgx.NamedArgs{"id": last.ReviewID, "now": s.Now()})
		return err
	})
	return card, err
}
