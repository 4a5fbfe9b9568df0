package beats

import "slices"

// A Fork is one moment of a finished conversation: what the buyer had said, what
// was said to it, and what else could have been.
type Fork struct {
	Buyer  string
	Said   Branch
	Others []Branch
}

// A Branch is one thing to say, what the buyer would have answered, and what the
// two show.
type Branch struct {
	Says     string
	Evidence []Showing
	Answer   string
	Ends     bool // the answer would have been the last word
}

// Forks plays the choices again and returns every moment with its branches. Each
// branch looks one answer ahead: what would have followed depends on what is
// said next.
func (s *Script) Forks(key string, choices []string) ([]Fork, error) {
	g, err := s.Begin(key)
	if err != nil {
		return nil, err
	}
	var out []Fork
	for _, chosen := range choices {
		f := Fork{Buyer: g.Buyer()}
		for _, o := range g.Offers() {
			b, err := g.branch(o.ID)
			if err != nil {
				return nil, err
			}
			if o.ID == chosen {
				f.Said = b
			} else {
				f.Others = append(f.Others, b)
			}
		}
		out = append(out, f)
		if err := g.Choose(chosen); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// branch looks where a choice leads, and leaves the game where it is.
func (g *Game) branch(id string) (Branch, error) {
	ahead := *g
	ahead.moves, ahead.shown, ahead.visited = slices.Clip(g.moves), slices.Clip(g.shown), slices.Clip(g.visited)
	if err := ahead.Choose(id); err != nil {
		return Branch{}, err
	}
	last := ahead.moves[len(ahead.moves)-1]
	return Branch{Says: last.Says, Evidence: last.Evidence, Answer: ahead.Buyer(), Ends: ahead.Ended()}, nil
}
