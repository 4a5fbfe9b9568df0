package web

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"pitchside/assessments"
	"pitchside/internal/fault"
	"pitchside/people"

	"github.com/gin-gonic/gin"
)

// mediaBody is how large a request with a recording may be: the take and the
// form around it.
const mediaBody = assessments.TakeLimit + 1<<20

// A recording is what an attempt's page says about its takes.
type recording struct {
	Takes  []takeLine // of a draft, those that are there
	Player *player
	Gone   *assessments.Take // the submitted take, once it is gone
	Keep   int               // days
	Limit  int               // minutes, which can be extended
	Next   int               // number of the next take
	Ready  int               // takes that can be submitted
	Erase  *assessments.Erasure
	Plain  bool // beside a live call, where another button comes first
}

// A takeLine is one take in the list of a draft.
type takeLine struct {
	assessments.Take
	Player player
	Length string
}

// A player is a recording to listen to or watch.
type player struct {
	Src      string
	MS       int // 0: not known
	Length   string
	Video    bool
	Label    string
	Spans    []span // who speaks when
	Above    string // names of the two sides
	Below    string
	Download string
}

// A mark is a comment at a moment of a recording, when no line stands beside it.
type mark struct {
	commentLine
	MS    int
	Clock string
}

// marksOf returns the comment as a mark, or nothing if it belongs to a line.
func marksOf(one assessments.Comment, by string, sc assessments.Scenario) []mark {
	if one.TurnSeq != nil || one.AtMS == nil {
		return nil
	}
	return []mark{{commentLine{one.ID, by, criterionTitle(sc.Rubric, one.Criterion), one.Text}, *one.AtMS, clockOf(time.Duration(*one.AtMS) * time.Millisecond)}}
}

// A span is one turn on the player's timeline, in percent.
type span struct {
	X, Width string
	Buyer    bool
}

func (s *Site) recording(c *gin.Context, p *attemptPage) error {
	by, a := actor(c), p.A
	if a.Form != assessments.FormRecording && a.Form != assessments.FormLive {
		return nil
	}
	all, err := s.Assessments.Takes(ctx(c), by, a.ID)
	if err != nil {
		return err
	}
	r := &recording{Next: 1, Limit: 2 * p.Sc.Minutes}
	if r.Keep, err = s.Assessments.KeepDays(ctx(c)); err != nil {
		return err
	}
	for _, t := range all {
		r.Next = max(r.Next, t.Number+1)
		switch {
		case t.GoneAt != nil && (t.Chosen || *t.Gone == "expired"):
			r.Gone = &t
		case t.GoneAt != nil || t.Size == 0:
		case p.Brief || t.Chosen || p.Mine && a.State == assessments.Withdrawn:
			line := takeLine{Take: t, Length: lengthOf(t), Player: newPlayer(t, nil, p.who)}
			line.Player.Src += "?take=" + strconv.Itoa(t.Number)
			r.Takes = append(r.Takes, line)
			if t.Ready() {
				r.Ready++
			}
		}
	}
	if !p.Brief {
		for _, t := range r.Takes {
			if t.Ready() && t.Chosen {
				one := newPlayer(t.Take, p.Turns, p.who)
				r.Player = &one
			}
		}
	}
	if p.Mine && !p.Brief {
		if r.Erase, err = s.Assessments.Erasure(ctx(c), by, a.ID); err != nil {
			return err
		}
	}
	p.Rec = r
	return nil
}

func newPlayer(t assessments.Take, turns []turnLine, who func(assessments.Speaker) string) player {
	p := player{Src: fmt.Sprintf("/attempts/%d/media", t.AttemptID), Video: t.Video(), Label: fmt.Sprintf("Take %d, sound only", t.Number), Length: lengthOf(t),
		Above: who(assessments.Rep), Below: who(assessments.Buyer)}
	p.Download = fmt.Sprintf("%s?take=%d&download=1", p.Src, t.Number)
	if t.Video() {
		p.Label = fmt.Sprintf("Take %d", t.Number)
	}
	if t.DurationMS == nil || *t.DurationMS == 0 {
		return p
	}
	p.MS = *t.DurationMS
	percent := func(ms int) string { return strconv.FormatFloat(100*float64(ms)/float64(p.MS), 'f', 2, 64) + "%" }
	for _, one := range turns {
		if one.StartMS != nil && one.EndMS != nil && *one.StartMS < p.MS {
			p.Spans = append(p.Spans, span{percent(*one.StartMS), percent(max(p.MS/400, min(*one.EndMS, p.MS)-*one.StartMS)), one.Speaker == assessments.Buyer})
		}
	}
	return p
}

