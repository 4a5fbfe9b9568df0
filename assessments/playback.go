package assessments

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sort"
	"time"

	"pitchside/internal/blob"
	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// A Media is a take to be read and sought in, as one file.
type Media struct {
	io.ReadSeekCloser
	Take
	Tag string // changes when the bytes do
}

// Media opens a take for playing: the chosen one for 0, which is the newest
// until the rep chooses. Opening somebody else's is a view that they are shown.
func (s *Service) Media(ctx context.Context, by people.Actor, attemptID int64, number int) (*Media, error) {
	type row struct {
		Take
		PersonID int64
		Head     []byte
		BodyFrom int64
	}
	t, err := pg.One[row](ctx, s.DB, `select `+takeColumns+`, a.person_id, t.head, t.body_from from attempt_takes t join attempts a on a.id = t.attempt_id
		where t.attempt_id = @id and (t.number = @number or @number = 0 and t.finished_at is not null) and `+seesTake+`
		order by t.chosen desc, t.gone_at is not null, t.number desc limit 1`, s.sight(by, pgx.NamedArgs{"id": attemptID, "number": number}))
	switch {
	case pg.NoRows(err):
		return nil, fault.NotFoundf("Attempt %d has no recording, or it is not open to you.", attemptID)
	case err != nil:
		return nil, err
	case t.GoneAt != nil:
		return nil, fault.NotFoundf("This recording was %s, on %s. Scores, quotes and the transcript remain.", t.GoneWords(), t.GoneAt.Format("2 January 2006"))
	case t.FinishedAt == nil:
		return nil, fault.Conflictf("Take %d is not whole yet: %d bytes have arrived.", t.Number, t.Size)
	}
	if t.PersonID != by.ID {
		if err := s.played(ctx, by, attemptID); err != nil {
			return nil, err
		}
	}
	whole, err := s.chunks(ctx, s.DB, t.ID, t.Head, t.BodyFrom)
	if err != nil {
		return nil, err
	}
	return &Media{whole, t.Take, fmt.Sprintf(`"take-%d"`, t.ID)}, nil
}

// played notes that the actor played a recording, once an hour.
func (s *Service) played(ctx context.Context, by people.Actor, attemptID int64) error {
	_, err := s.DB.Exec(ctx, `insert into attempt_views (attempt_id, viewer_id, at, played)
		select @attempt, @viewer, @now, true
		where not exists (select from attempt_views where attempt_id = @attempt and viewer_id = @viewer and played and at > @since)`,
		pgx.NamedArgs{"attempt": attemptID, "viewer": by.ID, "now": s.Now(), "since": s.Now().Add(-time.Hour)})
	return err
}

// chunks opens the chunks of a take as one file. With a head, that stands in
// place of the first from bytes.
func (s *Service) chunks(ctx context.Context, q pg.Querier, takeID int64, head []byte, from int64) (*chunked, error) {
	all, err := pg.All[chunk](ctx, q, `select start, size, blob from take_chunks where take_id = $1 order by start`, takeID)
	if err != nil {
		return nil, err
	}
	c := &chunked{ctx: ctx, store: s.Blobs, head: head, from: from, all: all}
	c.size = int64(len(head)) - from
	if n := len(all); n > 0 {
		c.size += all[n-1].Start + all[n-1].Size
	}
	return c, nil
}

type chunk struct {
	Start, Size int64
	Blob        string
}

// A chunked reads many objects as one file, each opened when it is reached.
type chunked struct {
	ctx   context.Context
	store blob.Store
	head  []byte
	from  int64
	all   []chunk
	size  int64

	at   int64 // in the file that is read
	open io.ReadSeekCloser
	left int64 // of the open object
}

func (c *chunked) Read(p []byte) (int, error) {
	if c.at >= c.size {
		return 0, io.EOF
	}
	if h := int64(len(c.head)); c.at < h {
		n := copy(p, c.head[c.at:])
		c.at += int64(n)
		return n, nil
	}
	if c.open == nil {
		if err := c.reach(c.at - int64(len(c.head)) + c.from); err != nil {
			return 0, err
		}
	}
	n, err := c.open.Read(p[:min(int64(len(p)), c.left)])
	c.at += int64(n)
	c.left -= int64(n)
	if c.left == 0 {
		return n, c.shut()
	}
	if errors.Is(err, io.EOF) {
		err = errors.New("a stored piece is shorter than its row says")
	}
	return n, err
}

// reach opens the object that holds a place of the stored bytes.
func (c *chunked) reach(place int64) error {
	i := sort.Search(len(c.all), func(i int) bool { return c.all[i].Start+c.all[i].Size > place })
	one := c.all[i]
	o, _, err := c.store.Get(c.ctx, one.Blob)
	if err != nil {
		return fmt.Errorf("a stored piece cannot be read: %w", err)
	}
	c.open, c.left = o, one.Start+one.Size-place
	if _, err := o.Seek(place-one.Start, io.SeekStart); err != nil {
		return errors.Join(err, c.shut())
	}
	return nil
}

func (c *chunked) shut() error {
	if c.open == nil {
		return nil
	}
	err := c.open.Close()
	c.open = nil
	return err
}

// Seek implements io.Seeker.
func (c *chunked) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += c.at
	case io.SeekEnd:
		offset += c.size
	}
	if offset < 0 {
		return c.at, errors.New("seeking before the beginning")
	}
	if offset == c.at {
		return offset, nil
	}
	c.at = offset
	return offset, c.shut()
}

// Close implements io.Closer.
func (c *chunked) Close() error { return c.shut() }
