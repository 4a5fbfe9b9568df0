package people

import (
	"context"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"

	"github.com/jackc/pgx/v5"
)

// relate writes the team and the manager of a patch, if it names them.
func (s *Service) relate(ctx context.Context, tx pg.Querier, id int64, patch PersonPatch) error {
	if patch.TeamID != nil {
		if _, _, err := placeInTeam(ctx, tx, id, *patch.TeamID); err != nil {
			return err
		}
	}
	if patch.ManagerID != nil {
		if *patch.ManagerID != 0 {
			if err := mustHold(ctx, tx, *patch.ManagerID, Manager, "manager_id"); err != nil {
				return err
			}
		}
		if _, _, err := setManager(ctx, tx, id, *patch.ManagerID); err != nil {
			return err
		}
	}
	return nil
}

// placeInTeam makes a team (0: none) a person's from today on. It returns the
// ids of the membership that it opened and of the one that it closed, 0 for none.
func placeInTeam(ctx context.Context, tx pg.Querier, personID, teamID int64) (opened, closed int64, err error) {
	var same bool
	if err := tx.QueryRow(ctx, `select exists (select from memberships where person_id = $1 and team_id = $2 and valid_to is null)`, personID, teamID).Scan(&same); err != nil || same {
		return 0, 0, err
	}
	err = tx.QueryRow(ctx, `update memberships set valid_to = greatest(valid_from, current_date) where person_id = $1 and valid_to is null returning id`, personID).Scan(&closed)
	if err != nil && !pg.NoRows(err) {
		return 0, 0, err
	}
	if teamID == 0 {
		return 0, closed, nil
	}
	err = tx.QueryRow(ctx, `insert into memberships (person_id, team_id) values ($1, $2) returning id`, personID, teamID).Scan(&opened)
	if pg.Violated(err) == "memberships_team" {
		return 0, 0, fault.Field("team_id", "There is no such team. Choose one from the list of teams.")
	}
	return opened, closed, err
}

// setManager makes manager (0: nobody) a person's manager from today on. It
// returns the ids of the relation that it opened and of the one that it
// closed, 0 for none. A circle of managers is Invalid.
func setManager(ctx context.Context, tx pg.Querier, personID, managerID int64) (opened, closed int64, err error) {
	var same bool
	if err := tx.QueryRow(ctx, `select exists (select from managements where person_id = $1 and manager_id = $2 and valid_to is null)`, personID, managerID).Scan(&same); err != nil || same {
		return 0, 0, err
	}
	if managerID == personID {
		return 0, 0, fault.Field("manager_id", "Nobody manages themselves. Choose somebody else.")
	}
	var circle bool
	if err := tx.QueryRow(ctx, `select $2 in (select managed_by($1))`, personID, managerID).Scan(&circle); err != nil {
		return 0, 0, err
	}
	if circle {
		return 0, 0, fault.Field("manager_id", "This would make a circle: that manager is below this person. Give that manager another manager first.")
	}
	err = tx.QueryRow(ctx, `update managements set valid_to = greatest(valid_from, current_date) where person_id = $1 and valid_to is null returning id`, personID).Scan(&closed)
	if err != nil && !pg.NoRows(err) {
		return 0, 0, err
	}
	if managerID == 0 {
		return 0, closed, nil
	}
	err = tx.QueryRow(ctx, `insert into managements (manager_id, person_id) values ($1, $2) returning id`, managerID, personID).Scan(&opened)
	return opened, closed, err
}

// mustHold is Invalid unless the person is here, active, and holds the capability.
func mustHold(ctx context.Context, tx pg.Querier, id int64, c Capability, field string) error {
	var name string
	var active, holds bool
	err := tx.QueryRow(ctx, `select name, active, $2 = any(capabilities) from persons where id = $1`, id, string(c)).Scan(&name, &active, &holds)
	switch {
	case pg.NoRows(err):
		return fault.Field(field, "There is no such person. Choose somebody from the list of people.")
	case err != nil:
		return err
	case !active:
		return fault.Field(field, name+" is not active. Choose somebody else, or make them active first.")
	case !holds:
		return fault.Field(field, name+" does not have the capability "+string(c)+". Give it to them first.")
	}
	return nil
}

