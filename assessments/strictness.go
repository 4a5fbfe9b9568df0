package assessments

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"pitchside/internal/pg"
	"pitchside/internal/stats"
	"pitchside/people"
)

// A Strictness is how far one coach scores from the others, in levels: below 0
// is stricter, above 0 more lenient. Severity is nil where rule R4 forbids it.
// It corrects no score: it is shown beside them.
type Strictness struct {
	CoachID  int64
	Coach    string
	State    string // adjust or do_not_adjust
	Reason   string
	Sessions int
	Reps     int
	Shared   int // reps whom others scored too
	Severity *float64
	SE       *float64
	Halo     Halo
}

// Low and High are the ends of the 95% interval; 0 without a number.
func (s Strictness) Low() float64  { return s.end(-1) }
func (s Strictness) High() float64 { return s.end(1) }

func (s Strictness) end(side float64) float64 {
	if s.Severity == nil {
		return 0
	}
	return *s.Severity + side*stats.NormalQuantile(0.975)**s.SE
}

// A Halo compares how far a coach's levels lie apart within one sheet with how
// far everybody's do. Under half, over eight sessions, the criteria may not be
// judged apart.
type Halo struct {
	State    string // hidden or shown
	Reason   string
	Sessions int
	Ratio    *float64
	Flagged  bool
}

// strictnessOf fits the additive model to the levels that coaches gave, and
// applies rule R4 to each coach.
func strictnessOf(all []given) []Strictness {
	items, ratings := map[string]int64{}, []stats.Rating{}
	type tally struct {
		sessions, reps map[int64]bool
	}
	coaches, raters := map[int64]*tally{}, map[int64]map[int64]bool{}
	for _, g := range all {
		if g.Level == nil {
			continue
		}
		if _, ok := items[g.Criterion]; !ok {
			items[g.Criterion] = int64(len(items))
		}
		ratings = append(ratings, stats.Rating{Target: g.PersonID, Judge: g.AssessorID, Item: items[g.Criterion], Score: float64(*g.Level)})
		if coaches[g.AssessorID] == nil {
			coaches[g.AssessorID] = &tally{map[int64]bool{}, map[int64]bool{}}
		}
		coaches[g.AssessorID].sessions[g.AttemptID] = true
		coaches[g.AssessorID].reps[g.PersonID] = true
		if raters[g.PersonID] == nil {
			raters[g.PersonID] = map[int64]bool{}
		}
		raters[g.PersonID][g.AssessorID] = true
	}
	connected := stats.Connected(ratings)
	var model stats.Crossed
	solved := false
	if variances, ok := stats.FitCrossed(ratings); ok && connected {
		variances.Judge = stats.ShrinkTo(variances.Judge, usualCoachVar, len(coaches), enoughCoaches)
		model, solved = stats.SolveCrossed(ratings, variances)
	}
	halos := halosOf(all)
	var out []Strictness
	for id, t := range coaches {
		one := Strictness{CoachID: id, Sessions: len(t.sessions), Reps: len(t.reps), Halo: halos[id]}
		for rep := range t.reps {
			if len(raters[rep]) > 1 {
				one.Shared++
			}
		}
		se := math.Inf(1)
		if solved {
			se = model.Judges[id].SE
		}
		one.State, one.Reason = SeverityState(one.Sessions, one.Reps, one.Shared, connected, se)
		if !solved && connected && math.IsInf(se, 1) && one.Sessions >= leastSessions && one.Reps >= leastReps && one.Shared >= leastShared {
			one.Reason = "The scores do not vary enough to tell coaches apart"
		}
		if one.State == Adjust {
			value := model.Judges[id].Value
			one.Severity, one.SE = &value, &se
		}
		out = append(out, one)
	}
	slices.SortFunc(out, func(x, y Strictness) int { return int(x.CoachID - y.CoachID) })
	return out
}

// halosOf measures the spread within sheets for every coach.
func halosOf(all []given) map[int64]Halo {
	type sheet struct{ attempt, coach int64 }
	levels := map[sheet][]float64{}
	for _, g := range all {
		if g.Level != nil {
			levels[sheet{g.AttemptID, g.AssessorID}] = append(levels[sheet{g.AttemptID, g.AssessorID}], float64(*g.Level))
		}
	}
	squares, freedom, sessions := map[int64]float64{}, map[int64]float64{}, map[int64]int{}
	allSquares, allFreedom := 0.0, 0.0
	for at, list := range levels {
		if len(list) < 2 {
			continue
		}
		mean, sum := 0.0, 0.0
		for _, x := range list {
			mean += x / float64(len(list))
		}
		for _, x := range list {
			sum += (x - mean) * (x - mean)
		}
		squares[at.coach], freedom[at.coach] = squares[at.coach]+sum, freedom[at.coach]+float64(len(list)-1)
		allSquares, allFreedom = allSquares+sum, allFreedom+float64(len(list)-1)
		sessions[at.coach]++
	}
	out := map[int64]Halo{}
	for _, g := range all {
		if _, done := out[g.AssessorID]; done {
			continue
		}
		h := Halo{Sessions: sessions[g.AssessorID], State: Hidden}
		switch {
		case h.Sessions < leastSessions:
			h.Reason = fmt.Sprintf("%d of %d role-plays with two or more levels", h.Sessions, leastSessions)
		case allSquares == 0:
			h.Reason = "Nobody’s levels differ within a sheet"
		default:
			ratio := math.Sqrt(squares[g.AssessorID]/freedom[g.AssessorID]) / math.Sqrt(allSquares/allFreedom)
			h.State, h.Ratio, h.Flagged = Shown, &ratio, ratio < leastHalo
		}
		out[g.AssessorID] = h
	}
	return out
}

