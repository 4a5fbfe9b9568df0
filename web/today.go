package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"pitchside/courses"
	"pitchside/internal/pg"
	"pitchside/people"
	"pitchside/skills"

	"github.com/gin-gonic/gin"
	"github.com/jackc/pgx/v5"
)

type todayPage struct {
	Base
	Next     nextThing
	New      int // notices not read yet
	Due      []todayRow
	DueAll   int // of which Due shows the first five
	Feedback []todayRow
	Waiting  []todayRow
	First    *nextThing     // the longest wait, which Waiting leaves out
	Talks    []conversation // worth having this week
	Begun    []courses.Place
	Programs []courses.ProgramPlace
	Cards    int // to review today
	Levels   []levelView
	Gives    gives
	Team     *teamGlance
	Late     []courses.LateAssignment // of the people one leads
	LateAll  int                      // of which Late shows the first five
	IsRep    bool
}

// A nextThing is the one thing to do now; it carries the page's filled button.
type nextThing struct {
	Kicker      string
	Title       string
	Text        string
	Why, Ask    string // of a conversation
	Quote, Cite string
	Href, Label string
	Also        link
	talk        bool // the first of the conversations
}

// Said returns the quote in its quotation marks.
func (n nextThing) Said() string { return quoted(n.Quote) }

// A todayRow is one line of a list on Today.
type todayRow struct {
	Icon     string
	Initials string // instead of an icon
	Href     string
	Title    string
	Meta     string
	Day      time.Time
	Late     bool
	Over     string // how late
	WhenText string
	next     *nextThing
}

// gives says what is missing on the way to the nearest level.
type gives struct {
	Skill  string
	Reason string
}

// Hello greets by the time of day where the person is.
func (p todayPage) Hello() string {
	first := firstName(p.Me.Name)
	switch h := p.in(p.At).Hour(); {
	case h < 5 || h >= 18:
		return "Good evening, " + first
	case h < 12:
		return "Good morning, " + first
	default:
		return "Good afternoon, " + first
	}
}

// CardMinutes says how long today's cards take: half a minute each.
func (p todayPage) CardMinutes() int { return (p.Cards + 1) / 2 }

// Weekday writes the day of the page in full.
func (p todayPage) Weekday() string { return p.in(p.At).Format("Monday 2 January") }

const dueShown = 5

func (s *Site) showToday(c *gin.Context) error {
	by := actor(c)
	p := todayPage{Base: s.base(c, "Today"), IsRep: by.Can(people.Rep)}
	var err error
	if p.New, err = s.People.Unread(ctx(c), by); err != nil {
		return err
	}
	due, err := s.dueFor(c, by, p.Base)
	if err != nil {
		return err
	}
	if p.Feedback, err = s.feedbackFor(c, by, p.Base); err != nil {
		return err
	}
	places, err := s.Courses.Catalogue(ctx(c), by)
	if err != nil {
		return err
	}
	if p.Programs, err = s.Courses.MyPrograms(ctx(c), by); err != nil {
		return err
	}
	for _, pl := range places {
		if pl.State() == courses.Begun {
			p.Begun = append(p.Begun, pl)
		}
	}
	if len(p.Begun) > 0 {
		q, err := s.Courses.Reviews(ctx(c), by, by.ID)
		if err != nil {
			return err
		}
		p.Cards = len(q.Today())
	}
	if p.IsRep {
		if err := s.addLevels(c, by, &p); err != nil {
			return err
		}
	}
	if by.Can(people.Coach, people.Manager) {
		if err := s.addTeam(c, by, &p); err != nil {
			return err
		}
		shown := dueShown
		if c.Query("late") == "all" {
			shown = 500
		}
		if p.Late, p.LateAll, err = s.Courses.TeamOverdue(ctx(c), by, shown); err != nil {
			return err
		}
	}
	if err := s.addWaiting(c, by, &p); err != nil {
		return err
	}
	p.Next, due = chooseNext(p, by, due, places)
	if p.Next.talk {
		p.Talks = p.Talks[1:]
	}
	p.DueAll = len(due)
	p.Due = due
	if len(due) > dueShown && c.Query("due") != "all" {
		p.Due = due[:dueShown]
	}
	return s.show(c, http.StatusOK, "today/today", p)
}

