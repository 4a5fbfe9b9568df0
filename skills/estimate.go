package skills

import (
	"cmp"
	"math"
	"slices"
	"time"

	"pitchside/internal/stats"
)

// A Kind of skill says what a quiz can show of it.
type Kind string

// The kinds of skill.
const (
	Behaviour Kind = "behaviour" // what people do: a quiz informs it from afar
	Knowledge Kind = "knowledge" // what people know: a quiz measures it
)

// A Subject is what a level is estimated of: one skill of a person in a role.
type Subject struct {
	Kind      Kind
	PriorMean float64  // the starting assumption, a level
	Target    *float64 // nil: the role has none
}

// An Observation is one live row of the ledger as the model reads it: either
// Raw, a level, or Correct of Items.
type Observation struct {
	ID         int64
	Source     Source
	Rater      string // the group within the source whose habit it shares
	RaterID    *int64
	At         time.Time
	Raw        *float64
	Correct    *float64
	Items      *int
	SessionKey string
	Severity   float64 // how much more lenient the rater is than others, in levels; 0 if not known
}

// A Share is what one observation gives to a level. Level and Share multiplied
// and summed over a level's shares are that level.
type Share struct {
	EvidenceID int64   // 0 for the starting assumption
	Level      float64 // the observation as a level, after the rater's bias
	Share      float64 // between 0 and 1; all shares of a level sum to 1
	Reach      float64 // how far this one observation alone can be trusted: half an 80% range, in levels
}

// A Group is what one rater of one source has shown in all.
type Group struct {
	Source   Source
	Rater    string
	Weight   float64 // summed discounted precision, W
	Mean     float64 // weighted mean level, ȳ
	RawMean  float64 // the same before the rater's bias was taken off
	Variance float64 // of that mean as a measure of the skill, V = β² + 1/W
}

// A Disagreement says who is further apart than chance allows; the standard
// error is widened for it.
type Disagreement string

// The disagreements.
const (
	Agreed         Disagreement = ""
	CoachesApart   Disagreement = "coaches" // coaches and managers among themselves
	SourcesDiverge Disagreement = "sources" // such as what is known and what is done
)

// A SelfGap is how a person's own ratings differ from their coaches'.
type SelfGap struct {
	Gap   float64 // own minus coaches', in levels, both as given
	SE    float64
	Worth bool // of a conversation: large, and its 80% interval leaves out zero
}

// An Estimate is what the evidence says of one skill of one person.
type Estimate struct {
	Level       float64
	SE          float64 // standard error, widened where sources disagree
	Reliability float64 // 1 - SE²/τ0²
	Low80       float64
	High80      float64
	PBelow      *float64 // chance of being below the target; nil without one
	Prior       Share
	Shares      []Share // oldest first
	Groups      []Group
	Drift       float64 // variance: the skill may have moved
	Habit       float64 // variance: raters' habits
	NoiseVar    float64 // variance: single observations
	Q           float64 // disagreement between groups, χ² with DF degrees of freedom
	DF          int
	Disagree    Disagreement
	SelfGap     *SelfGap
	Scored      int // sessions that another person scored, R1
	Raters      int // people who scored them, R1
}

type weighed struct {
	Observation
	level, variance float64 // y and s²
	age, weight     float64 // days and w = 2^(-age/H)/s²
	kept            float64 // 2^(-age/h): what drift has left
	group           int
}

// Estimate pools the observations made up to at by source and rater, discounts
// them by age, and combines them with the starting assumption. Later ones are
// left out. The order of obs does not matter.
//
// Conjugate normal updating with discounted precision after West and Harrison
// 1997, with a shared bias for each rater and a standard error that allows for
// a drifting skill.
func (p Parameters) Estimate(s Subject, obs []Observation, at time.Time) Estimate {
	seen, groups := p.weigh(s, obs, at)
	tau2 := p.PriorSD * p.PriorSD
	precision, level := 1/tau2, s.PriorMean/tau2
	for _, g := range groups {
		precision += 1 / g.Variance
		level += g.Mean / g.Variance
	}
	level /= precision
	e := Estimate{Level: level, Groups: groups, Prior: Share{Level: s.PriorMean, Share: 1 / tau2 / precision}}

	// Observations come oldest first, so the double sum over pairs needs one pass.
	older, drift := 0.0, 1.0
	byGroup := make([]float64, len(groups))
	for _, o := range seen {
		g := groups[o.group]
		share := 1 / g.Variance / precision * o.weight / g.Weight
		beta := p.habit(g.Source, s.Kind)
		e.Shares = append(e.Shares, Share{EvidenceID: o.ID, Level: o.level, Share: share, Reach: stats.Z80 * math.Sqrt(beta*beta+o.variance)})
		drift += share*share - 2*share*o.kept
		if o.kept > 0 {
			drift += 2 * share * older / o.kept
		}
		older += share * o.kept
		byGroup[o.group] += share
		e.NoiseVar += share * share * o.variance
	}
	e.Drift = tau2 * drift
	for i, g := range groups {
		beta := p.habit(g.Source, s.Kind)
		e.Habit += beta * beta * byGroup[i] * byGroup[i]
	}
	e.SE = math.Sqrt(e.Drift + e.Habit + e.NoiseVar)
	e.Q, e.DF = disagreement(groups)
	if e.DF > 0 && e.Q > float64(e.DF) {
		e.SE *= math.Sqrt(e.Q / float64(e.DF))
		e.Disagree = whoDisagrees(groups)
	}
	e.Reliability = 1 - e.SE*e.SE/tau2
	e.Low80, e.High80 = level-stats.Z80*e.SE, level+stats.Z80*e.SE
	if s.Target != nil {
		below := stats.NormalCDF((*s.Target - level) / e.SE)
		e.PBelow = &below
	}
	e.SelfGap = p.selfGap(groups)
	e.Scored, e.Raters = scored(seen)
	return e
}

