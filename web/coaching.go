package web

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"pitchside/coaching"
	"pitchside/content"
	"pitchside/internal/fault"
	"pitchside/people"

	"github.com/gin-gonic/gin"
)

type coachingPage struct {
	Base
	Planned   []coaching.Session
	Past      []coaching.Session
	More      int64 // id to go on from, 0 at the end
	Mine      []coaching.Commitment
	MayPlan   bool
	Reps      []people.Brief
	Templates []option
	Kinds     []string
	Form      planForm
	Problems  Problems
}

// NextHref is the session that the page's one filled button opens.
func (p coachingPage) NextHref() string {
	if len(p.Planned) == 0 {
		return ""
	}
	return fmt.Sprintf("/coaching/%d", p.Planned[0].ID)
}

type option struct{ Value, Label string }

type planForm struct {
	Kind     string   `form:"kind" validate:"required"`
	Reps     []string `form:"rep_ids" validate:"required"`
	Day      string   `form:"day" validate:"required,datetime=2006-01-02"`
	Time     string   `form:"time" validate:"required,datetime=15:04"`
	Template string   `form:"template"`
}

// Chosen reports whether a rep was ticked.
func (f planForm) Chosen(id int64) bool { return slices.Contains(f.Reps, strconv.FormatInt(id, 10)) }

const sessionsAPage = 30

func (s *Site) showCoaching(c *gin.Context) error {
	return s.coachingPage(c, http.StatusOK, planForm{Kind: "1:1", Time: "10:00", Day: s.Now().AddDate(0, 0, 7).Format(time.DateOnly)}, nil)
}

func (s *Site) coachingPage(c *gin.Context, code int, form planForm, problems Problems) error {
	by := actor(c)
	p := coachingPage{Base: s.base(c, "Coaching"), Kinds: coaching.Kinds, Form: form, Problems: problems, MayPlan: by.Can(leads...)}
	before, _ := strconv.ParseInt(c.Query("before"), 10, 64)
	var err error
	if p.Planned, err = s.Coaching.Sessions(ctx(c), by, true, 0, sessionsAPage); err != nil {
		return err
	}
	if p.Past, err = s.Coaching.Sessions(ctx(c), by, false, before, sessionsAPage); err != nil {
		return err
	}
	if len(p.Past) == sessionsAPage {
		p.More = p.Past[len(p.Past)-1].ID
	}
	if p.Mine, err = s.Coaching.OpenCommitments(ctx(c), by); err != nil {
		return err
	}
	if p.MayPlan {
		if p.Reps, err = s.People.Led(ctx(c), by); err != nil {
			return err
		}
		if p.Templates, err = s.templateOptions(c); err != nil {
			return err
		}
	}
	return s.show(c, code, "coaching/list", p)
}

func (s *Site) planSession(c *gin.Context) error {
	var form planForm
	err := bind(c, &form)
	var id int64
	if err == nil {
		by := actor(c)
		plan := coaching.SessionPlan{Kind: form.Kind, Template: form.Template}
		zone, zerr := time.LoadLocation(by.TimeZone)
		if zerr != nil {
			zone = time.UTC
		}
		plan.At, _ = time.ParseInLocation("2006-01-02 15:04", form.Day+" "+form.Time, zone) // bind has seen both
		for _, r := range form.Reps {
			rep, _ := strconv.ParseInt(r, 10, 64)
			plan.RepIDs = append(plan.RepIDs, rep)
		}
		id, err = s.Coaching.Plan(ctx(c), by, plan)
	}
	if p, ok := problems(err); ok {
		return s.coachingPage(c, http.StatusUnprocessableEntity, form, p)
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, fmt.Sprintf("/coaching/%d", id), "Planned. The rep sees it on Today and can write an agenda.")
}

type sessionPage struct {
	Base
	Session  coaching.Session
	Prep     coaching.Prep
	Made     []coaching.Commitment
	Prompts  []string
	Private  string
	IsCoach  bool
	IsRep    bool
	Agenda   string
	Response string
	Topics   []topicChoice
	Skills   []option
	Note     string // the shared note as typed
	Theirs   string // what somebody else saved meanwhile
	Promise  promiseForm
	Settling int64 // the commitment whose form had problems
	Settle   settleForm
	Problems Problems
}

type topicChoice struct {
	option
	Hint    string
	Checked bool
}

// Unsettled counts the carried commitments that stop the session from closing.
func (p sessionPage) Unsettled() int {
	n := 0
	for _, k := range p.Prep.Carried {
		if k.Outcome == nil {
			n++
		}
	}
	return n
}

