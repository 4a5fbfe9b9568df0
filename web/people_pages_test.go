package web

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"pitchside/internal/pg/pgtest"
	"pitchside/people"

	"github.com/PuerkitoBio/goquery"
)

// An office is a site for the pages of people, access and settings.
type office struct {
	t    *testing.T
	site *Site
	h    http.Handler
}

const officePassword = "five small grey cats"

// officeHash is made once: hashing is slow on purpose.
var officeHash = sync.OnceValue(func() string {
	hash, err := people.HashPassword(context.Background(), officePassword)
	if err != nil {
		panic(err)
	}
	return hash
})

func newOffice(t *testing.T) *office {
	t.Helper()
	db := pgtest.New(t)
	s := &Site{DB: db, People: &people.Service{DB: db, Now: time.Now}, Log: slog.New(slog.DiscardHandler), Now: time.Now, URL: "http://pitchside.test"}
	h, err := s.Handler()
	if err != nil {
		t.Fatal(err)
	}
	return &office{t, s, h}
}

// person adds somebody and returns them with the cookie of a session.
func (o *office) person(name string, caps ...people.Capability) (people.Person, *http.Cookie) {
	o.t.Helper()
	ctx := context.Background()
	mail := strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@fernhill.example"
	p, err := o.site.People.AddPerson(ctx, people.Operator, people.PersonPatch{Name: &name, Email: &mail, Capabilities: &caps}, "page")
	if err != nil {
		o.t.Fatal(err)
	}
	token := rand.Text()
	digest := sha256.Sum256([]byte(token))
	if _, err := o.site.DB.Exec(ctx, `with joined as (update persons set password_hash = $2 where id = $1 returning id)
		insert into web_sessions (person_id, token_hash, expires_at) select id, $3, now() + interval '1 day' from joined`, p.ID, officeHash(), digest[:]); err != nil {
		o.t.Fatal(err)
	}
	return p, &http.Cookie{Name: sessionCookie, Value: token}
}

// An answer is what the site answered.
type answer struct {
	*httptest.ResponseRecorder
	doc *goquery.Document
}

// text returns what stands in the elements of a selector.
func (a answer) text(selector string) string {
	return strings.Join(strings.Fields(a.doc.Find(selector).Text()), " ")
}

// value returns the value of the first element of a selector.
func (a answer) value(selector string) string {
	v, _ := a.doc.Find(selector).First().Attr("value")
	return v
}

func (a answer) cookie(name string) *http.Cookie {
	for _, c := range a.Result().Cookies() {
		if c.Name == name && c.Value != "" {
			return c
		}
	}
	return nil
}

// do sends a request (a form, if fields are given) and wants a status.
func (o *office) do(want int, method, path string, form url.Values, cookies ...*http.Cookie) answer {
	o.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, c := range cookies {
		if c != nil {
			r.AddCookie(c)
		}
	}
	w := httptest.NewRecorder()
	o.h.ServeHTTP(w, r)
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(w.Body.String()))
	if err != nil {
		o.t.Fatal(err)
	}
	if w.Code != want {
		o.t.Fatalf("%s %s answered %d, want %d: %s", method, path, w.Code, want, doc.Find("main").Text())
	}
	if n := doc.Find("main .button.filled").Length(); n > 1 {
		o.t.Errorf("%s %s has %d filled buttons", method, path, n)
	}
	return answer{w, doc}
}

func TestSignInPage(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p, _ := o.person("Ana Sousa", people.Rep)
	page := o.do(200, "GET", "/signin?next=/skills", nil)
	if page.value("input[name=next]") != "/skills" || page.doc.Find("form input[name=email], form input[name=password]").Length() != 2 {
		t.Errorf("the form is %s", page.Body)
	}
	wrong := o.do(401, "POST", "/signin", url.Values{"email": {p.Email}, "password": {"wrong password"}, "next": {"/skills"}})
	if wrong.value("#email") != p.Email || wrong.value("#password") != "" || wrong.text("[role=alert]") == "" {
		t.Errorf("after a wrong password: %s", wrong.Body)
	}
	in := o.do(303, "POST", "/signin", url.Values{"email": {p.Email}, "password": {officePassword}, "next": {"/skills"}, "keep": {"yes"}})
	session := in.cookie(sessionCookie)
	if in.Header().Get("Location") != "/skills" || session == nil || !session.HttpOnly || session.SameSite != http.SameSiteLaxMode || session.MaxAge <= 0 {
		t.Errorf("signed in to %s with %v", in.Header().Get("Location"), session)
	}
	if brief := o.do(303, "POST", "/signin", url.Values{"email": {p.Email}, "password": {officePassword}}).cookie(sessionCookie); brief.MaxAge != 0 {
		t.Errorf("without keep the cookie stays for %d s", brief.MaxAge)
	}
	if o.do(303, "GET", "/signin", nil, session).Header().Get("Location") != "/today" {
		t.Error("somebody signed in is not sent on")
	}
	out := o.do(303, "POST", "/signout", url.Values{}, session)
	if o.do(303, "GET", "/me/data", nil, session).Header().Get("Location") != "/signin?next=%2Fme%2Fdata" {
		t.Error("the session did not end")
	}
	if page := o.do(200, "GET", "/signin", nil, out.cookie("pitchside_said")); !strings.Contains(page.text("[role=status]"), "signed out") {
		t.Errorf("nothing says that the session ended: %s", page.text("main"))
	}
}

