package people_test

import (
	"testing"
	"time"

	"pitchside/internal/fault"
	"pitchside/people"

	"github.com/google/go-cmp/cmp"
)

func TestAddPersonRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	taken := w.person("Ana Sousa")
	day := func(s string) *time.Time { d, _ := time.Parse(time.DateOnly, s); return &d }
	for name, tt := range map[string]struct {
		patch people.PersonPatch
		kind  fault.Kind
		field string
	}{
		"no name":           {people.PersonPatch{Email: ptr(email("x"))}, fault.Invalid, "name"},
		"blank name":        {people.PersonPatch{Name: ptr("  "), Email: ptr(email("x"))}, fault.Invalid, "name"},
		"no e-mail":         {people.PersonPatch{Name: ptr("Bea")}, fault.Invalid, "email"},
		"bad e-mail":        {people.PersonPatch{Name: ptr("Bea"), Email: ptr("bea at home")}, fault.Invalid, "email"},
		"named e-mail":      {people.PersonPatch{Name: ptr("Bea"), Email: ptr("Bea <bea@x.example>")}, fault.Invalid, "email"},
		"e-mail taken":      {people.PersonPatch{Name: ptr("Bea"), Email: ptr("ANA" + taken.Email[3:])}, fault.Conflict, "email"},
		"unknown zone":      {people.PersonPatch{Name: ptr("Bea"), Email: ptr(email("x")), TimeZone: ptr("Mars/Base")}, fault.Invalid, "time_zone"},
		"no capability":     {people.PersonPatch{Name: ptr("Bea"), Email: ptr(email("x")), Capabilities: &[]people.Capability{}}, fault.Invalid, "capabilities"},
		"unknown one":       {people.PersonPatch{Name: ptr("Bea"), Email: ptr(email("x")), Capabilities: &[]people.Capability{"owner"}}, fault.Invalid, "capabilities"},
		"ends before start": {people.PersonPatch{Name: ptr("Bea"), Email: ptr(email("x")), HireDate: day("2026-02-01"), EndDate: day("2026-01-01")}, fault.Invalid, "end_date"},
		"no such team":      {people.PersonPatch{Name: ptr("Bea"), Email: ptr(email("x")), TeamID: ptr(int64(987654))}, fault.Invalid, "team_id"},
		"manager is a rep":  {people.PersonPatch{Name: ptr("Bea"), Email: ptr(email("x")), ManagerID: &taken.ID}, fault.Invalid, "manager_id"},
	} {
		_, err := w.AddPerson(w.ctx, people.Operator, tt.patch, "page")
		if fault.KindOf(err) != tt.kind || fault.FieldsOf(err)[tt.field] == "" {
			t.Errorf("%s: %v with %v, want kind %d about %s", name, err, fault.FieldsOf(err), tt.kind, tt.field)
		}
	}
	_, err := w.AddPerson(w.ctx, actor(taken), people.PersonPatch{Name: ptr("Bea"), Email: ptr(email("x"))}, "page")
	wantKind(t, err, fault.Forbidden, "")
}

func TestPatchPersonKeepsHistory(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	north, err := w.AddTeam(w.ctx, people.Operator, "North", 0)
	must(t, err)
	south, err := w.AddTeam(w.ctx, people.Operator, "South", 0)
	must(t, err)
	p := w.person("Ana Sousa")
	p, err = w.PatchPerson(w.ctx, people.Operator, p.ID, p.Version, people.PersonPatch{TeamID: &north.ID})
	must(t, err)
	w.exec(`update memberships set valid_from = current_date - 30 where person_id = $1`, p.ID)
	p, err = w.PatchPerson(w.ctx, people.Operator, p.ID, p.Version, people.PersonPatch{TeamID: &south.ID, Name: ptr("Ana Sousa Lima")})
	must(t, err)
	if p.TeamName != "South" || p.Name != "Ana Sousa Lima" || p.Version != 3 {
		t.Errorf("patched person is %+v", p)
	}
	var was string
	must(t, w.q.QueryRow(w.ctx, `select t.name from memberships m join teams t on t.id = m.team_id
		where m.person_id = $1 and m.valid_from <= current_date - 1 and m.valid_to > current_date - 1`, p.ID).Scan(&was))
	if was != "North" {
		t.Errorf("team of yesterday is %s, want North", was)
	}
	// The same again opens nothing.
	_, err = w.PatchPerson(w.ctx, people.Operator, p.ID, 0, people.PersonPatch{TeamID: &south.ID})
	must(t, err)
	p, err = w.PatchPerson(w.ctx, people.Operator, p.ID, 0, people.PersonPatch{TeamID: ptr(int64(0))})
	must(t, err)
	var rows int
	must(t, w.q.QueryRow(w.ctx, `select count(*) from memberships where person_id = $1`, p.ID).Scan(&rows))
	if rows != 2 || p.TeamID != nil {
		t.Errorf("%d memberships and team %v, want 2 and none", rows, p.TeamID)
	}
}

