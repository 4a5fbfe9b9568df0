package people_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/internal/pg/pgtest"
	"pitchside/people"
)

const password = "five small grey cats"

func TestPasswordHash(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	a, err := people.HashPassword(ctx, password)
	must(t, err)
	b, err := people.HashPassword(ctx, password)
	must(t, err)
	if !strings.HasPrefix(a, "$argon2id$v=19$m=65536,t=3,p=4$") || a == b {
		t.Errorf("hashes are %s and %s", a, b)
	}
	stopped, stop := context.WithCancel(ctx)
	stop()
	var waiting sync.WaitGroup
	for range 4 {
		waiting.Go(func() { _, _ = people.HashPassword(stopped, password) })
	}
	waiting.Wait()
}

func TestSignIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.person("Ana Sousa", people.Rep, people.Coach)
	invited := w.person("Bea")
	w.join(p, password)
	token, err := w.SignIn(w.ctx, " "+strings.ToUpper(p.Email)+" ", password, "192.0.2.1", "Firefox")
	must(t, err)
	by, id, err := w.Session(w.ctx, token)
	must(t, err)
	if by.ID != p.ID || by.Name != "Ana Sousa" || by.Email != p.Email || !by.Can(people.Coach) || by.Token || id == 0 {
		t.Errorf("session %d is of %+v", id, by)
	}
	// One answer for whatever is wrong.
	answers := map[string]bool{}
	for _, try := range [][2]string{{p.Email, password + "x"}, {p.Email, ""}, {invited.Email, password}, {invited.Email, ""}, {email("nobody"), password},
		{"", ""}, {"not an address", password}, {p.Email, strings.Repeat("x", 1<<20)}} {
		_, err := w.SignIn(w.ctx, try[0], try[1], "192.0.2.1", "Firefox")
		wantKind(t, err, fault.Unauthenticated, "")
		answers[err.Error()] = true
	}
	if len(answers) != 1 {
		t.Errorf("answers differ: %v", answers)
	}
}

func TestSignInIsLimitedByEmail(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.person("Ana Sousa")
	w.join(p, password)
	fail := func(n int) {
		w.exec(`insert into sign_in_failures (key, at) select 'email:' || $1, $2 from generate_series(1, $3)`, p.Email, w.clock, n)
	}
	fail(9)
	// The right password forgives what went before.
	_, err := w.SignIn(w.ctx, p.Email, password, "192.0.2.1", "")
	must(t, err)
	fail(8)
	for i := range 2 {
		_, err := w.SignIn(w.ctx, p.Email, "wrong", fmt.Sprintf("192.0.2.%d", i), "")
		wantKind(t, err, fault.Unauthenticated, "")
		w.clock = w.clock.Add(time.Second)
	}
	for range 3 {
		_, err = w.SignIn(w.ctx, p.Email, password, "192.0.2.1", "")
		wantKind(t, err, fault.TooMany, "")
	}
	if !strings.Contains(err.Error(), "in 15 minutes") {
		t.Errorf("the refusal does not say when: %v", err)
	}
	// Being refused does not push the end away.
	w.clock = w.clock.Add(15 * time.Minute)
	_, err = w.SignIn(w.ctx, p.Email, password, "192.0.2.1", "")
	must(t, err)
}

func TestSignInIsLimitedByAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.person("Ana Sousa")
	w.join(p, password)
	for i := range 100 {
		w.exec(`insert into sign_in_failures (key, at) values ('ip:192.0.2.77', $1)`, w.clock.Add(-time.Duration(i)*time.Second))
	}
	_, err := w.SignIn(w.ctx, p.Email, password, "192.0.2.77", "")
	wantKind(t, err, fault.TooMany, "")
	_, err = w.SignIn(w.ctx, p.Email, password, "192.0.2.78", "")
	must(t, err)
}

// Tries at once must not slip past the limit together.
func TestSignInIsLimitedForManyAtOnce(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := pgtest.New(t)
	s := &people.Service{DB: db, Now: time.Now}
	if _, err := db.Exec(ctx, `insert into sign_in_failures (key) select 'email:nobody@fernhill.example' from generate_series(1, 6)`); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	kinds := map[fault.Kind]int{}
	for range 30 {
		wg.Go(func() {
			_, err := s.SignIn(ctx, "nobody@fernhill.example", "wrong", "192.0.2.1", "")
			mu.Lock()
			defer mu.Unlock()
			kinds[fault.KindOf(err)]++
		})
	}
	wg.Wait()
	if kinds[fault.Unauthenticated] > 4 || kinds[fault.Unauthenticated]+kinds[fault.TooMany] != 30 {
		t.Errorf("answers by kind: %v", kinds)
	}
}

