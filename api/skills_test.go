package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"net/url"
	"os"
	"testing"
	"time"

	"pitchside/api"
	"pitchside/content"
	"pitchside/internal/pg/pgtest"
	"pitchside/people"
	"pitchside/skills"
)

func newSkillsDesk(t *testing.T) *desk {
	t.Helper()
	db := pgtest.New(t)
	library := &content.Service{DB: db, Now: time.Now}
	if err := library.EnsureBuiltIn(context.Background()); err != nil {
		t.Fatal(err)
	}
	a := &api.API{DB: db, People: &people.Service{DB: db, Now: time.Now}, Content: library, Log: slog.New(slog.DiscardHandler), Now: time.Now,
		Skills: &skills.Service{DB: db, Content: library, Now: time.Now}}
	h, err := a.Handler()
	if err != nil {
		t.Fatal(err)
	}
	return &desk{t, a.People, h}
}

// hire adds a person by program and returns their number.
func (d *desk) hire(token, name, role string) int {
	d.t.Helper()
	p, _ := d.call(201, token, "POST", "/people", fmt.Sprintf(`{"name": %q, "email": "%s@fernhill.example", "role_family": %q, "capabilities": ["rep"]}`, name, url.QueryEscape(name), role))
	return int(p["id"].(float64))
}

