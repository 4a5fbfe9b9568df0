package people

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"strings"

	"pitchside/internal/fault"
	"pitchside/internal/pg"

	"github.com/jackc/pgx/v5"
)

// A PeopleFilter narrows a list of people; a zero field does not.
type PeopleFilter struct {
	Search     string // part of a name or an e-mail, in any case
	TeamID     int64  // in this team or one below it
	RoleFamily string
	Capability Capability
	Active     *bool
	Limit      int    // people a page; 0: 50
	Cursor     string // of the page, as People returned it
}

// People returns a page of the people whom the actor may know, by name. next
// is the cursor of the following page, or "".
func (s *Service) People(ctx context.Context, by Actor, f PeopleFilter) (found []Person, next string, err error) {
	after, err := readCursor(f.Cursor)
	if err != nil {
		return nil, "", err
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	like := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.TrimSpace(f.Search))
	// lower() of PostgreSQL decides the order, so it also makes the cursor.
	type row struct {
		Person
		SortName string
	}
	rows, err := pg.All[row](ctx, s.DB, `with recursive under(id) as (
			select @team::bigint union select t.id from teams t join under u on t.parent_id = u.id
		)
		select `+personColumns+`, lower(p.name) as sort_name from `+personTables+`
		where (lower(p.name), p.id) > (@after_name, @after_id)
			and (@search = '' or p.name ilike '%' || @search || '%' or p.email ilike '%' || @search || '%')
			and (@team = 0 or ms.team_id in (select id from under))
			and (@role_family = '' or p.role_family = @role_family)
			and (@capability = '' or @capability = any(p.capabilities))
			and (@active::boolean is null or p.active = @active)
			and `+knows("p.id")+`
		order by lower(p.name), p.id limit @limit + 1`,
		by.knowing(pgx.NamedArgs{"after_name": after.Name, "after_id": after.ID, "search": like, "team": f.TeamID, "role_family": f.RoleFamily,
			"capability": string(f.Capability), "active": f.Active, "limit": f.Limit}))
	if err != nil {
		return nil, "", err
	}
	if len(rows) > f.Limit {
		rows = rows[:f.Limit]
		last := rows[f.Limit-1]
		next = cursorKey{last.SortName, last.ID}.String()
	}
	for _, r := range rows {
		found = append(found, r.Person)
	}
	return found, next, nil
}

// A cursorKey is the key of the last row of a page that is ordered by name.
type cursorKey struct {
	Name string
	ID   int64
}

func (k cursorKey) String() string {
	b, _ := json.Marshal([]any{k.Name, k.ID})
	return base64.RawURLEncoding.EncodeToString(b)
}

func readCursor(cursor string) (k cursorKey, err error) {
	if cursor == "" {
		return cursorKey{}, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err == nil {
		err = json.Unmarshal(b, &[]any{&k.Name, &k.ID})
	}
	if err != nil {
		return cursorKey{}, fault.Field("cursor", "This cursor is not one that a list gave. Begin at the first page.")
	}
	return k, nil
}
