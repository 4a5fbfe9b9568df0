package beats

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"pitchside/content/source"
)

// A guard is alternatives, each a list of comparisons that must all hold. A
// nil guard always holds.
type guard [][]comparison

type comparison struct {
	v  int
	op string
	n  int
}

var comparisonPattern = regexp.MustCompile(`^([a-z][a-z0-9_]*) (==|!=|<=|>=|<|>) (-?\d{1,6})$`)

func (c comparison) holds(value int) bool {
	switch c.op {
	case "==":
		return value == c.n
	case "!=":
		return value != c.n
	case "<":
		return value < c.n
	case "<=":
		return value <= c.n
	case ">":
		return value > c.n
	default:
		return value >= c.n
	}
}

func (g guard) holds(s state) bool {
	if g == nil {
		return true
	}
	for _, all := range g {
		ok := true
		for _, c := range all {
			ok = ok && c.holds(s[c.v])
		}
		if ok {
			return true
		}
	}
	return false
}

// guard reads `name op number`, joined by `and`, alternatives by `or`.
func (r *reader) guard(v *source.Value) guard {
	if v == nil {
		return nil
	}
	var g guard
	for part := range strings.SplitSeq(v.Text(), " or ") {
		all := []comparison{}
		for one := range strings.SplitSeq(part, " and ") {
			m := comparisonPattern.FindStringSubmatch(strings.TrimSpace(one))
			if m == nil {
				r.error(v.Place(), fmt.Sprintf("The guard %q cannot be read.", v.Text()), "Write name, sign and number, such as “trust >= 3”, joined by and or or, without brackets.")
				continue
			}
			i, ok := r.s.vars[m[1]]
			if !ok {
				r.error(v.Place(), fmt.Sprintf("The guard asks for %q, which is not in the state.", m[1]), "Correct the name, or add it under state.")
				continue
			}
			n, _ := strconv.Atoi(m[3]) // the pattern has seen it
			c := comparison{i, m[2], n}
			all = append(all, c)
			r.neverTurns(v, one, c)
		}
		g = append(g, all)
	}
	return g
}

// neverTurns notes a comparison that is always true or always false.
func (r *reader) neverTurns(v *source.Value, text string, c comparison) {
	of := r.s.Vars[c.v]
	yes, no := false, false
	for x := of.Min; x <= of.Max; x++ {
		if c.holds(x) {
			yes = true
		} else {
			no = true
		}
	}
	if yes != no {
		r.error(v.Place(), fmt.Sprintf("“%s” is always %t, as %s runs from %d to %d.", strings.TrimSpace(text), yes, of.Name, of.Min, of.Max), "Correct the number, or drop the guard.")
	}
}
