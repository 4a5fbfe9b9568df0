package skills_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"pitchside/skills"
)

// vector reads a worked example of the model into v.
func vector(t *testing.T, name string, v any) {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, v); err != nil {
		t.Fatal(err)
	}
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-9) {
		t.Errorf("%s = %.12f, want %.12f", what, got, want)
	}
}

// day returns the moment a number of days after the start of the examples.
func day(n int) time.Time { return time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n) }

type example struct {
	Input struct {
		PriorMean float64 `json:"prior_mean"`
		Now       int     `json:"now_day"`
		Target    float64
		Evidence  []struct {
			ID, Source, Rater string
			Day               int
			Raw, Correct      *float64
			Items             *int
			Bias              float64
		}
	}
	Expected struct {
		Level, SE, Reliability float64
		Parts                  struct {
			Drift float64 `json:"var_drift"`
			Habit float64 `json:"var_rater_bias"`
			Noise float64 `json:"var_noise"`
		} `json:"se_parts"`
		Interval80 [2]float64
		AtOrAbove  float64 `json:"p_at_or_above_target"`
		PriorShare float64 `json:"prior_share"`
		Provenance []struct {
			ID           string
			Value, Share float64
		}
		Groups []struct {
			Source, Rater string
			W, Mean, V    float64
		}
		Heterogeneity struct {
			Q  float64
			DF int
		}
		SelfVsCoach struct {
			Gap  float64 `json:"gap_raw_self_minus_coach"`
			SE   float64
			Flag bool
		} `json:"self_vs_coach"`
	}
}

// worked returns the worked example, its subject and its observations, whose
// ids are 1 for e1 and so on.
func worked(t *testing.T) (example, skills.Subject, []skills.Observation) {
	t.Helper()
	var v example
	vector(t, "skill_discount_model", &v)
	var obs []skills.Observation
	for _, e := range v.Input.Evidence {
		o := skills.Observation{ID: int64(e.ID[1] - '0'), Source: skills.Source(e.Source), Rater: e.Rater, At: day(e.Day),
			Raw: e.Raw, Correct: e.Correct, Items: e.Items, SessionKey: e.ID}
		if o.Source != skills.FromSelf {
			o.Severity = e.Bias
		}
		obs = append(obs, o)
	}
	return v, skills.Subject{Kind: skills.Behaviour, PriorMean: v.Input.PriorMean, Target: &v.Input.Target}, obs
}

func TestWorkedExample(t *testing.T) {
	t.Parallel()
	v, subject, obs := worked(t)
	rand.Shuffle(len(obs), func(i, j int) { obs[i], obs[j] = obs[j], obs[i] })
	e := skills.Default.Estimate(subject, obs, day(v.Input.Now))
	want := v.Expected
	near(t, "level", e.Level, want.Level)
	near(t, "se", e.SE, want.SE)
	near(t, "drift", e.Drift, want.Parts.Drift)
	near(t, "habit", e.Habit, want.Parts.Habit)
	near(t, "noise", e.NoiseVar, want.Parts.Noise)
	near(t, "reliability", e.Reliability, want.Reliability)
	near(t, "low", e.Low80, want.Interval80[0])
	near(t, "high", e.High80, want.Interval80[1])
	near(t, "below", *e.PBelow, 1-want.AtOrAbove)
	near(t, "prior share", e.Prior.Share, want.PriorShare)
	near(t, "Q", e.Q, want.Heterogeneity.Q)
	if e.DF != want.Heterogeneity.DF || e.Disagree != "" {
		t.Errorf("df %d, %q, want %d and no disagreement", e.DF, e.Disagree, want.Heterogeneity.DF)
	}
	near(t, "gap", e.SelfGap.Gap, want.SelfVsCoach.Gap)
	near(t, "gap se", e.SelfGap.SE, want.SelfVsCoach.SE)
	if e.SelfGap.Worth != want.SelfVsCoach.Flag {
		t.Errorf("worth a conversation: %v, want %v", e.SelfGap.Worth, want.SelfVsCoach.Flag)
	}
	byID := map[int64]skills.Share{}
	for _, s := range e.Shares {
		byID[s.EvidenceID] = s
	}
	for _, p := range want.Provenance[1:] {
		s := byID[int64(p.ID[1]-'0')]
		near(t, p.ID+" level", s.Level, p.Value)
		near(t, p.ID+" share", s.Share, p.Share)
	}
	for _, g := range e.Groups {
		for _, w := range want.Groups {
			if w.Source == string(g.Source) && w.Rater == g.Rater {
				near(t, w.Rater+" W", g.Weight, w.W)
				near(t, w.Rater+" mean", g.Mean, w.Mean)
				near(t, w.Rater+" V", g.Variance, w.V)
			}
		}
	}
	if len(e.Groups) != len(want.Groups) {
		t.Errorf("%d groups, want %d", len(e.Groups), len(want.Groups))
	}
	if after := skills.Default.Narrowed(subject, obs, day(v.Input.Now)); !(after < e.SE) {
		t.Errorf("one more coach takes the error from %v to %v", e.SE, after)
	}
	if e.Scored != 5 || e.Raters != 3 {
		t.Errorf("%d scored by %d, want 5 by 3", e.Scored, e.Raters)
	}
}

