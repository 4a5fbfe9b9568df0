package people

import (
	"context"

	"pitchside/internal/fault"
	"pitchside/internal/pg"

	"github.com/jackc/pgx/v5"
)

// SaveProfile writes what people keep about themselves: their name and their
// time zone (IANA name).
func (s *Service) SaveProfile(ctx context.Context, by Actor, name, timeZone string) error {
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		p, err := personByID(ctx, tx, by, by.ID)
		if err != nil {
			return err
		}
		was := p
		if err := fault.Fields(p.apply(PersonPatch{Name: &name, TimeZone: &timeZone})); err != nil {
			return err
		}
		if p.Name == was.Name && p.TimeZone == was.TimeZone {
			return nil
		}
		if _, err := tx.Exec(ctx, `update persons set name = $2, time_zone = $3, version = version + 1, updated_at = now() where id = $1`, by.ID, p.Name, p.TimeZone); err != nil {
			return err
		}
		return Audit(ctx, tx, by, "profile changed", &by.ID, p.Name, map[string]any{"before": was.detail(), "after": p.detail()})
	})
}
