package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"pitchside/api"
	"pitchside/assessments"
	"pitchside/content"
	"pitchside/courses"
	"pitchside/internal/pg/pgtest"
	"pitchside/people"

	"github.com/google/go-cmp/cmp"
)

const tiny = "questions-for-large-sales"

// A school is a desk with the library, a rep, her manager, a stranger and an
// admin's system.
type school struct {
	*desk
	library                 *content.Service
	dana, mo, eve, system   string // tokens
	danaID, systemID, eveID int64
	readOnly                string
}

func newSchool(t *testing.T) school {
	t.Helper()
	ctx := context.Background()
	db := pgtest.New(t)
	s := school{library: &content.Service{DB: db, Now: time.Now}}
	if err := s.library.EnsureBuiltIn(ctx); err != nil {
		t.Fatal(err)
	}
	learning := &courses.Service{DB: db, Content: s.library, Now: time.Now}
	a := &api.API{DB: db, People: &people.Service{DB: db, Now: time.Now}, Content: s.library, Courses: learning,
		Assessments: &assessments.Service{DB: db, Content: s.library, Now: time.Now, OnQuizPassed: learning.QuizPassed}, Log: slog.New(slog.DiscardHandler), Now: time.Now}
	h, err := a.Handler()
	if err != nil {
		t.Fatal(err)
	}
	s.desk = &desk{t, a.People, h}
	add := func(name string, c people.Capability, scope string) (string, int64) {
		mail := strings.ToLower(name) + "@fernhill.example"
		p, err := a.People.AddPerson(ctx, people.Operator, people.PersonPatch{Name: &name, Email: &mail, Capabilities: &[]people.Capability{c}}, "page")
		if err != nil {
			t.Fatal(err)
		}
		token, err := a.People.CreateToken(ctx, people.Operator, p.ID, "", []string{scope})
		if err != nil {
			t.Fatal(err)
		}
		return token, p.ID
	}
	var moID int64
	s.dana, s.danaID = add("Dana", people.Rep, "all")
	s.mo, moID = add("Mo", people.Manager, "all")
	s.eve, s.eveID = add("Eve", people.Rep, "all")
	s.system, s.systemID = add("Ada", people.Admin, "all")
	s.readOnly, _ = add("Ben", people.Rep, "courses:read")
	if _, err := db.Exec(ctx, `insert into managements (manager_id, person_id) values ($1, $2)`, moID, s.danaID); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s school) document(kind content.Kind, slug string) *content.Document {
	s.t.Helper()
	doc, err := s.library.Published(context.Background(), kind, slug)
	if err != nil {
		s.t.Fatal(err)
	}
	return doc
}

func TestCoursesByProgram(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	list, _ := s.call(200, s.dana, "GET", "/courses", "")
	i := slices.IndexFunc(list["items"].([]any), func(x any) bool { return x.(map[string]any)["slug"] == tiny })
	if i < 0 {
		t.Fatalf("the list is %v", list)
	}
	first := list["items"].([]any)[i].(map[string]any)
	if len(first["lessons"].([]any)) != 7 || first["quiz"].(map[string]any)["pass"] != 80.0 || list["next"] != nil {
		t.Errorf("the list is %v", list)
	}
	one, _ := s.call(200, s.readOnly, "GET", "/courses/"+tiny, "")
	if one["title"] != first["title"] {
		t.Errorf("the course is %v", one)
	}
	s.call(404, s.dana, "GET", "/courses/none", "")
	s.call(403, s.readOnly, "POST", "/enrolments", fmt.Sprintf(`{"person_id": %d, "course": %q}`, s.danaID, tiny))
	e, _ := s.call(201, s.mo, "POST", "/enrolments", fmt.Sprintf(`{"person_id": %d, "course": %q}`, s.danaID, tiny))
	if e["course"] != tiny || e["completed_at"] != nil {
		t.Errorf("enrolled %v", e)
	}
	s.call(404, s.eve, "POST", "/enrolments", fmt.Sprintf(`{"person_id": %d, "course": %q}`, s.danaID, tiny))
	s.call(422, s.dana, "POST", "/enrolments", fmt.Sprintf(`{"person_id": %d, "program": "ninety-days"}`, s.danaID))
	s.call(422, s.dana, "POST", "/enrolments", fmt.Sprintf(`{"person_id": %d, "course": %q, "via": "self"}`, s.danaID, tiny))
}

