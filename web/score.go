package web

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"pitchside/assessments"
	"pitchside/internal/fault"

	"github.com/gin-gonic/gin"
)

// A deskPage is the scoring desk: the conversation beside the sheet.
type deskPage struct {
	Base
	A        assessments.Attempt
	Sc       assessments.Scenario
	Waits    string
	Rival    string // another coach who has claimed it
	Turns    []turnLine
	Fields   []sheetField // of a worksheet; its lines are the turns
	Revision *revision
	Rec      *recording  // nil for an attempt in writing
	Live     *partnering // nil unless it was a live call
	Sheet    sheetForm
	Released *assessments.Sheet // my sheet, once it is out
	Others   []sheetResult      // sheets of others, once mine is out
	Recall   bool
	Prev     int64 // in the queue
	Next     int64
	Target   string // the criterion that a chosen line proves
	Comment  commentForm
	Remarks  []saidComment     // my comments
	Never    map[string]string // criteria that had no chance, as far as the conversation tells
	Earlier  []earlier
	Returns  bool   // it may be sent back to the rep
	Again    string // the reason, as it is typed
	Theirs   string
	Round    *assessments.Calibration // an announced round that this sheet is part of
	Examples map[string][]assessments.Example
	AskedAs  string // why the reader scores it, if not as the rep's coach
	Problems Problems
}

type commentForm struct {
	Turn  string `form:"comment_turn"`
	At    string `form:"comment_at"` // a moment of the recording, where there is no line
	About string `form:"comment_about"`
	Text  string `form:"comment_text"`
}

func (s *Site) deskPage(c *gin.Context) (deskPage, error) {
	by := actor(c)
	id, err := pathID(c, "id")
	if err != nil {
		return deskPage{}, err
	}
	a, err := s.Assessments.Attempt(ctx(c), by, id)
	if err != nil {
		return deskPage{}, err
	}
	if a.PersonID == by.ID || !a.SeesWords {
		return deskPage{}, nowhere(c)
	}
	if err := s.Assessments.Opened(ctx(c), by, a); err != nil {
		return deskPage{}, err
	}
	round, err := s.Assessments.ScoredBlind(ctx(c), by, id)
	if err != nil {
		return deskPage{}, err
	}
	sc, err := s.Assessments.PinnedIn(ctx(c), a, round)
	if err != nil {
		return deskPage{}, err
	}
	p := deskPage{Base: s.base(c, a.Person+", "+sc.Title), A: a, Sc: sc}
	p.Wide = "wide"
	if a.ClaimedBy != nil && *a.ClaimedBy != by.ID && a.ClaimedByName != nil {
		p.Rival = *a.ClaimedByName
	}
	sheet, err := s.Assessments.MySheet(ctx(c), by, id)
	if err != nil {
		return p, err
	}
	if err := s.deskWords(c, &p, sheet); err != nil {
		return p, err
	}
	p.Remarks = saidComments(sheet, p.Sc, len(p.Turns))
	if err := s.deskRound(c, &p, round); err != nil {
		return p, err
	}
	heard := attemptPage{A: a, Sc: sc, Turns: p.Turns}
	if err := s.recording(c, &heard); err != nil {
		return p, err
	}
	if err := s.partnering(c, &heard); err != nil {
		return p, err
	}
	p.Rec, p.Live = heard.Rec, heard.Live
	if err := s.deskBefore(c, &p, round); err != nil {
		return p, err
	}
	if sheet.Released() {
		p.Released = &sheet
		p.Recall = !s.Now().After(sheet.RecallUntil())
		all, err := s.Assessments.Sheets(ctx(c), by, id)
		if err != nil {
			return p, err
		}
		for _, one := range all {
			if sameRound(one, sheet) {
				p.Others = append(p.Others, resultOf(sc, one))
			}
		}
		if sheet.CalibrationID == nil {
			if err := s.adjusted(c, false, p.Others); err != nil {
				return p, err
			}
		}
	}
	p.Sheet = sheetFormOf(sc, sheet)
	p.Target = nextTarget(p.Sheet)
	return p, s.neighbours(c, &p)
}

// sameRound keeps a calibration's sheets apart from those that count.
func sameRound(x, y assessments.Sheet) bool {
	return x.CalibrationID == nil && y.CalibrationID == nil || x.CalibrationID != nil && y.CalibrationID != nil && *x.CalibrationID == *y.CalibrationID
}

// deskRound adds the open calibration round, unless it is unannounced, and the
// examples that coaches settled on for this rubric.
func (s *Site) deskRound(c *gin.Context, p *deskPage, round *assessments.Calibration) error {
	if round != nil && round.Announced {
		p.Round, p.Rival = round, ""
	}
	all, err := s.Assessments.Examples(ctx(c), actor(c), p.Sc.RubricVersion, p.A.ID)
	if err != nil {
		return err
	}
	p.Examples = map[string][]assessments.Example{}
	for _, e := range all {
		p.Examples[e.Criterion] = append(p.Examples[e.Criterion], e)
	}
	return nil
}