func TestPatchPersonStale(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.person("Ana Sousa")
	_, err := w.PatchPerson(w.ctx, people.Operator, p.ID, p.Version, people.PersonPatch{Name: ptr("Ana Lima")})
	must(t, err)
	_, err = w.PatchPerson(w.ctx, people.Operator, p.ID, p.Version, people.PersonPatch{Name: ptr("Ana Costa")})
	wantKind(t, err, fault.Stale, "")
	got, err := w.Person(w.ctx, people.Operator, p.ID)
	must(t, err)
	if got.Name != "Ana Lima" {
		t.Errorf("name is %s after a stale write", got.Name)
	}
}

func TestManagersMakeNoCircle(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, b, c := w.person("Ana", people.Manager), w.person("Bea", people.Manager), w.person("Cal", people.Manager)
	w.manages(a, b)
	w.manages(b, c)
	_, err := w.PatchPerson(w.ctx, people.Operator, a.ID, 0, people.PersonPatch{ManagerID: &c.ID})
	wantKind(t, err, fault.Invalid, "manager_id")
	_, err = w.PatchPerson(w.ctx, people.Operator, a.ID, 0, people.PersonPatch{ManagerID: &a.ID})
	wantKind(t, err, fault.Invalid, "manager_id")
}

func TestDeactivatedPersonIsShutOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.person("Ana Sousa")
	session := w.join(p, "five small grey cats")
	token, err := w.CreateToken(w.ctx, actor(p), p.ID, "script", []string{"people:read"})
	must(t, err)
	link, err := w.Invite(w.ctx, people.Operator, p.ID)
	must(t, err)
	_, err = w.PatchPerson(w.ctx, people.Operator, p.ID, 0, people.PersonPatch{Active: ptr(false)})
	must(t, err)
	_, _, err = w.Session(w.ctx, session)
	wantKind(t, err, fault.Unauthenticated, "")
	_, err = w.ByToken(w.ctx, token)
	wantKind(t, err, fault.Unauthenticated, "")
	_, err = w.Invitation(w.ctx, link)
	wantKind(t, err, fault.NotFound, "")
	_, err = w.SignIn(w.ctx, p.Email, "five small grey cats", "", "")
	wantKind(t, err, fault.Unauthenticated, "")
	// Back again, the password works and the old session does not.
	got, err := w.PatchPerson(w.ctx, people.Operator, p.ID, 0, people.PersonPatch{Active: ptr(true)})
	must(t, err)
	if got.Name != "Ana Sousa" {
		t.Errorf("person came back as %+v", got)
	}
	_, _, err = w.Session(w.ctx, session)
	wantKind(t, err, fault.Unauthenticated, "")
	_, err = w.SignIn(w.ctx, p.Email, "five small grey cats", "", "")
	must(t, err)
}

func TestTheLastAdminStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one := w.person("Ana", people.Admin)
	_, err := w.PatchPerson(w.ctx, actor(one), one.ID, 0, people.PersonPatch{Active: ptr(false)})
	wantKind(t, err, fault.Conflict, "")
	_, err = w.PatchPerson(w.ctx, actor(one), one.ID, 0, people.PersonPatch{Capabilities: &[]people.Capability{people.Rep}})
	wantKind(t, err, fault.Conflict, "")
	w.person("Bea", people.Admin)
	_, err = w.PatchPerson(w.ctx, actor(one), one.ID, 0, people.PersonPatch{Capabilities: &[]people.Capability{people.Rep}})
	must(t, err)
}

