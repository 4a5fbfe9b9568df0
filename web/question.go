package web

import (
	"encoding/json"
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"pitchside/content"
)

// A questionView is a question on a page: open to be answered, or marked.
type questionView struct {
	content.PublicQuestion
	Label   string // such as "Check 1 of 2"
	Given   given
	Problem string
	Action  string // where its own button sends the form; empty: it has none
	Button  string
	Filled  bool
	Saved   string        // when the answer was saved, in words
	Marked  *markedView   // nil: open
	Again   string        // where the question opens once more; empty: nowhere
	Status  bool          // has a place where saving is announced
	Explain template.HTML // of a marked one
	AskSure bool          // asks how sure one is
	Sure    string        // what was said of that: guess, fairly or sure
}

// Surenesses are the answers to how sure one is.
func (questionView) Surenesses() []option {
	return []option{{"guess", "A guess"}, {"fairly", "Fairly"}, {"sure", "Sure"}}
}

// A markedView says what became of an answer.
type markedView struct {
	Given   bool // something was answered
	Right   bool
	Pending bool
	Verdict string
	Wrote   string // of a text or a number
	RightIs string // what would have been right, where it may be told
	Said    string // by whoever read an open answer
	Options []markedOption
}

// A markedOption is one option, pair or place of a marked answer.
type markedOption struct {
	HTML  template.HTML
	Class string // right, wrong or empty
	Icon  string
	Lead  string
	Note  template.HTML
}

// Tone names the classes of the verdict.
func (m markedView) Tone() string {
	switch {
	case m.Pending:
		return ""
	case m.Right:
		return " ok"
	}
	return " retry"
}

// Answered reports whether a marked question had an answer.
func (q questionView) Answered() bool { return q.Marked != nil && q.Marked.Given }

// Places are the numbers of the places of an ordering.
func (q questionView) Places() []int {
	out := make([]int, len(q.Options))
	for i := range out {
		out[i] = i + 1
	}
	return out
}

// A given is an answer as it stands in a form.
type given struct {
	IDs   []string          // ticked options, or items in order
	Text  string            // a text, or a number as typed
	Pairs map[string]string // left to right, or item to place
}

// Empty reports whether nothing is ticked or written.
func (g given) Empty() bool { return len(g.IDs) == 0 && g.Text == "" && len(g.Pairs) == 0 }

// Has reports whether an option is ticked.
func (g given) Has(id string) bool { return slices.Contains(g.IDs, id) }

// Pair reports whether left is matched with right.
func (g given) Pair(left, right string) bool { return right != "" && g.Pairs[left] == right }

// At reports whether an item has the place.
func (g given) At(id string, place int) bool { return g.Pairs[id] == strconv.Itoa(place) }

// givenOf reads a saved answer back into a form.
func givenOf(kind content.QuestionKind, answer json.RawMessage) given {
	var g given
	if len(answer) == 0 {
		return g
	}
	switch kind {
	case content.Single:
		var id string
		_ = json.Unmarshal(answer, &id)
		g.IDs = []string{id}
	case content.Multiple:
		_ = json.Unmarshal(answer, &g.IDs)
	case content.Ordering:
		_ = json.Unmarshal(answer, &g.IDs)
		g.Pairs = map[string]string{}
		for i, id := range g.IDs {
			g.Pairs[id] = strconv.Itoa(i + 1)
		}
	case content.Matching:
		_ = json.Unmarshal(answer, &g.Pairs)
	case content.Numeric:
		g.Text = strings.Trim(string(answer), `"`)
	default:
		_ = json.Unmarshal(answer, &g.Text)
	}
	return g
}

