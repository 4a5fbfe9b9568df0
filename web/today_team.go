package web

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"pitchside/internal/pg"
	"pitchside/people"
	"pitchside/skills"

	"github.com/gin-gonic/gin"
	"github.com/jackc/pgx/v5"
)

// A conversation is one that is worth having this week: with whom, why, and
// what to ask.
type conversation struct {
	Kicker   string
	Title    string
	Why      string
	Ask      string
	Href     string
	Label    string
	Evidence link
	kind     string
	weight   int // the larger, the sooner
}

type teamGlance struct {
	People, Known, Of int
	Newest            *time.Time
	Kept, Due         int
	From              time.Time
	Uncoached         []string // not coached in 30 days
}

// SomeUncoached names up to five people.
func (t teamGlance) SomeUncoached() string {
	names := t.Uncoached[:min(5, len(t.Uncoached))]
	out := strings.Join(names, ", ")
	if more := len(t.Uncoached) - len(names); more > 0 {
		out += fmt.Sprintf(" and %d more", more)
	}
	return out
}

// A ledRow is what Today knows of somebody the actor leads, beside their levels.
type ledRow struct {
	ID       int64
	LastMet  *time.Time // last closed session with anybody
	NextID   *int64     // next planned session with the actor
	NextAt   *time.Time
	Promises int // open and due within a week, or overdue
	Promise  *string
	DueBy    *time.Time // of the earliest
}

const uncoachedDays = 30

// addTeam reads what is known of the people the actor leads, and which
// conversations are worth having.
func (s *Site) addTeam(c *gin.Context, by people.Actor, p *todayPage) error {
	h, err := s.Skills.TeamHeatmap(ctx(c), by, skills.View{})
	if err != nil {
		return err
	}
	now := s.Now()
	t := teamGlance{People: len(h.Rows), Known: h.Known, Of: h.Of, Newest: h.Newest, From: now.AddDate(0, 0, -60)}
	p.Team = &t
	err = s.DB.QueryRow(ctx(c), `select count(*) filter (where k.outcome = 'kept')::int, count(*)::int from commitments k
		where k.due between @from::date and @now::date and `+people.Leads("k.owner_id"), by.Scope(pgx.NamedArgs{"from": t.From, "now": now})).Scan(&t.Kept, &t.Due)
	if err != nil {
		return err
	}
	rows, err := pg.All[ledRow](ctx(c), s.DB, `
		select p.id, met.at as last_met, next.id as next_id, next.at as next_at, coalesce(due.n, 0)::int as promises, due.behaviour as promise, due.due as due_by
		from persons p
		left join lateral (select k.behaviour, k.due, count(*) over () as n from commitments k
			where k.owner_id = p.id and k.outcome is null and k.due <= @now::date + 7 order by k.due, k.id limit 1) due on true
		left join lateral (select max(s.at) as at from coaching_sessions s join session_reps r on r.session_id = s.id
			where r.person_id = p.id and s.state = 'closed') met on true
		left join lateral (select s.id, s.at from coaching_sessions s join session_reps r on r.session_id = s.id
			where r.person_id = p.id and s.coach_id = @actor and s.state = 'planned' and s.at > @now::timestamptz - interval '12 hours' order by s.at, s.id limit 1) next on true
		where p.active and 'rep' = any(p.capabilities) and p.id <> @actor and `+people.Leads("p.id"), by.Scope(pgx.NamedArgs{"now": now}))
	if err != nil {
		return err
	}
	led := map[int64]ledRow{}
	for _, r := range rows {
		led[r.ID] = r
	}
	for _, row := range h.Rows {
		r, ok := led[row.ID]
		if !ok {
			continue
		}
		if r.LastMet == nil || now.Sub(*r.LastMet).Hours() > 24*uncoachedDays {
			t.Uncoached = append(t.Uncoached, row.Name)
		}
		if k := p.conversationWith(row, r); k != nil {
			p.Talks = append(p.Talks, *k)
		}
	}
	p.Talks = chosenTalks(p.Talks)
	return nil
}

// chosenTalks picks three: the most pressing of each kind of reason first, so
// that one kind does not crowd out the others.
func chosenTalks(all []conversation) []conversation {
	slices.SortStableFunc(all, func(a, b conversation) int { return b.weight - a.weight })
	var first, rest []conversation
	for _, k := range all {
		if slices.ContainsFunc(first, func(f conversation) bool { return f.kind == k.kind }) {
			rest = append(rest, k)
		} else {
			first = append(first, k)
		}
	}
	out := append(first, rest...)
	return out[:min(3, len(out))]
}

