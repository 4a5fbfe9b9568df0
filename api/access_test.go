package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pitchside/api"
	"pitchside/assessments"
	"pitchside/coaching"
	"pitchside/content"
	"pitchside/courses"
	"pitchside/internal/blob"
	"pitchside/internal/pg/pgtest"
	"pitchside/people"
	"pitchside/performance"
	"pitchside/skills"
)

// access says who may make each call, given a token with every scope: everybody
// (signed in), or the holders of these capabilities. It is written by hand from
// the rules of visibility, apart from the operations, so that a new one fails
// here until somebody has thought about it.
var access = map[string]string{
	"GET /me":                               "signed in",
	"GET /me/data":                          "signed in",
	"GET /me/notices":                       "signed in",
	"PATCH /me/notices/{id}":                "signed in",
	"GET /me/notice-topics":                 "signed in",
	"PUT /me/notice-topics":                 "signed in",
	"GET /people":                           "signed in",
	"POST /people":                          "admin",
	"GET /people/{id}":                      "signed in",
	"PATCH /people/{id}":                    "admin",
	"POST /people/{id}/coaches":             "admin",
	"GET /teams":                            "signed in",
	"POST /teams":                           "admin",
	"GET /audit":                            "admin",
	"POST /library/lint":                    "author admin",
	"POST /question-banks/import":           "author admin",
	"GET /question-banks/export":            "author admin",
	"POST /library/import":                  "author admin",
	"GET /library/export":                   "author admin",
	"GET /documents":                        "author admin",
	"GET /documents/{kind}/{slug}":          "author admin",
	"GET /documents/{kind}/{slug}/versions": "author admin",
	"GET /documents/{kind}/{slug}/versions/{number}": "author admin",
	"GET /search":                                "signed in",
	"GET /courses":                               "signed in",
	"GET /courses/{slug}":                        "signed in",
	"POST /enrolments":                           "signed in",
	"GET /people/{id}/progress":                  "signed in",
	"PUT /people/{id}/lessons/{course}/{lesson}": "signed in",
	"POST /people/{id}/lessons/{course}/{lesson}/answers/{question_id}": "signed in",
	"GET /people/{id}/reviews":                            "signed in",
	"POST /reviews/{card_id}":                             "signed in",
	"POST /reviews/undo":                                  "signed in",
	"PUT /people/{id}/review-hold":                        "signed in",
	"GET /people/{id}/review-state":                       "signed in",
	"GET /reports/recall":                                 "signed in",
	"POST /quizzes/{course}/attempts":                     "signed in",
	"GET /quiz-attempts/{id}":                             "signed in",
	"PUT /quiz-attempts/{id}/answers/{question_id}":       "signed in",
	"GET /open-answers":                                   "coach manager admin",
	"PUT /quiz-attempts/{id}/answers/{question_id}/score": "coach manager admin",
	"POST /quiz-attempts/{id}/submit":                     "signed in",
	"GET /quizzes/{course}/statistics":                    "coach manager author admin",
	"GET /scenarios":                                      "signed in",
	"GET /scenarios/{slug}":                               "signed in",
	"POST /scenarios/{slug}/attempts":                     "signed in",
	"GET /worksheets":                                     "signed in",
	"GET /worksheets/{slug}":                              "signed in",
	"POST /worksheets/{slug}/attempts":                    "signed in",
	"PUT /attempts/{id}/fields":                           "signed in",
	"GET /people/{id}/attempts":                           "signed in",
	"GET /attempts/{id}":                                  "signed in",
	"PUT /attempts/{id}/transcript":                       "signed in",
	"PUT /attempts/{id}/media":                            "signed in",
	"GET /attempts/{id}/media":                            "signed in",
	"GET /attempts/{id}/takes":                            "signed in",
	"DELETE /attempts/{id}/takes/{take}":                  "signed in",
	"PUT /attempts/{id}/takes/{take}/chosen":              "signed in",
	"POST /attempts/{id}/erasure":                         "signed in",
	"GET /attempts/{id}/views":                            "signed in",
	"GET /attempts/{id}/turns":                            "signed in",
	"POST /attempts/{id}/turns":                           "signed in",
	"POST /attempts/{id}/submit":                          "signed in",
	"POST /attempts/{id}/withdraw":                        "signed in",
	"PUT /attempts/{id}/reflection":                       "signed in",
	"PUT /attempts/{id}/sharing":                          "signed in",
	"GET /attempts/{id}/conversation":                     "signed in",
	"GET /scoring-queue":                                  "coach",
	"POST /attempts/{id}/claim":                           "coach",
	"PUT /attempts/{id}/sheets/{assessor_id}":             "signed in",
	"POST /attempts/{id}/sheets/{assessor_id}/release":    "signed in",
	"POST /attempts/{id}/sheets/{assessor_id}/recall":     "signed in",
	"GET /attempts/{id}/sheets":                           "signed in",
	"DELETE /attempts/{id}/claim":                         "coach",
	"GET /attempts/{id}/replay":                           "signed in",
	"POST /attempts/{id}/resubmit":                        "coach",
	"GET /attempts/{id}/resubmissions":                    "signed in",
	"POST /attempts/{id}/comments":                        "signed in",
	"PATCH /attempts/{id}/comments/{comment_id}":          "signed in",
	"DELETE /attempts/{id}/comments/{comment_id}":         "signed in",
	"GET /skills":                                         "signed in",
	"PUT /roles/{family}/skills/{skill}":                  "admin",
	"POST /evidence":                                      "signed in",
	"GET /people/{id}/skills":                             "signed in",
	"GET /people/{id}/skills/{skill}":                     "signed in",
	"GET /teams/{id}/heatmap":                             "signed in",
	"GET /sessions":                                       "rep coach manager admin",
	"POST /sessions":                                      "coach manager admin",
	"GET /sessions/{id}":                                  "rep coach manager admin",
	"GET /sessions/{id}/prep":                             "rep coach manager admin",
	"PUT /sessions/{id}/notes":                            "coach manager admin",
	"POST /sessions/{id}/commitments":                     "rep coach manager admin",
	"PATCH /commitments/{id}":                             "rep coach manager admin",
	"POST /sessions/{id}/close":                           "coach manager admin",
	"GET /reports/commitments":                            "rep coach manager admin",
	"GET /reports/coverage":                               "coach manager admin",
	"GET /samples":                                        "coach manager admin",
	"POST /samples/{slug}/use":                            "coach manager admin",
	"GET /samples/{slug}":                                 "coach manager admin",
	"GET /metrics":                                        "signed in",
	"GET /metrics/{name}":                                 "signed in",
	"POST /deals":                                         "manager admin",
	"GET /deals/{external_id}":                            "signed in",
	"PATCH /deals/{external_id}":                          "manager admin",
	"GET /imports":                                        "manager admin",
	"POST /imports":                                       "manager admin",
	"GET /imports/{id}":                                   "manager admin",
	"GET /imports/{id}/errors":                            "manager admin",
	"POST /imports/{id}/confirm":                          "manager admin",
	"POST /imports/{id}/undo":                             "manager admin",
	"PUT /attempts/{id}/conversation/questions/{number}":  "signed in",
	"GET /attempts/{id}/live":                             "signed in",
	"PUT /attempts/{id}/live/partner":                     "signed in",
	"POST /attempts/{id}/live/start":                      "signed in",
	"POST /attempts/{id}/live/end":                        "signed in",
	"PUT /attempts/{id}/live/ticks/{item}":                "signed in",
	"PUT /attempts/{id}/live/notes":                       "signed in",

	"GET /documents/{kind}/{slug}/versions/{number}/diff":     "author admin",
	"POST /documents/{kind}/{slug}/versions/{number}/publish": "author admin",
	"POST /documents/{kind}/{slug}/retire":                    "author admin",
	"POST /documents/{kind}/{slug}/bring-back":                "author admin",
	"PUT /documents/{kind}/{slug}":                            "author admin",
	"POST /library/sync":                                      "author admin",
	"GET /people/{id}/courses/{course}/changes":               "signed in",
	"POST /people/{id}/courses/{course}/changes":              "signed in",

	"GET /people/{id}/certificates":  "signed in",
	"GET /certificates/{code}":       "public",
	"POST /certificates/{id}/revoke": "coach manager admin",
	"POST /certificates/{id}/renew":  "signed in",
}

