package courses_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pitchside/courses"
	"pitchside/internal/fault"
	"pitchside/people"
)

func (h *house) post(by people.Actor, thread int64, text string) courses.Post {
	h.t.Helper()
	p, err := h.Write(h.ctx, by, "asking", "first", thread, text)
	h.must(err)
	return p
}

func (h *house) threads(by people.Actor) []courses.Post {
	h.t.Helper()
	all, err := h.Threads(h.ctx, by, "asking", "first", 0, 20)
	h.must(err)
	return all
}

func (h *house) told(who people.Actor, kind string) int {
	h.t.Helper()
	return h.count(`select count(*) from notices where person_id = $1 and kind = $2`, who.ID, kind)
}

func TestAThreadUnderALesson(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.person("Ana Ruiz", people.Coach)
	asked := h.post(h.dana, 0, "  Who asks first? @ana, @Eve and mail@eve.example  ")
	if asked.Text != "Who asks first? @ana, @Eve and mail@eve.example" || !slices.Equal(asked.Mentions, []string{"Ana", "Eve"}) {
		t.Errorf("asked %+v", asked)
	}
	if again := h.post(h.dana, 0, "Who asks first? @ana, @Eve and mail@eve.example"); again.ID != asked.ID {
		t.Error("a double click is two posts")
	}
	reply := h.post(h.ana, asked.ID, "The one who @dana calls. @Ana Ruiz may know.")
	h.post(h.mo, asked.ID, "I agree.")
	if h.told(h.ana, "mention") != 1 || h.told(h.eve, "mention") != 1 || h.told(h.dana, "mention") != 1 || h.told(h.dana, "reply") != 1 || h.told(h.ana, "reply") != 1 || h.told(h.mo, "reply") != 0 || h.told(h.eve, "reply") != 2 {
		t.Errorf("told: Ana %d and %d, Dana %d and %d, Eve %d and %d", h.told(h.ana, "mention"), h.told(h.ana, "reply"), h.told(h.dana, "mention"), h.told(h.dana, "reply"), h.told(h.eve, "mention"), h.told(h.eve, "reply"))
	}
	if n := h.count(`select count(*) from notices n join persons p on p.id = n.person_id where p.name = 'Ana Ruiz' and n.kind = 'mention'`); n != 1 {
		t.Errorf("the longer of two names that begin alike is told %d times", n)
	}
	newer := h.post(h.eve, 0, "Another one")
	all := h.threads(h.dana)
	if len(all) != 2 || all[0].ID != newer.ID || len(all[1].Replies) != 2 || all[1].Replies[0].ID != reply.ID {
		t.Errorf("threads %+v", all)
	}
	older, err := h.Threads(h.ctx, h.dana, "asking", "first", newer.ID, 1)
	h.must(err)
	if len(older) != 1 || older[0].ID != asked.ID {
		t.Errorf("the next page is %+v", older)
	}
	for _, bad := range []string{" ", strings.Repeat("ö", courses.MostPost+1)} {
		_, err := h.Write(h.ctx, h.dana, "asking", "first", 0, bad)
		h.wants(fault.Invalid, err)
	}
	_, err = h.Write(h.ctx, h.dana, "asking", "nowhere", 0, "x")
	h.wants(fault.NotFound, err)
	_, err = h.Write(h.ctx, h.dana, "asking", "second", asked.ID, "In the thread of another lesson")
	h.wants(fault.NotFound, err)
	_, err = h.Write(h.ctx, h.dana, "asking", "first", reply.ID, "Under a reply")
	h.wants(fault.NotFound, err)
}

func TestEditingAndDeletingOnesPosts(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	asked := h.post(h.dana, 0, "Who asks first?")
	text := "Who asks last? @Ana"
	_, err := h.EditPost(h.ctx, h.ana, asked.ID, courses.PostEdit{Text: &text})
	h.wants(fault.Forbidden, err)
	p, err := h.EditPost(h.ctx, h.dana, asked.ID, courses.PostEdit{Text: &text, On: 1})
	h.must(err)
	if p.Text != text || p.EditedAt == nil || p.Version != 2 || h.told(h.ana, "mention") != 1 {
		t.Errorf("edited %+v", p)
	}
	other := "Both"
	_, err = h.EditPost(h.ctx, h.dana, asked.ID, courses.PostEdit{Text: &other, On: 1})
	if f, ok := err.(*fault.Error); !ok || f.Kind != fault.Stale || f.Theirs != text {
		t.Errorf("an edit of an old version: %v", err)
	}
	reply := h.post(h.ana, asked.ID, "I do")
	_, err = h.EditPost(h.ctx, h.ana, asked.ID, courses.PostEdit{Deleted: true})
	h.wants(fault.Forbidden, err)
	for range 2 { // the second is a double click
		_, err = h.EditPost(h.ctx, h.dana, asked.ID, courses.PostEdit{Deleted: true})
		h.must(err)
	}
	all := h.threads(h.mo)
	if len(all) != 1 || all[0].Text != "" || all[0].DeletedAt == nil || len(all[0].Replies) != 1 {
		t.Errorf("a deleted post with a reply leaves %+v", all)
	}
	_, err = h.Write(h.ctx, h.mo, "asking", "first", asked.ID, "Too late")
	h.wants(fault.Conflict, err)
	_, err = h.EditPost(h.ctx, h.ana, reply.ID, courses.PostEdit{Deleted: true})
	h.must(err)
	if all := h.threads(h.mo); len(all) != 0 {
		t.Errorf("without replies it leaves %+v", all)
	}
}

