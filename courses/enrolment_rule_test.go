package courses_test

import (
	"sync"
	"testing"
	"time"

	"pitchside/courses"
	"pitchside/internal/fault"
	"pitchside/people"
)

func TestRulesEnrolWhoComesToMatch(t *testing.T) {
	t.Parallel()
	h, _ := newRamp(t)
	admin := people.Actor{ID: h.system.ID, Name: "Ada", TimeZone: "UTC", Capabilities: []people.Capability{people.Admin}}
	var sales, north int64
	h.must(h.db.QueryRow(h.ctx, `insert into teams (name) values ('Sales') returning id`).Scan(&sales))
	h.must(h.db.QueryRow(h.ctx, `insert into teams (name, parent_id) values ('North', $1) returning id`, sales).Scan(&north))
	hired := time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)
	rule := courses.EnrolmentRule{Kind: courses.ToProgram, Slug: "ramp", TeamID: &sales, RoleFamily: "sdr", HiredAfter: &hired, Reason: "Every new SDR begins here."}
	_, err := h.AddRule(h.ctx, h.mo, rule)
	h.wants(fault.Forbidden, err)
	_, err = h.AddRule(h.ctx, admin, courses.EnrolmentRule{Kind: courses.ToProgram, Slug: "ramp"})
	h.wants(fault.Invalid, err)
	_, err = h.AddRule(h.ctx, admin, courses.EnrolmentRule{Kind: courses.ToCourse, Slug: "gone", Region: "North", Reason: "Why."})
	h.wants(fault.Invalid, err)
	made, err := h.AddRule(h.ctx, admin, rule)
	h.must(err)
	again, err := h.AddRule(h.ctx, admin, rule)
	h.must(err)
	if made.ID != again.ID || made.Enrolled != 0 || made.Words() != "Everybody: sdr, in Sales or below it, hired on or after 1 September 2026" {
		t.Errorf("the rule is %+v, and once more %d: %s", made, again.ID, made.Words())
	}

	nina := h.person("Nina", people.Rep)
	apply := func(want int) {
		t.Helper()
		n, err := h.ApplyRules(h.ctx, 0)
		h.must(err)
		if n != want {
			t.Fatalf("%d came in, want %d", n, want)
		}
	}
	h.exec(`update persons set role_family = 'SDR', hire_date = '2026-10-20' where id = $1`, nina.ID)
	apply(0) // not in the team
	h.exec(`insert into memberships (person_id, team_id, valid_from) values ($1, $2, '2026-01-01')`, nina.ID, north)
	apply(1)
	apply(0)
	p, err := h.ProgramPlace(h.ctx, nina, nina.ID, "ramp")
	h.must(err)
	if p.Via != "rule" || p.Reason != rule.Reason || p.StartsOn.Format(time.DateOnly) != "2026-10-20" {
		t.Errorf("she is in by %s from %v: %s", p.Via, p.StartsOn, p.Reason)
	}
	// Whoever leaves is not brought back, and ending the rule ends it for the next.
	h.must(h.LeaveProgram(h.ctx, nina, nina.ID, "ramp"))
	apply(0)
	h.exec(`delete from program_enrolments where person_id = $1`, nina.ID)
	apply(0)
	h.must(h.EndRule(h.ctx, admin, made.ID))
	h.must(h.EndRule(h.ctx, admin, made.ID))
	olga := h.person("Olga", people.Rep)
	h.exec(`update persons set role_family = 'SDR', hire_date = '2026-10-01' where id = $1`, olga.ID)
	h.exec(`insert into memberships (person_id, team_id, valid_from) values ($1, $2, '2026-01-01')`, olga.ID, north)
	apply(0)
}

func TestRulesOfManyServersEnrolOnce(t *testing.T) {
	t.Parallel()
	h, _ := newRamp(t)
	admin := people.Actor{ID: h.system.ID, TimeZone: "UTC", Capabilities: []people.Capability{people.Admin}}
	h.exec(`update persons set region = 'Nord'`)
	if _, err := h.AddRule(h.ctx, admin, courses.EnrolmentRule{Kind: courses.ToCourse, Slug: "asking", Region: "NORD", Reason: "The north asks."}); err != nil {
		t.Fatal(err)
	}
	h.person("Late", people.Rep)
	h.exec(`update persons set region = 'nord'`)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if _, err := h.ApplyRules(h.ctx, 0); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if in, told := h.count(`select count(*) from enrolments where via = 'rule'`), h.count(`select count(*) from notices where kind = 'course'`); in != told || in != h.count(`select count(*) from persons where active`) {
		t.Errorf("%d are in, %d were told", in, told)
	}
}

// Who may not see people counts them in groups of five at least, and no single
// hidden figure can be worked out from the others.
func TestSmallGroupsAreNotCounted(t *testing.T) {
	t.Parallel()
	h, _ := newRamp(t)
	admin := people.Actor{ID: h.system.ID, TimeZone: "UTC", Capabilities: []people.Capability{people.Admin}}
	few, err := h.ProgramStalls(h.ctx, admin, "ramp")
	h.must(err)
	if !few.Hidden || few.N != 0 || few.Rows != nil {
		t.Errorf("one person is counted: %+v", few)
	}
	mine, err := h.ProgramStalls(h.ctx, h.mo, "ramp")
	h.must(err)
	if mine.Hidden || mine.N != 1 || mine.Whole {
		t.Errorf("who leads them counts %+v", mine)
	}
	for i := range 11 {
		p := h.person("New"+string(rune('a'+i)), people.Rep)
		_, err := h.EnrolInProgram(h.ctx, p, courses.Enrolling{People: []int64{p.ID}, Program: "ramp"})
		h.must(err)
		if i < 2 { // these two go on to the next item
			_, err := h.Finish(h.ctx, p, p.ID, "plain", "only")
			h.must(err)
		}
	}
	*h.clock = h.clock.AddDate(0, 0, 20)
	all, err := h.ProgramStalls(h.ctx, admin, "ramp")
	h.must(err)
	if all.N != 12 {
		t.Fatalf("%d people are in it", all.N)
	}
	for _, r := range all.Rows {
		if r.Stopped.N > 0 && !r.Stopped.Hidden {
			t.Errorf("%s tells that %d stopped, from which the two others can be worked out", r.ID, r.Stopped.N)
		}
	}
	if plain := all.Rows[1]; !plain.Done.Hidden {
		t.Errorf("two people have done %s, and it is told: %+v", plain.ID, plain)
	}
	course, err := h.CourseStalls(h.ctx, admin, "plain")
	h.must(err)
	if !course.Hidden {
		t.Errorf("a course of two people is counted: %+v", course)
	}
}