// Narrowed returns the standard error that a level would have with one more
// session scored at the moment at by a coach who has not scored it before: what
// would change it most.
func (p Parameters) Narrowed(s Subject, obs []Observation, at time.Time) float64 {
	now := p.Estimate(s, obs, at).Level
	next := Observation{Source: FromCoach, Rater: "next", At: at, Raw: &now, SessionKey: "next"}
	return p.Estimate(s, append(slices.Clip(obs), next), at).SE
}

// weigh returns the observations up to at with their weights, oldest first, and
// the groups they form.
func (p Parameters) weigh(s Subject, obs []Observation, at time.Time) ([]weighed, []Group) {
	seen := make([]weighed, 0, len(obs))
	for _, o := range obs {
		if o.At.After(at) {
			continue
		}
		w := weighed{Observation: o, age: at.Sub(o.At).Hours() / 24}
		w.level, w.variance = p.reading(o)
		w.weight = math.Exp2(-w.age/p.HalfLife) / w.variance
		w.kept = math.Exp2(-w.age / p.DriftHalfLife)
		seen = append(seen, w)
	}
	slices.SortStableFunc(seen, func(a, b weighed) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
	})
	var groups []Group
	for i := range seen {
		o := &seen[i]
		o.group = slices.IndexFunc(groups, func(g Group) bool { return g.Source == o.Source && g.Rater == o.Rater })
		if o.group < 0 {
			o.group = len(groups)
			groups = append(groups, Group{Source: o.Source, Rater: o.Rater})
		}
		g := &groups[o.group]
		g.Weight += o.weight
		g.Mean += o.weight * o.level
		g.RawMean += o.weight * (o.level + p.bias(o.Observation))
	}
	for i := range groups {
		g := &groups[i]
		beta := p.habit(g.Source, s.Kind)
		g.Mean, g.RawMean = g.Mean/g.Weight, g.RawMean/g.Weight
		g.Variance = beta*beta + 1/g.Weight
	}
	return seen, groups
}

// reading returns an observation as a level without its rater's bias, y, and
// the variance of a single such observation, s². Of a quiz with n items both
// follow from the share right, with half an item added to either side.
func (p Parameters) reading(o Observation) (level, variance float64) {
	if o.Correct != nil && o.Items != nil {
		n := float64(*o.Items)
		right := (*o.Correct + 0.5) / (n + 1)
		return 1 + 4*right - p.bias(o), 16 * right * (1 - right) / (n + 2)
	}
	s := p.Sources[o.Source].S
	if s == 0 { // a quiz that gives a level: as noisy as one of a coach
		s = p.Sources[FromCoach].S
	}
	return *o.Raw - p.bias(o), s * s
}

func (p Parameters) bias(o Observation) float64 {
	if o.Source == FromSelf {
		return p.SelfBias
	}
	return o.Severity
}

// disagreement returns Q = Σ(ȳ_g-ȳ)²/V_g around the groups' own mean, and its
// degrees of freedom.
func disagreement(groups []Group) (q float64, df int) {
	if len(groups) < 2 {
		return 0, 0
	}
	mean, _ := pooled(groups)
	for _, g := range groups {
		q += (g.Mean - mean) * (g.Mean - mean) / g.Variance
	}
	return q, len(groups) - 1
}

// whoDisagrees blames the coaches and managers only if they disagree among
// themselves.
func whoDisagrees(groups []Group) Disagreement {
	var people []Group
	for _, g := range groups {
		if g.Source == FromCoach || g.Source == FromManager {
			people = append(people, g)
		}
	}
	if q, df := disagreement(people); df > 0 && q > float64(df) {
		return CoachesApart
	}
	return SourcesDiverge
}

// pooled returns the precision-weighted mean of the groups and its variance.
func pooled(groups []Group) (mean, variance float64) {
	precision := 0.0
	for _, g := range groups {
		mean += g.Mean / g.Variance
		precision += 1 / g.Variance
	}
	return mean / precision, 1 / precision
}

// selfGap compares a person's own ratings with their coaches'; nil while one of
// the two is missing.
func (p Parameters) selfGap(groups []Group) *SelfGap {
	var own *Group
	var coaches []Group
	for i, g := range groups {
		switch g.Source {
		case FromSelf:
			own = &groups[i]
		case FromCoach:
			coaches = append(coaches, g)
		}
	}
	if own == nil || len(coaches) == 0 {
		return nil
	}
	mean, variance := pooled(coaches)
	gap := SelfGap{Gap: own.RawMean - mean, SE: math.Sqrt(1/own.Weight + variance)}
	gap.Worth = math.Abs(gap.Gap) >= p.GapLevels && math.Abs(gap.Gap) > stats.Z80*gap.SE
	return &gap
}

// scored counts the sessions that a coach or a manager scored, and those people.
func scored(seen []weighed) (sessions, raters int) {
	keys, people := map[string]bool{}, map[string]bool{}
	for _, o := range seen {
		if o.Source == FromCoach || o.Source == FromManager {
			keys[o.SessionKey] = true
			people[o.Rater] = true
		}
	}
	return len(keys), len(people)
}
