package content

import (
	"encoding/json"
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"pitchside/internal/fault"

	"golang.org/x/text/unicode/norm"
)

// A Result is what an answer earned. Pending means that a person has to score
// it; nothing is earned until then.
type Result struct {
	Earned, Max float64 // points
	Correct     bool    // all of Max
	Pending     bool
	Feedback    string // of what was chosen, one line each; may be empty
	Explanation string
	Parts       []Part // of each option that the answer is about
}

// A Part is the verdict on one part of an answer: an option that was ticked or
// should have been, a pair, or a place in the order.
type Part struct {
	ID       string
	Chosen   bool
	Correct  bool
	Feedback html
}

// Mark marks an answer, which is JSON: an option id (single), ids (multiple),
// a text (short, open), a number (numeric), an object of left to right ids
// (matching), or ids in order (ordering). An answer of another shape is Invalid.
//
// Multiple earns (right ticks − wrong ticks) ÷ right options, never below 0;
// matching earns per pair; ordering all or nothing. Short ignores case and
// outer space. A numeric tolerance is inclusive.
func Mark(q *Question, answer json.RawMessage) (Result, error) {
	m := &marking{q: q, out: Result{Max: q.Points, Explanation: q.Explanation}}
	var share float64
	var err error
	switch q.Kind {
	case Single:
		share, err = m.single(answer)
	case Multiple:
		share, err = m.multiple(answer)
	case Short:
		share, err = m.short(answer)
	case Numeric:
		share, err = m.numeric(answer)
	case Matching:
		share, err = m.matching(answer)
	case Ordering:
		share, err = m.ordering(answer)
	case Open:
		m.out.Pending = true
		_, err = asText(answer)
	default:
		err = fmt.Errorf("question %s has no kind", q.ID)
	}
	if err != nil {
		return Result{}, err
	}
	m.out.Earned = share * q.Points
	m.out.Correct = share == 1
	m.out.Feedback = strings.Join(m.said, "\n")
	return m.out, nil
}

type marking struct {
	q    *Question
	out  Result
	said []string
}

func wrongShape(want string) error {
	return fault.Field("answer", "The answer has the wrong shape. Send "+want+".")
}

func (m *marking) part(o Option, chosen, correct bool) {
	m.out.Parts = append(m.out.Parts, Part{o.ID, chosen, correct, o.FeedbackHTML})
}

func (m *marking) single(answer json.RawMessage) (float64, error) {
	var id string
	if json.Unmarshal(answer, &id) != nil {
		return 0, wrongShape("the id of one option")
	}
	if !slices.ContainsFunc(m.q.Options, func(o Option) bool { return o.ID == id }) {
		return 0, wrongShape("the id of one of the question's options")
	}
	share := 0.0
	for _, o := range m.q.Options {
		if o.ID != id {
			continue
		}
		m.part(o, true, o.Correct)
		m.say(o.Feedback)
		if o.Correct {
			share = 1
		}
	}
	return share, nil
}

func (m *marking) say(feedback string) {
	if feedback != "" {
		m.said = append(m.said, feedback)
	}
}

// ids reads an array of option ids, each at most once.
func ids(answer json.RawMessage, options []Option) ([]string, error) {
	var out []string
	if json.Unmarshal(answer, &out) != nil || out == nil {
		return nil, wrongShape("an array of option ids")
	}
	for i, id := range out {
		if !slices.ContainsFunc(options, func(o Option) bool { return o.ID == id }) || slices.Contains(out[:i], id) {
			return nil, wrongShape("an array of the question's option ids, each at most once")
		}
	}
	return out, nil
}

func (m *marking) multiple(answer json.RawMessage) (float64, error) {
	ticked, err := ids(answer, m.q.Options)
	if err != nil {
		return 0, err
	}
	all, right, wrong := 0, 0, 0
	for _, o := range m.q.Options {
		chosen := slices.Contains(ticked, o.ID)
		if o.Correct {
			all++
		}
		switch {
		case chosen && o.Correct:
			right++
		case chosen:
			wrong++
		}
		if chosen {
			m.say(o.Feedback)
		}
		if chosen || o.Correct {
			m.part(o, chosen, chosen == o.Correct)
		}
	}
	if all == 0 {
		return 0, fmt.Errorf("question %s has no right option", m.q.ID)
	}
	return max(0, float64(right-wrong)/float64(all)), nil
}

func asText(answer json.RawMessage) (string, error) {
	var text string
	if json.Unmarshal(answer, &text) != nil {
		return "", wrongShape("a text")
	}
	return text, nil
}

func (m *marking) short(answer json.RawMessage) (float64, error) {
	text, err := asText(answer)
	if err != nil {
		return 0, err
	}
	same := func(accepted string) bool {
		return strings.EqualFold(norm.NFC.String(strings.TrimSpace(text)), norm.NFC.String(accepted))
	}
	if slices.ContainsFunc(m.q.accepted, same) {
		return 1, nil
	}
	return 0, nil
}

var thousands = regexp.MustCompile(`^-?\d{1,3}(,\d{3})+(\.\d+)?$`)

// numeric compares exactly, in decimals: 0.1 is a tenth. A form sends a text,
// in which commas may part thousands and the minus may be the printed one (−).
func (m *marking) numeric(answer json.RawMessage) (float64, error) {
	var n json.Number
	var text string
	if json.Unmarshal(answer, &text) != nil {
		if json.Unmarshal(answer, &n) != nil {
			return 0, wrongShape("a number")
		}
		text = n.String()
	}
	text = strings.ReplaceAll(strings.TrimSpace(text), "−", "-")
	if thousands.MatchString(text) {
		text = strings.ReplaceAll(text, ",", "")
	}
	if _, err := strconv.ParseFloat(text, 64); err != nil || len(text) > 40 {
		return 0, fault.Field("answer", "This is not a number. Write digits only, such as 1170 or 3.5.")
	}
	given, ok := new(big.Rat).SetString(text)
	if !ok {
		return 0, wrongShape("a number")
	}
	off := given.Sub(given, m.q.answer)
	if off.Abs(off).Cmp(m.q.tolerance) <= 0 {
		return 1, nil
	}
	return 0, nil
}

func (m *marking) matching(answer json.RawMessage) (float64, error) {
	var pairs map[string]string
	if json.Unmarshal(answer, &pairs) != nil || pairs == nil {
		return 0, wrongShape("an object of left ids to right ids")
	}
	for l, r := range pairs {
		_, known := m.q.pairs[l]
		if !known || r != "" && !slices.ContainsFunc(m.q.Right, func(o Option) bool { return o.ID == r }) {
			return 0, wrongShape("an object of the question's left ids to its right ids")
		}
	}
	right := 0
	for _, o := range m.q.Left {
		ok := pairs[o.ID] == m.q.pairs[o.ID]
		m.part(o, pairs[o.ID] != "", ok)
		if ok {
			right++
		} else {
			m.say(o.Feedback)
		}
	}
	return float64(right) / float64(len(m.q.Left)), nil
}

func (m *marking) ordering(answer json.RawMessage) (float64, error) {
	order, err := ids(answer, m.q.Options)
	if err != nil {
		return 0, err
	}
	share := 1.0
	for i, o := range m.q.Options {
		ok := i < len(order) && order[i] == o.ID
		m.part(o, slices.Contains(order, o.ID), ok)
		if !ok {
			if share == 1 {
				m.say(o.Feedback)
			}
			share = 0
		}
	}
	return share, nil
}

func trimFloat(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
