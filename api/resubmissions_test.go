package api_test

import (
	"fmt"
	"testing"
)

func TestTryingAgainByProgram(t *testing.T) {
	t.Parallel()
	r := newRing(t)
	a, _ := r.call(201, r.dana, "POST", calder+"/attempts", fmt.Sprintf(`{"person_id": %d, "form": "transcript"}`, r.danaID))
	at := fmt.Sprintf("/attempts/%v", a["id"])
	r.call(200, r.dana, "PUT", at+"/transcript", `{"turns": [{"speaker": "buyer", "text": "Ten minutes."}, {"speaker": "rep", "text": "What stops the line?"}]}`)
	r.call(200, r.dana, "POST", at+"/submit", "")
	sheet := fmt.Sprintf("%s/sheets/%d", at, r.anaID)
	r.call(200, r.ana, "PUT", sheet, `{"scores": [{"criterion": "need_payoff", "level": null, "not_triggered": true}], "try_next": "Ask what it leads to."}`)
	said, _ := r.call(201, r.ana, "POST", at+"/comments", `{"turn": 2, "criterion": "problem", "text": "Good."}`)
	comment := fmt.Sprintf("%s/comments/%v", at, said["items"].([]any)[0].(map[string]any)["id"])
	r.call(422, r.ana, "POST", at+"/comments", `{"text": "Nowhere."}`)
	r.call(404, r.ben, "PATCH", comment, `{"text": "Not mine."}`)
	r.call(200, r.ana, "PATCH", comment, `{"text": "Good, and open.", "was": "Good."}`)
	r.call(412, r.ana, "PATCH", comment, `{"text": "Too late.", "was": "Good."}`)
	one, _ := r.call(200, r.ana, "GET", at+"/sheets", "")
	score := one["items"].([]any)[0].(map[string]any)["scores"].([]any)[0].(map[string]any)
	if score["not_triggered"] != true || score["not_observed"] != true || score["reason"] == "" {
		t.Errorf("not triggered is %v", score)
	}

	r.call(422, r.ana, "POST", at+"/resubmit", `{"reason": ""}`)
	r.call(404, r.dana, "POST", at+"/resubmit", `{"reason": "I would like another go."}`)
	for range 2 {
		if got, _ := r.call(200, r.ana, "POST", at+"/resubmit", `{"reason": "Ask one more question after the first answer."}`); got["state"] != "resubmit" {
			t.Errorf("sent back: %v", got)
		}
	}
	r.call(404, r.ana, "GET", at+"/resubmissions", "")
	back, _ := r.call(200, r.dana, "GET", at+"/resubmissions", "")
	first := back["items"].([]any)[0].(map[string]any)
	sheets := first["sheets"].([]any)
	if first["nth"] != float64(1) || first["again_at"] != nil || len(sheets) != 1 || sheets[0].(map[string]any)["try_next"] != "Ask what it leads to." {
		t.Errorf("the rep reads %v", first)
	}
	r.call(200, r.dana, "PUT", at+"/transcript", `{"turns": [{"speaker": "buyer", "text": "Ten minutes."}, {"speaker": "rep", "text": "What does a stop lead to?"}]}`)
	if got, _ := r.call(200, r.dana, "POST", at+"/submit", ""); got["state"] != "submitted" {
		t.Errorf("handed in again: %v", got)
	}
	r.call(201, r.ana, "POST", at+"/comments", `{"turn": 2, "text": "Better."}`)
}
