package web

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"pitchside/assessments"
	"pitchside/content"
	"pitchside/internal/fault"
	"pitchside/people"

	"github.com/gin-gonic/gin"
)

// An attemptPage is one attempt in any state, as the rep, a coach or a manager
// sees it.
type attemptPage struct {
	Base
	A        assessments.Attempt
	Sc       assessments.Scenario
	Mine     bool
	Steps    []lifecycleStep
	Coaches  string
	Managers bool // the rep has a manager to share with
	Brief    bool // the brief is shown beside the work

	Play    *assessments.Play // a text conversation
	Turns   []turnLine
	Marks   []mark // comments at moments of the recording
	Form    transcriptForm
	Guessed bool
	// Who speaks in a pasted text, when it names more than two people.
	Speakers []speakerChoice
	Split    bool // the pasted text names nobody: offer to take turns
	Theirs   string

	Rec          *recording  // nil for an attempt in writing
	Live         *partnering // nil unless it is a live call
	Self         *sheetForm  // the rep's own score, while it is open
	Results      []sheetResult
	MySelf       *sheetResult
	TextBuyer    *sheetResult
	Talk         *assessments.Conversation
	Questions    []kindOfQuestion
	QuestionSaid bool // one was just corrected: its list stays open
	Views        []assessments.View
	Reflect      reflectForm
	CanScore     bool
	Second       secondView
	Fields       []sheetField // of a worksheet
	Revision     *revision    // nil unless it began from an earlier attempt
	Clash        bool         // a field was saved in another window meanwhile
	Earlier      []earlier
	Replays      bool   // what else could have been said is open
	NoReplay     string // when it opens
	Problems     Problems
}

type lifecycleStep struct {
	Name, Note string
	Done, Here bool
}

// A turnLine is one turn of a conversation as a page shows it.
type turnLine struct {
	assessments.Turn
	Who      string
	Voices   []voice // when several buyers speak in one turn
	Comments []commentLine
}

type commentLine struct {
	ID              int64
	By, About, Text string
}

type reflectForm struct {
	Reflection string `form:"reflection"`
}

func (s *Site) showAttempt(c *gin.Context) error {
	p, err := s.attemptPage(c)
	if fault.KindOf(err) == fault.NotFound && actor(c).Can(people.Admin) {
		return s.showSealed(c, http.StatusOK, nil)
	}
	if err != nil {
		return err
	}
	return s.show(c, http.StatusOK, "attempt/attempt", p)
}

// attemptPage gathers what the reader may see of the attempt in the path.
func (s *Site) attemptPage(c *gin.Context) (attemptPage, error) {
	by := actor(c)
	id, err := pathID(c, "id")
	if err != nil {
		return attemptPage{}, err
	}
	a, err := s.Assessments.Attempt(ctx(c), by, id)
	if err != nil {
		return attemptPage{}, err
	}
	if err := s.Assessments.Opened(ctx(c), by, a); err != nil {
		return attemptPage{}, err
	}
	sc, err := s.Assessments.Pinned(ctx(c), a)
	if err != nil {
		return attemptPage{}, err
	}
	p := attemptPage{Base: s.base(c, sc.Title), A: a, Sc: sc, Mine: a.PersonID == by.ID}
	if p.Coaches, err = s.coachesOf(c, a.PersonID); err != nil {
		return p, err
	}
	p.CanScore = !p.Mine && a.SeesWords && by.Can(people.Coach) && (a.Open() || a.Done())
	p.Steps = s.steps(p)
	p.Brief = p.Mine && (a.State == assessments.Draft || a.State == assessments.Resubmit)
	if err := s.words(c, &p); err != nil {
		return p, err
	}
	if err := s.sheet(c, &p); err != nil {
		return p, err
	}
	if err := s.recording(c, &p); err != nil {
		return p, err
	}
	if err := s.partnering(c, &p); err != nil {
		return p, err
	}
	if err := s.sheets(c, &p); err != nil {
		return p, err
	}
	if err := s.second(c, &p); err != nil {
		return p, err
	}
	if p.Earlier, err = s.earlier(c, a, sc); err != nil {
		return p, err
	}
	if p.Replays, p.NoReplay, err = s.Assessments.Replays(ctx(c), by, a); err != nil {
		return p, err
	}
	if p.Mine {
		if p.Views, err = s.Assessments.Views(ctx(c), by, id); err != nil {
			return p, err
		}
		if err := s.DB.QueryRow(ctx(c), `select exists (select 1 from managements where person_id = $1 and valid_from <= $2::date and (valid_to is null or valid_to > $2::date))`,
			by.ID, s.Now()).Scan(&p.Managers); err != nil {
			return p, err
		}
	}
	p.Reflect.Reflection = a.Reflection
	return p, nil
}

