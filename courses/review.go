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
	Tags      []string
	Front     string
	Back      string
	FrontHTML template.HTML
	BackHTML  template.HTML
	Due       time.Time
	Reviewed  *time.Time
	Recall    *float64 // the chance of recalling it now, by the model; nil for one never seen
	Today     bool     // among those to ask today
}

// A Reviewed is what a review made of a card.
type Reviewed struct {
	Due          time.Time
	IntervalDays int
	Stability    float64
	Difficulty   float64
}

// A Queue is the cards of a person: those that are due, old ones first, those
// to come, and when the next comes due if none is. While a hold lasts, nothing is due.
type Queue struct {
	Cards []Card
	Later []Card // not due yet, the soonest first
	Next  *time.Time
	Done  int   // reviewed today
	Hold  *Hold // that lasts today, or is to come
	Held  bool  // it lasts today
	Undo  *Undoable
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
	rows, err := cardRows(ctx, s.DB, personID)
	if err != nil || len(rows) == 0 {
		return Queue{}, err
	}
	zone := rows[0].Zone
	away, err := holds(ctx, s.DB, personID)
	if err != nil {
		return Queue{}, err
	}
	q := Queue{Hold: away.open(dayIn(now, zone))}
	q.Held = q.Hold != nil && !q.Hold.From.After(dayIn(now, zone))
	byID := map[[2]string]Card{}
	for _, c := range cards {
		byID[[2]string{c.Course, c.Card}] = c
	}
	for _, r := range rows {
		c, there := byID[[2]string{r.Course, r.Card}]
		if !there { // withdrawn from the course
			continue
		}
		c.ID, c.Reviewed, c.Due = r.ID, r.LastReviewAt, away.moved(r.Due, r.LastReviewAt, zone)
		if r.LastReviewAt != nil {
			chance := NewScheduler(c.retention()).Recall(Memory{Stability: *r.Stability}, now.Sub(*r.LastReviewAt).Hours()/24)
			c.Recall = &chance
			if dayIn(*r.LastReviewAt, zone).Equal(dayIn(now, zone)) {
				q.Done++
			}
		}
		q.put(c, now)
	}
	q.arrange(dayIn(now, zone))
	q.Undo, err = s.undoable(ctx, s.DB, personID)
	return q, err
}

// put adds a card to those that are due or to those to come.
func (q *Queue) put(c Card, now time.Time) {
	if c.Due.After(now) || q.Held {
		q.Later = append(q.Later, c)
		return
	}
	q.Cards = append(q.Cards, c)
}

// arrange puts the queue in its order, and says which cards are asked today.
func (q *Queue) arrange(today time.Time) {
	slices.SortStableFunc(q.Later, func(a, b Card) int { return a.Due.Compare(b.Due) })
	slices.SortStableFunc(q.Cards, func(a, b Card) int {
		switch {
		case (a.Reviewed == nil) == (b.Reviewed == nil):
			return a.Due.Compare(b.Due)
		case a.Reviewed == nil:
			return 1
		}
		return -1
	})
	if len(q.Later) > 0 && !q.Held {
		q.Next = &q.Later[0].Due
	}
	if d := today.Weekday(); d == time.Saturday || d == time.Sunday {
		return
	}
	for i := range q.Cards {
		q.Cards[i].Today = q.Done+i < CardsADay
	}
}

// A cardRow is what is kept of a card of a person.
type cardRow struct {
	ID           int64
	Course, Card string
	Stability    *float64
	Due          time.Time
	LastReviewAt *time.Time
	Zone         string
}

