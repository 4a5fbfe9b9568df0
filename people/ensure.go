package people

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"

	"github.com/jackc/pgx/v5"
)

// The verbs of this file bring people over from another system. They run in
// the caller's transaction and report what they changed, so that it can be
// undone. Names and e-mails match in any case.

// A Change is one thing that was written: enough to put it back.
type Change struct {
	Subject string          // person, team, membership or management
	ID      int64           // of the row that was created or changed; 0: the earlier relation only ended
	Before  json.RawMessage // what it was, or the relation that it replaced; nil: nothing was there
	After   string          // fingerprint of what was written: another one means that somebody edited it since
}

// An ImportedPerson is a person as another system knows them. Empty fields are
// unknown there and leave what is here as it is.
type ImportedPerson struct {
	Name         string
	Email        string
	RoleFamily   string
	Region       string
	HireDate     *time.Time
	Capabilities []Capability // added to those they have
}

// FindByName returns the id of the one person of this name, in any case; 0 if
// there is none. Two of one name are Invalid: the message asks for an e-mail.
func FindByName(ctx context.Context, q pg.Querier, name string) (int64, error) {
	ids, err := pg.Column[int64](ctx, q, `select id from persons where lower(name) = lower($1) order by id limit 2`, strings.Join(strings.Fields(name), " "))
	switch {
	case err != nil || len(ids) == 0:
		return 0, err
	case len(ids) > 1:
		return 0, fault.Field("name", "Two people are called "+name+". Give the e-mail, so that it is clear who is meant.")
	}
	return ids[0], nil
}

const personState = `jsonb_build_object('email', email, 'name', name, 'role_family', role_family, 'region', region,
	'hire_date', hire_date, 'capabilities', capabilities, 'active', active)`

// EnsurePerson finds a person by e-mail, else by name, and makes them as the
// other system says; a new one cannot sign in until invited. The change is nil
// if everything was so already.
func (s *Service) EnsurePerson(ctx context.Context, tx pg.Querier, in ImportedPerson) (int64, *Change, error) {
	want := Person{RoleFamily: "AE", TimeZone: "UTC", Active: true, Source: "import", Capabilities: []Capability{Rep}}
	patch := PersonPatch{Name: &in.Name, Email: &in.Email}
	if in.RoleFamily != "" {
		patch.RoleFamily = &in.RoleFamily
	}
	if len(in.Capabilities) > 0 {
		patch.Capabilities = &in.Capabilities
	}
	if err := fault.Fields(want.apply(patch)); err != nil {
		return 0, nil, err
	}
	id, err := findImported(ctx, tx, want)
	if err != nil {
		return 0, nil, err
	}
	want.Region, want.HireDate = strings.TrimSpace(in.Region), in.HireDate
	if id == 0 {
		c := Change{Subject: "person"}
		if err := tx.QueryRow(ctx, `insert into persons (email, name, role_family, region, hire_date, end_date, capabilities, time_zone, active, source)
			values (@email, @name, @role_family, @region, @hire_date, @end_date, @capabilities, @time_zone, @active, @source)
			returning id, md5(`+personState+`::text)`, want.args()).Scan(&c.ID, &c.After); err != nil {
			return 0, nil, emailTaken(err, want.Email)
		}
		return c.ID, &c, nil
	}
	// Only what the other system says is written, and only where it differs.
	c := Change{Subject: "person", ID: id}
	args := pgx.NamedArgs{"id": id, "email": in.Email, "name": want.Name, "role_family": in.RoleFamily, "region": want.Region, "hire_date": in.HireDate, "capabilities": in.Capabilities}
	if in.Capabilities == nil {
		args["capabilities"] = []Capability{}
	}
	err = tx.QueryRow(ctx, `with old as (select id, `+personState+` as state from persons where id = @id for update)
		update persons p set email = coalesce(nullif(@email, ''), p.email), name = case when lower(@name) = lower(p.name) then p.name else @name end, role_family = coalesce(nullif(@role_family, ''), p.role_family),
			region = coalesce(nullif(@region, ''), p.region), hire_date = coalesce(@hire_date::date, p.hire_date),
			capabilities = array(select c from unnest('{rep,coach,manager,author,admin}'::text[]) c where c = any(p.capabilities) or c = any(@capabilities::text[])),
			version = version + 1, updated_at = now()
		from old where p.id = old.id and (
			@email <> '' and lower(@email) is distinct from lower(p.email) or lower(@name) <> lower(p.name) or @role_family not in ('', p.role_family)
			or @region not in ('', p.region) or @hire_date::date <> p.hire_date or @hire_date::date is not null and p.hire_date is null
			or not @capabilities::text[] <@ p.capabilities)
		returning old.state, md5(`+personState+`::text)`, args).Scan(&c.Before, &c.After)
	if pg.NoRows(err) {
		return id, nil, nil
	}
	if err != nil {
		return 0, nil, emailTaken(err, want.Email)
	}
	return id, &c, nil
}

func findImported(ctx context.Context, tx pg.Querier, want Person) (int64, error) {
	if want.Email != "" {
		var id int64
		err := tx.QueryRow(ctx, `select id from persons where lower(email) = lower($1)`, want.Email).Scan(&id)
		if err == nil || !pg.NoRows(err) {
			return id, err
		}
		// A person of that name who has another e-mail is somebody else.
		err = tx.QueryRow(ctx, `select min(id) from persons where lower(name) = lower($1) and email is null having count(*) = 1`, want.Name).Scan(&id)
		if pg.NoRows(err) {
			return 0, nil
		}
		return id, err
	}
	return FindByName(ctx, tx, want.Name)
}

