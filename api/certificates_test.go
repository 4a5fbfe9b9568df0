package api_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"pitchside/people"
)

func TestReviewIsTakenBackAndHeldByPrograms(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	s.call(http.StatusCreated, s.dana, "POST", "/enrolments", fmt.Sprintf(`{"person_id": %d, "course": "%s"}`, s.danaID, tiny))
	at := fmt.Sprintf("/people/%d", s.danaID)
	list, _ := s.call(http.StatusOK, s.dana, "GET", at+"/reviews", "")
	card := list["items"].([]any)[0].(map[string]any)["card_id"].(float64)
	s.call(http.StatusConflict, s.dana, "POST", "/reviews/undo", `{}`)
	s.call(http.StatusOK, s.dana, "POST", fmt.Sprintf("/reviews/%.0f", card), `{"rating": "good"}`)
	state, _ := s.call(http.StatusOK, s.mo, "GET", at+"/review-state", "")
	if state["done_today"] != 1.0 || state["of"] != 1.0 || state["likely"] != nil {
		t.Errorf("after one review %v", state)
	}
	undone, _ := s.call(http.StatusOK, s.dana, "POST", "/reviews/undo", `{}`)
	if undone["card_id"] != card {
		t.Errorf("taken back %v, want card %v", undone, card)
	}
	from, to := time.Now().UTC().AddDate(0, 0, -1), time.Now().UTC().AddDate(0, 0, 9)
	s.call(http.StatusUnprocessableEntity, s.dana, "PUT", at+"/review-hold", `{"from": "2026-13-01", "to": null}`)
	s.call(http.StatusUnprocessableEntity, s.dana, "PUT", at+"/review-hold", fmt.Sprintf(`{"from": %q, "to": %q}`, from.AddDate(0, 0, -3).Format(time.DateOnly), to.Format(time.DateOnly)))
	s.call(http.StatusNotFound, s.eve, "PUT", at+"/review-hold", `{"from": null, "to": null}`)
	held, _ := s.call(http.StatusOK, s.dana, "PUT", at+"/review-hold", fmt.Sprintf(`{"from": %q, "to": %q}`, to.Format(time.DateOnly), to.AddDate(0, 0, 5).Format(time.DateOnly)))
	if held["from"] != to.Format(time.DateOnly) {
		t.Errorf("held %v", held)
	}
	if held, _ = s.call(http.StatusOK, s.dana, "PUT", at+"/review-hold", `{"from": null, "to": null}`); held["from"] != nil {
		t.Errorf("after its end %v", held)
	}
}

func TestCertificatesOverTheAPI(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	author := s.token(people.Author, "all")
	s.call(http.StatusOK, author, "POST", "/library/import", zipped(t,
		"courses/short/course.md", "---\ntitle: Short\nattribution: Ours.\ncertificate: {months: 12}\n---\n\nAbout.\n",
		"courses/short/01-only.md", "---\ntitle: Only\n---\n\nOne page.\n"), "Content-Type", "application/zip")
	s.call(http.StatusOK, s.dana, "PUT", fmt.Sprintf("/people/%d/lessons/short/only", s.danaID), `{"done": true}`)
	list, _ := s.call(http.StatusOK, s.mo, "GET", fmt.Sprintf("/people/%d/certificates", s.danaID), "")
	items := list["items"].([]any)
	if len(items) != 1 {
		t.Fatalf("certificates %v", list)
	}
	c := items[0].(map[string]any)
	s.call(http.StatusNotFound, s.eve, "GET", fmt.Sprintf("/people/%d/certificates", s.danaID), "")
	public, _ := s.call(http.StatusOK, "", "GET", "/certificates/"+c["code"].(string), "")
	if len(public) > 6 || public["title"] != "Short" || public["state"] != "valid" || public["valid_until"] == nil || public["person_id"] != nil {
		t.Errorf("the public is told %v", public)
	}
	revoke := fmt.Sprintf("/certificates/%.0f/revoke", c["id"])
	s.call(http.StatusUnprocessableEntity, s.mo, "POST", revoke, `{"reason": ""}`)
	s.call(http.StatusConflict, s.dana, "POST", fmt.Sprintf("/certificates/%.0f/renew", c["id"]), `{}`)
	gone, _ := s.call(http.StatusOK, s.mo, "POST", revoke, `{"reason": "It was not her."}`)
	if gone["state"] != "revoked" || gone["reason"] != "It was not her." {
		t.Errorf("revoked %v", gone)
	}
	if public, _ = s.call(http.StatusOK, "", "GET", "/certificates/"+c["code"].(string), ""); public["state"] != "revoked" || public["reason"] != nil {
		t.Errorf("the public is told %v", public)
	}
	s.call(http.StatusNotFound, "", "GET", "/certificates/none-none-none", "")
}
