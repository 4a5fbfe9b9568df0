package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pitchside/content"
	"pitchside/people"
)

const asking = "/learn/questions-for-large-sales"

// rightFields are the form fields that answer a question with its key.
func rightFields(q *content.Question) url.Values {
	v := url.Values{}
	key := q.Key()
	switch q.Kind {
	case content.Single:
		var id string
		_ = json.Unmarshal(key, &id)
		v.Set(q.ID, id)
	case content.Multiple:
		var ids []string
		_ = json.Unmarshal(key, &ids)
		v[q.ID] = ids
	case content.Matching:
		var pairs map[string]string
		_ = json.Unmarshal(key, &pairs)
		for l, r := range pairs {
			v.Set(q.ID+":"+l, r)
		}
	case content.Ordering:
		for i, o := range q.Options {
			v.Set(q.ID+":"+o.ID, strconv.Itoa(i+1))
		}
	case content.Numeric:
		v.Set(q.ID, string(key))
	default:
		var text string
		_ = json.Unmarshal(key, &text)
		v.Set(q.ID, text)
	}
	return v
}

func merged(all ...url.Values) url.Values {
	out := url.Values{}
	for _, v := range all {
		for k, x := range v {
			out[k] = x
		}
	}
	return out
}

func (p pitch) document(kind content.Kind, slug string) *content.Document {
	p.t.Helper()
	doc, err := p.site.Content.Published(context.Background(), kind, slug)
	if err != nil {
		p.t.Fatal(err)
	}
	return doc
}

func TestALessonAsForms(t *testing.T) {
	t.Parallel()
	p := newPitch(t)
	course := p.do(200, "GET", asking, nil, p.dana)
	start, _ := course.doc.Find(".button.filled").Attr("href")
	page := p.do(200, "GET", start, nil, p.dana)
	lesson := p.document(content.KindLesson, "questions-for-large-sales."+strings.TrimPrefix(start, asking+"/")).Lesson
	if page.text("h1") != lesson.Title || page.doc.Find("[data-question]").Length() != len(lesson.Questions) {
		t.Fatalf("the first lesson shows %q with %d checks", page.text("h1"), page.doc.Find("[data-question]").Length())
	}
	for _, q := range lesson.Questions {
		if strings.Contains(page.Body.String(), q.Explanation) {
			t.Errorf("the explanation of %s is on the page before it is answered", q.ID)
		}
	}
	first := lesson.Questions[0]
	none := p.do(422, "POST", start+"/answers/"+first.ID, url.Values{}, p.dana)
	if none.text("[role=alert]") == "" || none.text("#"+first.ID+" .error") == "" {
		t.Error("checking nothing says nothing")
	}
	at := p.do(303, "POST", start+"/answers/"+first.ID, rightFields(first), p.dana).Header().Get("Location")
	if at != start+"#"+first.ID {
		t.Errorf("after a check the page goes to %s", at)
	}
	page = p.do(200, "GET", start, nil, p.dana)
	if page.text("#"+first.ID+" [data-result]") == "" || !strings.HasPrefix(page.text("#"+first.ID+" [data-result]"), "Right.") {
		t.Errorf("the result says %q", page.text("#"+first.ID+" [data-result]"))
	}
	if again := p.do(200, "GET", start+"?again="+first.ID, nil, p.dana); again.doc.Find("#"+first.ID+" fieldset").Length() != 1 {
		t.Error("an answered check does not open again")
	}
	// What was typed is kept while another check is missing.
	early := p.do(422, "POST", start+"/done", rightFields(lesson.Questions[1]), p.dana)
	if early.doc.Find("[role=alert] a[href='#"+lesson.Questions[2].ID+"']").Length() != 1 || early.doc.Find("#"+lesson.Questions[1].ID+" [data-result]").Length() != 1 {
		t.Errorf("finishing early: %s", early.text("[role=alert]"))
	}
	var rest []url.Values
	for _, q := range lesson.Questions[2:] {
		rest = append(rest, rightFields(q))
	}
	for range 2 { // the second is a double click
		p.do(303, "POST", start+"/done", merged(rest...), p.dana)
	}
	page = p.do(200, "GET", start, nil, p.dana)
	if !strings.Contains(page.text("#done"), fmt.Sprintf("%d of %d checks right", len(lesson.Questions), len(lesson.Questions))) {
		t.Errorf("at the end: %s", page.text("#done"))
	}
	if next, _ := page.doc.Find("#done .button.filled").Attr("href"); !strings.HasPrefix(next, asking+"/") {
		t.Errorf("the next thing is %s", next)
	}
	if list := p.do(200, "GET", "/learn", nil, p.dana); !strings.Contains(list.text("main"), "1 of 7 lessons done") {
		t.Errorf("the catalogue: %s", list.text("main"))
	}
	p.do(404, "GET", asking+"/nowhere", nil, p.dana)
	p.do(404, "GET", "/learn/nowhere", nil, p.dana)
}

