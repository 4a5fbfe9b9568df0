package performance

import (
	"context"
	"strings"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// A Deal is one opportunity as the CRM knows it.
type Deal struct {
	ExternalID string
	OwnerID    int64
	OwnerName  string
	Account    string
	Product    string
	Stage      string
	Outcome    string // open, won, lost or disqualified
	Created    *time.Time
	Closed     *time.Time
	Amount     *float64 // in Currency
	Currency   string
	Segment    string
	Version    int
	UpdatedAt  time.Time
}

// A DealPatch is what is to be changed of a deal: nil leaves a thing as it is.
// Owner is an e-mail or a name; an empty date or amount is given as the zero
// time and as nothing, by NoAmount.
type DealPatch struct {
	Owner    *string
	Account  *string
	Product  *string
	Stage    *string
	Outcome  *string // nil: as the stage says, where a stage is given
	Created  *time.Time
	Closed   *time.Time
	Amount   *float64
	NoAmount bool
	Currency *string
	Segment  *string
}

const dealColumns = `o.external_id, o.owner_id, p.name as owner_name, o.account, o.product, o.stage, o.outcome, o.created, o.closed, o.amount::float8 as amount,
	o.currency, o.segment, o.version, o.updated_at`

// Deal returns a deal of somebody whose results the actor sees.
func (s *Service) Deal(ctx context.Context, by people.Actor, externalID string) (Deal, error) {
	return dealFor(ctx, s.DB, by, externalID)
}

func dealFor(ctx context.Context, q pg.Querier, by people.Actor, externalID string) (Deal, error) {
	d, err := pg.One[Deal](ctx, q, `select `+dealColumns+` from opportunities o join persons p on p.id = o.owner_id where o.external_id = @id and `+sees("o.owner_id"),
		scope(by, pgx.NamedArgs{"id": externalID}))
	if pg.NoRows(err) {
		return Deal{}, fault.NotFoundf("There is no such deal, or you do not see it.")
	}
	return d, err
}

// AddDeal adds a deal. An id that is taken is a Conflict; an owner who is not
// here, or not below the manager who adds it, is Invalid.
func (s *Service) AddDeal(ctx context.Context, by people.Actor, externalID string, p DealPatch) (Deal, error) {
	if !by.Can(people.Admin, people.Manager) {
		return Deal{}, fault.Forbiddenf("Only a manager or an admin adds deals. Ask yours.")
	}
	d := Deal{ExternalID: strings.TrimSpace(externalID), Outcome: "open"}
	wrong := d.apply(p)
	if d.ExternalID == "" || len([]rune(d.ExternalID)) > longestText {
		wrong["external_id"] = "Give the id that the CRM knows the deal by."
	}
	if p.Owner == nil {
		wrong["owner"] = "Give the rep’s e-mail or name."
	}
	if p.Stage == nil {
		wrong["stage"] = "Give the stage."
	}
	err := pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		if p.Owner != nil {
			if err := s.owner(ctx, tx, by, *p.Owner, &d, wrong); err != nil {
				return err
			}
		}
		if err := fault.Fields(wrong); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `insert into opportunities (external_id, owner_id, account, product, stage, outcome, created, closed, amount, currency, segment, source, updated_at)
			values (@id, @owner, @account, @product, @stage, @outcome, @created, @closed, @amount, coalesce(nullif(@currency, ''), (select currency from company)), @segment, 'api', @now)`,
			d.args(s.Now()))
		if pg.Violated(err) == "opportunities_external" {
			return fault.Conflictf("There is a deal %s already. Change that one, or give another id.", d.ExternalID)
		}
		if err != nil {
			return err
		}
		if d, err = dealFor(ctx, tx, by, d.ExternalID); err != nil {
			return err
		}
		return people.Audit(ctx, tx, by, "deal added", &d.OwnerID, d.ExternalID, d.detail())
	})
	return d, err
}