// chooseNext picks the one next thing: what was asked for by a day, then the next
// item of a program, then what others wait for, then feedback not yet read, then
// what was begun, then a first lesson. Who leads people comes to their own
// program after those who wait. It is taken out of the list of what is due.
func chooseNext(p todayPage, by people.Actor, due []todayRow, places []courses.Place) (nextThing, []todayRow) {
	soon := p.At.AddDate(0, 0, 3)
	if len(due) > 0 && due[0].next != nil && (due[0].Day.Before(soon) || !by.Can(people.Coach, people.Manager)) {
		return *due[0].next, due[1:]
	}
	program := programNext(p.Programs)
	if program != nil && !by.Can(people.Coach, people.Manager) {
		return *program, due
	}
	if p.First != nil {
		return *p.First, due
	}
	if len(p.Talks) > 0 {
		k := p.Talks[0]
		return nextThing{Kicker: k.Kicker, Title: k.Title, Why: k.Why, Ask: k.Ask, Href: k.Href, Label: k.Label, Also: k.Evidence, talk: true}, due
	}
	if i := slices.IndexFunc(p.Feedback, func(r todayRow) bool { return r.next != nil }); i >= 0 {
		return *p.Feedback[i].next, due
	}
	if program != nil {
		return *program, due
	}
	for _, pl := range p.Begun {
		if l := pl.Next(); l != nil {
			return nextThing{Kicker: fmt.Sprintf("Next, %d min", l.Minutes), Title: l.Title,
				Text: fmt.Sprintf("%s, %d of %s done.", pl.Outline.Title, pl.Done(), plural(len(pl.Outline.Lessons), "lesson", "lessons")),
				Href: pl.NextHref(), Label: "Go on reading"}, due
		}
		if pl.Outline.Quiz != nil && pl.Standing.QuizPassedAt == nil {
			return nextThing{Kicker: "Next", Title: "Quiz: " + pl.Outline.Title, Text: "Every lesson is done. The quiz is what is left.",
				Href: pl.NextHref(), Label: "Open the quiz"}, due
		}
	}
	if p.Team != nil && p.Team.People > 0 && !p.IsRep {
		return nextThing{Kicker: "Next", Title: "Look at your team", Text: fmt.Sprintf("%d of %d levels are known. What is missing is what nobody has watched yet.", p.Team.Known, p.Team.Of),
			Href: "/team", Label: "Open the team"}, due
	}
	if by.Can(people.Author) && !p.IsRep {
		return nextThing{Kicker: "Next", Title: "The library", Text: "Every lesson, scenario and rubric, with its versions and its problems.", Href: "/studio", Label: "Open the Studio"}, due
	}
	if by.Can(people.Admin) && !p.IsRep {
		return nextThing{Kicker: "Next", Title: "People and access", Text: "Who is here, what they may do, and whom they report to.", Href: "/admin/people", Label: "Open people"}, due
	}
	for _, pl := range readyFirst(places, places) {
		if l := pl.Next(); pl.State() == courses.NotBegun && l != nil {
			return nextThing{Kicker: fmt.Sprintf("First lesson, %d min", l.Minutes), Title: l.Title, Text: pl.Outline.Summary, Href: pl.NextHref(), Label: "Start",
				Also: link{"See the course first", "/learn/" + pl.Outline.Slug}}, due
		}
	}
	if by.Can(people.Rep) {
		return nextThing{Kicker: "Next", Title: "Practise a conversation", Text: "Choose a scenario, play it as text or paste a transcript, and hand it to your coach when you like it.", Href: "/practice", Label: "Choose a scenario"}, due
	}
	return nextThing{Kicker: "Next", Title: "Look around", Text: "Courses and their lessons are open to everybody here.", Href: "/learn", Label: "Open courses"}, due
}

