package assessments

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"pitchside/people"
)

// Rule R14 of the display rules: below these a call says too little to be
// measured. Policy, not law of nature.
const (
	minCallMinutes = 5
	minRepWords    = 200
	minHandovers   = 5
)

const (
	mergeGapMS       = 2000 // the same side going on within this is one turn
	backchannelMaxMS = 1000 // shorter than this and a listening word: not a turn
)

var (
	backchannels = words("got it", "mm-hmm", "mhm", "ok", "okay", "right", "sure", "uh-huh", "yeah", "yes")
	wordPattern  = regexp.MustCompile(`[\p{L}\p{N}_]+(?:['’][\p{L}\p{N}]+)*`)
	// "like" is left out: as often a verb as a filler.
	fillerPattern = regexp.MustCompile(`(?i)\b(um|umm|uh|er|erm|you know|i mean|sort of|kind of|basically|actually|literally)\b`)
	sentence      = regexp.MustCompile(`[^.?!…]+[.?!…]*`)
)

// A Measure is what can be counted in a transcript. Seconds are nil when the
// transcript has no times. Nothing here is a score.
type Measure struct {
	Timed           bool
	CallMinutes     float64 // first word to last
	TalkShare       float64 // rep ÷ (rep + buyer): seconds when timed, else words
	LongestRepS     float64 // longest stretch of the rep, backchannels ignored
	LongestBuyerS   float64
	Turns           int
	Switches        int
	SwitchesPerMin  float64
	Patience        []float64 // seconds from the buyer's end to the rep's start, negative when they overlap
	RepWords        int
	RepQuestions    []Question
	BuyerQuestions  int
	QuestionsPerHr  float64
	Fillers         map[string]int
	FillersPer100   float64
	RepTalkS        float64
	BuyerTalkS      float64
	ShareOfCallTime float64 // rep seconds ÷ length of the call, silence counted
}

// A Question is one question of the rep. Tag is a suggestion made by
// SuggestTag until a person has said what it is; no level and no score counts it.
type Question struct {
	Seq         int    `json:"-"` // of its turn
	Nth         int    `json:"-"` // in its turn, from 1
	AtMS        *int   `json:"at_ms"`
	Text        string `json:"text"`
	Tag         *Tag   `json:"tag"`
	Suggested   bool   `json:"suggested"`
	CorrectedBy *int64 `json:"corrected_by"`
	Corrector   string `json:"-"` // name of CorrectedBy
}

// Measured counts what a transcript shows. Definitions: talk ratio leaves
// silence out; turns of one side no more than 2 s apart are one; a listening
// word under 1 s counts as talk but breaks no turn; patience runs from the end
// of the buyer's turn to the start of the rep's.
func Measured(turns []Turn) Measure {
	m := Measure{Fillers: map[string]int{}, Timed: len(turns) > 0}
	buyerWords, before := 0, ""
	for _, t := range turns {
		m.Timed = m.Timed && t.StartMS != nil && t.EndMS != nil
		n := len(wordPattern.FindAllString(t.Text, -1))
		if t.Speaker == Buyer {
			buyerWords += n
			m.BuyerQuestions += len(questions(t))
			before = t.Text
			continue
		}
		m.RepWords += n
		for _, q := range questions(t) {
			tag := SuggestTag(q.Text, before)
			q.Tag, q.Suggested = &tag, true
			m.RepQuestions = append(m.RepQuestions, q)
		}
		for _, f := range fillerPattern.FindAllString(t.Text, -1) {
			m.Fillers[strings.ToLower(f)]++
		}
	}
	fillers := 0
	for _, n := range m.Fillers {
		fillers += n
	}
	m.FillersPer100 = ratio(100*float64(fillers), float64(m.RepWords))
	m.TalkShare = ratio(float64(m.RepWords), float64(m.RepWords+buyerWords))
	if m.Timed {
		m.time(turns)
	} else {
		m.Turns, m.Switches = untimedTurns(turns)
	}
	return m
}

// A stretch is a run of one side's segments, in milliseconds.
type stretch struct {
	side       Speaker
	start, end int
}

func (m *Measure) time(turns []Turn) {
	turns = slices.Clone(turns)
	slices.SortStableFunc(turns, func(a, b Turn) int { return *a.StartMS - *b.StartMS })
	first, last := *turns[0].StartMS, 0
	var runs []stretch
	for _, t := range turns {
		start, end := *t.StartMS, *t.EndMS
		last = max(last, end)
		if t.Speaker == Rep {
			m.RepTalkS += seconds(end - start)
		} else {
			m.BuyerTalkS += seconds(end - start)
		}
		if isBackchannel(t) {
			continue
		}
		if n := len(runs); n > 0 && runs[n-1].side == t.Speaker && start-runs[n-1].end <= mergeGapMS {
			runs[n-1].end = max(runs[n-1].end, end)
			continue
		}
		runs = append(runs, stretch{t.Speaker, start, end})
	}
	m.Turns = len(runs)
	for i, r := range runs {
		if r.side == Rep {
			m.LongestRepS = max(m.LongestRepS, seconds(r.end-r.start))
		} else {
			m.LongestBuyerS = max(m.LongestBuyerS, seconds(r.end-r.start))
		}
		if i == 0 || runs[i-1].side == r.side {
			continue
		}
		m.Switches++
		if r.side == Rep {
			m.Patience = append(m.Patience, seconds(r.start-runs[i-1].end))
		}
	}
	call := seconds(last - first)
	m.CallMinutes = call / 60
	m.TalkShare = ratio(m.RepTalkS, m.RepTalkS+m.BuyerTalkS)
	m.ShareOfCallTime = ratio(m.RepTalkS, call)
	m.SwitchesPerMin = ratio(float64(m.Switches), call/60)
	m.QuestionsPerHr = ratio(float64(len(m.RepQuestions)), call/3600)
}