func TestNextIsLocal(t *testing.T) {
	t.Parallel()
	for next, want := range map[string]string{
		"/skills": "/skills", "/learn/a?b=c": "/learn/a?b=c", "": "/today", "https://evil.example": "/today", "//evil.example": "/today",
		`/\evil.example`: "/today", "skills": "/today", "/\t/evil.example": "/today", "javascript:alert(1)": "/today", "/signin?next=/a": "/today",
	} {
		if got := localPath(next); got != want {
			t.Errorf("next %q leads to %s, want %s", next, got, want)
		}
	}
}

func TestSignInPageWaits(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for range 10 {
		if _, err := o.site.DB.Exec(context.Background(), `insert into sign_in_failures (key) values ('email:ana@fernhill.example')`); err != nil {
			t.Fatal(err)
		}
	}
	page := o.do(429, "POST", "/signin", url.Values{"email": {"ana@fernhill.example"}, "password": {"x"}})
	if !strings.Contains(page.text("[role=alert]"), "Try again in 15 minutes") {
		t.Errorf("the page says %s", page.text("[role=alert]"))
	}
}

func TestLostFormIsCarriedThroughSigningIn(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	admin, cookie := o.person("Ada", people.Admin)
	typed := "Used for development only, as we agreed\nwith the works council."
	form := url.Values{"name": {"Fernhill"}, "policy_text": {typed}, "version": {"1"}, "currency": {"EUR"}, "time_zone": {"UTC"}, "retention_days": {"90"}, "dispute_days": {"14"}}
	lost := o.do(401, "POST", "/admin/settings", form)
	if !strings.Contains(lost.text("[role=status]"), "What you wrote is kept") {
		t.Fatalf("the sign-in page says %s", lost.text("main"))
	}
	carried := url.Values{"email": {admin.Email}, "password": {"wrong"}, "resume_to": {lost.value("[name=resume_to]")}, "resume": {lost.value("[name=resume]")}}
	again := o.do(401, "POST", "/signin", carried)
	carried = url.Values{"email": {admin.Email}, "password": {officePassword}, "resume_to": {again.value("[name=resume_to]")}, "resume": {again.value("[name=resume]")}}
	back := o.do(200, "POST", "/signin", carried)
	sent := url.Values{}
	back.doc.Find("form[action='/admin/settings'] input, form[action='/admin/settings'] textarea").Each(func(_ int, f *goquery.Selection) {
		name, _ := f.Attr("name")
		value, ok := f.Attr("value")
		if !ok {
			value = f.Text()
		}
		sent.Add(name, value)
	})
	if sent.Encode() != form.Encode() {
		t.Fatalf("the form came back as\n%s\nwant\n%s", sent.Encode(), form.Encode())
	}
	o.do(303, "POST", "/admin/settings", sent, back.cookie(sessionCookie))
	if page := o.do(200, "GET", "/admin/settings", nil, cookie); page.text("#policy_text") != strings.Join(strings.Fields(typed), " ") {
		t.Errorf("saved is %s", page.text("#policy_text"))
	}
	// Secrets are not carried, long texts are left in the browser, and only real addresses are resumed.
	if secret := o.do(401, "POST", "/me/password", url.Values{"current": {"hunter2hunter2"}, "password": {"something else"}}); strings.Contains(secret.Body.String(), "hunter2") {
		t.Error("a password came back in the page")
	}
	long := o.do(401, "POST", "/admin/settings", url.Values{"policy_text": {strings.Repeat("x", keptLimit)}})
	if long.doc.Find("[name=resume]").Length() != 0 || !strings.Contains(long.text("[role=status]"), "too long") {
		t.Errorf("a long form: %s", long.text("main"))
	}
	o.do(303, "POST", "/signin", url.Values{"email": {admin.Email}, "password": {officePassword}, "resume_to": {"/nowhere"}, "resume": {"a=b"}})
	if got := o.do(401, "POST", "/me/theme", nil); !strings.Contains(got.text("[role=alert]"), "do it once more") {
		t.Errorf("an empty form: %s", got.text("main"))
	}
}