// PatchDeal changes a deal of somebody whom the actor manages, or anyone's for
// an admin. version is the one that was read, or 0 to write in any case; a
// stale one is Stale.
func (s *Service) PatchDeal(ctx context.Context, by people.Actor, externalID string, version int, p DealPatch) (Deal, error) {
	var d Deal
	err := pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select from opportunities where external_id = $1 for update`, externalID); err != nil {
			return err
		}
		var err error
		if d, err = dealFor(ctx, tx, by, externalID); err != nil {
			return err
		}
		if err := mayWriteFor(ctx, tx, by, d.OwnerID); err != nil {
			return err
		}
		if version != 0 && version != d.Version {
			return &fault.Error{Kind: fault.Stale, Message: "Somebody changed this deal since it was read. Look at what is saved now, then send yours again.", Theirs: d.Stage + ", " + d.Outcome}
		}
		before := d.detail()
		wrong := d.apply(p)
		if p.Owner != nil {
			if err := s.owner(ctx, tx, by, *p.Owner, &d, wrong); err != nil {
				return err
			}
		}
		if err := fault.Fields(wrong); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `update opportunities set owner_id = @owner, account = @account, product = @product, stage = @stage, outcome = @outcome, created = @created,
			closed = @closed, amount = @amount, currency = @currency, segment = @segment, version = version + 1, updated_at = @now where external_id = @id`, d.args(s.Now())); err != nil {
			return err
		}
		if d, err = dealFor(ctx, tx, by, externalID); err != nil {
			return err
		}
		return people.Audit(ctx, tx, by, "deal changed", &d.OwnerID, d.ExternalID, map[string]any{"before": before, "after": d.detail()})
	})
	return d, err
}

// mayWriteFor is Forbidden unless the actor is an admin or manages the person.
func mayWriteFor(ctx context.Context, q pg.Querier, by people.Actor, person int64) error {
	if by.Can(people.Admin) {
		return nil
	}
	var manages bool
	if err := q.QueryRow(ctx, `select $3 and $2 in (select managed_by($1))`, by.ID, person, by.Can(people.Manager)).Scan(&manages); err != nil {
		return err
	}
	if !manages {
		return fault.Forbiddenf("Only their manager or an admin changes somebody’s deals. Ask yours.")
	}
	return nil
}

// owner finds the person that a deal names, among those whom the actor may
// write deals for.
func (s *Service) owner(ctx context.Context, q pg.Querier, by people.Actor, who string, d *Deal, wrong map[string]string) error {
	ids, err := pg.Column[int64](ctx, q, `select id from persons where (lower(email) = lower(@who) or lower(name) = lower(@who))
		and (@as_admin or id in (select managed_by(@actor))) order by id limit 2`, scope(by, pgx.NamedArgs{"who": strings.Join(strings.Fields(who), " ")}))
	switch {
	case err != nil:
		return err
	case len(ids) == 0:
		wrong["owner"] = "Nobody whose deals you keep has this name or e-mail. Add the person first."
	case len(ids) > 1:
		wrong["owner"] = "Several people have this name. Give the e-mail."
	default:
		d.OwnerID = ids[0]
	}
	return nil
}

// apply writes a patch into d and returns what is wrong with it by field.
func (d *Deal) apply(p DealPatch) map[string]string {
	wrong := map[string]string{}
	text := func(name string, to *string, from *string) {
		if from == nil {
			return
		}
		*to = strings.Join(strings.Fields(*from), " ")
		if cause := tooLong(*to); cause != "" {
			wrong[name] = cause
		}
	}
	text("account", &d.Account, p.Account)
	text("product", &d.Product, p.Product)
	text("stage", &d.Stage, p.Stage)
	text("segment", &d.Segment, p.Segment)
	if p.Stage != nil {
		d.Outcome = OutcomeOfStage(d.Stage)
		if d.Stage == "" {
			wrong["stage"] = "Give the stage."
		}
	}
	if p.Outcome != nil {
		d.Outcome = strings.ToLower(strings.TrimSpace(*p.Outcome))
		if outcomes[d.Outcome] == "" {
			wrong["outcome"] = "This is no outcome: won, lost, open or disqualified."
		}
	}
	if p.Currency != nil {
		d.Currency = strings.ToUpper(strings.TrimSpace(*p.Currency))
		if !isCurrency(d.Currency) {
			wrong["currency"] = "This is no currency: it has three letters, such as EUR."
		}
	}
	if p.Created != nil {
		d.Created = dayOrNil(*p.Created)
	}
	if p.Closed != nil {
		d.Closed = dayOrNil(*p.Closed)
	}
	if d.Created != nil && d.Closed != nil && d.Closed.Before(*d.Created) {
		wrong["closed"] = "This deal was closed before it was opened."
	}
	if p.Amount != nil {
		d.Amount = p.Amount
		if *p.Amount >= 1e15 || *p.Amount <= -1e15 {
			wrong["amount"] = "This amount is too large."
		}
	}
	if p.NoAmount {
		d.Amount = nil
	}
	return wrong
}

func dayOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func (d Deal) args(now time.Time) pgx.NamedArgs {
	return pgx.NamedArgs{"id": d.ExternalID, "owner": d.OwnerID, "account": d.Account, "product": d.Product, "stage": d.Stage, "outcome": d.Outcome,
		"created": d.Created, "closed": d.Closed, "amount": d.Amount, "currency": d.Currency, "segment": d.Segment, "now": now}
}

// detail is what the audit log keeps of a deal.
func (d Deal) detail() map[string]any {
	return map[string]any{"owner_id": d.OwnerID, "stage": d.Stage, "outcome": d.Outcome, "created": d.Created, "closed": d.Closed, "amount": d.Amount, "currency": d.Currency}
}
