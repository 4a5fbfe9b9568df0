package api_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pitchside/people"
)

const rampYAML = `title: Ramp
days: 10
attribution: Our own words.
sections:
  - title: Week 1
    items:
      - {id: basics, course: selling-foundations, due: 3}
      - {id: diary, title: Keep a diary, milestone: self, due: 5}
      - {id: ready, title: Ready, gate: {skills: {listen: 2}}, due: 10, after: [basics]}
`

func TestProgramsByProgram(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	if _, err := s.library.Import(context.Background(), people.Operator, fstest.MapFS{"programs/ramp.yaml": {Data: []byte(rampYAML)}}, true); err != nil {
		t.Fatal(err)
	}
	one, _ := s.call(200, s.dana, "GET", "/programs/ramp", "")
	if one["days"] != 10.0 || len(one["sections"].([]any)) != 1 {
		t.Errorf("the program is %v", one)
	}
	s.call(404, s.dana, "GET", "/programs/none", "")
	body := fmt.Sprintf(`{"person_id": %d, "program": "ramp"`, s.danaID)
	s.call(422, s.mo, "POST", "/enrolments", body+`}`)
	s.call(404, s.eve, "POST", "/enrolments", body+`, "reason": "Join us."}`)
	s.call(422, s.mo, "POST", "/enrolments", fmt.Sprintf(`{"person_id": %d, "program": "none", "reason": "Why."}`, s.danaID))
	e, _ := s.call(201, s.mo, "POST", "/enrolments", body+`, "reason": "You start today."}`)
	if e["program"] != "ramp" || e["starts_on"] == "" {
		t.Errorf("the enrolment is %v", e)
	}
	at := fmt.Sprintf("/program-enrolments/%d", int(e["enrolment_id"].(float64)))
	mine, _ := s.call(200, s.dana, "GET", fmt.Sprintf("/people/%d/programs", s.danaID), "")
	place := mine["items"].([]any)[0].(map[string]any)
	if place["reason"] != "You start today." || place["day"] != 1.0 || place["total"] != 3.0 || place["items"].([]any)[2].(map[string]any)["state"] != "locked" {
		t.Errorf("the way is %v", place)
	}
	s.call(404, s.eve, "GET", fmt.Sprintf("/people/%d/programs", s.danaID), "")
	s.call(422, s.dana, "PUT", at+"/items/diary", `{"done": true}`)
	ticked, _ := s.call(200, s.dana, "PUT", at+"/items/diary", `{"done": true, "note": "Three calls."}`)
	if ticked["done"] != 1.0 {
		t.Errorf("after the tick: %v", ticked)
	}
	gate, _ := s.call(200, s.dana, "GET", at+"/items/ready/gate", "")
	if gate["ready"] != false || len(gate["evidence"].([]any)) != 1 {
		t.Errorf("the gate is %v", gate)
	}
	s.call(403, s.dana, "POST", at+"/items/ready/readings", `{"passed": true, "note": "I can."}`)
	read, _ := s.call(200, s.mo, "POST", at+"/items/ready/readings", `{"passed": false, "note": "Two more calls."}`)
	if read["items"].([]any)[2].(map[string]any)["retry_on"] == nil {
		t.Errorf("the gate has no day of the next try: %v", read)
	}
	s.call(404, s.dana, "POST", at+"/extensions", `{"days": 3, "reason": "For me."}`)
	s.call(200, s.mo, "POST", at+"/extensions", `{"days": 3, "reason": "You were ill."}`)
	people, _ := s.call(200, s.mo, "GET", "/programs/ramp/people", "")
	if len(people["items"].([]any)) != 1 {
		t.Errorf("the manager sees %v", people)
	}
	rule, _ := s.call(201, s.system, "POST", "/enrolment-rules", `{"kind": "program", "slug": "ramp", "role_family": "AE", "reason": "Every AE."}`)
	if rule["enrolled"] != 4.0 {
		t.Errorf("the rule has enrolled %v of the four others", rule["enrolled"])
	}
	s.call(204, s.system, "DELETE", fmt.Sprintf("/enrolment-rules/%d", int(rule["id"].(float64))), "")
	s.call(204, s.mo, "DELETE", fmt.Sprintf("/enrolments?person_id=%d&program=ramp", s.danaID), "")
	if left, _ := s.call(200, s.mo, "GET", "/programs/ramp/people", ""); left["items"].([]any)[0].(map[string]any)["withdrawn_at"] == nil {
		t.Errorf("after leaving: %v", left)
	}
}

func TestLiveSessionsByProgram(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	plan := fmt.Sprintf(`{"title": "Calls", "kind": "virtual", "link": "https://meet.example/a", "at": %q, "minutes": 60, "capacity": 1}`, time.Now().AddDate(0, 0, 3).UTC().Format(time.RFC3339))
	s.call(404, s.dana, "POST", "/live-sessions", plan)
	s.call(422, s.mo, "POST", "/live-sessions", strings.Replace(plan, "https://meet.example/a", "meet", 1))
	made, _ := s.call(201, s.mo, "POST", "/live-sessions", plan)
	at := fmt.Sprintf("/live-sessions/%d", int(made["id"].(float64)))
	if got, _ := s.call(200, s.mo, "POST", at+"/registrations", fmt.Sprintf(`{"person_id": %d}`, s.danaID)); got["state"] != "registered" {
		t.Errorf("the first is %v", got)
	}
	if got, _ := s.call(200, s.eve, "POST", at+"/registrations", `{}`); got["state"] != "waiting" {
		t.Errorf("the second is %v", got)
	}
	if list, _ := s.call(200, s.eve, "GET", at+"/registrations", ""); len(list["items"].([]any)) != 1 {
		t.Errorf("a guest sees %v", list)
	}
	s.call(204, s.dana, "DELETE", fmt.Sprintf("%s/registrations/%d", at, s.danaID), "")
	if l, _ := s.call(200, s.eve, "GET", at, ""); l["mine"] != "registered" {
		t.Errorf("after a place came free: %v", l)
	}
	s.call(409, s.mo, "PUT", at+"/attendance", `{"marks": []}`)
	s.call(200, s.mo, "POST", at+"/cancel", `{"reason": "The host is ill."}`)
	s.call(409, s.dana, "POST", at+"/registrations", `{}`)
	if list, _ := s.call(200, s.dana, "GET", "/live-sessions", ""); len(list["items"].([]any)) != 1 {
		t.Errorf("the list is %v", list)
	}
}
