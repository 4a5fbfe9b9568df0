package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"pitchside/people"
)

// TestWhatNoFormShouldHold sends over a real connection what no browser of a
// person at work sends, and wants a page each time.
func TestWhatNoFormShouldHold(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p, dana := o.person("Dana Okafor", people.Rep)
	server := httptest.NewServer(o.h)
	t.Cleanup(server.Close)
	send := func(want int, method, path, body string, cookie *http.Cookie) *http.Response {
		t.Helper()
		r, err := http.NewRequest(method, server.URL+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if cookie != nil {
			r.AddCookie(cookie)
		}
		got, err := server.Client().Do(r)
		if err != nil {
			t.Fatalf("%s %s: %v", method, path, err)
		}
		defer func() { _ = got.Body.Close() }()
		if got.StatusCode != want {
			t.Errorf("%s %s answered %d, want %d", method, path, got.StatusCode, want)
		}
		return got
	}
	long := "name=" + strings.Repeat("a", 20<<20)
	send(413, "POST", "/me/profile", long, dana)
	send(413, "POST", "/signin", long, nil)
	send(401, "POST", "/me/profile", long, nil)
	if got := send(200, "HEAD", "/me/settings", "", dana); got.Header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("HEAD says %q", got.Header)
	}
	if got := send(405, "POST", "/today", "", dana); got.Header.Get("Allow") != "GET" {
		t.Errorf("the methods of /today are said to be %q", got.Header.Get("Allow"))
	}

	for _, name := range []string{"a\x00b", "a\xff\xfeb", "a\xed\xa0\x80b"} {
		kept := o.do(422, "POST", "/me/profile", url.Values{"name": {name}, "time_zone": {"UTC"}}, dana)
		if !strings.Contains(kept.text("main"), "cannot be kept") {
			t.Errorf("of the name %q the page says %q", name, kept.text("main"))
		}
	}
	if now, err := o.site.People.Person(t.Context(), people.Operator, p.ID); err != nil || now.Name != "Dana Okafor" {
		t.Errorf("the name is now %q (%v)", now.Name, err)
	}
}
