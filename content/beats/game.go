package beats

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"pitchside/internal/fault"
)

// A Game is one conversation being played. It is not safe for use by several
// goroutines at once.
type Game struct {
	script  *Script
	key     string
	at      target
	line    int
	now     state
	moves   []Move
	shown   []Showing
	visited []state
}

// A Move is one exchange: what the buyer had said, what the rep said to it.
type Move struct {
	Buyer    string
	Choice   string // full name
	Says     string
	Kind     string // the move, such as implication
	Turn     string
	Evidence []Showing // what the choice and the buyer's answer to it showed
	Changed  bool      // whether the choice itself changed the state
	State    map[string]int
}

// An Offer is something the rep can say now. Act means an act or a silence
// rather than words.
type Offer struct {
	ID   string
	Says string
	Act  bool
}

// Begin starts a conversation. The key, such as the id of the attempt, fixes
// the order in which choices are offered, so that place tells nothing. The
// script must have been read without errors.
func (s *Script) Begin(key string) (*Game, error) {
	if s.broken {
		return nil, fault.Conflictf("This conversation has errors and cannot be played. Its author sees them in the Studio.")
	}
	g := &Game{script: s, key: key, at: target{false, s.beat[s.Start]}, now: s.first()}
	g.arrive()
	return g, nil
}

// Replay starts a conversation and makes the choices again.
func (s *Script) Replay(key string, choices []string) (*Game, error) {
	g, err := s.Begin(key)
	if err != nil {
		return nil, err
	}
	for _, c := range choices {
		if err := g.Choose(c); err != nil {
			return nil, fmt.Errorf("replaying %s: %w", c, err)
		}
	}
	return g, nil
}

func (g *Game) arrive() {
	if g.at.ends {
		g.shown = append(g.shown, g.script.Endings[g.at.index].Evidence...)
		return
	}
	g.line, g.now = g.script.arrive(g.at.index, g.now)
	g.visited = append(g.visited, g.now)
	line := g.script.Beats[g.at.index].Lines[g.line]
	g.shown = append(g.shown, line.Evidence...)
	if n := len(g.moves); n > 0 {
		g.moves[n-1].Evidence = append(g.moves[n-1].Evidence, line.Evidence...)
	}
}

// Buyer returns what the buyer has just said.
func (g *Game) Buyer() string {
	if g.at.ends {
		return g.script.Endings[g.at.index].Buyer
	}
	return g.script.Beats[g.at.index].Lines[g.line].Says
}

// Ended reports whether the conversation is over.
func (g *Game) Ended() bool { return g.at.ends }

// Moves returns what has been said so far.
func (g *Game) Moves() []Move { return g.moves }

// State returns the value of every variable now. It is for the log, and is not
// shown during play.
func (g *Game) State() map[string]int {
	out := map[string]int{}
	for i, v := range g.script.Vars {
		out[v.Name] = g.now[i]
	}
	return out
}

// Offers returns what the rep can say now, or nil when it is over.
func (g *Game) Offers() []Offer {
	if g.at.ends {
		return nil
	}
	beat := &g.script.Beats[g.at.index]
	var out []Offer
	for _, i := range g.script.offered(g.at.index, g.now) {
		c := &beat.Choices[i]
		out = append(out, Offer{ID: c.Name, Says: c.Says, Act: strings.HasPrefix(c.Says, "(") && strings.HasSuffix(c.Says, ")")})
	}
	seed := sha256.Sum256([]byte(g.key + "\x00" + beat.Name))
	shuffle := rand.New(rand.NewPCG(binary.LittleEndian.Uint64(seed[:]), binary.LittleEndian.Uint64(seed[8:])))
	shuffle.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// Choose says the choice of this full name; it must be on offer.
func (g *Game) Choose(id string) error {
	if g.at.ends {
		return fault.Conflictf("This conversation is over. Start a new attempt to try it another way.")
	}
	for _, i := range g.script.offered(g.at.index, g.now) {
		if c := &g.script.Beats[g.at.index].Choices[i]; c.Name == id {
			g.take(c)
			return nil
		}
	}
	return fault.Field("choice", "This line is not on offer at this moment. Choose one of the lines shown.")
}

func (g *Game) take(c *Choice) {
	line := g.script.Beats[g.at.index].Lines[g.line]
	m := Move{Buyer: line.Says, Choice: c.Name, Says: c.Says, Kind: c.Move, Turn: c.Turn}
	m.Evidence = slices.Clone(c.Evidence)
	m.Changed = !equal(g.now, g.script.add(g.now, c.own))
	g.shown = append(g.shown, c.Evidence...)
	g.at, g.now = g.script.take(c, g.now)
	g.visited = append(g.visited, g.now)
	m.State = maps.Clone(g.State())
	g.moves = append(g.moves, m)
	g.arrive()
}

func equal(a, b state) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
