package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"pitchside/internal/webm"
)

// Two people hold a call with forms alone, and the coach reads what came up.
func TestLiveCallWithoutAScript(t *testing.T) {
	t.Parallel()
	p := newPitch(t)
	at := p.do(303, "POST", "/practice/"+calder+"/attempts", url.Values{"form": {"live"}}, p.dana).Header().Get("Location")
	page := p.do(200, "GET", at, nil, p.dana)
	if page.doc.Find(".button.filled").Length() != 1 || page.doc.Find("#colleagues option").Length() != 3 {
		t.Errorf("one filled button, and the coaches and the manager to choose from: %s", page.text("main"))
	}
	again := p.do(422, "POST", at+"/partner", url.Values{"email": {"nobody@fernhill.example"}}, p.dana)
	if again.value("#email") != "nobody@fernhill.example" {
		t.Error("what was typed is lost")
	}
	p.do(303, "POST", at+"/partner", url.Values{"email": {"ben.ito@fernhill.example"}}, p.dana)
	live := at + "/live"
	for name, other := range map[string]*http.Cookie{"a coach who does not take part": p.ana, "the manager": p.mo} {
		p.do(404, "GET", live, nil, other)
		if w := p.raw(404, "POST", live, "application/x-www-form-urlencoded", []byte("do=start"), other); w.Code != 404 {
			t.Errorf("%s starts the call", name)
		}
	}
	mine := p.do(200, "GET", live, nil, p.dana)
	if strings.Contains(mine.Body.String(), "What is hidden") || strings.Contains(mine.Body.String(), "The figure") {
		t.Error("the buyer’s side reaches the rep")
	}
	if !strings.Contains(mine.text(".live-bar"), "has not opened the page yet") || mine.doc.Find(".button.filled").Length() != 1 {
		t.Errorf("waiting: %s", mine.text(".live-bar"))
	}
	theirs := p.do(200, "GET", live, nil, p.ben)
	if !strings.Contains(theirs.Body.String(), "What is hidden") || theirs.doc.Find(".tick").Length() != 8 || theirs.doc.Find(".button.filled").Length() != 1 {
		t.Errorf("the buyer’s page: %s", theirs.text("main"))
	}
	p.do(303, "POST", live, url.Values{"do": {"start"}}, p.ben)
	if to := p.do(303, "POST", live, url.Values{"do": {"tick:objection-1"}}, p.ben).Header().Get("Location"); !strings.HasSuffix(to, "#objection-1") {
		t.Errorf("after a tick the page goes to %s", to)
	}
	p.do(303, "POST", live, url.Values{"do": {"tick:fact-1"}}, p.ben)
	p.do(303, "POST", live, url.Values{"do": {"untick:fact-1"}}, p.ben)
	p.do(404, "POST", live, url.Values{"do": {"tick:fact-1"}}, p.dana)
	if state := p.raw(200, "GET", live+"/state", "", nil, p.dana).Body.String(); strings.Contains(state, "objection") || !strings.Contains(state, `"running":true`) {
		t.Errorf("the rep is told: %s", state)
	}
	p.do(303, "POST", live+"/notes", url.Values{"notes": {"I was heard."}, "version": {p.do(200, "GET", live, nil, p.ben).value("[name=version]")}}, p.ben)
	stale := p.do(409, "POST", live+"/notes", url.Values{"notes": {"From the other window."}, "version": {"1"}}, p.ben)
	if stale.text("textarea") != "From the other window." || !strings.Contains(stale.text(".diff"), "I was heard.") {
		t.Error("a stale save does not show both")
	}
	p.raw(200, "PUT", at+"/media?take=1&offset=0&final=true&sender=ben", "audio/webm", webm.Silence(2*time.Second), p.ben)
	p.raw(404, "GET", at+"/media?take=1", "", nil, p.ben)
	p.do(303, "POST", live, url.Values{"do": {"end"}}, p.dana)
	page = p.do(200, "GET", at, nil, p.dana)
	if page.doc.Find("form[action$='/submit'] .filled").Length() != 1 || page.doc.Find(".button.filled").Length() != 1 || page.doc.Find("#takes .player").Length() != 1 {
		t.Errorf("after the call: %s", page.text("main"))
	}
	p.do(303, "POST", at+"/submit", url.Values{}, p.dana)
	for name, who := range map[string]*http.Cookie{"rep": p.dana, "coach": p.ana} {
		got := p.do(200, "GET", at, nil, who)
		if said := got.text("main"); !strings.Contains(said, "Objection: “That’s normal”") || !strings.Contains(said, "Never came up: The load") || !strings.Contains(said, "I was heard.") {
			t.Errorf("the %s reads: %s", name, said)
		}
	}
	if desk := p.do(200, "GET", strings.Replace(at, "/attempts/", "/score/", 1), nil, p.ana); !strings.Contains(desk.text("main"), "N, not a low score") {
		t.Error("the desk does not say what never came up")
	}
	p.do(409, "POST", live, url.Values{"do": {"start"}}, p.ben)
	if done := p.do(200, "GET", live, nil, p.ben); !strings.Contains(done.text(".live-bar"), "Submitted") {
		t.Errorf("the partner afterwards: %s", done.text(".live-bar"))
	}
}
