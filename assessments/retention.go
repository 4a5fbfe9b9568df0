package assessments

import (
	"context"
	"strconv"
	"strings"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"

	"github.com/jackc/pgx/v5"
)

// mediaPrefix begins the key of every object that belongs to a take.
const mediaPrefix = "attempts/"

// orphaned is how old an object without a row must be to be nobody's: longer
// than any upload of one piece takes.
const orphaned = 24 * time.Hour

// MediaGone is the news that takes of an attempt are gone, so that their bytes
// can go too.
type MediaGone struct {
	AttemptID int64 `json:"attempt_id"`
}

// Kind names the news.
func (MediaGone) Kind() string { return "assessments.media_gone" }

// MediaDue is the nightly round: what was promised to go, goes.
type MediaDue struct{}

// Kind names the news.
func (MediaDue) Kind() string { return "assessments.media_due" }

// letGo marks the takes of an attempt that fit a condition as gone. Nobody can
// play them from that moment; their bytes are deleted after it.
func (s *Service) letGo(ctx context.Context, tx pgx.Tx, attemptID int64, why, condition string, args pgx.NamedArgs) error {
	all := pgx.NamedArgs{"id": attemptID, "why": why, "now": s.Now()}
	for k, v := range args {
		all[k] = v
	}
	tag, err := tx.Exec(ctx, `update attempt_takes t set gone_at = @now, gone = @why, head = null
		where t.attempt_id = @id and t.gone_at is null and (`+condition+`)`, all)
	if err != nil || tag.RowsAffected() == 0 || s.Jobs == nil {
		return err
	}
	_, err = s.Jobs.InsertTx(ctx, tx, MediaGone{attemptID}, nil)
	return err
}

// DeleteGone deletes the bytes of an attempt's takes that are gone (of every
// attempt's for 0), row after row as each object goes, so that it can be cut
// off and begun again.
func (s *Service) DeleteGone(ctx context.Context, attemptID int64) error {
	all, err := pg.Column[string](ctx, s.DB, `select c.blob from take_chunks c join attempt_takes t on t.id = c.take_id
		where t.gone_at is not null and ($1::bigint = 0 or t.attempt_id = $1) order by c.take_id, c.start`, attemptID)
	if err != nil {
		return err
	}
	for _, key := range all {
		if err := s.Blobs.Delete(ctx, key); err != nil {
			return err
		}
		if _, err := s.DB.Exec(ctx, `delete from take_chunks where blob = $1`, key); err != nil {
			return err
		}
	}
	return nil
}

// ExpireMedia lets every recording go whose days are over: those that were
// promised when it was made, or fewer, if the company keeps recordings for less
// now. Scores, quotes and transcripts stay.
func (s *Service) ExpireMedia(ctx context.Context) error {
	keep, err := s.KeepDays(ctx)
	if err != nil {
		return err
	}
	if _, err := s.DB.Exec(ctx, `update attempt_takes set gone_at = @now, gone = 'expired', head = null
		where gone_at is null and coalesce(finished_at, created_at) + least(keep_days, @keep) * interval '1 day' <= @now`,
		pgx.NamedArgs{"now": s.Now(), "keep": keep}); err != nil {
		return err
	}
	return s.DeleteGone(ctx, 0)
}

// SweepOrphans deletes objects of recordings that no row names: what was stored
// in the moment in which the program or the database stopped.
func (s *Service) SweepOrphans(ctx context.Context) (int, error) {
	swept := 0
	for key, err := range s.Blobs.Keys(ctx) {
		if err != nil {
			return swept, err
		}
		if !strings.HasPrefix(key, mediaPrefix) {
			continue
		}
		var known bool
		if err := s.DB.QueryRow(ctx, `select exists (select from take_chunks where blob = $1)`, key).Scan(&known); err != nil {
			return swept, err
		}
		if known {
			continue
		}
		info, err := s.Blobs.Stat(ctx, key)
		if fault.KindOf(err) == fault.NotFound {
			continue
		}
		if err != nil {
			return swept, err
		}
		if s.Now().Sub(info.Modified) < orphaned {
			continue
		}
		if err := s.Blobs.Delete(ctx, key); err != nil {
			return swept, err
		}
		swept++
	}
	return swept, nil
}

// A Holding is what is held of recordings, for the page of an admin.
type Holding struct {
	Takes  int
	Bytes  int64
	Oldest *time.Time
}

// Holding counts the recordings that are held.
func (s *Service) Holding(ctx context.Context) (Holding, error) {
	return pg.One[Holding](ctx, s.DB, `select count(*)::int as takes, coalesce(sum(size), 0)::bigint as bytes, min(created_at) as oldest from attempt_takes where gone_at is null and size > 0`)
}

// Megabytes writes a size as people read it.
func (t Take) Megabytes() string {
	return strconv.FormatFloat(float64(t.Size)/(1<<20), 'f', 1, 64) + " MB"
}