// EnsureTeam finds a team by its name below parentID (0: at the top), or adds it.
func (s *Service) EnsureTeam(ctx context.Context, tx pg.Querier, name string, parentID int64) (int64, *Change, error) {
	name = strings.Join(strings.Fields(name), " ")
	if name == "" || len([]rune(name)) > 100 {
		return 0, nil, fault.Field("team", "Give the team a name of at most 100 characters.")
	}
	var id int64
	err := tx.QueryRow(ctx, `select id from teams where lower(name) = lower($1) and coalesce(parent_id, 0) = $2 and ended_at is null`, name, parentID).Scan(&id)
	if err == nil || !pg.NoRows(err) {
		return id, nil, err
	}
	c := Change{Subject: "team"}
	err = tx.QueryRow(ctx, `insert into teams (name, parent_id) values ($1, nullif($2::bigint, 0)) returning id, md5(name)`, name, parentID).Scan(&c.ID, &c.After)
	return c.ID, &c, err
}

// SetTeam puts a person into a team (0: none) from today on.
func (s *Service) SetTeam(ctx context.Context, tx pg.Querier, personID, teamID int64) (*Change, error) {
	opened, closed, err := placeInTeam(ctx, tx, personID, teamID)
	return relationChange("membership", opened, closed), err
}

// SetManager makes manager (0: nobody) a person's manager from today on. A
// circle of managers is Invalid.
func (s *Service) SetManager(ctx context.Context, tx pg.Querier, personID, managerID int64) (*Change, error) {
	opened, closed, err := setManager(ctx, tx, personID, managerID)
	return relationChange("management", opened, closed), err
}

func relationChange(subject string, opened, closed int64) *Change {
	if opened == 0 && closed == 0 {
		return nil
	}
	c := &Change{Subject: subject, ID: opened}
	if closed != 0 {
		c.Before, _ = json.Marshal(map[string]int64{"closed": closed})
	}
	return c
}

// Undo puts one change back, unless it was edited or is needed since: then it
// leaves it alone and says why. The changes of an import are undone last first.
func (s *Service) Undo(ctx context.Context, tx pg.DB, c Change) (leftAlone string, err error) {
	switch c.Subject {
	case "person":
		return undoPerson(ctx, tx, c)
	case "team":
		return undoTeam(ctx, tx, c)
	case "membership":
		return undoRelation(ctx, tx, "memberships", c)
	default:
		return undoRelation(ctx, tx, "managements", c)
	}
}

func undoPerson(ctx context.Context, tx pg.DB, c Change) (string, error) {
	var name, state string
	err := tx.QueryRow(ctx, `select name, md5(`+personState+`::text) from persons where id = $1 for update`, c.ID).Scan(&name, &state)
	if pg.NoRows(err) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	if state != c.After {
		return name + " was edited since.", nil
	}
	if c.Before == nil {
		return deleteUnlessNeeded(ctx, tx, `delete from persons where id = $1`, c.ID, name+" has work, deals or people of their own by now.")
	}
	_, err = tx.Exec(ctx, `update persons p set email = b.email, name = b.name, role_family = b.role_family, region = b.region, hire_date = b.hire_date,
			capabilities = b.capabilities, active = b.active, version = version + 1, updated_at = now()
		from jsonb_to_record($2::jsonb) as b(email text, name text, role_family text, region text, hire_date date, capabilities text[], active boolean)
		where p.id = $1`, c.ID, c.Before)
	return "", err
}

func undoTeam(ctx context.Context, tx pg.DB, c Change) (string, error) {
	var name, state string
	err := tx.QueryRow(ctx, `select name, md5(name) from teams where id = $1 for update`, c.ID).Scan(&name, &state)
	if pg.NoRows(err) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	if state != c.After {
		return "The team " + name + " was renamed since.", nil
	}
	return deleteUnlessNeeded(ctx, tx, `delete from teams where id = $1`, c.ID, "The team "+name+" has people or teams in it by now.")
}

// undoRelation removes the relation that was opened and opens the one again
// that it had closed. table is one of this file's own two.
func undoRelation(ctx context.Context, tx pg.DB, table string, c Change) (string, error) {
	if c.ID != 0 {
		tag, err := tx.Exec(ctx, `delete from `+table+` where id = $1 and valid_to is null`, c.ID)
		if err != nil {
			return "", err
		}
		if tag.RowsAffected() == 0 {
			return "A " + c.Subject + " was changed since.", nil
		}
	}
	if c.Before == nil {
		return "", nil
	}
	var before struct{ Closed int64 }
	if err := json.Unmarshal(c.Before, &before); err != nil {
		return "", err
	}
	tag, err := tx.Exec(ctx, `update `+table+` r set valid_to = null where id = $1
		and not exists (select from `+table+` o where o.person_id = r.person_id and o.valid_to is null)`, before.Closed)
	if err == nil && tag.RowsAffected() == 0 {
		return "A " + c.Subject + " was changed since.", nil
	}
	return "", err
}

// deleteUnlessNeeded deletes a row in a savepoint; if other rows refer to it,
// it stays, and why is returned.
func deleteUnlessNeeded(ctx context.Context, tx pg.DB, sql string, id int64, why string) (string, error) {
	err := pg.InTx(ctx, tx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, sql, id)
		return err
	})
	if pg.Violated(err) != "" {
		return why, nil
	}
	return "", err
}
