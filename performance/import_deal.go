package performance

import (
	"context"

	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// judgedDeals is the beginning of a statement: what each staged row of a file
// of deals would do now. The owner is matched by e-mail or name, among the
// people below the importer unless they are an admin. What the file does not
// say of a deal stays as it is.
const judgedDeals = `
	with owners as materialized (
		select w.owner, count(distinct p.id) as found, min(p.id) as id
		from (select distinct data->>'owner' as owner from import_rows where import_id = @import) w
		left join (
			select id, lower(email) as called from persons where email is not null and (@as_admin or id in (select managed_by(@actor)))
			union all
			select id, lower(name) from persons where @as_admin or id in (select managed_by(@actor))
		) p on p.called = lower(w.owner)
		group by w.owner
	), merged as (
		select r.row, r.key, d.owner as owner_said, w.found, w.id as owner_id, o.id as deal_id, o.owner_id as owner_before,
			min(r.row) over (partition by r.key) as first_row,
			coalesce(d.account, o.account, '') as account, coalesce(d.product, o.product, '') as product, d.stage, d.outcome,
			case when r.data ? 'created' then d.created else o.created end as created,
			case when r.data ? 'closed' then d.closed else o.closed end as closed,
			case when r.data ? 'amount' then d.amount else o.amount end as amount,
			coalesce(nullif(d.currency, ''), o.currency, (select currency from company)) as currency,
			coalesce(d.segment, o.segment, '') as segment
		from import_rows r
		cross join lateral jsonb_to_record(r.data) as d(owner text, account text, product text, stage text, outcome text,
			created date, closed date, amount numeric(18,2), currency text, segment text)
		join owners w on w.owner = d.owner
		left join opportunities o on o.external_id = r.key
		where r.import_id = @import
	), judged as (
		select m.*,
			case when m.row > m.first_row then @id_column when m.found <> 1 then @owner_column
				when not @as_admin and m.owner_before not in (select managed_by(@actor)) then @id_column end as col,
			case when m.row > m.first_row then 'Row ' || m.first_row || ' has the same id. Keep one of the two.'
				when m.found = 0 and @as_admin then 'Nobody here has this name or e-mail. Add the person first; an import of deals never adds people.'
				when m.found = 0 then 'Nobody in your teams has this name or e-mail. An admin can import the deals of others.'
				when m.found > 1 then 'Several people have this name. Give the e-mail of the one who is meant.'
				when not @as_admin and m.owner_before not in (select managed_by(@actor)) then 'This deal belongs to somebody outside your teams. An admin can change it.' end as cause,
			case when m.deal_id is null then 'create'
				when (o.owner_id, o.account, o.product, o.stage, o.outcome, o.created, o.closed, o.amount, o.currency, o.segment)
					is distinct from (m.owner_id, m.account, m.product, m.stage, m.outcome, m.created, m.closed, m.amount, m.currency, m.segment) then 'update'
				else 'unchanged' end as action
		from merged m left join opportunities o on o.id = m.deal_id
	), bad as (
		insert into import_errors (import_id, row, col, value, cause)
		select @import, row, col, case when col = @owner_column then left(owner_said, 200) else left(key, 200) end, cause
		from judged j where cause is not null
			and not exists (select from import_errors e where e.import_id = @import and e.row = j.row)
	)`

func (i Import) dealArgs(by people.Actor) pgx.NamedArgs {
	return scope(by, pgx.NamedArgs{"import": i.ID, "id_column": i.Mapping["external_id"], "owner_column": i.Mapping["owner"]})
}

// previewDeals counts what the staged rows would do and writes down what is
// wrong with the others.
func (s *Service) previewDeals(ctx context.Context, tx pgx.Tx, i Import, by people.Actor) (n counts, err error) {
	args := i.dealArgs(by)
	args["sample"] = sampleRows
	err = tx.QueryRow(ctx, judgedDeals+`
		select count(*) filter (where cause is null and action = 'create'), count(*) filter (where cause is null and action = 'update'),
			count(*) filter (where cause is null and action = 'unchanged'),
			coalesce((select jsonb_agg(jsonb_build_object('row', x.row, 'action', action, 'fields', jsonb_strip_nulls(jsonb_build_object('external_id', key,
					'owner', owner_said, 'account', account, 'product', product, 'stage', stage, 'outcome', outcome, 'created', created::text, 'closed', closed::text,
					'amount', amount::text, 'currency', currency, 'segment', segment))) order by x.row)
				from (select * from judged j where cause is null order by j.row limit @sample) x), '[]')
		from judged`, args).Scan(&n.create, &n.update, &n.unchanged, &n.sample)
	if err != nil {
		return n, err
	}
	n.errors, err = countErrors(ctx, tx, i.ID)
	return n, err
}

// importDeals carries out what the staged rows say. Other writers of deals
// wait meanwhile, so that what is judged is what is changed.
func (s *Service) importDeals(ctx context.Context, tx pgx.Tx, i Import, by people.Actor) (n counts, err error) {
	if _, err := tx.Exec(ctx, `lock table opportunities in share row exclusive mode`); err != nil {
		return n, err
	}
	args := i.dealArgs(by)
	args["now"] = s.Now()
	err = tx.QueryRow(ctx, judgedDeals+`, updated as (
			update opportunities o set owner_id = j.owner_id, account = j.account, product = j.product, stage = j.stage, outcome = j.outcome, created = j.created,
				closed = j.closed, amount = j.amount, currency = j.currency, segment = j.segment, source = 'import', import_id = @import, version = o.version + 1, updated_at = @now
			from judged j where j.cause is null and j.action = 'update' and o.id = j.deal_id
			returning o.id, o.version
		), inserted as (
			insert into opportunities (external_id, owner_id, account, product, stage, outcome, created, closed, amount, currency, segment, import_id, updated_at)
			select key, owner_id, account, product, stage, outcome, created, closed, amount, currency, segment, @import, @now
			from judged where cause is null and action = 'create' order by row
			returning id, version
		), changes as (
			insert into import_changes (import_id, subject, subject_id, before, after_hash)
			select @import, 'opportunity', u.id, to_jsonb(o), u.version::text from updated u join opportunities o on o.id = u.id
			union all
			select @import, 'opportunity', id, null, version::text from inserted
		)
		select (select count(*) from inserted), (select count(*) from updated), count(*) filter (where cause is null and action = 'unchanged') from judged`,
		args).Scan(&n.create, &n.update, &n.unchanged)
	if err != nil {
		return n, err
	}
	n.errors, err = countErrors(ctx, tx, i.ID)
	return n, err
}

// undoDeals takes back the deals that an import made and puts back those that
// it changed, except what has another version by now.
func (s *Service) undoDeals(ctx context.Context, tx pgx.Tx, i Import) error {
	for _, sql := range []string{
		`lock table opportunities in share row exclusive mode`,
		`update import_changes c set left_alone = case when o.id is null then 'A deal was removed since.' else 'The deal ' || o.external_id || ' was edited since.' end
			from import_changes x left join opportunities o on o.id = x.subject_id
			where c.id = x.id and x.import_id = @import and x.subject = 'opportunity' and o.version::text is distinct from x.after_hash`,
		`delete from opportunities o using import_changes c
			where c.import_id = @import and c.subject = 'opportunity' and c.left_alone is null and c.before is null and o.id = c.subject_id`,
		`update opportunities o set owner_id = b.owner_id, account = b.account, product = b.product, stage = b.stage, outcome = b.outcome, created = b.created, closed = b.closed,
				amount = b.amount, currency = b.currency, segment = b.segment, source = b.source, import_id = b.import_id, version = o.version + 1, updated_at = @now
			from import_changes c cross join lateral jsonb_populate_record(null::opportunities, c.before) b
			where c.import_id = @import and c.subject = 'opportunity' and c.left_alone is null and c.before is not null and o.id = c.subject_id`,
	} {
		args := []any{pgx.NamedArgs{"import": i.ID, "now": s.Now()}}
		if sql[:4] == "lock" {
			args = nil
		}
		if _, err := tx.Exec(ctx, sql, args...); err != nil {
			return err
		}
	}
	return nil
}

// countErrors counts the rows that are left out.
func countErrors(ctx context.Context, q pg.Querier, id int64) (n int64, err error) {
	err = q.QueryRow(ctx, `select count(distinct row) from import_errors where import_id = $1`, id).Scan(&n)
	return n, err
}