// deskWords adds the conversation with my comments beside its turns.
func (s *Site) deskWords(c *gin.Context, p *deskPage, sheet assessments.Sheet) error {
	turns, err := s.Assessments.Transcript(ctx(c), actor(c), p.A.ID)
	if err != nil {
		return err
	}
	if p.A.Form == assessments.FormWorksheet {
		return s.deskFields(c, p, sheet)
	}
	names := attemptPage{A: p.A, Sc: p.Sc}
	for _, t := range turns {
		p.Turns = append(p.Turns, names.turn(t))
	}
	for _, one := range sheet.Comments {
		remark(p.Turns, one, "You", p.Sc)
	}
	return nil
}

// deskFields adds what a worksheet says, line by line, and what changed in it.
func (s *Site) deskFields(c *gin.Context, p *deskPage, sheet assessments.Sheet) (err error) {
	if p.Fields, err = s.sheetFields(c, p.A); err != nil {
		return err
	}
	for i := range p.Fields {
		for _, one := range sheet.Comments {
			remark(p.Fields[i].Lines, one, "You", p.Sc)
		}
		p.Turns = append(p.Turns, p.Fields[i].Lines...)
	}
	p.Revision, err = s.revisionOf(c, p.A, sheet.Version == 0)
	return err
}

// neighbours finds what lies before and after this attempt in the queue.
func (s *Site) neighbours(c *gin.Context, p *deskPage) error {
	n, err := s.Assessments.Neighbours(ctx(c), actor(c), p.A.ID)
	if err != nil {
		return err
	}
	p.Prev, p.Next = n.Prev, n.Next
	if n.Waits == nil {
		return nil
	}
	p.Waits = queuePage{Base: p.Base}.Age(assessments.Waiting{SubmittedAt: *n.Waits})
	p.AskedAs = map[string]string{"peer": p.A.Person + " asks for your view, as a peer.", "grader": "You are a designated grader.",
		"second": "A second, independent score.", "adjudicator": "Two sheets differ, and yours settles it."}[n.Why]
	return nil
}

// nextTarget is the criterion that a chosen line would prove: the first level
// without proof, else the one to score next.
func nextTarget(f sheetForm) string {
	for _, r := range f.Rows {
		if r.NeedsProof() {
			return r.ID
		}
	}
	for _, r := range f.Rows {
		if r.Open {
			return r.ID
		}
	}
	return ""
}

func (s *Site) showDesk(c *gin.Context) error {
	p, err := s.deskPage(c)
	if err != nil {
		return err
	}
	return s.show(c, http.StatusOK, "score/desk", p)
}

// saveSheet keeps what is typed. "do" says what for: save, review, comment, or
// "quote:N" to take line N as the proof of the target criterion. A page that
// asks for JSON gets the new version and counts.
func (s *Site) saveSheet(c *gin.Context) error {
	p, err := s.deskPage(c)
	if err != nil {
		return err
	}
	do := c.PostForm("do")
	form, input, err := readSheet(c, p.Sc)
	p.Target = c.PostForm("target")
	if bindErr := bind(c, &p.Comment); bindErr != nil {
		return bindErr
	}
	if line, ok := strings.CutPrefix(do, "quote:"); ok {
		p.quote(line, &form, &input)
	}
	var sheet assessments.Sheet
	if err == nil {
		sheet, _, err = s.Assessments.SaveSheet(ctx(c), actor(c), p.A.ID, actor(c).ID, input, form.version())
	}
	if err == nil && do == "comment" {
		err = s.comment(c, p)
		form.Version = strconv.Itoa(sheet.Version)
	}
	if edit, ok := strings.CutPrefix(do, "edit:"); ok && err == nil {
		err = s.editComment(c, &p, edit)
		form.Version = strconv.Itoa(sheet.Version)
	}
	if remove, ok := strings.CutPrefix(do, "remove:"); ok && err == nil {
		commentID, _ := strconv.ParseInt(remove, 10, 64)
		err = s.Assessments.RemoveComment(ctx(c), actor(c), p.A.ID, commentID)
	}
	if c.GetHeader("Accept") == "application/json" {
		return s.answerSave(c, p, sheet, err)
	}
	var stale *fault.Error
	if errors.As(err, &stale) && stale.Kind == fault.Stale {
		if form.Version == p.Sheet.Version || !strings.HasPrefix(do, "edit:") {
			form.Version = p.Sheet.Version
		}
		p.Theirs = stale.Theirs
		p.Sheet = form
		return s.show(c, http.StatusConflict, "score/desk", p)
	}
	if ps, ok := problems(err); ok {
		p.Problems, p.Sheet = ps, form
		return s.show(c, http.StatusUnprocessableEntity, "score/desk", p)
	}
	if err != nil {
		return err
	}
	at := fmt.Sprintf("/score/%d", p.A.ID)
	switch {
	case do == "review":
		at += "/review"
	case do == "comment" && strings.TrimSpace(p.Comment.At) == "":
		at += "#turn-" + p.Comment.Turn
	case do == "comment", strings.HasPrefix(do, "edit:"), strings.HasPrefix(do, "remove:"):
		at += "#comments"
	case strings.HasPrefix(do, "quote:"):
		at += "#level_" + p.Target
	}
	c.Redirect(http.StatusSeeOther, at)
	return nil
}

