package beats

import (
	"math/rand/v2"
	"unicode/utf8"
)

const (
	samples    = 20_000
	sampleSeed = 1
)

func width(c *Choice) int { return utf8.RuneCountInString(c.Says) }

// play plays once. pick returns the index of one of the offered choices. It
// returns the index of the ending, or -1 at a dead end or after too long.
func (s *Script) play(pick func(offered []*Choice) int) int {
	beat, now := s.beat[s.Start], s.first()
	for range 10_000 {
		_, now = s.arrive(beat, now)
		var offered []*Choice
		for _, i := range s.offered(beat, now) {
			offered = append(offered, &s.Beats[beat].Choices[i])
		}
		if len(offered) == 0 {
			return -1
		}
		to, after := s.take(offered[pick(offered)], now)
		if to.ends {
			return to.index
		}
		beat, now = to.index, after
	}
	return -1
}

// blind notes rules of thumb that win without reading.
func (l *linter) blind() {
	rules := []struct {
		name string
		pick func([]*Choice) int
	}{
		{"the longest", func(cs []*Choice) int { return extreme(cs, 1) }},
		{"the shortest", func(cs []*Choice) int { return extreme(cs, -1) }},
		{"the first", func([]*Choice) int { return 0 }},
		{"the last", func(cs []*Choice) int { return len(cs) - 1 }},
	}
	for _, r := range rules {
		if e := l.s.play(r.pick); e >= 0 && l.s.Endings[e].Kind == "advance" {
			l.error(l.s.at, "Shorten the good lines, lengthen the bad ones, or reorder.", "A blind rule wins: always choosing %s line reaches an advance.", r.name)
		}
	}
}

// extreme returns the first longest choice, or for sign -1 the first shortest.
func extreme(cs []*Choice, sign int) int {
	best := 0
	for i, c := range cs {
		if sign*width(c) > sign*width(cs[best]) {
			best = i
		}
	}
	return best
}

// sample plays at random with a fixed seed, for scripts too large to play whole.
func (l *linter) sample() {
	random := rand.New(rand.NewPCG(sampleSeed, sampleSeed))
	won := 0
	for range samples {
		e := l.s.play(func(cs []*Choice) int { return random.IntN(len(cs)) })
		if e < 0 {
			l.error(l.s.at, "Add a choice without a guard, and let something tick.", "Some play comes to a point where nothing is offered, or goes round for ever.")
			return
		}
		if l.s.Endings[e].Kind == "advance" {
			won++
		}
	}
	l.rate(float64(won) / samples)
	l.blind()
}