func TestJoinPage(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	_, cookie := o.person("Ada", people.Admin)
	added := o.do(303, "POST", "/admin/people", url.Values{"name": {"Ana Sousa"}, "email": {"ana@fernhill.example"}, "role_family": {"SDR"}, "time_zone": {"UTC"}, "capabilities": {"rep"}}, cookie)
	shown := o.do(200, "POST", added.Header().Get("Location")+"/invite", url.Values{}, cookie)
	link := shown.value("#link")
	path, ok := strings.CutPrefix(link, "http://pitchside.test")
	if !ok || !strings.HasPrefix(path, "/join/") {
		t.Fatalf("the link is %q", link)
	}
	page := o.do(200, "GET", path, nil)
	if page.value("#email") != "ana@fernhill.example" || page.doc.Find("section[aria-labelledby=who] li").Length() != 3 {
		t.Errorf("the page is %s", page.text("main"))
	}
	short := o.do(422, "POST", path, url.Values{"name": {"Ana S."}, "password": {"short"}})
	if short.value("#name") != "Ana S." || short.value("#password") != "" || !strings.Contains(short.text("[role=alert]"), "at least 10") {
		t.Errorf("after a short password: %s", short.text("main"))
	}
	joined := o.do(303, "POST", path, url.Values{"name": {"Ana S."}, "password": {officePassword}, "time_zone": {"Europe/Lisbon"}})
	me := o.do(200, "GET", "/me/settings", nil, joined.cookie(sessionCookie))
	if me.value("#name") != "Ana S." || me.value("#time_zone") != "Europe/Lisbon" {
		t.Errorf("joined as %s in %s", me.value("#name"), me.value("#time_zone"))
	}
	used := o.do(404, "GET", path, nil)
	if !strings.Contains(used.text("main"), "used already") {
		t.Errorf("a used link says %s", used.text("main"))
	}
}