func TestSharesReproduceTheLevel(t *testing.T) {
	t.Parallel()
	sources := []skills.Source{skills.FromCoach, skills.FromManager, skills.FromPeer, skills.FromSelf, skills.FromTextBuyer}
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var obs []skills.Observation
		for i := range r.IntN(40) {
			o := skills.Observation{ID: int64(i + 1), Source: sources[r.IntN(len(sources))], Rater: string(rune('a' + r.IntN(4))),
				At: day(r.IntN(900)), SessionKey: "x"}
			if r.IntN(4) == 0 {
				correct, items := float64(r.IntN(9)), 8+r.IntN(9)
				o.Source, o.Correct, o.Items = skills.FromQuiz, &correct, &items
			} else {
				raw := 1 + 4*r.Float64()
				o.Raw = &raw
			}
			obs = append(obs, o)
		}
		e := skills.Default.Estimate(skills.Subject{Kind: skills.Knowledge, PriorMean: 2.5}, obs, day(900))
		sum, level := e.Prior.Share, e.Prior.Share*e.Prior.Level
		for _, s := range e.Shares {
			sum += s.Share
			level += s.Share * s.Level
		}
		near(t, "sum of shares", sum, 1)
		near(t, "level from shares", level, e.Level)
		if e.SE <= 0 || math.IsNaN(e.SE) {
			t.Fatalf("standard error %v of %d observations", e.SE, len(obs))
		}
	}
}

func TestProperties(t *testing.T) {
	t.Parallel()
	var v struct {
		Expected map[string]struct{ Level, SE float64 }
	}
	vector(t, "skill_model_properties", &v)
	_, subject, obs := worked(t)
	same := func(source skills.Source, on int, raw float64, n int) []skills.Observation {
		var all []skills.Observation
		for i := range n {
			all = append(all, skills.Observation{ID: int64(i + 1), Source: source, Rater: "one", At: day(on), Raw: &raw, SessionKey: "x"})
		}
		return all
	}
	for name, c := range map[string]struct {
		obs []skills.Observation
		at  time.Time
	}{
		"no_evidence":       {nil, day(0)},
		"one_self":          {same(skills.FromSelf, 190, 4.5, 1), day(200)},
		"twenty_self":       {same(skills.FromSelf, 190, 4.5, 20), day(200)},
		"one_coach":         {same(skills.FromCoach, 185, 3.5, 1), day(200)},
		"twenty_same_coach": {same(skills.FromCoach, 185, 3.5, 20), day(200)},
		"far_future":        {obs, day(2000)},
	} {
		want, ok := v.Expected[name]
		if !ok {
			t.Fatalf("no property %s", name)
		}
		e := skills.Default.Estimate(subject, c.obs, c.at)
		near(t, name+" level", e.Level, want.Level)
		near(t, name+" se", e.SE, want.SE)
	}
}

func TestBoundariesOfTheRules(t *testing.T) {
	t.Parallel()
	var v struct {
		Input struct {
			Cases []struct {
				Rule, Why string
				Input     struct {
					Reliability float64
					Sessions    int     `json:"non_self_sessions"`
					Raters      int     `json:"human_raters"`
					PBelow      float64 `json:"p_below_target"`
					LevelState  string  `json:"level_state"`
				}
			}
		}
		Expected struct{ States []string }
	}
	vector(t, "not_enough_data_rules", &v)
	met := 0
	for i, c := range v.Input.Cases {
		got := ""
		switch {
		case c.Rule == "R1":
			state, reason := skills.Default.State(c.Input.Reliability, c.Input.Sessions, c.Input.Raters)
			if (reason == "") != (state == skills.Shown) {
				t.Errorf("case %d: %s with the reason %q", i, state, reason)
			}
			got = string(state)
		case c.Rule == "R2" && c.Input.LevelState != "hidden":
			got = string(skills.Default.Verdict(c.Input.PBelow))
		default:
			continue
		}
		met++
		if got != v.Expected.States[i] {
			t.Errorf("case %d, %s (%s): %s, want %s", i, c.Rule, c.Why, got, v.Expected.States[i])
		}
	}
	if met != 13 {
		t.Errorf("met %d cases of R1 and R2, want 13", met)
	}
}

