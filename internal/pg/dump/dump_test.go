package dump_test

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"

	"pitchside/internal/pg"
	"pitchside/internal/pg/dump"
	"pitchside/internal/pg/pgtest"
)

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	from := pgtest.New(t)
	if _, err := from.Exec(ctx, `
		insert into persons (name, email, hire_date) values ('Ann \ "Tab	and
line"', 'ann@example.com', '2024-02-29'), ('Bo', 'bo@example.com', null);
		insert into teams (name) values ('North');
		insert into teams (name, parent_id) select 'North East', id from teams;
		insert into memberships (person_id, team_id) select p.id, t.id from persons p, teams t where p.name = 'Bo' and t.name = 'North East'`); err != nil {
		t.Fatal(err)
	}
	archive := write(t, from)
	to, err := pg.Open(ctx, pgtest.Empty(t))
	if err != nil {
		t.Fatal(err)
	}
	defer to.Close()
	m, err := read(t, to, archive)
	if err != nil {
		t.Fatal(err)
	}
	if m.Rows() < 5 {
		t.Errorf("the manifest counts %d rows", m.Rows())
	}
	for _, query := range []string{
		`select id || name || coalesce(email, '') || coalesce(hire_date::text, '') || created_at from persons order by id`,
		`select id || name || coalesce(parent_id, 0) from teams order by id`,
		`select person_id || ' ' || team_id || valid_from from memberships order by id`,
		`select conname from pg_constraint where contype = 'f' order by conname`,
		`select tgname || tgenabled::text from pg_trigger where not tgisinternal order by tgname`,
	} {
		want, err := pg.Column[string](ctx, from, query)
		if err != nil {
			t.Fatal(err)
		}
		got, err := pg.Column[string](ctx, to, query)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s:\n%s", query, diff)
		}
	}
	if _, err := to.Exec(ctx, `insert into persons (name, email) values ('New', 'new@example.com')`); err != nil {
		t.Errorf("after the return numbers do not go on: %v", err)
	}
	if _, err := read(t, to, archive); err == nil || !strings.Contains(err.Error(), "not empty") {
		t.Errorf("restoring over rows: %v", err)
	}
}

func TestDamagedArchiveChangesNothing(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	archive := write(t, pgtest.New(t))
	to, err := pg.Open(ctx, pgtest.Empty(t))
	if err != nil {
		t.Fatal(err)
	}
	defer to.Close()
	damaged := bytes.Clone(archive)
	damaged[bytes.Index(damaged, []byte("tables/company"))+30] ^= 0xff
	for name, b := range map[string][]byte{"damaged": damaged, "foreign": emptyZip(t)} {
		if _, err := read(t, to, b); err == nil {
			t.Errorf("a %s archive was taken", name)
		}
	}
	n, err := pg.Column[int64](ctx, to, `select count(*) from pg_class where relnamespace = 'public'::regnamespace`)
	if err != nil || n[0] != 0 {
		t.Errorf("the database has %v tables and indexes (%v), want none", n, err)
	}
}

func write(t *testing.T, pool *pgxpool.Pool) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	m, err := dump.Write(t.Context(), pool, z)
	if err != nil {
		t.Fatal(err)
	}
	if err := dump.WriteManifest(z, m); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func read(t *testing.T, pool *pgxpool.Pool, archive []byte) (dump.Manifest, error) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return dump.Manifest{}, err
	}
	return dump.Read(t.Context(), pool, z)
}

func emptyZip(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := zip.NewWriter(&b).Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