// The worked example of the model, brought over by a system: what is read back
// is what the example says.
func TestLevelsByProgram(t *testing.T) {
	t.Parallel()
	d := newSkillsDesk(t)
	admin := d.token(people.Admin, "all")
	list, _ := d.call(200, admin, "GET", "/skills", "")
	first := list["items"].([]any)[0].(map[string]any)
	if n := len(list["items"].([]any)); n != 19 || len(first["levels"].([]any)) != 5 || list["next"] != nil {
		t.Errorf("%d skills, the first %v", n, first)
	}
	var v struct {
		Input struct {
			Now      int `json:"now_day"`
			Evidence []struct {
				Source, Rater string
				Day           int
				Y             float64
				Raw, Correct  *float64
				Items         *int
			}
		}
		Expected struct {
			Level, SE, Reliability float64
			Interval80             [2]float64
			AtOrAbove              float64 `json:"p_at_or_above_target"`
			PriorShare             float64 `json:"prior_share"`
		}
	}
	b, err := os.ReadFile("../skills/testdata/skill_discount_model.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	const role = "Field engineer"
	set, _ := d.call(200, admin, "PUT", "/roles/"+url.PathEscape(role)+"/skills/question", `{"target": 3.5, "prior_mean": 2.6}`)
	if set["target"] != 3.5 || set["prior_mean"] != 2.6 || set["role_family"] != role {
		t.Errorf("the target was read as %v", set)
	}
	dana := d.hire(admin, "Dana", role)
	raters := map[string]int{"Ana": d.hire(admin, "Ana", "AE"), "Ben": d.hire(admin, "Ben", "AE"), "Eve": d.hire(admin, "Eve", "sales manager"), "self": dana}
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, e := range v.Input.Evidence {
		body := map[string]any{"person_id": dana, "skill": "question", "source": e.Source, "at": start.AddDate(0, 0, e.Day).Format(time.RFC3339), "note": "As seen."}
		switch {
		case e.Correct != nil:
			body["correct"], body["items"], body["raw"], body["rater_id"] = e.Correct, e.Items, nil, nil
		case e.Source == "self":
			body["raw"], body["rater_id"] = e.Raw, raters[e.Rater]
		default:
			body["raw"], body["rater_id"] = e.Y, raters[e.Rater] // the example's strictness is taken off already
		}
		text, _ := json.Marshal(body)
		if got, _ := d.call(201, admin, "POST", "/evidence", string(text)); got["id"] == nil {
			t.Errorf("recorded as %v", got)
		}
	}
	day := start.AddDate(0, 0, v.Input.Now).Format(time.DateOnly)
	level, _ := d.call(200, admin, "GET", fmt.Sprintf("/people/%d/skills/question?at=%s", dana, day), "")
	for name, want := range map[string]float64{"level": v.Expected.Level, "se": v.Expected.SE, "reliability": v.Expected.Reliability,
		"low80": v.Expected.Interval80[0], "high80": v.Expected.Interval80[1], "p_below": 1 - v.Expected.AtOrAbove} {
		if got, ok := level[name].(float64); !ok || math.Abs(got-want) > 1e-9 {
			t.Errorf("%s is %v, want %v", name, level[name], want)
		}
	}
	if level["state"] != "shown" || level["reason"] != nil || level["verdict"] != "too_close_to_call" || level["target"] != 3.5 {
		t.Errorf("read as %v", level)
	}
	sum, reproduced := 0.0, 0.0
	for _, s := range level["shares"].([]any) {
		share := s.(map[string]any)
		sum += share["share"].(float64)
		reproduced += share["share"].(float64) * share["level"].(float64)
		if share["evidence_id"] == "prior" && math.Abs(share["share"].(float64)-v.Expected.PriorShare) > 1e-9 {
			t.Errorf("the starting assumption has the share %v", share)
		}
	}
	if math.Abs(sum-1) > 1e-9 || math.Abs(reproduced-v.Expected.Level) > 1e-9 {
		t.Errorf("the shares sum to %v and make %v", sum, reproduced)
	}
	if gap := level["self_gap"].(map[string]any); gap["flag"] != true || math.Abs(gap["gap"].(float64)-1.2008515832594693) > 1e-9 {
		t.Errorf("the gap to the coaches is %v", gap)
	}

	// Early on one person had scored one session: no number at all.
	early, _ := d.call(200, admin, "GET", fmt.Sprintf("/people/%d/skills/question?at=2026-02-01", dana), "")
	if early["state"] != "hidden" || early["reason"] != "Not enough evidence yet (1 of 2 scored observations)" {
		t.Errorf("early: %v", early)
	}
	for _, absent := range []string{"level", "se", "low80", "high80", "p_below", "verdict", "shares", "self_gap"} {
		if _, there := early[absent]; there {
			t.Errorf("a hidden level has %s: %v", absent, early[absent])
		}
	}
	all, _ := d.call(200, admin, "GET", fmt.Sprintf("/people/%d/skills", dana), "")
	if n := len(all["items"].([]any)); n != 19 {
		t.Errorf("%d levels, want 19", n)
	}
	m, _ := d.call(200, admin, "GET", "/teams/0/heatmap?at="+day, "")
	if m["known"] != 1.0 || len(m["people"].([]any)) != 4 {
		t.Errorf("the heatmap knows %v of %v", m["known"], m["of"])
	}
}

func TestEvidenceThatCannotBe(t *testing.T) {
	t.Parallel()
	d := newSkillsDesk(t)
	admin, rep := d.token(people.Admin, "all"), d.token(people.Rep, "all")
	dana := d.hire(admin, "Dana", "AE")
	for what, c := range map[string]struct {
		token, body, on string
		want            int
	}{
		"a future day":    {admin, fmt.Sprintf(`{"person_id": %d, "skill": "question", "source": "self", "raw": 3, "at": "2999-01-01"}`, dana), "at", 422},
		"an odd day":      {admin, fmt.Sprintf(`{"person_id": %d, "skill": "question", "source": "self", "raw": 3, "at": "soon"}`, dana), "at", 422},
		"level 6":         {admin, fmt.Sprintf(`{"person_id": %d, "skill": "question", "source": "self", "raw": 6}`, dana), "raw", 422},
		"an extra field":  {admin, fmt.Sprintf(`{"person_id": %d, "skill": "question", "source": "self", "raw": 3, "mood": "good"}`, dana), "mood", 422},
		"not JSON at all": {admin, `{`, "", 400},
	} {
		got, _ := d.call(c.want, c.token, "POST", "/evidence", c.body)
		if c.on == "" {
			continue
		}
		if fields := named(got["errors"], "field"); len(fields) != 1 || fields[0] != c.on {
			t.Errorf("%s: %v, want a problem with %s", what, got, c.on)
		}
	}
	d.call(404, rep, "POST", "/evidence", fmt.Sprintf(`{"person_id": %d, "skill": "question", "source": "self", "raw": 3}`, dana))
	d.call(404, rep, "GET", fmt.Sprintf("/people/%d/skills/question", dana), "")
	d.call(404, admin, "GET", fmt.Sprintf("/people/%d/skills/juggling", dana), "")
	d.call(404, admin, "GET", "/teams/99/heatmap", "")
	d.call(404, rep, "PUT", "/roles/AE/skills/question", `{"target": 3}`)
	d.call(422, admin, "PUT", "/roles/AE/skills/question", `{"target": 7}`)
	d.call(422, admin, "GET", fmt.Sprintf("/people/%d/skills/question?at=yesterday", dana), "")
}
