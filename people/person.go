package people

import (
	"context"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"

	"github.com/jackc/pgx/v5"
)

// RoleFamilies are the role families that the library knows; any other text is
// a family of the company's own.
var RoleFamilies = []string{"SDR", "AE", "Enterprise AE", "AM", "sales manager"}

// Capabilities are all of them, in the order in which they are shown.
var Capabilities = []Capability{Rep, Coach, Manager, Author, Admin}

// A Person is somebody who works here, or did. Team and manager are today's.
type Person struct {
	ID           int64
	Email        string // empty only for imported people, who cannot sign in until they have one
	Name         string
	RoleFamily   string
	Region       string
	HireDate     *time.Time
	EndDate      *time.Time // the last day of work
	Capabilities []Capability
	TimeZone     string // IANA name
	Active       bool
	Source       string // page, api, import, command or demo
	Version      int
	CanSignIn    bool // has a password
	TeamID       *int64
	TeamName     string
	ManagerID    *int64
	ManagerName  string
}

// Can reports whether the person holds the capability.
func (p Person) Can(c Capability) bool { return slices.Contains(p.Capabilities, c) }

const personColumns = `p.id, coalesce(p.email, '') as email, p.name, p.role_family, p.region, p.hire_date, p.end_date, p.capabilities,
	p.time_zone, p.active, p.source, p.version, p.password_hash is not null as can_sign_in,
	t.id as team_id, coalesce(t.name, '') as team_name, boss.id as manager_id, coalesce(boss.name, '') as manager_name`

const personTables = `persons p
	left join lateral (select team_id from memberships where person_id = p.id and valid_from <= current_date and (valid_to is null or valid_to > current_date)
		order by valid_from desc, id desc limit 1) ms on true
	left join teams t on t.id = ms.team_id
	left join lateral (select manager_id from managements where person_id = p.id and valid_from <= current_date and (valid_to is null or valid_to > current_date)
		order by valid_from desc, id desc limit 1) mg on true
	left join persons boss on boss.id = mg.manager_id`

// knows is the condition that the actor may read a person's record: an admin,
// who keeps everybody's, or whoever sees the person.
func knows(column string) string { return "(@as_admin or " + Sees(column) + ")" }

func (a Actor) knowing(args pgx.NamedArgs) pgx.NamedArgs {
	all := a.Scope(args)
	all["as_admin"] = a.Can(Admin)
	return all
}

// Person returns a person whom the actor may know.
func (s *Service) Person(ctx context.Context, by Actor, id int64) (Person, error) {
	return personByID(ctx, s.DB, by, id)
}

func personByID(ctx context.Context, q pg.Querier, by Actor, id int64) (Person, error) {
	p, err := pg.One[Person](ctx, q, `select `+personColumns+` from `+personTables+` where p.id = @id and `+knows("p.id"),
		by.knowing(pgx.NamedArgs{"id": id}))
	if pg.NoRows(err) {
		return Person{}, fault.NotFoundf("There is no such person, or you do not see them.")
	}
	return p, err
}

// PersonByEmail returns the person with this e-mail, in any case, whom the
// actor may know.
func (s *Service) PersonByEmail(ctx context.Context, by Actor, email string) (Person, error) {
	p, err := pg.One[Person](ctx, s.DB, `select `+personColumns+` from `+personTables+` where lower(p.email) = lower(@email) and `+knows("p.id"),
		by.knowing(pgx.NamedArgs{"email": strings.TrimSpace(email)}))
	if pg.NoRows(err) {
		return Person{}, fault.NotFoundf("There is no person with the e-mail %s.", email)
	}
	return p, err
}

// A PersonPatch is what is to be changed of a person: nil leaves a thing as it
// is. TeamID and ManagerID may be 0 for none, HireDate and EndDate the zero time.
type PersonPatch struct {
	Email        *string
	Name         *string
	RoleFamily   *string
	Region       *string
	HireDate     *time.Time
	EndDate      *time.Time
	Capabilities *[]Capability
	TimeZone     *string
	Active       *bool
	TeamID       *int64
	ManagerID    *int64
}

