package web

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestALiveSessionAsPages(t *testing.T) {
	t.Parallel()
	p, _, grace := withProgram(t)
	day := time.Now().UTC().AddDate(0, 0, 3).Format(time.DateOnly)
	form := url.Values{"title": {"Calls, live"}, "kind": {"classroom"}, "day": {day}, "time": {"10:00"}, "minutes": {"60"}, "capacity": {"1"}, "place": {"Room 2"}, "materials": {"Sheet https://files.example/a.pdf"}}
	bad := p.do(422, "POST", "/learn/sessions", url.Values{"title": {"Calls, live"}, "kind": {"virtual"}, "day": {day}, "time": {"10:00"}, "minutes": {"60"}, "capacity": {"1"}, "link": {"javascript:alert(1)"}}, p.ana)
	if v, _ := bad.doc.Find("#title").Attr("value"); v != "Calls, live" || bad.text("[role=alert]") == "" {
		t.Errorf("what was typed is now %q", v)
	}
	p.do(404, "POST", "/learn/sessions", form, p.dana)
	at := p.do(303, "POST", "/learn/sessions", form, p.ana).Header().Get("Location")
	page := p.do(200, "GET", at, nil, p.dana)
	if page.text(".button.filled") != "Register" || page.doc.Find("main a[href='https://files.example/a.pdf']").Length() != 1 {
		t.Errorf("the page says %s", page.text("main"))
	}
	for range 2 { // a double click
		p.do(303, "POST", at+"/register", nil, p.dana)
	}
	if page = p.do(200, "GET", at, nil, grace); page.text(".button.filled") != "Join the waiting list" {
		t.Errorf("the second reads %s", page.text("main"))
	}
	p.do(303, "POST", at+"/register", nil, grace)
	if page = p.do(200, "GET", at, nil, p.ana); page.doc.Find("section[aria-labelledby=guests] li").Length() != 2 {
		t.Errorf("the host sees %s", page.text("section[aria-labelledby=guests]"))
	}
	if page = p.do(200, "GET", at, nil, p.ben); page.doc.Find("section[aria-labelledby=guests] li").Length() != 1 {
		t.Errorf("another coach sees %s", page.text("section[aria-labelledby=guests]"))
	}
	file := p.do(200, "GET", at+"/invitation.ics", nil, p.dana)
	if file.Header().Get("Content-Type") != "text/calendar; charset=utf-8" || !strings.Contains(file.Body.String(), "METHOD:REQUEST\r\n") {
		t.Errorf("the invitation is %s", file.Body)
	}
	p.do(303, "POST", at+"/leave", nil, p.dana)
	if page = p.do(200, "GET", at, nil, grace); !strings.Contains(page.text("main"), "You have a place") {
		t.Errorf("the one who waited reads %s", page.text("main"))
	}
	// Two windows on the same session.
	form.Set("version", "1")
	form.Set("place", "Room 3")
	p.do(303, "POST", at, form, p.ana)
	form.Set("place", "Room 4")
	stale := p.do(409, "POST", at, form, p.ana)
	if v, _ := stale.doc.Find("#place").Attr("value"); v != "Room 4" || !strings.Contains(stale.text("main"), "Room 3") {
		t.Errorf("the second window keeps %q", v)
	}
	if _, err := p.site.DB.Exec(context.Background(), `update live_sessions set at = now() - interval '2 hours'`); err != nil {
		t.Fatal(err)
	}
	id := p.idOf("Grace Holt")
	p.do(303, "POST", at+"/attendance", url.Values{"guest": {id}, "there": {id}}, p.ana)
	if page = p.do(200, "GET", at, nil, grace); !strings.Contains(page.text("main"), "You were there.") {
		t.Errorf("after it was held she reads %s", page.text("main"))
	}
}

func TestACalendarAddress(t *testing.T) {
	t.Parallel()
	p, _, _ := withProgram(t)
	p.do(303, "POST", "/learn/programs/ramp/enrol", nil, p.dana)
	page := p.do(200, "POST", "/me/calendar", nil, p.dana)
	address, _ := page.doc.Find("#feed").Attr("value")
	path := strings.TrimPrefix(address, "http://pitchside.test")
	feed := p.do(200, "GET", path, nil, nil).Body.String()
	if !strings.Contains(feed, "METHOD:PUBLISH\r\n") || !strings.Contains(feed, "SUMMARY:Due: Selling foundations\r\n") {
		t.Errorf("the feed is %s", feed)
	}
	if p.do(200, "GET", "/learn/sessions", nil, p.dana).doc.Find("#feed").Length() != 0 {
		t.Error("the address is shown twice")
	}
	p.do(303, "POST", "/me/calendar/end", nil, p.dana)
	p.do(404, "GET", path, nil, nil)
}
