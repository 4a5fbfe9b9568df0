package people

import (
	"context"

	"pitchside/internal/pg"

	"github.com/jackc/pgx/v5"
)

// A Brief is a person as a form offers them.
type Brief struct {
	ID   int64
	Name string
}

// Led returns the active people whom the actor coaches or manages, by name.
func (s *Service) Led(ctx context.Context, by Actor) ([]Brief, error) {
	return pg.All[Brief](ctx, s.DB, `select p.id, p.name from persons p where p.active and p.id <> @actor and `+Leads("p.id")+`
		order by p.name collate "und-x-icu", p.id limit 2000`, by.Scope(pgx.NamedArgs{}))
}
