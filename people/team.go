package people

import (
	"context"
	"strings"

	"pitchside/internal/fault"
	"pitchside/internal/pg"

	"github.com/jackc/pgx/v5"
)

// A Team is one node of the tree of teams.
type Team struct {
	ID       int64
	Name     string
	ParentID *int64
	Members  int // people in it today, without those of the teams below
}

// AddTeam adds a team below parentID (0: at the top). Two teams of one name
// below one parent are a Conflict.
func (s *Service) AddTeam(ctx context.Context, by Actor, name string, parentID int64) (Team, error) {
	if !by.Can(Admin) {
		return Team{}, fault.Forbiddenf("Only an admin adds teams. Ask yours.")
	}
	t := Team{Name: strings.Join(strings.Fields(name), " ")}
	if t.Name == "" || len([]rune(t.Name)) > 100 {
		return Team{}, fault.Field("name", "Give the team a name of at most 100 characters.")
	}
	if parentID != 0 {
		t.ParentID = &parentID
	}
	err := pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `insert into teams (name, parent_id) values ($1, $2) returning id`, t.Name, t.ParentID).Scan(&t.ID)
		switch pg.Violated(err) {
		case "teams_unique_name":
			const message = "There is a team of this name already. Give another name, or put it below another team."
			return &fault.Error{Kind: fault.Conflict, Message: message, Fields: map[string]string{"name": message}}
		case "teams_parent":
			return fault.Field("parent_id", "There is no such team. Choose one from the list of teams.")
		}
		if err != nil {
			return err
		}
		return Audit(ctx, tx, by, "team added", nil, t.Name, map[string]any{"team": t.ID, "parent": t.ParentID})
	})
	return t, err
}

// Teams returns a page of the teams that the actor may know, by name: an admin
// all of them, others those with somebody in them whom they see. next is the
// cursor of the following page, or "".
func (s *Service) Teams(ctx context.Context, by Actor, limit int, cursor string) (teams []Team, next string, err error) {
	after, err := readCursor(cursor)
	if err != nil {
		return nil, "", err
	}
	teams, err = pg.All[Team](ctx, s.DB, `select t.id, t.name, t.parent_id, count(m.id)::int as members
		from teams t left join memberships m on m.team_id = t.id and m.valid_from <= current_date and (m.valid_to is null or m.valid_to > current_date)
		where t.ended_at is null and (lower(t.name), t.id) > (@after_name, @after_id)
			and (@as_admin or exists (select from memberships m where m.team_id = t.id
				and m.valid_from <= current_date and (m.valid_to is null or m.valid_to > current_date) and `+Sees("m.person_id")+`))
		group by t.id order by lower(t.name), t.id limit @limit + 1`,
		by.knowing(pgx.NamedArgs{"after_name": after.Name, "after_id": after.ID, "limit": limit}))
	if err == nil && len(teams) > limit {
		teams = teams[:limit]
		last := teams[limit-1]
		next = cursorKey{strings.ToLower(last.Name), last.ID}.String()
	}
	return teams, next, err
}
