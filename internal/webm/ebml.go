package webm

import (
	"encoding/binary"
	"io"
	"math"
	"math/bits"
)

// element reads an element's id and size, and where it began.
func (s *scanner) element() (id uint64, size, at int64, err error) {
	at = s.pos
	if id, _, err = s.vint(false); err != nil {
		return 0, 0, at, err
	}
	n, length, err := s.vint(true)
	if err != nil {
		return 0, 0, at, err
	}
	if n == 1<<(7*length)-1 {
		return id, unknown, at, nil
	}
	return id, int64(n), at, nil
}

// vint reads a number of variable length; its mark is left out of a size and
// belongs to an id.
func (s *scanner) vint(unmark bool) (v uint64, length int, err error) {
	b, err := s.r.ReadByte()
	if err != nil {
		return 0, 0, err
	}
	if b == 0 {
		return 0, 0, malformed("no element begins at byte %d", s.pos)
	}
	length = bits.LeadingZeros8(b) + 1
	v = uint64(b)
	if unmark {
		v &= 1<<(8-length) - 1
	}
	for range length - 1 {
		if b, err = s.r.ReadByte(); err != nil {
			return 0, 0, err
		}
		v = v<<8 | uint64(b)
	}
	s.pos += int64(length)
	return v, length, nil
}

// number reads an unsigned number of a size.
func (s *scanner) number(size int64) (uint64, error) {
	if size < 0 || size > 8 {
		return 0, malformed("a number of %d bytes", size)
	}
	b := make([]byte, size)
	_, err := io.ReadFull(s.r, b)
	s.pos += size
	return uinteger(b), err
}

func (s *scanner) skip(size int64) error {
	if size < 0 {
		return malformed("an element that ends before byte %d", s.pos)
	}
	for size > 0 {
		n, err := s.r.Discard(int(min(size, 1<<20)))
		s.pos += int64(n)
		size -= int64(n)
		if err != nil {
			return err
		}
	}
	return nil
}

// take returns an element with its id and size.
func (s *scanner) take(id uint64, size int64) ([]byte, error) {
	b := make([]byte, size)
	_, err := io.ReadFull(s.r, b)
	s.pos += size
	return element(id, b), err
}

// children calls f for each child of an element that is in memory.
func children(b []byte, f func(id uint64, value, whole []byte) error) error {
	for len(b) > 0 {
		id, n, ok := readVint(b, false)
		if !ok {
			return io.ErrUnexpectedEOF
		}
		size, m, ok := readVint(b[n:], true)
		if !ok || size > uint64(len(b)-n-m) {
			return io.ErrUnexpectedEOF
		}
		end := n + m + int(size)
		if err := f(id, b[n+m:end], b[:end]); err != nil {
			return err
		}
		b = b[end:]
	}
	return nil
}

func readVint(b []byte, unmark bool) (v uint64, length int, ok bool) {
	if len(b) == 0 || b[0] == 0 {
		return 0, 0, false
	}
	length = bits.LeadingZeros8(b[0]) + 1
	if len(b) < length {
		return 0, 0, false
	}
	v = uint64(b[0])
	if unmark {
		v &= 1<<(8-length) - 1
	}
	for _, c := range b[1:length] {
		v = v<<8 | uint64(c)
	}
	return v, length, true
}

func uinteger(b []byte) (v uint64) {
	for _, c := range b {
		v = v<<8 | uint64(c)
	}
	return v
}

func float(b []byte) float64 {
	switch len(b) {
	case 4:
		return float64(math.Float32frombits(binary.BigEndian.Uint32(b)))
	case 8:
		return math.Float64frombits(binary.BigEndian.Uint64(b))
	}
	return 0
}

// element writes an element around its bytes.
func element(id uint64, parts ...[]byte) []byte {
	size := 0
	for _, p := range parts {
		size += len(p)
	}
	out := appendID(nil, id)
	out = appendSize(out, int64(size))
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

func appendID(b []byte, id uint64) []byte {
	for shift := (bits.Len64(id) - 1) / 8 * 8; shift >= 0; shift -= 8 {
		b = append(b, byte(id>>shift))
	}
	return b
}

// appendSize writes a size in eight bytes, so that its length is known before
// the size is.
func appendSize(b []byte, size int64) []byte {
	return binary.BigEndian.AppendUint64(b, 1<<56|uint64(size))
}

// fixed is an unsigned number in eight bytes.
func fixed(v int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(v)) }
