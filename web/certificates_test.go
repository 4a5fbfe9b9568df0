package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"pitchside/content"
	"pitchside/courses"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

func TestReviewAsForms(t *testing.T) {
	t.Parallel()
	p := newPitch(t)
	p.do(303, "POST", asking+"/enrol", nil, p.dana)
	page := p.do(200, "GET", "/review", nil, p.dana)
	day := time.Now().UTC().AddDate(0, 0, 3)
	wrong := p.do(422, "POST", "/review/hold", url.Values{"from": {day.Format(time.DateOnly)}, "to": {day.AddDate(0, 0, -1).Format(time.DateOnly)}}, p.dana)
	if typed, _ := wrong.doc.Find("#from").Attr("value"); typed != day.Format(time.DateOnly) || wrong.text(".error") == "" {
		t.Errorf("a hold that ends before it begins: %q typed, %s", typed, wrong.text("main"))
	}
	p.do(303, "POST", "/review/hold", url.Values{"from": {day.Format(time.DateOnly)}, "to": {day.AddDate(0, 0, 6).Format(time.DateOnly)}}, p.dana)
	if page = p.do(200, "GET", "/review", nil, p.dana); !strings.Contains(page.text("main"), "On hold from") {
		t.Errorf("with a hold to come: %s", page.text("main"))
	}
	p.do(303, "POST", "/review/hold", url.Values{"from": {"kept"}, "end": {"yes"}}, p.dana)
	p.do(409, "POST", "/review/undo", nil, p.dana)
	list := p.do(200, "GET", "/review/cards", nil, p.dana)
	if n := len(p.document(content.KindCards, "questions-for-large-sales").Cards); n < 6 || list.doc.Find("tbody tr").Length() != n {
		t.Errorf("%d cards listed, want the %d of the course", list.doc.Find("tbody tr").Length(), n)
	}
	if team := p.do(200, "GET", "/reports/learning", nil, p.mo); !strings.Contains(team.text("main"), "Not enough data") {
		t.Error("of one person the team's recall is shown")
	}
}

func TestCertificatePages(t *testing.T) {
	t.Parallel()
	p := newPitch(t)
	ctx := context.Background()
	var id int64
	if err := p.site.DB.QueryRow(ctx, `select id from persons where name = 'Dana Okafor'`).Scan(&id); err != nil {
		t.Fatal(err)
	}
	// What the courses room does when all is read and the quiz is passed.
	finish(t, p.site.Courses, people.Actor{ID: id, Name: "Dana Okafor", TimeZone: "UTC", Capabilities: []people.Capability{people.Rep}}, "selling-foundations")
	mine := p.do(200, "GET", "/me/certificates", nil, p.dana)
	href, _ := mine.doc.Find("ul.rows a.title").Attr("href")
	page := p.do(200, "GET", href, nil, p.dana)
	verify, _ := page.doc.Find("a[href^='/verify/']").Attr("href")
	if page.doc.Find("form[action$='/revoke']").Length() != 0 || verify == "" {
		t.Errorf("the holder's page: %s", page.text("main"))
	}
	pdf := p.do(200, "GET", href+"/pdf", nil, p.mo)
	if pdf.Header().Get("Content-Type") != "application/pdf" || !strings.HasPrefix(pdf.Body.String(), "%PDF-") {
		t.Errorf("the print is %s", pdf.Header().Get("Content-Type"))
	}
	public := p.do(200, "GET", verify, nil)
	if public.Header().Get("X-Robots-Tag") != "noindex, nofollow" || public.text("h1") != "Dana Okafor" || !strings.Contains(public.text("main"), "Valid") || strings.Contains(public.Body.String(), "@") {
		t.Errorf("in public: %s", public.text("main"))
	}
	if list := p.do(200, "GET", "/reports/certificates", nil, p.mo); !strings.Contains(list.text("main"), "Dana Okafor") {
		t.Errorf("the manager's list: %s", list.text("main"))
	}
	if csv := p.do(200, "GET", "/reports/certificates.csv", nil, p.mo); strings.Count(csv.Body.String(), "\n") != 2 {
		t.Errorf("as CSV:\n%s", csv.Body)
	}
	p.do(422, "POST", href+"/revoke", url.Values{"reason": {" "}}, p.mo)
	for range 2 { // the second is a double click
		p.do(303, "POST", href+"/revoke", url.Values{"reason": {"It was not her."}}, p.mo)
	}
	if public = p.do(200, "GET", verify, nil); !strings.Contains(public.text("main"), "Revoked") || strings.Contains(public.Body.String(), "not her") {
		t.Errorf("in public after: %s", public.text("main"))
	}
	if page = p.do(200, "GET", href, nil, p.dana); !strings.Contains(page.text("main"), "It was not her.") {
		t.Error("the holder does not read why")
	}
	p.do(http.StatusNotFound, "GET", "/verify/none-none-none", nil)
}

// finish takes somebody through a whole course.
func finish(t *testing.T, s *courses.Service, by people.Actor, course string) {
	t.Helper()
	ctx := context.Background()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	o, err := s.Outline(ctx, course)
	must(err)
	for _, l := range o.Lessons {
		got, err := s.Open(ctx, by, course, l.Slug)
		must(err)
		for _, q := range got.Lesson.Questions {
			_, err := s.Answer(ctx, by, by.ID, course, l.Slug, q.ID, q.Key())
			must(err)
		}
		_, err = s.Finish(ctx, by, by.ID, course, l.Slug)
		must(err)
	}
	must(pgx.BeginFunc(ctx, s.DB, func(tx pgx.Tx) error { return s.QuizPassed(ctx, tx, by.ID, course) }))
}