const refusal = "There is nothing at this address for you."

func TestEveryCallAsEveryRole(t *testing.T) {
	t.Parallel()
	a := emptyAPI(t)
	h, err := a.Handler()
	if err != nil {
		t.Fatal(err)
	}
	tokens, narrow := map[string]string{"anonymous": ""}, map[string]string{}
	for _, c := range people.Capabilities {
		tokens[string(c)] = tokenFor(t, a.People, c, "all")
	}
	for _, scope := range people.Scopes()[1:] {
		narrow[scope] = tokenFor(t, a.People, people.Admin, scope)
	}
	seen := map[string]bool{}
	for _, o := range a.Operations {
		key := o.Method + " " + strings.TrimPrefix(o.Path, "/api/v1")
		seen[key] = true
		rule, ok := access[key]
		if !ok {
			t.Errorf("%s has no line in the table of access: say who may call it", key)
			continue
		}
		for role, token := range tokens {
			got := callWith(h, token, o)
			refused := strings.Contains(got.Body.String(), refusal)
			admitted := rule == "signed in" || rule == "public" || slices.Contains(strings.Fields(rule), role)
			switch {
			case got.Code >= 500:
				t.Errorf("%s as %s answered %d: %s", key, role, got.Code, got.Body)
			case role == "anonymous" && rule == "public":
				if refused || got.Code != http.StatusNotFound && got.Code != http.StatusTooManyRequests {
					t.Errorf("%s as nobody answered %d %s", key, got.Code, got.Body)
				}
			case role == "anonymous":
				if got.Code != http.StatusUnauthorized || got.Header().Get("Content-Type") != "application/problem+json" {
					t.Errorf("%s as nobody answered %d %s", key, got.Code, got.Body)
				}
			case admitted && (refused || got.Code == http.StatusUnauthorized || got.Code == http.StatusForbidden):
				t.Errorf("%s refuses a %s with %d: %s", key, role, got.Code, got.Body)
			case !admitted && (!refused || got.Code != http.StatusNotFound):
				t.Errorf("%s as %s answered %d, want 404: %s", key, role, got.Code, got.Body)
			}
		}
		if o.Scope == "" {
			if key != "GET /me" && rule != "public" {
				t.Errorf("%s asks for no scope", key)
			}
			continue
		}
		room, verb, _ := strings.Cut(o.Scope, ":")
		if !slices.Contains(people.Scopes(), o.Scope) || (verb == "read") != (o.Method == http.MethodGet) && !readsByPost[key] {
			t.Errorf("%s asks for the scope %s", key, o.Scope)
		}
		for scope, token := range narrow {
			enough := scope == o.Scope || scope == room+":write"
			if got := callWith(h, token, o); (got.Code == http.StatusForbidden) == enough {
				t.Errorf("%s with the scope %s answered %d: %s", key, scope, got.Code, got.Body)
			}
		}
	}
	for key := range access {
		if !seen[key] {
			t.Errorf("the table of access names %s, which is no operation", key)
		}
	}
}