func TestBeginningWithWhatComesBefore(t *testing.T) {
	t.Parallel()
	p := newPitch(t)
	if href, _ := p.do(200, "GET", "/today", nil, p.dana).doc.Find("main .button.filled").Attr("href"); !strings.HasPrefix(href, "/learn/selling-foundations/") {
		t.Errorf("the first lesson is %s", href)
	}
	list := p.do(200, "GET", "/learn", nil, p.dana)
	if first, _ := list.doc.Find("main .rows a.title").First().Attr("href"); first != "/learn/selling-foundations" {
		t.Errorf("the catalogue begins with %s", first)
	}
}

func TestALessonIsReadOnWhereItWasLeft(t *testing.T) {
	t.Parallel()
	p := newPitch(t)
	lesson := asking + "/implication-questions"
	p.do(200, "GET", lesson, nil, p.dana)
	p.do(204, "POST", lesson+"/position", url.Values{"paragraph": {"p-7"}}, p.dana)
	page := p.do(200, "GET", lesson, nil, p.dana)
	if page.doc.Find("a[href='#p-7']").Length() != 1 || page.doc.Find("#p-7").Length() != 1 {
		t.Error("the page does not lead to the paragraph")
	}
	if href, _ := p.do(200, "GET", "/today", nil, p.dana).doc.Find("main .button.filled").Attr("href"); href != lesson+"#p-7" {
		t.Errorf("Today goes on at %s", href)
	}
}

