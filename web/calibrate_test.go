package web

import (
	"maps"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

func init() {
	pageData["calibrate/list"] = roundsPage{}
	pageData["calibrate/new"] = newRoundPage{}
	pageData["calibrate/round"] = roundPage{}
	pageData["calibrate/strictness"] = strictnessPage{}
	pageData["calibrate/disputes"] = disputesPage{}
	pageData["studio/bench"] = benchPage{}
	maps.Copy(access, map[string]string{
		"GET /calibrate":                      "coach manager admin",
		"POST /calibrate":                     "coach manager admin",
		"GET /studio/:kind/:slug/bench":       "author",
		"POST /studio/:kind/:slug/bench":      "author",
		"GET /calibrate/new":                  "coach manager admin",
		"GET /calibrate/strictness":           "coach manager admin",
		"GET /calibrate/:id":                  "coach manager admin",
		"POST /calibrate/:id":                 "coach manager admin",
		"GET /calibrate/:id/scores.csv":       "coach manager admin",
		"POST /attempts/:id/consent":          "rep",
		"POST /attempts/:id/disputes":         "rep",
		"POST /attempts/:id/disputes/outcome": "coach manager admin",
		"POST /attempts/:id/peers":            "rep",
		"POST /score/:id/decline":             "coach rep",
		"GET /reports/disputes":               "coach manager admin",
		"POST /disputes/:id/second":           "coach manager admin",
	})
}

// A round by pages: the rep agrees, a coach opens it, both score blind, and the
// reveal shows the gap, a note, a settled level and its example at the desk.
func TestRoundByPages(t *testing.T) {
	t.Parallel()
	p := newPitch(t)
	id := p.pasted()
	empty := p.do(200, "GET", "/calibrate/new", nil, p.ana)
	if empty.doc.Find(".empty").Length() != 1 {
		t.Errorf("nothing to sample, and no empty state: %s", empty.text("main"))
	}
	p.do(303, "POST", "/attempts/"+id+"/consent", url.Values{"calibration": {"yes"}}, p.dana)
	form := p.do(200, "GET", "/calibrate/new", nil, p.ana)
	if form.value("input[name=attempt_ids]:checked") != id || form.doc.Find("input[name=coach_ids]").Length() != 2 || form.doc.Find(".filled").Length() != 1 {
		t.Fatalf("the form: %s", form.text("main"))
	}
	coaches := []string{}
	for i := range 2 {
		v, _ := form.doc.Find("input[name=coach_ids]").Eq(i).Attr("value")
		coaches = append(coaches, v)
	}
	values := url.Values{"scenario": {form.value("input[name=scenario]")}, "attempt_ids": {id}, "coach_ids": coaches[:1], "due": {form.value("input[name=due]")}, "title": {"October"}}
	wrong := p.do(422, "POST", "/calibrate", values, p.ana)
	if wrong.value("input[name=title]") != "October" || wrong.doc.Find("input[name=coach_ids]:checked").Length() != 1 || !strings.Contains(wrong.text("#coach_ids"), "at least two") {
		t.Errorf("the refused form: %s", wrong.text("main"))
	}
	values["coach_ids"] = coaches
	at := p.do(303, "POST", "/calibrate", values, p.ana).Header().Get("Location")
	if again := p.do(303, "POST", "/calibrate", values, p.ana).Header().Get("Location"); again != at {
		t.Error("a double click opened two rounds")
	}
	p.do(404, "GET", at, nil, p.dana)
	if page := p.do(200, "GET", at, nil, p.ben); !strings.Contains(page.text("main"), "0 of 2 sheets are in") || page.doc.Find("a[href='/score/"+id+"']").Length() != 2 {
		t.Errorf("the open round: %s", page.text("main"))
	}
	if desk := p.do(200, "GET", "/score/"+id, nil, p.ben); !strings.Contains(desk.text("main"), "You score blind") {
		t.Errorf("the desk does not say that it is a round: %s", desk.text("main"))
	}
	p.do(409, "GET", at+"/scores.csv", nil, p.ana)
	p.do(303, "POST", "/score/"+id, sheetValues("0", "4", "4", "4", "4", "4", "4"), p.ana)
	p.do(303, "POST", "/score/"+id, sheetValues("0", "4", "1", "4", "4", "4", "n"), p.ben)
	reveal := p.do(200, "GET", at, nil, p.ben)
	first := reveal.doc.Find("#criteria > details").First()
	if name, _ := first.Attr("id"); name != "criterion-problem" || !strings.Contains(first.Text(), "3 levels apart") || !strings.Contains(reveal.text("main"), "1 of 10 double-scored role-plays") {
		t.Errorf("the reveal: %s", reveal.text("main"))
	}
	if list := p.do(200, "GET", "/calibrate", nil, p.ben); !strings.Contains(list.text("main"), "Report open") && !strings.Contains(list.text("main"), "Revealed") {
		t.Errorf("the list: %s", list.text("main"))
	}
	p.do(303, "POST", at, url.Values{"do": {"note"}, "criterion": {"problem"}, "note": {"A symptom is no problem yet."}, "version": {"0"}}, p.ben)
	if stale := p.do(409, "POST", at, url.Values{"do": {"note"}, "criterion": {"problem"}, "note": {"My own words."}, "version": {"0"}}, p.ana); !strings.Contains(stale.text("main"), "A symptom is no problem yet.") || !strings.Contains(stale.text("main"), "My own words.") {
		t.Errorf("a stale note shows: %s", stale.text("main"))
	}
	settle := url.Values{"criterion": {"problem"}, "attempt": {id + ":0"}, "level": {"3"}, "reason": {""}, "quote": {"What gives you trouble on a bad week?"}}
	if refused := p.do(422, "POST", at, settle, p.ana); !strings.Contains(refused.text("main"), "What gives you trouble") {
		t.Errorf("the refused level: %s", refused.text("main"))
	}
	settle.Set("reason", "It asks for one bad week.")
	p.do(303, "POST", at, settle, p.ana)
	if page := p.do(200, "GET", at, nil, p.ana); !strings.Contains(page.text("#criterion-problem"), "It asks for one bad week.") {
		t.Error("the settled level is not shown")
	}
	if csv := p.do(200, "GET", at+"/scores.csv", nil, p.ana).Body.String(); strings.Count(csv, "\n") != 13 || !strings.Contains(csv, ",3\n") {
		t.Errorf("the table:\n%s", csv)
	}
	// Another attempt of the same rubric has the example at its anchor; this one has not.
	other := p.pasted()
	if desk := p.do(200, "GET", "/score/"+other, nil, p.ana); !strings.Contains(desk.text("#level_problem"), "It asks for one bad week.") {
		t.Errorf("no example at the desk: %s", desk.text("#level_problem"))
	}
	if desk := p.do(200, "GET", "/score/"+id, nil, p.ana); strings.Contains(desk.text("#level_problem"), "It asks for one bad week.") {
		t.Error("the desk tells what this attempt was settled at")
	}
	for _, path := range []string{"/calibrate", "/calibrate/strictness"} {
		p.do(200, "GET", path, nil, p.ada)
		p.do(200, "GET", path, nil, p.mo)
	}
}

// A dispute by pages: the rep asks, another coach scores without sight of the
// first sheet, settles it, and all read both side by side.
func TestDisputeByPages(t *testing.T) {
	t.Parallel()
	p := newPitch(t)
	id := p.pasted()
	p.do(303, "POST", "/score/"+id, sheetValues("0", "3", "3", "2", "3", "3", "3"), p.ana)
	p.do(303, "POST", "/score/"+id+"/release", url.Values{}, p.ana)
	at := "/attempts/" + id
	page := p.do(200, "GET", at, nil, p.dana)
	if page.doc.Find("#dispute textarea").Length() != 1 || page.doc.Find(".filled").Length() != 1 {
		t.Fatalf("no way to dispute, or not one filled button: %s", page.text("main"))
	}
	if refused := p.do(422, "POST", at+"/disputes", url.Values{"reason": {"no"}}, p.dana); refused.text("#dispute textarea") != "no" {
		t.Errorf("the refused dispute: %s", refused.text("main"))
	}
	p.do(303, "POST", at+"/disputes", url.Values{"reason": {"I asked what the stop leads to, at line four."}}, p.dana)
	if page := p.do(200, "GET", at, nil, p.dana); !strings.Contains(page.text("main"), "Ben Ito scores it independently") || page.doc.Find("#dispute").Length() != 0 {
		t.Errorf("disputed: %s", page.text("main"))
	}
	desk := p.do(200, "GET", "/score/"+id, nil, p.ben)
	if !strings.Contains(desk.text("main"), "A second, independent score") || strings.Contains(desk.text("main"), "at line four") {
		t.Errorf("Ben's desk: %s", desk.text("main"))
	}
	if seen := p.do(200, "GET", at, nil, p.ben); strings.Contains(seen.text("main"), "at line four") || seen.doc.Find(".scored").Length() != 0 {
		t.Errorf("Ben reads the reason or the first sheet: %s", seen.text("main"))
	}
	p.do(303, "POST", "/score/"+id, sheetValues("0", "3", "3", "4", "3", "3", "3"), p.ben)
	p.do(303, "POST", "/score/"+id+"/release", url.Values{}, p.ben)
	settling := p.do(200, "GET", at, nil, p.ben)
	dispute := settling.value("input[name=dispute]")
	if dispute == "" || settling.doc.Find("table.boxed tbody tr").Length() != 6 || !strings.Contains(settling.text("table.boxed"), "2–4, n = 2") {
		t.Fatalf("both sheets: %s", settling.text("main"))
	}
	values := url.Values{"dispute": {dispute}, "outcome": {""}, "reason": {"The effect is asked for at line four."}}
	if refused := p.do(422, "POST", at+"/disputes/outcome", values, p.ben); refused.text("#reason") != "The effect is asked for at line four." {
		t.Errorf("the refused outcome: %s", refused.text("main"))
	}
	values.Set("outcome", "changed")
	p.do(303, "POST", at+"/disputes/outcome", values, p.ben)
	settled := p.do(200, "GET", at, nil, p.dana)
	if !strings.Contains(settled.text("main"), "Disputed, and changed") || !strings.Contains(settled.text("main"), "Kept, not counted") {
		t.Errorf("settled: %s", settled.text("main"))
	}
	if report := p.do(200, "GET", "/reports/disputes", nil, p.mo); !strings.Contains(report.text("main"), "1 of 1 changed") || strings.Contains(report.text("main"), "%") {
		t.Errorf("the report: %s", report.text("main"))
	}
}

// A peer, asked by name, scores at the desk and sees no other sheet.
func TestPeerByPages(t *testing.T) {
	t.Parallel()
	p := newPitch(t)
	lea, cookie := p.person("Lea Moss", "rep")
	id := p.pasted()
	p.do(404, "GET", "/score/"+id, nil, cookie)
	form := p.do(200, "GET", "/attempts/"+id, nil, p.dana)
	if form.doc.Find("#peer option").Length() != 2 {
		t.Fatalf("peers to ask: %s", form.text("#peers"))
	}
	p.do(422, "POST", "/attempts/"+id+"/peers", url.Values{"peer": {""}}, p.dana)
	p.do(303, "POST", "/attempts/"+id+"/peers", url.Values{"peer": {strconv.FormatInt(lea.ID, 10)}}, p.dana)
	if queue := p.do(200, "GET", "/score", nil, cookie); !strings.Contains(queue.text("main"), "asked you as a peer") {
		t.Errorf("the peer's queue: %s", queue.text("main"))
	}
	if desk := p.do(200, "GET", "/score/"+id, nil, cookie); !strings.Contains(desk.text("main"), "as a peer") {
		t.Errorf("the peer's desk: %s", desk.text("main"))
	}
	p.do(303, "POST", "/score/"+id, sheetValues("0", "4", "4", "4", "4", "4", "4"), cookie)
	p.do(303, "POST", "/score/"+id+"/release", url.Values{}, cookie)
	p.do(200, "GET", "/score/"+id, nil, cookie)
	p.do(303, "POST", "/score/"+id, sheetValues("0", "2", "2", "2", "2", "2", "2"), p.ana)
	p.do(303, "POST", "/score/"+id+"/release", url.Values{}, p.ana)
	if page := p.do(200, "GET", "/attempts/"+id, nil, p.dana); !strings.Contains(page.text("main"), "A peer’s view") || page.doc.Find("table.boxed thead th").Length() != 4 {
		t.Errorf("the rep reads: %s", page.text("main"))
	}
	if page := p.do(200, "GET", "/attempts/"+id, nil, cookie); strings.Contains(page.text("main"), "Ana Ruiz’s sheet") {
		t.Error("the peer reads the coach's sheet")
	}
}

// An author tries the newest version of a rubric on a role-play that two
// coaches score, and reads how far they agree.
func TestBenchByPages(t *testing.T) {
	t.Parallel()
	p := newPitch(t)
	_, jo := p.person("Jo Weber", "author")
	const bench = "/studio/rubric/spi/bench"
	if empty := p.do(200, "GET", bench, nil, jo); empty.doc.Find(".empty").Length() != 1 {
		t.Errorf("nothing to try on, and no empty state: %s", empty.text("main"))
	}
	p.do(404, "GET", "/studio/scenario/"+calder+"/bench", nil, jo)
	id := p.pasted()
	p.do(303, "POST", "/attempts/"+id+"/consent", url.Values{"calibration": {"yes"}}, p.dana)
	form := p.do(200, "GET", bench, nil, jo)
	if strings.Contains(form.text("main"), "Dana") || form.value("input[name=attempt_ids]:checked") != id {
		t.Fatalf("the form: %s", form.text("main"))
	}
	values := url.Values{"scenario": {form.value("input[name=scenario]")}, "attempt_ids": {id}, "version": {"1"}, "due": {form.value("input[name=due]")}, "title": {"Anchors, try two"}}
	if wrong := p.do(422, "POST", bench, values, jo); wrong.value("input[name=title]") != "Anchors, try two" {
		t.Errorf("the refused trial: %s", wrong.text("main"))
	}
	for i := range 2 {
		v, _ := form.doc.Find("input[name=coach_ids]").Eq(i).Attr("value")
		values.Add("coach_ids", v)
	}
	p.do(303, "POST", bench, values, jo)
	p.do(303, "POST", "/score/"+id, sheetValues("0", "4", "4", "4", "4", "4", "4"), p.ana)
	p.do(303, "POST", "/score/"+id, sheetValues("0", "4", "2", "4", "4", "4", "4"), p.ben)
	done := p.do(200, "GET", bench, nil, jo)
	if row := done.text("table tbody tr:first-child"); !strings.Contains(row, "Problem") || !strings.Contains(row, "2 levels apart") || !strings.Contains(row, "1 of 10") {
		t.Errorf("the trial: %s", done.text("main"))
	}
	p.do(404, "GET", "/attempts/"+id, nil, jo)
}