// MayCommit reports whether there is room for another commitment.
func (p sessionPage) MayCommit() bool {
	return p.Session.Open() && (p.IsCoach || p.IsRep) && len(p.Made) < coaching.MostCommitments
}

// Room says how many of the three commitments are made.
func (p sessionPage) Room() string {
	return fmt.Sprintf("%d of at most %d", len(p.Made), coaching.MostCommitments)
}

// Owners are the people who may own a commitment.
func (p sessionPage) Owners() []option {
	var out []option
	for _, r := range p.Session.Reps {
		out = append(out, option{strconv.FormatInt(r.PersonID, 10), r.Name})
	}
	return append(out, option{strconv.FormatInt(p.Session.CoachID, 10), p.Session.CoachName})
}

type promiseForm struct {
	Owner     string `form:"owner_id" validate:"required,number"`
	Behaviour string `form:"behaviour" validate:"required,max=500"`
	Skill     string `form:"skill"`
	Due       string `form:"due" validate:"required,datetime=2006-01-02"`
	Evidence  string `form:"evidence" validate:"required,max=500"`
}

type settleForm struct {
	Outcome  string `form:"outcome"`
	Reason   string `form:"reason" validate:"max=2000"`
	Evidence string `form:"evidence_id"`
}

func (s *Site) showSession(c *gin.Context) error {
	return s.sessionPage(c, http.StatusOK, func(*sessionPage) {})
}

// sessionPage shows a session; change puts back what was typed into a form
// that could not be saved.
func (s *Site) sessionPage(c *gin.Context, code int, change func(*sessionPage)) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	by := actor(c)
	got, err := s.Coaching.Session(ctx(c), by, id)
	if err != nil {
		return err
	}
	rep, _ := strconv.ParseInt(c.Query("rep"), 10, 64)
	p := sessionPage{Session: got, IsCoach: got.CoachID == by.ID, Note: got.SharedNote}
	p.Promise.Due = s.Now().AddDate(0, 0, 14).Format(time.DateOnly)
	for _, r := range got.Reps {
		if r.PersonID == by.ID {
			p.IsRep, p.Agenda, p.Response = true, r.Agenda, r.Response
		}
	}
	p.Base = s.base(c, got.With()+" and "+got.CoachName)
	p.Title = p.With()
	if p.Prep, err = s.Coaching.Prep(ctx(c), by, id, rep); err != nil {
		return err
	}
	if p.Made, err = s.Coaching.Made(ctx(c), got); err != nil {
		return err
	}
	if p.IsCoach {
		if p.Private, err = s.Coaching.PrivateNote(ctx(c), by, id); err != nil {
			return err
		}
	}
	if p.Skills, err = s.skillOptions(c); err != nil {
		return err
	}
	if p.Prompts, err = s.templatePrompts(c, got.Template); err != nil {
		return err
	}
	p.Topics = topicChoices(p)
	change(&p)
	return s.show(c, code, "coaching/session", p)
}

// With titles the page by who meets and when.
func (p sessionPage) With() string {
	return fmt.Sprintf("%s, %s", p.Session.With(), p.Clock(p.Session.At))
}

// SkillHref is the page that says why a level of the rep is what it is.
func (p sessionPage) SkillHref(slug string) string {
	if p.IsRep {
		return "/skills/" + slug
	}
	return fmt.Sprintf("/team/%d/%s", p.Prep.Rep.PersonID, slug)
}

// SkillName returns the name of a skill by slug.
func (p sessionPage) SkillName(slug string) string {
	for _, o := range p.Skills {
		if o.Value == slug {
			return o.Label
		}
	}
	return slug
}

// topicChoices suggests topics from evidence, at most two of which are ticked.
func topicChoices(p sessionPage) []topicChoice {
	var out []topicChoice
	add := func(value, label, hint string) {
		if !slices.ContainsFunc(out, func(t topicChoice) bool { return t.Value == value }) {
			out = append(out, topicChoice{option{value, label}, hint, slices.Contains(p.Session.Topics, value)})
		}
	}
	if g := p.Prep.WorstGap; g != nil {
		add(g.Skill.Slug, g.Skill.Name, "The widest gap to target that the evidence is sure of.")
	}
	for _, e := range p.Prep.Evidence {
		if len(out) < 4 {
			add(e.Skill, p.SkillName(e.Skill), "New evidence since the last session.")
		}
	}
	for _, t := range p.Session.Topics {
		add(t, p.SkillName(t), "Chosen earlier.")
	}
	return out
}

type notesForm struct {
	Shared  string   `form:"shared" validate:"max=50000"`
	Private string   `form:"private" validate:"max=50000"`
	Topics  []string `form:"topics"`
	Version string   `form:"version" validate:"required,number"`
}

