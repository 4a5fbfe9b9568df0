package api_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"pitchside/api"
	"pitchside/assessments"
	"pitchside/content"
	"pitchside/internal/blob"
	"pitchside/internal/pg/pgtest"
	"pitchside/people"
	"pitchside/skills"

	"github.com/google/go-cmp/cmp"
)

// A ring is a desk with the library, a rep, her coach and an admin's system.
type ring struct {
	*desk
	dana, ana, ben, system string // tokens
	danaID, anaID          int64
}

func newRing(t *testing.T) ring {
	t.Helper()
	ctx := context.Background()
	db := pgtest.New(t)
	library := &content.Service{DB: db, Now: time.Now}
	if err := library.EnsureBuiltIn(ctx); err != nil {
		t.Fatal(err)
	}
	folder, err := blob.OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	a := &api.API{DB: db, People: &people.Service{DB: db, Now: time.Now}, Content: library, Skills: &skills.Service{DB: db, Content: library, Now: time.Now},
		Assessments: &assessments.Service{DB: db, Content: library, Blobs: folder, Now: time.Now}, Log: slog.New(slog.DiscardHandler), Now: time.Now}
	h, err := a.Handler()
	if err != nil {
		t.Fatal(err)
	}
	r := ring{desk: &desk{t, a.People, h}}
	add := func(name string, c people.Capability) (string, int64) {
		mail := strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@fernhill.example"
		p, err := a.People.AddPerson(ctx, people.Operator, people.PersonPatch{Name: &name, Email: &mail, Capabilities: &[]people.Capability{c}}, "page")
		if err != nil {
			t.Fatal(err)
		}
		token, err := a.People.CreateToken(ctx, people.Operator, p.ID, "", []string{"all"})
		if err != nil {
			t.Fatal(err)
		}
		return token, p.ID
	}
	r.dana, r.danaID = add("Dana Okafor", people.Rep)
	r.ana, r.anaID = add("Ana Ruiz", people.Coach)
	r.ben, _ = add("Ben Ito", people.Coach)
	r.system, _ = add("Ada Minh", people.Admin)
	if _, err := db.Exec(ctx, `insert into coachings (coach_id, person_id) values ($1, $2)`, r.anaID, r.danaID); err != nil {
		t.Fatal(err)
	}
	return r
}

const calder = "/scenarios/spi1-packaging-stoppages"

func TestScenariosByProgram(t *testing.T) {
	t.Parallel()
	r := newRing(t)
	list, _ := r.call(200, r.dana, "GET", "/scenarios", "")
	found := false
	for _, one := range list["items"].([]any) {
		sc := one.(map[string]any)
		found = found || sc["slug"] == "spi1-packaging-stoppages" && sc["text_buyer"] == true && sc["rubric"] == "spi"
	}
	if !found {
		t.Errorf("the list is %v", list)
	}
	if short, _ := r.call(200, r.dana, "GET", "/scenarios?limit=1", ""); len(short["items"].([]any)) != 1 {
		t.Errorf("a page of one is %v", short)
	}
	mine, _ := r.call(200, r.dana, "GET", calder, "")
	if _, shown := mine["buyer"]; shown || len(mine["criteria"].([]any)) != 6 {
		t.Error("a rep reads the buyer's side, or not the six criteria")
	}
	if held, _ := r.call(200, r.ana, "GET", calder, ""); !strings.Contains(fmt.Sprint(held["buyer"]), "hidden") {
		t.Error("a coach does not hold the buyer's side")
	}
	r.call(404, r.dana, "GET", "/scenarios/none", "")
}

func TestTextConversationByProgram(t *testing.T) {
	t.Parallel()
	r := newRing(t)
	a, _ := r.call(201, r.dana, "POST", calder+"/attempts", `{"form": "text"}`)
	at := fmt.Sprintf("/attempts/%v", a["id"])
	if a["state"] != "draft" {
		t.Errorf("it begins as %v", a)
	}
	play, _ := r.call(200, r.dana, "GET", at+"/turns", "")
	r.call(404, r.ana, "GET", at+"/turns", "")
	r.call(422, r.dana, "POST", at+"/turns", `{"choice": "opening/none"}`)
	for n := 0; play["ended"] != true && n < 40; n++ {
		choice := play["choices"].([]any)[0].(map[string]any)["id"]
		play, _ = r.call(200, r.dana, "POST", at+"/turns", fmt.Sprintf(`{"choice": %q}`, choice))
		if again, _ := r.call(200, r.dana, "POST", at+"/turns", fmt.Sprintf(`{"choice": %q, "seq": %d}`, choice, n)); cmp.Diff(play, again) != "" {
			t.Fatal("a choice sent twice counts twice")
		}
	}
	if debrief, ok := play["debrief"].(map[string]any); !ok || debrief["title"] == "" || len(debrief["levels"].([]any)) != 6 || len(play["choices"].([]any)) != 0 {
		t.Errorf("it ends with %v", play)
	}
	if done, _ := r.call(200, r.dana, "POST", at+"/submit", ""); done["state"] != "submitted" {
		t.Errorf("submitted: %v", done)
	}
	sheets, _ := r.call(200, r.dana, "GET", at+"/sheets", "")
	one := sheets["items"].([]any)[0].(map[string]any)
	if one["source"] != "text_buyer" || one["assessor_id"] != nil || one["state"] != "released" {
		t.Errorf("the sheet is %v", one)
	}
}

