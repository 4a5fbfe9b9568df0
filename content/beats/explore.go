package beats

import (
	"encoding/binary"
	"fmt"
	"math"
)

// mostPositions bounds exhaustive play: a script of ordinary size has tens of
// thousands. Beyond it the script is sampled instead.
const mostPositions = 400_000

// A position is a beat with the state on arrival there.
type position struct {
	beat  int
	start state
	line  int   // that the buyer speaks
	now   state // after the line
	edges []edge
}

// An edge is one choice at a position. next is a position, or -1 at an ending.
type edge struct {
	choice int
	ending int
	next   int
	after  state
}

// A graph is every position that any play can reach; the first is the start.
type graph struct {
	s         *Script
	positions []position
}

func (s *Script) stateKey(beat int, now state) string {
	b := make([]byte, 0, 4+4*len(now))
	b = binary.AppendUvarint(b, uint64(beat))
	for i, n := range now {
		b = binary.AppendUvarint(b, uint64(n-s.Vars[i].Min))
	}
	return string(b)
}

// explore returns the graph, or nil when it has too many positions.
func (s *Script) explore() *graph {
	g := &graph{s: s}
	known := map[string]int{}
	arrive := func(beat int, now state) int {
		key := s.stateKey(beat, now)
		if i, ok := known[key]; ok {
			return i
		}
		known[key] = len(g.positions)
		p := position{beat: beat, start: now}
		p.line, p.now = s.arrive(beat, now)
		g.positions = append(g.positions, p)
		return known[key]
	}
	arrive(s.beat[s.Start], s.first())
	for i := 0; i < len(g.positions); i++ {
		if len(g.positions) > mostPositions {
			return nil
		}
		beat, now := g.positions[i].beat, g.positions[i].now
		for _, c := range s.offered(beat, now) {
			to, after := s.take(&s.Beats[beat].Choices[c], now)
			e := edge{choice: c, ending: -1, next: -1, after: after}
			if to.ends {
				e.ending = to.index
			} else {
				e.next = arrive(to.index, after)
			}
			g.positions[i].edges = append(g.positions[i].edges, e)
		}
	}
	return g
}

// order returns the positions so that each comes after those it leads to, and
// the position to which play can return in the same state, or -1.
func (g *graph) order() (last []int, endless int) {
	const grey, black = 1, 2
	colour := make([]byte, len(g.positions))
	type visit struct{ at, edge int }
	stack := []visit{{0, 0}}
	colour[0] = grey
	for len(stack) > 0 {
		v := &stack[len(stack)-1]
		if edges := g.positions[v.at].edges; v.edge < len(edges) {
			next := edges[v.edge].next
			v.edge++
			if next < 0 || colour[next] == black {
				continue
			}
			if colour[next] == grey {
				return nil, next
			}
			colour[next] = grey
			stack = append(stack, visit{next, 0})
			continue
		}
		colour[v.at] = black
		last = append(last, v.at)
		stack = stack[:len(stack)-1]
	}
	return last, -1
}

// Figures describe a script as a whole.
type Figures struct {
	Beats, Choices, Lines, Endings, Turns int
	Positions                             int
	Plays                                 uint64 // different conversations, at most math.MaxUint64
	AdvancePlays                          uint64
	Shortest, Longest                     int                // choices
	Chance                                map[string]float64 // of each ending, under random play
	ShortestTo                            map[string]int     // choices to each ending
	Advance                               float64            // chance of an advance under random play
	Notes                                 []string           // worth a look, no problems
}

// Size counts what is written, without playing it.
func (s *Script) Size() Figures { return s.count() }

func (s *Script) count() Figures {
	f := Figures{Beats: len(s.Beats), Endings: len(s.Endings), Chance: map[string]float64{}, ShortestTo: map[string]int{}}
	for _, b := range s.Beats {
		f.Choices += len(b.Choices)
		f.Lines += len(b.Lines)
		for _, c := range b.Choices {
			if c.Turn != "" {
				f.Turns++
			}
		}
	}
	return f
}

