package api_test

import (
	"fmt"
	"testing"
	"testing/fstest"

	"pitchside/content"
	"pitchside/people"
)

// An answer in somebody's own words waits for who leads them, and counts once
// it is read.
func TestAnOpenAnswerByProgram(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	lib := fstest.MapFS{
		"courses/words/course.md": {Data: []byte("---\ntitle: Words\nattribution: ours\n---\n")},
		"courses/words/01-a.md":   {Data: []byte("---\ntitle: A\n---\nText.\n")},
		"courses/words/quiz.md":   {Data: []byte("---\npass: 60\ncertainty: true\n---\n\n### Say it. {#q-say points=2}\n[[...]]\n! Her words.\n\n### Is it? {#q-is points=1}\n- (x) Yes\n  > It is.\n- ( ) No\n  > It is.\n! It is.\n")},
	}
	if in, err := s.library.Import(t.Context(), people.Operator, lib, true); err != nil || content.Failed(in.Problems) {
		t.Fatal(in.Problems, err)
	}
	s.call(201, s.dana, "POST", "/enrolments", fmt.Sprintf(`{"person_id": %d, "course": "words"}`, s.danaID))
	paper, _ := s.call(201, s.dana, "POST", "/quizzes/words/attempts", fmt.Sprintf(`{"person_id": %d}`, s.danaID))
	at := fmt.Sprintf("/quiz-attempts/%v", paper["id"])
	s.call(200, s.dana, "PUT", at+"/answers/q-say", `{"answer": "It costs her a day.", "certainty": "fairly"}`)
	s.call(422, s.dana, "PUT", at+"/answers/q-say", `{"answer": "x", "certainty": "very"}`)
	result, _ := s.call(200, s.dana, "POST", at+"/submit", "")
	if result["passed"] != false || result["accuracy"].(map[string]any)["state"] != "hidden" {
		t.Errorf("before it is read: %v", result)
	}
	s.call(404, s.dana, "GET", "/open-answers", "")
	waiting, _ := s.call(200, s.mo, "GET", "/open-answers", "")
	if items := waiting["items"].([]any); len(items) != 1 || items[0].(map[string]any)["answer"] != "It costs her a day." || items[0].(map[string]any)["points"] != 2.0 {
		t.Errorf("waiting: %v", waiting)
	}
	s.call(404, s.dana, "PUT", at+"/answers/q-say/score", `{"earned": 2}`)
	s.call(422, s.mo, "PUT", at+"/answers/q-say/score", `{"earned": 3}`)
	s.call(409, s.mo, "PUT", at+"/answers/q-is/score", `{"earned": 1}`)
	sum, _ := s.call(200, s.mo, "PUT", at+"/answers/q-say/score", `{"earned": 2, "comment": "Her words, and the day."}`)
	if sum["passed"] != true || sum["score"] != 2.0 || sum["max_score"] != 3.0 {
		t.Errorf("once read: %v", sum)
	}
	if waiting, _ = s.call(200, s.mo, "GET", "/open-answers", ""); len(waiting["items"].([]any)) != 0 {
		t.Errorf("still waiting: %v", waiting)
	}
}
