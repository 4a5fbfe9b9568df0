package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"pitchside/people"

	"github.com/google/go-cmp/cmp"
)

// A caller makes calls with one token and reads the answers.
type caller struct {
	t     *testing.T
	h     http.Handler
	token string
}

func (c caller) send(method, path, contentType string, body []byte, headers ...string) (int, map[string]any, http.Header) {
	c.t.Helper()
	r := httptest.NewRequest(method, "/api/v1"+path, bytes.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("Authorization", "Bearer "+c.token)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	c.h.ServeHTTP(w, r)
	var out map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
		c.t.Fatalf("%s %s answered %d, which is no JSON: %s", method, path, w.Code, w.Body)
	}
	return w.Code, out, w.Header()
}

func (c caller) call(method, path, body string, headers ...string) (int, map[string]any) {
	c.t.Helper()
	code, out, _ := c.send(method, path, "application/json", []byte(body), headers...)
	return code, out
}

// upload sends a form with the file first or last.
func (c caller) upload(fileFirst bool, file string, fields ...string) (int, map[string]any) {
	c.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	attach := func() {
		part, err := w.CreateFormFile("file", "export.csv")
		if err != nil {
			c.t.Fatal(err)
		}
		_, _ = part.Write([]byte(file))
	}
	if fileFirst {
		attach()
	}
	for i := 0; i+1 < len(fields); i += 2 {
		_ = w.WriteField(fields[i], fields[i+1])
	}
	if !fileFirst {
		attach()
	}
	_ = w.Close()
	code, out, _ := c.send(http.MethodPost, "/imports", w.FormDataContentType(), body.Bytes())
	return code, out
}

func TestImportsAndMetrics(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	a := emptyAPI(t)
	h, err := a.Handler()
	if err != nil {
		t.Fatal(err)
	}
	admin := caller{t, h, tokenFor(t, a.People, people.Admin, "all")}
	rep := caller{t, h, tokenFor(t, a.People, people.Rep, "all")}

	code, got := admin.upload(true, "sales_agent,manager,regional_office\nAnsa Hollis,Perrin Vale,North\nBrock Tindall,Perrin Vale,North\n", "kind", "people")
	if code != http.StatusCreated || got["state"] != "previewed" {
		t.Fatal(code, got)
	}
	if diff := cmp.Diff(map[string]any{"create": 2.0, "update": 0.0, "unchanged": 0.0, "error": 0.0}, got["counts"]); diff != "" {
		t.Error(diff)
	}
	if code, got = admin.call(http.MethodPost, fmt.Sprintf("/imports/%v/confirm", got["id"]), ""); code != http.StatusOK || got["state"] != "imported" {
		t.Fatal(code, got)
	}
	var file strings.Builder
	fmt.Fprintln(&file, "nr,who,phase,done,sum")
	for n := range 12 {
		fmt.Fprintf(&file, "%d,Ansa Hollis,%s,%02d/03/2026,%d\n", n, []string{"Signed", "Lost", "Lost"}[n%3], 1+n, 100*n)
	}
	fmt.Fprintln(&file, "90,Nobody Here,Lost,,")
	mapping := `{"external_id":"nr","owner":"who","stage":"phase","closed":"done","amount":"sum"}`
	if code, got = admin.upload(false, file.String(), "kind", "opportunities", "mapping", mapping); code != http.StatusUnprocessableEntity || !strings.Contains(fmt.Sprint(got["errors"]), "date_format") {
		t.Errorf("dates that may be read in two ways: %d %v", code, got)
	}
	if code, got = admin.upload(false, file.String(), "kind", "opportunities", "mapping", mapping, "date_format", "DD/MM/YYYY", "values", `{"stage":{"Signed":"won"}}`); code != http.StatusCreated {
		t.Fatal(code, got)
	}
	want := []any{map[string]any{"row": 14.0, "column": "who", "value": "Nobody Here", "cause": "Nobody here has this name or e-mail. Add the person first; an import of deals never adds people."}}
	if diff := cmp.Diff(want, got["errors"]); diff != "" {
		t.Error(diff)
	}
	path := fmt.Sprintf("/imports/%v", got["id"])
	if code, list := admin.call(http.MethodGet, path+"/errors?limit=10", ""); code != http.StatusOK || len(list["items"].([]any)) != 1 {
		t.Error(code, list)
	}
	if code, _ = rep.call(http.MethodGet, path, ""); code != http.StatusNotFound {
		t.Errorf("a rep reads an import: %d", code)
	}
	if code, got = admin.call(http.MethodPost, path+"/confirm", ""); code != http.StatusOK || got["state"] != "imported" {
		t.Fatal(code, got)
	}
	var owner int64
	if err := a.DB.QueryRow(ctx, `select id from persons where name = 'Ansa Hollis'`).Scan(&owner); err != nil {
		t.Fatal(err)
	}
	code, got = admin.call(http.MethodGet, fmt.Sprintf("/metrics/win_rate?person_id=%d&from=2026-03-01&to=2026-03-12", owner), "")
	if code != http.StatusOK || got["won"] != 4.0 || got["lost"] != 8.0 || got["state"] != "shown" || got["raw"] != 4.0/12 || got["to"] != "2026-03-12" || got["imported_at"] == nil {
		t.Error(code, got)
	}
	if _, got = admin.call(http.MethodGet, fmt.Sprintf("/metrics/win_rate?person_id=%d&to=2026-03-09", owner), ""); got["state"] != "counts_only" || got["value"] != nil || got["reason"] == nil {
		t.Error(got)
	}
	if code, _ = rep.call(http.MethodGet, fmt.Sprintf("/metrics/win_rate?person_id=%d", owner), ""); code != http.StatusNotFound {
		t.Errorf("a rep reads another's results: %d", code)
	}
	if code, got = admin.call(http.MethodGet, "/metrics", ""); code != http.StatusOK || len(got["items"].([]any)) != 48 {
		t.Error(code, got)
	}
	for _, one := range got["items"].([]any) {
		m := one.(map[string]any)
		name := m["name"].(string)
		code, value := admin.call(http.MethodGet, "/metrics/"+name, "")
		if code != http.StatusOK || value["title"] != m["title"] || value["definition"] != m["definition"] || m["caveat"] == "" {
			t.Error(name, code, value)
		}
		if m["computed"] == false && (value["state"] != "hidden" || value["value"] != nil || value["reason"] == nil) {
			t.Error(name, value)
		}
	}
	if code, _ = rep.call(http.MethodGet, fmt.Sprintf("/metrics/ramp?person_id=%d", owner), ""); code != http.StatusNotFound {
		t.Errorf("a rep asks about another: %d", code)
	}
	if code, got = admin.call(http.MethodPost, path+"/undo", ""); code != http.StatusOK || got["state"] != "undone" {
		t.Error(code, got)
	}
	if code, got = admin.call(http.MethodGet, "/imports?limit=1", ""); code != http.StatusOK || got["next"] == nil {
		t.Error(code, got)
	}
}