func TestPeoplePagesFiltersAndSearch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	root, err := w.AddTeam(w.ctx, people.Operator, "Europe", 0)
	must(t, err)
	leaf, err := w.AddTeam(w.ctx, people.Operator, "Iberia", root.ID)
	must(t, err)
	for _, name := range []string{"dora", "Ana", "Ána", "Bea", "Cal", "Eva 100%"} {
		w.person(name)
	}
	coach := w.person("Bea", people.Coach)
	_, err = w.PatchPerson(w.ctx, people.Operator, coach.ID, 0, people.PersonPatch{TeamID: &leaf.ID})
	must(t, err)
	_, err = w.PatchPerson(w.ctx, people.Operator, w.person("Zoe").ID, 0, people.PersonPatch{Active: ptr(false)})
	must(t, err)

	var paged []int64
	cursor, pages := "", 0
	for {
		found, next, err := w.People(w.ctx, people.Operator, people.PeopleFilter{Limit: 3, Cursor: cursor})
		must(t, err)
		for _, p := range found {
			paged = append(paged, p.ID)
		}
		if pages++; next == "" {
			break
		}
		cursor = next
	}
	all, _, err := w.People(w.ctx, people.Operator, people.PeopleFilter{Limit: 200})
	must(t, err)
	var ids []int64
	for _, p := range all {
		ids = append(ids, p.ID)
	}
	if diff := cmp.Diff(ids, paged); diff != "" || pages != 3 || len(ids) != 8 {
		t.Errorf("in %d pages: %s", pages, diff)
	}
	for name, tt := range map[string]struct {
		filter people.PeopleFilter
		want   int
	}{
		"part of a name":     {people.PeopleFilter{Search: "BE"}, 2},
		"a percent sign":     {people.PeopleFilter{Search: "100%"}, 1},
		"wildcards are text": {people.PeopleFilter{Search: "_"}, 0},
		"e-mail":             {people.PeopleFilter{Search: coach.Email}, 1},
		"team above":         {people.PeopleFilter{TeamID: root.ID}, 1},
		"capability":         {people.PeopleFilter{Capability: people.Coach}, 1},
		"inactive":           {people.PeopleFilter{Active: ptr(false)}, 1},
		"role family":        {people.PeopleFilter{RoleFamily: "SDR"}, 0},
	} {
		found, _, err := w.People(w.ctx, people.Operator, tt.filter)
		if err != nil || len(found) != tt.want {
			t.Errorf("%s: %d people, %v; want %d", name, len(found), err, tt.want)
		}
	}
	_, _, err = w.People(w.ctx, people.Operator, people.PeopleFilter{Cursor: "nonsense"})
	wantKind(t, err, fault.Invalid, "cursor")
}

func TestTeams(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	top, err := w.AddTeam(w.ctx, people.Operator, " Northern   Europe ", 0)
	must(t, err)
	if top.Name != "Northern Europe" {
		t.Errorf("name is %q", top.Name)
	}
	_, err = w.AddTeam(w.ctx, people.Operator, "northern europe", 0)
	wantKind(t, err, fault.Conflict, "name")
	below, err := w.AddTeam(w.ctx, people.Operator, "northern europe", top.ID)
	must(t, err)
	_, err = w.AddTeam(w.ctx, people.Operator, "x", 987654)
	wantKind(t, err, fault.Invalid, "parent_id")
	_, err = w.AddTeam(w.ctx, people.Operator, "", 0)
	wantKind(t, err, fault.Invalid, "name")

	rep := w.person("Ana")
	_, err = w.PatchPerson(w.ctx, people.Operator, rep.ID, 0, people.PersonPatch{TeamID: &below.ID})
	must(t, err)
	seen, _, err := w.Teams(w.ctx, actor(rep), 50, "")
	must(t, err)
	if diff := cmp.Diff([]people.Team{{ID: below.ID, Name: "northern europe", ParentID: &top.ID, Members: 1}}, seen); diff != "" {
		t.Error(diff)
	}
	first, next, err := w.Teams(w.ctx, people.Operator, 1, "")
	must(t, err)
	second, end, err := w.Teams(w.ctx, people.Operator, 1, next)
	must(t, err)
	if first[0].ID != top.ID || second[0].ID != below.ID || end != "" {
		t.Errorf("pages are %v, %v, then %q", first, second, end)
	}
}

func TestSaveProfile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.person("Ana Sousa")
	wantKind(t, w.SaveProfile(w.ctx, actor(p), "", "UTC"), fault.Invalid, "name")
	wantKind(t, w.SaveProfile(w.ctx, actor(p), "Ana", "Lisbon"), fault.Invalid, "time_zone")
	must(t, w.SaveProfile(w.ctx, actor(p), "Ana Lima", "Europe/Lisbon"))
	got, err := w.Person(w.ctx, actor(p), p.ID)
	must(t, err)
	if got.Name != "Ana Lima" || got.TimeZone != "Europe/Lisbon" || got.Version != p.Version+1 {
		t.Errorf("profile is %+v", got)
	}
}
