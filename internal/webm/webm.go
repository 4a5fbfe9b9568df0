// Package webm makes a recorder's WebM file seekable. Browsers write one as a
// live stream: it names no duration and has no index, so a player can neither
// show its length nor jump. Scan reads such a file once and makes the head that
// a finished file would have; what follows the head is served unchanged. The
// format is Matroska's (RFC 9559) over EBML (RFC 8794). It does not decode.
package webm

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"time"
)

// Elements that are read or written.
const (
	idEBML          = 0x1A45DFA3
	idSegment       = 0x18538067
	idSeekHead      = 0x114D9B74
	idInfo          = 0x1549A966
	idTimecodeScale = 0x2AD7B1
	idDuration      = 0x4489
	idTracks        = 0x1654AE6B
	idTrackEntry    = 0xAE
	idTrackNumber   = 0xD7
	idTrackType     = 0x83
	idTags          = 0x1254C367
	idCluster       = 0x1F43B675
	idTimecode      = 0xE7
	idSimpleBlock   = 0xA3
	idBlockGroup    = 0xA0
	idBlock         = 0xA1
	idCues          = 0x1C53BB6B
	idVoid          = 0xEC
)

const (
	unknown    = -1      // the size of an element that is still being written
	headLimit  = 1 << 20 // bytes of an element that is kept in memory
	indexEvery = 1000    // milliseconds between two entries of the index, at the least
	indexLimit = 20000   // entries of an index
	videoTrack = 1       // a track's type
)

// ErrUnplayable is returned for a file that holds nothing to play.
var ErrUnplayable = errors.New("nothing to play in this WebM file")

func malformed(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrUnplayable, fmt.Sprintf(format, args...))
}

// A Scanned file is what one reading of it found.
type Scanned struct {
	Duration time.Duration
	Video    bool
	// Head is served in place of the first BodyFrom bytes of the file. Both are
	// empty for a file that has an index already.
	Head     []byte
	BodyFrom int64
}

// Scan reads a WebM file of a size from its beginning. A file that is cut off
// or damaged after its first block is read up to there.
func Scan(r io.Reader, size int64) (Scanned, error) {
	s := &scanner{r: bufio.NewReaderSize(r, 64<<10), scale: 1_000_000}
	err := s.file()
	if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, ErrUnplayable) {
		return Scanned{}, err
	}
	if len(s.tracks) == 0 || s.clusterAt == 0 || s.blocks == 0 {
		return Scanned{}, ErrUnplayable
	}
	out := Scanned{Duration: time.Duration(s.last * s.scale), Video: s.video != 0}
	if s.duration > 0 {
		out.Duration = time.Duration(s.duration * float64(s.scale))
	}
	if !s.indexed || s.duration == 0 {
		out.Head, out.BodyFrom = s.head(size), s.clusterAt
	}
	return out, nil
}

type scanner struct {
	r   *bufio.Reader
	pos int64

	ebml, tracks, tags []byte
	info               []byte // its children, without a duration
	scale              int64  // nanoseconds of a tick
	duration           float64
	video              uint64 // number of the first track with a picture, 0 if none
	first              uint64 // number of the first track
	indexed            bool

	clusterAt int64 // of the first cluster
	cluster   int64 // of the one that is read
	base      int64 // its time, in ticks
	last      int64 // latest block, in ticks
	blocks    int
	cues      []cue
}

// A cue says where playing from a time can begin.
type cue struct {
	time, cluster int64
	track         uint64
}

func (s *scanner) file() error {
	id, size, _, err := s.element()
	if err != nil {
		return err
	}
	if id != idEBML || size < 0 || size > headLimit {
		return ErrUnplayable
	}
	if s.ebml, err = s.take(id, size); err != nil {
		return err
	}
	if id, _, _, err = s.element(); err != nil {
		return err
	}
	if id != idSegment {
		return ErrUnplayable
	}
	for {
		if err := s.level1(); err != nil {
			return err
		}
	}
}

// level1 reads one child of the segment, or one child of a cluster: a cluster
// of unknown size ends where another begins, so both are read alike.
func (s *scanner) level1() error {
	id, size, at, err := s.element()
	if err != nil {
		return err
	}
	switch id {
	case idCluster:
		if s.clusterAt == 0 {
			s.clusterAt = at
		}
		s.cluster, s.base = at, 0
		return nil
	case idBlockGroup:
		return nil // its children follow
	case idTimecode:
		v, err := s.number(size)
		s.base = int64(v)
		return err
	case idSimpleBlock, idBlock:
		return s.block(size, id == idSimpleBlock)
	case idInfo, idTracks, idTags:
		if s.clusterAt != 0 {
			break
		}
		return s.keep(id, size)
	case idCues:
		s.indexed = true
	}
	if size == unknown {
		return malformed("the element %x has no size", id)
	}
	return s.skip(size)
}

// keep remembers an element of the head.
func (s *scanner) keep(id uint64, size int64) error {
	if size < 0 || size > headLimit {
		return malformed("the element %x is too large", id)
	}
	whole, err := s.take(id, size)
	if err != nil {
		return err
	}
	body := whole[len(whole)-int(size):]
	switch id {
	case idTracks:
		s.tracks = whole
		return children(body, s.track)
	case idTags:
		s.tags = whole
	case idInfo:
		return children(body, func(id uint64, value, whole []byte) error {
			switch id {
			case idTimecodeScale:
				s.scale = max(1, int64(uinteger(value)))
			case idDuration:
				s.duration = float(value)
				return nil
			}
			s.info = append(s.info, whole...)
			return nil
		})
	}
	return nil
}

func (s *scanner) track(id uint64, value, _ []byte) error {
	if id != idTrackEntry {
		return nil
	}
	var number, kind uint64
	err := children(value, func(id uint64, value, _ []byte) error {
		switch id {
		case idTrackNumber:
			number = uinteger(value)
		case idTrackType:
			kind = uinteger(value)
		}
		return nil
	})
	if s.first == 0 {
		s.first = number
	}
	if kind == videoTrack && s.video == 0 {
		s.video = number
	}
	return err
}

// block notes when a block is, and whether playing can begin there.
func (s *scanner) block(size int64, simple bool) error {
	if size < 4 {
		return ErrUnplayable
	}
	start := s.pos
	track, _, err := s.vint(true)
	if err != nil {
		return err
	}
	var b [3]byte
	if _, err := io.ReadFull(s.r, b[:]); err != nil {
		return err
	}
	s.pos += 3
	at := s.base + int64(int16(uint16(b[0])<<8|uint16(b[1])))
	s.blocks++
	s.last = max(s.last, at)
	index := s.first
	if s.video != 0 {
		index = s.video
	}
	if track == index && (!simple || b[2]&0x80 != 0) {
		s.cue(cue{max(0, at), s.cluster, track})
	}
	return s.skip(size - (s.pos - start))
}

func (s *scanner) cue(c cue) {
	if n := len(s.cues); n > 0 {
		// One entry for each cluster does for sound; of pictures each key frame has one.
		if n >= indexLimit || s.cues[n-1].cluster == c.cluster && s.video == 0 || (c.time-s.cues[n-1].time)*s.scale < indexEvery*1_000_000 {
			return
		}
	}
	s.cues = append(s.cues, c)
}
