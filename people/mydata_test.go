package people_test

import (
	"strings"
	"testing"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"
)

func TestMyDataIsWhole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.person("Ana Sousa")
	other := w.person("Bea Other")
	w.join(p, password)
	_, err := w.CreateToken(w.ctx, actor(p), p.ID, "nightly", []string{"all"})
	must(t, err)
	w.exec(`insert into notices (person_id, kind, text) values ($1, 'x', 'Your score is there'), ($2, 'x', 'Of Bea')`, p.ID, other.ID)
	counts, err := w.MyData(w.ctx, actor(p), false)
	must(t, err)
	full, err := w.MyData(w.ctx, actor(p), true)
	must(t, err)
	rows := map[string]int{}
	for i, c := range full {
		rows[c.Name] = c.Rows
		if counts[i].Rows != c.Rows || counts[i].Data != nil {
			t.Errorf("%s counts %d with data and %d without", c.Name, c.Rows, counts[i].Rows)
		}
		if s := string(c.Data); strings.Contains(s, "argon2id") || strings.Contains(s, "Of Bea") || !strings.HasPrefix(s, "[") {
			t.Errorf("%s holds %s", c.Name, s)
		}
	}
	for name, want := range map[string]int{"profile": 1, "sessions": 1, "tokens": 1, "notices": 1, "invitations": 1, "deals": 0} {
		if rows[name] != want {
			t.Errorf("%s has %d rows, want %d", name, rows[name], want)
		}
	}
}

// Every column that names a person is read by the export, so that a new table
// cannot be forgotten.
func TestMyDataReadsEveryTableOfPeople(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	columns, err := pg.Column[string](w.ctx, w.q, `select c.conrelid::regclass || '.' || a.attname
		from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
		where c.contype = 'f' and c.confrelid = 'persons'::regclass order by 1`)
	must(t, err)
	if len(columns) < 30 {
		t.Fatalf("only %d columns name a person", len(columns))
	}
	queries := people.HeldQueries()
	for _, c := range columns {
		table, column, _ := strings.Cut(c, ".")
		found := false
		for _, q := range queries {
			found = found || strings.Contains(q, " "+table+" ") && strings.Contains(q, column)
		}
		if !found {
			t.Errorf("no category of My data reads %s", c)
		}
	}
}

func TestMyDataKeepsUnreleasedScoresBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rep, coach := w.person("Ana"), w.person("Cora Coach", people.Coach)
	var version, attempt, sheet int64
	must(t, w.q.QueryRow(w.ctx, `with d as (insert into documents (kind, slug, path) values ('scenario', $1, 'x') returning id)
		insert into document_versions (document_id, number, state, body, sha256) select id, 1, 'draft', '', '' from d returning id`, rep.Email).Scan(&version))
	must(t, w.q.QueryRow(w.ctx, `insert into attempts (person_id, scenario, scenario_version, rubric_version, form, state)
		values ($1, 'spi1', $2, $2, 'transcript', 'in_review') returning id`, rep.ID, version).Scan(&attempt))
	must(t, w.q.QueryRow(w.ctx, `insert into sheets (attempt_id, assessor_id, source, keep) values ($1, $2, 'coach', 'kept back') returning id`, attempt, coach.ID).Scan(&sheet))
	w.exec(`insert into sheet_private_notes (sheet_id, author_id, text) values ($1, $2, 'for me alone')`, sheet, coach.ID)
	w.exec(`insert into attempt_views (attempt_id, viewer_id, reason) values ($1, $2, '')`, attempt, coach.ID)
	holds := func(p people.Person, text string) bool {
		all, err := w.MyData(w.ctx, actor(p), true)
		must(t, err)
		for _, c := range all {
			if strings.Contains(string(c.Data), text) {
				return true
			}
		}
		return false
	}
	if holds(rep, "kept back") || holds(rep, "for me alone") || holds(coach, "for me alone") {
		t.Error("the export holds what is not to be shown")
	}
	w.exec(`update sheets set state = 'released', released_at = now() where id = $1`, sheet)
	if !holds(rep, "kept back") {
		t.Error("a released score is not in the export")
	}
	// Who scores without sight of others reads of them only what follows their own sheet.
	second, third := w.person("Sec Coach", people.Coach), w.person("Thea Coach", people.Coach)
	var other int64
	must(t, w.q.QueryRow(w.ctx, `insert into sheets (attempt_id, assessor_id, source) values ($1, $2, 'manager') returning id`, attempt, coach.ID).Scan(&other))
	w.exec(`insert into disputes (attempt_id, sheet_id, reason, second_id) values ($1, $2, 'you gave me two', $3)`, attempt, sheet, second.ID)
	w.exec(`insert into adjudications (attempt_id, first_sheet, second_sheet, why, adjudicator_id) values ($1, $2, $3, 'levels 2 and 5', $4)`, attempt, sheet, other, third.ID)
	var again int64
	must(t, w.q.QueryRow(w.ctx, `insert into resubmissions (attempt_id, nth, asked_by, reason, asked_at, handed_in) values ($1, 1, $2, 'ask it twice', now(), now()) returning id`, attempt, coach.ID).Scan(&again))
	w.exec(`insert into resubmission_sheets (resubmission_id, assessor_id, source, keep) values ($1, $2, 'coach', 'earlier by Cora'), ($1, $3, 'coach', 'earlier by Sec')`, again, coach.ID, second.ID)
	for text, c := range map[string]struct{ reads, not people.Person }{"you gave me two": {rep, second}, "ask it twice": {rep, second}, "earlier by Cora": {rep, second}, "earlier by Sec": {second, rep}, "levels 2 and 5": {people.Person{}, third}} {
		if c.reads.ID != 0 && !holds(c.reads, text) || holds(c.not, text) {
			t.Errorf("%q is not in the export of %s, or is in that of %s", text, c.reads.Name, c.not.Name)
		}
	}
	w.exec(`update adjudications set third_sheet = $1, settled_at = now()`, other)
	if !holds(third, "levels 2 and 5") {
		t.Error("a third person does not read what they settled")
	}
	seen, err := w.Viewers(w.ctx, actor(rep), 10)
	must(t, err)
	if len(seen) != 1 || seen[0].Viewer != "Cora Coach" {
		t.Errorf("viewers are %+v", seen)
	}
}

func TestAuditLog(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin, p := w.person("Ada", people.Admin), w.person("Ana")
	_, err := w.PatchPerson(w.ctx, actor(admin), p.ID, 0, people.PersonPatch{Name: ptr("Ana Lima")})
	must(t, err)
	_, _, err = w.AuditLog(w.ctx, actor(p), 0, 10, "")
	wantKind(t, err, fault.NotFound, "")
	first, next, err := w.AuditLog(w.ctx, actor(admin), p.ID, 1, "")
	must(t, err)
	second, end, err := w.AuditLog(w.ctx, actor(admin), p.ID, 1, next)
	must(t, err)
	if first[0].Act != "person changed" || first[0].Actor != "Ada" || first[0].Person != "Ana Lima" || second[0].Act != "person added" || second[0].ActorID != nil || end != "" {
		t.Errorf("the log reads %+v, then %+v, then %q", first, second, end)
	}
	_, _, err = w.AuditLog(w.ctx, actor(admin), 0, 1, "x")
	wantKind(t, err, fault.Invalid, "cursor")
	if _, err := w.q.Exec(w.ctx, `update audit_log set act = 'nothing' where id = $1`, first[0].ID); err == nil {
		t.Error("a line of the audit log could be changed")
	}
}
