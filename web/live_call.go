package web

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"pitchside/assessments"
	"pitchside/internal/fault"
	"pitchside/people"

	"github.com/gin-gonic/gin"
)

// A callPage is a live call as one of its two sides sees it.
type callPage struct {
	Base
	Call       assessments.LiveCall
	Sc         assessments.Scenario
	A          calledAttempt
	Buyer      bool
	Facts      []assessments.Trigger
	Objections []assessments.Trigger
	Elapsed    string
	Ms         int64 // since the call began
	Rec        *recording
	Coaches    string
	Managers   bool
	Notes      string
	Version    string
	Theirs     string
	Problems   Problems
}

// A calledAttempt is what the recorder needs to know of the attempt.
type calledAttempt struct{ ID int64 }

// A partnering is what an attempt's page says about its live call.
type partnering struct {
	Call       *assessments.LiveCall
	Elapsed    string
	Colleagues []colleague
	Email      string
	Came       []assessments.Trigger // after submission
	Never      []assessments.Trigger
}

type colleague struct{ Name, Email string }

// partnering adds the live call to an attempt's page.
func (s *Site) partnering(c *gin.Context, p *attemptPage) error {
	by := actor(c)
	if p.A.Form != assessments.FormLive {
		return nil
	}
	p.Live = &partnering{}
	call, err := s.Assessments.LiveCall(ctx(c), by, p.A.ID)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return err
	}
	if err == nil {
		p.Live.Call, p.Live.Elapsed = &call, clockOf(call.Lasted(s.Now()))
	}
	if p.Brief {
		p.Live.Colleagues, err = s.colleagues(c)
		return err
	}
	if p.Live.Call == nil || call.StartedAt == nil {
		return nil
	}
	all, err := s.Assessments.Triggers(ctx(c), by, p.A.ID)
	for _, t := range all {
		if t.AtMS != nil {
			p.Live.Came = append(p.Live.Came, t)
		} else {
			p.Live.Never = append(p.Live.Never, t)
		}
	}
	return err
}

