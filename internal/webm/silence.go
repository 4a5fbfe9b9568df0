package webm

import (
	"encoding/binary"
	"math"
	"time"
)

// Silence returns a file of silent Opus sound as a browser's recorder writes
// one: a segment and clusters of unknown size, no duration, no index. Its
// length is a whole number of frames of 20 ms.
func Silence(length time.Duration) []byte {
	const (
		frame      = 20 // milliseconds
		perCluster = 5000
	)
	text := func(id uint64, v string) []byte { return element(id, []byte(v)) }
	number := func(id uint64, v byte) []byte { return element(id, []byte{v}) }
	out := element(idEBML, number(0x4286, 1), number(0x42F7, 1), number(0x42F2, 4), number(0x42F3, 8), text(0x4282, "webm"), number(0x4287, 4), number(0x4285, 2))
	out = append(appendID(out, idSegment), 0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF)
	out = append(out, element(idInfo, element(idTimecodeScale, []byte{0x0F, 0x42, 0x40}), text(0x4D80, "Pitchside"), text(0x5741, "Pitchside"))...)
	// OpusHead: version 1, one channel, no pre-skip, 48 kHz, no gain, mapping 0 (RFC 7845, section 5.1).
	opus := append([]byte("OpusHead"), 1, 1, 0, 0, 0x80, 0xBB, 0, 0, 0, 0, 0)
	rate := binary.BigEndian.AppendUint64(nil, math.Float64bits(48000))
	out = append(out, element(idTracks, element(idTrackEntry, number(idTrackNumber, 1), number(0x73C5, 1), number(idTrackType, 2), text(0x86, "A_OPUS"),
		element(0x63A2, opus), element(0xE1, element(0xB5, rate), number(0x9F, 1))))...)
	for at := int64(0); at < length.Milliseconds(); at += frame {
		if at%perCluster == 0 {
			out = append(appendID(out, idCluster), 0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF)
			out = append(out, element(idTimecode, fixed(at))...)
		}
		since := at % perCluster
		// One frame of 20 ms, full band, silent (RFC 6716, section 3.1).
		out = append(out, 0xA3, 0x87, 0x81, byte(since>>8), byte(since), 0x80, 0xF8, 0xFF, 0xFE)
	}
	return out
}
