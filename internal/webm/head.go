package webm

import (
	"encoding/binary"
	"math"
)

const (
	idSeek            = 0x4DBB
	idSeekID          = 0x53AB
	idSeekPosition    = 0x53AC
	idCuePoint        = 0xBB
	idCueTime         = 0xB3
	idCuePositions    = 0xB7
	idCueTrack        = 0xF7
	idCueClusterPlace = 0xF1
)

// head makes what stands before the first cluster of a finished file: the
// table of contents, the duration, the tracks and the index. Every number that
// depends on the head's own length has a fixed size, so that it is made twice
// and right the second time.
func (s *scanner) head(size int64) []byte {
	ticks := s.duration
	if ticks == 0 {
		ticks = float64(s.last)
	}
	info := element(idInfo, s.info, element(idDuration, binary.BigEndian.AppendUint64(nil, math.Float64bits(ticks))))
	make1 := func(clusters int64) []byte { // where the first cluster lies in the segment
		var cues []byte
		for _, c := range s.cues {
			cues = append(cues, element(idCuePoint, element(idCueTime, fixed(c.time)),
				element(idCuePositions, element(idCueTrack, fixed(int64(c.track))), element(idCueClusterPlace, fixed(c.cluster-s.clusterAt+clusters))))...)
		}
		parts := []struct {
			id   uint64
			body []byte
		}{{idInfo, info}, {idTracks, s.tracks}, {idTags, s.tags}, {idCues, element(idCues, cues)}}
		contents := func(from int64) []byte {
			var seeks []byte
			for _, p := range parts {
				if len(p.body) > 0 {
					seeks = append(seeks, element(idSeek, element(idSeekID, appendID(nil, p.id)), element(idSeekPosition, fixed(from)))...)
				}
				from += int64(len(p.body))
			}
			return element(idSeekHead, seeks)
		}
		out := contents(int64(len(contents(0))))
		for _, p := range parts {
			out = append(out, p.body...)
		}
		return out
	}
	inside := make1(int64(len(make1(0))))
	out := append([]byte{}, s.ebml...)
	out = appendID(out, idSegment)
	out = appendSize(out, int64(len(inside))+size-s.clusterAt)
	return append(out, inside...)
}