// A Coaching says that somebody coaches a person for some time.
type Coaching struct {
	ID        int64
	CoachID   int64
	CoachName string
	PersonID  int64
	From      time.Time  // first day
	To        *time.Time // last day; nil while it is open
}

// Coachings returns who coaches a person whom the actor may know, and who did,
// the newest first.
func (s *Service) Coachings(ctx context.Context, by Actor, personID int64) ([]Coaching, error) {
	if _, err := s.Person(ctx, by, personID); err != nil {
		return nil, err
	}
	return pg.All[Coaching](ctx, s.DB, `select c.id, c.coach_id, p.name as coach_name, c.person_id, c.valid_from as "from", (c.valid_to - 1) as "to"
		from coachings c join persons p on p.id = c.coach_id
		where c.person_id = $1 and (c.valid_to is null or c.valid_to > c.valid_from)
		order by c.valid_from desc, c.id desc limit 200`, personID)
}

// SetCoaching says that coachID coaches the person from the first to the last
// day, both included; the zero from is today, the zero to is without end. It
// replaces what was said of these two from the first day on, so it also ends a
// coaching early.
func (s *Service) SetCoaching(ctx context.Context, by Actor, personID, coachID int64, from, to time.Time) (Coaching, error) {
	if !by.Can(Admin) {
		return Coaching{}, fault.Forbiddenf("Only an admin says who coaches whom. Ask yours.")
	}
	if coachID == personID {
		return Coaching{}, fault.Field("coach_id", "Nobody coaches themselves. Choose somebody else.")
	}
	if from.IsZero() {
		if err := s.DB.QueryRow(ctx, `select current_date`).Scan(&from); err != nil {
			return Coaching{}, err
		}
	}
	if !to.IsZero() && to.Before(from) {
		return Coaching{}, fault.Field("to", "The last day is before the first. Correct one of the two dates.")
	}
	var c Coaching
	err := pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		var exists bool
		if err := tx.QueryRow(ctx, `select exists (select from persons where id = $1)`, personID).Scan(&exists); err != nil {
			return err
		} else if !exists {
			return fault.NotFoundf("There is no such person.")
		}
		if err := mustHold(ctx, tx, coachID, Coach, "coach_id"); err != nil {
			return err
		}
		args := pgx.NamedArgs{"coach": coachID, "person": personID, "from": from, "to": dateOrNil(to)}
		if _, err := tx.Exec(ctx, `update coachings set valid_to = greatest(valid_from, @from::date)
			where coach_id = @coach and person_id = @person and (valid_to is null or valid_to > @from::date)`, args); err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, `insert into coachings (coach_id, person_id, valid_from, valid_to)
			values (@coach, @person, @from, @to::date + 1) returning id`, args).Scan(&c.ID); err != nil {
			return err
		}
		var err error
		if c, err = pg.One[Coaching](ctx, tx, `select c.id, c.coach_id, p.name as coach_name, c.person_id, c.valid_from as "from", (c.valid_to - 1) as "to"
			from coachings c join persons p on p.id = c.coach_id where c.id = $1`, c.ID); err != nil {
			return err
		}
		return Audit(ctx, tx, by, "coaching set", &personID, c.CoachName, map[string]any{"coach_id": coachID, "from": c.From, "to": c.To})
	})
	return c, err
}

// EndCoaching ends a coaching: from today on it is over.
func (s *Service) EndCoaching(ctx context.Context, by Actor, personID, id int64) error {
	if !by.Can(Admin) {
		return fault.Forbiddenf("Only an admin says who coaches whom. Ask yours.")
	}
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `update coachings set valid_to = greatest(valid_from, current_date)
			where id = $1 and person_id = $2 and (valid_to is null or valid_to > current_date)`, id, personID)
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		return Audit(ctx, tx, by, "coaching ended", &personID, "", map[string]any{"coaching": id})
	})
}