// measure counts plays and sums chances, exactly. order is that of graph.order.
// It also returns the chance of an advance from each position.
func (g *graph) measure(order []int) (Figures, []float64) {
	f := g.s.count()
	f.Positions = len(g.positions)
	ends := len(g.s.Endings)
	plays := make([][]uint64, len(g.positions))
	chance := make([][]float64, len(g.positions))
	short := make([][]int, len(g.positions))
	long := make([]int, len(g.positions))
	win := make([]float64, len(g.positions))
	for _, at := range order {
		p, w, lo := make([]uint64, ends), make([]float64, ends), make([]int, ends)
		edges := g.positions[at].edges
		for _, e := range edges {
			share := 1 / float64(len(edges))
			if e.ending >= 0 {
				p[e.ending] = sum(p[e.ending], 1)
				w[e.ending] += share
				lo[e.ending] = 1
				long[at] = max(long[at], 1)
				continue
			}
			for i := range ends {
				p[i] = sum(p[i], plays[e.next][i])
				w[i] += share * chance[e.next][i]
				if n := short[e.next][i]; n > 0 && (lo[i] == 0 || n+1 < lo[i]) {
					lo[i] = n + 1
				}
			}
			long[at] = max(long[at], long[e.next]+1)
		}
		plays[at], chance[at], short[at] = p, w, lo
		for i, end := range g.s.Endings {
			if end.Kind == "advance" {
				win[at] += w[i]
			}
		}
	}
	f.Longest = long[0]
	for i, end := range g.s.Endings {
		f.Plays = sum(f.Plays, plays[0][i])
		if end.Kind == "advance" {
			f.AdvancePlays = sum(f.AdvancePlays, plays[0][i])
		}
		f.Chance[end.Name] = chance[0][i]
		if n := short[0][i]; n > 0 {
			f.ShortestTo[end.Name] = n
			if f.Shortest == 0 || n < f.Shortest {
				f.Shortest = n
			}
		}
	}
	f.Advance = win[0]
	f.Notes = append(f.Notes, g.tells(order, win))
	return f, win
}

func sum(a, b uint64) uint64 {
	if a > math.MaxUint64-b {
		return math.MaxUint64
	}
	return a + b
}

// tells says whether the length or the place of a choice gives it away.
func (g *graph) tells(order []int, win []float64) string {
	weight := make([]float64, len(g.positions))
	weight[0] = 1
	gain, seen := map[string]float64{}, map[string]float64{}
	for i := len(order) - 1; i >= 0; i-- {
		p := g.positions[order[i]]
		for _, e := range p.edges {
			share := weight[order[i]] / float64(len(p.edges))
			c := &g.s.Beats[p.beat].Choices[e.choice]
			seen[c.Name] += share
			switch {
			case e.next >= 0:
				weight[e.next] += share
				gain[c.Name] += share * win[e.next]
			case g.s.Endings[e.ending].Kind == "advance":
				gain[c.Name] += share
			}
		}
	}
	beats, longest, shortest, first := 0, 0, 0, 0
	for _, b := range g.s.Beats {
		var cs []*Choice
		for i := range b.Choices {
			if seen[b.Choices[i].Name] > 0 {
				cs = append(cs, &b.Choices[i])
			}
		}
		if len(cs) < 3 {
			continue
		}
		beats++
		best, long, short := cs[0], cs[0], cs[0]
		for _, c := range cs {
			if gain[c.Name]/seen[c.Name] > gain[best.Name]/seen[best.Name] {
				best = c
			}
			if width(c) >= width(long) {
				long = c
			}
			if width(c) < width(short) {
				short = c
			}
		}
		longest += count(best == long)
		shortest += count(best == short)
		first += count(best == cs[0])
	}
	return fmt.Sprintf("Of %d beats with three choices or more, the most promising one is the longest in %d, the shortest in %d, the first in %d.", beats, longest, shortest, first)
}

func count(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