// A part of a page is what a script asks for; it is the same markup.
func TestACheckAsAPart(t *testing.T) {
	t.Parallel()
	p := newPitch(t)
	lesson := asking + "/implication-questions"
	q := p.document(content.KindLesson, "questions-for-large-sales.implication-questions").Lesson.Questions[0]
	part := func(form url.Values) *httptest.ResponseRecorder {
		r := httptest.NewRequest("POST", lesson+"/answers/"+q.ID, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("X-Part", "check")
		r.AddCookie(p.dana)
		w := httptest.NewRecorder()
		p.h.ServeHTTP(w, r)
		return w
	}
	if w := part(url.Values{}); w.Code != 422 || !strings.Contains(w.Body.String(), "Give an answer first") || strings.Contains(w.Body.String(), "<html") {
		t.Errorf("nothing given: %d %s", w.Code, w.Body)
	}
	if w := part(rightFields(q)); w.Code != 200 || !strings.Contains(w.Body.String(), "data-result") || !strings.Contains(w.Body.String(), `id="`+q.ID+`"`) {
		t.Errorf("right: %d %s", w.Code, w.Body)
	}
}

func TestAQuizAsForms(t *testing.T) {
	t.Parallel()
	p := newPitch(t)
	p.site.Assessments.OnQuizPassed = p.site.Courses.QuizPassed
	bank := p.document(content.KindQuiz, "questions-for-large-sales")
	p.do(200, "GET", asking+"/quiz", nil, p.dana)
	at := p.do(303, "POST", asking+"/quiz", url.Values{}, p.dana).Header().Get("Location")
	if again := p.do(303, "POST", asking+"/quiz", url.Values{}, p.dana).Header().Get("Location"); again != at {
		t.Errorf("a double click began %s beside %s", again, at)
	}
	page := p.do(200, "GET", at, nil, p.dana)
	var drawn []*content.Question
	for _, q := range bank.Quiz.Questions {
		if page.doc.Find("#"+q.ID).Length() == 1 {
			drawn = append(drawn, q)
		}
	}
	if len(drawn) != bank.Quiz.Draw {
		t.Fatalf("%d questions on the page, want %d", len(drawn), bank.Quiz.Draw)
	}
	body := page.Body.String()
	for _, q := range drawn {
		for _, key := range append([]string{q.Explanation}, feedback(q)...) {
			if key != "" && strings.Contains(body, key) {
				t.Errorf("the page gives %q away before handing in", key)
			}
		}
	}
	p.do(404, "GET", at, nil, p.ana)
	p.do(303, "POST", at+"/answers/"+drawn[0].ID, rightFields(drawn[0]), p.dana)
	early := p.do(422, "POST", at+"/submit", url.Values{}, p.dana)
	if early.doc.Find("[role=alert] a").Length() != len(drawn)-1 || early.value("input[name=anyway]") != "yes" {
		t.Errorf("handing in early: %s", early.text("[role=alert]"))
	}
	var all []url.Values
	for _, q := range drawn[1:] {
		all = append(all, rightFields(q))
	}
	for range 2 {
		p.do(303, "POST", at+"/submit", merged(all...), p.dana)
	}
	result := p.do(200, "GET", at, nil, p.dana)
	if result.text("h2#result") != "Passed" || result.doc.Find("[data-focus]").Length() != 1 {
		t.Errorf("the result: %s", result.text("main"))
	}
	if quiz := p.do(200, "GET", asking+"/quiz", nil, p.dana); !strings.Contains(quiz.text("main"), "2 of 3 left") || quiz.text(".banner.ok") == "" {
		t.Errorf("afterwards: %s", quiz.text("main"))
	}
	p.do(404, "GET", asking+"/quiz/999999", nil, p.dana)
	p.do(404, "GET", strings.Replace(at, "questions-for-large-sales", "other", 1), nil, p.dana)
}

func feedback(q *content.Question) []string {
	var out []string
	for _, list := range [][]content.Option{q.Options, q.Left} {
		for _, o := range list {
			out = append(out, o.Feedback)
		}
	}
	return out
}

func TestReviewOneCardAtATime(t *testing.T) {
	t.Parallel()
	p := newPitch(t)
	if none := p.do(200, "GET", "/review", nil, p.dana); none.doc.Find(".empty").Length() != 1 {
		t.Error("no empty state before a course is begun")
	}
	p.do(303, "POST", asking+"/enrol", url.Values{}, p.dana)
	page := p.do(200, "GET", "/review", nil, p.dana)
	reveal, shown := page.doc.Find("[data-reveal]").Attr("href")
	if !shown {
		if !strings.Contains(page.text("main"), "weekends") {
			t.Errorf("no card, and no reason: %s", page.text("main"))
		}
		return
	}
	reveal, _, _ = strings.Cut(reveal, "#")
	back := p.do(200, "GET", reveal, nil, p.dana)
	action, _ := back.doc.Find("[data-rate]").Attr("action")
	p.do(303, "POST", action, url.Values{"rating": {"good"}}, p.dana)
	if next := p.do(200, "GET", "/review", nil, p.dana); !strings.Contains(next.text("main"), "4 left today") {
		t.Errorf("after one card: %s", next.text("main"))
	}
	p.do(404, "POST", action, url.Values{"rating": {"good"}}, p.ana)
}

func TestAssignAndTakeBack(t *testing.T) {
	t.Parallel()
	p := newPitch(t)
	page := p.do(200, "GET", "/assign?kind=lesson&ref=questions-for-large-sales.implication-questions", nil, p.ana)
	who, _ := page.doc.Find("#person option:nth-child(2)").Attr("value")
	if who == "" || page.value("#due") == "" || page.doc.Find("#ref option[selected]").AttrOr("value", "") != "lesson:questions-for-large-sales.implication-questions" {
		t.Fatalf("the form: %s", page.text("form"))
	}
	form := url.Values{"person": {who}, "what": {"library"}, "ref": {"lesson:questions-for-large-sales.implication-questions"}, "due": {page.value("#due")}, "reason": {""}}
	short := p.do(422, "POST", "/assign", form, p.ana)
	if short.doc.Find("[role=alert] a[href='#reason']").Length() != 1 || short.doc.Find("#person option[selected]").AttrOr("value", "") != who {
		t.Errorf("without a reason: %s", short.text("[role=alert]"))
	}
	form.Set("reason", "You stopped at the problem twice.")
	for range 2 {
		p.do(303, "POST", "/assign", form, p.ana)
	}
	today := p.do(200, "GET", "/today", nil, p.dana)
	if !strings.Contains(today.text(".touchline"), "You stopped at the problem twice.") || !strings.Contains(today.text(".touchline"), "Ana Ruiz") {
		t.Errorf("Today says %s", today.text(".touchline"))
	}
	given := p.do(200, "GET", "/assign", nil, p.ana)
	if given.doc.Find("#given ~ table tbody tr").Length() != 1 {
		t.Fatalf("given: %s", given.text("main"))
	}
	cancel, _ := given.doc.Find("form[action$='/cancel']").Attr("action")
	p.do(404, "POST", cancel, url.Values{}, p.mo)
	p.do(303, "POST", cancel, url.Values{}, p.ana)
	if later := p.do(200, "GET", "/today", nil, p.dana); strings.Contains(later.text("main"), "You stopped") {
		t.Error("what was taken back is still on Today")
	}
	p.do(404, "GET", "/assign", nil, p.dana)
	stranger := url.Values{"person": {"999999"}, "what": {"topic"}, "title": {"Friday"}, "due": {page.value("#due")}, "reason": {"x"}}
	p.do(404, "POST", "/assign", stranger, p.ana)
	// Chosen from the list without the tick before it.
	loose := url.Values{"person": {who}, "what": {"topic:Questioning in the next 1:1"}, "ref": {"scenario:" + calder}, "due": {page.value("#due")}, "reason": {"Try Martin."}}
	p.do(303, "POST", "/assign", loose, p.ana)
	if due := p.do(200, "GET", "/today", nil, p.dana); !strings.Contains(due.text(".touchline"), "Calder") {
		t.Errorf("Today says %s", due.text(".touchline"))
	}
}

var digits = regexp.MustCompile(`\d`)

func TestTodayHasOneNextThingForEveryRole(t *testing.T) {
	t.Parallel()
	p := newPitch(t)
	_, author := p.person("Ina Author", people.Author)
	_, player := p.person("Pia Player", people.Rep, people.Coach, people.Manager, people.Author, people.Admin)
	p.pasted()
	for name, who := range map[string]*http.Cookie{"rep": p.dana, "coach": p.ana, "manager": p.mo, "author": author, "admin": p.ada, "all of them": player} {
		page := p.do(200, "GET", "/today", nil, who)
		if n := page.doc.Find("main .button.filled").Length(); n != 1 {
			t.Errorf("%s: %d filled buttons, want 1", name, n)
		}
		if page.text("h1") == "" || digits.MatchString(page.text("h1")) {
			t.Errorf("%s: greeted with %q", name, page.text("h1"))
		}
	}
	if coach := p.do(200, "GET", "/today", nil, p.ana); !strings.Contains(coach.text(".touchline"), "Score Dana Okafor") {
		t.Errorf("the coach's next thing: %s", coach.text(".touchline"))
	}
}
