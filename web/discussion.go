package web

import (
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"pitchside/courses"
	"pitchside/internal/fault"

	"github.com/gin-gonic/gin"
)

// discussionPage is what people ask and answer under one lesson.
type discussionPage struct {
	Base
	Course, Lesson link
	Threads        []postView
	More           int64 // id to go on from, 0 at the end
	Older          bool  // the newest threads are not on this page
	Form           postForm
	Theirs         string // what was saved meanwhile, of the post in Form
	Problems       Problems
}

// Path returns the address of the discussion.
func (p discussionPage) Path() string { return p.Lesson.Href + "/discussion" }

// Typed returns what was typed into the form of a post ("edit:7", "reply:7",
// "hide:7", or empty for a new thread), if it is the one that failed.
func (p discussionPage) Typed(form string) string {
	if p.Form.Form == form {
		return p.Form.Text + p.Form.Reason
	}
	return ""
}

// A postView is a post with its words as HTML.
type postView struct {
	courses.Post
	Base    *discussionPage
	Replies []postView
}

// HTML returns the words with their links and mentions.
func (v postView) HTML() template.HTML { return postHTML(v.Text, v.Mentions) }

// Is names the form of the post that is told apart by what it does.
func (v postView) Is(what string) string { return fmt.Sprintf("%s:%d", what, v.ID) }

// Opens reports whether a form of the post could not be saved.
func (v postView) Opens(what string) bool { return v.Base.Form.Form == v.Is(what) }

// Problem is what is wrong with a form of the post.
func (v postView) Problem(what, field string) string {
	if v.Opens(what) {
		return v.Base.Problems.On(field)
	}
	return ""
}

// Answers reports whether the reply is the one that answers its thread.
func (v postView) Answers() bool {
	return v.ThreadID != nil && v.AnswerID != nil && *v.AnswerID == v.ID
}

// Words shortens a post for a list.
func (v postView) Words() string { return opening(strings.Join(strings.Fields(v.Text), " "), 140) }

var webAddress = regexp.MustCompile(`https?://[^\s<>"'` + "`" + `]+`)

// postHTML escapes a text, and makes links of its web addresses and marks of the
// names it mentions.
func postHTML(text string, names []string) template.HTML {
	var b strings.Builder
	last := 0
	for _, at := range webAddress.FindAllStringIndex(text, -1) {
		to := strings.TrimRight(text[at[0]:at[1]], ".,;:!?)]}”’")
		u, err := url.Parse(to)
		if err != nil || u.Host == "" {
			continue
		}
		b.WriteString(mentionHTML(text[last:at[0]], names))
		fmt.Fprintf(&b, `<a href="%s" rel="nofollow ugc noopener noreferrer">%s</a>`, template.HTMLEscapeString(to), template.HTMLEscapeString(to))
		last = at[0] + len(to)
	}
	b.WriteString(mentionHTML(text[last:], names))
	return template.HTML(b.String()) // every piece is escaped above
}

// mentionHTML escapes a text and marks the names that follow an @.
func mentionHTML(text string, names []string) string {
	var b strings.Builder
	for {
		i := strings.IndexByte(text, '@')
		if i < 0 {
			b.WriteString(template.HTMLEscapeString(text))
			return b.String()
		}
		b.WriteString(template.HTMLEscapeString(text[:i]))
		text = text[i:]
		n := 1
		for _, name := range names {
			if len(text) > len(name) && strings.EqualFold(text[1:1+len(name)], name) {
				n = 1 + len(name)
				break
			}
		}
		if n > 1 {
			b.WriteString(`<b class="mention">` + template.HTMLEscapeString(text[:n]) + `</b>`)
		} else {
			b.WriteString(`@`)
		}
		text = text[n:]
	}
}

type postForm struct {
	Form     string `form:"form" validate:"max=40"` // which of the page's forms was sent
	Thread   string `form:"thread" validate:"omitempty,number"`
	Text     string `form:"text"`
	On       string `form:"on" validate:"omitempty,number"`
	Do       string `form:"do"`
	Reason   string `form:"reason"`
	AnswerID string `form:"answer" validate:"omitempty,number"`
}

const (
	threadsAPage   = 20
	threadsAGlance = 3
)

func (s *Site) showDiscussion(c *gin.Context) error {
	return s.discussionPage(c, http.StatusOK, postForm{}, "", nil)
}

