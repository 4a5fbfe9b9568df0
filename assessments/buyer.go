package assessments

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"pitchside/content"
	"pitchside/content/beats"
	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// A Play is where a text conversation stands.
type Play struct {
	AttemptID int64
	Seq       int        // choices made so far
	Log       []PlayLine // everything said, ending with Buyer
	Buyer     string     // what the buyer says now
	Choices   []beats.Offer
	Ended     bool
	Debrief   *Debrief // nil until it has ended
}

// A PlayLine is one line of a text conversation.
type PlayLine struct {
	Speaker Speaker
	Text    string
}

// A Debrief is what is said when the conversation is over: the remarks of its
// author, then every level with the lines that showed it.
type Debrief struct {
	Kind    string // advance, continuation, no or out
	Title   string
	Says    []string
	Turns   []string
	Success []beats.Reached
	Levels  []ShownLevel
}

// A ShownLevel is the level that the conversation showed of one criterion; nil
// for not observed.
type ShownLevel struct {
	Criterion string
	Title     string
	Level     *int
	Never     bool // what it needs never came up
	Lines     []ShownLine
}

// A ShownLine is a line and the level it shows; Says is empty for what the
// ending shows, which no single line did.
type ShownLine struct {
	Says  string
	Level int
}

// Play returns where the actor's own text conversation stands. The log of
// choices is played again from the start, so the same log is the same play.
func (s *Service) Play(ctx context.Context, by people.Actor, attemptID int64) (Play, error) {
	a, err := s.Attempt(ctx, by, attemptID)
	if err != nil {
		return Play{}, err
	}
	if a.PersonID != by.ID && !(by.BringsData() && a.ViaAdmin) {
		return Play{}, noAttempt(attemptID)
	}
	game, sc, err := s.game(ctx, s.DB, a)
	if err != nil {
		return Play{}, err
	}
	return playOf(a, game, sc.Rubric), nil
}

// Say makes a choice in the actor's own conversation. seq is the number of
// choices made before, nil when the caller does not know; with it, sending the
// same choice twice is harmless.
func (s *Service) Say(ctx context.Context, by people.Actor, attemptID int64, choice string, seq *int) (Play, error) {
	var out Play
	err := pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		a, err := lockOwn(ctx, tx, by, attemptID)
		if err != nil {
			return err
		}
		game, sc, err := s.game(ctx, tx, a)
		if err != nil {
			return err
		}
		made := game.Moves()
		n := len(made)
		again := seq != nil && *seq >= 0 && *seq < n && made[*seq].Choice == choice ||
			seq == nil && n > 0 && made[n-1].Choice == choice && !offered(game, choice)
		switch {
		case again:
			out = playOf(a, game, sc.Rubric)
			return nil
		case a.State != Draft && a.State != Resubmit:
			return fault.Conflictf("This attempt has been submitted, so the conversation is closed.")
		case seq != nil && *seq != n:
			return fault.Conflictf("The conversation has moved on in another window. Reload the page to go on from there.")
		}
		if err := game.Choose(choice); err != nil {
			return err
		}
		last := game.Moves()[n]
		beat, _, _ := strings.Cut(choice, "/")
		if _, err := tx.Exec(ctx, `insert into attempt_turns (attempt_id, seq, beat, choice, says, buyer, state, at)
			values (@attempt, @seq, @beat, @choice, @says, @buyer, @state, @now)`,
			pgx.NamedArgs{"attempt": attemptID, "seq": n, "beat": beat, "choice": choice, "says": last.Says, "buyer": game.Buyer(), "state": last.State, "now": s.Now()}); err != nil {
			return err
		}
		out = playOf(a, game, sc.Rubric)
		return nil
	})
	return out, err
}

func offered(game *beats.Game, choice string) bool {
	for _, o := range game.Offers() {
		if o.ID == choice {
			return true
		}
	}
	return false
}

// game plays the log of an attempt again.
func (s *Service) game(ctx context.Context, q pg.Querier, a Attempt) (*beats.Game, Scenario, error) {
	if a.Form != FormText {
		return nil, Scenario{}, fault.Conflictf("This attempt is not a text conversation.")
	}
	sc, err := s.Pinned(ctx, a)
	if err != nil {
		return nil, sc, err
	}
	choices, err := pg.Column[string](ctx, q, `select choice from attempt_turns where attempt_id = $1 order by seq`, a.ID)
	if err != nil {
		return nil, sc, err
	}
	game, err := sc.Script.Replay(strconv.FormatInt(a.ID, 10), choices)
	return game, sc, err
}

