package performance

import (
	"context"
	"errors"
	"maps"
	"strings"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// mostPeople is how many rows a file of people may have: each is tried out one
// by one, since people, teams and managers depend on each other.
const mostPeople = 200000

// An intake brings the people of one file in, row by row.
type intake struct {
	s         *Service
	i         Import
	managers  map[string]int64 // name or e-mail in lower case -> person
	teams     map[string]int64
	made      map[int64]bool // people who came in as somebody's manager
	n         counts
	errs      []RowError
	reportsTo int64
}

// errTriedOut takes back what a preview tried out.
var errTriedOut = errors.New("tried out")

// previewPeople tries the import out and takes it back.
func (s *Service) previewPeople(ctx context.Context, tx pgx.Tx, i Import) (counts, error) {
	in := s.newIntake(i)
	err := pg.InTx(ctx, tx, func(tx pgx.Tx) error {
		if err := in.run(ctx, tx, nil); err != nil {
			return err
		}
		return errTriedOut
	})
	if !errors.Is(err, errTriedOut) {
		return counts{}, err
	}
	return in.finish(ctx, tx)
}

// importPeople brings the people in and keeps what changed.
func (s *Service) importPeople(ctx context.Context, tx pgx.Tx, i Import) (counts, error) {
	in := s.newIntake(i)
	if err := in.run(ctx, tx, func(changes []people.Change) error { return keepChanges(ctx, tx, i.ID, changes) }); err != nil {
		return counts{}, err
	}
	return in.finish(ctx, tx)
}

func (s *Service) newIntake(i Import) *intake {
	in := &intake{s: s, i: i, managers: map[string]int64{}, teams: map[string]int64{}, made: map[int64]bool{}}
	if i.ReportsTo != nil {
		in.reportsTo = *i.ReportsTo
	}
	return in
}

// finish writes down what was wrong, in place of what a preview found wrong
// with the same rows.
func (in *intake) finish(ctx context.Context, tx pgx.Tx) (counts, error) {
	rows := make([]int64, len(in.errs))
	for n, e := range in.errs {
		rows[n] = e.Row
	}
	if _, err := tx.Exec(ctx, `delete from import_errors where import_id = $1 and row = any($2)`, in.i.ID, rows); err != nil {
		return counts{}, err
	}
	if err := copyErrors(ctx, tx, in.i.ID, in.errs); err != nil {
		return counts{}, err
	}
	var err error
	in.n.errors, err = countErrors(ctx, tx, in.i.ID)
	return in.n, err
}

// An arrival is one staged row of a file of people.
type arrival struct {
	Row      int64
	Data     map[string]string
	FirstRow int64 // the first with the same person
}

// run brings in every staged row, each in a savepoint of its own, so that a
// faulty one leaves nothing behind. keep gets what a row changed.
func (in *intake) run(ctx context.Context, tx pgx.Tx, keep func([]people.Change) error) error {
	after := int64(0)
	for {
		rows, err := pg.All[arrival](ctx, tx, `select r.row, r.data, f.first_row from import_rows r
			cross join lateral (select min(e.row) as first_row from import_rows e where e.import_id = r.import_id and e.key = r.key) f
			where r.import_id = $1 and r.row > $2 order by r.row limit 500`, in.i.ID, after)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, a := range rows {
			if err := in.row(ctx, tx, a, keep); err != nil {
				return err
			}
		}
		after = rows[len(rows)-1].Row
	}
}

func (in *intake) row(ctx context.Context, tx pgx.Tx, a arrival, keep func([]people.Change) error) error {
	if a.FirstRow < a.Row {
		in.errs = append(in.errs, RowError{Row: a.Row, Column: in.i.Mapping["name"], Value: a.Data["name"],
			Cause: "An earlier row is about the same person. Keep one of the two, or give both an e-mail."})
		return nil
	}
	also := in.n.also
	var created bool
	var changes []people.Change
	err := pg.InTx(ctx, tx, func(tx pgx.Tx) error {
		var err error
		created, changes, err = in.arrive(ctx, tx, a)
		return err
	})
	var told *fault.Error
	if errors.As(err, &told) {
		in.n.also = also
		in.forget(changes)
		in.errs = append(in.errs, in.rowError(a, told))
		return nil
	}
	if err != nil {
		return err
	}
	action := "unchanged"
	switch {
	case created:
		action = "create"
		in.n.create++
	case len(changes) > 0:
		action = "update"
		in.n.update++
	default:
		in.n.unchanged++
	}
	if len(in.n.sample) < sampleRows {
		in.n.sample = append(in.n.sample, SampleRow{Row: a.Row, Action: action, Fields: a.Data})
	}
	if keep == nil {
		return nil
	}
	return keep(changes)
}

// forget drops from memory the managers and teams that a row had brought and
// that were taken back with it.
func (in *intake) forget(changes []people.Change) {
	for _, c := range changes {
		switch c.Subject {
		case "person":
			delete(in.made, c.ID)
			maps.DeleteFunc(in.managers, func(_ string, id int64) bool { return id == c.ID })
		case "team":
			maps.DeleteFunc(in.teams, func(_ string, id int64) bool { return id == c.ID })
		}
	}
}

// arrive makes one person as the file says, with their team and manager.
// created is false for somebody who was here already.
func (in *intake) arrive(ctx context.Context, tx pgx.Tx, a arrival) (created bool, changes []people.Change, err error) {
	add := func(c *people.Change, err error) error {
		if c != nil {
			changes = append(changes, *c)
		}
		return err
	}
	person := people.ImportedPerson{Name: a.Data["name"], Email: a.Data["email"], RoleFamily: a.Data["role_family"], Region: a.Data["region"]}
	if day, err := time.Parse(time.DateOnly, a.Data["hire_date"]); err == nil {
		person.HireDate = &day
	}
	// Somebody who came in as a manager a few rows ago is new with their own row.
	asManager := in.made[in.managers[strings.ToLower(person.Name)]]
	if asManager {
		person.Capabilities = []people.Capability{people.Rep}
	}
	id, c, err := in.s.People.EnsurePerson(ctx, tx, person)
	created = asManager || c != nil && c.Before == nil
	if err := add(c, err); err != nil {
		return created, changes, err
	}
	if name := a.Data["team"]; name != "" {
		team, c, err := in.team(ctx, tx, name)
		if err := add(c, err); err != nil {
			return created, changes, err
		}
		if err := add(in.s.People.SetTeam(ctx, tx, id, team)); err != nil {
			return created, changes, err
		}
	}
	if name := a.Data["manager"]; name != "" {
		manager, more, err := in.manager(ctx, tx, name)
		changes = append(changes, more...)
		if err != nil {
			return created, changes, err
		}
		if err := add(in.s.People.SetManager(ctx, tx, id, manager)); err != nil {
			return created, changes, err
		}
	}
	if asManager {
		delete(in.made, id)
		in.n.also.Managers--
	}
	return created, changes, nil
}

// team finds a team by its name, wherever it stands in the tree, or adds it at
// the top.
func (in *intake) team(ctx context.Context, tx pgx.Tx, name string) (int64, *people.Change, error) {
	key := strings.ToLower(name)
	if id, ok := in.teams[key]; ok {
		return id, nil, nil
	}
	ids, err := pg.Column[int64](ctx, tx, `select id from teams where lower(name) = $1 and ended_at is null order by id limit 2`, key)
	switch {
	case err != nil:
		return 0, nil, err
	case len(ids) > 1:
		return 0, nil, fault.Field("team", "Several teams have this name. Rename one of them first.")
	case len(ids) == 1:
		in.teams[key] = ids[0]
		return ids[0], nil, nil
	}
	id, c, err := in.s.People.EnsureTeam(ctx, tx, name, 0)
	if err == nil {
		in.teams[key] = id
		in.n.also.Teams++
	}
	return id, c, err
}

// manager finds a manager by e-mail or name and makes them one; a name that is
// nobody's becomes a new person.
func (in *intake) manager(ctx context.Context, tx pgx.Tx, who string) (int64, []people.Change, error) {
	key := strings.ToLower(who)
	if id, ok := in.managers[key]; ok {
		return id, nil, nil
	}
	type found struct {
		ID      int64
		Name    string
		Email   *string
		Manages bool
		HasBoss bool
	}
	matches, err := pg.All[found](ctx, tx, `select p.id, p.name, p.email, 'manager' = any(p.capabilities) as manages,
			exists (select from managements m where m.person_id = p.id and m.valid_to is null) as has_boss
		from persons p where lower(p.email) = $1 or lower(p.name) = $1 order by p.id limit 2`, key)
	if err != nil {
		return 0, nil, err
	}
	var changes []people.Change
	var id int64
	hasBoss := false
	switch {
	case len(matches) > 1:
		return 0, nil, fault.Field("manager", "Several people have this name. Give the manager’s e-mail.")
	case len(matches) == 1:
		m := matches[0]
		id, hasBoss = m.ID, m.HasBoss
		if !m.Manages {
			email := ""
			if m.Email != nil {
				email = *m.Email
			}
			_, c, err := in.s.People.EnsurePerson(ctx, tx, people.ImportedPerson{Name: m.Name, Email: email, Capabilities: []people.Capability{people.Manager}})
			if err != nil {
				return 0, nil, err
			}
			if c != nil {
				changes = append(changes, *c)
			}
		}
	case strings.Contains(who, "@"):
		return 0, nil, fault.Field("manager", "Nobody here has this e-mail. Add the manager first, or give the name.")
	default:
		var c *people.Change
		if id, c, err = in.s.People.EnsurePerson(ctx, tx, people.ImportedPerson{Name: who, RoleFamily: "sales manager", Capabilities: []people.Capability{people.Manager}}); err != nil {
			return 0, nil, err
		}
		changes = append(changes, *c)
		in.made[id] = true
		in.n.also.Managers++
	}
	if in.reportsTo != 0 && in.reportsTo != id && !hasBoss {
		c, err := in.s.People.SetManager(ctx, tx, id, in.reportsTo)
		if err != nil {
			return 0, changes, err
		}
		if c != nil {
			changes = append(changes, *c)
		}
	}
	in.managers[key] = id
	return id, changes, nil
}

// rowError says a fault of the people room in terms of the file's columns.
func (in *intake) rowError(a arrival, f *fault.Error) RowError {
	e := RowError{Row: a.Row, Cause: f.Message}
	for name, cause := range f.Fields {
		name = strings.TrimSuffix(name, "_id") // the manager and the team, which the file names
		e.Column, e.Value, e.Cause = in.i.Mapping[name], a.Data[name], cause
	}
	return e
}

func keepChanges(ctx context.Context, tx pgx.Tx, id int64, changes []people.Change) error {
	for _, c := range changes {
		var before any
		if c.Before != nil {
			before = c.Before
		}
		if _, err := tx.Exec(ctx, `insert into import_changes (import_id, subject, subject_id, before, after_hash) values ($1, $2, $3, $4, $5)`,
			id, c.Subject, c.ID, before, c.After); err != nil {
			return err
		}
	}
	return nil
}

// undoPeople puts back what an import of people changed, last first.
func (s *Service) undoPeople(ctx context.Context, tx pgx.Tx, i Import) error {
	type change struct {
		ID        int64
		Subject   string
		SubjectID int64
		Before    []byte
		AfterHash string
	}
	before := int64(1) << 62
	for {
		changes, err := pg.All[change](ctx, tx, `select id, subject, subject_id, before, after_hash from import_changes
			where import_id = $1 and id < $2 order by id desc limit 500`, i.ID, before)
		if err != nil || len(changes) == 0 {
			return err
		}
		for _, c := range changes {
			why, err := s.People.Undo(ctx, tx, people.Change{Subject: c.Subject, ID: c.SubjectID, Before: c.Before, After: c.AfterHash})
			if err != nil {
				return err
			}
			if why == "" {
				continue
			}
			if _, err := tx.Exec(ctx, `update import_changes set left_alone = $2 where id = $1`, c.ID, why); err != nil {
				return err
			}
		}
		before = changes[len(changes)-1].ID
	}
}
