package people

import (
	"context"
	"fmt"

	"pitchside/internal/pg"
)

// Audit appends one line to the audit log in the caller's transaction: who did
// what, about which person (nil if about none), on which subject. detail must
// marshal to a JSON object and hold no secret.
func Audit(ctx context.Context, q pg.Querier, by Actor, act string, personID *int64, subject string, detail any) error {
	if detail == nil {
		detail = map[string]any{}
	}
	var actor *int64
	if by.ID != 0 {
		actor = &by.ID
	}
	if _, err := q.Exec(ctx, `insert into audit_log (actor_id, act, person_id, subject, detail) values ($1, $2, $3, $4, $5)`,
		actor, act, personID, subject, detail); err != nil {
		return fmt.Errorf("writing the audit log: %w", err)
	}
	return nil
}
