package courses_test

import (
	"strings"
	"testing"

	"pitchside/content"
	"pitchside/courses"
	"pitchside/internal/fault"
	"pitchside/people"

	"github.com/google/go-cmp/cmp"
)

// edit publishes another text of the first lesson.
func (h *house) edit(old, changed string, p content.Publication) {
	h.t.Helper()
	doc, err := h.Content.Published(h.ctx, content.KindLesson, "asking.first")
	h.must(err)
	d, _, err := h.Content.Save(h.ctx, h.author, content.Writing{Identity: doc.Identity, On: doc.Tag(), Body: []byte(replaced(h, string(doc.Source), old, changed))})
	h.must(err)
	h.must(h.Content.Publish(h.ctx, h.author, content.KindLesson, "asking.first", d.Number, p))
}

func TestAMajorEditAsksAndAMinorOneDoesNot(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.finishFirst()
	newer := func(by people.Actor) []courses.NewerLesson {
		t.Helper()
		list, err := h.WhatChanged(h.ctx, by, h.dana.ID, "asking")
		h.must(err)
		return list
	}
	h.edit("Ask about one day.", "Ask about a single day.", content.Publication{Note: "A slip of the pen.", Minor: true})
	if list := newer(h.dana); len(list) != 0 {
		t.Errorf("a minor edit asks: %+v", list)
	}
	r, err := h.Open(h.ctx, h.dana, "asking", "first")
	h.must(err)
	if r.Lesson.Number != 2 || r.Newer {
		t.Errorf("reads version %d", r.Lesson.Number)
	}
	h.edit("Four and three?", "Four and four?", content.Publication{Note: "The sum is harder."})
	list := newer(h.dana)
	if len(list) != 1 || list[0].Slug != "first" || list[0].Stays || !list[0].Done || !cmp.Equal(list[0].Notes, []string{"The sum is harder."}) || list[0].Diff.Added != 1 {
		t.Fatalf("%+v", list)
	}
	if r, err = h.Open(h.ctx, h.dana, "asking", "first"); err != nil || r.Lesson.Number != 2 || !r.Newer {
		t.Errorf("reads version %d, %v", r.Lesson.Number, err)
	}
	h.must(h.StayOrMove(h.ctx, h.dana, h.dana.ID, "asking", false))
	if list = newer(h.dana); len(list) != 1 || !list[0].Stays {
		t.Errorf("%+v", list)
	}
	h.edit("Ask about a single day.", "Ask about any one day.", content.Publication{Note: "Words.", Minor: true})
	if list = newer(h.ana); len(list) != 1 || list[0].Stays || len(list[0].Notes) != 2 {
		t.Errorf("a still newer version does not ask again: %+v", list)
	}
	for range 2 {
		h.must(h.StayOrMove(h.ctx, h.dana, h.dana.ID, "asking", true))
	}
	if r, err = h.Open(h.ctx, h.dana, "asking", "first"); err != nil || r.Lesson.Number != 4 || r.Newer || r.Progress().DoneAt == nil {
		t.Errorf("reads version %d, done %v, %v", r.Lesson.Number, r.Progress().DoneAt, err)
	}
	if r.Standing.Answer("q-day") == nil || r.Standing.Answer("q-sum") != nil {
		t.Errorf("answers kept: %+v", r.Standing.Answers)
	}
	if list = newer(h.dana); len(list) != 0 {
		t.Errorf("%+v", list)
	}
	h.wants(fault.Forbidden, h.StayOrMove(h.ctx, h.mo, h.dana.ID, "asking", true))
	_, err = h.Newer(h.ctx, h.eve, h.dana.ID, "asking")
	h.wants(fault.NotFound, err)
}

func TestARetiredCourseStaysWithThoseWhoBegan(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.finishFirst()
	h.must(h.Content.Retire(h.ctx, h.author, content.KindCourse, "asking"))

	if all, err := h.Catalogue(h.ctx, h.eve); err != nil || len(all) != 1 {
		t.Errorf("Eve is offered %d courses, %v", len(all), err)
	}
	for _, err := range []error{
		errOf(h.Enrol(h.ctx, h.eve, h.eve.ID, "asking")), errOf(h.Open(h.ctx, h.eve, "asking", "first")), errOf(h.Place(h.ctx, h.eve, "asking")),
		errOf(h.Begun(h.ctx, h.eve.ID, "asking")), errOf(h.Outline(h.ctx, "asking")),
	} {
		h.wants(fault.NotFound, err)
	}
	place, err := h.Place(h.ctx, h.dana, "asking")
	h.must(err)
	if !place.Outline.Retired || place.Done() != 1 || len(place.Outline.Lessons) != 2 || place.Outline.Quiz == nil {
		t.Errorf("%+v", place)
	}
	if all, err := h.Catalogue(h.ctx, h.dana); err != nil || len(all) != 2 {
		t.Errorf("Dana has %d courses, %v", len(all), err)
	}
	_, err = h.Open(h.ctx, h.dana, "asking", "second")
	h.must(err)
	if done, err := h.Finish(h.ctx, h.dana, h.dana.ID, "asking", "second"); err != nil || done {
		t.Errorf("complete without its quiz: %v %v", done, err)
	}
	q, err := h.Reviews(h.ctx, h.dana, h.dana.ID)
	if err != nil || len(q.Cards) == 0 {
		t.Errorf("%d cards, %v", len(q.Cards), err)
	}
	h.must(h.Content.BringBack(h.ctx, h.author, content.KindCourse, "asking"))
	_, err = h.Enrol(h.ctx, h.eve, h.eve.ID, "asking")
	h.must(err)
}

func errOf[T any](_ T, err error) error { return err }

func replaced(h *house, text, old, changed string) string {
	h.t.Helper()
	if !strings.Contains(text, old) {
		h.t.Fatalf("%q is not in the text", old)
	}
	return strings.Replace(text, old, changed, 1)
}