func TestDealCalls(t *testing.T) {
	t.Parallel()
	a := emptyAPI(t)
	h, err := a.Handler()
	if err != nil {
		t.Fatal(err)
	}
	admin := caller{t, h, tokenFor(t, a.People, people.Admin, "all")}
	tokenFor(t, a.People, people.Rep, "all")
	code, got := admin.call(http.MethodPost, "/deals", `{"external_id":"X/1 ä","owner":"Some rep","stage":"Closed Won","closed":"2026-10-01","amount":1200.5}`)
	if code != http.StatusCreated || got["outcome"] != "won" || got["amount"] != 1200.5 || got["created"] != nil {
		t.Fatal(code, got)
	}
	code, _, head := admin.send(http.MethodGet, "/deals/X%2F1%20%C3%A4", "", nil)
	if code != http.StatusOK || head.Get("ETag") != `"1"` {
		t.Error(code, head)
	}
	code, got = admin.call(http.MethodPatch, "/deals/X%2F1%20%C3%A4", `{"outcome":"lost","amount":null}`, "If-Match", `"1"`)
	if code != http.StatusOK || got["outcome"] != "lost" || got["amount"] != nil || got["closed"] != "2026-10-01" {
		t.Error(code, got)
	}
	for body, want := range map[string]int{`{"outcome":"won"}`: http.StatusPreconditionFailed, `{"colour":"red"}`: http.StatusUnprocessableEntity} {
		if code, got = admin.call(http.MethodPatch, "/deals/X%2F1%20%C3%A4", body, "If-Match", `"1"`); code != want {
			t.Error(body, code, got)
		}
	}
	if code, got = admin.call(http.MethodPost, "/deals", `{}`); code != http.StatusUnprocessableEntity || len(got["errors"].([]any)) != 3 {
		t.Error(code, got)
	}
	if code, got = admin.call(http.MethodPost, "/deals", `{"external_id":"X/1 ä","owner":"Some rep","stage":"New"}`); code != http.StatusConflict {
		t.Error(code, got)
	}
}