// typedIn reads what a form holds for a question, as it was typed.
func typedIn(q content.PublicQuestion, form url.Values) given {
	g := given{Pairs: map[string]string{}}
	switch q.Kind {
	case content.Single, content.Multiple:
		g.IDs = form[q.ID]
	case content.Matching:
		for _, l := range q.Left {
			g.Pairs[l.ID] = form.Get(q.ID + ":" + l.ID)
		}
	case content.Ordering:
		for _, o := range q.Options {
			g.Pairs[o.ID] = form.Get(q.ID + ":" + o.ID)
		}
	default:
		g.Text = form.Get(q.ID)
	}
	return g
}

// answer makes the JSON of what was typed. It is nil with no problem where
// nothing was typed. Half of a matching or an ordering is an answer only where
// half may be saved.
func (g given) answer(q content.PublicQuestion, halves bool) (json.RawMessage, string) {
	var v any
	switch q.Kind {
	case content.Single:
		if len(g.IDs) == 0 || g.IDs[0] == "" {
			return nil, ""
		}
		v = g.IDs[0]
	case content.Multiple:
		if len(g.IDs) == 0 {
			return nil, ""
		}
		v = g.IDs
	case content.Numeric:
		text := strings.NewReplacer(" ", "", "\u00a0", "", ",", "", "%", "", "£", "", "€", "", "$", "", "−", "-").Replace(strings.TrimSpace(g.Text))
		if text == "" {
			return nil, ""
		}
		if _, err := strconv.ParseFloat(text, 64); err != nil || strings.ContainsAny(text, "xXpPnN_iI") {
			return nil, "This is not a number. Write digits only, such as 1170 or 3.5."
		}
		v = json.Number(strings.TrimPrefix(text, "+"))
	case content.Matching:
		return g.matched(q, halves)
	case content.Ordering:
		return g.ordered(q, halves)
	default:
		if strings.TrimSpace(g.Text) == "" {
			return nil, ""
		}
		v = g.Text
	}
	b, err := json.Marshal(v)
	if err != nil {
		return nil, "This answer cannot be read. Type it again."
	}
	return b, ""
}

func (g given) matched(q content.PublicQuestion, halves bool) (json.RawMessage, string) {
	pairs := map[string]string{}
	for _, l := range q.Left {
		if r := g.Pairs[l.ID]; r != "" {
			pairs[l.ID] = r
		}
	}
	switch {
	case len(pairs) == 0:
		return nil, ""
	case len(pairs) < len(q.Left) && !halves:
		return nil, "Choose something for each line."
	}
	b, _ := json.Marshal(pairs)
	return b, ""
}

func (g given) ordered(q content.PublicQuestion, halves bool) (json.RawMessage, string) {
	place := map[string]int{}
	taken := map[int]bool{}
	twice := false
	for _, o := range q.Options {
		n, err := strconv.Atoi(g.Pairs[o.ID])
		if err != nil || n < 1 || n > len(q.Options) {
			continue
		}
		twice = twice || taken[n]
		place[o.ID], taken[n] = n, true
	}
	switch {
	case len(place) == 0:
		return nil, ""
	case (twice || len(place) < len(q.Options)) && !halves:
		return nil, "Give each line a place of its own, from 1 to " + strconv.Itoa(len(q.Options)) + "."
	}
	var ids []string
	for _, o := range q.Options {
		if place[o.ID] > 0 {
			ids = append(ids, o.ID)
		}
	}
	slices.SortStableFunc(ids, func(a, b string) int { return place[a] - place[b] })
	b, _ := json.Marshal(ids)
	return b, ""
}

