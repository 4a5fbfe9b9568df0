package content

import "encoding/json"

// Key returns an answer that earns every point, in the form that Mark reads. It
// is for whoever plays a learner: the demo company and tests. Open text has no
// key; a text stands in for it.
func (q *Question) Key() json.RawMessage {
	var answer any
	switch q.Kind {
	case Single:
		for _, o := range q.Options {
			if o.Correct {
				answer = o.ID
			}
		}
	case Multiple:
		ids := []string{}
		for _, o := range q.Options {
			if o.Correct {
				ids = append(ids, o.ID)
			}
		}
		answer = ids
	case Matching:
		answer = q.pairs
	case Ordering:
		ids := []string{}
		for _, o := range q.Options {
			ids = append(ids, o.ID)
		}
		answer = ids
	case Numeric:
		f, _ := q.answer.Float64()
		answer = f
	case Short:
		answer = q.accepted[0]
	default:
		answer = "Said in my own words."
	}
	b, _ := json.Marshal(answer) // strings, numbers, lists and maps of strings always marshal
	return b
}