// programNext is the next item of one's programs that one can do oneself, the
// earliest day first; nil when there is none.
func programNext(places []courses.ProgramPlace) *nextThing {
	var at *courses.ProgramPlace
	var next *courses.ItemPlace
	for i, pl := range places {
		if n := pl.Next(); n != nil && n.Own() && (next == nil || n.Day.Before(next.Day)) {
			at, next = &places[i], n
		}
	}
	if next == nil {
		return nil
	}
	return &nextThing{Kicker: itemWords[next.Kind].words + ", " + daysLeft(*next, at.Today), Title: next.Title, Text: next.Note, Href: nextLink(*at, *next), Label: "Go on",
		Also: link{fmt.Sprintf("%s, %s", at.Program.Title, strings.ToLower(dayOfProgram(*at))), "/learn/programs/" + at.ProgramEnrolment.Program}}
}

// Words says which day of a program it is.
func (todayPage) Words(p courses.ProgramPlace) string { return dayOfProgram(p) }

var assignmentIcons = map[courses.Target]string{courses.ToCourse: "learn", courses.ToLesson: "learn", courses.ToScenario: "practice", courses.ToWorksheet: "document", courses.ToTopic: "coaching"}

var assignmentWords = map[courses.Target]struct{ kind, label string }{
	courses.ToCourse:    {"Course", "Open the course"},
	courses.ToLesson:    {"Lesson", "Read the lesson"},
	courses.ToScenario:  {"Role-play", "Start practice"},
	courses.ToWorksheet: {"Worksheet", "Open the worksheet"},
	courses.ToTopic:     {"To talk about", "Open coaching"},
}

// dueFor lists what the person has promised or was asked to do, by its day.
func (s *Site) dueFor(c *gin.Context, by people.Actor, p Base) ([]todayRow, error) {
	assigned, err := s.Courses.Due(ctx(c), by)
	if err != nil {
		return nil, err
	}
	today := s.Now()
	late := func(day time.Time) bool { return day.Format(time.DateOnly) < p.in(p.At).Format(time.DateOnly) }
	var rows []todayRow
	for _, a := range assigned {
		w := assignmentWords[a.Kind]
		kicker := w.kind + ", due " + dueDay(a.Due, today)
		rows = append(rows, todayRow{Icon: assignmentIcons[a.Kind], Href: a.Href(), Title: a.Title, Day: a.Due, Late: late(a.Due),
			Meta: fmt.Sprintf("%s · from %s: %s", w.kind, a.AssignedByName, a.Reason),
			next: &nextThing{Kicker: kicker, Title: a.Title, Quote: a.Reason, Cite: a.AssignedByName + ", who assigned it", Href: a.Href(), Label: w.label}})
	}
	type promised struct {
		ID, SessionID int64
		Behaviour     string
		Evidence      string
		Due           time.Time
	}
	promises, err := pg.All[promised](ctx(c), s.DB, `select id, session_id, behaviour, evidence, due from commitments
		where owner_id = $1 and outcome is null order by due, id limit 20`, by.ID)
	if err != nil {
		return nil, err
	}
	for _, k := range promises {
		rows = append(rows, todayRow{Icon: "flag", Href: fmt.Sprintf("/coaching/%d", k.SessionID), Title: k.Behaviour, Day: k.Due, Late: late(k.Due),
			Meta: "You promised this in a 1:1 · what would show it: " + k.Evidence})
	}
	type agenda struct {
		ID    int64
		At    time.Time
		Coach string
	}
	agendas, err := pg.All[agenda](ctx(c), s.DB, `select s.id, s.at, p.name as coach from coaching_sessions s
		join session_reps r on r.session_id = s.id join persons p on p.id = s.coach_id
		where r.person_id = @person and s.state = 'planned' and r.agenda = '' and s.at between @now and @now::timestamptz + interval '8 days'
		order by s.at, s.id limit 5`, pgx.NamedArgs{"person": by.ID, "now": today})
	if err != nil {
		return nil, err
	}
	for _, a := range agendas {
		rows = append(rows, todayRow{Icon: "coaching", Href: fmt.Sprintf("/coaching/%d", a.ID), Title: "Write your agenda for the 1:1 with " + a.Coach, Day: a.At,
			Meta: "Two lines are enough. " + a.Coach + " sees it when you save."})
	}
	held, err := s.certificateRows(c, by, p)
	if err != nil {
		return nil, err
	}
	rows = append(rows, held...)
	slices.SortStableFunc(rows, func(a, b todayRow) int { return a.Day.Compare(b.Day) })
	for i := range rows {
		rows[i].WhenText = p.Day(rows[i].Day)
		if over := int(today.Sub(rows[i].Day).Hours() / 24); rows[i].Late {
			rows[i].Over = plural(max(1, over), "day", "days") + " over"
		}
	}
	return rows, nil
}