// words adds the conversation: the text buyer's while it is a draft, else the
// transcript.
func (s *Site) words(c *gin.Context, p *attemptPage) error {
	by := actor(c)
	if !p.A.SeesWords {
		return nil
	}
	if p.A.Form == assessments.FormText && p.Mine {
		play, err := s.Assessments.Play(ctx(c), by, p.A.ID)
		if err != nil {
			return err
		}
		p.Play = &play
		if p.Brief {
			for i, line := range play.Log {
				p.Turns = append(p.Turns, p.turn(assessments.Turn{Seq: i + 1, Speaker: line.Speaker, Text: line.Text}))
			}
			return nil
		}
	}
	turns, err := s.Assessments.Transcript(ctx(c), by, p.A.ID)
	if err != nil {
		return err
	}
	for _, t := range turns {
		p.Turns = append(p.Turns, p.turn(t))
	}
	p.Form = transcriptForm{Text: assessments.PlainText(turns), First: "rep", Version: strconv.Itoa(p.A.Version)}
	if !p.Brief && len(turns) > 0 {
		talk, err := s.Assessments.Conversation(ctx(c), by, p.A.ID)
		if err != nil {
			return err
		}
		p.Talk = &talk
		p.Questions = kindsOfQuestions(talk.Questions)
		p.QuestionSaid = c.Query("questions") != ""
	}
	return nil
}

// who names a side: the rep by first name, the buyer by theirs.
func (p attemptPage) who(side assessments.Speaker) string {
	name := p.A.Person
	if side == assessments.Buyer {
		if name = p.Sc.PersonaName(); name == "" {
			return "Buyer"
		}
	}
	first, _, _ := strings.Cut(name, " ")
	return first
}

// sheets adds the scores that the reader may see, and the rep's own form while
// it is open.
func (s *Site) sheets(c *gin.Context, p *attemptPage) error {
	all, err := s.Assessments.Sheets(ctx(c), actor(c), p.A.ID)
	if err != nil {
		return err
	}
	for _, sheet := range all {
		r := resultOf(p.Sc, sheet)
		switch {
		case sheet.CalibrationID != nil: // read in the round
		case sheet.Source == "self":
			p.MySelf = &r
		case sheet.Source == "text_buyer":
			p.TextBuyer = &r
		case sheet.Released():
			p.Results = append(p.Results, r)
			p.comment(sheet)
		}
	}
	for i := range p.Results {
		p.Results[i].compare(p.MySelf)
	}
	if err := s.adjusted(c, p.Mine, p.Results); err != nil {
		return err
	}
	if p.Mine && !p.A.Done() && p.A.State != assessments.Withdrawn && (p.Play == nil || p.Play.Ended) && (len(p.Turns) > 0 || p.FilledIn() > 0 || p.Rec != nil && p.Rec.Ready > 0) {
		sheet, err := s.Assessments.MySheet(ctx(c), actor(c), p.A.ID)
		if err != nil {
			return err
		}
		if !sheet.Released() {
			form := sheetFormOf(p.Sc, sheet)
			p.Self = &form
		}
	}
	return nil
}

// comment puts a sheet's comments beside the turns they are about.
func (p *attemptPage) comment(sheet assessments.Sheet) {
	for _, one := range sheet.Comments {
		p.Marks = append(p.Marks, marksOf(one, sheet.Assessor, p.Sc)...)
		for i := range p.Fields {
			remark(p.Fields[i].Lines, one, sheet.Assessor, p.Sc)
		}
		remark(p.Turns, one, sheet.Assessor, p.Sc)
	}
}

// remark puts a comment beside the line that it is about.
func remark(lines []turnLine, one assessments.Comment, by string, sc assessments.Scenario) {
	for i := range lines {
		if one.TurnSeq != nil && lines[i].Seq == *one.TurnSeq {
			lines[i].Comments = append(lines[i].Comments, commentLine{one.ID, by, criterionTitle(sc.Rubric, one.Criterion), one.Text})
		}
	}
}

func criterionTitle(rubric *content.Rubric, id *string) string {
	if id == nil {
		return ""
	}
	if c, ok := rubric.Criterion(*id); ok {
		return c.Title
	}
	return *id
}

// steps are the five places of an attempt; here is lit.
func (s *Site) steps(p attemptPage) []lifecycleStep {
	with := "with your coach"
	if p.Coaches != "" {
		with = "with " + p.Coaches
	}
	review := "a coach scores it"
	if p.A.ClaimedByName != nil {
		review = "with " + *p.A.ClaimedByName
	}
	all := []lifecycleStep{{Name: "Draft", Note: "only the rep sees it"}, {Name: "Submitted", Note: with}, {Name: "In review", Note: review},
		{Name: "Released", Note: "the rep reads it first"}, {Name: "Reflected", Note: "one line from the rep"}}
	if p.Mine {
		all[0].Note, all[3].Note, all[4].Note = "only you see it", "you read it first", "one line from you"
	}
	if p.A.State == assessments.Resubmit {
		all[0] = lifecycleStep{Name: "To try again", Note: "with the rep"}
		if p.Mine {
			all[0].Note = "only you see it"
		}
	}
	here := map[assessments.State]int{assessments.Draft: 0, assessments.Resubmit: 0, assessments.Submitted: 1, assessments.InReview: 2, assessments.Released: 3, assessments.Reflected: 4}
	at, ok := here[p.A.State]
	for i := range all {
		all[i].Done, all[i].Here = ok && i < at, ok && i == at
	}
	return all
}

