package web

import (
	"context"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

const profitCase = "/practice/worksheets/t5-profit-case"

// filledIn starts a profit case of Dana's, fills in two fields and submits it.
func (p pitch) filledIn() string {
	p.t.Helper()
	at := p.do(303, "POST", profitCase+"/attempts", url.Values{}, p.dana).Header().Get("Location")
	p.do(303, "POST", at+"/fields", url.Values{"f-number": {"260 a week now.\nOwner: Orla."}, "f-range": {"About £76,000."}, "do": {"submit"}}, p.dana)
	return at
}

func pageValues(level string) url.Values {
	v := url.Values{"version": {"0"}, "keep": {"The owner."}, "try_next": {"The low case."}}
	for _, id := range []string{"facts", "customer_view", "logic", "action", "measure"} {
		v.Set("level_"+id, level)
		v.Set("quote_"+id, "260 a week now.")
	}
	return v
}

func TestWorksheetOnThePages(t *testing.T) {
	t.Parallel()
	p := newPitch(t)
	list := p.do(200, "GET", "/practice?skill=quantify", nil, p.dana)
	if list.doc.Find(`a[href="`+profitCase+`"]`).Length() != 1 || list.doc.Find(`a[href="/practice/worksheets/t8-call-plan"]`).Length() != 0 {
		t.Errorf("the list, by skill: %s", list.text("main"))
	}
	blank := p.do(200, "GET", profitCase, nil, p.dana)
	if n := blank.doc.Find(".sheet-field").Length(); n != 8 || blank.doc.Find(".sheet-field .example").Length() != 8 || blank.doc.Find(".sheet-field:first-of-type .ruled").Length() != 4 {
		t.Errorf("%d fields: %s", n, blank.text("main"))
	}
	if held := p.do(200, "GET", profitCase, nil, p.mo); held.doc.Find("main form").Length() != 1 {
		t.Error("a manager, whose program asks for worksheets, may not start one")
	}
	p.do(404, "POST", profitCase+"/attempts", url.Values{}, p.ada)
	at := p.do(303, "POST", profitCase+"/attempts", url.Values{}, p.dana).Header().Get("Location")
	empty := p.do(422, "POST", at+"/fields", url.Values{"f-number": {" "}, "do": {"submit"}}, p.dana)
	if !strings.Contains(empty.text(".summary"), "at least one field") {
		t.Errorf("an empty one answers: %s", empty.text("main"))
	}
	p.do(303, "POST", at+"/fields", url.Values{"f-number": {"260 a week now.\nOwner: Orla."}, "seen_f-number": {"0"}, "do": {"save"}}, p.dana)
	clash := p.do(409, "POST", at+"/fields", url.Values{"f-number": {"Mine."}, "seen_f-number": {"0"}, "f-range": {"About £76,000."}, "seen_f-range": {"0"}, "do": {"save"}}, p.dana)
	if clash.doc.Find("#f-number").Text() != "Mine." || !strings.Contains(clash.text(".sheet-field .banner"), "260 a week now.") || clash.doc.Find("#f-range").Text() != "About £76,000." {
		t.Errorf("two windows: %s", clash.text("#fields"))
	}
	if seen, _ := clash.doc.Find("[name='seen_f-number']").Attr("value"); seen != "1" {
		t.Errorf("the next save rests on version %s", seen)
	}
	long := p.do(422, "POST", at+"/fields", url.Values{"f-number": {strings.Repeat("x", 20001)}, "do": {"save"}}, p.dana)
	if len(long.doc.Find("#f-number").Text()) != 20001 || long.doc.Find("#f-number[aria-invalid]").Length() != 1 {
		t.Error("what was typed is lost where it is too long")
	}
	p.do(404, "GET", at, nil, p.ana)
	p.do(303, "POST", at+"/fields", url.Values{"f-range": {"About £76,000."}, "do": {"submit"}}, p.dana)
	if read := p.do(200, "GET", at, nil, p.dana); !strings.Contains(read.text(".worksheet"), "About £76,000.") || read.doc.Find("textarea[name^='f-']").Length() != 0 {
		t.Errorf("after submission: %s", read.text("main"))
	}
	p.do(409, "POST", at+"/fields", url.Values{"f-range": {"Later."}, "do": {"save"}}, p.dana)
}

func TestWorksheetAutosaveAnswersInJSON(t *testing.T) {
	t.Parallel()
	p := newPitch(t)
	at := p.do(303, "POST", profitCase+"/attempts", url.Values{}, p.dana).Header().Get("Location")
	send := func(form url.Values) *httptest.ResponseRecorder {
		r := httptest.NewRequest("POST", at+"/fields", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Accept", "application/json")
		r.AddCookie(p.dana)
		w := httptest.NewRecorder()
		p.h.ServeHTTP(w, r)
		return w
	}
	if w := send(url.Values{"f-stop": {"Above 200."}, "seen_f-stop": {"0"}}); w.Code != 200 || !strings.Contains(w.Body.String(), `"f-stop":1`) || !strings.Contains(w.Body.String(), "1 of 8 filled in") {
		t.Errorf("saving answers %d %s", w.Code, w.Body)
	}
	if w := send(url.Values{"f-stop": {"Above 300."}, "seen_f-stop": {"0"}}); w.Code != 409 || !strings.Contains(w.Body.String(), "Above 200.") {
		t.Errorf("a stale save answers %d %s", w.Code, w.Body)
	}
}

func TestWorksheetAtTheDeskAndRevised(t *testing.T) {
	t.Parallel()
	p := newPitch(t)
	at := p.filledIn()
	id := strings.TrimPrefix(at, "/attempts/")
	queue := p.do(200, "GET", "/score", nil, p.ana)
	if !strings.Contains(queue.text(".rows"), "Profit case") || !strings.Contains(queue.text(".rows"), "Worksheet, attempt 1") {
		t.Errorf("the queue: %s", queue.text("main"))
	}
	desk := p.do(200, "GET", "/score/"+id, nil, p.ana)
	if desk.doc.Find("[data-turn]").Length() != 3 || desk.doc.Find("[data-turn] .take").Length() != 3 || desk.doc.Find("[data-criterion]").Length() != 5 || desk.doc.Find("#changes").Length() != 0 {
		t.Errorf("the desk: %s", desk.text("main"))
	}
	v := pageValues("3")
	v.Set("do", "quote:2")
	v.Set("target", "facts")
	v.Del("quote_facts")
	p.do(303, "POST", "/score/"+id, v, p.ana)
	if got := p.do(200, "GET", "/score/"+id, nil, p.ana).doc.Find("#quote_facts").Text(); got != "Owner: Orla." {
		t.Errorf("the quote is %q", got)
	}
	v = pageValues("3")
	v.Set("version", "1")
	v.Set("do", "comment")
	v.Set("comment_turn", "3")
	v.Set("comment_text", "Give me the low one too.")
	p.do(303, "POST", "/score/"+id, v, p.ana)
	p.do(303, "POST", "/score/"+id+"/release", url.Values{}, p.ana)
	read := p.do(200, "GET", at, nil, p.dana)
	if !strings.Contains(read.text(".worksheet .comment"), "Give me the low one too.") || !strings.Contains(read.text(".touchline"), "The low case.") {
		t.Errorf("the rep reads: %s", read.text("main"))
	}
	var skills string
	if err := p.site.DB.QueryRow(context.Background(), `select string_agg(distinct skill, ' ') from evidence where attempt_id = $1`, id).Scan(&skills); err != nil || skills != "quantify" {
		t.Errorf("it is evidence of %q, %v", skills, err)
	}
	revised := p.do(303, "POST", profitCase+"/attempts", url.Values{"revises": {id}}, p.dana).Header().Get("Location")
	draft := p.do(200, "GET", revised, nil, p.dana)
	if draft.doc.Find("#f-range").Text() != "About £76,000." || !strings.Contains(draft.text("#changes"), "nothing yet") {
		t.Errorf("the revision begins with: %s", draft.text("main"))
	}
	same := p.do(422, "POST", revised+"/fields", url.Values{"do": {"submit"}}, p.dana)
	if !strings.Contains(same.text(".summary"), "Nothing differs") {
		t.Errorf("the same text: %s", same.text(".summary"))
	}
	p.do(303, "POST", revised+"/fields", url.Values{"f-range": {"Between £32,000 and £92,000."}, "do": {"submit"}}, p.dana)
	for _, cookie := range []struct {
		path string
		as   string
	}{{"/score/" + strings.TrimPrefix(revised, "/attempts/"), "coach"}, {revised, "rep"}} {
		who := p.dana
		if cookie.as == "coach" {
			who = p.ana
		}
		page := p.do(200, "GET", cookie.path, nil, who)
		if !strings.Contains(page.text("#changes summary"), "1 of 8 fields") || !strings.Contains(page.text("#changes ins"), "Between") || !strings.Contains(page.text("#changes del"), "About") {
			t.Errorf("as %s, the change: %s", cookie.as, page.text("#changes"))
		}
	}
}
