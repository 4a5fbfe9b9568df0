package web

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"pitchside/content"
	"pitchside/people"
)

// save keeps a text of a document as a draft, as its author would.
func (o *office) save(kind content.Kind, slug, old, changed string) *content.Document {
	o.t.Helper()
	ctx := context.Background()
	author := people.Actor{Name: "Jo", Capabilities: []people.Capability{people.Author}}
	doc, _, err := o.site.Content.Source(ctx, author, kind, slug, 0)
	if err != nil {
		o.t.Fatal(err)
	}
	if !strings.Contains(string(doc.Source), old) {
		o.t.Fatalf("%q is not in %s", old, slug)
	}
	d, _, err := o.site.Content.Save(ctx, author, content.Writing{Identity: doc.Identity, On: doc.Tag(), Body: []byte(strings.Replace(string(doc.Source), old, changed, 1))})
	if err != nil {
		o.t.Fatal(err)
	}
	return d
}

func TestPublishingShowsWhatChanges(t *testing.T) {
	t.Parallel()
	o, jo := newStudio(t)
	const rubric = "/studio/rubric/spi"
	o.do(303, "GET", rubric+"/publish", nil, jo) // nothing to publish
	o.save(content.KindRubric, "spi", "Question-led call", "Our own call")
	if page := o.do(200, "GET", rubric, nil, jo); page.doc.Find("a.filled[href='"+rubric+"/publish']").Length() != 1 {
		t.Errorf("the draft: %s", page.text("main"))
	}
	page := o.do(200, "GET", rubric+"/publish", nil, jo)
	if page.text(".compared .edited del") != "Question-led" || page.text(".compared .edited ins") != "Our own" || page.doc.Find(".compared .skipped").Length() != 1 || page.doc.Find("input[name=minor]:checked").AttrOr("value", "") != "no" {
		t.Errorf("publish: %s", page.text("main"))
	}
	if !strings.Contains(page.text(".lede"), "takes the place of version 1") {
		t.Errorf("%s", page.text(".lede"))
	}
	long := strings.Repeat("x", 501)
	page = o.do(422, "POST", rubric+"/publish", url.Values{"version": {"2"}, "note": {long}, "minor": {"yes"}}, jo)
	if page.text("#note") != long || page.doc.Find("input[name=minor]:checked").AttrOr("value", "") != "yes" || page.doc.Find("[aria-invalid]").Length() != 1 {
		t.Errorf("what was typed is lost: %s", page.text("main"))
	}
	o.do(303, "POST", rubric+"/publish", url.Values{"version": {"2"}, "note": {"Our words."}, "minor": {"yes"}}, jo)
	page = o.do(200, "GET", rubric+"/changes", nil, jo)
	if page.doc.Find("#from option[selected]").AttrOr("value", "") != "1" || page.doc.Find("#to option[selected]").AttrOr("value", "") != "2" || !strings.Contains(page.text(".rows"), "Our words.") || page.doc.Find(".compared .edited").Length() != 1 {
		t.Errorf("changes: %s", page.text("main"))
	}
	if page = o.do(200, "GET", rubric+"/changes?from=2&to=2", nil, jo); page.doc.Find(".compared").Length() != 0 || !strings.Contains(page.text("main"), "Nothing changed") {
		t.Errorf("no changes: %s", page.text("main"))
	}
	o.do(404, "GET", rubric+"/changes?from=9", nil, jo)
	o.do(404, "GET", rubric+"/changes?from=x", nil, jo)
}

func TestRetireAndBringBack(t *testing.T) {
	t.Parallel()
	o, jo := newStudio(t)
	const scenario = "/studio/scenario/con3-tried-this-before" // no program rests on it
	o.do(303, "POST", scenario+"/retire", nil, jo)
	page := o.do(200, "GET", scenario, nil, jo)
	if page.text(".page-head .tag") != "Version 1, retired" || page.doc.Find("form[action$='/bring-back'] button").Length() != 1 || page.doc.Find("form[action$='/retire']").Length() != 0 {
		t.Errorf("retired: %s", page.text("main"))
	}
	o.do(303, "POST", scenario+"/bring-back", nil, jo)
	if page = o.do(200, "GET", scenario, nil, jo); page.text(".page-head .tag") != "Version 1, published" {
		t.Errorf("brought back: %s", page.text(".page-head"))
	}
	o.do(409, "POST", "/studio/rubric/spi/retire", nil, jo) // scenarios rest on it
	o.do(409, "POST", "/studio/skills/skills/retire", nil, jo)
}