// colleagues are the people one works with: the team, coaches and managers.
func (s *Site) colleagues(c *gin.Context) ([]colleague, error) {
	rows, err := s.DB.Query(ctx(c), `select p.name, p.email from persons p where p.active and p.email is not null and p.id <> $1 and (
			exists (select from memberships mine join memberships theirs on theirs.team_id = mine.team_id
				where mine.person_id = $1 and theirs.person_id = p.id and (mine.valid_to is null or mine.valid_to > $2::date) and (theirs.valid_to is null or theirs.valid_to > $2::date))
			or exists (select from coachings k where k.person_id = $1 and k.coach_id = p.id and (k.valid_to is null or k.valid_to > $2::date))
			or exists (select from managements m where m.person_id = $1 and m.manager_id = p.id and (m.valid_to is null or m.valid_to > $2::date)))
		order by p.name limit 60`, actor(c).ID, s.Now())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []colleague
	for rows.Next() {
		var one colleague
		if err := rows.Scan(&one.Name, &one.Email); err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

// clockOf writes how long something lasted as 09:36.
func clockOf(d time.Duration) string {
	ms := int(d.Milliseconds())
	return lengthOf(assessments.Take{DurationMS: &ms})
}

func (s *Site) invitePartner(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	err = s.Assessments.Invite(ctx(c), actor(c), id, c.PostForm("email"))
	if ps, ok := problems(err); ok {
		return s.showAttemptAgain(c, func(p *attemptPage) {
			p.Problems = ps
			if p.Live != nil {
				p.Live.Email = c.PostForm("email")
			}
		})
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, fmt.Sprintf("/attempts/%d", id), "Asked. The invitation is on your colleague’s Today page.")
}

func (s *Site) callPage(c *gin.Context) (callPage, error) {
	by := actor(c)
	id, err := pathID(c, "id")
	if err != nil {
		return callPage{}, err
	}
	call, err := s.Assessments.LiveCall(ctx(c), by, id)
	if err != nil {
		return callPage{}, err
	}
	if call.PersonID != by.ID && !call.Buyer(by) {
		return callPage{}, nowhere(c)
	}
	if err := s.Assessments.Join(ctx(c), by, id); err != nil {
		return callPage{}, err
	}
	p := callPage{Call: call, A: calledAttempt{id}, Buyer: call.Buyer(by), Notes: call.Notes, Version: strconv.Itoa(call.Version)}
	if p.Sc, err = s.Assessments.CallScenario(ctx(c), by, call); err != nil {
		return p, err
	}
	p.Base = s.base(c, "Live call, "+p.Sc.Title)
	lasted := call.Lasted(s.Now())
	p.Elapsed, p.Ms = clockOf(lasted), lasted.Milliseconds()
	if p.Buyer {
		all, err := s.Assessments.Triggers(ctx(c), by, id)
		if err != nil {
			return p, err
		}
		for _, t := range all {
			if t.Objection {
				p.Objections = append(p.Objections, t)
			} else {
				p.Facts = append(p.Facts, t)
			}
		}
	}
	return p, s.callRecorder(c, &p)
}

// callRecorder readies the recorder of one side's device.
func (s *Site) callRecorder(c *gin.Context, p *callPage) error {
	if !p.Call.Open() {
		return nil
	}
	taken, err := s.Assessments.Arrived(ctx(c), actor(c), p.A.ID)
	if err != nil {
		return err
	}
	p.Rec = &recording{Next: 1, Limit: 2 * p.Sc.Minutes, Plain: true}
	for _, t := range taken {
		p.Rec.Next = max(p.Rec.Next, t.Number+1)
	}
	if p.Rec.Keep, err = s.Assessments.KeepDays(ctx(c)); err != nil {
		return err
	}
	p.Coaches, err = s.coachesOf(c, p.Call.PersonID)
	p.Managers = true
	return err
}

func (s *Site) showCall(c *gin.Context) error {
	p, err := s.callPage(c)
	if err != nil {
		return err
	}
	return s.show(c, http.StatusOK, "attempt/live", p)
}

// callState is what both pages ask for every two seconds.
func (s *Site) callState(c *gin.Context) error {
	p, err := s.callPage(c)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, p.state())
	return nil
}

func (p callPage) state() gin.H {
	came := gin.H{}
	for _, t := range append(p.Facts, p.Objections...) {
		if t.AtMS != nil {
			came[t.Item] = t.Clock()
		}
	}
	return gin.H{"open": p.Call.Open(), "joined": p.Call.JoinedAt != nil, "running": p.Call.Running(), "ended": p.Call.EndedAt != nil, "ms": p.Ms, "came": came}
}

// doCall starts and ends the call, and ticks what came up.
func (s *Site) doCall(c *gin.Context) error {
	by := actor(c)
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	do, item, _ := strings.Cut(c.PostForm("do"), ":")
	switch do {
	case "start":
		err = s.Assessments.StartCall(ctx(c), by, id)
	case "end":
		err = s.Assessments.EndCall(ctx(c), by, id)
	case "tick", "untick":
		err = s.Assessments.Tick(ctx(c), by, id, item, do == "tick")
	default:
		err = fault.Invalidf("Press one of the buttons of the page.")
	}
	var f *fault.Error
	if c.GetHeader("Accept") == "application/json" && (err == nil || errors.As(err, &f)) {
		if err != nil {
			c.JSON(status[f.Kind], gin.H{"message": f.Message})
			return nil
		}
		return s.callState(c)
	}
	if err != nil {
		return err
	}
	to := fmt.Sprintf("/attempts/%d/live", id)
	if item != "" {
		to += "#" + item
	}
	c.Redirect(http.StatusSeeOther, to)
	return nil
}

func (s *Site) saveCallNotes(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	version, err := strconv.Atoi(c.PostForm("version"))
	if err != nil {
		version = -1 // never the saved one: both are shown
	}
	saved, err := s.Assessments.SaveNotes(ctx(c), actor(c), id, c.PostForm("notes"), &version)
	var stale *fault.Error
	if errors.As(err, &stale) && (stale.Kind == fault.Stale || stale.Kind == fault.Invalid) {
		if c.GetHeader("Accept") == "application/json" {
			c.JSON(status[stale.Kind], gin.H{"message": stale.Message})
			return nil
		}
		p, err := s.callPage(c)
		if err != nil {
			return err
		}
		p.Theirs, p.Notes = stale.Theirs, c.PostForm("notes")
		p.Problems, _ = problems(stale)
		return s.show(c, status[stale.Kind], "attempt/live", p)
	}
	if err != nil {
		return err
	}
	if c.GetHeader("Accept") == "application/json" {
		c.JSON(http.StatusOK, gin.H{"version": saved})
		return nil
	}
	return s.seeOther(c, fmt.Sprintf("/attempts/%d/live", id), "The notes are kept.")
}

// addCalls lists the live calls in which somebody is asked to play the buyer.
func (s *Site) addCalls(c *gin.Context, by people.Actor, p *todayPage) error {
	calls, err := s.Assessments.Partnered(ctx(c), by)
	for _, one := range calls {
		p.Waiting = append(p.Waiting, todayRow{Icon: "team", Href: fmt.Sprintf("/attempts/%d/live", one.AttemptID), Title: one.Person + " asks you to play the buyer",
			Meta: "A live role-play. The page has the buyer card and a list to tick", WhenText: p.Ago(one.InvitedAt)})
	}
	return err
}