func cardRows(ctx context.Context, q pg.Querier, personID int64) ([]cardRow, error) {
	return pg.All[cardRow](ctx, q, `
		select c.id, c.course, c.card, c.stability, c.due, c.last_review_at, p.time_zone as zone
		from card_states c join enrolments e on e.person_id = c.person_id and e.course = c.course join persons p on p.id = c.person_id
		where c.person_id = $1 order by c.id`, personID)
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
			stability = null, difficulty = null, reps = 0, lapses = 0, last_review_at = null`,
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
		was, err := pg.One[reviewedState](ctx, tx, `select c.course, c.card, c.stability, c.difficulty, c.last_review_at, c.due, p.time_zone as zone
			from card_states c join persons p on p.id = c.person_id where c.id = $1 and c.person_id = $2 for update of c`, cardID, personID)
		switch {
		case pg.NoRows(err):
			return fault.NotFoundf("There is no such card to review.")
		case err != nil:
			return err
		}
		if !by.Token && was.LastReviewAt != nil && at.Sub(*was.LastReviewAt).Abs() < twice {
			out = Reviewed{Due: was.Due, IntervalDays: int(was.Due.Sub(*was.LastReviewAt).Hours() / 24), Stability: *was.Stability, Difficulty: *was.Difficulty}
			return nil
		}
		if was.LastReviewAt != nil && at.Before(*was.LastReviewAt) {
			return fault.Field("at", "This card was reviewed after that moment already. Send reviews in their order.")
		}
		asked := Card{}
		if i := slices.IndexFunc(cards, func(c Card) bool { return c.Course == was.Course && c.Card == was.Card }); i >= 0 {
			asked = cards[i]
		}
		next, wait := NewScheduler(asked.retention()).Review(was.memory(), r, at)
		out = Reviewed{Due: at.Add(wait), IntervalDays: int(wait.Hours() / 24), Stability: next.Stability, Difficulty: next.Difficulty}
		if err := s.keepReview(ctx, tx, cardID, r, at, out); err != nil {
			return err
		}
		away, err := holds(ctx, tx, personID)
		out.Due = away.moved(out.Due, &at, was.Zone)
		return err
	})
	return out, err
}

// A reviewedState is a card as it was before a review.
type reviewedState struct {
	Course, Card          string
	Stability, Difficulty *float64
	LastReviewAt          *time.Time
	Due                   time.Time
	Zone                  string
}

func (r reviewedState) memory() Memory {
	if r.LastReviewAt == nil {
		return Memory{}
	}
	return Memory{Stability: *r.Stability, Difficulty: *r.Difficulty, Reviewed: *r.LastReviewAt, Phase: Known}
}

// keepReview writes a review with what the card was before it, and then the card.
func (s *Service) keepReview(ctx context.Context, tx pgx.Tx, cardID int64, r Rating, at time.Time, out Reviewed) error {
	args := pgx.NamedArgs{"id": cardID, "at": at, "due": out.Due, "days": out.IntervalDays, "rating": r,
		"stability": out.Stability, "difficulty": out.Difficulty, "now": s.Now()}
	if _, err := tx.Exec(ctx, `insert into card_reviews (card_state_id, rating, at, stability, difficulty, interval_days, face, recorded_at,
			before_stability, before_difficulty, before_reps, before_lapses, before_due, before_last_review)
		select id, @rating, @at, @stability, @difficulty, @days, face, @now, stability, difficulty, reps, lapses, due, last_review_at
		from card_states where id = @id`, args); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `update card_states set stability = @stability, difficulty = @difficulty, reps = reps + 1,
		lapses = lapses + (@rating = 'again' and last_review_at is not null)::int, due = @due, last_review_at = @at where id = @id`, args)
	return err
}

// exactSkills are those whose facts must be known exactly, and exactTags what an
// author marks as such: a price or a rule half remembered does harm.
var (
	exactSkills = []string{"knowledge", "tools"}
	exactTags   = []string{"product", "pricing", "compliance"}
)

// retention is the chance of recall at which a card comes back.
func (c Card) retention() float64 {
	if slices.Contains(exactSkills, c.Skill) || slices.ContainsFunc(c.Tags, func(t string) bool { return slices.Contains(exactTags, t) }) {
		return 0.9
	}
	return 0.8
}
