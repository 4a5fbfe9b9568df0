package content

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"math/big"
	"reflect"
	"slices"
)

// A QuestionKind says how a question is answered.
type QuestionKind string

// The kinds of questions. Open text is scored by a person.
const (
	Single   QuestionKind = "single"
	Multiple QuestionKind = "multiple"
	Short    QuestionKind = "short"
	Numeric  QuestionKind = "numeric"
	Matching QuestionKind = "matching"
	Ordering QuestionKind = "ordering"
	Open     QuestionKind = "open"
)

// A Question is one question with its key. It must not reach whoever is to
// answer it: Public is for them.
type Question struct {
	ID          string // such as q-implication-1; never changes
	Kind        QuestionKind
	Text        string // as written
	HTML        html
	Points      float64
	Skill       string // slug, or empty
	Options     []Option
	Left, Right []Option // matching: what is matched, and with what
	Hint        string
	HintHTML    html
	Explanation string
	ExplainHTML html
	Line        int // in the source

	pairs     map[string]string // matching: left id to right id
	accepted  []string          // short
	answer    *big.Rat          // numeric
	tolerance *big.Rat
}

// An Option is something to choose, to match or to put in order. Ordering
// options are kept in their right order.
type Option struct {
	ID           string
	Text         string // as written
	HTML         html
	Correct      bool // single and multiple
	Feedback     string
	FeedbackHTML html
}

// A PublicQuestion is a question without its key.
type PublicQuestion struct {
	ID      string         `json:"id"`
	Kind    QuestionKind   `json:"kind" enum:"single,multiple,short,numeric,matching,ordering,open"`
	Text    string         `json:"text"`
	Points  float64        `json:"points"`
	Options []PublicOption `json:"options,omitempty"`
	Left    []PublicOption `json:"left,omitempty"`
	Right   []PublicOption `json:"right,omitempty"`
	HTML    html           `json:"-"`
	Hint    html           `json:"-"`
}

// A PublicOption is an option without what is right about it.
type PublicOption struct {
	ID   string `json:"id"`
	Text string `json:"text"`
	HTML html   `json:"-"`
}

// Public returns the question without its key. Options stay in the order
// written; what has to be put in order or matched with is in an order that is
// always the same and never the right one.
func (q *Question) Public() PublicQuestion {
	p := PublicQuestion{ID: q.ID, Kind: q.Kind, Text: q.Text, Points: q.Points, HTML: q.HTML, Hint: q.HintHTML,
		Options: public(q.Options), Left: public(q.Left), Right: public(q.Right)}
	if q.Kind == Ordering {
		p.Options = jumbled(p.Options)
	}
	p.Right = jumbled(p.Right)
	return p
}

func public(options []Option) []PublicOption {
	var out []PublicOption
	for _, o := range options {
		out = append(out, PublicOption{o.ID, o.Text, o.HTML})
	}
	return out
}

// jumbled orders options by their ids, which are digests; should that be the
// order given, it is turned by one.
func jumbled(options []PublicOption) []PublicOption {
	out := slices.SortedFunc(slices.Values(options), func(a, b PublicOption) int { return cmp.Compare(a.ID, b.ID) })
	if slices.Equal(out, options) && len(out) > 1 {
		out = append(out[1:], out[0])
	}
	return out
}

// Option returns the option of this id among all that the question has; ok is
// false when there is none.
func (q *Question) Option(id string) (o Option, ok bool) {
	for _, list := range [][]Option{q.Options, q.Left, q.Right} {
		for _, o := range list {
			if o.ID == id {
				return o, true
			}
		}
	}
	return Option{}, false
}

// Accepted returns what a short question accepts, or the number of a numeric
// one as text, for showing after an answer.
func (q *Question) Accepted() []string {
	if q.Kind == Numeric && q.answer != nil {
		return []string{decimal(q.answer)}
	}
	return q.accepted
}

// Tolerance returns how far from the number of a numeric question an answer
// may be, as text; that much is still right.
func (q *Question) Tolerance() string {
	if q.tolerance == nil {
		return "0"
	}
	return decimal(q.tolerance)
}

// Match returns the id that belongs to a left id of a matching question.
func (q *Question) Match(left string) string { return q.pairs[left] }

// SameAs reports whether another question asks and accepts just the same; what
// is said about the answers may differ.
func (q *Question) SameAs(other *Question) bool {
	bare := func(q *Question) Question {
		c := *q
		c.Line, c.Hint, c.HintHTML, c.Explanation, c.ExplainHTML = 0, "", "", "", ""
		for _, list := range []*[]Option{&c.Options, &c.Left, &c.Right} {
			*list = slices.Clone(*list)
			for i := range *list {
				(*list)[i].Feedback, (*list)[i].FeedbackHTML = "", ""
			}
		}
		return c
	}
	return reflect.DeepEqual(bare(q), bare(other))
}

// optionID makes an id of a text: it tells nothing about place or correctness,
// and stays when other options change. nth tells apart options of one text.
func optionID(question, side, text string, nth int) string {
	h := sha256.Sum256([]byte(question + "\x00" + side + "\x00" + text + "\x00" + string(rune('0'+nth))))
	return "o" + hex.EncodeToString(h[:4])
}

func decimal(r *big.Rat) string {
	if r.IsInt() {
		return r.Num().String()
	}
	f, _ := r.Float64()
	return trimFloat(f)
}
