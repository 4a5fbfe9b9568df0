package web

import (
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"pitchside/assessments"
	"pitchside/coaching"
	"pitchside/content"
	"pitchside/courses"
	"pitchside/internal/blob"
	"pitchside/internal/pg/pgtest"
	"pitchside/people"
	"pitchside/performance"
	"pitchside/skills"

	"github.com/gin-gonic/gin"
)

// access says for whom each address exists: everybody (public), everybody who
// is signed in, or the holders of these capabilities. It is written by hand
// from the rules of visibility, apart from the site map, so that an address
// added there fails here until somebody has thought about it.
var access = map[string]string{
	"GET /":                            "public",
	"GET /help":                        "public",
	"GET /signin":                      "public",
	"POST /signin":                     "public",
	"POST /signout":                    "public",
	"GET /join/:token":                 "public",
	"POST /join/:token":                "public",
	"GET /today":                       "signed in",
	"GET /framework":                   "signed in",
	"GET /framework/metrics":           "signed in",
	"GET /framework/skills":            "signed in",
	"GET /me/data":                     "signed in",
	"GET /me/data.json":                "signed in",
	"GET /me/settings":                 "signed in",
	"POST /me/password":                "signed in",
	"POST /me/profile":                 "signed in",
	"POST /me/theme":                   "signed in",
	"POST /me/sessions/revoke":         "signed in",
	"POST /me/sessions/:id/revoke":     "signed in",
	"POST /me/tokens":                  "signed in",
	"POST /me/tokens/:id/revoke":       "signed in",
	"GET /learn":                       "signed in",
	"GET /learn/:course":               "signed in",
	"POST /learn/:course/enrol":        "signed in",
	"GET /learn/:course/what-changed":  "signed in",
	"POST /learn/:course/what-changed": "signed in",
	"GET /learn/:course/:lesson":       "signed in",
	"POST /learn/:course/:lesson/answers/:question":       "signed in",
	"POST /learn/:course/:lesson/position":                "signed in",
	"POST /learn/:course/:lesson/done":                    "signed in",
	"GET /learn/:course/quiz":                             "signed in",
	"POST /learn/:course/quiz":                            "signed in",
	"GET /learn/:course/quiz/:attempt":                    "signed in",
	"POST /learn/:course/quiz/:attempt/answers/:question": "signed in",
	"POST /learn/:course/quiz/:attempt/submit":            "signed in",
	"GET /review":                                   "signed in",
	"POST /review/:card":                            "signed in",
	"GET /assign":                                   "coach manager",
	"POST /assign":                                  "coach manager",
	"POST /assignments/:id/cancel":                  "coach manager",
	"GET /practice":                                 "rep coach manager author",
	"GET /practice/:scenario":                       "rep coach manager author",
	"POST /practice/:scenario/attempts":             "rep",
	"GET /practice/worksheets/:worksheet":           "rep coach manager author",
	"POST /practice/worksheets/:worksheet/attempts": "rep coach manager",
	"POST /attempts/:id/fields":                     "rep coach manager",
	"GET /attempts/:id":                             "rep coach manager author admin",
	"GET /attempts/:id/replay":                      "rep coach manager author admin",
	"POST /attempts/:id/turns":                      "rep",
	"POST /attempts/:id/transcript":                 "rep",
	"GET /attempts/:id/media":                       "rep coach manager author admin",
	"PUT /attempts/:id/media":                       "rep coach manager author",
	"GET /attempts/:id/takes":                       "rep coach manager author",
	"POST /attempts/:id/takes":                      "rep",
	"POST /attempts/:id/takes/:take/choose":         "rep",
	"POST /attempts/:id/takes/:take/remove":         "rep",
	"POST /attempts/:id/partner":                    "rep",
	"GET /attempts/:id/live":                        "rep coach manager author",
	"GET /attempts/:id/live/state":                  "rep coach manager author",
	"POST /attempts/:id/live":                       "rep coach manager author",
	"POST /attempts/:id/live/notes":                 "rep coach manager author",
	"POST /attempts/:id/erasure":                    "rep",
	"GET /admin/recordings":                         "admin",
	"POST /admin/recordings":                        "admin",
	"POST /attempts/:id/submit":                     "rep",
	"POST /attempts/:id/withdraw":                   "rep coach manager",
	"POST /attempts/:id/self":                       "rep coach manager",
	"POST /attempts/:id/reflection":                 "rep coach manager",
	"POST /attempts/:id/share":                      "rep coach manager",
	"POST /attempts/:id/break-glass":                "admin",
	"GET /learn/:course/quiz/statistics":            "coach manager author",
	"GET /score/answers":                            "coach manager",
	"POST /score/answers/:attempt/:question":        "coach manager",
	"POST /attempts/:id/questions/:number":          "rep coach manager",
	"GET /score":                                    "coach rep",
	"GET /score/:id":                                "coach rep",
	"POST /score/:id":                               "coach rep",
	"POST /score/:id/claim":                         "coach",
	"GET /score/:id/review":                         "coach rep",
	"POST /score/:id/release":                       "coach rep",
	"POST /score/:id/let-go":                        "coach",
	"POST /score/:id/again":                         "coach",
	"POST /score/:id/recall":                        "coach rep",
	"GET /skills":                                   "rep",
	"GET /skills/:skill":                            "rep",
	"POST /evidence/:id/questions":                  "rep coach manager",
	"POST /evidence-questions/:id/answer":           "coach manager",
	"GET /team":                                     "coach manager",
	"GET /team/heatmap.csv":                         "coach manager",
	"GET /team/:person":                             "coach manager",
	"GET /team/:person/:skill":                      "coach manager",
	"GET /coaching":                                 "rep coach manager",
	"POST /coaching":                                "coach manager",
	"GET /coaching/:id":                             "rep coach manager",
	"POST /coaching/:id/agenda":                     "rep",
	"POST /coaching/:id/notes":                      "coach manager",
	"POST /coaching/:id/commitments":                "rep coach manager",
	"POST /coaching/:id/commitments/:commitment":    "rep coach manager",
	"POST /coaching/:id/close":                      "coach manager",
	"POST /coaching/:id/response":                   "rep",
	"GET /team/performance":                         "coach manager admin",
	"GET /team/performance.csv":                     "coach manager admin",
	"GET /team/performance/:metric":                 "coach manager admin",
	"GET /studio":                                   "author",
	"POST /studio/import":                           "author",
	"GET /studio/export.zip":                        "author",
	"GET /studio/:kind/:slug":                       "author",
	"GET /studio/:kind/:slug/versions/:number":      "author",
	"GET /studio/:kind/:slug/changes":               "author",
	"GET /studio/:kind/:slug/publish":               "author",
	"POST /studio/:kind/:slug/publish":              "author",
	"POST /studio/:kind/:slug/retire":               "author",
	"POST /studio/:kind/:slug/bring-back":           "author",
	"GET /media/*path":                              "signed in",
	"GET /admin/people":                             "admin",
	"POST /admin/people":                            "admin",
	"GET /admin/people/:id":                         "admin",
	"POST /admin/people/:id":                        "admin",
	"POST /admin/people/:id/invite":                 "admin",
	"POST /admin/people/:id/active":                 "admin",
	"POST /admin/people/:id/coaches":                "admin",
	"POST /admin/people/:id/coaches/:coaching/end":  "admin",
	"POST /admin/teams":                             "admin",
	"GET /admin/settings":                           "admin",
	"POST /admin/settings":                          "admin",
	"GET /admin/imports":                            "manager admin",
	"POST /admin/imports":                           "manager admin",
	"GET /admin/imports/templates/:kind":            "manager admin",
	"GET /admin/imports/:id":                        "manager admin",
	"POST /admin/imports/:id/mapping":               "manager admin",
	"POST /admin/imports/:id/confirm":               "manager admin",
	"POST /admin/imports/:id/undo":                  "manager admin",
	"POST /admin/imports/:id/discard":               "manager admin",
	"GET /admin/imports/:id/errors.csv":             "manager admin",

	"GET /me/notices":           "signed in",
	"POST /me/notices/read":     "signed in",
	"GET /me/notices/:id":       "signed in",
	"POST /me/notices/:id":      "signed in",
	"POST /me/settings/notices": "signed in",

	"GET /studio/new":                  "author",
	"POST /studio/new":                 "author",
	"POST /studio/sync":                "author",
	"GET /studio/media":                "author",
	"POST /studio/media":               "author",
	"GET /studio/bank":                 "author",
	"POST /studio/bank":                "author",
	"POST /studio/bank/append":         "author",
	"GET /studio/:kind/:slug/edit":     "author",
	"POST /studio/:kind/:slug/edit":    "author",
	"POST /studio/:kind/:slug/preview": "author",
	"GET /studio/:kind/:slug/learner":  "author",

	"GET /search":                  "signed in",
	"GET /library/rubrics/:slug":   "signed in",
	"GET /library/templates/:slug": "coach manager author admin",

	"GET /review/cards": "signed in",
	"POST /review/undo": "signed in",
	"POST /review/hold": "signed in",

	"GET /me/certificates":          "signed in",
	"GET /certificates/:id":         "signed in",
	"GET /certificates/:id/pdf":     "signed in",
	"POST /certificates/:id/renew":  "signed in",
	"POST /certificates/:id/revoke": "coach manager admin",
	"GET /reports/certificates":     "coach manager admin",
	"GET /reports/certificates.csv": "coach manager admin",
	"GET /verify/:code":             "public",
}

