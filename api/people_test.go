package api_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"pitchside/api"
	"pitchside/internal/pg/pgtest"
	"pitchside/people"

	"github.com/google/go-cmp/cmp"
)

// A desk is the API with the people it serves.
type desk struct {
	t      *testing.T
	people *people.Service
	h      http.Handler
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	db := pgtest.New(t)
	a := &api.API{DB: db, People: &people.Service{DB: db, Now: time.Now}, Log: slog.New(slog.DiscardHandler), Now: time.Now}
	h, err := a.Handler()
	if err != nil {
		t.Fatal(err)
	}
	return &desk{t, a.People, h}
}

// token adds somebody with the capability and returns a token of theirs.
func (d *desk) token(c people.Capability, scopes ...string) string {
	d.t.Helper()
	ctx := context.Background()
	name, mail := "Some "+string(c), string(c)+"."+strings.Join(scopes, ".")+"@fernhill.example"
	mail = strings.ReplaceAll(mail, ":", "-")
	p, err := d.people.AddPerson(ctx, people.Operator, people.PersonPatch{Name: &name, Email: &mail, Capabilities: &[]people.Capability{c}}, "page")
	if err != nil {
		d.t.Fatal(err)
	}
	token, err := d.people.CreateToken(ctx, people.Operator, p.ID, "", scopes)
	if err != nil {
		d.t.Fatal(err)
	}
	return token
}

// call sends a request and wants a status; the body comes back as an object.
func (d *desk) call(want int, token, method, path, body string, headers ...string) (map[string]any, http.Header) {
	d.t.Helper()
	r := httptest.NewRequest(method, "/api/v1"+path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	d.h.ServeHTTP(w, r)
	if w.Code != want {
		d.t.Fatalf("%s %s answered %d, want %d: %s", method, path, w.Code, want, w.Body)
	}
	out := map[string]any{}
	if want == http.StatusNoContent && w.Body.Len() == 0 {
		return out, w.Header()
	}
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
		d.t.Fatalf("%s %s answered %q: %v", method, path, w.Body, err)
	}
	if want >= 400 && (w.Header().Get("Content-Type") != "application/problem+json" || out["detail"] == "" || out["status"] != float64(want)) {
		d.t.Errorf("%s %s: not a problem document: %s %s", method, path, w.Header(), w.Body)
	}
	return out, w.Header()
}