// Two coaches four levels apart: the range widens by √(Q/df) and says so.
func TestDisagreementWidensTheRange(t *testing.T) {
	t.Parallel()
	obs := func(source skills.Source, first, second float64) []skills.Observation {
		return []skills.Observation{
			{ID: 1, Source: skills.FromCoach, Rater: "a", At: day(0), Raw: &first, SessionKey: "1"},
			{ID: 2, Source: source, Rater: "b", At: day(0), Raw: &second, SessionKey: "2"},
		}
	}
	subject := skills.Subject{Kind: skills.Behaviour, PriorMean: 2.5}
	agreed := skills.Default.Estimate(subject, obs(skills.FromCoach, 3, 3), day(1))
	apart := skills.Default.Estimate(subject, obs(skills.FromCoach, 1, 5), day(1))
	if agreed.Disagree != skills.Agreed || apart.Disagree != skills.CoachesApart {
		t.Errorf("said %q when agreed and %q when apart", agreed.Disagree, apart.Disagree)
	}
	near(t, "widened se", apart.SE, agreed.SE*math.Sqrt(apart.Q))
	quiz := skills.Default.Estimate(subject, obs(skills.FromTextBuyer, 1, 5), day(1))
	if quiz.Disagree != skills.SourcesDiverge {
		t.Errorf("said %q of a coach and the text buyer", quiz.Disagree)
	}
}

// Only what another person scored counts for R1, and a session counts once.
func TestWhatCountsAsScored(t *testing.T) {
	t.Parallel()
	three, eight, ten := 3.0, 8.0, 10
	obs := []skills.Observation{
		{ID: 1, Source: skills.FromCoach, Rater: "person:1", SessionKey: "attempt:1", Raw: &three, At: day(0)},
		{ID: 2, Source: skills.FromCoach, Rater: "person:2", SessionKey: "attempt:1", Raw: &three, At: day(0)},
		{ID: 3, Source: skills.FromSelf, Rater: "person:9", SessionKey: "attempt:1", Raw: &three, At: day(0)},
		{ID: 4, Source: skills.FromPeer, Rater: "person:3", SessionKey: "evidence:4", Raw: &three, At: day(0)},
		{ID: 5, Source: skills.FromTextBuyer, Rater: "text_buyer", SessionKey: "attempt:2", Raw: &three, At: day(0)},
		{ID: 6, Source: skills.FromQuiz, Rater: "quiz", SessionKey: "evidence:6", Correct: &eight, Items: &ten, At: day(0)},
		{ID: 7, Source: skills.FromManager, Rater: "person:4", SessionKey: "evidence:7", Raw: &three, At: day(5)},
	}
	subject := skills.Subject{Kind: skills.Behaviour, PriorMean: 2.5}
	for at, want := range map[int][2]int{0: {1, 2}, 5: {2, 3}} {
		if e := skills.Default.Estimate(subject, obs, day(at)); e.Scored != want[0] || e.Raters != want[1] {
			t.Errorf("day %d: %d scored by %d, want %d by %d", at, e.Scored, e.Raters, want[0], want[1])
		}
	}
	state, reason := skills.Default.State(0.6, 1, 2)
	if state != skills.Hidden || reason != "Not enough evidence yet (1 of 2 scored observations)" {
		t.Errorf("one session: %s, %q", state, reason)
	}
}

// A quiz weighs more on what it measures directly.
func TestQuizOnKnowledge(t *testing.T) {
	t.Parallel()
	correct, items := 8.0, 10
	obs := []skills.Observation{{ID: 1, Source: skills.FromQuiz, Rater: "quiz:x", Correct: &correct, Items: &items, At: day(0), SessionKey: "q"}}
	behaviour := skills.Default.Estimate(skills.Subject{Kind: skills.Behaviour, PriorMean: 2.5}, obs, day(0))
	knowledge := skills.Default.Estimate(skills.Subject{Kind: skills.Knowledge, PriorMean: 2.5}, obs, day(0))
	near(t, "V of behaviour", behaviour.Groups[0].Variance, 1.5*1.5+0.23415977961432508)
	near(t, "V of knowledge", knowledge.Groups[0].Variance, 0.3*0.3+0.23415977961432508)
}