func TestALessonByProgram(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	lesson := s.document(content.KindLesson, tiny+".implication-questions").Lesson
	at := fmt.Sprintf("/people/%d/lessons/%s/implication-questions", s.danaID, tiny)
	early, _ := s.call(422, s.dana, "PUT", at, `{"done": true}`)
	if n := len(early["errors"].([]any)); n != len(lesson.Questions) || !strings.Contains(fmt.Sprint(early["errors"]), lesson.Questions[0].ID) {
		t.Errorf("finishing early: %v", early)
	}
	for _, q := range lesson.Questions {
		body := fmt.Sprintf(`{"answer": %s}`, q.Key())
		m, _ := s.call(200, s.dana, "POST", at+"/answers/"+q.ID, body)
		if m["correct"] != true || m["explanation"] != q.Explanation {
			t.Errorf("%s: %v", q.ID, m)
		}
		s.call(403, s.mo, "POST", at+"/answers/"+q.ID, body)
		s.call(404, s.eve, "POST", at+"/answers/"+q.ID, body)
		s.call(200, s.system, "POST", at+"/answers/"+q.ID, body)
	}
	s.call(422, s.dana, "POST", at+"/answers/"+lesson.Questions[0].ID, `{"answer": {"x": 1}}`)
	s.call(404, s.dana, "POST", at+"/answers/q-none", `{"answer": "x"}`)
	done, _ := s.call(200, s.dana, "PUT", at, `{"done": true}`)
	if done["done"] != true || done["course_completed"] != false {
		t.Errorf("done %v", done)
	}
	progress, _ := s.call(200, s.mo, "GET", fmt.Sprintf("/people/%d/progress", s.danaID), "")
	course := progress["items"].([]any)[0].(map[string]any)
	if course["course"] != tiny || course["lessons_done"] != 1.0 || course["lessons_total"] != 7.0 || course["state"] != "begun" {
		t.Errorf("progress %v", course)
	}
	s.call(404, s.eve, "GET", fmt.Sprintf("/people/%d/progress", s.danaID), "")
}

func TestReviewsByProgram(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	s.call(201, s.dana, "POST", "/enrolments", fmt.Sprintf(`{"person_id": %d, "course": %q}`, s.danaID, tiny))
	list, _ := s.call(200, s.dana, "GET", fmt.Sprintf("/people/%d/reviews?limit=5", s.danaID), "")
	if len(list["items"].([]any)) != 5 || list["next"] == nil {
		t.Fatalf("the first page is %v", list)
	}
	rest, _ := s.call(200, s.dana, "GET", fmt.Sprintf("/people/%d/reviews?cursor=%v", s.danaID, list["next"]), "")
	if len(rest["items"].([]any)) != 7 || rest["next"] != nil {
		t.Errorf("the rest holds %d, next %v", len(rest["items"].([]any)), rest["next"])
	}
	card := int64(list["items"].([]any)[0].(map[string]any)["card_id"].(float64))
	first, _ := s.call(200, s.dana, "POST", fmt.Sprintf("/reviews/%d", card), `{"rating": "good", "at": "2022-11-29T12:30:00Z"}`)
	if first["stability"] != 2.3065 || first["interval_days"].(float64) < 2 || !strings.HasPrefix(first["due"].(string), "2022-12-") {
		t.Errorf("the first review made %v", first)
	}
	again, _ := s.call(200, s.system, "POST", fmt.Sprintf("/reviews/%d", card), fmt.Sprintf(`{"rating": "again", "at": %q, "person_id": %d}`, first["due"], s.danaID))
	if again["stability"].(float64) >= first["stability"].(float64) {
		t.Errorf("forgetting made it more stable: %v", again)
	}
	s.call(422, s.dana, "POST", fmt.Sprintf("/reviews/%d", card), `{"rating": "easy"}`)
	s.call(422, s.dana, "POST", fmt.Sprintf("/reviews/%d", card), `{"rating": "good", "at": "2022-11-29T12:30:00Z"}`)
	s.call(404, s.eve, "POST", fmt.Sprintf("/reviews/%d", card), `{"rating": "good"}`)
	s.call(403, s.mo, "POST", fmt.Sprintf("/reviews/%d", card), fmt.Sprintf(`{"rating": "good", "person_id": %d}`, s.danaID))
}