// dueDay writes a due day as people say it.
func dueDay(due, now time.Time) string {
	if due.Year() != now.Year() {
		return due.Format("2 January 2006")
	}
	return due.Format("Mon 2 January")
}

// feedbackFor lists what coaches have released to the person lately.
func (s *Site) feedbackFor(c *gin.Context, by people.Actor, p Base) ([]todayRow, error) {
	type released struct {
		AttemptID  int64
		Title      string
		Coach      string
		Keep       string
		TryNext    string
		Criteria   int
		ReleasedAt time.Time
		State      string
	}
	got, err := pg.All[released](ctx(c), s.DB, `
		select a.id as attempt_id, coalesce(nullif(v.title, ''), a.scenario) as title, p.name as coach, h.keep, h.try_next, h.released_at, a.state,
			(select count(*) from sheet_scores x where x.sheet_id = h.id and x.level is not null)::int as criteria
		from sheets h join attempts a on a.id = h.attempt_id join persons p on p.id = h.assessor_id join document_versions v on v.id = a.scenario_version
		where a.person_id = @person and h.state = 'released' and h.source in ('coach', 'manager', 'peer') and h.calibration_id is null and h.released_at > @now::timestamptz - interval '14 days'
		order by h.released_at desc, h.id desc limit 5`, pgx.NamedArgs{"person": by.ID, "now": s.Now()})
	if err != nil {
		return nil, err
	}
	var rows []todayRow
	for _, r := range got {
		row := todayRow{Initials: initials(r.Coach), Href: fmt.Sprintf("/attempts/%d", r.AttemptID), Day: r.ReleasedAt,
			WhenText: p.Ago(r.ReleasedAt),
			Title:    r.Coach + " released your scores for " + r.Title, Meta: plural(r.Criteria, "criterion", "criteria")}
		if r.Keep != "" {
			row.Meta += ". Keep: " + quoted(r.Keep)
		}
		if r.State == "released" {
			row.next = &nextThing{Kicker: "New feedback", Title: "Read your scores for " + r.Title, Quote: r.TryNext, Cite: r.Coach + ", on what to try next",
				Href: row.Href, Label: "Read the feedback"}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// addLevels shows the levels with the newest evidence, or what is missing.
func (s *Site) addLevels(c *gin.Context, by people.Actor, p *todayPage) error {
	_, all, err := s.Skills.Levels(ctx(c), by, by.ID, s.Now())
	if err != nil {
		return err
	}
	var known []skills.Level
	for _, l := range all {
		if l.Known() {
			known = append(known, l)
		} else if l.Scored > 0 && p.Gives.Skill == "" {
			p.Gives = gives{l.Skill.Name, l.Reason}
		}
	}
	slices.SortStableFunc(known, func(a, b skills.Level) int { return b.Newest.Compare(*a.Newest) })
	for _, l := range known[:min(3, len(known))] {
		p.Levels = append(p.Levels, levelView{l})
	}
	return nil
}