// lengthOf writes a duration as 09:36, or says that it is not known.
func lengthOf(t assessments.Take) string {
	if t.DurationMS == nil {
		return "length not known"
	}
	d := time.Duration(*t.DurationMS) * time.Millisecond
	if d >= time.Hour {
		return fmt.Sprintf("%d:%02d:%02d", int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60)
	}
	return fmt.Sprintf("%02d:%02d", int(d.Minutes()), int(d.Seconds())%60)
}

// playMedia sends a recording, or the stretch of it that the player asks for.
func (s *Site) playMedia(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	take, _ := strconv.Atoi(c.Query("take"))
	m, err := s.Assessments.Media(ctx(c), actor(c), id, take)
	if err != nil {
		return err
	}
	defer m.Close()
	c.Header("Content-Security-Policy", "default-src 'none'; media-src 'self'; sandbox")
	c.Header("Cache-Control", "private, no-cache")
	c.Header("ETag", m.Tag)
	c.Header("Content-Type", m.ContentType)
	if c.Query("download") != "" {
		_, ending, _ := strings.Cut(m.ContentType, "/")
		c.Header("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": fmt.Sprintf("attempt-%d-take-%d.%s", id, m.Number, ending)}))
	}
	http.ServeContent(c.Writer, c.Request, "", *m.FinishedAt, m)
	return nil
}

// sendMedia takes bytes of a take from the page's recorder.
func (s *Site) sendMedia(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	_ = http.NewResponseController(c.Writer).SetReadDeadline(time.Time{})
	part := assessments.MediaPart{Type: c.GetHeader("Content-Type"), Final: c.Query("final") == "true", Uploaded: c.Query("uploaded") == "true", Sender: c.Query("sender")}
	part.Take, _ = strconv.Atoi(c.Query("take"))
	if part.Offset, err = strconv.ParseInt(c.Query("offset"), 10, 64); err != nil {
		part.Offset = -1
	}
	if ms, err := strconv.Atoi(c.Query("duration_ms")); err == nil {
		part.DurationMS = &ms
	}
	t, err := s.Assessments.WriteMedia(ctx(c), actor(c), id, part, c.Request.Body)
	if t.ID != 0 {
		c.Header("Upload-Offset", strconv.FormatInt(t.Size, 10))
	}
	var f *fault.Error
	if errors.As(err, &f) {
		drain(c)
		message := f.Message
		for _, text := range f.Fields {
			message = text
		}
		c.JSON(status[f.Kind], gin.H{"message": message, "offset": t.Size})
		return nil
	}
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, gin.H{"take": t.Number, "offset": t.Size, "finished": t.FinishedAt != nil})
	return nil
}

// listTakes tells the recorder what has arrived.
func (s *Site) listTakes(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	all, err := s.Assessments.Arrived(ctx(c), actor(c), id)
	if err != nil {
		return err
	}
	items := []gin.H{}
	for _, t := range all {
		items = append(items, gin.H{"take": t.Number, "sender": t.Sender, "offset": t.Size, "finished": t.FinishedAt != nil, "gone": t.GoneAt != nil})
	}
	c.JSON(http.StatusOK, gin.H{"items": items})
	return nil
}

// uploadTake takes a file from an ordinary form, streamed into the store.
func (s *Site) uploadTake(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	_ = http.NewResponseController(c.Writer).SetReadDeadline(time.Time{})
	form, err := c.Request.MultipartReader()
	if err != nil {
		return s.refuseUpload(c, fault.Field("file", "Choose a file."))
	}
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return s.refuseUpload(c, fault.Field("file", "Choose a file."))
		}
		if err != nil {
			return err
		}
		if part.FormName() != "file" || part.FileName() == "" {
			continue
		}
		all, err := s.Assessments.Takes(ctx(c), actor(c), id)
		if err != nil {
			return err
		}
		next := 1
		for _, t := range all {
			next = max(next, t.Number+1)
		}
		t, err := s.Assessments.WriteMedia(ctx(c), actor(c), id, assessments.MediaPart{Take: next, Type: part.Header.Get("Content-Type"), Uploaded: true, Final: true}, part)
		if _, ok := problems(err); ok {
			drain(c)
			if t.Size > 0 { // there is nothing to play in it
				if gone := s.Assessments.RemoveTake(ctx(c), actor(c), id, next); gone != nil {
					return gone
				}
			}
			return s.refuseUpload(c, err)
		}
		if err != nil {
			return err
		}
		return s.seeOther(c, fmt.Sprintf("/attempts/%d#takes", id), fmt.Sprintf("Take %d has arrived, %s. Only you have it until you submit.", t.Number, t.Megabytes()))
	}
}