func TestAQuizByProgram(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	quiz := s.document(content.KindQuiz, tiny)
	start := fmt.Sprintf(`{"person_id": %d}`, s.danaID)
	paper, _ := s.call(201, s.dana, "POST", "/quizzes/"+tiny+"/attempts", start)
	again, _ := s.call(201, s.dana, "POST", "/quizzes/"+tiny+"/attempts", start)
	if paper["id"] != again["id"] || fmt.Sprint(paper["questions"]) != fmt.Sprint(again["questions"]) {
		t.Error("starting twice made two papers")
	}
	body := mustJSON(t, paper)
	for _, key := range []string{`"correct"`, `"feedback"`, `"explanation"`, `"accepted"`, `"hint"`} {
		if strings.Contains(body, key) {
			t.Errorf("the paper holds %s", key)
		}
	}
	at := fmt.Sprintf("/quiz-attempts/%v", paper["id"])
	questions := paper["questions"].([]any)
	if len(questions) != 12 {
		t.Fatalf("drew %d questions", len(questions))
	}
	for _, x := range questions {
		q := quiz.Question(x.(map[string]any)["id"].(string))
		if strings.Contains(body, q.Explanation) {
			t.Errorf("the paper gives %s away", q.ID)
		}
		answer := fmt.Sprintf(`{"answer": %s}`, q.Key())
		s.call(200, s.dana, "PUT", at+"/answers/"+q.ID, answer)
		s.call(200, s.dana, "PUT", at+"/answers/"+q.ID, answer)
		s.call(404, s.mo, "PUT", at+"/answers/"+q.ID, answer)
	}
	s.call(422, s.dana, "PUT", at+"/answers/"+questions[0].(map[string]any)["id"].(string), `{"answer": {"a": {"b": 1}}}`)
	got, _ := s.call(200, s.dana, "POST", at+"/submit", "")
	if got["passed"] != true || got["score"] != got["max_score"] || len(got["answers"].([]any)) != 12 {
		t.Errorf("the result is %v", got)
	}
	if a := got["answers"].([]any)[0].(map[string]any); a["correct"] != true || a["explanation"] == "" || a["question_id"] == "" {
		t.Errorf("an answer is %v", a)
	}
	twice, _ := s.call(200, s.dana, "POST", at+"/submit", "")
	if a, b := mustJSON(t, got), mustJSON(t, twice); a != b {
		t.Errorf("handing in twice: %s then %s", a, b)
	}
	s.call(409, s.dana, "PUT", at+"/answers/"+questions[0].(map[string]any)["id"].(string), `{"answer": "x"}`)
	s.call(404, s.eve, "POST", at+"/submit", "")
	progress, _ := s.call(200, s.dana, "GET", fmt.Sprintf("/people/%d/progress", s.danaID), "")
	if course := progress["items"].([]any)[0].(map[string]any); course["quiz_passed_at"] == nil {
		t.Errorf("progress %v", course)
	}
	stats, _ := s.call(200, s.mo, "GET", "/quizzes/"+tiny+"/statistics", "")
	if stats["n"] != 1.0 || stats["passed"] != 1.0 {
		t.Errorf("statistics %v", stats)
	}
	s.call(404, s.dana, "GET", "/quizzes/"+tiny+"/statistics", "")
	s.call(404, s.dana, "POST", "/quizzes/none/attempts", start)
	s.call(403, s.mo, "POST", "/quizzes/"+tiny+"/attempts", start)
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestChangesOfACourseByProgram(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	ctx := context.Background()
	doc := s.document(content.KindLesson, "questions-for-large-sales.implication-questions")
	changes := fmt.Sprintf("/people/%d/courses/questions-for-large-sales/changes", s.danaID)
	s.call(200, s.dana, "PUT", fmt.Sprintf("/people/%d/lessons/questions-for-large-sales/implication-questions", s.danaID), `{"done":false}`)
	author := people.Actor{Name: "Jo", Capabilities: []people.Capability{people.Author}}
	d, _, err := s.library.Save(ctx, author, content.Writing{Identity: doc.Identity, On: doc.Tag(), Body: []byte(strings.Replace(string(doc.Source), doc.Title, "What follows", 1))})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.library.Publish(ctx, author, content.KindLesson, doc.Slug, d.Number, content.Publication{Note: "Told anew."}); err != nil {
		t.Fatal(err)
	}
	got, _ := s.call(200, s.mo, "GET", changes, "")
	if diff := cmp.Diff([]string{"implication-questions 1 2 [Told anew.] false"}, named(got["items"], "lesson", "from", "to", "notes", "stays")); diff != "" {
		t.Error(diff)
	}
	s.call(404, s.eve, "GET", changes, "")
	s.call(403, s.mo, "POST", changes, `{"choice":"move"}`)
	s.call(422, s.dana, "POST", changes, `{"choice":"both"}`)
	if got, _ = s.call(200, s.dana, "POST", changes, `{"choice":"stay"}`); !cmp.Equal([]string{"true"}, named(got["items"], "stays")) {
		t.Errorf("%v", got)
	}
	if got, _ = s.call(200, s.dana, "POST", changes, `{"choice":"move"}`); len(got["items"].([]any)) != 0 {
		t.Errorf("%v", got)
	}
}