func TestALearnerStaysOrMoves(t *testing.T) {
	t.Parallel()
	p := newPitch(t)
	const course, slug = "questions-for-large-sales", "questions-for-large-sales.implication-questions"
	lesson := asking + "/implication-questions"
	p.do(200, "GET", lesson, nil, p.dana)
	if page := p.do(200, "GET", asking+"/what-changed", nil, p.dana); page.doc.Find(".empty").Length() != 1 {
		t.Errorf("nothing has changed: %s", page.text("main"))
	}
	author := people.Actor{Name: "Jo", Capabilities: []people.Capability{people.Author}}
	publish := func(title string, how content.Publication) {
		t.Helper()
		was := p.document(content.KindLesson, slug).Title
		d := p.save(content.KindLesson, slug, "title: "+was, "title: "+title)
		if err := p.site.Content.Publish(context.Background(), author, content.KindLesson, slug, d.Number, how); err != nil {
			t.Fatal(err)
		}
	}
	publish("Implications", content.Publication{Minor: true})
	if page := p.do(200, "GET", lesson, nil, p.dana); page.text("h1") != "Implications" {
		t.Errorf("a minor edit does not move along: %s", page.text("h1"))
	}
	publish("What follows", content.Publication{Note: "Told anew."})
	page := p.do(200, "GET", asking, nil, p.dana)
	if !strings.Contains(page.text("#changed"), "Told anew.") || page.doc.Find("#changed button").Length() != 2 {
		t.Errorf("not asked: %s", page.text("main"))
	}
	page = p.do(200, "GET", asking+"/what-changed", nil, p.dana)
	if page.text(".compared .edited del") != "Implications" || page.text(".compared .edited ins") != "What follows" {
		t.Errorf("what changed: %s", page.text("main"))
	}
	p.do(303, "POST", asking+"/what-changed", url.Values{"choice": {"stay"}}, p.dana)
	if page = p.do(200, "GET", asking, nil, p.dana); page.doc.Find("#changed").Length() != 0 || page.doc.Find("a[href='"+asking+"/what-changed']").Length() != 1 {
		t.Errorf("asked again: %s", page.text("main"))
	}
	if page = p.do(200, "GET", lesson, nil, p.dana); page.text("h1") != "Implications" {
		t.Errorf("stayed, and reads %s", page.text("h1"))
	}
	p.do(303, "POST", asking+"/what-changed", url.Values{"choice": {"move"}}, p.dana)
	if page = p.do(200, "GET", lesson, nil, p.dana); page.text("h1") != "What follows" {
		t.Errorf("moved, and reads %s", page.text("h1"))
	}
	for _, program := range []string{"ae-90-days", "sdr-30-days"} { // which rest on the course
		if err := p.site.Content.Retire(context.Background(), author, content.KindProgram, program); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.site.Content.Retire(context.Background(), author, content.KindCourse, course); err != nil {
		t.Fatal(err)
	}
	if page = p.do(200, "GET", asking, nil, p.dana); !strings.Contains(page.text(".banner.info"), "no longer offered") {
		t.Errorf("retired: %s", page.text("main"))
	}
	p.do(200, "GET", lesson, nil, p.dana)
	p.do(303, "POST", asking+"/quiz", nil, p.dana)
	_, stranger := p.person("Eve Lund", people.Rep)
	p.do(404, "GET", asking, nil, stranger)
	p.do(404, "GET", lesson, nil, stranger)
	p.do(404, "POST", asking+"/quiz", nil, stranger)
	p.do(404, "GET", asking+"/what-changed", nil, stranger)
}
