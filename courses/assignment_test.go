package courses_test

import (
	"maps"
	"slices"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"pitchside/courses"
	"pitchside/internal/fault"
	"pitchside/internal/pg"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
)

func plan(h *house) courses.Plan {
	return courses.Plan{PersonID: h.dana.ID, Kind: courses.ToLesson, Ref: "asking.first", Reason: "You stop at the first answer.",
		Due: time.Date(2026, 10, 28, 0, 0, 0, 0, time.UTC)}
}

func TestAssigningIsForThoseWhoLead(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, by := range []struct {
		name string
		does func() error
		want fault.Kind
	}{
		{"somebody else's coach", func() error { _, err := h.Assign(h.ctx, h.eve, plan(h)); return err }, fault.NotFound},
		{"the rep", func() error { _, err := h.Assign(h.ctx, h.dana, plan(h)); return err }, fault.NotFound},
	} {
		if err := by.does(); fault.KindOf(err) != by.want {
			t.Errorf("%s: %v", by.name, err)
		}
	}
	a, err := h.Assign(h.ctx, h.ana, plan(h))
	h.must(err)
	if a.Title != "First" || a.Person != "Dana" || a.AssignedByName != "Ana" || a.Href() != "/learn/asking/first" {
		t.Errorf("assigned %+v", a)
	}
	again, err := h.Assign(h.ctx, h.mo, plan(h))
	h.must(err)
	if again.ID != a.ID || again.AssignedByName != "Ana" {
		t.Errorf("assigning it again made %+v, want the same", again)
	}
	if n := h.count(`select count(*) from audit_log where act = 'assign' and person_id = $1`, h.dana.ID); n != 1 {
		t.Errorf("%d lines in the audit log, want 1", n)
	}
}

func TestADoubleClickAssignsOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, p := range []courses.Plan{plan(h), {PersonID: h.dana.ID, Kind: courses.ToTopic, Title: "Friday’s call", Reason: "It went well.", Due: plan(h).Due}} {
		ids := make([]int64, 4)
		var wg sync.WaitGroup
		for i := range ids {
			wg.Go(func() {
				a, err := h.Assign(h.ctx, h.ana, p)
				if err != nil {
					t.Error(err)
				}
				ids[i] = a.ID
			})
		}
		wg.Wait()
		if len(slices.Compact(ids)) != 1 {
			t.Errorf("%s: assignments %v, want one", p.Kind, ids)
		}
	}
}

func TestWhatAnAssignmentNeeds(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, c := range []struct {
		name   string
		change func(*courses.Plan)
		fields []string
	}{
		{"a reason and a day to come", func(p *courses.Plan) { p.Reason, p.Due = "  ", p.Due.AddDate(0, 0, -15) }, []string{"due", "reason"}},
		{"today is in time", func(p *courses.Plan) { p.Due = p.Due.AddDate(0, 0, -14) }, nil},
		{"a lesson that exists", func(p *courses.Plan) { p.Ref = "asking.none" }, []string{"ref"}},
		{"something chosen", func(p *courses.Plan) { p.Ref = "" }, []string{"ref"}},
		{"a topic with words", func(p *courses.Plan) { p.Kind = courses.ToTopic }, []string{"title"}},
		{"a kind", func(p *courses.Plan) { p.Kind = "holiday" }, []string{"kind"}},
		{"a day", func(p *courses.Plan) { p.Due = time.Time{} }, []string{"due"}},
	} {
		p := plan(h)
		c.change(&p)
		_, err := h.Assign(h.ctx, h.ana, p)
		if got := slices.Sorted(maps.Keys(fault.FieldsOf(err))); !cmp.Equal(got, c.fields) {
			t.Errorf("%s: problems with %v (%v), want %v", c.name, got, err, c.fields)
		}
	}
}