func untimedTurns(turns []Turn) (n, switches int) {
	for i, t := range turns {
		if i > 0 && turns[i-1].Speaker == t.Speaker {
			continue
		}
		n++
	}
	return n, max(0, n-1)
}

func isBackchannel(t Turn) bool {
	if *t.EndMS-*t.StartMS >= backchannelMaxMS {
		return false
	}
	return backchannels[strings.Trim(fold(t.Text), " .,!…")]
}

// questions returns the sentences of a turn that end in a question mark.
func questions(t Turn) []Question {
	var out []Question
	for _, s := range sentence.FindAllString(t.Text, -1) {
		if s = strings.Trim(strings.TrimSpace(s), `"“”`); strings.HasSuffix(s, "?") && wordPattern.MatchString(s) {
			out = append(out, Question{Seq: t.Seq, Nth: len(out) + 1, AtMS: t.StartMS, Text: s})
		}
	}
	return out
}

// PatienceMedian returns the median patience in seconds, and whether there are
// handovers enough to state it.
func (m Measure) PatienceMedian() (float64, bool) {
	if len(m.Patience) == 0 {
		return 0, false
	}
	p := slices.Sorted(slices.Values(m.Patience))
	mid := len(p) / 2
	median := p[mid]
	if len(p)%2 == 0 {
		median = (p[mid-1] + p[mid]) / 2
	}
	return median, len(p) >= minHandovers
}

func seconds(ms int) float64 { return float64(ms) / 1000 }

func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

// A Conversation is what may be shown of a transcript's counts. A number below
// its rule is nil, never 0; Reason says in plain words what is missing.
type Conversation struct {
	State             string // shown or hidden
	Reason            string
	Basis             string // what TalkShare counts: time or words
	TalkShare         *float64
	LongestMonologueS *float64
	Interactivity     *float64 // speaker switches a minute
	PatienceS         *float64 // median
	QuestionsPerHour  *float64
	FillersPer100     *float64
	Questions         []Question
	Mix               []KindCount // questions by kind; nil below eight
}

// A KindCount is how many questions are of one kind, and of how many of them a
// person has said so.
type KindCount struct {
	Tag       Tag
	N         int
	Confirmed int
}

// minMix is how many questions a mix of kinds needs, rule R14.
const minMix = 8

// mix counts questions by kind, where they are enough and the conversation is.
func (c *Conversation) mix() {
	if c.State != "shown" || len(c.Questions) < minMix {
		return
	}
	for _, kind := range Tags {
		one := KindCount{Tag: kind.Tag}
		for _, q := range c.Questions {
			if *q.Tag == kind.Tag {
				one.N++
				if !q.Suggested {
					one.Confirmed++
				}
			}
		}
		c.Mix = append(c.Mix, one)
	}
}

// A Fact is one count in words.
type Fact struct{ Name, Value string }

// Conversation returns the counts of an attempt whose words the actor may read.
func (s *Service) Conversation(ctx context.Context, by people.Actor, attemptID int64) (Conversation, error) {
	turns, err := s.Transcript(ctx, by, attemptID)
	if err != nil {
		return Conversation{}, err
	}
	c := Counted(Measured(turns))
	if err := s.corrected(ctx, attemptID, c.Questions); err != nil {
		return Conversation{}, err
	}
	c.mix()
	return c, nil
}

// Counted applies rule R14: under five minutes or under 200 words of the rep
// nothing is shown; patience needs times and five handovers.
func Counted(m Measure) Conversation {
	c := Conversation{State: "shown", Basis: "words", Questions: m.RepQuestions}
	if c.Questions == nil {
		c.Questions = []Question{}
	}
	if m.Timed {
		c.Basis = "time"
	}
	switch {
	case m.Timed && m.CallMinutes < minCallMinutes:
		c.Reason = fmt.Sprintf("%.1f of %d minutes of conversation.", m.CallMinutes, minCallMinutes)
	case m.RepWords < minRepWords:
		c.Reason = fmt.Sprintf("%d of %d words said by the rep.", m.RepWords, minRepWords)
	}
	if c.Reason != "" {
		c.State = "hidden"
		return c
	}
	c.TalkShare, c.FillersPer100 = &m.TalkShare, &m.FillersPer100
	if !m.Timed {
		return c
	}
	c.LongestMonologueS, c.Interactivity, c.QuestionsPerHour = &m.LongestRepS, &m.SwitchesPerMin, &m.QuestionsPerHr
	if median, enough := m.PatienceMedian(); enough {
		c.PatienceS = &median
	}
	return c
}

// Facts writes the counts as people read them.
func (c Conversation) Facts() []Fact {
	var out []Fact
	add := func(name, format string, v *float64, times float64) {
		if v != nil {
			out = append(out, Fact{name, fmt.Sprintf(format, *v*times)})
		}
	}
	add("Rep’s share of the "+map[string]string{"time": "talking time", "words": "words"}[c.Basis], "%.0f %%", c.TalkShare, 100)
	add("Longest stretch of the rep", "%.0f s", c.LongestMonologueS, 1)
	add("Changes of speaker", "%.1f a minute", c.Interactivity, 1)
	add("Pause before the rep answers, median", "%.1f s", c.PatienceS, 1)
	add("Questions", "%.0f an hour", c.QuestionsPerHour, 1)
	add("Fillers", "%.1f per 100 words", c.FillersPer100, 1)
	return out
}
