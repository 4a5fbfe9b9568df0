package web

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"

	"pitchside/people"
)

// A coach reads an answer in somebody's own words, and the learner sees what
// was said to it.
func TestReadingAnAnswer(t *testing.T) {
	t.Parallel()
	p := newPitch(t)
	lib := fstest.MapFS{
		"courses/words/course.md": {Data: []byte("---\ntitle: Words\nattribution: ours\n---\n")},
		"courses/words/01-a.md":   {Data: []byte("---\ntitle: A\n---\nText.\n")},
		"courses/words/quiz.md":   {Data: []byte("---\npass: 60\ncertainty: true\n---\n\n### Say it. {#q-say points=2}\n[[...]]\n! Her words.\n")},
	}
	if _, err := p.site.Content.Import(context.Background(), people.Operator, lib, true); err != nil {
		t.Fatal(err)
	}
	if empty := p.do(200, "GET", "/score/answers", nil, p.ana); empty.doc.Find(".empty").Length() != 1 {
		t.Error("no empty state")
	}
	p.do(303, "POST", "/learn/words/enrol", nil, p.dana)
	at := p.do(303, "POST", "/learn/words/quiz", nil, p.dana).Header().Get("Location")
	paper := p.do(200, "GET", at, nil, p.dana)
	if paper.doc.Find("input[name='q-say:sure']").Length() != 3 {
		t.Errorf("how sure is not asked: %s", paper.text("main"))
	}
	p.do(303, "POST", at+"/submit", url.Values{"q-say": {"It costs her a day."}, "q-say:sure": {"sure"}}, p.dana)
	page := p.do(200, "GET", "/score/answers", nil, p.ana)
	action, _ := page.doc.Find("form[action^='/score/answers/']").Attr("action")
	if !strings.Contains(page.text("main"), "It costs her a day.") || action == "" {
		t.Fatalf("the answer does not wait: %s", page.text("main"))
	}
	again := p.do(422, "POST", action, url.Values{"earned": {"many"}, "comment": {"Good."}}, p.ana)
	if got := again.doc.Find("textarea").Text(); got != "Good." {
		t.Errorf("the comment is lost: %q", got)
	}
	p.do(422, "POST", action, url.Values{"earned": {"9"}}, p.ana)
	p.do(303, "POST", action, url.Values{"earned": {"1,5"}, "comment": {"Her words."}}, p.ana)
	if result := p.do(200, "GET", at, nil, p.dana); !strings.Contains(result.text("main"), "Her words.") || !strings.Contains(result.text("main"), "1.5 of 2 points, read by Ana") {
		t.Errorf("the result: %s", result.text("main"))
	}
}
