package web

import (
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"pitchside/content"
	"pitchside/courses"
	"pitchside/internal/fault"

	"github.com/gin-gonic/gin"
)

type lessonPage struct {
	Base
	Outline    *courses.Outline
	Lesson     *courses.LessonText
	Lessons    []lessonRow
	Quiz       *quizRow
	DoneOf     int
	Here       courses.LessonOutline
	Blocks     []lessonBlock
	Side       template.HTML       // the course’s list
	Contents   template.HTML       // the list “On this page”
	Body       template.HTML       // all blocks; empty while somebody types in one
	Notes      []courses.FoundNote // the reader's own
	Skills     string
	Done       bool
	Right      int // checks answered right
	Resume     string
	Newer      bool
	Before     *courses.LessonOutline
	After      *courses.LessonOutline
	FinishHere bool // the finish button stands after the text, not in the last check
	Complete   bool // the whole course
	QuizPassed bool
	Problems   Problems
}

// A lessonBlock is a stretch of text, or a check; HTML is empty for a check
// that is made anew because somebody types in it.
type lessonBlock struct {
	HTML  template.HTML
	Check *questionView
}

// Open lists what is wrong or missing, check by check.
func (p lessonPage) Open() listed {
	var out listed
	for _, b := range p.Blocks {
		if b.Check != nil && b.Check.Problem != "" {
			out = append(out, Problem{b.Check.ID, b.Check.Problem})
		}
	}
	return out
}

// Path returns the address of the lesson.
func (p lessonPage) Path() string { return "/learn/" + p.Outline.Slug + "/" + p.Lesson.Slug }

// Meta says what the lesson takes.
func (p lessonPage) Meta() string {
	words := []string{fmt.Sprintf("%d minutes", p.Lesson.Minutes)}
	if n := len(p.Lesson.Questions); n > 0 {
		words = append(words, plural(n, "check", "checks"))
	}
	return strings.Join(words, ", ")
}

// FinishLabel names the button that ends the lesson.
func (p lessonPage) FinishLabel() string {
	if len(p.Lesson.Questions) > 0 && !p.allAnswered() {
		return "Check and finish"
	}
	return "Mark as done"
}

func (p lessonPage) allAnswered() bool {
	for _, b := range p.Blocks {
		if b.Check != nil && b.Check.Marked == nil {
			return false
		}
	}
	return true
}

// Next is what comes after the lesson.
func (p lessonPage) Next() link {
	switch {
	case p.After != nil:
		return link{fmt.Sprintf("Next: %s, %d min", p.After.Title, p.After.Minutes), "/learn/" + p.Outline.Slug + "/" + p.After.Slug}
	case p.Quiz != nil && !p.QuizPassed:
		return link{"Next: the course quiz", "/learn/" + p.Outline.Slug + "/quiz"}
	}
	return link{"Back to the course", "/learn/" + p.Outline.Slug}
}

func (s *Site) showLesson(c *gin.Context) error {
	r, err := s.Courses.Open(ctx(c), actor(c), c.Param("course"), c.Param("lesson"))
	if err != nil {
		return err
	}
	if c.Query("again") != "" {
		return s.lessonPage(c, http.StatusOK, r, nil, nil)
	}
	return s.settledLesson(c, r)
}

// lessonPage shows an open lesson; form and problems are what was typed into
// its checks, and what is missing in it.
func (s *Site) lessonPage(c *gin.Context, code int, r courses.Reading, form url.Values, problems Problems) error {
	p, err := s.lesson(c, r, form, problems)
	if err != nil {
		return err
	}
	return s.show(c, code, "learn/lesson", p)
}

// lesson puts the page of an open lesson together.
func (s *Site) lesson(c *gin.Context, r courses.Reading, form url.Values, problems Problems) (lessonPage, error) {
	p := lessonPage{Base: s.base(c, r.Lesson.Title), Outline: r.Outline, Lesson: r.Lesson, Newer: r.Newer, Problems: problems,
		Lessons: lessonRows(r.Outline, r.Standing, r.Lesson.Slug), Before: r.Outline.Before(r.Lesson.Slug), After: r.Outline.After(r.Lesson.Slug),
		Complete: r.Standing.CompletedAt != nil, QuizPassed: r.Standing.QuizPassedAt != nil}
	p.Wide = "mid"
	if l := r.Outline.Lesson(r.Lesson.Slug); l != nil {
		p.Here = *l
	}
	for _, row := range p.Lessons {
		if row.State == "done" {
			p.DoneOf++
		}
	}
	if len(r.Standing.Notes) > 0 {
		p.Notes = r.Placed(r.Standing.Notes)
	}
	if q := r.Outline.Quiz; q != nil {
		n := q.Draw
		if n == 0 {
			n = len(q.Questions)
		}
		p.Quiz = &quizRow{Words: fmt.Sprintf("%d q", n)}
	}
	if at := r.Progress(); at != nil {
		p.Done = at.DoneAt != nil
		if at.Paragraph != "" && at.Paragraph != "p-1" && !p.Done {
			p.Resume = at.Paragraph
		}
	}
	var err error
	if p.Skills, err = s.skillNames(c, r.Lesson.Skills); err != nil {
		return p, err
	}
	p.Blocks = lessonBlocks(r, form, problems, c.Query("again"))
	for _, b := range p.Blocks {
		if b.Check != nil && b.Check.Marked != nil && b.Check.Marked.Right {
			p.Right++
		}
	}
	if p.FinishHere = !p.Done; p.FinishHere {
		p.FinishHere = !finishInLast(p)
	}
	return p, s.lessonParts(&p, r)
}

