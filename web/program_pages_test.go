package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"pitchside/content"
	"pitchside/people"
)

// withProgram is a pitch with the program of testdata; Grace reports to Mo as
// well, and has no coach.
func withProgram(t *testing.T) (pitch, people.Person, *http.Cookie) {
	p := newPitch(t)
	_, err := p.site.Content.Import(context.Background(), people.Operator, os.DirFS("testdata/library"), true)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.site.Content.Published(context.Background(), content.KindProgram, "ramp"); err != nil {
		t.Fatal(err)
	}
	grace, cookie := p.person("Grace Holt", people.Rep)
	if _, err := p.site.DB.Exec(context.Background(), `insert into managements (manager_id, person_id) select id, $1 from persons where name = 'Mo Berg'`, grace.ID); err != nil {
		t.Fatal(err)
	}
	return p, grace, cookie
}

func (p pitch) idOf(name string) string {
	p.t.Helper()
	var id int64
	if err := p.site.DB.QueryRow(context.Background(), `select id from persons where name = $1`, name).Scan(&id); err != nil {
		p.t.Fatal(err)
	}
	return fmt.Sprint(id)
}

func TestAProgramAsPages(t *testing.T) {
	t.Parallel()
	p, _, grace := withProgram(t)
	dana := p.idOf("Dana Okafor")
	before := p.do(200, "GET", "/learn/programs/ramp", nil, p.dana)
	if before.text(".button.filled") != "Begin" || !strings.Contains(before.text("#ready"), "Opens after: Selling foundations, Shadow three calls.") {
		t.Errorf("before it is begun: %s / %s", before.text(".button.filled"), before.text("#ready"))
	}
	// A manager puts two people in, and is asked for a reason first.
	page := p.do(200, "GET", "/admin/programs/ramp", nil, p.mo)
	if page.doc.Find("input[name=people]").Length() != 2 || page.doc.Find(".button.filled").Length() != 1 {
		t.Errorf("the manager can choose %d people", page.doc.Find("input[name=people]").Length())
	}
	both := url.Values{"people": {dana, p.idOf("Grace Holt")}}
	again := p.do(422, "POST", "/admin/programs/ramp/enrol", both, p.mo)
	if again.text("[role=alert]") == "" || again.doc.Find("input[name=people][checked]").Length() != 2 {
		t.Error("without a reason nothing is said, or who was chosen is lost")
	}
	both.Set("reason", "You both start today.")
	for range 2 { // a double click
		p.do(303, "POST", "/admin/programs/ramp/enrol", both, p.mo)
	}
	if page = p.do(200, "GET", "/admin/programs/ramp", nil, p.mo); page.doc.Find("section[aria-labelledby=people-h] tbody tr").Length() != 2 {
		t.Errorf("in it: %s", page.text("section[aria-labelledby=people-h]"))
	}
	mine := p.do(200, "GET", "/learn/programs/ramp", nil, p.dana)
	if !strings.Contains(mine.text("main"), "You both start today.") || !strings.Contains(mine.text("main"), "Day 1 of 10") || mine.doc.Find(".button.filled").Length() != 1 {
		t.Errorf("the rep reads %s", mine.text("main"))
	}
	today := p.do(200, "GET", "/today", nil, p.dana)
	if today.text("#next") != mine.text("#next") || today.doc.Find("main .button.filled").Length() != 1 {
		t.Errorf("Today begins with %q, the program with %q", today.text("#next"), mine.text("#next"))
	}
	if learn := p.do(200, "GET", "/learn", nil, p.dana); learn.doc.Find("main .button.filled").Length() != 1 || learn.text("#programs") != "Your program" {
		t.Errorf("Learn has %d filled buttons", learn.doc.Find("main .button.filled").Length())
	}
	id, _ := mine.doc.Find("#diary form").Attr("action")
	id = strings.TrimSuffix(id, "/items/diary/tick")
	long := strings.Repeat("x", 2001)
	if bad := p.do(422, "POST", id+"/items/diary/tick", url.Values{"note": {long}}, p.dana); bad.doc.Find("#note-diary[value='"+long+"']").Length() != 1 {
		t.Error("the note that is too long is lost")
	}
	p.do(303, "POST", id+"/items/diary/tick", url.Values{"note": {"Three calls written down."}}, p.dana)
	p.do(404, "POST", id+"/extend", url.Values{"days": {"3"}, "reason": {"I want to."}}, p.dana)
	bad := p.do(422, "POST", id+"/extend", url.Values{"item": {"basics"}, "days": {"many"}, "reason": {"Ill."}}, p.mo)
	if v, _ := bad.doc.Find("#days").Attr("value"); v != "many" {
		t.Errorf("the days typed are now %q", v)
	}
	to := p.do(303, "POST", id+"/extend", url.Values{"item": {"basics"}, "days": {"4"}, "reason": {"You were ill."}}, p.mo).Header().Get("Location")
	theirs := p.do(200, "GET", to, nil, p.mo)
	if !strings.Contains(theirs.text("#basics"), "4 days added") || !strings.Contains(theirs.text("#diary"), "Three calls written down.") {
		t.Errorf("the manager reads %s", theirs.text("main"))
	}
	p.do(404, "GET", to, nil, grace)
	not := p.do(303, "POST", id+"/items/ready/gate", url.Values{"note": {"Two more calls."}, "passed": {"no"}}, p.ana).Header().Get("Location")
	not, _, _ = strings.Cut(not, "#")
	if gate := p.do(200, "GET", not, nil, p.ana).text("#ready"); !strings.Contains(gate, "Not yet, says Ana Ruiz") || !strings.Contains(gate, "Missing: ") {
		t.Errorf("the gate says %s", gate)
	}
	file := p.do(200, "GET", "/admin/programs/ramp/people.csv", nil, p.mo).Body.String()
	if strings.Count(file, "\n") != 1+2*5 || !strings.Contains(file, "Dana Okafor,ramp") {
		t.Errorf("the file is %s", file)
	}
	p.do(303, "POST", "/learn/programs/ramp/leave", nil, p.dana)
	if left := p.do(200, "GET", "/learn/programs/ramp", nil, p.dana); left.text(".button.filled") != "Come back" {
		t.Errorf("after leaving: %s", left.text("main"))
	}
}