func playOf(a Attempt, game *beats.Game, rubric *content.Rubric) Play {
	p := Play{AttemptID: a.ID, Seq: len(game.Moves()), Buyer: game.Buyer(), Choices: game.Offers(), Ended: game.Ended()}
	for _, m := range game.Moves() {
		p.Log = append(p.Log, PlayLine{Buyer, m.Buyer}, PlayLine{Rep, m.Says})
	}
	p.Log = append(p.Log, PlayLine{Buyer, p.Buyer})
	if d := game.Debrief(); d != nil {
		p.Debrief = &Debrief{Kind: d.Kind, Title: d.Title, Says: d.Remarks, Turns: d.Turns, Success: d.Success, Levels: shownLevels(d, rubric)}
	}
	return p
}

func shownLevels(d *beats.Debrief, rubric *content.Rubric) []ShownLevel {
	level := map[string]int{}
	for _, l := range d.Levels {
		level[l.Criterion] = l.Level
	}
	var out []ShownLevel
	for _, c := range rubric.Criteria {
		one := ShownLevel{Criterion: c.ID, Title: c.Title, Never: slices.Contains(d.Never, c.ID)}
		if n := level[c.ID]; n > 0 {
			one.Level = &n
		}
		for _, m := range d.Moves {
			for _, e := range m.Evidence {
				if l := (ShownLine{m.Says, e.Level}); e.Criterion == c.ID && !slices.Contains(one.Lines, l) {
					one.Lines = append(one.Lines, l)
				}
			}
		}
		for _, e := range d.Closing {
			if e.Criterion == c.ID {
				one.Lines = append(one.Lines, ShownLine{Level: e.Level})
			}
		}
		out = append(out, one)
	}
	return out
}

// closePlay turns a finished conversation into a transcript and a sheet of its
// own, with the text buyer as its assessor.
func (s *Service) closePlay(ctx context.Context, tx pgx.Tx, a Attempt) error {
	game, sc, err := s.game(ctx, tx, a)
	if err != nil {
		return err
	}
	if !game.Ended() {
		return fault.Conflictf("The conversation is still going on. Finish it, then submit.")
	}
	play := playOf(a, game, sc.Rubric)
	turns := make([]Turn, len(play.Log))
	for i, l := range play.Log {
		turns[i] = Turn{Speaker: l.Speaker, Text: l.Text}
	}
	if err := writeTranscript(ctx, tx, a.ID, turns); err != nil {
		return err
	}
	var scores []Score
	for _, l := range play.Debrief.Levels {
		one := Score{Criterion: l.Criterion, Level: l.Level, NotObserved: l.Level == nil, NotTriggered: l.Never}
		if c, ok := sc.Rubric.Criterion(l.Criterion); ok && l.Never {
			one.Reason = NeverCame(c)
		}
		best := 0
		for _, line := range l.Lines {
			if line.Says != "" && line.Level > best {
				best, one.Quote = line.Level, line.Says
			}
		}
		scores = append(scores, one)
	}
	now := s.Now()
	var id int64
	if err := tx.QueryRow(ctx, `insert into sheets (attempt_id, source, version, created_at, updated_at) values ($1, 'text_buyer', 0, $2, $2) returning id`, a.ID, now).Scan(&id); err != nil {
		return err
	}
	if err := writeSheet(ctx, tx, id, SheetInput{Scores: scores}, Sum(sc.Rubric, scores, sc.Pass), now); err != nil {
		return err
	}
	sheet, err := oneSheet(ctx, tx, people.Actor{}, id)
	if err != nil {
		return err
	}
	a.SubmittedAt = &now
	return s.release(ctx, tx, people.Actor{ID: a.PersonID}, a, sheet, sc.Rubric)
}

// Opening returns the buyer's first words, or "" without a text buyer.
func (s Scenario) Opening() string {
	if s.Script == nil {
		return ""
	}
	game, err := s.Script.Begin("")
	if err != nil {
		return ""
	}
	return game.Buyer()
}