// A visitor is somebody with one capability, or nobody.
type visitor struct {
	name   string
	cookie *http.Cookie
}

// visitors returns nobody, and one person for each capability.
func visitors(t *testing.T, s *Site) []visitor {
	t.Helper()
	ctx := context.Background()
	all := []visitor{{name: "anonymous"}}
	for i, c := range people.Capabilities {
		name, mail := "Some "+string(c), string(c)+"@fernhill.example"
		p, err := s.People.AddPerson(ctx, people.Operator, people.PersonPatch{Name: &name, Email: &mail, Capabilities: &[]people.Capability{c}}, "page")
		if err != nil {
			t.Fatal(err)
		}
		token := fmt.Sprintf("visitor %d", i)
		hash := sha256.Sum256([]byte(token))
		if _, err := s.DB.Exec(ctx, `insert into web_sessions (token_hash, person_id, expires_at) values ($1, $2, now() + interval '1 day')`, hash[:], p.ID); err != nil {
			t.Fatal(err)
		}
		all = append(all, visitor{string(c), &http.Cookie{Name: sessionCookie, Value: token}})
	}
	return all
}

// answerTo sends a visitor's request without anything in its form.
func answerTo(h http.Handler, v visitor, method, path string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(""))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if v.cookie != nil {
		r.AddCookie(v.cookie)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// sample is an address of a route, with a number that names nothing in the place of each parameter.
func sample(rt route) string {
	parts := strings.Split(rt.Path, "/")
	for i, p := range parts {
		if strings.HasPrefix(p, ":") {
			parts[i] = "987654"
		}
	}
	return strings.Join(parts, "/")
}

// TestEveryRouteAsEveryRole looks only at the gate: behind it stands a handler
// that says it was reached.
func TestEveryRouteAsEveryRole(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	s := &Site{DB: db, People: &people.Service{DB: db, Now: time.Now}, Log: slog.New(slog.DiscardHandler), Now: time.Now}
	if _, err := s.Handler(); err != nil {
		t.Fatal(err)
	}
	engine := gin.New()
	for _, rt := range s.Routes() {
		rt.handle = func(c *gin.Context) error { c.Status(http.StatusNoContent); return nil }
		engine.Handle(rt.Method, rt.Path, s.page(rt))
	}
	who := visitors(t, s)
	seen := map[string]bool{}
	for _, rt := range s.Routes() {
		key := rt.Method + " " + rt.Path
		seen[key] = true
		rule, ok := access[key]
		if !ok {
			t.Errorf("%s has no line in the table of access: say for whom it exists", key)
			continue
		}
		for _, v := range who {
			want := http.StatusNotFound
			switch {
			case rule == "public", v.cookie != nil && (rule == "signed in" || slices.Contains(strings.Fields(rule), v.name)):
				want = http.StatusNoContent
			case v.cookie == nil && rt.Method == http.MethodGet:
				want = http.StatusSeeOther
			case v.cookie == nil:
				want = http.StatusUnauthorized
			}
			got := answerTo(engine, v, rt.Method, sample(rt))
			if got.Code != want {
				t.Errorf("%s as %s answered %d, want %d", key, v.name, got.Code, want)
			}
			if to := got.Header().Get("Location"); got.Code == http.StatusSeeOther && !strings.HasPrefix(to, "/signin?next=") {
				t.Errorf("%s as %s leads to %s", key, v.name, to)
			}
		}
	}
	for key := range access {
		if !seen[key] {
			t.Errorf("the table of access names %s, which is not in the site map", key)
		}
	}
}

// TestNoRouteBreaks sends everybody to every real handler of an empty company,
// with nothing in the form: what is missing is said, and nothing breaks.
func TestNoRouteBreaks(t *testing.T) {
	t.Parallel()
	s := emptySite(t)
	h, err := s.Handler()
	if err != nil {
		t.Fatal(err)
	}
	who := visitors(t, s)
	for _, rt := range s.Routes() {
		if rt.Path == "/signout" {
			continue // it would end the visitors' sessions
		}
		for _, v := range who {
			got := answerTo(h, v, rt.Method, sample(rt))
			rule := access[rt.Method+" "+rt.Path]
			admitted := rule == "public" || v.cookie != nil && (rule == "signed in" || slices.Contains(strings.Fields(rule), v.name))
			switch {
			case got.Code >= 500:
				t.Errorf("%s %s as %s answered %d", rt.Method, rt.Path, v.name, got.Code)
			case admitted && rt.Method == http.MethodGet && !strings.ContainsAny(rt.Path, ":*") && got.Code != http.StatusOK && got.Code != http.StatusSeeOther:
				t.Errorf("GET %s as %s answered %d", rt.Path, v.name, got.Code)
			case !admitted && v.cookie != nil && got.Code != http.StatusNotFound:
				t.Errorf("%s %s as %s answered %d, want 404", rt.Method, rt.Path, v.name, got.Code)
			}
		}
	}
}

// emptySite is the whole site over a company that has the built-in library and
// nothing else.
func emptySite(t *testing.T) *Site {
	t.Helper()
	db := pgtest.New(t)
	folder, err := blob.OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now
	s := &Site{DB: db, Log: slog.New(slog.DiscardHandler), Now: now, Blobs: folder, URL: "http://pitchside.test",
		People: &people.Service{DB: db, Now: now}, Content: &content.Service{DB: db, Now: now}}
	s.Skills = &skills.Service{DB: db, Content: s.Content, Now: now}
	s.Courses = &courses.Service{DB: db, Content: s.Content, Now: now}
	s.Assessments = &assessments.Service{DB: db, Content: s.Content, Now: now}
	s.Coaching = &coaching.Service{DB: db, Skills: s.Skills, Now: now}
	s.Performance = &performance.Service{DB: db, People: s.People, Blobs: folder, Now: now}
	if err := s.Content.EnsureBuiltIn(context.Background()); err != nil {
		t.Fatal(err)
	}
	return s
}