func TestHidingAPost(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	yes, no := true, false
	asked := h.post(h.dana, 0, "My customer is Wexford Mills.")
	for _, by := range []people.Actor{h.ana, h.eve, h.dana} {
		_, err := h.EditPost(h.ctx, by, asked.ID, courses.PostEdit{Hidden: &yes, Reason: "It names a customer."})
		h.wants(fault.Forbidden, err)
	}
	_, err := h.EditPost(h.ctx, h.mo, asked.ID, courses.PostEdit{Hidden: &yes, Reason: " "})
	h.wants(fault.Invalid, err)
	for range 2 {
		_, err = h.EditPost(h.ctx, h.mo, asked.ID, courses.PostEdit{Hidden: &yes, Reason: "It names a customer."})
		h.must(err)
	}
	if n := h.count(`select count(*) from audit_log where act = 'hide post' and person_id = $1`, h.dana.ID); n != 1 {
		t.Errorf("%d lines in the audit log", n)
	}
	for _, see := range []struct {
		by   people.Actor
		text string
	}{{h.ana, ""}, {h.dana, asked.Text}, {h.mo, asked.Text}, {h.author, asked.Text}} {
		if all := h.threads(see.by); len(all) != 1 || all[0].Text != see.text || all[0].HiddenWhy != "It names a customer." || *all[0].HiddenBy != "Mo" {
			t.Errorf("%s reads %+v", see.by.Name, all)
		}
	}
	_, err = h.EditPost(h.ctx, h.author, asked.ID, courses.PostEdit{Hidden: &no})
	h.must(err)
	if all := h.threads(h.ana); all[0].Text != asked.Text {
		t.Errorf("shown again, it reads %+v", all[0])
	}
}

func TestAnAnsweredThread(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	yes, no := true, false
	asked := h.post(h.dana, 0, "Who asks first?")
	reply := h.post(h.ana, asked.ID, "You do.")
	_, err := h.EditPost(h.ctx, h.ana, asked.ID, courses.PostEdit{Answered: &yes})
	h.wants(fault.Forbidden, err)
	_, err = h.EditPost(h.ctx, h.dana, reply.ID, courses.PostEdit{Answered: &yes})
	h.wants(fault.Invalid, err)
	p, err := h.EditPost(h.ctx, h.author, asked.ID, courses.PostEdit{Answered: &yes, AnswerID: &reply.ID})
	h.must(err)
	if p.AnsweredAt == nil || *p.AnsweredBy != "Ina" || *p.AnswerID != reply.ID || h.told(h.dana, "post_answered") != 1 {
		t.Errorf("answered %+v", p)
	}
	_, err = h.EditPost(h.ctx, h.dana, asked.ID, courses.PostEdit{Answered: &yes, AnswerID: &asked.ID})
	h.wants(fault.Invalid, err)
	p, err = h.EditPost(h.ctx, h.dana, asked.ID, courses.PostEdit{Answered: &no})
	h.must(err)
	if p.AnsweredAt != nil || p.AnswerID != nil {
		t.Errorf("open again %+v", p)
	}
}

func TestNobodyFloodsALesson(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for i := range 10 {
		h.post(h.dana, 0, fmt.Sprintf("Question %d", i))
	}
	_, err := h.Write(h.ctx, h.dana, "asking", "first", 0, "One more")
	h.wants(fault.TooMany, err)
	h.post(h.eve, 0, "Somebody else may")
	*h.clock = h.clock.Add(6 * time.Minute)
	h.post(h.dana, 0, "After a while")
}

func TestARetiredCourseIsDiscussedByThoseWhoBegan(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, err := h.Open(h.ctx, h.dana, "asking", "first")
	h.must(err)
	asked := h.post(h.dana, 0, "Still here?")
	h.must(h.Content.Retire(h.ctx, h.author, "course", "asking"))
	h.threads(h.dana)
	_, err = h.Threads(h.ctx, h.ana, "asking", "first", 0, 9)
	h.wants(fault.NotFound, err)
	_, err = h.Post(h.ctx, h.ana, asked.ID)
	h.wants(fault.NotFound, err)
}

func TestColleagues(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.person("Bea Anders", people.Rep)
	h.exec(`insert into persons (name, source) values ('Anna Imported', 'import')`)
	got, err := h.Colleagues(h.ctx, h.dana, "an")
	h.must(err)
	var names []string
	for _, c := range got {
		names = append(names, c.Name)
	}
	if !slices.Equal(names, []string{"Ana", "Bea Anders"}) {
		t.Errorf("offered %v: by the beginning of a word, those who can sign in", names)
	}
}
