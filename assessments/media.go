package assessments

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/internal/webm"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// pieceSize is how much of an upload is in memory at a time, and how large an
// object may be.
const pieceSize = 4 << 20

var pieces = sync.Pool{New: func() any { b := make([]byte, pieceSize); return &b }}

// MediaPart says where bytes belong that are sent for a take.
type MediaPart struct {
	Take       int    // number, from 1
	Offset     int64  // of the first byte in the take
	Type       string // as the sender calls it; the bytes decide between WebM and MP4
	Uploaded   bool   // a file from the disk
	Sender     string // names the device, so that two never mix their bytes; may be empty
	Final      bool   // the take ends with these bytes
	DurationMS *int   // by the sender's clock, with the final part
}

// WriteMedia adds bytes to a take of the rep's, storing them as they come: what
// is counted in the returned Take is stored for good, also when an error comes
// with it. Bytes that are there already are passed over, so that a part may be
// sent again; a part that would leave a gap is a Conflict that names the offset
// to go on from, which is Take.Size.
func (s *Service) WriteMedia(ctx context.Context, by people.Actor, attemptID int64, part MediaPart, body io.Reader) (Take, error) {
	t, err := s.openTake(ctx, by, attemptID, part)
	if err != nil {
		return t, err
	}
	if part.Offset < 0 {
		return t, fault.Field("offset", "Count bytes from 0.")
	}
	if part.Offset > t.Size {
		return t, gap(t)
	}
	if _, err := io.CopyN(io.Discard, body, t.Size-part.Offset); err != nil && !errors.Is(err, io.EOF) {
		return t, err
	}
	if t.FinishedAt == nil {
		t, err = s.store(ctx, t, part, body)
	} else if n, readErr := io.CopyN(io.Discard, body, 1); n > 0 {
		err = fault.Conflictf("Take %d is finished with %d bytes. Record another take.", t.Number, t.Size)
	} else if readErr != nil && !errors.Is(readErr, io.EOF) {
		err = readErr
	}
	if err != nil || !part.Final || t.FinishedAt != nil {
		return t, err
	}
	return s.finish(ctx, t, part.DurationMS)
}

func gap(t Take) error {
	return fault.Conflictf("Take %d holds %d bytes. Go on from offset %d.", t.Number, t.Size, t.Size)
}

// openTake returns the take to write to, a new one if need be.
func (s *Service) openTake(ctx context.Context, by people.Actor, attemptID int64, part MediaPart) (t Take, err error) {
	if part.Take < 1 || part.Take > TakesAtMost {
		return t, fault.Field("take", fmt.Sprintf("Number takes from 1 to %d.", TakesAtMost))
	}
	err = pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		a, err := lockRecorded(ctx, tx, by, attemptID)
		if err != nil {
			return err
		}
		if a.Form != FormRecording && a.Form != FormLive {
			return fault.Conflictf("This attempt is made in writing. Start another one as a recording.")
		}
		if a.State != Draft && a.State != Resubmit {
			return fault.Conflictf("This attempt is submitted, so nothing can be added to its recording.")
		}
		keep, err := keepDays(ctx, tx)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `insert into attempt_takes (attempt_id, number, uploaded, keep_days, created_at, sender) values (@id, @number, @uploaded, @keep, @now, @sender)
			on conflict on constraint attempt_takes_one do nothing`,
			pgx.NamedArgs{"id": attemptID, "number": part.Take, "uploaded": part.Uploaded, "keep": keep, "now": s.Now(), "sender": part.Sender}); err != nil {
			return err
		}
		t, err = takeOf(ctx, tx, attemptID, part.Take)
		if err == nil && t.GoneAt != nil {
			err = fault.Conflictf("Take %d was removed. Record another take.", t.Number)
		}
		if err != nil {
			return err
		}
		if t.Sender != part.Sender {
			err = fault.Conflictf("Take %d comes from another device. Send this one under another number.", t.Number)
			t = Take{}
		}
		return err
	})
	return t, err
}

// lockRecorded returns an attempt for its rep to record, or for the partner of
// its live call, locked.
func lockRecorded(ctx context.Context, tx pgx.Tx, by people.Actor, id int64) (Attempt, error) {
	a, err := pg.One[Attempt](ctx, tx, `select `+attemptColumns+`, true as sees_words
		from attempts a join persons p on p.id = a.person_id
		where a.id = @id and (a.person_id = @actor or (@everyone and a.via_admin)
			or exists (select from live_calls l where l.attempt_id = a.id and l.partner_id = @actor and a.state in ('draft', 'resubmit'))) for update of a`,
		by.Scope(pgx.NamedArgs{"id": id}))
	if pg.NoRows(err) {
		return a, noAttempt(id)
	}
	return a, err
}

// Arrived returns what has arrived of the takes of an attempt, to who may
// record it: its rep, and the partner of its live call, who plays none of them.
func (s *Service) Arrived(ctx context.Context, by people.Actor, attemptID int64) (all []Take, err error) {
	err = pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		if _, err := lockRecorded(ctx, tx, by, attemptID); err != nil {
			return err
		}
		all, err = pg.All[Take](ctx, tx, `select `+takeColumns+` from attempt_takes t where t.attempt_id = $1 order by t.number`, attemptID)
		return err
	})
	return all, err
}

func takeOf(ctx context.Context, q pg.Querier, attemptID int64, number int) (Take, error) {
	return pg.One[Take](ctx, q, `select `+takeColumns+` from attempt_takes t where t.attempt_id = $1 and t.number = $2`, attemptID, number)
}

