package api_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"
)

// Who may make the calls of calibration and second views; see access.
func init() {
	maps.Copy(access, map[string]string{
		"PUT /attempts/{id}/consent":        "signed in",
		"GET /calibrations":                 "coach manager admin",
		"POST /calibrations":                "coach manager admin",
		"GET /calibrations/{id}":            "coach manager admin",
		"GET /calibrations/{id}/report":     "coach manager admin",
		"PUT /calibrations/{id}/references": "coach manager admin",
		"GET /reports/strictness":           "coach manager admin",
		"POST /attempts/{id}/disputes":      "signed in",
		"GET /attempts/{id}/disputes":       "signed in",
		"POST /disputes/{id}/outcome":       "signed in",
		"PUT /disputes/{id}/second":         "signed in",
		"GET /reports/disputes":             "coach manager admin",
		"GET /attempts/{id}/scorers":        "signed in",
		"POST /attempts/{id}/peers":         "signed in",
		"POST /attempts/{id}/decline":       "signed in",
	})
}

// brought is a submitted attempt that the admin's system brings over for a
// person.
func (r ring) brought(person int64) int64 {
	made, _ := r.call(201, r.system, "POST", calder+"/attempts", fmt.Sprintf(`{"person_id": %d, "form": "transcript"}`, person))
	id := int64(made["id"].(float64))
	at := fmt.Sprintf("/attempts/%d", id)
	r.call(200, r.system, "PUT", at+"/transcript", `{"turns": [{"speaker": "buyer", "text": "Ten minutes."}, {"speaker": "rep", "text": "What does a stop lead to?"}]}`)
	r.call(200, r.system, "POST", at+"/submit", "")
	return id
}

// sheetOf is a whole sheet of one level.
func sheetOf(level string) string {
	var scores []string
	for _, c := range []string{"situation_economy", "problem", "implication", "need_payoff", "presentation", "commitment"} {
		scores = append(scores, fmt.Sprintf(`{"criterion": %q, "level": %s, "quote": "What does a stop lead to?"}`, c, level))
	}
	return `{"scores": [` + strings.Join(scores, ",") + `], "keep": "", "try_next": ""}`
}

func TestCalibrationByProgram(t *testing.T) {
	t.Parallel()
	r := newRing(t)
	me, _ := r.call(200, r.ben, "GET", "/me", "")
	benID := int64(me["id"].(float64))
	var ids []int64
	for range 4 {
		ids = append(ids, r.brought(r.danaID))
	}
	open := func(status int, list []int64, due string) map[string]any {
		t.Helper()
		out, _ := r.call(status, r.system, "POST", "/calibrations", fmt.Sprintf(`{"scenario": "spi1-packaging-stoppages", "attempt_ids": [%s], "coach_ids": [%d, %d], "due": %q}`,
			strings.Trim(strings.Join(strings.Fields(fmt.Sprint(list)), ","), "[]"), r.anaID, benID, due))
		return out
	}
	next := time.Now().AddDate(0, 0, 7).Format(time.DateOnly)
	open(422, ids, "soon")
	open(422, []int64{1 << 40}, next)
	// Brought over, an attempt consents until its rep says otherwise.
	r.call(200, r.system, "PUT", fmt.Sprintf("/attempts/%d/consent", ids[3]), `{"calibration": false}`)
	open(422, ids, next)
	r.call(404, r.ana, "PUT", fmt.Sprintf("/attempts/%d/consent", ids[3]), `{"calibration": true}`)
	r.call(200, r.dana, "PUT", fmt.Sprintf("/attempts/%d/consent", ids[3]), `{"calibration": true}`)
	round := open(201, ids, next)
	at := fmt.Sprintf("/calibrations/%v/report", round["id"])
	r.call(404, r.dana, "GET", at, "")

	for i, id := range ids {
		r.call(200, r.ana, "PUT", fmt.Sprintf("/attempts/%d/sheets/%d", id, r.anaID), sheetOf([]string{"2", "3", "4", "3"}[i]))
		if i == 0 {
			before, _ := r.call(200, r.ana, "GET", at, "")
			if before["state"] != "hidden" || len(before["criteria"].([]any)) != 0 || before["sheets_done"] != 1.0 {
				t.Errorf("before the reveal: %v", before)
			}
		}
		sheets, _ := r.call(200, r.ben, "GET", fmt.Sprintf("/attempts/%d/sheets", id), "")
		if len(sheets["items"].([]any)) != 0 {
			t.Error("Ben reads Ana's blind sheet")
		}
		r.call(200, r.system, "PUT", fmt.Sprintf("/attempts/%d/sheets/%d", id, benID), sheetOf([]string{"2", "4", "4", "null"}[i]))
	}
	report, _ := r.call(200, r.system, "GET", at, "")
	if report["state"] != "hidden" || report["reason"] != "3 of 10 double-scored role-plays" || report["n_units"] != 3.0 || report["n_coaches"] != 2.0 {
		t.Errorf("the report: %v", report)
	}
	criteria := report["criteria"].([]any)
	if len(criteria) != 6 {
		t.Fatalf("%d criteria", len(criteria))
	}
	for _, name := range []string{"alpha_ordinal", "low", "high", "exact", "within_one"} {
		if _, there := criteria[0].(map[string]any)[name]; there {
			t.Errorf("%s is there below the rule", name)
		}
	}
	coaches := report["coaches"].([]any)
	if one := coaches[0].(map[string]any); len(coaches) != 2 || one["state"] != "do_not_adjust" || one["severity"] != nil || one["reason"] == "" {
		t.Errorf("the coaches: %v", coaches)
	}
	if icc := report["icc"].(map[string]any); icc["state"] != "hidden" || icc["icc21"] != nil {
		t.Errorf("the whole sheet: %v", icc)
	}
	attempt, _ := r.call(200, r.dana, "GET", fmt.Sprintf("/attempts/%d", ids[0]), "")
	if attempt["state"] != "submitted" {
		t.Errorf("the round moved the attempt to %v", attempt["state"])
	}
	r.call(200, r.ana, "PUT", fmt.Sprintf("/calibrations/%v/references", round["id"]),
		fmt.Sprintf(`{"attempt_id": %d, "criterion": "problem", "level": 3, "reason": "One question, no symptom."}`, ids[0]))
	list, _ := r.call(200, r.ana, "GET", "/calibrations", "")
	if len(list["items"].([]any)) != 1 {
		t.Errorf("the list: %v", list)
	}
	own, _ := r.call(200, r.ben, "GET", "/reports/strictness", "")
	if len(own["items"].([]any)) != 1 {
		t.Errorf("Ben's strictness: %v", own)
	}
}

