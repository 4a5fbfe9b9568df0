package web

import (
	"bytes"
	"html/template"
	"net/http"
	"strconv"
	"strings"

	"pitchside/courses"

	"github.com/gin-gonic/gin"
)

// A settledPage is a lesson in which nobody types: the same for everybody who
// stands at the same place in it.
type settledPage struct {
	Base
	Article template.HTML
}

// settledLesson shows a lesson as it stands in the ledger. What is made from
// the same versions, answers and states is made once.
func (s *Site) settledLesson(c *gin.Context, r courses.Reading) error {
	skills, err := s.skillNames(c, r.Lesson.Skills)
	if err != nil {
		return err
	}
	p := settledPage{Base: s.base(c, r.Lesson.Title)}
	p.Wide = "mid"
	p.Article, err = s.part("learn/lesson", "content", standingKey(r, skills), func() any {
		var lesson lessonPage
		if lesson, err = s.lesson(c, r, nil, nil); err != nil {
			return lessonPage{}
		}
		return lesson
	})
	if err != nil {
		return err
	}
	if p.Said != nil {
		return s.show(c, http.StatusOK, "learn/settled", p)
	}
	return s.framed(c, p)
}

// gap stands in a kept frame where the article of the page belongs.
const gap = "<!-- article -->"

// framed shows a settled page in its frame, which is the same for a person on
// every view of a lesson on one day. A page that says what was just done is
// made in full.
func (s *Site) framed(c *gin.Context, p settledPage) error {
	frame, err := s.part("learn/settled", "layout", p.Title+"\x00"+p.Theme+"\x00"+p.frameKey(), func() any {
		empty := p
		empty.Article = gap
		return empty
	})
	if err != nil {
		return err
	}
	head, foot, _ := strings.Cut(string(frame), gap)
	b := buffers.Get().(*bytes.Buffer)
	defer func() {
		b.Reset()
		buffers.Put(b)
	}()
	b.WriteString(head)
	b.WriteString(string(p.Article))
	b.WriteString(foot)
	c.Data(http.StatusOK, "text/html; charset=utf-8", b.Bytes())
	return nil
}

// standingKey names everything that a settled lesson is made from.
func standingKey(r courses.Reading, skills string) string {
	key := make([]byte, 0, 512)
	for _, word := range []string{r.Outline.Slug, r.Outline.Title, r.Lesson.Slug, skills} {
		key = append(append(key, word...), 0)
	}
	flag := func(yes bool) {
		if yes {
			key = append(key, '+')
		} else {
			key = append(key, '-')
		}
	}
	key = strconv.AppendInt(key, r.Lesson.VersionID, 10)
	flag(r.Newer)
	flag(r.Standing.CompletedAt != nil)
	flag(r.Standing.QuizPassedAt != nil)
	if q := r.Outline.Quiz; q != nil {
		key = strconv.AppendInt(strconv.AppendInt(key, int64(q.Draw), 10), int64(len(q.Questions)), 10)
	}
	for _, l := range r.Outline.Lessons {
		key = strconv.AppendInt(append(key, ' '), l.VersionID, 10)
		at := r.Standing.Lesson(l.Slug)
		flag(at != nil)
		flag(at != nil && at.DoneAt != nil)
	}
	if at := r.Progress(); at != nil {
		key = append(append(key, at.Paragraph...), 0)
	}
	for _, n := range r.Standing.Notes {
		key = strconv.AppendInt(strconv.AppendInt(append(key, 'n'), n.ID, 10), int64(-n.Version), 10)
	}
	for _, a := range r.Standing.Answers {
		key = append(append(append(append(key, a.Question...), 0), a.Answer...), 0)
	}
	return string(key)
}