// comment keeps a remark at a line, or at a moment of the recording.
func (s *Site) comment(c *gin.Context, p deskPage) error {
	if len(p.Turns) > 0 && (p.Rec == nil || strings.TrimSpace(p.Comment.At) == "") {
		turn, _ := strconv.Atoi(p.Comment.Turn)
		return s.Assessments.Comment(ctx(c), actor(c), p.A.ID, turn, p.Comment.About, p.Comment.Text)
	}
	at := moment(strings.TrimSpace(p.Comment.At))
	if at == nil {
		return fault.Field("comment_at", "Give the moment as minutes and seconds, such as 05:40.")
	}
	return s.Assessments.CommentAt(ctx(c), actor(c), p.A.ID, *at, p.Comment.About, p.Comment.Text)
}

// quote takes a line of the conversation as the proof of the target criterion.
func (p *deskPage) quote(line string, form *sheetForm, input *assessments.SheetInput) {
	seq, _ := strconv.Atoi(line)
	for _, t := range p.Turns {
		if t.Seq != seq {
			continue
		}
		for i := range input.Scores {
			if input.Scores[i].Criterion == p.Target {
				input.Scores[i].Quote, input.Scores[i].AtMS = t.Text, t.StartMS
				form.Rows[i].Quote = t.Text
			}
		}
	}
}

// answerSave answers the page's own script after an autosave.
func (s *Site) answerSave(c *gin.Context, p deskPage, sheet assessments.Sheet, err error) error {
	var f *fault.Error
	switch {
	case err == nil:
		form := sheetFormOf(p.Sc, sheet)
		sum := resultOf(p.Sc, sheet)
		c.JSON(http.StatusOK, gin.H{"version": sheet.Version, "saved": p.in(s.Now()).Format("15:04"), "decided": form.Decided, "of": len(form.Rows),
			"left": form.Left(), "overall": sum.OverallText(), "capped": sum.CapTitle()})
	case errors.As(err, &f):
		c.JSON(status[f.Kind], gin.H{"message": f.Message, "theirs": f.Theirs, "fields": f.Fields})
	default:
		return err
	}
	return nil
}

// A releasePage is the sheet as the rep will read it, before release.
type releasePage struct {
	Base
	A        assessments.Attempt
	Sc       assessments.Scenario
	Result   sheetResult
	Missing  []Problem
	Round    *assessments.Calibration
	Problems Problems
}

func (s *Site) releasePage(c *gin.Context) (releasePage, error) {
	d, err := s.deskPage(c)
	if err != nil {
		return releasePage{}, err
	}
	sheet, err := s.Assessments.MySheet(ctx(c), actor(c), d.A.ID)
	if err != nil {
		return releasePage{}, err
	}
	p := releasePage{Base: d.Base, A: d.A, Sc: d.Sc, Result: resultOf(d.Sc, sheet), Round: d.Round}
	p.Title, p.Wide = "Review, "+d.A.Person, "narrow"
	missing := assessments.Missing(d.Sc.Rubric, sheet.Scores, true)
	for _, cr := range d.Sc.Rubric.Criteria {
		if text, ok := missing[cr.ID]; ok {
			p.Missing = append(p.Missing, Problem{cr.ID, text})
		}
	}
	return p, nil
}

func (s *Site) reviewSheet(c *gin.Context) error {
	p, err := s.releasePage(c)
	if err != nil {
		return err
	}
	if p.Result.Released() {
		c.Redirect(http.StatusSeeOther, fmt.Sprintf("/score/%d", p.A.ID))
		return nil
	}
	return s.show(c, http.StatusOK, "score/review", p)
}

func (s *Site) releaseSheet(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	sheet, err := s.Assessments.Release(ctx(c), actor(c), id, actor(c).ID)
	if ps, ok := problems(err); ok {
		p, err := s.releasePage(c)
		if err != nil {
			return err
		}
		p.Problems = ps
		return s.show(c, http.StatusUnprocessableEntity, "score/review", p)
	}
	if err != nil {
		return err
	}
	if sheet.CalibrationID != nil {
		// An unannounced round stays unnamed while it is scored.
		if round, err := s.Assessments.Calibration(ctx(c), actor(c), *sheet.CalibrationID); err == nil {
			return s.seeOther(c, fmt.Sprintf("/calibrate/%d", round.ID), "Finished. The others see it at the reveal.")
		}
	}
	return s.seeOther(c, fmt.Sprintf("/score/%d", id), fmt.Sprintf("Released. You can take it back for %d minutes.", assessments.RecallMinutes))
}

func (s *Site) recallSheet(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if err := s.Assessments.Recall(ctx(c), actor(c), id, actor(c).ID); err != nil {
		return err
	}
	return s.seeOther(c, fmt.Sprintf("/score/%d", id), "Taken back. The sheet is a draft again, and its levels count nowhere.")
}
