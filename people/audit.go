package people

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"

	"github.com/jackc/pgx/v5"
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

// An AuditEntry is one line of the audit log.
type AuditEntry struct {
	ID       int64           `json:"id"`
	At       time.Time       `json:"at"`
	ActorID  *int64          `json:"actor_id"` // nil: the command line, or the program itself
	Actor    string          `json:"actor"`
	Act      string          `json:"act"`
	PersonID *int64          `json:"person_id"` // whom it is about
	Person   string          `json:"person"`
	Subject  string          `json:"subject"`
	Detail   json.RawMessage `json:"detail"`
}

// AuditLog returns a page of the audit log for an admin, newest first; personID
// (0: all) is whom it is about. next is the cursor of the following page, or "".
func (s *Service) AuditLog(ctx context.Context, by Actor, personID int64, limit int, cursor string) (entries []AuditEntry, next string, err error) {
	if !by.Can(Admin) {
		return nil, "", fault.NotFoundf("There is nothing here for you.")
	}
	var before int64
	if cursor != "" {
		if before, err = strconv.ParseInt(cursor, 10, 64); err != nil {
			return nil, "", fault.Field("cursor", "This cursor is not one that a list gave. Begin at the first page.")
		}
	}
	entries, err = pg.All[AuditEntry](ctx, s.DB, `select l.id, l.at, l.actor_id, coalesce(a.name, '') as actor, l.act, l.person_id, coalesce(p.name, '') as person, l.subject, l.detail
		from audit_log l left join persons a on a.id = l.actor_id left join persons p on p.id = l.person_id
		where (@before = 0 or l.id < @before) and (@person = 0 or l.person_id = @person)
		order by l.id desc limit @limit + 1`, pgx.NamedArgs{"before": before, "person": personID, "limit": limit})
	if err == nil && len(entries) > limit {
		entries = entries[:limit]
		next = strconv.FormatInt(entries[limit-1].ID, 10)
	}
	return entries, next, err
}