func (s *Site) takeTurn(c *gin.Context) error {
	var form struct {
		Choice string `form:"choice" validate:"required"`
		Seq    string `form:"seq" validate:"required,number"`
	}
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if err = bind(c, &form); err == nil {
		seq, _ := strconv.Atoi(form.Seq)
		_, err = s.Assessments.Say(ctx(c), actor(c), id, form.Choice, &seq)
	}
	if ps, ok := problems(err); ok {
		return s.showAttemptAgain(c, func(p *attemptPage) { p.Problems = ps })
	}
	if err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, fmt.Sprintf("/attempts/%d#now", id))
	return nil
}

// showAttemptAgain shows the page after a refused form, with what was typed.
func (s *Site) showAttemptAgain(c *gin.Context, change func(*attemptPage)) error {
	p, err := s.attemptPage(c)
	if err != nil {
		return err
	}
	change(&p)
	return s.show(c, http.StatusUnprocessableEntity, "attempt/attempt", p)
}

func (s *Site) submitAttempt(c *gin.Context) error {
	return s.act(c, func(id int64) error { return s.Assessments.Submit(ctx(c), actor(c), id) }, "Submitted. Your coach can read it now.")
}

func (s *Site) withdrawAttempt(c *gin.Context) error {
	return s.act(c, func(id int64) error { return s.Assessments.Withdraw(ctx(c), actor(c), id) }, "Withdrawn. Nobody but you sees it now.")
}

func (s *Site) shareAttempt(c *gin.Context) error {
	open := c.PostForm("open") == "yes"
	words := "Your manager no longer sees the conversation."
	if open {
		words = "Shared. Your manager can read the conversation."
	}
	return s.act(c, func(id int64) error { return s.Assessments.Share(ctx(c), actor(c), id, open) }, words)
}

// act does one thing to the attempt in the path and goes back to it.
func (s *Site) act(c *gin.Context, do func(int64) error, said string) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if err := do(id); err != nil {
		return err
	}
	return s.seeOther(c, fmt.Sprintf("/attempts/%d", id), said)
}

func (s *Site) reflect(c *gin.Context) error {
	var form reflectForm
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if err = bind(c, &form); err == nil {
		err = s.Assessments.Reflect(ctx(c), actor(c), id, form.Reflection)
	}
	if ps, ok := problems(err); ok {
		return s.showAttemptAgain(c, func(p *attemptPage) { p.Problems, p.Reflect = ps, form })
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, fmt.Sprintf("/attempts/%d", id), "Kept. Your coach reads it before the next conversation.")
}

func (s *Site) saveSelfScore(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	p, err := s.attemptPage(c)
	if err != nil {
		return err
	}
	form, input, err := readSheet(c, p.Sc)
	if err == nil {
		_, _, err = s.Assessments.SaveSheet(ctx(c), actor(c), id, actor(c).ID, input, form.version())
	}
	var stale *fault.Error
	if errors.As(err, &stale) && stale.Kind == fault.Stale {
		p.Theirs, p.Self = stale.Theirs, &form
		return s.show(c, http.StatusConflict, "attempt/attempt", p)
	}
	if ps, ok := problems(err); ok {
		p.Problems, p.Self = ps, &form
		return s.show(c, http.StatusUnprocessableEntity, "attempt/attempt", p)
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, fmt.Sprintf("/attempts/%d", id), "Your own score is kept. Your coach sees it only after releasing theirs.")
}

type sealedPage struct {
	Base
	assessments.Sealed
	Reason   string
	Problems Problems
}

func (s *Site) showSealed(c *gin.Context, code int, ps Problems) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	one, err := s.Assessments.Sealed(ctx(c), actor(c), id)
	if err != nil {
		return err
	}
	return s.show(c, code, "attempt/sealed", sealedPage{Base: s.base(c, "A sealed attempt"), Sealed: one, Reason: c.PostForm("reason"), Problems: ps})
}

func (s *Site) breakGlass(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	err = s.Assessments.BreakGlass(ctx(c), actor(c), id, c.PostForm("reason"))
	if ps, ok := problems(err); ok {
		return s.showSealed(c, http.StatusUnprocessableEntity, ps)
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, fmt.Sprintf("/attempts/%d", id), "Open for one hour. The reason is logged, and the rep has been told.")
}
