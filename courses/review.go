package courses

import (
	"context"
	"html/template"
	"slices"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// CardsADay is how many cards a person is asked on a workday; on others none.
const CardsADay = 5

// A Card is a review card of a course that a person has begun.
type Card struct {
	ID        int64 // of the card for this person
	Course    string
	Title     string // of the course
	Card      string // its id in the course
	Skill     string
	Front     string
	Back      string
	FrontHTML template.HTML
	BackHTML  template.HTML
	Due       time.Time
	Reviewed  *time.Time
	Today     bool // among those to ask today
}

// A Reviewed is what a review made of a card.
type Reviewed struct {
	Due          time.Time
	IntervalDays int
	Stability    float64
	Difficulty   float64
}

// A Queue is the cards of a person that are due, old ones first, and when the
// next comes due if none is.
type Queue struct {
	Cards []Card
	Next  *time.Time
}

// Today returns the cards to ask today.
func (q Queue) Today() []Card {
	var out []Card
	for _, c := range q.Cards {
		if c.Today {
			out = append(out, c)
		}
	}
	return out
}

// Reviews returns the cards of a person that are due: those seen before come
// first, the longest due at the head, and then new ones.
func (s *Service) Reviews(ctx context.Context, by people.Actor, personID int64) (Queue, error) {
	if err := maySee(ctx, s.DB, by, personID); err != nil {
		return Queue{}, err
	}
	cards, err := s.cards(ctx)
	if err != nil {
		return Queue{}, err
	}
	now := s.Now()
	if err := s.deal(ctx, personID, cards, now); err != nil {
		return Queue{}, err
	}
	type row struct {
		ID           int64
		Course, Card string
		Due          time.Time
		LastReviewAt *time.Time
		Zone         string
	}
	rows, err := pg.All[row](ctx, s.DB, `
		select c.id, c.course, c.card, c.due, c.last_review_at, p.time_zone as zone
		from card_states c join enrolments e on e.person_id = c.person_id and e.course = c.course join persons p on p.id = c.person_id
		where c.person_id = $1 order by c.last_review_at is null, c.due, c.id`, personID)
	if err != nil {
		return Queue{}, err
	}
	var q Queue
	room := 0
	if len(rows) > 0 {
		today := dayIn(now, rows[0].Zone)
		if d := today.Weekday(); d != time.Saturday && d != time.Sunday {
			room = CardsADay
		}
		for _, r := range rows {
			if r.LastReviewAt != nil && dayIn(*r.LastReviewAt, r.Zone).Equal(today) {
				room--
			}
		}
	}
	for _, r := range rows {
		i := slices.IndexFunc(cards, func(c Card) bool { return c.Course == r.Course && c.Card == r.Card })
		switch {
		case i < 0: // withdrawn from the course
		case r.Due.After(now):
			if q.Next == nil || r.Due.Before(*q.Next) {
				q.Next = &r.Due
			}
		default:
			c := cards[i]
			c.ID, c.Due, c.Reviewed, c.Today = r.ID, r.Due, r.LastReviewAt, room > 0
			room--
			q.Cards = append(q.Cards, c)
		}
	}
	return q, nil
}

// deal gives a person the cards of the courses they have begun. A card whose
// text was edited starts anew.
func (s *Service) deal(ctx context.Context, personID int64, cards []Card, now time.Time) error {
	var courses, ids, faces []string
	for _, c := range cards {
		courses, ids, faces = append(courses, c.Course), append(ids, c.Card), append(faces, c.Front+"\n"+c.Back)
	}
	_, err := s.DB.Exec(ctx, `
		insert into card_states (person_id, course, card, face, due)
		select @person, c.course, c.card, md5(c.face), @now
		from unnest(@courses::text[], @cards::text[], @faces::text[]) as c(course, card, face)
		join enrolments e on e.person_id = @person and e.course = c.course
		where not exists (select 1 from card_states h where h.person_id = @person and h.course = c.course and h.card = c.card and h.face = md5(c.face))
		on conflict (person_id, course, card) do update set face = excluded.face, due = excluded.due,
			stability = null, difficulty = null, reps = 0, last_review_at = null`,
		pgx.NamedArgs{"person": personID, "courses": courses, "cards": ids, "faces": faces, "now": now})
	return err
}

// twice is how soon after a review the next one of the same card on a page is
// the same press of a button, sent again.
const twice = 5 * time.Second

// Review records how the actor, or the person that a system brings data over
// for, recalled a card at a moment, and says when it comes back.
func (s *Service) Review(ctx context.Context, by people.Actor, personID, cardID int64, r Rating, at time.Time) (Reviewed, error) {
	if r != Again && r != Hard && r != Good {
		return Reviewed{}, fault.Field("rating", "Say again, hard or good.")
	}
	if at.After(s.Now().Add(time.Minute)) {
		return Reviewed{}, fault.Field("at", "This moment has not come yet. Give one that has.")
	}
	if err := mayLearnAs(ctx, s.DB, by, personID); err != nil {
		return Reviewed{}, err
	}
	cards, err := s.cards(ctx)
	if err != nil {
		return Reviewed{}, err
	}
	var out Reviewed
	err = pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		type row struct {
			Course, Card          string
			Stability, Difficulty *float64
			LastReviewAt          *time.Time
			Due                   time.Time
		}
		was, err := pg.One[row](ctx, tx, `select course, card, stability, difficulty, last_review_at, due from card_states
			where id = $1 and person_id = $2 for update`, cardID, personID)
		switch {
		case pg.NoRows(err):
			return fault.NotFoundf("There is no such card to review.")
		case err != nil:
			return err
		}
		var m Memory
		if was.LastReviewAt != nil {
			m = Memory{Stability: *was.Stability, Difficulty: *was.Difficulty, Reviewed: *was.LastReviewAt, Phase: Known}
			if !by.Token && at.Sub(m.Reviewed).Abs() < twice {
				out = Reviewed{Due: was.Due, IntervalDays: int(was.Due.Sub(m.Reviewed).Hours() / 24), Stability: m.Stability, Difficulty: m.Difficulty}
				return nil
			}
			if at.Before(m.Reviewed) {
				return fault.Field("at", "This card was reviewed after that moment already. Send reviews in their order.")
			}
		}
		skill := ""
		if i := slices.IndexFunc(cards, func(c Card) bool { return c.Course == was.Course && c.Card == was.Card }); i >= 0 {
			skill = cards[i].Skill
		}
		next, wait := NewScheduler(retention(skill)).Review(m, r, at)
		out = Reviewed{Due: at.Add(wait), IntervalDays: int(wait.Hours() / 24), Stability: next.Stability, Difficulty: next.Difficulty}
		args := pgx.NamedArgs{"id": cardID, "at": at, "due": out.Due, "days": out.IntervalDays, "rating": r,
			"stability": out.Stability, "difficulty": out.Difficulty}
		if _, err := tx.Exec(ctx, `update card_states set stability = @stability, difficulty = @difficulty, reps = reps + 1,
			lapses = lapses + (@rating = 'again' and last_review_at is not null)::int, due = @due, last_review_at = @at where id = @id`, args); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `insert into card_reviews (card_state_id, rating, at, stability, difficulty, interval_days)
			values (@id, @rating, @at, @stability, @difficulty, @days)`, args)
		return err
	})
	return out, err
}

// retention is the chance of recall at which a card comes back: prices and
// compliance must be known more surely than a turn of phrase.
func retention(skill string) float64 {
	if skill == "knowledge" || skill == "tools" {
		return 0.9
	}
	return 0.8
}