func (s *Site) discussionPage(c *gin.Context, code int, form postForm, theirs string, problems Problems) error {
	by, course, lesson := actor(c), c.Param("course"), c.Param("lesson")
	before, _ := strconv.ParseInt(c.Query("before"), 10, 64)
	if at, _ := strconv.ParseInt(c.Query("at"), 10, 64); at > 0 {
		if p, err := s.Courses.Post(ctx(c), by, at); err == nil && p.Course == course && p.Lesson == lesson {
			before = p.ID + 1
			if p.ThreadID != nil {
				before = *p.ThreadID + 1
			}
		}
	}
	threads, err := s.Courses.Threads(ctx(c), by, course, lesson, before, threadsAPage+1)
	if err != nil {
		return err
	}
	outline, err := s.Courses.Kept(ctx(c), course)
	if err != nil {
		return err
	}
	here := outline.Lesson(lesson)
	p := &discussionPage{Base: s.base(c, "Discussion: "+here.Title), Course: link{outline.Title, "/learn/" + course}, Lesson: link{here.Title, "/learn/" + course + "/" + lesson},
		Older: before > 0, Form: form, Theirs: theirs, Problems: problems}
	p.Wide = "narrow"
	if len(threads) > threadsAPage {
		threads = threads[:threadsAPage]
		p.More = threads[threadsAPage-1].ID
	}
	for _, t := range threads {
		v := postView{Post: t, Base: p}
		for _, r := range t.Replies {
			r.AnswerID, r.MayAnswer = t.AnswerID, t.MayAnswer
			v.Replies = append(v.Replies, postView{Post: r, Base: p})
		}
		p.Threads = append(p.Threads, v)
	}
	if c.GetHeader("X-Part") != "" {
		p.Threads = p.Threads[:min(len(p.Threads), threadsAGlance)]
		return s.showPart(c, code, "learn/discussion", "discussion-glance", p)
	}
	return s.show(c, code, "learn/discussion", p)
}

// writePost opens a thread, or replies in one.
func (s *Site) writePost(c *gin.Context) error {
	var form postForm
	err := bind(c, &form)
	var p courses.Post
	if err == nil {
		thread, _ := strconv.ParseInt(form.Thread, 10, 64) // bind has seen it
		p, err = s.Courses.Write(ctx(c), actor(c), c.Param("course"), c.Param("lesson"), thread, form.Text)
	}
	var f *fault.Error
	if errors.As(err, &f) && (f.Kind == fault.TooMany || f.Kind == fault.Conflict) {
		return s.discussionPage(c, status[f.Kind], form, "", Problems{"text": f.Message})
	}
	if wrong, ok := problems(err); ok {
		return s.discussionPage(c, http.StatusUnprocessableEntity, form, "", wrong)
	}
	if err != nil {
		return err
	}
	return s.seeOther(c, postAddress(p), "It stands under the lesson.")
}

func postAddress(p courses.Post) string {
	return fmt.Sprintf("/learn/%s/%s/discussion?at=%d#post-%d", p.Course, p.Lesson, p.ID, p.ID)
}

// editPost edits, deletes, hides or shows a post, or marks its thread as
// answered, by the button that was pressed.
func (s *Site) editPost(c *gin.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	var form postForm
	if err := bind(c, &form); err != nil {
		return err
	}
	yes, no := true, false
	edits := map[string]struct {
		courses.PostEdit
		said string
	}{
		"edit":   {courses.PostEdit{Text: &form.Text}, "Saved."},
		"delete": {courses.PostEdit{Deleted: true}, "Your post is deleted."},
		"hide":   {courses.PostEdit{Hidden: &yes, Reason: form.Reason}, "Hidden, with your reason in its place."},
		"show":   {courses.PostEdit{Hidden: &no}, "It is shown again."},
		"answer": {courses.PostEdit{Answered: &yes}, "Marked as answered."},
		"open":   {courses.PostEdit{Answered: &no}, "Open again."},
	}
	e, ok := edits[form.Do]
	if !ok {
		return nowhere(c)
	}
	e.On, _ = strconv.Atoi(form.On)
	if answer, _ := strconv.ParseInt(form.AnswerID, 10, 64); answer > 0 {
		e.AnswerID = &answer
	}
	p, err := s.Courses.EditPost(ctx(c), actor(c), id, e.PostEdit)
	if err == nil {
		if form.Do == "delete" && p.ThreadID == nil {
			return s.seeOther(c, "/learn/"+p.Course+"/"+p.Lesson+"/discussion", e.said)
		}
		return s.seeOther(c, postAddress(p), e.said)
	}
	var f *fault.Error
	wrong, invalid := problems(err)
	stale := errors.As(err, &f) && f.Kind == fault.Stale
	if !invalid && !stale {
		return err
	}
	was, lost := s.Courses.Post(ctx(c), actor(c), id)
	if lost != nil {
		return err
	}
	c.Params = append(c.Params, gin.Param{Key: "course", Value: was.Course}, gin.Param{Key: "lesson", Value: was.Lesson})
	form.Form = fmt.Sprintf("%s:%d", form.Do, id)
	c.Request.URL.RawQuery = fmt.Sprintf("at=%d", id)
	if stale {
		form.On = strconv.Itoa(was.Version)
		return s.discussionPage(c, http.StatusConflict, form, f.Theirs, Problems{"text": f.Message})
	}
	return s.discussionPage(c, http.StatusUnprocessableEntity, form, "", wrong)
}

// listColleagues offers names while somebody types one after an @.
func (s *Site) listColleagues(c *gin.Context) error {
	all, err := s.Courses.Colleagues(ctx(c), actor(c), opening(c.Query("text"), 60))
	if err != nil {
		return err
	}
	out := []gin.H{}
	for _, p := range all {
		out = append(out, gin.H{"name": p.Name, "role": p.RoleFamily})
	}
	c.JSON(http.StatusOK, gin.H{"items": out})
	return nil
}