// store writes the body piece by piece. What had come when the sender was cut
// off is kept too: their next part goes on from there.
func (s *Service) store(ctx context.Context, t Take, part MediaPart, body io.Reader) (Take, error) {
	held := pieces.Get().(*[]byte)
	defer pieces.Put(held)
	for {
		n, readErr := io.ReadFull(body, *held)
		if n > 0 {
			var err error
			if t, err = s.storePiece(context.WithoutCancel(ctx), t, part, (*held)[:n]); err != nil {
				return t, err
			}
		}
		switch {
		case errors.Is(readErr, io.EOF), errors.Is(readErr, io.ErrUnexpectedEOF):
			return t, nil
		case readErr != nil:
			return t, readErr
		}
	}
}

// storeLimit is how long the store may take for one piece.
const storeLimit = 2 * time.Minute

func (s *Service) storePiece(ctx context.Context, t Take, part MediaPart, piece []byte) (Take, error) {
	ctx, cancel := context.WithTimeout(ctx, storeLimit)
	defer cancel()
	if t.Size+int64(len(piece)) > TakeLimit {
		return t, &fault.Error{Kind: fault.TooLarge, Message: "A take holds at most 2 GB. End this one and go on in another, or record sound alone."}
	}
	if t.Size == 0 {
		kind, err := sniff(piece, part.Type)
		if err != nil {
			return t, err
		}
		t.ContentType = kind
	}
	key := fmt.Sprintf("%s%d/%d/%d-%s", mediaPrefix, t.AttemptID, t.Number, t.Size, rand.Text())
	if _, err := s.Blobs.Put(ctx, key, bytes.NewReader(piece), int64(len(piece)), t.ContentType); err != nil {
		return t, fmt.Errorf("storing a piece of take %d of attempt %d: %w", t.Number, t.AttemptID, err)
	}
	tag, err := s.DB.Exec(ctx, `with grown as (update attempt_takes set size = size + @n, content_type = @type
			where id = @take and size = @start and finished_at is null and gone_at is null returning id)
		insert into take_chunks (take_id, start, size, blob) select id, @start, @n, @blob from grown`,
		pgx.NamedArgs{"take": t.ID, "start": t.Size, "n": len(piece), "type": t.ContentType, "blob": key})
	if err == nil && tag.RowsAffected() == 1 {
		t.Size += int64(len(piece))
		return t, nil
	}
	if err != nil {
		return t, err // whether the row stands is not known; a lost object is swept later
	}
	// Another sender was quicker, from another tab or a request thought lost.
	if err := s.Blobs.Delete(ctx, key); err != nil {
		return t, err
	}
	if t, err = takeOf(ctx, s.DB, t.AttemptID, t.Number); err == nil {
		err = gap(t)
	}
	return t, err
}

// sniff says what a file is from its first bytes; whether it has a picture is
// what the sender says, until it is known better.
func sniff(b []byte, said string) (string, error) {
	sound := strings.HasPrefix(said, "audio/")
	container := ""
	switch {
	case bytes.HasPrefix(b, []byte{0x1A, 0x45, 0xDF, 0xA3}) && bytes.Contains(b[:min(len(b), 80)], []byte("webm")):
		container = "webm"
	case len(b) > 12 && string(b[4:8]) == "ftyp":
		container = "mp4"
		sound = sound || string(b[8:11]) == "M4A"
	default:
		return "", fault.Field("file", "This is neither a WebM nor an MP4 file, so browsers could not play it. Save it as MP4 (.mp4, .m4a) or WebM, then choose it again.")
	}
	if sound {
		return "audio/" + container, nil
	}
	return "video/" + container, nil
}

// finish ends a take: its size stands, its duration is known, and a recorder's
// WebM gets an index.
func (s *Service) finish(ctx context.Context, t Take, said *int) (Take, error) {
	if t.Size == 0 {
		return t, fault.Field("file", "Nothing has arrived for this take. Record it again, or choose a file with something in it.")
	}
	args := pgx.NamedArgs{"take": t.ID, "size": t.Size, "now": s.Now(), "type": t.ContentType, "head": nil, "from": 0, "ms": nil}
	if said != nil && *said >= 0 && time.Duration(*said)*time.Millisecond <= longestTake {
		args["ms"] = *said
	}
	if t.ContentType == "audio/webm" || t.ContentType == "video/webm" {
		whole, err := s.chunks(ctx, s.DB, t.ID, nil, 0)
		if err != nil {
			return t, err
		}
		got, err := webm.Scan(whole, t.Size)
		if closeErr := whole.Close(); err == nil {
			err = closeErr
		}
		if errors.Is(err, webm.ErrUnplayable) {
			return t, fault.Field("file", "There is nothing to play in this file. Remove this take and record it again, or choose another file.")
		}
		if err != nil {
			return t, err
		}
		args["type"] = map[bool]string{false: "audio/webm", true: "video/webm"}[got.Video]
		args["from"] = got.BodyFrom
		if len(got.Head) > 0 {
			args["head"] = got.Head
		}
		if args["ms"] == nil && got.Duration > 0 && got.Duration <= longestTake {
			args["ms"] = int(got.Duration.Milliseconds())
		}
	}
	tag, err := s.DB.Exec(ctx, `update attempt_takes set finished_at = @now, content_type = @type, duration_ms = @ms, head = @head, body_from = @from
		where id = @take and size = @size and finished_at is null and gone_at is null`, args)
	if err != nil {
		return t, err
	}
	done, err := takeOf(ctx, s.DB, t.AttemptID, t.Number)
	if err == nil && tag.RowsAffected() == 0 && done.FinishedAt == nil {
		err = gap(done)
	}
	return done, err
}
