package skills_test

import (
	"fmt"
	"testing"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg/pgtest"
	"pitchside/people"
	"pitchside/skills"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
)

// A house is a rolled-back database with a manager, a coach and two reps of
// whom the coach coaches the first.
type house struct {
	*skills.Service
	tx                            pgx.Tx
	rep, other, coach, ben, eve   people.Actor
	manager, stranger, admin, tok people.Actor
}

var clock = time.Date(2026, 10, 24, 9, 30, 0, 0, time.UTC)

func open(t *testing.T) house {
	t.Helper()
	tx := pgtest.Tx(t)
	h := house{tx: tx, Service: &skills.Service{DB: tx, Content: library(t, tx), Now: func() time.Time { return clock }}}
	person := func(name string, can ...people.Capability) people.Actor {
		var id int64
		err := tx.QueryRow(t.Context(), `insert into persons (email, name, role_family, capabilities) values ($1, $2, 'AE', $3) returning id`,
			fmt.Sprintf("%s-%d@test.example", name, time.Now().UnixNano()), name, can).Scan(&id)
		if err != nil {
			t.Fatal(err)
		}
		return people.Actor{ID: id, Name: name, RoleFamily: "AE", Capabilities: can}
	}
	h.rep, h.other = person("Dana", people.Rep), person("Hugo", people.Rep)
	h.coach, h.ben, h.eve = person("Ana", people.Coach), person("Ben", people.Coach), person("Eve", people.Manager)
	h.manager, h.stranger, h.admin = h.eve, person("Sam", people.Manager, people.Coach), person("Kim", people.Admin)
	h.tok = h.admin
	h.tok.Token = true
	h.exec(t, `insert into managements (manager_id, person_id) select $1, unnest($2::bigint[])`, h.eve.ID, []int64{h.rep.ID, h.other.ID})
	h.exec(t, `insert into coachings (coach_id, person_id) values ($1, $3), ($2, $3)`, h.coach.ID, h.ben.ID, h.rep.ID)
	return h
}

func (h house) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	if _, err := h.tx.Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