// marked shows what became of an answer. tell says whether what would have
// been right is told too: not while the question may be answered again.
func marked(q *content.Question, public content.PublicQuestion, answer json.RawMessage, r content.Result, tell bool) *markedView {
	m := &markedView{Given: len(answer) > 0, Right: r.Correct, Pending: r.Pending, Verdict: verdict(q, answer, r)}
	g := givenOf(q.Kind, answer)
	parts := map[string]content.Part{}
	for _, p := range r.Parts {
		parts[p.ID] = p
	}
	switch q.Kind {
	case content.Single, content.Multiple:
		for _, o := range public.Options {
			m.Options = append(m.Options, chosenOption(q, o, g.Has(o.ID), parts[o.ID], tell))
		}
	case content.Matching:
		for _, l := range public.Left {
			m.Options = append(m.Options, matchedOption(q, l, g.Pairs[l.ID], parts[l.ID], tell))
		}
	case content.Ordering:
		for i, id := range g.IDs {
			if o, ok := q.Option(id); ok {
				m.Options = append(m.Options, placed(o, i, parts[id]))
			}
		}
		if tell && !r.Correct {
			var right []string
			for _, o := range q.Options {
				right = append(right, o.Text)
			}
			m.RightIs = "In order: " + strings.Join(right, " → ")
		}
	default:
		m.Wrote = g.Text
		if q.Kind != content.Open && tell && !r.Correct {
			m.RightIs = "Right is: " + strings.Join(q.Accepted(), ", or ")
		}
	}
	return m
}

func verdict(q *content.Question, answer json.RawMessage, r content.Result) string {
	switch {
	case r.Pending && len(answer) == 0, len(answer) == 0:
		return "Not answered."
	case r.Pending:
		return "A person reads this one; it counts neither way here."
	case r.Correct:
		return "Right."
	case r.Earned > 0:
		return fmt.Sprintf("Partly right: %s of %s.", trimmed(r.Earned), plural1(r.Max, "point", "points"))
	case q.Kind == content.Ordering:
		return "Not in this order."
	}
	return "Not this one."
}

// A listed is the problems of a page in the order of the page.
type listed []Problem

// Heading says how many things need fixing.
func (l listed) Heading() string {
	if len(l) == 1 {
		return "One thing is missing"
	}
	return fmt.Sprintf("%d things are missing", len(l))
}

// List returns the problems.
func (l listed) List() []Problem { return l }

// plural1 writes a number of points, which may be a fraction.
func plural1(n float64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return trimmed(n) + " " + many
}

func chosenOption(q *content.Question, o content.PublicOption, chosen bool, part content.Part, tell bool) markedOption {
	key, _ := q.Option(o.ID)
	out := markedOption{HTML: o.HTML, Icon: "circle"}
	switch {
	case chosen && key.Correct:
		out.Class, out.Icon, out.Lead, out.Note = "right", "check", "Right.", "Your answer. "+key.FeedbackHTML
	case chosen:
		out.Class, out.Icon, out.Lead, out.Note = "wrong", "close", "Not this one.", "Your answer. "+key.FeedbackHTML
	case key.Correct && (tell || part.ID != ""):
		out.Class, out.Icon, out.Lead, out.Note = "right", "check", "This one too.", key.FeedbackHTML
		if q.Kind == content.Single {
			out.Lead = "The right answer."
		}
	}
	return out
}

func matchedOption(q *content.Question, l content.PublicOption, chose string, part content.Part, tell bool) markedOption {
	out := markedOption{HTML: l.HTML, Icon: "close", Class: "wrong", Lead: "Not this one.", Note: part.Feedback}
	if r, ok := q.Option(chose); ok {
		out.HTML += " → " + r.HTML
	}
	if chose == "" {
		out.Icon, out.Class, out.Lead = "circle", "", ""
	}
	if part.Correct {
		out.Icon, out.Class, out.Lead = "check", "right", "Right."
	} else if r, ok := q.Option(q.Match(l.ID)); ok && tell {
		out.Note = "It goes with: " + r.HTML + ". " + part.Feedback
	}
	return out
}

func placed(o content.Option, i int, part content.Part) markedOption {
	out := markedOption{HTML: template.HTML(strconv.Itoa(i+1)+". ") + o.HTML, Icon: "close", Class: "wrong", Lead: "Another place.", Note: part.Feedback}
	if part.Correct {
		out.Icon, out.Class, out.Lead = "check", "right", "Right."
	}
	return out
}