func TestAssigningToSeveral(t *testing.T) {
	t.Parallel()
	p, _, grace := withProgram(t)
	form := url.Values{"person": {p.idOf("Dana Okafor")}, "also": {p.idOf("Grace Holt")}, "what": {"library"}, "ref": {"scenario:" + calder}, "due": {p.site.Now().AddDate(0, 0, 7).Format("2006-01-02")}}
	bad := p.do(422, "POST", "/assign", form, p.mo)
	if bad.doc.Find("input[name=also][checked]").Length() != 1 {
		t.Error("who was ticked is lost")
	}
	form.Set("reason", "Both of you meet Martin this week.")
	p.do(303, "POST", "/assign", form, p.mo)
	for _, who := range []*http.Cookie{p.dana, grace} {
		if today := p.do(200, "GET", "/today", nil, who); !strings.Contains(today.text("main"), "Both of you meet Martin this week.") {
			t.Errorf("Today says %s", today.text("main"))
		}
	}
	form.Set("ref", "program:ramp")
	to := p.do(303, "POST", "/assign", form, p.mo).Header().Get("Location")
	if page := p.do(200, "GET", to, nil, p.mo); page.doc.Find("section[aria-labelledby=people-h] tbody tr").Length() != 2 {
		t.Errorf("in the program: %s", page.text("main"))
	}
	// One of them out of sight: nobody is asked.
	form.Set("also", p.idOf("Ben Ito"))
	form.Set("ref", "lesson:questions-for-large-sales.implication-questions")
	p.do(404, "POST", "/assign", form, p.mo)
	if today := p.do(200, "GET", "/today", nil, p.dana); strings.Contains(today.text("main"), "Implication questions") {
		t.Error("somebody was asked although one of them is out of sight")
	}
}

func TestRulesOnThePage(t *testing.T) {
	t.Parallel()
	p, grace, _ := withProgram(t)
	if bad := p.do(422, "POST", "/admin/programs/ramp/rules", url.Values{"rule_reason": {"Every SDR."}}, p.ada); bad.text("[role=alert]") == "" {
		t.Error("a rule about everybody is not refused")
	}
	sdr := "SDR"
	if _, err := p.site.People.PatchPerson(context.Background(), people.Operator, grace.ID, 0, people.PersonPatch{RoleFamily: &sdr}); err != nil {
		t.Fatal(err)
	}
	p.do(303, "POST", "/admin/programs/ramp/rules", url.Values{"role_family": {"SDR"}, "rule_reason": {"Every SDR begins here."}}, p.ada)
	page := p.do(200, "GET", "/admin/programs/ramp", nil, p.ada)
	if rule := page.text("section[aria-labelledby=rules] .rows"); !strings.Contains(rule, "Everybody: SDR") || !strings.Contains(rule, "has enrolled 1 person") {
		t.Errorf("the rule is %s", rule)
	}
	if stalls := page.text("section[aria-labelledby=stalls]"); !strings.Contains(stalls, "Fewer than five people") {
		t.Errorf("one person is counted: %s", stalls)
	}
	end, _ := page.doc.Find("section[aria-labelledby=rules] .rows form").Attr("action")
	p.do(303, "POST", end, nil, p.ada)
	if rule := p.do(200, "GET", "/admin/programs/ramp", nil, p.ada).text("section[aria-labelledby=rules] .rows"); !strings.Contains(rule, "ended ") {
		t.Errorf("after the end: %s", rule)
	}
}

func TestTheLearningReport(t *testing.T) {
	t.Parallel()
	p, _, _ := withProgram(t)
	dana := p.idOf("Dana Okafor")
	p.do(303, "POST", "/admin/programs/ramp/enrol", url.Values{"people": {dana}, "reason": {"You start today."}}, p.mo)
	if _, err := p.site.DB.Exec(context.Background(), `update program_enrolments set starts_on = starts_on - 20`); err != nil {
		t.Fatal(err)
	}
	page := p.do(200, "GET", "/reports/learning", nil, p.mo)
	if late := page.doc.Find("section[aria-labelledby=overdue] tbody tr").Length(); late != 3 {
		t.Errorf("%d items are overdue, want the three that are open: %s", late, page.text("section[aria-labelledby=overdue]"))
	}
	if stops := page.text("section[aria-labelledby=stops]"); !strings.Contains(stops, "Selling foundations: 1 person stopped here") {
		t.Errorf("people stop at %s", stops)
	}
	file := p.do(200, "GET", "/reports/learning.csv", nil, p.mo).Body.String()
	if !strings.Contains(file, dana+",Dana Okafor,program,ramp,First ten days,") || strings.Count(file, "\n") != 2 {
		t.Errorf("the file is %s", file)
	}
	// Another coach of hers sees her too; whoever leads nobody sees nobody.
	if other := p.do(200, "GET", "/reports/learning", nil, p.ben); other.doc.Find("section[aria-labelledby=where] tbody tr").Length() != 1 {
		t.Errorf("her coach sees %s", other.text("section[aria-labelledby=where]"))
	}
	p.do(404, "GET", "/reports/learning", nil, p.dana)
}