func TestScoringByProgram(t *testing.T) {
	t.Parallel()
	r := newRing(t)
	a, _ := r.call(201, r.system, "POST", calder+"/attempts", fmt.Sprintf(`{"person_id": %d, "form": "recording"}`, r.danaID))
	at := fmt.Sprintf("/attempts/%v", a["id"])
	r.call(404, r.ben, "POST", calder+"/attempts", fmt.Sprintf(`{"person_id": %d, "form": "text"}`, r.danaID))
	r.call(422, r.system, "PUT", at+"/transcript", `{"turns": [{"speaker": "boss", "text": "Hello"}]}`)
	r.call(422, r.system, "PUT", at+"/transcript", `{"turns": [{"speaker": "rep", "text": "Hello", "mood": "calm"}]}`)
	r.call(200, r.system, "PUT", at+"/transcript", `{"turns": [{"speaker": "buyer", "text": "Ten minutes."}, {"speaker": "rep", "start_ms": 1000, "end_ms": 2500, "text": "What stops the line?"}]}`)
	r.call(404, r.ana, "GET", at, "")
	r.call(200, r.system, "POST", at+"/submit", "")
	if got, _ := r.call(200, r.ana, "GET", at, ""); len(got["transcript"].([]any)) != 2 || got["person_id"] != float64(r.danaID) {
		t.Errorf("the coach reads %v", got)
	}
	talk, _ := r.call(200, r.ana, "GET", at+"/conversation", "")
	if talk["state"] != "hidden" || talk["talk_share"] != nil || talk["reason"] == "" || len(talk["questions"].([]any)) != 1 {
		t.Errorf("the counts of four words are %v", talk)
	}
	queue, _ := r.call(200, r.ana, "GET", "/scoring-queue", "")
	if items := queue["items"].([]any); len(items) != 1 || items[0].(map[string]any)["attempt_id"] != a["id"] {
		t.Errorf("the queue is %v", queue)
	}
	sheet := fmt.Sprintf("%s/sheets/%d", at, r.anaID)
	const five = `{"criterion": "situation_economy", "level": 5, "quote": "Ten"}, {"criterion": "problem", "level": 5, "at_ms": 1000}, {"criterion": "implication", "level": 2, "quote": "What"},
		{"criterion": "need_payoff", "level": 5, "quote": "What"}, {"criterion": "presentation", "level": null}`
	draft, header := r.call(200, r.ana, "PUT", sheet, `{"scores": [`+five+`], "keep": "The silence.", "private_note": "Only mine."}`)
	want := map[string]any{"overall": 49.9, "pass": float64(50), "passed": false, "capped_by": "implication", "state": "draft", "version": float64(1)}
	if diff := cmp.Diff(want, draft); diff != "" || header.Get("ETag") != `"1"` {
		t.Errorf("ETag %s: %s", header.Get("ETag"), diff)
	}
	r.call(412, r.ana, "PUT", sheet, `{"scores": []}`, "If-Match", `"7"`)
	r.call(404, r.ben, "PUT", sheet, `{"scores": []}`)
	r.call(422, r.ana, "PUT", sheet, `{"scores": [{"criterion": "problem", "level": 6}]}`)
	refused, _ := r.call(422, r.ana, "POST", sheet+"/release", "")
	if fields := refused["errors"].([]any); len(fields) != 1 || fields[0].(map[string]any)["field"] != "commitment" {
		t.Errorf("half a sheet is refused with %v", refused)
	}
	r.call(200, r.ana, "PUT", sheet, `{"scores": [`+five+`, {"criterion": "commitment", "level": null}]}`, "If-Match", `"1"`)
	r.call(200, r.ana, "POST", sheet+"/release", "")
	out, _ := r.call(200, r.ana, "POST", sheet+"/release", "")
	if out["state"] != "released" || out["private_note"] != "Only mine." {
		t.Errorf("released: %v", out)
	}
	all, _ := r.call(200, r.dana, "GET", at+"/sheets", "")
	read := all["items"].([]any)[0].(map[string]any)
	if _, leaked := read["private_note"]; leaked || read["overall"] != 49.9 || read["assessor"] != "Ana Ruiz" {
		t.Errorf("the rep reads %v", read)
	}
	if after, _ := r.call(200, r.dana, "PUT", at+"/reflection", `{"text": "Ask what it leads to."}`); after["state"] != "reflected" {
		t.Errorf("reflected: %v", after)
	}
	if level, _ := r.call(200, r.dana, "GET", fmt.Sprintf("/people/%d/skills/question", r.danaID), ""); level["state"] != "hidden" {
		t.Errorf("one scored observation gives a level: %v", level)
	}
	if back, _ := r.call(200, r.ana, "POST", sheet+"/recall", ""); back["state"] != "in_review" {
		t.Errorf("taken back: %v", back)
	}
}