func (s *Site) refuseUpload(c *gin.Context, err error) error {
	ps, _ := problems(err)
	return s.showAttemptAgain(c, func(p *attemptPage) { p.Problems = ps })
}

func pathTake(c *gin.Context) (id int64, take int, err error) {
	if id, err = pathID(c, "id"); err != nil {
		return 0, 0, err
	}
	n, err := pathID(c, "take")
	return id, int(min(n, 1<<20)), err
}

func (s *Site) chooseTake(c *gin.Context) error {
	id, take, err := pathTake(c)
	if err != nil {
		return err
	}
	if err := s.Assessments.ChooseTake(ctx(c), actor(c), id, take); err != nil {
		return err
	}
	return s.seeOther(c, fmt.Sprintf("/attempts/%d#takes", id), fmt.Sprintf("Take %d is the one that you submit.", take))
}

func (s *Site) removeTake(c *gin.Context) error {
	id, take, err := pathTake(c)
	if err != nil {
		return err
	}
	if err := s.Assessments.RemoveTake(ctx(c), actor(c), id, take); err != nil {
		return err
	}
	return s.seeOther(c, fmt.Sprintf("/attempts/%d#takes", id), fmt.Sprintf("Take %d is removed.", take))
}

func (s *Site) askErasure(c *gin.Context) error {
	return s.act(c, func(id int64) error { return s.Assessments.AskErasure(ctx(c), actor(c), id, c.PostForm("reason")) },
		"Asked. An admin answers, and you read the answer here.")
}

type recordingsPage struct {
	Base
	Holding  assessments.Holding
	Keep     int
	Open     []assessments.Erasure
	Answered []assessments.Erasure
	Form     erasureForm
	Problems Problems
}

type erasureForm struct {
	ID     string `form:"id" validate:"required,number"`
	Do     string `form:"do" validate:"required,oneof=erase keep"`
	Answer string `form:"answer"`
}

// Size writes how much is held.
func (p recordingsPage) Size() string { return assessments.Take{Size: p.Holding.Bytes}.Megabytes() }

func (s *Site) showRecordings(c *gin.Context) error {
	return s.recordingsPage(c, http.StatusOK, recordingsPage{})
}

func (s *Site) recordingsPage(c *gin.Context, code int, p recordingsPage) error {
	p.Base, p.Wide = s.base(c, "Recordings"), "narrow"
	var err error
	if p.Holding, err = s.Assessments.Holding(ctx(c)); err != nil {
		return err
	}
	if p.Keep, err = s.Assessments.KeepDays(ctx(c)); err != nil {
		return err
	}
	all, err := s.Assessments.Erasures(ctx(c), actor(c))
	if err != nil {
		return err
	}
	for _, e := range all {
		if e.AnsweredAt == nil {
			p.Open = append(p.Open, e)
		} else {
			p.Answered = append(p.Answered, e)
		}
	}
	return s.show(c, code, "admin/recordings", p)
}

func (s *Site) answerErasure(c *gin.Context) error {
	var form erasureForm
	err := bind(c, &form)
	if err == nil {
		id, _ := strconv.ParseInt(form.ID, 10, 64)
		err = s.Assessments.AnswerErasure(ctx(c), actor(c), id, form.Do == "erase", form.Answer)
	}
	if ps, ok := problems(err); ok {
		return s.recordingsPage(c, http.StatusUnprocessableEntity, recordingsPage{Form: form, Problems: ps})
	}
	if err != nil {
		return err
	}
	said := "The recording stays. The rep has been told why."
	if form.Do == "erase" {
		said = "Erased. Scores and quotes remain, and the rep has been told."
	}
	return s.seeOther(c, "/admin/recordings", said)
}

// addErasures lists the recordings that reps ask to be erased.
func (s *Site) addErasures(c *gin.Context, by people.Actor, p *todayPage) error {
	all, err := s.Assessments.Erasures(ctx(c), by)
	for _, e := range all {
		if e.AnsweredAt == nil {
			p.Waiting = append(p.Waiting, todayRow{Icon: "lock", Href: "/admin/recordings", Title: e.Person + " asks for a recording to be erased", Meta: "Answer under Recordings", WhenText: p.Ago(e.AskedAt)})
		}
	}
	return err
}
