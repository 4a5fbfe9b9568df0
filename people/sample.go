package people

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// SampleRep is the e-mail of the person to whom sample conversations belong: a
// name without capabilities, who never signs in and is in no team.
const SampleRep = "sample@pitchside.invalid"

// EnsureSampleRep returns the person to whom sample conversations belong, and
// makes them when they are first needed.
func EnsureSampleRep(ctx context.Context, tx pgx.Tx) (int64, error) {
	if _, err := tx.Exec(ctx, `insert into persons (email, name, capabilities, active, source) values ($1, 'Pitchside sample', '{}', false, 'command')
		on conflict (lower(email)) do nothing`, SampleRep); err != nil {
		return 0, err
	}
	var id int64
	err := tx.QueryRow(ctx, `select id from persons where lower(email) = $1`, SampleRep).Scan(&id)
	return id, err
}
