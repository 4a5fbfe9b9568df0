package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"pitchside/content"
)

func TestNotesBesideALesson(t *testing.T) {
	t.Parallel()
	p := newPitch(t)
	const lesson = asking + "/implication-questions"
	doc := p.document(content.KindLesson, "questions-for-large-sales.implication-questions").Lesson
	first := doc.Paragraphs[0]
	page := p.do(200, "GET", lesson, nil, p.dana)
	if page.doc.Find("[data-notes] li").Length() != 0 || page.doc.Find("[data-notes] a[href='"+lesson+"/notes']").Length() != 1 {
		t.Errorf("without a note it says %q", page.text("[data-notes]"))
	}
	form := url.Values{"paragraph": {first.ID}, "text": {"Ask it on <Thursday>"}, "bookmarked": {"yes"}, "on": {"0"}}
	to := p.do(303, "POST", lesson+"/notes", form, p.dana).Header().Get("Location")
	if !strings.HasPrefix(to, lesson+"/notes#note-") {
		t.Errorf("saving leads to %s", to)
	}
	page = p.do(200, "GET", lesson, nil, p.dana)
	item := page.doc.Find("[data-notes] li")
	if at, _ := item.Attr("data-at"); at != first.ID || item.Find("[data-text]").Text() != "Ask it on <Thursday>" {
		t.Errorf("beside the lesson stands %q at %s", item.Text(), at)
	}
	if html := page.Body.String(); strings.Contains(html, "<Thursday>") {
		t.Error("a note is not escaped")
	}
	if other := p.do(200, "GET", lesson, nil, p.ana); other.doc.Find("[data-notes] li").Length() != 0 {
		t.Error("a coach reads the note of their rep")
	}
	// Another window wrote first: both texts are on the page, and the next save wins.
	id := strings.TrimPrefix(to, lesson+"/notes#note-")
	p.do(303, "POST", lesson+"/notes", url.Values{"id": {id}, "on": {"1"}, "text": {"Ask it on Friday"}}, p.dana)
	late := p.do(http.StatusConflict, "POST", lesson+"/notes", url.Values{"id": {id}, "on": {"1"}, "text": {"Ask it on Monday"}}, p.dana)
	if late.text("#text-"+id) != "Ask it on Monday" || !strings.Contains(late.text("#note-"+id+" .banner"), "Ask it on Friday") {
		t.Errorf("two windows: %s", late.text("#note-"+id))
	}
	on, _ := late.doc.Find("#note-" + id + " input[name=on]").Attr("value")
	p.do(303, "POST", lesson+"/notes", url.Values{"id": {id}, "on": {on}, "text": {"Ask it on Monday"}}, p.dana)
	mine := p.do(200, "GET", "/learn/notes?text=monday", nil, p.dana)
	if mine.doc.Find(".rows li").Length() != 1 || mine.doc.Find("a[href='"+lesson+"#"+first.ID+"']").Length() != 1 {
		t.Errorf("found %q", mine.text(".rows"))
	}
	if none := p.do(200, "GET", "/learn/notes?text=tuesday", nil, p.dana); none.doc.Find(".empty").Length() != 1 {
		t.Error("a search without results says nothing")
	}
	file := p.do(200, "GET", "/learn/notes.md", nil, p.dana).Body.String()
	if !strings.Contains(file, "## Questions for large sales") || !strings.Contains(file, "\nAsk it on Monday\n") || !strings.Contains(file, lesson+"#"+first.ID+")") {
		t.Errorf("exported %s", file)
	}
	bad := p.do(422, "POST", lesson+"/notes", url.Values{"paragraph": {"p-999"}, "text": {"kept"}}, p.dana)
	if bad.text("#text") != "kept" || bad.text("[role=alert]") == "" {
		t.Error("what was typed is lost with a wrong paragraph")
	}
}

// What the page sends while one writes is answered with what is kept.
func TestANoteSavesItself(t *testing.T) {
	t.Parallel()
	p := newPitch(t)
	const lesson = asking + "/implication-questions"
	p.do(200, "GET", lesson, nil, p.dana)
	kept := p.autosave(lesson+"/notes", url.Values{"paragraph": {"p-1"}, "text": {"One"}, "on": {"0"}}, p.dana)
	if kept["version"] != 1.0 || kept["text"] != "One" {
		t.Errorf("kept %v", kept)
	}
}