// AddPerson adds a person with what patch says of them; an e-mail and a name
// are needed. source says where they come from: page, api, command or demo. An
// e-mail that somebody has already is a Conflict.
func (s *Service) AddPerson(ctx context.Context, by Actor, patch PersonPatch, source string) (Person, error) {
	if !by.Can(Admin) {
		return Person{}, fault.Forbiddenf("Only an admin adds people. Ask yours.")
	}
	p := Person{RoleFamily: "AE", Capabilities: []Capability{Rep}, TimeZone: "UTC", Active: true, Source: source}
	wrong := p.apply(patch)
	if patch.Name == nil {
		wrong["name"] = "Give their name."
	}
	if patch.Email == nil {
		wrong["email"] = "Give their e-mail address; they sign in with it."
	}
	if err := fault.Fields(wrong); err != nil {
		return Person{}, err
	}
	err := pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `insert into persons (email, name, role_family, region, hire_date, end_date, capabilities, time_zone, active, source)
			values (@email, @name, @role_family, @region, @hire_date, @end_date, @capabilities, @time_zone, @active, @source) returning id`, p.args()).Scan(&p.ID)
		if err != nil {
			return emailTaken(err, p.Email)
		}
		if err := s.relate(ctx, tx, p.ID, patch); err != nil {
			return err
		}
		if err := Audit(ctx, tx, by, "person added", &p.ID, p.Name, p.detail()); err != nil {
			return err
		}
		p, err = personByID(ctx, tx, by, p.ID)
		return err
	})
	return p, err
}

