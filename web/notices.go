package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"pitchside/people"

	"github.com/gin-gonic/gin"
)

type noticesPage struct {
	Base
	Unread  bool // only those
	New     int
	Notices []people.Notice
	Newest  int64 // id, to mark as read what is on the page and older
	More    int64 // id to go on from, 0 at the end
}

// Icon is that of a kind of notice.
func (noticesPage) Icon(kind string) string {
	if i, ok := noticeIcons[kind]; ok {
		return i
	}
	return "info"
}

var noticeIcons = map[string]string{
	"role_play_released": "practice", "asked_to_score": "practice", "live_invited": "practice", "dispute_opened": "practice", "dispute_settled": "practice", "calibration_opened": "practice",
	"assigned": "flag", "assignment_overdue": "clock", "gate_read": "key", "course": "learn", "program": "learn", "live_session": "team",
	"mention": "coaching", "reply": "coaching", "post_answered": "ok", "attempt_opened": "eye",
}

const noticesAPage = 30

func (s *Site) showNotices(c *gin.Context) error {
	by := actor(c)
	p := noticesPage{Base: s.base(c, "Notices"), Unread: c.Query("only") == "unread"}
	p.Wide = "narrow"
	before, _ := strconv.ParseInt(c.Query("before"), 10, 64)
	var err error
	if p.New, err = s.People.Unread(ctx(c), by); err != nil {
		return err
	}
	if p.Notices, err = s.People.Notices(ctx(c), by, p.Unread, before, noticesAPage+1); err != nil {
		return err
	}
	if len(p.Notices) > noticesAPage {
		p.Notices = p.Notices[:noticesAPage]
		p.More = p.Notices[noticesAPage-1].ID
	}
	if len(p.Notices) > 0 {
		p.Newest = p.Notices[0].ID
	}
	return s.show(c, http.StatusOK, "me/notices", p)
}

// openNotice marks a notice as read and goes where it leads.
func (s *Site) openNotice(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	n, err := s.People.MarkNotice(ctx(c), actor(c), id, true)
	if err != nil {
		return err
	}
	to := n.Link
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") {
		to = "/me/notices"
	}
	return s.seeOther(c, to, "")
}

// markNotice says of one notice that it is read, or not.
func (s *Site) markNotice(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	if _, err := s.People.MarkNotice(ctx(c), actor(c), id, c.PostForm("read") == "yes"); err != nil {
		return err
	}
	return s.seeOther(c, "/me/notices", "")
}

func (s *Site) markNotices(c *gin.Context) error {
	upTo, _ := strconv.ParseInt(c.PostForm("newest"), 10, 64)
	if err := s.People.MarkNotices(ctx(c), actor(c), upTo); err != nil {
		return err
	}
	return s.seeOther(c, "/me/notices", "All are marked as read.")
}

// A noticeChoice is one line of the settings of notices.
type noticeChoice struct {
	people.NoticeTopic
	On bool
}

// noticeTopics lists the topics, and which the actor wants.
func (s *Site) noticeTopics(c *gin.Context) ([]noticeChoice, error) {
	muted, err := s.People.Muted(ctx(c), actor(c))
	if err != nil {
		return nil, err
	}
	var out []noticeChoice
	for _, t := range people.NoticeTopics {
		out = append(out, noticeChoice{NoticeTopic: t, On: !slices.Contains(muted, t.Slug)})
	}
	return out, nil
}

// saveTopics keeps which notices the actor wants: those that are ticked.
func (s *Site) saveTopics(c *gin.Context) error {
	var muted []string
	for _, t := range people.NoticeTopics {
		if !slices.Contains(c.PostFormArray("topic"), t.Slug) {
			muted = append(muted, t.Slug)
		}
	}
	if err := s.People.Mute(ctx(c), actor(c), muted); err != nil {
		return err
	}
	return s.seeOther(c, "/me/settings", "Saved. It holds for what comes from now on.")
}