func TestAnAssignmentEndsWithWhatItAsksFor(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	lesson, course, scenario := plan(h), plan(h), plan(h)
	course.Kind, course.Ref = courses.ToCourse, "plain"
	_, err := h.Assign(h.ctx, h.ana, lesson)
	h.must(err)
	_, err = h.Assign(h.ctx, h.mo, course)
	h.must(err)
	h.exec(`insert into assignments (person_id, assigned_by, kind, ref, title, reason, due) values ($1, $2, 'scenario', 'calder', 'Calder', 'Try it.', '2026-10-20')`, h.dana.ID, h.ana.ID)
	worksheet := plan(h)
	worksheet.Kind, worksheet.Ref = courses.ToWorksheet, "plan"
	if _, err := h.Assign(h.ctx, h.ana, worksheet); fault.FieldsOf(err)["ref"] == "" {
		t.Errorf("assigning an unknown worksheet: %v, want a problem with ref", err)
	}
	h.publish(fstest.MapFS{"rubrics/wrk.yaml": {Data: []byte("title: W\ncriteria:\n  - {id: a, skill: question, weight: 100, anchors: [a, b, c, d, e]}\n")}, "worksheets/plan.md": {Data: []byte("---\ntitle: Plan\n---\n## One {#f-one}\nG.\n\n> [!example] C\n> E.\n")}})
	sheet, err := h.Assign(h.ctx, h.ana, worksheet)
	h.must(err)
	if sheet.Title != "Plan" || sheet.Href() != "/practice/worksheets/plan" {
		t.Errorf("the worksheet is assigned as %+v", sheet)
	}
	h.must(pg.InTx(h.ctx, h.db, func(tx pgx.Tx) error {
		return h.AssignmentDone(h.ctx, tx, h.dana.ID, courses.ToWorksheet, "plan")
	}))
	due, err := h.Due(h.ctx, h.dana)
	h.must(err)
	if len(due) != 3 || due[0].Ref != "calder" {
		t.Fatalf("due %+v, want three, the scenario first", due)
	}
	h.finishFirst()
	_, err = h.Finish(h.ctx, h.dana, h.dana.ID, "plain", "only")
	h.must(err)
	h.must(pg.InTx(h.ctx, h.db, func(tx pgx.Tx) error {
		return h.AssignmentDone(h.ctx, tx, h.dana.ID, courses.ToScenario, "calder")
	}))
	if due, err = h.Due(h.ctx, h.dana); err != nil || len(due) != 0 {
		t.Errorf("still due: %+v, %v", due, err)
	}
	_, err = h.Assign(h.ctx, h.ana, lesson)
	if fault.FieldsOf(err)["ref"] == "" {
		t.Errorf("assigning a finished lesson: %v, want a problem with ref", err)
	}
	scenario.Kind = courses.ToScenario
	_, err = h.Assign(h.ctx, h.ana, scenario)
	if fault.FieldsOf(err)["ref"] == "" {
		t.Errorf("assigning an unknown scenario: %v, want a problem with ref", err)
	}
}

func TestTakingAnAssignmentBack(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	a, err := h.Assign(h.ctx, h.ana, plan(h))
	h.must(err)
	_, err = h.Cancel(h.ctx, h.mo, a.ID)
	h.wants(fault.NotFound, err)
	for range 2 {
		_, err = h.Cancel(h.ctx, h.ana, a.ID)
		h.must(err)
	}
	given, err := h.Given(h.ctx, h.ana, 0, 10)
	h.must(err)
	if len(given) != 0 {
		t.Errorf("still open: %+v", given)
	}
	if a, err = h.Assign(h.ctx, h.ana, plan(h)); err != nil || a.CancelledAt != nil {
		t.Fatalf("assigning it anew: %+v, %v", a, err)
	}
	h.finishFirst()
	_, err = h.Cancel(h.ctx, h.ana, a.ID)
	h.wants(fault.Conflict, err)
}

func TestOverdueIsSeenByThoseWhoSeeThePerson(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	a, err := h.Assign(h.ctx, h.ana, plan(h))
	h.must(err)
	*h.clock = a.Due.Add(23 * time.Hour)
	if late, err := h.Overdue(h.ctx, h.mo, h.dana.ID); err != nil || len(late) != 0 {
		t.Errorf("overdue on the day itself: %+v, %v", late, err)
	}
	*h.clock = a.Due.Add(25 * time.Hour)
	if late, err := h.Overdue(h.ctx, h.mo, h.dana.ID); err != nil || len(late) != 1 {
		t.Errorf("overdue for the manager: %+v, %v; want one", late, err)
	}
	if late, err := h.Overdue(h.ctx, h.eve, h.dana.ID); err != nil || len(late) != 0 {
		t.Errorf("overdue for somebody else: %+v, %v; want none", late, err)
	}
}

func TestGivenIsPagedByKey(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for i, ref := range []string{"asking.first", "asking.second", "plain.only"} {
		p := plan(h)
		p.Ref, p.Due = ref, p.Due.AddDate(0, 0, -i)
		_, err := h.Assign(h.ctx, h.ana, p)
		h.must(err)
	}
	var got []string
	for after := int64(0); ; {
		page, err := h.Given(h.ctx, h.ana, after, 2)
		h.must(err)
		for _, a := range page {
			got, after = append(got, a.Ref), a.ID
		}
		if len(page) < 2 {
			break
		}
	}
	if want := []string{"plain.only", "asking.second", "asking.first"}; !cmp.Equal(got, want) {
		t.Errorf("pages hold %v, want %v", got, want)
	}
}
