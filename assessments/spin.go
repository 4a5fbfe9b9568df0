package assessments

import (
	"regexp"
	"strings"
)

// A Tag is the kind of a question in Rackham's SPIN sequence.
type Tag string

// The four kinds of question.
const (
	TagSituation   Tag = "situation"
	TagProblem     Tag = "problem"
	TagImplication Tag = "implication"
	TagNeedPayoff  Tag = "need_payoff"
)

// The clues look at words, and at whether a state is spoken of as bad or as
// better: "what if it fails?" and "what if it never failed?" differ in that
// alone. Each is a clue, not a verdict.
var (
	// A thing that is wrong, or that somebody suffers from.
	badState = regexp.MustCompile(`\b(problem|trouble|difficult|hard(er)?|hardest|issue|wrong|fail|failed|fails|failing|failure|fault|faulty|break|breaks|broke|broken|breakdown|slow|slower|frustrat\w*|struggl\w*|concern\w*|worr\w+|bother\w*|annoy\w*|error|mistake|complain\w*|late|later than|delay\w*|worst|worse|stuck|bottleneck|headache|grief|awkward|confus\w*|challenge|challenging|missing|miss|missed|misses|mess|poor|poorly|bad|badly|short of|shortage|short-staffed|lose|loses|losing|lost|loss|waste|wasted|throw away|downtime|overtime|offline|goes down|went down|backlog|rework|re-key\w*|twice|turnover|sickness|accident|near miss\w*|stop|stops|stopped|stopping|waiting|queue|risk|damage\w*|dissatisfied|unhappy|can't|cannot|can not|don't know|nobody|never know|past it|old|manual|by hand|extra week|cope|hate|dislike|error-prone|outage|crash\w*|leak\w*|scrap|refund\w*|churn)s?\b`)
	// An effect that one thing has on another.
	effect      = regexp.MustCompile(`\b(lead to|leads to|led to|leading to|mean (for|that|to)|means? (for|that)|does (that|this|it) mean|do to|does (that|this|it|[\w' ]+) do to|done to|affect\w*|effect|effects|impact\w*|consequence\w*|result in|results? does|knock-on|because of|as a result|hold up|holds up|spill\w*|put\b.*\bat risk|at risk|cause|causes|causing|caused|show up in|damage|damaged|damages|be why|cost you|cost us|cost if|cost in|costs?|come to|comes to|add up|adds up|disappears?|feels? it|stays? late|how much of|goes on that|left because|lost because|win back|by christmas|will the board|change the way)\b`)
	happens     = regexp.MustCompile(`\b(what|what's|who|whose|where|how (long|far|many|much))\b.*\b(happens?|happened|happening)\b|\bwhat (would|will|does|do|did|has|have)\b`)
	ifWhen      = regexp.MustCompile(`\b(if|when|whenever|suppose|supposing|imagine|should)\b`)
	unchanged   = regexp.MustCompile(`\b(if|as long as|while) (nothing changes|this (goes on|continues|carries on|stays)|it (goes on|continues|carries on|stays)|that (goes on|continues|carries on|stays)|things stay|you (do nothing|leave it|carry on))\b`)
	conditional = regexp.MustCompile(`\b(would|could|might)\b`)
	// A state that is better than today's.
	better = regexp.MustCompile(`\b(if (you|we|they|she|he|your [\w ]+|the [\w ]+|every [\w ]+|each [\w ]+|all [\w ]+|it|that|orders|agents|nurses|reps) (could|were able|had|knew|saw|never|no longer|didn't have to|never had to|only)|if (we|you) could|being able to|able to|to be able|better|quicker|faster|shorter|sooner|earlier|easier|fewer|less time|more (sales|business|time|patients|customers|tenders)|improv\w*|automat\w*|(fill|filled|draws?|drew|sorted|updated|wrote) (itself|themselves)|one (list|place|page|screen|system|supplier|view)|same[- ]day|next[- ]day|early warning|(day's|week's|hour's|month's) (notice|warning)|(day|week|hour|evening) (before|early|back)|cut|halve|halved|reduce|reduced|avoid\w*|prevent\w*|without having to|never (stopped|failed|broke|had|again)|disappeared|went away|spare|extra (pairs?|hands|time|day|capacity)|ready by|clean|worked the same way|at once|on one|shared|told you|had known|been told|seen (it|that|this)|swap|on screen|fixed price|free[ds]? up|in house|see (stock|each|every|all|changes|it coming))\b`)
	// That something would be of value.
	value = regexp.MustCompile(`\b(useful|helpful|valuable|beneficial|attractive|worthwhile|important|importance|matters?|benefits?|gains?|value|save|saves|saved|worth|help|helps|allow you|let you|enable you|make (it|that|things|[\w ]+) (easier|better|simpler)|solve|difference|appeal\w*|like to be able|like to (see|have)|ideally|how would it feel|improvement)\b`)
	// Whether somebody is content with a thing, or how well it does.
	difficulty = regexp.MustCompile(`\b(satisf\w*|happy|unhappy|content with|reliable|reliability|enough|keep up|get(s|ting)? in the way|keeps? you from|stop(s|ping)? you|hold(s|ing)? you back|wish it|don't you like|not like|run short|lose track|least like|most grief|break down|errors?|mistakes?|creep|quality issues?|headaches?|bottlenecks?|difficult\w*|slower than|wrong|missing)\b`)
	// What the buyer would do, or would have done, in the better state.
	wouldDo = regexp.MustCompile(`\bwould (you|he|she|they|it|[\w]+) (want|like|need|do|have (done|wanted))\b|\bwould .* have (done|wanted)\b|\bwith (a|an|one|that) (\w+'s )?(notice|warning)\b`)
	// That the buyer speaks of how it could be.
	wished = regexp.MustCompile(`\b(would|could|might|'d|wish\w*|if (we|i|they|it|you)|with (a|an|one|that)|want\w*|like to|love to|better)\b|\w'd\b`)
	// What follows from what the buyer has just told.
	follows  = regexp.MustCompile(`^ *(and |so |then )*(if|what if|when|on the nights?|on a \w+ when)\b|\bwhat('s| is) (it|that) like for\b|\bwhat happens (to|on|when|if|then|after that)\b|\bthe (morning|day|night|week) after\b`)
	pointing = regexp.MustCompile(`\b(that|this|it|those|these|they|them)\b`)
)

