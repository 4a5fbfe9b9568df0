package assessments

import (
	"context"
	"fmt"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// What a transcript may hold. A ten-minute call is about 9 KB and 100 turns.
const (
	MaxTranscriptBytes = 200 << 10
	MaxTranscriptTurns = 2000
)

// A Speaker is one side of the conversation.
type Speaker string

// The two sides.
const (
	Rep   Speaker = "rep"
	Buyer Speaker = "buyer"
)

// Other returns the other side.
func (s Speaker) Other() Speaker {
	if s == Rep {
		return Buyer
	}
	return Rep
}

// A Turn is what one side said before the other spoke. Times are milliseconds
// from the start of the call, nil when the transcript has none.
type Turn struct {
	Seq     int     `json:"seq,omitempty"`
	Speaker Speaker `json:"speaker"`
	StartMS *int    `json:"start_ms"`
	EndMS   *int    `json:"end_ms"`
	Text    string  `json:"text"`
}

// Clock returns the turn's start as mm:ss, or "" without a time.
func (t Turn) Clock() string {
	if t.StartMS == nil {
		return ""
	}
	return Clock(*t.StartMS)
}

// Clock writes a moment of a call, in milliseconds, as mm:ss or h:mm:ss.
func Clock(ms int) string {
	s := ms / 1000
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%02d:%02d", s/60, s%60)
}

// SaveTranscript replaces the transcript of an attempt that is not yet
// submitted. version, when not nil, must be the attempt's: else the write is
// Stale. It returns the attempt's new version.
func (s *Service) SaveTranscript(ctx context.Context, by people.Actor, attemptID int64, turns []Turn, version *int) (int, error) {
	turns, err := checkTurns(turns)
	if err != nil {
		return 0, err
	}
	var saved int
	err = pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		a, err := lockOwn(ctx, tx, by, attemptID)
		if err != nil {
			return err
		}
		if a.Form == FormText {
			return fault.Conflictf("This attempt is a text conversation: its transcript is made from the choices. Start another attempt to paste one.")
		}
		if a.Form == FormWorksheet {
			return fault.Conflictf("This attempt is a worksheet, so it has no transcript. Write into its fields.")
		}
		if a.State != Draft && a.State != Resubmit {
			return fault.Conflictf("This attempt has been submitted, so its transcript is fixed. Withdraw it to start again.")
		}
		if version != nil && *version != a.Version {
			theirs, err := transcript(ctx, tx, attemptID)
			if err != nil {
				return err
			}
			return &fault.Error{Kind: fault.Stale, Theirs: PlainText(theirs),
				Message: "The transcript was changed in another window. Both texts are below; keep the one you want."}
		}
		saved = a.Version + 1
		if _, err := tx.Exec(ctx, `update attempts set version = $2 where id = $1`, attemptID, saved); err != nil {
			return err
		}
		return writeTranscript(ctx, tx, attemptID, turns)
	})
	return saved, err
}

// checkTurns returns turns cleaned, or what is wrong with them.
func checkTurns(turns []Turn) ([]Turn, error) {
	if len(turns) == 0 {
		return nil, fault.Field("turns", "The transcript is empty. Add at least one thing the rep said.")
	}
	if len(turns) > MaxTranscriptTurns {
		return nil, &fault.Error{Kind: fault.TooLarge, Message: fmt.Sprintf("The transcript has %d turns; at most %d fit. Leave out a part of the call.", len(turns), MaxTranscriptTurns)}
	}
	out, size := make([]Turn, len(turns)), 0
	for i, t := range turns {
		t.Text = clean(t.Text)
		name := fmt.Sprintf("turns[%d]", i)
		switch {
		case t.Speaker != Rep && t.Speaker != Buyer:
			return nil, fault.Field(name+".speaker", fmt.Sprintf("Turn %d has the speaker %q. Use rep or buyer.", i+1, t.Speaker))
		case t.Text == "":
			return nil, fault.Field(name+".text", fmt.Sprintf("Turn %d has no words. Leave it out, or write what was said.", i+1))
		case t.StartMS != nil && *t.StartMS < 0:
			return nil, fault.Field(name+".start_ms", fmt.Sprintf("Turn %d starts before the call. Count from 0.", i+1))
		case t.EndMS != nil && (t.StartMS == nil || *t.EndMS < *t.StartMS):
			return nil, fault.Field(name+".end_ms", fmt.Sprintf("Turn %d ends before it starts. Give the start first, then a later end.", i+1))
		case t.EndMS != nil && *t.EndMS > 24*3600*1000:
			return nil, fault.Field(name+".end_ms", fmt.Sprintf("Turn %d ends after more than a day. Times are milliseconds from the start of the call.", i+1))
		}
		if size += len(t.Text); size > MaxTranscriptBytes {
			return nil, &fault.Error{Kind: fault.TooLarge, Message: fmt.Sprintf("The transcript is longer than %d KB. Leave out a part of the call.", MaxTranscriptBytes>>10)}
		}
		t.Seq = i + 1
		out[i] = t
	}
	return out, nil
}

func writeTranscript(ctx context.Context, tx pgx.Tx, attemptID int64, turns []Turn) error {
	if _, err := tx.Exec(ctx, `delete from transcript_turns where attempt_id = $1`, attemptID); err != nil {
		return err
	}
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"transcript_turns"}, []string{"attempt_id", "seq", "speaker", "start_ms", "end_ms", "text"},
		pgx.CopyFromSlice(len(turns), func(i int) ([]any, error) {
			t := turns[i]
			return []any{attemptID, i + 1, string(t.Speaker), t.StartMS, t.EndMS, t.Text}, nil
		}))
	return err
}

func transcript(ctx context.Context, q pg.Querier, attemptID int64) ([]Turn, error) {
	return pg.All[Turn](ctx, q, `select seq, speaker, start_ms, end_ms, text from transcript_turns where attempt_id = $1 order by seq`, attemptID)
}

// Transcript returns the conversation of an attempt to those who may read its
// words; for others the attempt is NotFound.
func (s *Service) Transcript(ctx context.Context, by people.Actor, attemptID int64) ([]Turn, error) {
	a, err := s.Attempt(ctx, by, attemptID)
	if err != nil {
		return nil, err
	}
	if !a.SeesWords {
		return nil, noAttempt(attemptID)
	}
	return transcript(ctx, s.DB, attemptID)
}