func TestDisputeByProgram(t *testing.T) {
	t.Parallel()
	r := newRing(t)
	me, _ := r.call(200, r.ben, "GET", "/me", "")
	benID := int64(me["id"].(float64))
	id := r.brought(r.danaID)
	at := fmt.Sprintf("/attempts/%d", id)
	r.call(409, r.dana, "POST", at+"/disputes", `{"reason": "I asked for the effect."}`)
	r.call(200, r.ana, "PUT", fmt.Sprintf("%s/sheets/%d", at, r.anaID), sheetOf("2"))
	r.call(200, r.ana, "POST", fmt.Sprintf("%s/sheets/%d/release", at, r.anaID), "")
	r.call(422, r.dana, "POST", at+"/disputes", `{"reason": "no"}`)
	r.call(404, r.ana, "POST", at+"/disputes", `{"reason": "I asked for the effect."}`)
	d, _ := r.call(201, r.dana, "POST", at+"/disputes", `{"reason": "I asked for the effect."}`)
	if d["state"] != "open" || d["second_assessor_id"] != float64(benID) {
		t.Fatalf("the dispute: %v", d)
	}
	outcome := fmt.Sprintf("/disputes/%v/outcome", d["id"])
	r.call(409, r.ben, "POST", outcome, `{"outcome": "changed", "reason": "The effect is asked for."}`)
	r.call(200, r.ben, "PUT", fmt.Sprintf("%s/sheets/%d", at, benID), sheetOf("4"))
	r.call(200, r.ben, "POST", fmt.Sprintf("%s/sheets/%d/release", at, benID), "")
	r.call(403, r.ana, "POST", outcome, `{"outcome": "upheld", "reason": "I stand by it, all of it."}`)
	settled, _ := r.call(200, r.ben, "POST", outcome, `{"outcome": "changed", "reason": "The effect is asked for."}`)
	if settled["state"] != "changed" {
		t.Errorf("settled: %v", settled)
	}
	sheets, _ := r.call(200, r.dana, "GET", at+"/sheets", "")
	if len(sheets["items"].([]any)) != 2 {
		t.Errorf("the rep reads %v", sheets)
	}
	report, _ := r.call(200, r.ana, "GET", "/reports/disputes", "")
	if all := report["all"].(map[string]any); all["n"] != 1.0 || all["changed"] != 1.0 || all["rate"] != nil || all["state"] != "counts" {
		t.Errorf("the report: %v", report)
	}
}