func (s *Site) saveNotes(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	var form notesForm
	if err = bind(c, &form); err == nil {
		version, _ := strconv.Atoi(form.Version)
		err = s.Coaching.WriteNotes(ctx(c), actor(c), id, form.Shared, form.Private, form.Topics, version)
	}
	keep := func(p *sessionPage) { p.Note, p.Private = form.Shared, form.Private }
	if p, ok := problems(err); ok {
		return s.sessionPage(c, http.StatusUnprocessableEntity, func(sp *sessionPage) { keep(sp); sp.Problems = p })
	}
	if fault.KindOf(err) == fault.Stale {
		return s.sessionPage(c, http.StatusConflict, func(sp *sessionPage) { keep(sp); sp.Theirs = sp.Session.SharedNote })
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, fmt.Sprintf("/coaching/%d", id), "Saved.")
}

func (s *Site) saveAgenda(c *gin.Context) error {
	return s.repWrites(c, "agenda", "Saved. Your coach sees it now.")
}
func (s *Site) respond(c *gin.Context) error { return s.repWrites(c, "response", "Saved.") }

func (s *Site) repWrites(c *gin.Context, field, done string) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if err := c.Request.ParseForm(); err != nil {
		return err
	}
	write := s.Coaching.WriteAgenda
	if field == "response" {
		write = s.Coaching.Respond
	}
	if err := write(ctx(c), actor(c), id, c.PostForm(field)); err != nil {
		return err
	}
	return s.seeOther(c, fmt.Sprintf("/coaching/%d", id), done)
}

func (s *Site) addCommitment(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	var form promiseForm
	if err = bind(c, &form); err == nil {
		owner, _ := strconv.ParseInt(form.Owner, 10, 64)
		due, _ := time.Parse(time.DateOnly, form.Due)
		_, err = s.Coaching.Commit(ctx(c), actor(c), id, coaching.Promise{OwnerID: owner, Behaviour: form.Behaviour, Skill: form.Skill, Due: due, Evidence: form.Evidence})
	}
	if p, ok := problems(err); ok {
		return s.sessionPage(c, http.StatusUnprocessableEntity, func(sp *sessionPage) { sp.Promise, sp.Problems = form, p })
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, fmt.Sprintf("/coaching/%d#next", id), "Agreed. It stands on Today until it is settled.")
}

func (s *Site) settleCommitment(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	k, err := pathID(c, "commitment")
	if err != nil {
		return err
	}
	var form settleForm
	if err = bind(c, &form); err == nil {
		as := coaching.Settlement{Outcome: form.Outcome, Reason: form.Reason}
		if e, perr := strconv.ParseInt(form.Evidence, 10, 64); perr == nil {
			as.EvidenceID = &e
		}
		err = s.Coaching.Settle(ctx(c), actor(c), k, as)
	}
	if p, ok := problems(err); ok {
		return s.sessionPage(c, http.StatusUnprocessableEntity, func(sp *sessionPage) { sp.Settling, sp.Settle, sp.Problems = k, form, p })
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, fmt.Sprintf("/coaching/%d", id), "Settled as "+strings.ToLower(form.Outcome)+".")
}

func (s *Site) closeSession(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	err = s.Coaching.Close(ctx(c), actor(c), id)
	if fault.KindOf(err) == fault.Conflict {
		return s.sessionPage(c, http.StatusConflict, func(sp *sessionPage) { sp.Problems = Problems{"last": err.Error()} })
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, fmt.Sprintf("/coaching/%d", id), "Shared and closed. What you agreed stands on both Today pages.")
}

// templateOptions are the coaching templates of the library.
func (s *Site) templateOptions(c *gin.Context) ([]option, error) {
	docs, err := s.Content.List(ctx(c), content.KindTemplate)
	var out []option
	for _, d := range docs {
		out = append(out, option{d.Slug, d.Title})
	}
	return out, err
}

// templatePrompts returns the questions of a session's template, or none.
func (s *Site) templatePrompts(c *gin.Context, slug string) ([]string, error) {
	if slug == "" {
		return nil, nil
	}
	doc, err := s.Content.Published(ctx(c), content.KindTemplate, slug)
	if fault.KindOf(err) == fault.NotFound {
		return nil, nil // the template was retired since
	}
	if err != nil {
		return nil, err
	}
	var out []string
	for _, p := range doc.Template.Prompts {
		out = append(out, p.Text)
	}
	return out, nil
}

// skillOptions are the skills of the framework, in its order.
func (s *Site) skillOptions(c *gin.Context) ([]option, error) {
	framework, err := s.Skills.Framework(ctx(c))
	var out []option
	for _, k := range framework.All() {
		out = append(out, option{k.Slug, k.Name})
	}
	return out, err
}