// conversationWith says why to speak with somebody this week, or nil: a
// session is planned, promises are past their day, a gap that nobody has coached lately,
// or nothing known at all.
func (p todayPage) conversationWith(row skills.HeatRow, r ledRow) *conversation {
	first := firstName(row.Name)
	k := &conversation{Kicker: "No meeting yet", Href: "/coaching#plan", Label: "Find a time",
		Evidence: link{"See the evidence", fmt.Sprintf("/team/%d", row.ID)}}
	since := "nobody has had a session with " + first + " yet"
	days := 999
	if r.LastMet != nil {
		days = int(p.At.Sub(*r.LastMet).Hours() / 24)
		since = "the last session was " + p.Ago(*r.LastMet)
	}
	planned := r.NextAt != nil && r.NextAt.Before(p.At.AddDate(0, 0, 8))
	if planned {
		k.Kicker, k.Href, k.Label = p.Clock(*r.NextAt)+", planned", fmt.Sprintf("/coaching/%d", *r.NextID), "Open prep sheet"
		k.weight += 50
	}
	worst := -1
	for i, l := range row.Levels {
		if l.Below() && (worst < 0 || *l.PBelow > *row.Levels[worst].PBelow) {
			worst = i
		}
	}
	switch {
	case r.Promises > 0 && (planned || r.DueBy.Before(p.At.AddDate(0, 0, -1))):
		k.Title = fmt.Sprintf("%s: %s due", row.Name, plural(r.Promises, "promise is", "promises are"))
		verb := "falls due on"
		if r.DueBy.Before(p.At) {
			verb = "was due on"
		}
		k.Why = fmt.Sprintf("%s %s %s; %s.", quoted(*r.Promise), verb, p.Day(*r.DueBy), since)
		k.kind = "promise"
		k.Ask = "“What got in the way, and what would you keep?”"
		k.weight += 30 + 2*r.Promises
	case row.Known() == 0:
		k.Title = row.Name + ": nobody has watched enough yet"
		k.Why = fmt.Sprintf("Level known for 0 of %s. That is a gap in our watching, not in %s; %s.", plural(len(row.Levels), "skill", "skills"), first, since)
		k.Ask = "“Which call next week may I sit in on?”"
		k.kind = "unknown"
		k.weight += 20 + min(days, 60)/4
	case worst >= 0 && days > 6:
		l := levelView{row.Levels[worst]}
		k.Title = fmt.Sprintf("%s: %s", row.Name, l.Skill.Name)
		k.Why = fmt.Sprintf("%s is at %d, %s, with a target of %s, from %s of evidence; %s.", l.Skill.Name, l.Whole(), l.Likely(), trimmed(*l.Target), plural(l.Pieces, "piece", "pieces"), since)
		k.Ask = "“Which moment of your last call would you play me?”"
		k.Evidence.Href += "/" + l.Skill.Slug
		k.kind = "gap"
		k.weight += 10 + min(days, 60)/4
	case planned:
		k.Title = row.Name + ": your next session"
		k.Why = "The prep sheet is made from what has happened since you last met; " + since + "."
	default:
		return nil
	}
	return k
}

// addWaiting lists what others wait for: role-plays to score, questions about
// evidence, imports to confirm, drafts to publish, calls to play the buyer in,
// recordings to erase.
func (s *Site) addWaiting(c *gin.Context, by people.Actor, p *todayPage) error {
	now := s.Now()
	if by.Can(people.Coach) {
		queue, err := s.Assessments.Queue(ctx(c), by, nil, 6)
		if err != nil {
			return err
		}
		for i, w := range queue {
			if i == 0 {
				p.First = &nextThing{Kicker: "Waiting " + waited(w.Days(now)), Title: "Score " + w.Person + ": " + w.Title,
					Text: fmt.Sprintf("Attempt %d at this scenario, handed in on %s.", w.Number, p.Clock(w.SubmittedAt)), Href: fmt.Sprintf("/score/%d", w.ID), Label: "Score now",
					Also: link{"See the queue", "/score"}}
				continue
			}
			p.Waiting = append(p.Waiting, todayRow{Icon: "practice", Href: fmt.Sprintf("/score/%d", w.ID), Title: "Score " + w.Person + ": " + w.Title,
				Meta: "Handed in " + p.Day(w.SubmittedAt), WhenText: waited(w.Days(now))})
		}
	}
	for _, from := range []struct {
		for_ []people.Capability
		read func(*gin.Context, people.Actor, *todayPage) error
	}{
		{leads, s.addQuestions},
		{importers, s.addImports},
		{authors, s.addDrafts},
		{practice, s.addCalls},
		{admins, s.addErasures},
	} {
		if by.Can(from.for_...) {
			if err := from.read(c, by, p); err != nil {
				return err
			}
		}
	}
	return nil
}