func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.person("Ana Sousa")
	w.join(p, password)
	var tokens []string
	for range 3 {
		token, err := w.SignIn(w.ctx, p.Email, password, "192.0.2.1", "Firefox on Linux")
		must(t, err)
		tokens = append(tokens, token)
	}
	_, _, err := w.Session(w.ctx, "unknown")
	wantKind(t, err, fault.Unauthenticated, "")
	must(t, w.SignOut(w.ctx, tokens[0]))
	must(t, w.SignOut(w.ctx, tokens[0]))
	_, _, err = w.Session(w.ctx, tokens[0])
	wantKind(t, err, fault.Unauthenticated, "")

	_, mine, err := w.Session(w.ctx, tokens[1])
	must(t, err)
	_, second, err := w.Session(w.ctx, tokens[2])
	must(t, err)
	wantKind(t, w.RevokeSession(w.ctx, actor(w.person("Bea")), second), fault.NotFound, "")
	must(t, w.RevokeSession(w.ctx, actor(p), second))
	_, _, err = w.Session(w.ctx, tokens[2])
	wantKind(t, err, fault.Unauthenticated, "")

	n, err := w.RevokeSessions(w.ctx, actor(p), mine)
	must(t, err)
	open, err := w.Sessions(w.ctx, actor(p))
	must(t, err)
	if n != 1 || len(open) != 1 || open[0].ID != mine || open[0].UserAgent != "Firefox on Linux" {
		t.Errorf("ended %d, open %+v", n, open)
	}
}

func TestSessionIsIdleForFourteenDaysAtMost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.person("Ana Sousa")
	token := w.join(p, password)
	seen := func() (at time.Time) {
		must(t, w.q.QueryRow(w.ctx, `select last_seen_at from web_sessions where person_id = $1`, p.ID).Scan(&at))
		return at
	}
	began := w.clock
	w.clock = began.Add(4 * time.Minute)
	_, _, err := w.Session(w.ctx, token)
	must(t, err)
	if !seen().Equal(began) {
		t.Error("the last use was written within five minutes of the one before")
	}
	w.clock = began.Add(10 * 24 * time.Hour)
	_, _, err = w.Session(w.ctx, token)
	must(t, err)
	if !seen().Equal(w.clock) {
		t.Error("the last use was not written")
	}
	w.clock = began.Add(20 * 24 * time.Hour)
	_, _, err = w.Session(w.ctx, token)
	must(t, err)
	w.clock = w.clock.Add(14*24*time.Hour + time.Second)
	_, _, err = w.Session(w.ctx, token)
	wantKind(t, err, fault.Unauthenticated, "")
}

func TestChangePassword(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.person("Ana Sousa")
	token := w.join(p, password)
	_, keep, err := w.Session(w.ctx, token)
	must(t, err)
	elsewhere, err := w.SignIn(w.ctx, p.Email, password, "", "")
	must(t, err)
	for _, tt := range []struct{ current, fresh, field string }{
		{password, "short", "password"},
		{password, strings.Repeat("é", 201), "password"},
		{password, p.Email, "password"},
		{password, strings.Repeat("a", 12), "password"},
		{"wrong", "a new long password", "current"},
	} {
		wantKind(t, w.ChangePassword(w.ctx, actor(p), tt.current, tt.fresh, keep), fault.Invalid, tt.field)
	}
	must(t, w.ChangePassword(w.ctx, actor(p), password, "a new long password", keep))
	_, _, err = w.Session(w.ctx, token)
	must(t, err)
	_, _, err = w.Session(w.ctx, elsewhere)
	wantKind(t, err, fault.Unauthenticated, "")
	_, err = w.SignIn(w.ctx, p.Email, password, "", "")
	wantKind(t, err, fault.Unauthenticated, "")
	_, err = w.SignIn(w.ctx, p.Email, "a new long password", "", "")
	must(t, err)
	wantKind(t, w.ChangePassword(w.ctx, actor(w.person("Bea")), password, "a new long password", 0), fault.Conflict, "")
}

func TestSecretsAreStoredHashed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.person("Ana Sousa")
	session := w.join(p, password)
	link, err := w.Invite(w.ctx, people.Operator, p.ID)
	must(t, err)
	token, err := w.CreateToken(w.ctx, actor(p), p.ID, "", []string{"all"})
	must(t, err)
	for _, table := range []string{"persons", "web_sessions", "invitations", "api_tokens", "audit_log"} {
		rows, err := pg.Column[string](w.ctx, w.q, `select x::text from `+table+` x`)
		must(t, err)
		for _, r := range rows {
			for name, secret := range map[string]string{"password": password, "session": session, "link": link, "token": token} {
				if strings.Contains(r, secret) {
					t.Errorf("%s holds the %s: %s", table, name, r)
				}
			}
		}
	}
}
