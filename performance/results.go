package performance

import (
	"context"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/internal/stats"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// A Question asks for results: of one person, of a team and those below it, or
// of everybody whom the actor sees.
type Question struct {
	PersonID int64
	TeamID   int64
	Middle   bool // also the quartiles of amounts and days, which cost a sort of every deal
	Period
}

// Results are the tallies that answer a Question. People and teams are in the
// order of their names, never of their numbers.
type Results struct {
	Period
	All        Line
	Teams      []Line
	People     []Line
	First      *time.Time // the first and the last day on which a deal was closed, whatever the period
	Last       *time.Time
	ImportedAt *time.Time // when the newest of these deals came in
	Currency   string     // of every value
	Others     int        // won and open deals in another currency, left out of values
	Unpriced   int        // won deals without an amount, left out of values
	Undated    int        // closed deals without a day of closing, left out of a period
}

// Empty reports whether there is no deal at all.
func (r Results) Empty() bool { return r.All.Deals == 0 }

// Results tallies the deals of the people whom the actor sees. A person or a
// team out of sight is NotFound.
func (s *Service) Results(ctx context.Context, by people.Actor, q Question) (Results, error) {
	if err := q.check(); err != nil {
		return Results{}, err
	}
	args := scope(by, pgx.NamedArgs{"person": q.PersonID, "team": q.TeamID, "from": q.From, "to": q.To})
	rows, err := pg.All[tallyRow](ctx, s.DB, tallies(q.Middle), args)
	if err != nil {
		return Results{}, err
	}
	r := Results{Period: q.Period}
	for _, row := range rows {
		switch {
		case row.PersonID != nil:
			l := row.line()
			l.ID, l.Name, l.RoleFamily = *row.PersonID, *row.Name, *row.RoleFamily
			r.People = append(r.People, l)
		case row.IsTeam:
			l := row.line()
			l.ID = l.TeamID
			if l.Name = l.TeamName; l.ID == 0 {
				l.Name = "Without a team"
			}
			r.Teams = append(r.Teams, l)
		default:
			r.All = row.line()
			r.All.TeamID = q.TeamID
			r.First, r.Last, r.Others, r.Unpriced, r.Undated = row.First, row.Last, row.Others, row.Unpriced, row.Undated
		}
	}
	r.countPeople()
	if len(r.People) == 0 && (q.PersonID != 0 || q.TeamID != 0) {
		return Results{}, fault.NotFoundf("There is no such person or team, or you do not see their results.")
	}
	if err := s.rate(ctx, &r); err != nil {
		return Results{}, err
	}
	err = s.DB.QueryRow(ctx, `select (select currency from company), greatest(
			(select max(imported_at) from imports where kind = 'opportunities' and state = 'imported'),
			(select max(o.updated_at) from opportunities o where o.source <> 'import' and o.owner_id = any($1)))`, ids(r.People)).Scan(&r.Currency, &r.ImportedAt)
	return r, err
}

// countPeople says of how many people the tallies of teams and of everybody are.
func (r *Results) countPeople() {
	teams := map[int64]int{}
	for _, l := range r.People {
		teams[l.TeamID]++
	}
	for i := range r.Teams {
		r.Teams[i].People = teams[r.Teams[i].TeamID]
	}
	r.All.People = len(r.People)
}

func ids(lines []Line) []int64 {
	out := make([]int64, len(lines))
	for i, l := range lines {
		out[i] = l.ID
	}
	return out
}

// rate fills in the win rates. What a role family's members have in common is
// learnt from the whole company, so that a person's estimate is the same for
// whoever looks.
func (s *Service) rate(ctx context.Context, r *Results) error {
	type member struct {
		RoleFamily string
		Won, Lost  int
	}
	members, err := pg.All[member](ctx, s.DB, `select p.role_family, count(*) filter (where o.outcome = 'won')::int as won, count(*) filter (where o.outcome = 'lost')::int as lost
		from opportunities o join persons p on p.id = o.owner_id
		where o.outcome in ('won', 'lost') and (@from::date is null or o.closed >= @from) and (@to::date is null or o.closed <= @to)
		group by p.id`, pgx.NamedArgs{"from": r.From, "to": r.To})
	if err != nil {
		return err
	}
	families := map[string][]stats.Proportion{}
	for _, m := range members {
		families[m.RoleFamily] = append(families[m.RoleFamily], stats.Proportion{Hits: m.Won, Trials: m.Won + m.Lost})
	}
	priors := map[string]stats.BetaPrior{}
	for i := range r.People {
		l := &r.People[i]
		prior, ok := priors[l.RoleFamily]
		if !ok {
			prior = stats.FitBeta(families[l.RoleFamily])
			priors[l.RoleFamily] = prior
		}
		l.WinRate = l.winRate(prior)
	}
	for i := range r.Teams {
		r.Teams[i].WinRate = r.Teams[i].winRate(stats.BetaPrior{})
	}
	r.All.WinRate = r.All.winRate(stats.BetaPrior{})
	return nil
}

// A Measurement is one figure with where it comes from.
type Measurement struct {
	Figure
	Period
	ImportedAt *time.Time
	Currency   string // of a value in currency
}

// Measure reads one metric for the person, the team or everybody that the
// question names.
func (s *Service) Measure(ctx context.Context, by people.Actor, name string, q Question) (Measurement, error) {
	m, err := metricNamed(name)
	if err != nil {
		return Measurement{}, err
	}
	q.Middle = m.HasMiddle()
	r, err := s.Results(ctx, by, q)
	if err != nil {
		return Measurement{}, err
	}
	line := r.All
	if q.PersonID != 0 {
		line = r.People[0]
	}
	out := Measurement{Figure: line.figure(m), Period: r.Period, ImportedAt: r.ImportedAt}
	if m.Unit == "currency" {
		out.Currency = r.Currency
	}
	return out, nil
}

// Figure reads a metric from a line of results.
func (r Results) Figure(l Line, name string) Figure {
	m, err := metricNamed(name)
	if err != nil {
		return Figure{State: Hidden, Reason: err.Error()}
	}
	return l.figure(m)
}

// A tallyRow is a row of tallies: of a person, of a team, or of everybody.
type tallyRow struct {
	PersonID     *int64
	Name         *string
	RoleFamily   *string
	IsTeam       bool
	TeamID       *int64
	TeamName     *string
	Deals        int
	Won          int
	Lost         int
	Disqualified int
	Open         int
	WonValue     float64
	Valued       int
	OpenValue    float64
	OpenValued   int
	Cycles       int
	Sizes        []float64
	Days         []float64
	First        *time.Time
	Last         *time.Time
	Others       int
	Unpriced     int
	Undated      int
}

func (t tallyRow) line() Line {
	l := Line{Deals: t.Deals, Won: t.Won, Lost: t.Lost, Disqualified: t.Disqualified, Open: t.Open,
		WonValue: t.WonValue, Valued: t.Valued, OpenValue: t.OpenValue, OpenValued: t.OpenValued, Cycles: t.Cycles, Sizes: quartiles(t.Sizes), Days: quartiles(t.Days)}
	if t.TeamID != nil {
		l.TeamID, l.TeamName = *t.TeamID, *t.TeamName
	}
	return l
}

func quartiles(q []float64) *[3]float64 {
	if len(q) != 3 {
		return nil
	}
	return &[3]float64{q[0], q[1], q[2]}
}

// tallies counts deals by person, by team and in all. A person is listed who is
// an active rep or has deals; teams are those of today. The quartiles are those
// of Hyndman and Fan's type 7, as everywhere in the product.
func tallies(middle bool) string {
	sizes, days := "null::float8[]", "null::float8[]"
	if middle {
		sizes = "percentile_cont(array[0.25, 0.5, 0.75]) within group (order by amount) filter (where inside and outcome = 'won' and ours)"
		days = "percentile_cont(array[0.25, 0.5, 0.75]) within group (order by days::float8) filter (where inside and outcome = 'won')"
	}
	return `
	with recursive under(id) as (
		select @team::bigint union select t.id from teams t join under u on t.parent_id = u.id
	), who as (
		select p.id, p.name, p.role_family, t.id as team_id, t.name as team_name
		from persons p
		left join memberships m on m.person_id = p.id and m.valid_from <= current_date and (m.valid_to is null or m.valid_to > current_date)
		left join teams t on t.id = m.team_id
		where (@person::bigint = 0 or p.id = @person) and (@team::bigint = 0 or t.id in (select id from under))
			and (@person::bigint <> 0 or p.active and 'rep' = any(p.capabilities) or exists (select from opportunities o where o.owner_id = p.id))
			and ` + sees("p.id") + `
	), deals as (
		select w.id, w.name, w.role_family, w.team_id, w.team_name, o.id as deal, o.outcome, o.amount::float8 as amount, o.closed, o.closed - o.created as days,
			o.currency = (select currency from company) as ours,
			(@from::date is null or o.closed >= @from) and (@to::date is null or o.closed <= @to) as inside
		from who w left join opportunities o on o.owner_id = w.id
	)
	select id as person_id, min(name) as name, min(role_family) as role_family,
		grouping(id) = 1 and grouping(team_id) = 0 as is_team, team_id, team_name, count(deal)::int as deals,
		count(*) filter (where inside and outcome = 'won')::int as won, count(*) filter (where inside and outcome = 'lost')::int as lost,
		count(*) filter (where inside and outcome = 'disqualified')::int as disqualified, count(*) filter (where outcome = 'open')::int as open,
		coalesce(sum(amount) filter (where inside and outcome = 'won' and ours), 0) as won_value,
		count(amount) filter (where inside and outcome = 'won' and ours)::int as valued,
		coalesce(sum(amount) filter (where outcome = 'open' and ours), 0) as open_value,
		count(amount) filter (where outcome = 'open' and ours)::int as open_valued,
		count(days) filter (where inside and outcome = 'won')::int as cycles,
		` + sizes + ` as sizes, ` + days + ` as days,
		min(closed) as first, max(closed) as last,
		count(*) filter (where (inside and outcome = 'won' or outcome = 'open') and not ours and amount is not null)::int as others,
		count(*) filter (where inside and outcome = 'won' and amount is null)::int as unpriced,
		count(*) filter (where outcome in ('won', 'lost') and closed is null)::int as undated
	from deals
	group by grouping sets ((id, team_id, team_name), (team_id, team_name), ())
	order by grouping(id), case when grouping(id) = 0 then min(lower(name)) else min(lower(team_name)) end nulls last, id`
}
