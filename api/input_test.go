package api_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"pitchside/api"
	"pitchside/coaching"
	"pitchside/content"
	"pitchside/internal/pg/pgtest"
	"pitchside/people"
	"pitchside/skills"
)

func TestTextThatCannotBeKept(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	admin := d.token(people.Admin, "all")
	d.call(422, admin, "POST", "/people", `{"name":"a\u0000b","email":"nul@fernhill.example","role_family":"AE"}`)
	d.call(422, admin, "POST", "/teams", `{"name":"a\u0000b"}`)
	d.call(201, admin, "POST", "/people", `{"name":"a\ud800b","email":"half@fernhill.example","role_family":"AE"}`)
}

// TestBodyThatIsTooLarge goes over a real connection: the program is still
// sending when it is refused.
func TestBodyThatIsTooLarge(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	admin := d.token(people.Admin, "all")
	server := httptest.NewServer(d.h)
	t.Cleanup(server.Close)
	for _, key := range []string{"", "a key"} {
		r, err := http.NewRequest("POST", server.URL+"/api/v1/teams", strings.NewReader(`{"name":"`+strings.Repeat("a", 30<<20)+`"}`))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+admin)
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Idempotency-Key", key)
		got, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		var said api.ProblemDetails
		if err := json.NewDecoder(got.Body).Decode(&said); err != nil || got.StatusCode != 413 || said.Status != 413 {
			t.Errorf("with the key %q: %d %+v (%v)", key, got.StatusCode, said, err)
		}
		_ = got.Body.Close()
	}
}

// TestNotesKeepWhatIsLeftOut also reads the tag that guards the writing.
func TestNotesKeepWhatIsLeftOut(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	library := &content.Service{DB: db, Now: time.Now}
	if err := library.EnsureBuiltIn(t.Context()); err != nil {
		t.Fatal(err)
	}
	levels := &skills.Service{DB: db, Content: library, Now: time.Now}
	a := &api.API{DB: db, People: &people.Service{DB: db, Now: time.Now}, Content: library, Skills: levels,
		Coaching: &coaching.Service{DB: db, Skills: levels, Now: time.Now}, Log: slog.New(slog.DiscardHandler), Now: time.Now}
	h, err := a.Handler()
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{t, a.People, h}
	ana, dana := d.token(people.Coach, "all"), d.token(people.Rep, "all")
	id := func(token string) int64 {
		me, _ := d.call(200, token, "GET", "/me", "")
		return int64(me["id"].(float64))
	}
	anaID := id(ana)
	if _, err := db.Exec(t.Context(), `insert into coachings (coach_id, person_id) values ($1, $2)`, anaID, id(dana)); err != nil {
		t.Fatal(err)
	}
	planned, tag := d.call(201, ana, "POST", "/sessions", fmt.Sprintf(`{"kind":"1:1","coach_id":%d,"rep_ids":[%d],"at":"%s"}`, anaID, id(dana),
		time.Now().AddDate(0, 0, 7).UTC().Format(time.RFC3339)))
	session := int64(planned["id"].(float64))
	path := fmt.Sprintf("/sessions/%d", session)
	if _, read := d.call(200, ana, "GET", path, ""); read.Get("ETag") == "" || read.Get("ETag") != tag.Get("ETag") {
		t.Errorf("planned as %q, read as %q", tag.Get("ETag"), read.Get("ETag"))
	}
	d.call(200, ana, "PUT", path+"/notes", `{"shared":"First","private":"Mine","topics":["listen"]}`, "If-Match", tag.Get("ETag"))
	d.call(412, ana, "PUT", path+"/notes", `{"shared":"Lost"}`, "If-Match", tag.Get("ETag"))
	after, _ := d.call(200, ana, "PUT", path+"/notes", `{"shared":"Second"}`)
	by, err := a.People.ByToken(t.Context(), ana)
	if err != nil {
		t.Fatal(err)
	}
	private, err := a.Coaching.PrivateNote(t.Context(), by, session)
	if topics, _ := after["topics"].([]any); err != nil || private != "Mine" || len(topics) != 1 || after["shared_note"] != "Second" {
		t.Errorf("the private note is %q (%v), the session %v", private, err, after)
	}
	d.call(200, ana, "PUT", path+"/notes", `{"shared":"Second","private":""}`)
	if private, err = a.Coaching.PrivateNote(t.Context(), by, session); private != "" || err != nil {
		t.Errorf("taken away, the private note is %q (%v)", private, err)
	}
}
