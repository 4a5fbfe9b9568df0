package assessments

import (
	"context"
	"fmt"
	"strings"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// Limits of what is recorded.
const (
	TakeLimit    = 2 << 30 // bytes of a take
	TakesAtMost  = 50      // of an attempt, those that are gone counted in
	longestTake  = 24 * time.Hour
	defaultKeeps = 180 // days, when the company says nothing
)

// A Take is one recording of an attempt, or one file that was chosen for it.
// Before submission only the rep knows of it; at submission one is chosen and
// the others go.
type Take struct {
	ID          int64
	AttemptID   int64
	Number      int
	ContentType string // audio/webm, video/webm, audio/mp4 or video/mp4; "" before the first bytes
	Uploaded    bool
	Sender      string // names the device; may be empty
	Size        int64  // bytes that are stored
	DurationMS  *int
	Chosen      bool
	KeepDays    int
	CreatedAt   time.Time
	FinishedAt  *time.Time
	GoneAt      *time.Time
	Gone        *string // why: expired, removed, unchosen or erased
}

// Video reports whether the take has a picture.
func (t Take) Video() bool { return strings.HasPrefix(t.ContentType, "video/") }

// Ready reports whether the take is whole and still there.
func (t Take) Ready() bool { return t.FinishedAt != nil && t.GoneAt == nil }

// GoneWords say why a take is no longer there.
func (t Take) GoneWords() string {
	if t.Gone == nil {
		return ""
	}
	return map[string]string{"expired": fmt.Sprintf("deleted, as promised, when its %d days were over", t.KeepDays), "removed": "removed by the rep",
		"unchosen": "removed at submission, as another take was chosen", "erased": "erased at the rep’s request"}[*t.Gone]
}

const takeColumns = `t.id, t.attempt_id, t.number, t.content_type, t.uploaded, t.sender, t.size, t.duration_ms, t.chosen, t.keep_days, t.created_at, t.finished_at, t.gone_at, t.gone`

// seesTake is the condition that the actor may play take t of attempt a: one's
// own, and of others' the chosen one where the words are open too.
const seesTake = `(` + seesWords + ` and (t.chosen or a.person_id = @actor or (@everyone and a.via_admin)))`

// Takes returns the takes of an attempt that the actor may play, those that
// are gone with them, in their order. Nothing is there for who sees none.
func (s *Service) Takes(ctx context.Context, by people.Actor, attemptID int64) ([]Take, error) {
	return pg.All[Take](ctx, s.DB, `select `+takeColumns+` from attempt_takes t join attempts a on a.id = t.attempt_id
		where t.attempt_id = @id and `+seesTake+` order by t.number`, s.sight(by, pgx.NamedArgs{"id": attemptID}))
}

// KeepDays returns for how many days a recording that begins now is kept.
func (s *Service) KeepDays(ctx context.Context) (int, error) { return keepDays(ctx, s.DB) }

func keepDays(ctx context.Context, q pg.Querier) (int, error) {
	days := defaultKeeps
	err := q.QueryRow(ctx, `select retention_days from company`).Scan(&days)
	if pg.NoRows(err) {
		err = nil
	}
	return days, err
}

// lockTake returns a take that its rep may change, locked.
func (s *Service) lockTake(ctx context.Context, tx pgx.Tx, by people.Actor, attemptID int64, number int) (Take, error) {
	a, err := lockOwn(ctx, tx, by, attemptID)
	if err != nil {
		return Take{}, err
	}
	switch a.State {
	case Draft, Resubmit, Withdrawn:
	default:
		return Take{}, fault.Conflictf("This attempt is submitted, so its recording stays as it is. You can ask for it to be erased.")
	}
	t, err := pg.One[Take](ctx, tx, `select `+takeColumns+` from attempt_takes t where t.attempt_id = $1 and t.number = $2 for update`, attemptID, number)
	if pg.NoRows(err) {
		return t, fault.NotFoundf("There is no take %d.", number)
	}
	return t, err
}

// RemoveTake deletes a take before submission. Removing it twice is harmless.
func (s *Service) RemoveTake(ctx context.Context, by people.Actor, attemptID int64, number int) error {
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		t, err := s.lockTake(ctx, tx, by, attemptID, number)
		if err != nil || t.GoneAt != nil {
			return err
		}
		return s.letGo(ctx, tx, attemptID, "removed", `t.number = @number`, pgx.NamedArgs{"number": number})
	})
}

// ChooseTake says which take is submitted.
func (s *Service) ChooseTake(ctx context.Context, by people.Actor, attemptID int64, number int) error {
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		t, err := s.lockTake(ctx, tx, by, attemptID, number)
		if err != nil || t.Chosen {
			return err
		}
		if !t.Ready() {
			return fault.Conflictf("Take %d is not whole. Choose another one.", number)
		}
		return choose(ctx, tx, attemptID, number)
	})
}

func choose(ctx context.Context, tx pgx.Tx, attemptID int64, number int) error {
	if _, err := tx.Exec(ctx, `update attempt_takes set chosen = false where attempt_id = $1 and chosen`, attemptID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `update attempt_takes set chosen = true where attempt_id = $1 and number = $2`, attemptID, number)
	return err
}

// settleTakes makes one take the submitted one, the newest unless the rep
// chose, and lets the others go. It reports whether there is one.
func (s *Service) settleTakes(ctx context.Context, tx pgx.Tx, attemptID int64) (bool, error) {
	all, err := pg.All[Take](ctx, tx, `select `+takeColumns+` from attempt_takes t where t.attempt_id = $1 and t.gone_at is null order by t.number for update`, attemptID)
	if err != nil {
		return false, err
	}
	pick := 0
	for _, t := range all {
		if t.FinishedAt == nil && t.Size > 0 {
			return false, fault.Conflictf("Take %d is not whole: %.1f MB of it have arrived. Wait until it is sent, or remove it, then submit.", t.Number, float64(t.Size)/(1<<20))
		}
		if t.FinishedAt != nil && (pick == 0 || t.Chosen) {
			pick = t.Number
		} else if t.FinishedAt != nil && !chosenAmong(all) {
			pick = t.Number
		}
	}
	if pick == 0 {
		return false, nil
	}
	if err := choose(ctx, tx, attemptID, pick); err != nil {
		return false, err
	}
	return true, s.letGo(ctx, tx, attemptID, "unchosen", `not t.chosen`, nil)
}

func chosenAmong(all []Take) bool {
	for _, t := range all {
		if t.Chosen {
			return true
		}
	}
	return false
}