func TestPeoplePages(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	_, cookie := o.person("Ada Admin", people.Admin)
	boss, _ := o.person("Mona Manager", people.Manager)
	coach, _ := o.person("Cora Coach", people.Coach)
	if page := o.do(200, "GET", "/admin/people", nil, cookie); page.doc.Find("tbody tr").Length() < 3 {
		t.Errorf("the list is %s", page.text("main"))
	}
	o.do(303, "POST", "/admin/teams", url.Values{"name": {"Europe"}}, cookie)
	o.do(422, "POST", "/admin/teams", url.Values{"name": {"Europe"}}, cookie)
	bad := o.do(422, "POST", "/admin/people", url.Values{"name": {""}, "email": {"ana"}, "role_family": {"AE"}, "time_zone": {"UTC"}, "region": {"North"}, "capabilities": {"rep"}, "hire_date": {"soon"}}, cookie)
	if bad.value("#email") != "ana" || bad.value("#region") != "North" || bad.value("#hire_date") != "soon" || bad.doc.Find("[aria-invalid]").Length() < 2 {
		t.Errorf("after mistakes: %s", bad.Body)
	}
	taken := o.do(422, "POST", "/admin/people", url.Values{"name": {"Ana"}, "email": {"CORA.coach@fernhill.example"}, "role_family": {"AE"}, "time_zone": {"UTC"}, "capabilities": {"rep"}}, cookie)
	if !strings.Contains(taken.text(".field .error"), "is here already") {
		t.Errorf("a taken e-mail: %s", taken.text("main"))
	}
	added := o.do(303, "POST", "/admin/people", url.Values{"name": {"Ana Sousa"}, "email": {"ana@fernhill.example"}, "role_family": {"AE"}, "time_zone": {"UTC"},
		"capabilities": {"rep", "author"}, "team_id": {"1"}, "manager_id": {fmt.Sprint(boss.ID)}, "hire_date": {"2025-03-01"}}, cookie)
	path := added.Header().Get("Location")
	page := o.do(200, "GET", path, nil, cookie)
	if page.value("#hire_date") != "2025-03-01" || page.text("#team_id option[selected]") != "Europe" || page.text("#manager_id option[selected]") != "Mona Manager" ||
		page.doc.Find("input[name=capabilities][checked]").Length() != 2 {
		t.Errorf("the person is %s", page.Body)
	}
	for query, want := range map[string]int{"q=ana+s": 1, "team=1": 1, "capability=author": 1, "state=left": 0, "family=AE&q=nobody": 0, "state=all": 4} {
		if got := o.do(200, "GET", "/admin/people?"+query, nil, cookie); got.doc.Find("table.reflow tbody tr").Length() != want {
			t.Errorf("%s lists %s, want %d", query, got.text("tbody"), want)
		}
	}
	o.do(422, "POST", path+"/coaches", url.Values{"coach_id": {""}}, cookie)
	o.do(303, "POST", path+"/coaches", url.Values{"coach_id": {fmt.Sprint(coach.ID)}}, cookie)
	page = o.do(200, "GET", path, nil, cookie)
	end, ok := page.doc.Find("form[action*='/coaches/']").Attr("action")
	if !ok || !strings.Contains(page.text("section[aria-labelledby=coaches]"), "Cora Coach") {
		t.Fatalf("the coaches are %s", page.text("section[aria-labelledby=coaches]"))
	}
	o.do(303, "POST", end, url.Values{}, cookie)

	// Two admins at once: the second sees what the first saved, and keeps their own typing.
	form := url.Values{"version": {page.value("[name=version]")}, "name": {"Ana Lima"}, "email": {"ana@fernhill.example"}, "role_family": {"AE"}, "time_zone": {"UTC"}, "capabilities": {"rep"}}
	o.do(303, "POST", path, form, cookie)
	form.Set("name", "Ana Costa")
	stale := o.do(409, "POST", path, form, cookie)
	if stale.value("#name") != "Ana Costa" || !strings.Contains(stale.text(".diff"), "Ana Lima") {
		t.Errorf("a stale write: %s", stale.text("main"))
	}
	form.Set("version", stale.value("[name=version]"))
	o.do(303, "POST", path, form, cookie)

	o.do(303, "POST", path+"/active", url.Values{"active": {"no"}}, cookie)
	if got := o.do(200, "GET", path, nil, cookie); !strings.Contains(got.text(".page-head"), "Inactive") {
		t.Errorf("made inactive: %s", got.text(".page-head"))
	}
	o.do(303, "POST", path+"/active", url.Values{"active": {"yes"}}, cookie)
	o.do(404, "GET", "/admin/people/987654", nil, cookie)
	o.do(404, "GET", "/admin/people/x", nil, cookie)
}

func TestPeopleListPages(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	_, cookie := o.person("Ada Admin", people.Admin)
	if _, err := o.site.DB.Exec(context.Background(), `insert into persons (name, source) select 'Person ' || i, 'import' from generate_series(1, 120) i`); err != nil {
		t.Fatal(err)
	}
	seen, path := 0, "/admin/people"
	for pages := 0; path != "" && pages < 5; pages++ {
		page := o.do(200, "GET", path, nil, cookie)
		seen += page.doc.Find("table.reflow tbody tr").Length()
		path, _ = page.doc.Find(".pager a").Attr("href")
	}
	if seen != 121 {
		t.Errorf("the pages list %d people, want 121", seen)
	}
}

func TestCompanySettingsPage(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	_, cookie := o.person("Ada Admin", people.Admin)
	form := url.Values{"version": {"1"}, "name": {"Fernhill"}, "currency": {"euro"}, "time_zone": {"UTC"}, "retention_days": {"many"}, "dispute_days": {"14"}, "policy_text": {"For development only."}}
	wrong := o.do(422, "POST", "/admin/settings", form, cookie)
	if wrong.value("#retention_days") != "many" || wrong.value("#currency") != "euro" {
		t.Errorf("what was typed is gone: %s", wrong.Body)
	}
	form.Set("retention_days", "90")
	o.do(422, "POST", "/admin/settings", form, cookie)
	form.Set("currency", "USD")
	o.do(303, "POST", "/admin/settings", form, cookie)
	stale := o.do(409, "POST", "/admin/settings", form, cookie)
	if !strings.Contains(stale.text(".diff"), "Fernhill") || stale.value("[name=version]") != "2" {
		t.Errorf("a stale write: %s", stale.text("main"))
	}
	if page := o.do(200, "GET", "/me/settings", nil, cookie); !strings.Contains(page.text(".footer"), "Pitchside for Fernhill") {
		t.Errorf("the footer is %s", page.text(".footer"))
	}
}