func waited(days int) string {
	if days == 0 {
		return "since today"
	}
	return plural(days, "day", "days")
}

// addQuestions lists the open questions about evidence that somebody else gave.
func (s *Site) addQuestions(c *gin.Context, by people.Actor, p *todayPage) error {
	type asked struct {
		PersonID int64
		Person   string
		Skill    string
		Text     string
		Due      time.Time
	}
	open, err := pg.All[asked](ctx(c), s.DB, `select e.person_id, p.name as person, e.skill, q.text, q.due
		from evidence_questions q join evidence e on e.id = q.evidence_id join persons p on p.id = e.person_id
		where q.answer is null and e.rater_id is distinct from @actor and q.asked_by <> @actor and `+people.Leads("e.person_id")+`
		order by q.due, q.id limit 5`, by.Scope(nil))
	for _, q := range open {
		p.Waiting = append(p.Waiting, todayRow{Icon: "flag", Href: fmt.Sprintf("/team/%d/%s", q.PersonID, q.Skill), Title: "A score of " + q.Person + " is questioned",
			Meta: quoted(q.Text), WhenText: "due " + p.Day(q.Due)})
	}
	return err
}

// addImports lists the imports of the actor that wait to be confirmed.
func (s *Site) addImports(c *gin.Context, by people.Actor, p *todayPage) error {
	type waiting struct {
		ID        int64
		Filename  string
		State     string
		Errors    int64
		CreatedAt time.Time
	}
	open, err := pg.All[waiting](ctx(c), s.DB, `select id, filename, state, errors, created_at from imports
		where created_by = $1 and state in ('mapping', 'previewed', 'failed') order by id desc limit 3`, by.ID)
	words := map[string]string{"mapping": "Its columns are not matched yet.", "previewed": "Nothing is imported until you confirm.", "failed": "It could not be read. The page says why."}
	for _, i := range open {
		meta := words[i.State]
		if i.Errors > 0 {
			meta += fmt.Sprintf(" %s a decision.", plural(int(i.Errors), "row needs", "rows need"))
		}
		p.Waiting = append(p.Waiting, todayRow{Icon: "upload", Href: fmt.Sprintf("/admin/imports/%d", i.ID), Title: "Import " + i.Filename, Meta: meta, WhenText: p.Ago(i.CreatedAt)})
	}
	return err
}

// addDrafts lists the newest drafts of the library.
func (s *Site) addDrafts(c *gin.Context, _ people.Actor, p *todayPage) error {
	type draft struct {
		Kind, Slug, Title string
		Number            int
		CreatedAt         time.Time
	}
	open, err := pg.All[draft](ctx(c), s.DB, `select d.kind, d.slug, v.title, v.number, v.created_at
		from document_versions v join documents d on d.id = v.document_id where v.state = 'draft' order by v.id desc limit 5`)
	for _, d := range open {
		p.Waiting = append(p.Waiting, todayRow{Icon: "studio", Href: fmt.Sprintf("/studio/%s/%s/versions/%d", d.Kind, d.Slug, d.Number), Title: "Draft: " + d.Title,
			Meta: fmt.Sprintf("%s, version %d, not published", d.Kind, d.Number), WhenText: p.Ago(d.CreatedAt)})
	}
	return err
}

// quoted puts a text into quotation marks, unless it has its own.
func quoted(text string) string {
	if strings.HasPrefix(text, "“") && strings.HasSuffix(text, "”") {
		return text
	}
	return "“" + strings.NewReplacer("“", "‘", "”", "’").Replace(text) + "”"
}
