package demo_test

import (
	"context"
	"testing"
	"time"

	"pitchside/content"
	"pitchside/demo"
	"pitchside/internal/blob"
	"pitchside/internal/pg/pgtest"
)

func TestFill(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), pgtest.New(t)
	now := time.Now().UTC()
	library := &content.Service{DB: db, Now: time.Now}
	if err := library.EnsureBuiltIn(ctx); err != nil {
		t.Fatal(err)
	}
	media, err := blob.OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := demo.New(db, media, now).Fill(ctx); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		what, query string
		low, high   int
	}{
		{"people", `select count(*) from persons`, 36, 44},
		{"teams", `select count(*) from teams`, 4, 4},
		{"people who coach", `select count(*) from persons where 'coach' = any(capabilities)`, 6, 6},
		{"managers", `select count(*) from persons where 'manager' = any(capabilities)`, 3, 3},
		{"hire dates over nearly three years", `select (max(hire_date) - min(hire_date)) / 30 from persons`, 32, 38},
		{"scored role-plays", `select count(*) from attempts where state = 'released' and form <> 'worksheet'`, 80, 250},
		{"worksheets scored, of which one revises another", `select count(*) * 10 + count(revises) from attempts where state = 'released' and form = 'worksheet'`, 31, 91},
		{"worksheets that wait for a coach", `select count(*) from attempts a where state = 'submitted' and form = 'worksheet' and exists (select from coachings k where k.person_id = a.person_id)`, 1, 1},
		{"role-plays that wait", `select count(*) from attempts where state = 'submitted' and form <> 'worksheet'`, 3, 3},
		{"calibration rounds", `select count(*) from calibrations`, 3, 3},
		{"of which are open", `select count(*) from calibration_progress where done < expected`, 1, 1},
		{"role-plays of the largest round", `select max(n) from (select count(*) as n from calibration_attempts group by calibration_id) x`, 30, 40},
		{"disputes, settled and open", `select count(*) filter (where outcome = 'changed') * 10 + count(*) filter (where outcome is null) from disputes`, 11, 11},
		{"closed sessions", `select count(*) from coaching_sessions where state = 'closed'`, 120, 400},
		{"planned sessions", `select count(*) from coaching_sessions where state = 'planned'`, 2, 2},
		{"promises that were kept, of ten", `select round(10.0 * count(*) filter (where outcome = 'kept') / count(*) filter (where outcome is not null)) from commitments`, 5, 8},
		{"deals", `select count(*) from opportunities`, 300, 900},
		{"lessons done", `select count(*) from lesson_progress where done_at is not null`, 120, 320},
		{"quizzes passed", `select count(*) from quiz_attempts where passed`, 10, 36},
		{"certificates: granted, revoked, lapsed", `select count(*) filter (where act = 'granted') * 100 + count(*) filter (where act = 'revoked') * 10 + count(*) filter (where act = 'lapsed') from certificate_entries`, 511, 511},
		{"answers after about 30, 60 and 90 days", `select count(*) from card_reviews`, 200, 300},
		{"people in programs, two in each", `select count(*) from program_enrolments`, 8, 8},
		{"items that people ticked", `select count(*) from program_ticks`, 12, 40},
		{"places taken in the session to come", `select count(*) from live_registrations r join live_sessions s on s.id = r.session_id where s.at > now() and r.state = 'registered'`, 3, 3},
		{"people who wait for one", `select count(*) from live_registrations where state = 'waiting'`, 2, 2},
		{"assignments whose day has passed", `select count(*) from assignments where done_at is null and due < now()::date`, 1, 1},
		{"notes beside a lesson", `select count(*) from lesson_notes`, 2, 2},
		{"threads under it, one answered", `select count(*) + 10 * count(answered_at) from lesson_posts where thread_id is null`, 12, 12},
		{"notices, some of them of the discussion", `select count(*) filter (where kind in ('mention', 'reply')) from notices`, 2, 4},
		{"things in the future", `select count(*) from evidence where at > now()`, 0, 0},
	} {
		var n int
		if err := db.QueryRow(ctx, tt.query).Scan(&n); err != nil {
			t.Fatalf("%s: %v", tt.what, err)
		}
		if n < tt.low || n > tt.high {
			t.Errorf("%s: %d, want %d to %d", tt.what, n, tt.low, tt.high)
		}
	}
	if empty, err := demo.Empty(ctx, db); err != nil || empty {
		t.Errorf("Empty = %v, %v after filling", empty, err)
	}
}