// A Drift is one coach's scores in one round beside those of the others on the
// same attempts and criteria.
type Drift struct {
	RoundID    int64
	Round      string
	At         time.Time
	State      string // hidden or shown
	Reason     string
	Sessions   int // attempts that others scored too
	Mean       *float64
	Low, High  *float64 // 95%
	References int      // settled levels that the coach had scored
	Near       int      // of which within one level
}

// Strictnesses returns how strict coaches are over everything they scored:
// released sheets and revealed rounds. Coaches read their own, managers those
// of the coaches below them, admins all.
func (s *Service) Strictnesses(ctx context.Context, by people.Actor) ([]Strictness, error) {
	all, err := pg.All[given](ctx, s.DB, `select h.attempt_id, a.person_id, h.assessor_id, x.criterion, x.level, x.not_observed, x.at_ms, x.quote
		from sheets h join attempts a on a.id = h.attempt_id join sheet_scores x on x.sheet_id = h.id
			left join calibrations c on c.id = h.calibration_id left join calibration_progress g on g.calibration_id = c.id
		where h.source = 'coach' and x.level is not null and a.state <> 'withdrawn' and coalesce(h.updated_at, h.created_at) > $1
			and case when h.calibration_id is null then h.state = 'released' else c.rubric_version is null and (h.saved or h.state = 'released') and (c.due <= $2 or g.done >= g.expected) end`,
		s.Now().AddDate(-2, 0, 0), s.Now())
	if err != nil {
		return nil, err
	}
	seen, err := s.overseen(ctx, by)
	if err != nil {
		return nil, err
	}
	var out []Strictness
	for _, one := range strictnessOf(all) {
		if name := nameOf(seen, one.CoachID); name != "" {
			one.Coach = name
			out = append(out, one)
		}
	}
	slices.SortFunc(out, func(x, y Strictness) int {
		return slices.IndexFunc(seen, isPerson(x.CoachID)) - slices.IndexFunc(seen, isPerson(y.CoachID))
	})
	return out, nil
}

func isPerson(id int64) func(people.Brief) bool {
	return func(p people.Brief) bool { return p.ID == id }
}

// overseen are the coaches whose strictness the actor may read, by name.
func (s *Service) overseen(ctx context.Context, by people.Actor) ([]people.Brief, error) {
	return pg.All[people.Brief](ctx, s.DB, `select p.id, p.name from persons p where p.id = @actor or @oversees or (@as_manager and p.id in (select managed_by(@actor)))
		order by p.name collate "und-x-icu", p.id`, s.roundSight(by, nil))
}

// Drifts returns a coach's rounds, the newest first, if the actor oversees them.
func (s *Service) Drifts(ctx context.Context, by people.Actor, coachID int64) ([]Drift, error) {
	seen, err := s.overseen(ctx, by)
	if err != nil {
		return nil, err
	}
	if nameOf(seen, coachID) == "" {
		return nil, noCoach(coachID)
	}
	rounds, err := pg.All[Calibration](ctx, s.DB, `select `+calibrationColumns+fromCalibrations+`where c.rubric_version is null and (c.due <= @now or g.done >= g.expected)
			and exists (select 1 from calibration_coaches k where k.calibration_id = c.id and k.coach_id = @coach)
		order by c.id desc limit 50`, s.roundSight(by, map[string]any{"coach": coachID}))
	if err != nil {
		return nil, err
	}
	var out []Drift
	for _, round := range rounds {
		all, err := roundScores(ctx, s.DB, round.ID)
		if err != nil {
			return nil, err
		}
		refs, err := references(ctx, s.DB, round.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, driftOf(round, coachID, all, refs))
	}
	return out, nil
}

func driftOf(round Calibration, coachID int64, all []given, refs map[refKey]Reference) Drift {
	d := Drift{RoundID: round.ID, Round: round.Title, At: round.CreatedAt, State: Hidden}
	mine, others, count := map[refKey]float64{}, map[refKey]float64{}, map[refKey]int{}
	for _, g := range all {
		if g.Level == nil {
			continue
		}
		at := refKey{g.AttemptID, g.Criterion}
		if g.AssessorID == coachID {
			mine[at] = float64(*g.Level)
			continue
		}
		others[at] += float64(*g.Level)
		count[at]++
	}
	sums, cells := map[int64]float64{}, map[int64]int{}
	for at, level := range mine {
		if ref, ok := refs[at]; ok {
			d.References++
			if math.Abs(level-float64(ref.Level)) <= 1 {
				d.Near++
			}
		}
		if count[at] > 0 {
			sums[at.attempt] += level - others[at]/float64(count[at])
			cells[at.attempt]++
		}
	}
	d.Sessions = len(sums)
	if d.Sessions < leastSessions {
		d.Reason = fmt.Sprintf("%d of %d role-plays that others scored too", d.Sessions, leastSessions)
		return d
	}
	mean, square, n := 0.0, 0.0, float64(d.Sessions)
	for id, sum := range sums {
		mean += sum / float64(cells[id]) / n
	}
	for id, sum := range sums {
		square += math.Pow(sum/float64(cells[id])-mean, 2)
	}
	half := stats.StudentQuantile(0.975, n-1) * math.Sqrt(square/(n-1)/n)
	low, high := mean-half, mean+half
	d.State, d.Mean, d.Low, d.High = Shown, &mean, &low, &high
	return d
}