// spinClues are the signs by which a person tells the kinds apart: whether a
// bad state is spoken of or pointed at, an effect, a better state, its worth.
// Pairs of them are clues of their own: an effect of a bad state is an
// implication, the effect of a better one a need-payoff.
func spinClues(question, before string) []string {
	q := " " + plainCase(question) + " "
	b := plainCase(lastSentences(before, 2))
	var out []string
	for _, c := range []struct {
		name  string
		holds bool
	}{
		{"bad", badState.MatchString(q)}, {"pointed", pointing.MatchString(q) && badState.MatchString(b)}, {"stays", unchanged.MatchString(q)},
		{"better", better.MatchString(q)}, {"worth", value.MatchString(q)}, {"would", conditional.MatchString(q)}, {"effect", effect.MatchString(q)},
		{"happens", happens.MatchString(q)}, {"if", ifWhen.MatchString(q)}, {"difficulty", difficulty.MatchString(q)}, {"would do", wouldDo.MatchString(q)},
		{"follows", follows.MatchString(q)}, {"points", pointing.MatchString(q)}, {"bad before", badState.MatchString(b)}, {"opens", before == ""},
		{"wish before", wished.MatchString(b)}, {"bad word", badWord.MatchString(q)}, {"good word", goodWord.MatchString(q)},
		{"bad word before", badWord.MatchString(b)}, {"good word before", goodWord.MatchString(b)},
	} {
		if c.holds {
			out = append(out, c.name)
		}
	}
	for i, n := 0, len(out); i < n; i++ {
		for j := i + 1; j < n; j++ {
			out = append(out, out[i]+" & "+out[j])
		}
	}
	return out
}

// lastSentences returns the last n sentences of a text.
func lastSentences(text string, n int) string {
	all := sentence.FindAllString(text, -1)
	return strings.Join(all[max(0, len(all)-n):], " ")
}

// SuggestTag suggests the kind of a question of the rep, from its words and
// the buyer's turn before it ("" if there is none). How it learns and how far
// to trust it is in docs/measurement.md. It is a suggestion, for a person to
// correct, and never a score.
func SuggestTag(question, buyerBefore string) Tag {
	best, share := TagSituation, 0.0
	m := spinLearned()
	for i, p := range m.shares(m.places(spinFeatures(question, buyerBefore))) {
		if p > share {
			best, share = spinTags[i], p
		}
	}
	return best
}