func TestMyDataPage(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p, cookie := o.person("Ana Sousa", people.Rep)
	page := o.do(200, "GET", "/me/data", nil, cookie)
	if page.doc.Find("#held").Length() != 1 || page.doc.Find("section[aria-labelledby=sessions] li").Length() != 1 {
		t.Errorf("the page is %s", page.text("main"))
	}
	o.do(422, "POST", "/me/tokens", url.Values{"label": {""}, "scopes": {"all"}}, cookie)
	kept := o.do(422, "POST", "/me/tokens", url.Values{"label": {"nightly"}}, cookie)
	if kept.value("#label") != "nightly" || !strings.Contains(kept.text("[role=alert]"), "at least one scope") {
		t.Errorf("a token without scopes: %s", kept.text("[role=alert]"))
	}
	made := o.do(200, "POST", "/me/tokens", url.Values{"label": {"nightly"}, "scopes": {"people:read"}}, cookie)
	token := made.value("#new-token")
	if by, err := o.site.People.ByToken(context.Background(), token); err != nil || by.ID != p.ID {
		t.Errorf("token %q is of %v, %v", token, by.ID, err)
	}
	if again := o.do(200, "GET", "/me/data", nil, cookie); strings.Contains(again.Body.String(), token) {
		t.Error("the token is shown twice")
	}
	revoke, _ := made.doc.Find("form[action*='/tokens/']").Attr("action")
	o.do(303, "POST", revoke, url.Values{}, cookie)
	if _, err := o.site.People.ByToken(context.Background(), token); err == nil {
		t.Error("a revoked token works")
	}
	other := o.do(303, "POST", "/signin", url.Values{"email": {p.Email}, "password": {officePassword}}).cookie(sessionCookie)
	end, ok := o.do(200, "GET", "/me/data", nil, cookie).doc.Find("form[action*='/sessions/'][action$='/revoke']").First().Attr("action")
	if !ok {
		t.Fatal("there is no way to end the other session")
	}
	o.do(303, "POST", end, url.Values{}, cookie)
	o.do(303, "GET", "/me/data", nil, other)
	o.do(200, "GET", "/me/data", nil, cookie)
	o.do(303, "POST", "/me/sessions/revoke", url.Values{}, cookie)

	export := o.do(200, "GET", "/me/data.json", nil, cookie)
	var all struct {
		Name       string
		Categories []people.Category
	}
	if err := json.Unmarshal(export.Body.Bytes(), &all); err != nil || all.Name != "Ana Sousa" || len(all.Categories) < 20 ||
		!strings.Contains(export.Header().Get("Content-Disposition"), "attachment") {
		t.Errorf("the export is %v, %s", err, export.Header())
	}
}

func TestMySettingsPage(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p, cookie := o.person("Ana Sousa", people.Rep)
	wrong := o.do(422, "POST", "/me/profile", url.Values{"name": {"Ana"}, "time_zone": {"Lisbon"}}, cookie)
	if wrong.value("#time_zone") != "Lisbon" {
		t.Errorf("what was typed is gone: %s", wrong.value("#time_zone"))
	}
	o.do(303, "POST", "/me/profile", url.Values{"name": {"Ana"}, "time_zone": {"Europe/Lisbon"}}, cookie)
	secret := o.do(422, "POST", "/me/password", url.Values{"current": {"not my password"}, "password": {"another long password"}}, cookie)
	if strings.Contains(secret.Body.String(), "not my password") {
		t.Error("the password came back in the page")
	}
	o.do(303, "POST", "/me/password", url.Values{"current": {officePassword}, "password": {"another long password"}}, cookie)
	o.do(200, "GET", "/me/settings", nil, cookie)
	o.do(303, "POST", "/signin", url.Values{"email": {p.Email}, "password": {"another long password"}})
	theme := o.do(303, "POST", "/me/theme", url.Values{"theme": {"dark"}}, cookie).cookie("pitchside_theme")
	if got, _ := o.do(200, "GET", "/me/settings", nil, cookie, theme).doc.Find("html").Attr("data-theme"); got != "dark" {
		t.Errorf("theme is %q", got)
	}
}
