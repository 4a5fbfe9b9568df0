package assessments

import (
	"embed"
	"io/fs"
	"math"
	"regexp"
	"strings"
	"sync"
)

// The examples that suggestions are learned from: tag, what the buyer said
// before, question, parted by tabs. They are our own, in many trades and
// wordings; what is measured in the tests is not among them.
//
//go:embed spin/*.tsv
var spinExamples embed.FS

// spinTags are the kinds of question in the order of a model's weights.
var spinTags = [...]Tag{TagSituation, TagProblem, TagImplication, TagNeedPayoff}

// A spinModel is a multinomial logistic regression over what a question
// contains: its words, pairs of words, and the clues of SPIN.
type spinModel struct {
	place  map[string]int // of a feature among the weights
	weight [][len(spinTags)]float64
}

// How the weights are learned: passes over the examples, the first step, and
// the pull towards 0 (L2). Chosen on examples, not on what is measured.
const (
	spinPasses = 25
	spinStep   = 0.1
	spinPull   = 1e-3
)

var spinLearned = sync.OnceValue(func() spinModel {
	type example struct {
		features []int
		tag      int
	}
	m := spinModel{place: map[string]int{}}
	var all []example
	files, err := fs.Glob(spinExamples, "spin/*.tsv")
	if err != nil {
		panic(err) // the pattern is a constant
	}
	for _, file := range files {
		b, err := spinExamples.ReadFile(file)
		if err != nil {
			panic(err) // embedded
		}
		for line := range strings.Lines(string(b)) {
			f := strings.Split(strings.TrimSpace(line), "\t")
			for i, tag := range spinTags {
				if len(f) == 3 && Tag(f[0]) == tag {
					for _, name := range spinFeatures(f[2], f[1]) {
						if _, known := m.place[name]; !known {
							m.place[name] = len(m.place)
						}
					}
					all = append(all, example{m.places(spinFeatures(f[2], f[1])), i})
				}
			}
		}
	}
	m.weight = make([][len(spinTags)]float64, len(m.place))
	sums := make([][len(spinTags)]float64, len(m.place)) // of squared gradients (AdaGrad)
	for range spinPasses {
		for _, e := range all {
			p := m.shares(e.features)
			for _, f := range e.features {
				w, s := &m.weight[f], &sums[f]
				for i := range p {
					g := p[i] + spinPull*w[i]
					if i == e.tag {
						g--
					}
					s[i] += g * g
					w[i] -= spinStep * g / math.Sqrt(s[i]+1e-8)
				}
			}
		}
	}
	return m
})

// places returns where the features of a question stand; those never met are
// left out.
func (m spinModel) places(features []string) []int {
	var out []int
	for _, f := range features {
		if i, known := m.place[f]; known {
			out = append(out, i)
		}
	}
	return out
}

// shares returns how likely each tag is, summing to 1.
func (m spinModel) shares(features []int) (p [len(spinTags)]float64) {
	for _, f := range features {
		for i, w := range m.weight[f] {
			p[i] += w
		}
	}
	top, sum := p[0], 0.0
	for _, x := range p {
		top = max(top, x)
	}
	for i := range p {
		p[i] = math.Exp(p[i] - top)
		sum += p[i]
	}
	for i := range p {
		p[i] /= sum
	}
	return p
}

var spinWord = regexp.MustCompile(`[a-z]+(?:'[a-z]+)?|\d+`)

// spinFeatures returns what a question contains. Words of the buyer's last two
// sentences count for a short question only: what is wrong with him, or what he
// wishes for, is the ground that it stands on.
func spinFeatures(question, before string) []string {
	out := []string{"always"}
	words := spinWords(question)
	last := "^"
	for i, w := range words {
		out = append(out, w, last+" "+w)
		if stem := spinStem(w); stem != w {
			out = append(out, "~"+stem)
		}
		if i == 2 {
			out = append(out, "^"+strings.Join(words[:3], " "))
		}
		last = w
	}
	switch {
	case len(words) <= 4:
		out = append(out, "short")
	case len(words) > 14:
		out = append(out, "long")
	}
	// The ground counts for a short question more than for one that says it all.
	short := len(words) <= 8
	if short {
		for _, w := range spinWords(lastSentences(before, 2)) {
			out = append(out, "<"+spinStem(w))
		}
	}
	for _, c := range spinClues(question, before) {
		out = append(out, "clue "+c)
		if short {
			out = append(out, "short clue "+c)
		}
	}
	return out
}

// spinWords are the words of a text, figures as one sign.
func spinWords(text string) []string {
	words := spinWord.FindAllString(plainCase(text), -1)
	for i, w := range words {
		if w[0] >= '0' && w[0] <= '9' {
			words[i] = "#"
		}
	}
	return words
}

// spinStem takes the commonest endings off a word, so that "fails" and
// "failing" count as one.
func spinStem(w string) string {
	for _, end := range []string{"ing", "ed", "es", "s", "ly"} {
		if len(w) > len(end)+3 && strings.HasSuffix(w, end) {
			return strings.TrimSuffix(w, end)
		}
	}
	return w
}

func plainCase(s string) string { return strings.ReplaceAll(strings.ToLower(s), "’", "'") }
