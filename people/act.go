package people

import (
	"context"

	"pitchside/internal/fault"
	"pitchside/internal/pg"

	"github.com/jackc/pgx/v5"
)

// MayActAs is NotFound for a person out of sight, and Forbidden with this
// refusal for one in sight: nobody learns, practises or is tested in another's
// place. A system that brings data over may.
func MayActAs(ctx context.Context, q pg.Querier, by Actor, personID int64, refusal string) error {
	if personID == by.ID {
		return nil
	}
	seen, err := pg.Column[int64](ctx, q, `select id from persons where id = @person and `+Sees("id"), by.Scope(pgx.NamedArgs{"person": personID}))
	switch {
	case err != nil:
		return err
	case len(seen) == 0:
		return fault.NotFoundf("There is no such person for you to see.")
	case !by.BringsData():
		return fault.Forbiddenf("%s", refusal)
	}
	return nil
}