// seen records that a rater saw the rep at a level some days ago.
func (h house) seen(t *testing.T, of people.Actor, skill string, source skills.Source, rater people.Actor, raw float64, daysAgo int) int64 {
	t.Helper()
	at := clock.AddDate(0, 0, -daysAgo)
	id, err := h.Observe(t.Context(), h.tok, skills.Report{PersonID: of.ID, Skill: skill, Source: source, RaterID: &rater.ID, At: &at, Raw: &raw, Note: "Seen."})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func wantFault(t *testing.T, err error, kind fault.Kind) {
	t.Helper()
	if fault.KindOf(err) != kind || err == nil {
		t.Errorf("fault %v (%v), want kind %v", fault.KindOf(err), err, kind)
	}
}

// The worked example, through the ledger: what is posted is what is read.
func TestWorkedExampleThroughTheLedger(t *testing.T) {
	t.Parallel()
	h := open(t)
	v, _, _ := worked(t)
	prior := v.Input.PriorMean
	if _, err := h.SetTarget(t.Context(), h.admin, "AE", "question", &v.Input.Target, &prior); err != nil {
		t.Fatal(err)
	}
	raters := map[string]people.Actor{"Ana": h.coach, "Ben": h.ben, "Eve": h.eve, "self": h.rep}
	for _, e := range v.Input.Evidence {
		at := day(e.Day)
		r := skills.Report{PersonID: h.rep.ID, Skill: "question", Source: skills.Source(e.Source), At: &at, Correct: e.Correct, Items: e.Items, Note: "As noted."}
		if rater, ok := raters[e.Rater]; ok {
			r.RaterID = &rater.ID
			raw := *e.Raw
			if r.Source != skills.FromSelf {
				raw -= e.Bias // no rater's strictness is known yet
			}
			r.Raw = &raw
		} else {
			r.Course = "discovery"
		}
		if _, err := h.Observe(t.Context(), h.tok, r); err != nil {
			t.Fatal(err)
		}
	}
	why, err := h.Why(t.Context(), h.rep, h.rep.ID, "question", day(v.Input.Now))
	if err != nil {
		t.Fatal(err)
	}
	near(t, "level", why.Estimate.Level, v.Expected.Level)
	near(t, "se", why.SE, v.Expected.SE)
	if why.State != skills.Shown || why.Verdict != skills.TooCloseToCall || why.Whole() != 3 {
		t.Errorf("%s, %s, whole %d", why.State, why.Verdict, why.Whole())
	}
	sum, level := why.Prior.Share, why.Prior.Share*why.Prior.Level
	for _, e := range why.Counted() {
		sum, level = sum+e.Share, level+e.Share*e.ReadAs
	}
	near(t, "shares of the evidence shown", sum, 1)
	near(t, "level of the evidence shown", level, why.Estimate.Level)

	past, err := h.Why(t.Context(), h.rep, h.rep.ID, "question", day(100))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(past.Counted()); n != 2 || len(past.Evidence) != 7 {
		t.Errorf("on day 100: %d of %d count, want 2 of 7", n, len(past.Evidence))
	}
	if past.Evidence[0].LeftOut != "Made later than the day shown here." {
		t.Errorf("left out: %q", past.Evidence[0].LeftOut)
	}
	if past.Scored != 2 || past.Raters != 2 {
		t.Errorf("on day 100: %d scored by %d, want 2 by 2", past.Scored, past.Raters)
	}
	none, err := h.questioning(t, h.rep, day(19))
	if err != nil || none.State != skills.Hidden || none.Pieces != 0 {
		t.Errorf("before any evidence: %s, %d pieces, %v", none.State, none.Pieces, err)
	}
}

// questioning reads the questioning level of the rep on a day.
func (h house) questioning(t *testing.T, by people.Actor, at time.Time) (skills.Level, error) {
	t.Helper()
	_, l, err := h.Level(t.Context(), by, h.rep.ID, "question", at)
	return l, err
}

// A date means the whole day.
func TestADateIncludesItsDay(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.seen(t, h.rep, "question", skills.FromCoach, h.coach, 4, 1) // at 09:30
	yesterday := clock.AddDate(0, 0, -1).Truncate(24 * time.Hour)
	for at, want := range map[time.Time]int{yesterday: 1, yesterday.Add(9 * time.Hour): 0, yesterday.Add(-24 * time.Hour): 0, yesterday.Add(10 * time.Hour): 1} {
		l, err := h.questioning(t, h.rep, at)
		if err != nil || l.Pieces != want {
			t.Errorf("at %s: %d pieces, want %d (%v)", at, l.Pieces, want, err)
		}
	}
}

func TestWhoSeesALevel(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, rater := range []people.Actor{h.coach, h.ben} {
		h.seen(t, h.rep, "question", skills.FromCoach, rater, 4, 10)
	}
	var same []skills.Why
	for _, by := range []people.Actor{h.rep, h.coach, h.manager, h.tok} {
		why, err := h.Why(t.Context(), by, h.rep.ID, "question", clock)
		if err != nil {
			t.Fatalf("%s: %v", by.Name, err)
		}
		same = append(same, why)
	}
	for _, why := range same[1:] {
		if d := cmp.Diff(same[0], why); d != "" {
			t.Errorf("not the same page: %s", d)
		}
	}
	for _, by := range []people.Actor{h.other, h.stranger, h.admin} {
		_, err := h.Why(t.Context(), by, h.rep.ID, "question", clock)
		wantFault(t, err, fault.NotFound)
		_, _, err = h.Levels(t.Context(), by, h.rep.ID, clock)
		wantFault(t, err, fault.NotFound)
	}
	_, err := h.Why(t.Context(), h.rep, h.rep.ID, "juggling", clock)
	wantFault(t, err, fault.NotFound)

	// Coaching that ended yesterday shows nothing today.
	h.exec(t, `update coachings set valid_from = current_date - 9, valid_to = current_date where coach_id = $1`, h.coach.ID)
	_, err = h.Why(t.Context(), h.coach, h.rep.ID, "question", clock)
	wantFault(t, err, fault.NotFound)
}

func TestHeatmap(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx := t.Context()
	var north, mid int64
	name := fmt.Sprintf("North %d", h.rep.ID)
	if err := h.tx.QueryRow(ctx, `insert into teams (name) values ($1) returning id`, name).Scan(&north); err != nil {
		t.Fatal(err)
	}
	if err := h.tx.QueryRow(ctx, `insert into teams (name, parent_id) values ($1, $2) returning id`, name+" mid", north).Scan(&mid); err != nil {
		t.Fatal(err)
	}
	h.exec(t, `insert into memberships (person_id, team_id) values ($1, $2), ($3, $4)`, h.rep.ID, mid, h.other.ID, north)
	for _, rater := range []people.Actor{h.coach, h.ben} {
		h.seen(t, h.rep, "question", skills.FromCoach, rater, 1.5, 10)
		h.seen(t, h.rep, "question", skills.FromCoach, rater, 1.5, 5)
	}
	names := func(by people.Actor, v skills.View) (out []string) {
		t.Helper()
		m, err := h.TeamHeatmap(ctx, by, v)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range m.Rows {
			out = append(out, r.Name)
		}
		return out
	}
	for what, c := range map[string]struct {
		by   people.Actor
		v    skills.View
		want []string
	}{
		"manager, all":           {h.manager, skills.View{}, []string{"Dana", "Hugo"}},
		"coach, coachees only":   {h.coach, skills.View{}, []string{"Dana"}},
		"team with those below":  {h.manager, skills.View{TeamID: north}, []string{"Dana", "Hugo"}},
		"team alone":             {h.manager, skills.View{TeamID: mid}, []string{"Dana"}},
		"only below target":      {h.manager, skills.View{OnlyBelow: true}, []string{"Dana"}},
		"least known first":      {h.manager, skills.View{Order: skills.ByLeastKnown}, []string{"Hugo", "Dana"}},
		"most gaps first":        {h.manager, skills.View{Order: skills.ByGaps}, []string{"Dana", "Hugo"}},
		"no such role":           {h.manager, skills.View{RoleFamily: "SDR"}, nil},
		"before there was proof": {h.manager, skills.View{OnlyBelow: true, At: clock.AddDate(0, 0, -30)}, nil},
	} {
		if d := cmp.Diff(c.want, names(c.by, c.v)); d != "" {
			t.Errorf("%s: %s", what, d)
		}
	}
	m, err := h.TeamHeatmap(ctx, h.manager, skills.View{TeamID: north})
	if err != nil {
		t.Fatal(err)
	}
	asked := 0 // neither of the two leads anybody
	for _, c := range m.Columns {
		if c.Skill.Group != skills.LeadGroup {
			asked++
		}
	}
	if m.Led || m.Known != 1 || m.Of != 2*asked || asked != len(m.Columns)-2 || m.Team.Name != name {
		t.Errorf("known %d of %d in %v", m.Known, m.Of, m.Team)
	}
	for _, c := range m.Columns {
		if c.Skill.Slug == "question" && (c.Known != 1 || c.Below != 1 || c.Mean != nil) {
			t.Errorf("questioning: %+v; under five people there is no average", c)
		}
	}
	_, err = h.TeamHeatmap(ctx, h.stranger, skills.View{TeamID: north})
	wantFault(t, err, fault.NotFound)
	_, err = h.TeamHeatmap(ctx, h.manager, skills.View{TeamID: -1})
	wantFault(t, err, fault.NotFound)
	teams, err := h.Teams(ctx, h.coach)
	if err != nil || len(teams) != 2 {
		t.Errorf("the coach's teams: %v, %v; want the coachee's and the one above", teams, err)
	}
	if teams, err := h.Teams(ctx, h.stranger); err != nil || len(teams) != 0 {
		t.Errorf("a stranger's teams: %v, %v", teams, err)
	}
}

// With five levels known there is an average, with four there is none.
func TestAveragesNeedFivePeople(t *testing.T) {
	t.Parallel()
	h := open(t)
	for i := range 5 {
		var id int64
		if err := h.tx.QueryRow(t.Context(), `insert into persons (email, name, role_family) values ($1, $1, 'AE') returning id`,
			fmt.Sprintf("p%d-%d@test.example", i, h.rep.ID)).Scan(&id); err != nil {
			t.Fatal(err)
		}
		h.exec(t, `insert into managements (manager_id, person_id) values ($1, $2)`, h.manager.ID, id)
		m, err := h.TeamHeatmap(t.Context(), h.manager, skills.View{})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range m.Columns {
			if c.Mean != nil {
				t.Fatalf("an average of %d people", c.Known)
			}
		}
		for _, rater := range []people.Actor{h.coach, h.ben} {
			h.seen(t, people.Actor{ID: id}, "question", skills.FromCoach, rater, 4, 3)
		}
	}
	m, err := h.TeamHeatmap(t.Context(), h.manager, skills.View{})
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, c := range m.Columns {
		found = found || c.Mean != nil
	}
	if !found {
		t.Error("no average of five people")
	}
}

func TestObserve(t *testing.T) {
	t.Parallel()
	h := open(t)
	three, six, eight, ten := 3.0, 6.0, 8.0, 10
	soon := clock.Add(time.Minute)
	for what, c := range map[string]struct {
		by   people.Actor
		r    skills.Report
		kind fault.Kind
		on   string
	}{
		"nobody":            {h.tok, skills.Report{PersonID: -1, Skill: "question", Source: skills.FromSelf, Raw: &three}, fault.NotFound, ""},
		"unknown skill":     {h.tok, skills.Report{PersonID: h.rep.ID, Skill: "juggling", Source: skills.FromCoach, RaterID: &h.coach.ID, Raw: &three}, fault.Invalid, "skill"},
		"unknown source":    {h.tok, skills.Report{PersonID: h.rep.ID, Skill: "question", Source: "oracle", Raw: &three}, fault.Invalid, "source"},
		"out of range":      {h.tok, skills.Report{PersonID: h.rep.ID, Skill: "question", Source: skills.FromCoach, RaterID: &h.coach.ID, Raw: &six}, fault.Invalid, "raw"},
		"no level":          {h.tok, skills.Report{PersonID: h.rep.ID, Skill: "question", Source: skills.FromCoach, RaterID: &h.coach.ID}, fault.Invalid, "raw"},
		"no rater":          {h.tok, skills.Report{PersonID: h.rep.ID, Skill: "question", Source: skills.FromCoach, Raw: &three}, fault.Invalid, "rater_id"},
		"oneself as coach":  {h.tok, skills.Report{PersonID: h.rep.ID, Skill: "question", Source: skills.FromCoach, RaterID: &h.rep.ID, Raw: &three}, fault.Invalid, "rater_id"},
		"quiz with a level": {h.tok, skills.Report{PersonID: h.rep.ID, Skill: "question", Source: skills.FromQuiz, Raw: &three}, fault.Invalid, "raw"},
		"quiz without n":    {h.tok, skills.Report{PersonID: h.rep.ID, Skill: "question", Source: skills.FromQuiz, Correct: &eight}, fault.Invalid, "items"},
		"future":            {h.tok, skills.Report{PersonID: h.rep.ID, Skill: "question", Source: skills.FromSelf, Raw: &three, At: &soon}, fault.Invalid, "at"},
		"manager, no note":  {h.manager, skills.Report{PersonID: h.rep.ID, Skill: "question", Source: skills.FromManager, Raw: &three}, fault.Invalid, "note"},
		"manager as coach":  {h.manager, skills.Report{PersonID: h.rep.ID, Skill: "question", Source: skills.FromCoach, Raw: &three}, fault.Forbidden, ""},
		"for another":       {h.manager, skills.Report{PersonID: h.rep.ID, Skill: "question", Source: skills.FromCoach, RaterID: &h.coach.ID, Raw: &three}, fault.Forbidden, ""},
		"a stranger":        {h.stranger, skills.Report{PersonID: h.rep.ID, Skill: "question", Source: skills.FromManager, Raw: &three, Note: "Seen."}, fault.NotFound, ""},
		"quiz by a rep":     {h.rep, skills.Report{PersonID: h.rep.ID, Skill: "question", Source: skills.FromQuiz, Correct: &eight, Items: &ten}, fault.Forbidden, ""},
	} {
		_, err := h.Observe(t.Context(), c.by, c.r)
		if fault.KindOf(err) != c.kind || (c.on != "" && fault.FieldsOf(err)[c.on] == "") {
			t.Errorf("%s: %v %v, want a fault on %q", what, err, fault.FieldsOf(err), c.on)
		}
	}
	for what, c := range map[string]struct {
		by people.Actor
		r  skills.Report
	}{
		"self":    {h.rep, skills.Report{PersonID: h.rep.ID, Skill: "question", Source: skills.FromSelf, Raw: &three}},
		"manager": {h.manager, skills.Report{PersonID: h.rep.ID, Skill: "question", Source: skills.FromManager, Raw: &three, Note: "Asked three questions on Tuesday's call."}},
		"coach":   {h.coach, skills.Report{PersonID: h.rep.ID, Skill: "question", Source: skills.FromCoach, Raw: &three}},
		"quiz":    {h.tok, skills.Report{PersonID: h.rep.ID, Skill: "question", Source: skills.FromQuiz, Correct: &eight, Items: &ten}},
	} {
		if _, err := h.Observe(t.Context(), c.by, c.r); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	l, err := h.questioning(t, h.rep, clock)
	if err != nil || l.Pieces != 4 || l.Scored != 2 || l.Raters != 2 {
		t.Errorf("%d pieces, %d scored by %d, %v", l.Pieces, l.Scored, l.Raters, err)
	}
	var audited int
	if err := h.tx.QueryRow(t.Context(), `select count(*) from audit_log where act = 'record evidence' and person_id = $1`, h.rep.ID).Scan(&audited); err != nil || audited != 4 {
		t.Errorf("%d lines in the audit log, want 4 (%v)", audited, err)
	}
}

// Scoring again replaces the earlier evidence in the level and keeps it in the
// ledger; a recalled sheet leaves the level.
func TestSupersededAndRecalled(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx, sheet := t.Context(), int64(7)
	record := func(raw float64) {
		t.Helper()
		if _, err := skills.Record(ctx, h.tx, skills.Evidence{PersonID: h.rep.ID, Skill: "question", Source: skills.FromCoach, RaterID: &h.coach.ID,
			At: clock.AddDate(0, 0, -3), Raw: &raw, SheetID: &sheet, SessionKey: "attempt:1"}); err != nil {
			t.Fatal(err)
		}
	}
	record(2)
	record(4)
	why, err := h.Why(ctx, h.coach, h.rep.ID, "question", clock)
	if err != nil {
		t.Fatal(err)
	}
	if len(why.Evidence) != 2 || len(why.Counted()) != 1 || *why.Counted()[0].Raw != 4 {
		t.Fatalf("evidence %+v", why.Evidence)
	}
	if out := why.Evidence[1].LeftOut; out != "Scored again; the later score of 21 October 2026 counts." {
		t.Errorf("left out: %q", out)
	}
	if err := skills.WithdrawSheet(ctx, h.tx, sheet); err != nil {
		t.Fatal(err)
	}
	l, err := h.questioning(t, h.rep, clock)
	if err != nil || l.Pieces != 0 || l.Scored != 0 {
		t.Errorf("after the recall: %d pieces (%v)", l.Pieces, err)
	}
}

func TestQuestionThis(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx := t.Context()
	id := h.seen(t, h.rep, "question", skills.FromCoach, h.coach, 1, 2)
	_, _, _, err := h.Ask(ctx, h.other, id, "Why?")
	wantFault(t, err, fault.NotFound)
	_, _, _, err = h.Ask(ctx, h.rep, id, "  ")
	wantFault(t, err, fault.Invalid)
	question, person, skill, err := h.Ask(ctx, h.rep, id, "The sound failed after a minute.")
	if err != nil || person != h.rep.ID || skill != "question" {
		t.Fatal(person, skill, err)
	}
	_, _, _, err = h.Ask(ctx, h.rep, id, "Once more.")
	wantFault(t, err, fault.Conflict)
	why, err := h.Why(ctx, h.manager, h.rep.ID, "question", clock)
	if err != nil || why.Evidence[0].Question == nil || !why.Evidence[0].Question.Open() {
		t.Fatalf("the evidence is not marked: %+v, %v", why.Evidence, err)
	}
	for _, by := range []people.Actor{h.rep, h.stranger} {
		_, _, err = h.Answer(ctx, by, question, "No.", false)
		wantFault(t, err, fault.NotFound)
	}
	_, _, err = h.Answer(ctx, h.coach, question, "I stand by it.", false)
	wantFault(t, err, fault.Forbidden)
	if _, _, err = h.Answer(ctx, h.ben, question, "I listened: the sound is gone from 01:10.", true); err != nil {
		t.Fatal(err)
	}
	_, _, err = h.Answer(ctx, h.manager, question, "I agree.", true)
	wantFault(t, err, fault.Conflict)
	why, err = h.Why(ctx, h.rep, h.rep.ID, "question", clock)
	if err != nil || len(why.Counted()) != 0 || why.Evidence[0].Question.Open() || *why.Evidence[0].Question.AnsweredBy != "Ben" {
		t.Errorf("after the answer: %+v, %v", why.Evidence, err)
	}
}

func TestTargets(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx := t.Context()
	four, nine, prior := 4.0, 9.0, 3.1
	_, err := h.SetTarget(ctx, h.manager, "AE", "question", &four, nil)
	wantFault(t, err, fault.Forbidden)
	_, err = h.SetTarget(ctx, h.admin, "AE", "question", &nine, nil)
	wantFault(t, err, fault.Invalid)
	_, err = h.SetTarget(ctx, h.admin, "AE", "juggling", &four, nil)
	wantFault(t, err, fault.NotFound)
	_, err = h.SetTarget(ctx, h.admin, " ", "question", &four, nil)
	wantFault(t, err, fault.Invalid)
	family := fmt.Sprintf("Field team %d", h.rep.ID)
	if got, err := h.SetTarget(ctx, h.admin, family, "question", &four, nil); err != nil || *got.Level != 4 || got.PriorMean != 2.5 {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := h.SetTarget(ctx, h.admin, family, "question", nil, &prior); err != nil || *got.Level != 4 || got.PriorMean != 3.1 {
		t.Errorf("%+v, %v: what is not given stays", got, err)
	}
	h.exec(t, `update persons set role_family = $2 where id = $1`, h.rep.ID, family)
	l, err := h.questioning(t, h.rep, clock)
	if err != nil || *l.Target != 4 || l.Prior.Level != 3.1 {
		t.Errorf("level %+v, %v", l, err)
	}
}

func TestSuggestions(t *testing.T) {
	t.Parallel()
	h := open(t)
	titles := func() (out []string) {
		t.Helper()
		all, err := h.Suggestions(t.Context(), h.coach, h.rep.ID, "question")
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range all {
			if s.Reason == "" {
				t.Errorf("%s without a reason", s.Title)
			}
			out = append(out, s.Kind+": "+s.Title)
		}
		return out
	}
	if d := cmp.Diff([]string{"lesson: Ask well", "scenario: An easy buyer", "topic: Questioning in the next 1:1"}, titles()); d != "" {
		t.Errorf("before any level: %s", d)
	}
	for _, rater := range []people.Actor{h.coach, h.ben} {
		for n := range 3 {
			h.seen(t, h.rep, "question", skills.FromCoach, rater, 5, n+1)
		}
	}
	if d := cmp.Diff([]string{"lesson: Ask well", "scenario: A hard buyer", "topic: Questioning in the next 1:1"}, titles()); d != "" {
		t.Errorf("at a high level: %s", d)
	}
	left, err := h.Suggestions(t.Context(), h.coach, h.rep.ID, "question", "asking.question")
	if err != nil || left[0].Title != "Ask and listen" {
		t.Errorf("with the best lesson done: %v, %v", left, err)
	}
	_, err = h.Suggestions(t.Context(), h.stranger, h.rep.ID, "question")
	wantFault(t, err, fault.NotFound)
}