// readsByPost are calls that send something to be looked at and change nothing.
var readsByPost = map[string]bool{"POST /library/lint": true, "POST /question-banks/import": true}

var parameter = regexp.MustCompile(`\{[^}]+\}`)

// callWith makes a call about nothing that exists, with an empty object.
func callWith(h http.Handler, token string, o api.Operation) *httptest.ResponseRecorder {
	body := ""
	if o.Method != http.MethodGet {
		body = "{}"
	}
	r := httptest.NewRequest(o.Method, parameter.ReplaceAllString(o.Path, "987654"), strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func tokenFor(t *testing.T, s *people.Service, c people.Capability, scope string) string {
	t.Helper()
	ctx := context.Background()
	name, mail := "Some "+string(c), string(c)+"-"+strings.ReplaceAll(scope, ":", "-")+"@fernhill.example"
	p, err := s.AddPerson(ctx, people.Operator, people.PersonPatch{Name: &name, Email: &mail, Capabilities: &[]people.Capability{c}}, "page")
	if err != nil {
		t.Fatal(err)
	}
	token, err := s.CreateToken(ctx, people.Operator, p.ID, "", []string{scope})
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// emptyAPI is the whole API over a company that has the built-in library and
// nothing else.
func emptyAPI(t *testing.T) *api.API {
	t.Helper()
	db := pgtest.New(t)
	folder, err := blob.OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now
	a := &api.API{DB: db, Log: slog.New(slog.DiscardHandler), Now: now, Blobs: folder, URL: "http://pitchside.test",
		People: &people.Service{DB: db, Now: now}, Content: &content.Service{DB: db, Now: now}}
	a.Skills = &skills.Service{DB: db, Content: a.Content, Now: now}
	a.Courses = &courses.Service{DB: db, Content: a.Content, Now: now}
	a.Assessments = &assessments.Service{DB: db, Content: a.Content, Now: now}
	a.Coaching = &coaching.Service{DB: db, Skills: a.Skills, Now: now}
	a.Performance = &performance.Service{DB: db, People: a.People, Blobs: folder, Now: now}
	if err := a.Content.EnsureBuiltIn(context.Background()); err != nil {
		t.Fatal(err)
	}
	return a
}

// Every parameter of an address is one that the operation reads: one in a part
// of the input that is not exported would silently stay empty.
func TestEveryParameterIsRead(t *testing.T) {
	t.Parallel()
	a := &api.API{Log: slog.New(slog.DiscardHandler)}
	h, err := a.Handler()
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/api/v1/openapi.json", nil))
	var doc struct {
		OpenAPI string
		Paths   map[string]map[string]struct {
			Parameters []struct{ Name, In string }
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil || !strings.HasPrefix(doc.OpenAPI, "3.1") {
		t.Fatalf("the document is OpenAPI %q, %v", doc.OpenAPI, err)
	}
	for path, methods := range doc.Paths {
		for method, o := range methods {
			for _, p := range parameter.FindAllString(path, -1) {
				if !slices.ContainsFunc(o.Parameters, func(q struct{ Name, In string }) bool { return q.In == "path" && "{"+q.Name+"}" == p }) {
					t.Errorf("%s %s does not read %s", strings.ToUpper(method), path, p)
				}
			}
		}
	}
	if len(doc.Paths) < 40 {
		t.Errorf("the document has %d paths", len(doc.Paths))
	}
}

// The code of a certificate opens it to anybody, so no log keeps one.
func TestNoLogHoldsTheCodeOfACertificate(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	a := emptyAPI(t)
	a.Log = slog.New(slog.NewTextHandler(&log, nil))
	h, err := a.Handler()
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/api/v1/certificates/abcd-efgh-ijkl", nil))
	if w.Code != http.StatusNotFound || strings.Contains(log.String(), "abcd-efgh") || !strings.Contains(log.String(), "/api/v1/certificates/{code}") {
		t.Errorf("%d, and the log says %s", w.Code, log.String())
	}
}