// PatchPerson changes a person. version is the one that was read, or 0 to
// write in any case; a stale one is Stale. A person who is made inactive keeps
// their history, but their sessions, tokens and invitations end.
func (s *Service) PatchPerson(ctx context.Context, by Actor, id int64, version int, patch PersonPatch) (Person, error) {
	defer s.ForgetSessions()
	if !by.Can(Admin) {
		if _, err := s.Person(ctx, by, id); err != nil {
			return Person{}, err
		}
		return Person{}, fault.Forbiddenf("Only an admin changes people. Ask yours.")
	}
	var p Person
	err := pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select from persons where id = $1 for update`, id); err != nil {
			return err
		}
		var err error
		if p, err = personByID(ctx, tx, by, id); err != nil {
			return err
		}
		if version != 0 && version != p.Version {
			return &fault.Error{Kind: fault.Stale, Message: "Somebody changed this person while you were editing. Look at what is saved now, then save yours again.", Theirs: p.summary()}
		}
		was := p
		if err := fault.Fields(p.apply(patch)); err != nil {
			return err
		}
		if p.Email == "" && was.Email != "" {
			return fault.Field("email", "Give an e-mail address; they sign in with it.")
		}
		args := p.args()
		args["id"] = id
		if _, err := tx.Exec(ctx, `update persons set email = @email, name = @name, role_family = @role_family, region = @region, hire_date = @hire_date,
			end_date = @end_date, capabilities = @capabilities, time_zone = @time_zone, active = @active, version = version + 1, updated_at = now() where id = @id`, args); err != nil {
			return emailTaken(err, p.Email)
		}
		if err := s.keepAnAdmin(ctx, tx, was, p); err != nil {
			return err
		}
		if err := s.relate(ctx, tx, id, patch); err != nil {
			return err
		}
		if was.Active && !p.Active {
			if err := s.shutOut(ctx, tx, id); err != nil {
				return err
			}
		}
		now, err := personByID(ctx, tx, by, id)
		if err != nil {
			return err
		}
		p = now
		return Audit(ctx, tx, by, "person changed", &id, p.Name, map[string]any{"before": was.detail(), "after": p.detail()})
	})
	return p, err
}

// keepAnAdmin is a Conflict if the change took the last active admin who can
// sign in away.
func (s *Service) keepAnAdmin(ctx context.Context, tx pg.Querier, was, is Person) error {
	if !was.Active || !was.Can(Admin) || is.Active && is.Can(Admin) {
		return nil
	}
	var left bool
	if err := tx.QueryRow(ctx, `select exists (select from persons where active and 'admin' = any(capabilities))`).Scan(&left); err != nil || left {
		return err
	}
	return fault.Conflictf("%s is the only admin. Make somebody else an admin first; otherwise nobody could keep people and settings.", was.Name)
}

// shutOut ends every way in that a person has.
func (s *Service) shutOut(ctx context.Context, tx pg.Querier, id int64) error {
	if _, err := s.endSessions(ctx, tx, id, 0); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `update api_tokens set revoked_at = $2 where person_id = $1 and revoked_at is null`, id, s.Now()); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `update invitations set expires_at = $2 where person_id = $1 and used_at is null and expires_at > $2`, id, s.Now())
	return err
}

// apply writes patch into p and returns what is wrong with it by field.
func (p *Person) apply(patch PersonPatch) map[string]string {
	wrong := map[string]string{}
	if patch.Name != nil {
		p.Name = strings.Join(strings.Fields(*patch.Name), " ")
		if p.Name == "" || len([]rune(p.Name)) > 200 {
			wrong["name"] = "Give a name of at most 200 characters."
		}
	}
	if patch.Email != nil {
		p.Email = strings.TrimSpace(*patch.Email)
		if a, err := mail.ParseAddress(p.Email); p.Email != "" && (err != nil || a.Address != p.Email || len(p.Email) > 254) {
			wrong["email"] = "Give an e-mail address, such as name@company.com."
		}
	}
	if patch.RoleFamily != nil {
		p.RoleFamily = strings.Join(strings.Fields(*patch.RoleFamily), " ")
		if p.RoleFamily == "" || len([]rune(p.RoleFamily)) > 60 {
			wrong["role_family"] = "Give a role family of at most 60 characters, such as AE."
		}
	}
	if patch.Region != nil {
		p.Region = strings.TrimSpace(*patch.Region)
		if len([]rune(p.Region)) > 100 {
			wrong["region"] = "This is too long: at most 100 characters."
		}
	}
	if patch.HireDate != nil {
		p.HireDate = dateOrNil(*patch.HireDate)
	}
	if patch.EndDate != nil {
		p.EndDate = dateOrNil(*patch.EndDate)
	}
	if p.HireDate != nil && p.EndDate != nil && p.EndDate.Before(*p.HireDate) {
		wrong["end_date"] = "The last day is before the first. Correct one of the two dates."
	}
	if patch.Capabilities != nil {
		p.Capabilities = nil
		for _, c := range Capabilities {
			if slices.Contains(*patch.Capabilities, c) {
				p.Capabilities = append(p.Capabilities, c)
			}
		}
		for _, c := range *patch.Capabilities {
			if !slices.Contains(Capabilities, c) {
				wrong["capabilities"] = fmt.Sprintf("There is no capability %q. There are rep, coach, manager, author and admin.", c)
			}
		}
		if len(*patch.Capabilities) == 0 {
			wrong["capabilities"] = "Choose at least one capability; make the person inactive if they have left."
		}
	}
	if patch.TimeZone != nil {
		p.TimeZone = *patch.TimeZone
		if _, err := time.LoadLocation(p.TimeZone); err != nil || p.TimeZone == "" || p.TimeZone == "Local" {
			wrong["time_zone"] = "Give a time zone by its name, such as Europe/Lisbon."
		}
	}
	if patch.Active != nil {
		p.Active = *patch.Active
	}
	return wrong
}

func dateOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func (p Person) args() pgx.NamedArgs {
	var email *string
	if p.Email != "" {
		email = &p.Email
	}
	return pgx.NamedArgs{"email": email, "name": p.Name, "role_family": p.RoleFamily, "region": p.Region, "hire_date": p.HireDate,
		"end_date": p.EndDate, "capabilities": p.Capabilities, "time_zone": p.TimeZone, "active": p.Active, "source": p.Source}
}

// detail is what the audit log keeps of a person.
func (p Person) detail() map[string]any {
	return map[string]any{"email": p.Email, "name": p.Name, "role_family": p.RoleFamily, "capabilities": p.Capabilities,
		"active": p.Active, "team_id": p.TeamID, "manager_id": p.ManagerID}
}

// summary is the person in words, for somebody whose edit came too late.
func (p Person) summary() string {
	var caps []string
	for _, c := range p.Capabilities {
		caps = append(caps, string(c))
	}
	lines := []string{"Name: " + p.Name, "E-mail: " + p.Email, "Role family: " + p.RoleFamily, "Capabilities: " + strings.Join(caps, ", "),
		"Team: " + p.TeamName, "Manager: " + p.ManagerName}
	return strings.Join(lines, "\n")
}

func emailTaken(err error, email string) error {
	if pg.Violated(err) != "persons_email" {
		return err
	}
	const message = "Somebody with this e-mail is here already. Find them in the list, or give another e-mail."
	return &fault.Error{Kind: fault.Conflict, Message: message, Fields: map[string]string{"email": message}}
}