func TestPeopleByProgram(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	admin := d.token(people.Admin, "all")
	boss, _ := d.call(201, admin, "POST", "/people", `{"name": "Mona", "email": "mona@fernhill.example", "capabilities": ["manager"]}`)
	team, _ := d.call(201, admin, "POST", "/teams", `{"name": "Europe"}`)
	d.call(201, admin, "POST", "/teams", `{"name": "Iberia", "parent_id": 1}`)
	d.call(409, admin, "POST", "/teams", `{"name": "europe"}`)
	if team["id"] != float64(1) || team["parent_id"] != nil {
		t.Errorf("team is %v", team)
	}
	ana, header := d.call(201, admin, "POST", "/people", `{"name": "Ana Sousa", "email": "ana@fernhill.example", "role_family": "Enterprise AE",
		"hire_date": "2025-03-01", "end_date": null, "capabilities": ["coach", "rep"], "team_id": 2, "manager_id": 2, "time_zone": "Europe/Lisbon"}`)
	want := map[string]any{"id": float64(3), "email": "ana@fernhill.example", "name": "Ana Sousa", "role_family": "Enterprise AE", "region": "", "hire_date": "2025-03-01",
		"end_date": nil, "capabilities": []any{"rep", "coach"}, "team_id": float64(2), "manager_id": boss["id"], "time_zone": "Europe/Lisbon", "active": true}
	if diff := cmp.Diff(want, ana); diff != "" || header.Get("ETag") != `"1"` {
		t.Errorf("ETag %s: %s", header.Get("ETag"), diff)
	}
	// What is left out stays; null takes away; a stale tag is refused.
	ana, header = d.call(200, admin, "PATCH", "/people/3", `{"manager_id": null, "hire_date": null, "name": "Ana Lima"}`, "If-Match", `"1"`)
	if ana["manager_id"] != nil || ana["hire_date"] != nil || ana["team_id"] != float64(2) || ana["name"] != "Ana Lima" || header.Get("ETag") != `"2"` {
		t.Errorf("patched to %v, ETag %s", ana, header.Get("ETag"))
	}
	d.call(412, admin, "PATCH", "/people/3", `{"name": "Ana Costa"}`, "If-Match", `"1"`)
	d.call(412, admin, "PATCH", "/people/3", `{"name": "Ana Costa"}`, "If-Match", `one`)
	d.call(200, admin, "PATCH", "/people/3", `{"active": false}`)
	d.call(200, admin, "PATCH", "/people/3", `{"active": true}`)

	for body, want := range map[string]int{
		`{"name": "Bea", "email": "ANA@fernhill.example"}`: 409,
		`{"name": "Bea"}`: 422,
		`{"name": "Bea", "email": "bea@x.example", "colour": "red"}`:          422,
		`{"name": "Bea", "email": "bea@x.example", "hire_date": "1 May"}`:     422,
		`{"name": "Bea", "email": "bea@x.example", "capabilities": ["boss"]}`: 422,
		`{"name": "Bea", "email": "bea@x.example", "manager_id": 99}`:         422,
		`{"name": `: 400,
	} {
		problem, _ := d.call(want, admin, "POST", "/people", body)
		if want != 400 && len(problem["errors"].([]any)) == 0 {
			t.Errorf("%s: no field is named in %v", body, problem)
		}
	}

	coached, _ := d.call(201, admin, "POST", "/people/2/coaches", `{"coach_id": 3, "from": "2026-01-01", "to": "2026-12-31"}`)
	if coached["coach_id"] != float64(3) || coached["from"] != "2026-01-01" || coached["to"] != "2026-12-31" {
		t.Errorf("coaching is %v", coached)
	}
	d.call(422, admin, "POST", "/people/3/coaches", `{"coach_id": 2}`)
	d.call(404, admin, "POST", "/people/99/coaches", `{"coach_id": 3}`)

	first, _ := d.call(200, admin, "GET", "/people?limit=2", "")
	second, _ := d.call(200, admin, "GET", "/people?limit=2&cursor="+first["next"].(string), "")
	if len(first["items"].([]any)) != 2 || len(second["items"].([]any)) != 1 || second["next"] != nil {
		t.Errorf("the pages are %v and %v", first, second)
	}
	for query, want := range map[string]int{"search=ana": 1, "team_id=1": 1, "capability=manager": 1, "active=false": 0, "role_family=Enterprise+AE": 1} {
		if found, _ := d.call(200, admin, "GET", "/people?"+query, ""); len(found["items"].([]any)) != want {
			t.Errorf("%s finds %v, want %d", query, found["items"], want)
		}
	}
	d.call(422, admin, "GET", "/people?limit=0", "")
	d.call(422, admin, "GET", "/people?cursor=x", "")
	d.call(404, admin, "GET", "/people/99", "")
	if teams, _ := d.call(200, admin, "GET", "/teams", ""); len(teams["items"].([]any)) != 2 {
		t.Errorf("teams are %v", teams)
	}
	log, _ := d.call(200, admin, "GET", "/audit?person_id=3&limit=1", "")
	if line := log["items"].([]any)[0].(map[string]any); line["act"] != "person changed" || log["next"] == nil || line["detail"].(map[string]any)["after"] == nil {
		t.Errorf("the log is %v", log)
	}
	me, _ := d.call(200, admin, "GET", "/me", "")
	if me["name"] != "Some admin" || len(me["scopes"].([]any)) != 1 {
		t.Errorf("me is %v", me)
	}
	data, _ := d.call(200, admin, "GET", "/me/data", "")
	if c := data["categories"].([]any)[0].(map[string]any); c["name"] != "profile" || len(c["data"].([]any)) != 1 {
		t.Errorf("my data is %v", data)
	}
}

func TestSightAndScopes(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	rep, reader := d.token(people.Rep, "all"), d.token(people.Admin, "skills:read")
	d.call(401, "", "GET", "/me", "")
	d.call(401, "nonsense", "GET", "/me", "")
	d.call(200, reader, "GET", "/me", "")
	d.call(403, reader, "GET", "/people", "")
	if found, _ := d.call(200, rep, "GET", "/people", ""); len(found["items"].([]any)) != 1 {
		t.Errorf("a rep finds %v", found)
	}
	d.call(200, rep, "GET", "/people/1", "")
	d.call(404, rep, "GET", "/people/2", "")
	d.call(404, rep, "GET", "/audit", "")
	d.call(404, rep, "POST", "/people", `{"nothing": "of this is read"}`)
	writer := d.token(people.Admin, "people:write")
	d.call(200, writer, "GET", "/people", "") // writing includes reading
}

func TestIdempotencyKey(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	admin := d.token(people.Admin, "all")
	const body = `{"name": "Ana", "email": "ana@fernhill.example"}`
	first, _ := d.call(201, admin, "POST", "/people", body, "Idempotency-Key", "k1")
	again, header := d.call(201, admin, "POST", "/people", body, "Idempotency-Key", "k1")
	if first["id"] != again["id"] || header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("the repeat made %v after %v", again["id"], first["id"])
	}
	d.call(422, admin, "POST", "/people", `{"name": "Bea", "email": "bea@fernhill.example"}`, "Idempotency-Key", "k1")
	d.call(409, admin, "POST", "/people", body, "Idempotency-Key", "k2")
}
