package assessments

import (
	"context"
	"fmt"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// Tags are the kinds of question with their names for people, in Rackham's
// order.
var Tags = []struct {
	Tag  Tag
	Name string
}{
	{TagSituation, "Situation"}, {TagProblem, "Problem"}, {TagImplication, "Implication"}, {TagNeedPayoff, "Need-payoff"},
}

// Name returns the tag's name for people, or "" when it is none of the four.
func (t Tag) Name() string {
	for _, one := range Tags {
		if one.Tag == t {
			return one.Name
		}
	}
	return ""
}

// CorrectTag says what kind a question of an attempt's transcript is: question
// is its number among those of the rep, from 0. Whoever may read the words may
// say so, the rep included. Saying it twice is harmless; what was said before is
// kept, and the newest word counts.
func (s *Service) CorrectTag(ctx context.Context, by people.Actor, attemptID int64, question int, tag Tag) (Question, error) {
	if tag.Name() == "" {
		return Question{}, fault.Field("tag", "Choose one of the four kinds: situation, problem, implication or need_payoff.")
	}
	turns, err := s.Transcript(ctx, by, attemptID)
	if err != nil {
		return Question{}, err
	}
	all := Measured(turns).RepQuestions
	if question < 0 || question >= len(all) {
		return Question{}, fault.NotFoundf("The transcript has no question %d.", question)
	}
	q := all[question]
	err = pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `insert into question_tags (attempt_id, turn_seq, nth, question, suggested, tag, corrected_by, at)
			values (@attempt, @seq, @nth, @question, @suggested, @tag, @by, @now)`, pgx.NamedArgs{
			"attempt": attemptID, "seq": q.Seq, "nth": q.Nth, "question": q.Text, "suggested": *q.Tag, "tag": tag, "by": by.ID, "now": s.Now()})
		return err
	})
	if err != nil {
		return Question{}, fmt.Errorf("keeping the kind of a question: %w", err)
	}
	q.Tag, q.Suggested, q.CorrectedBy = &tag, false, &by.ID
	return q, nil
}

// corrected puts what people said in the place of suggestions.
func (s *Service) corrected(ctx context.Context, attemptID int64, questions []Question) error {
	said, err := pg.All[struct {
		TurnSeq, Nth int
		Question     string
		Tag          Tag
		CorrectedBy  int64
		Name         string
	}](ctx, s.DB, `select distinct on (t.turn_seq, t.nth, t.question) t.turn_seq, t.nth, t.question, t.tag, t.corrected_by, p.name
		from question_tags t join persons p on p.id = t.corrected_by
		where t.attempt_id = $1 order by t.turn_seq, t.nth, t.question, t.id desc`, attemptID)
	if err != nil {
		return fmt.Errorf("reading the kinds of questions: %w", err)
	}
	for _, one := range said {
		for i, q := range questions {
			if q.Seq == one.TurnSeq && q.Nth == one.Nth && q.Text == one.Question {
				questions[i].Tag, questions[i].Suggested, questions[i].CorrectedBy, questions[i].Corrector = &one.Tag, false, &one.CorrectedBy, one.Name
			}
		}
	}
	return nil
}