// lessonParts makes what is the same for everybody who stands where the reader
// stands: the checks in which nothing is being typed, and the course's list.
func (s *Site) lessonParts(p *lessonPage, r courses.Reading) error {
	var err error
	for i, b := range p.Blocks {
		if b.Check == nil || b.Check.Marked == nil && (b.Check.Problem != "" || !b.Check.Given.Empty()) {
			continue
		}
		key := fmt.Sprintf("%d %s %d %s %t", r.Lesson.VersionID, b.Check.ID, i, p.Path(), b.Check.Filled)
		if saved := r.Standing.Answer(b.Check.ID); saved != nil && b.Check.Marked != nil {
			key += string(saved.Answer)
		}
		if p.Blocks[i].HTML, err = s.part("learn/lesson", "question", key, func() any { return b.Check }); err != nil {
			return err
		}
	}
	p.Body = bodyOf(p.Blocks)
	if p.Contents, err = s.part("learn/lesson", "lesson-contents", strconv.FormatInt(r.Lesson.VersionID, 10), func() any { return p }); err != nil {
		return err
	}
	var key strings.Builder
	fmt.Fprintf(&key, "%s %s %s %t", r.Outline.Slug, r.Outline.Title, r.Lesson.Slug, p.QuizPassed)
	if p.Quiz != nil {
		key.WriteString(p.Quiz.Words)
	}
	for _, row := range p.Lessons {
		fmt.Fprintf(&key, " %d %s", row.VersionID, row.State)
	}
	p.Side, err = s.part("learn/lesson", "lesson-side", key.String(), func() any { return p })
	return err
}

// bodyOf joins the blocks, or is empty if one of them has to be made anew.
func bodyOf(blocks []lessonBlock) template.HTML {
	size := 0
	for _, b := range blocks {
		if b.HTML == "" {
			return ""
		}
		size += len(b.HTML)
	}
	var body strings.Builder
	body.Grow(size)
	for _, b := range blocks {
		body.WriteString(string(b.HTML))
	}
	return template.HTML(body.String())
}

// finishInLast gives the last check the button that ends the lesson, if it is
// open, and says whether it did.
func finishInLast(p lessonPage) bool {
	for i := len(p.Blocks) - 1; i >= 0; i-- {
		b := p.Blocks[i].Check
		if b == nil {
			continue
		}
		if b.Marked != nil {
			return false
		}
		b.Action, b.Button, b.Filled = p.Path()+"/done", "Check and finish", true
		return true
	}
	return false
}

// lessonBlocks puts the checks between the stretches of text.
func lessonBlocks(r courses.Reading, form url.Values, problems Problems, again string) []lessonBlock {
	var out []lessonBlock
	n := 0
	for _, b := range r.Lesson.Blocks {
		if b.Question == nil {
			out = append(out, lessonBlock{HTML: b.HTML})
			continue
		}
		n++
		v := checkView(r, b.Question, n)
		if again == b.Question.ID || problems.On(b.Question.ID) != "" || form != nil && hasTyped(b.Question, form) {
			v.Marked = nil
		}
		if v.Marked == nil && form != nil {
			v.Given, v.Problem = typedIn(v.PublicQuestion, form), problems.On(b.Question.ID)
		}
		out = append(out, lessonBlock{Check: &v})
	}
	return out
}

func hasTyped(q *content.Question, form url.Values) bool {
	answer, problem := typedIn(q.Public(), form).answer(q.Public(), true)
	return answer != nil || problem != ""
}

// checkView shows one check: open, or with what became of the answer.
func checkView(r courses.Reading, q *content.Question, n int) questionView {
	here := "/learn/" + r.Outline.Slug + "/" + r.Lesson.Slug
	v := questionView{PublicQuestion: q.Public(), Label: fmt.Sprintf("Check %d of %d", n, len(r.Lesson.Questions)),
		Action: here + "/answers/" + q.ID, Button: "Check", Again: here + "?again=" + q.ID + "#" + q.ID, Explain: q.ExplainHTML}
	saved := r.Standing.Answer(q.ID)
	if saved == nil {
		return v
	}
	v.Given = givenOf(q.Kind, saved.Answer)
	result, err := content.Mark(q, saved.Answer)
	if err != nil {
		// The question was edited since: it is asked anew.
		return v
	}
	v.Marked = marked(q, v.PublicQuestion, saved.Answer, result, false)
	return v
}

