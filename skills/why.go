package skills

import (
	"context"
	"fmt"
	"slices"
	"time"

	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// A Why is a level with everything it was made from: the answer to "why is my
// level that?".
type Why struct {
	Person Person
	Level
	Evidence []EvidenceShown // newest first, what was left out included
}

// EvidenceShown is one row of the ledger as people read it.
type EvidenceShown struct {
	ID            int64
	Source        Source
	RaterID       *int64
	RaterName     string // empty for a quiz or the text buyer
	Rater         string
	At            time.Time
	Raw           *float64
	Correct       *float64
	Items         *int
	AttemptID     *int64
	RubricTitle   string // empty without a rubric
	RubricVersion int
	Criteria      []CriterionShown
	Note          string
	LeftOut       string  // why it does not count; empty if it does
	ReadAs        float64 // the level it was read as, if it counts
	Share         float64 // of the level, between 0 and 1
	Reach         float64 // half an 80% range of this observation alone, in levels
	Question      *Asked  // the newest question about it
}

// Counts reports whether the evidence is part of the level.
func (e EvidenceShown) Counts() bool { return e.LeftOut == "" }

// Counted returns the evidence that the level is made of, newest first.
func (w Why) Counted() []EvidenceShown {
	return slices.DeleteFunc(slices.Clone(w.Evidence), func(e EvidenceShown) bool { return !e.Counts() })
}

// Why returns a level with its evidence. Out of sight is NotFound.
func (s *Service) Why(ctx context.Context, by people.Actor, personID int64, skill string, at time.Time) (Why, error) {
	person, level, err := s.Level(ctx, by, personID, skill, at)
	if err != nil {
		return Why{}, err
	}
	why := Why{Person: person, Level: level}
	if why.Evidence, err = evidence(ctx, s.DB, personID, skill, at); err != nil {
		return Why{}, err
	}
	shares := map[int64]Share{}
	for _, share := range level.Shares {
		shares[share.EvidenceID] = share
	}
	for i := range why.Evidence {
		e := &why.Evidence[i]
		e.ReadAs, e.Share, e.Reach = shares[e.ID].Level, shares[e.ID].Share, shares[e.ID].Reach
	}
	questions, err := questionsAbout(ctx, s.DB, personID, skill)
	if err != nil {
		return Why{}, err
	}
	for _, q := range questions { // oldest first: the newest stays
		i := slices.IndexFunc(why.Evidence, func(e EvidenceShown) bool { return e.ID == q.EvidenceID })
		if i >= 0 {
			why.Evidence[i].Question = &q
		}
	}
	return why, nil
}

// evidence returns every row of the ledger about a person's skill, and why some
// do not count at this moment.
func evidence(ctx context.Context, q pg.Querier, personID int64, skill string, at time.Time) ([]EvidenceShown, error) {
	rows, err := q.Query(ctx, `
		select e.id, e.source, e.rater_id, coalesce(r.name, ''), e.rater, e.at, e.raw, e.correct, e.items, e.attempt_id,
			coalesce(v.title, ''), coalesce(v.number, 0), e.criteria, e.note,
			case
				when e.superseded_by is not null then 'Scored again; the later score of ' || to_char(n.at, 'FMDD FMMonth YYYY') || ' counts.'
				when e.withdrawn_at is not null then 'Taken out on ' || to_char(e.withdrawn_at, 'FMDD FMMonth YYYY') || '.'
				when e.at >= @through then 'Made later than the day shown here.'
				else ''
			end
		from evidence e
		left join persons r on r.id = e.rater_id
		left join document_versions v on v.id = e.rubric_version
		left join evidence n on n.id = e.superseded_by
		where e.person_id = @person and e.skill = @skill
		order by e.at desc, e.id desc`,
		pgx.NamedArgs{"person": personID, "skill": skill, "through": through(at)})
	if err != nil {
		return nil, fmt.Errorf("reading evidence: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (e EvidenceShown, err error) {
		err = row.Scan(&e.ID, &e.Source, &e.RaterID, &e.RaterName, &e.Rater, &e.At, &e.Raw, &e.Correct, &e.Items, &e.AttemptID,
			&e.RubricTitle, &e.RubricVersion, &e.Criteria, &e.Note, &e.LeftOut)
		return e, err
	})
}