// answerCheck marks one check. A page with a script asks for that part of the
// page alone.
func (s *Site) answerCheck(c *gin.Context) error {
	by, course, lesson, id := actor(c), c.Param("course"), c.Param("lesson"), c.Param("question")
	if err := c.Request.ParseForm(); err != nil {
		return err
	}
	r, err := s.Courses.Open(ctx(c), by, course, lesson)
	if err != nil {
		return err
	}
	q := r.Lesson.Check(id)
	if q == nil {
		return nowhere(c)
	}
	answer, problem := typedIn(q.Public(), c.Request.PostForm).answer(q.Public(), false)
	if answer == nil && problem == "" {
		problem = "Give an answer first, then check it."
	}
	if problem == "" {
		_, err := s.Courses.Answer(ctx(c), by, by.ID, course, lesson, id, answer)
		if p, ok := problems(err); ok {
			problem = p.On("answer") + p.On("")
		} else if err != nil {
			return err
		}
	}
	if problem != "" {
		if c.GetHeader("X-Part") != "" {
			return s.showCheck(c, http.StatusUnprocessableEntity, r, q, c.Request.PostForm, problem)
		}
		return s.lessonPage(c, http.StatusUnprocessableEntity, r, c.Request.PostForm, Problems{id: problem})
	}
	if c.GetHeader("X-Part") == "" {
		return s.seeOther(c, "/learn/"+course+"/"+lesson+"#"+id, "")
	}
	if r, err = s.Courses.Open(ctx(c), by, course, lesson); err != nil {
		return err
	}
	return s.showCheck(c, http.StatusOK, r, q, nil, "")
}

// showCheck writes one check, as the part of the lesson's page that it is.
func (s *Site) showCheck(c *gin.Context, code int, r courses.Reading, q *content.Question, form url.Values, problem string) error {
	n := 1
	for _, o := range r.Lesson.Questions {
		if o.ID == q.ID {
			break
		}
		n++
	}
	v := checkView(r, q, n)
	if problem != "" {
		v.Marked, v.Given, v.Problem = nil, typedIn(v.PublicQuestion, form), problem
	}
	return s.showPart(c, code, "learn/lesson", "question", v)
}

func (s *Site) savePosition(c *gin.Context) error {
	err := s.Courses.SavePosition(ctx(c), actor(c), c.Param("course"), c.Param("lesson"), c.PostForm("paragraph"))
	if err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}

// finishLesson answers what the form holds and ends the lesson; what is still
// missing is named at its check, and nothing that was typed is lost.
func (s *Site) finishLesson(c *gin.Context) error {
	by, course, lesson := actor(c), c.Param("course"), c.Param("lesson")
	if err := c.Request.ParseForm(); err != nil {
		return err
	}
	r, err := s.Courses.Open(ctx(c), by, course, lesson)
	if err != nil {
		return err
	}
	wrong := Problems{}
	for _, q := range r.Lesson.Questions {
		answer, problem := typedIn(q.Public(), c.Request.PostForm).answer(q.Public(), false)
		if problem != "" {
			wrong[q.ID] = problem
		}
		if answer == nil || problem != "" {
			continue
		}
		_, err := s.Courses.Answer(ctx(c), by, by.ID, course, lesson, q.ID, answer)
		if p, ok := problems(err); ok {
			wrong[q.ID] = p.On("answer") + p.On("")
		} else if err != nil {
			return err
		}
	}
	var complete bool
	if len(wrong) == 0 {
		complete, err = s.Courses.Finish(ctx(c), by, by.ID, course, lesson)
		if fault.KindOf(err) == fault.Invalid {
			wrong = fault.FieldsOf(err)
		} else if err != nil {
			return err
		}
	}
	if len(wrong) > 0 {
		if r, err = s.Courses.Open(ctx(c), by, course, lesson); err != nil {
			return err
		}
		return s.lessonPage(c, http.StatusUnprocessableEntity, r, unanswered(r, c.Request.PostForm, wrong), wrong)
	}
	done := "Lesson done."
	if complete {
		done = "Course finished. Its cards come back in review when you are about to forget them."
	}
	return s.seeOther(c, "/learn/"+course+"/"+lesson+"#done", done)
}

// unanswered keeps of a form only what is not saved yet.
func unanswered(r courses.Reading, form url.Values, wrong Problems) url.Values {
	left := url.Values{}
	for name, v := range form {
		id, _, _ := strings.Cut(name, ":")
		if r.Standing.Answer(id) == nil || wrong.On(id) != "" {
			left[name] = v
		}
	}
	return left
}
