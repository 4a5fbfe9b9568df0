package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"pitchside/assessments"
	"pitchside/courses"
	"pitchside/internal/fault"
	"pitchside/people"

	"github.com/gin-gonic/gin"
)

type quizPage struct {
	Base
	Outline  *courses.Outline
	Rule     assessments.QuizRule
	Attempts []assessments.QuizAttempt
	Used     int // of them, those that the limit counts
	Open     *assessments.QuizAttempt
	Passed   bool
	LeftOver int // lessons not done yet
	// Statistics is where those who write, coach or manage see how the
	// questions do; empty for others.
	Statistics string
}

// Words says what the quiz asks.
func (p quizPage) Words() string { return quizWords(p.Rule) }

// Left says how many attempts remain.
func (p quizPage) Left() string {
	switch n := p.Rule.TriesLeft(p.Used); {
	case n < 0:
		return "as often as you like"
	case n == 0:
		return "none left"
	default:
		return fmt.Sprintf("%d of %d left", n, p.Rule.Attempts)
	}
}

// May reports whether another attempt can begin.
func (p quizPage) May() bool { return p.Open == nil && p.Rule.TriesLeft(p.Used) != 0 }

// Points writes the score of an attempt.
func (p quizPage) Points(a assessments.QuizAttempt) string {
	if a.Score == nil {
		return ""
	}
	return fmt.Sprintf("%s of %s, %.0f %%", trimmed(*a.Score), plural1(*a.MaxScore, "point", "points"), a.Percent())
}

func (s *Site) showQuiz(c *gin.Context) error {
	by, course := actor(c), c.Param("course")
	place, err := s.Courses.Place(ctx(c), by, course)
	if err != nil {
		return err
	}
	p := quizPage{Base: s.base(c, "Quiz: "+place.Outline.Title), Outline: place.Outline, Passed: place.Standing.QuizPassedAt != nil,
		LeftOver: len(place.Outline.Lessons) - place.Done()}
	p.Wide = "narrow"
	if p.Rule, err = s.Assessments.QuizRule(ctx(c), course); err != nil {
		return err
	}
	if p.Attempts, err = s.Assessments.QuizAttempts(ctx(c), by, course); err != nil {
		return err
	}
	if p.Used, err = s.Assessments.TriesUsed(ctx(c), by, course, p.Attempts); err != nil {
		return err
	}
	if by.Can(quizReaders...) {
		p.Statistics = "/learn/" + course + "/quiz/statistics"
	}
	if n := len(p.Attempts); n > 0 && p.Attempts[n-1].SubmittedAt == nil {
		p.Open = &p.Attempts[n-1]
	}
	return s.show(c, http.StatusOK, "quiz/quiz", p)
}

func (s *Site) startQuiz(c *gin.Context) error {
	by, course := actor(c), c.Param("course")
	if _, err := s.Courses.Begun(ctx(c), by.ID, course); err != nil {
		return err
	}
	paper, err := s.Assessments.StartQuiz(ctx(c), by, by.ID, course)
	if err != nil {
		return err
	}
	return s.seeOther(c, attemptPath(paper.Attempt), "")
}

func attemptPath(a assessments.QuizAttempt) string {
	return fmt.Sprintf("/learn/%s/quiz/%d", a.Course, a.ID)
}

// A paperPage is an open attempt.
type paperPage struct {
	Base
	Outline   *courses.Outline
	Attempt   assessments.QuizAttempt
	Questions []questionView
	Saved     int
	Anyway    bool // handing in with open questions was asked for once
	Problems  Problems
}

// Path returns the address of the attempt.
func (p paperPage) Path() string { return attemptPath(p.Attempt) }

// Deadline says until when answers are taken.
func (p paperPage) Deadline() string {
	if p.Attempt.Deadline == nil {
		return "There is no time limit. You can leave and come back."
	}
	return "Answers are taken until " + p.Clock(*p.Attempt.Deadline) + ". What is saved by then is handed in."
}

// Until is the deadline for the page's clock, empty without one.
func (p paperPage) Until() string {
	if p.Attempt.Deadline == nil {
		return ""
	}
	return p.Attempt.Deadline.UTC().Format(time.RFC3339)
}

// Open lists what is wrong or missing, question by question.
func (p paperPage) Open() listed {
	var out listed
	for _, q := range p.Questions {
		if q.Problem != "" {
			out = append(out, Problem{q.ID, q.Problem})
		}
	}
	return out
}

// SubmitLabel names the button that ends the attempt.
func (p paperPage) SubmitLabel() string {
	if open := len(p.Questions) - p.Saved; p.Anyway && open > 0 {
		return "Hand in with " + plural(open, "question", "questions") + " open"
	}
	return "Hand in"
}

// attemptOf returns an attempt of this course, so that an address of another is nowhere.
func (s *Site) attemptOf(c *gin.Context) (assessments.Paper, error) {
	id, err := pathID(c, "attempt")
	if err != nil {
		return assessments.Paper{}, err
	}
	paper, err := s.Assessments.Paper(ctx(c), actor(c), id)
	if err == nil && paper.Attempt.Course != c.Param("course") {
		err = nowhere(c)
	}
	return paper, err
}

func (s *Site) showQuizAttempt(c *gin.Context) error {
	paper, err := s.attemptOf(c)
	if err != nil {
		return err
	}
	if paper.Attempt.SubmittedAt != nil {
		return s.showResult(c, paper.Attempt)
	}
	return s.paperPage(c, http.StatusOK, paper, nil, nil)
}

func (s *Site) paperPage(c *gin.Context, code int, paper assessments.Paper, form url.Values, problems Problems) error {
	o, err := s.Courses.Kept(ctx(c), paper.Attempt.Course)
	if err != nil {
		return err
	}
	rule, err := s.Assessments.RuleOf(ctx(c), paper.Attempt)
	if err != nil {
		return err
	}
	p := paperPage{Base: s.base(c, "Quiz: "+o.Title), Outline: o, Attempt: paper.Attempt, Saved: len(paper.Answers), Problems: problems, Anyway: problems.On("") != ""}
	p.Wide = "narrow"
	for i, q := range paper.Questions {
		v := questionView{PublicQuestion: q, Label: fmt.Sprintf("Question %d of %d, %s", i+1, len(paper.Questions), plural1(q.Points, "point", "points")),
			Action: p.Path() + "/answers/" + q.ID, Button: "Save", Status: true, Problem: problems.On(q.ID)}
		if saved, ok := paper.Answers[q.ID]; ok {
			v.Given, v.Saved, v.Sure = givenOf(q.Kind, saved.Answer), "Saved", string(saved.Certainty)
		}
		v.AskSure = rule.Certainty
		if v.Problem != "" {
			v.Given, v.Saved = typedIn(q, form), ""
		}
		p.Questions = append(p.Questions, v)
	}
	return s.show(c, code, "quiz/paper", p)
}

// answerQuiz saves one answer. A script sends each as it is given and is told
// in a word; without one the page comes back at the question.
func (s *Site) answerQuiz(c *gin.Context) error {
	by, id := actor(c), c.Param("question")
	script := c.GetHeader("X-Part") != ""
	if err := c.Request.ParseForm(); err != nil {
		return err
	}
	paper, err := s.attemptOf(c)
	if err != nil {
		return err
	}
	problem, err := s.saveAnswer(c, by, paper, id, c.Request.PostForm, true)
	switch {
	case err != nil && script && fault.KindOf(err) == fault.Conflict:
		c.String(http.StatusConflict, err.Error())
		return nil
	case err != nil:
		return err
	case problem != "" && script:
		c.String(http.StatusUnprocessableEntity, problem)
		return nil
	case problem != "":
		return s.paperPage(c, http.StatusUnprocessableEntity, paper, c.Request.PostForm, Problems{id: problem})
	case script:
		c.String(http.StatusOK, "Saved")
		return nil
	}
	// Without a script the other answers of the form came along: they are kept too.
	for _, q := range paper.Questions {
		if q.ID != id {
			if _, err := s.saveAnswer(c, by, paper, q.ID, c.Request.PostForm, false); err != nil {
				return err
			}
		}
	}
	return s.seeOther(c, attemptPath(paper.Attempt)+"#"+id, "")
}

// saveAnswer saves what the form holds for a question. Where nothing is typed,
// that is a problem only if this very question was to be saved.
func (s *Site) saveAnswer(c *gin.Context, by people.Actor, paper assessments.Paper, id string, form url.Values, asked bool) (string, error) {
	for _, q := range paper.Questions {
		if q.ID != id {
			continue
		}
		answer, problem := typedIn(q, form).answer(q, true)
		switch {
		case problem != "":
			return problem, nil
		case answer == nil && asked && q.Kind == "multiple":
			answer = []byte("[]")
		case answer == nil && asked:
			return "Give an answer first, then save it.", nil
		case answer == nil:
			return "", nil
		}
		err := s.Assessments.AnswerQuiz(ctx(c), by, paper.Attempt.ID, id, answer, assessments.Certainty(form.Get(id+":sure")))
		if p, ok := problems(err); ok {
			return p.On("answer") + p.On("certainty") + p.On(""), nil
		}
		return "", err
	}
	return "", nowhere(c)
}

// submitQuiz saves what the form holds and hands in. Open questions are named
// once; the second time they are handed in as they are.
func (s *Site) submitQuiz(c *gin.Context) error {
	by := actor(c)
	if err := c.Request.ParseForm(); err != nil {
		return err
	}
	paper, err := s.attemptOf(c)
	if err != nil {
		return err
	}
	if paper.Attempt.SubmittedAt == nil {
		wrong := Problems{}
		for _, q := range paper.Questions {
			problem, err := s.saveAnswer(c, by, paper, q.ID, c.Request.PostForm, false)
			switch {
			case fault.KindOf(err) == fault.Conflict && err != nil:
				return s.seeOther(c, attemptPath(paper.Attempt), "Time was up. What you had saved is handed in.")
			case err != nil:
				return err
			case problem != "":
				wrong[q.ID] = problem
			}
		}
		if paper, err = s.attemptOf(c); err != nil {
			return err
		}
		if c.PostForm("anyway") == "" {
			for i, q := range paper.Questions {
				if _, ok := paper.Answers[q.ID]; !ok && wrong[q.ID] == "" {
					wrong[q.ID] = fmt.Sprintf("Question %d has no answer yet.", i+1)
				}
			}
		}
		if len(wrong) > 0 {
			wrong[""] = "Everything you gave is saved. Answer what is open, or hand in as it is."
			return s.paperPage(c, http.StatusUnprocessableEntity, paper, c.Request.PostForm, wrong)
		}
	}
	if _, err := s.Assessments.SubmitQuiz(ctx(c), by, paper.Attempt.ID); err != nil {
		return err
	}
	return s.seeOther(c, attemptPath(paper.Attempt), "")
}

type resultPage struct {
	Base
	Outline   *courses.Outline
	Result    assessments.QuizResult
	Questions []questionView
	Next      link
	Again     bool // another attempt is left
	Pending   int  // answers that a person has to read
}

// Heading says the result in words.
func (p resultPage) Heading() string {
	if p.Passed() {
		return "Passed"
	}
	return "Not passed this time"
}

// Passed reports whether this attempt passed.
func (p resultPage) Passed() bool { return p.Result.Attempt.Passed != nil && *p.Result.Attempt.Passed }

// Words says what was reached and what was asked.
func (p resultPage) Words() string {
	a := p.Result.Attempt
	return fmt.Sprintf("%d of %s right, %s of %s, which is %.0f %%. The pass mark is %s %%.", p.Result.Right(), plural(len(p.Result.Answers), "question", "questions"),
		trimmed(*a.Score), plural1(*a.MaxScore, "point", "points"), a.Percent(), trimmed(p.Result.Rule.Pass))
}

// SureWords says how many answers of one certainty were right.
func (resultPage) SureWords(s assessments.Sureness) string {
	of := map[assessments.Certainty]string{assessments.Sure: "you were sure of", assessments.Fairly: "you were fairly sure of", assessments.Guess: "you called a guess"}[s.Certainty]
	return fmt.Sprintf("Of %s %s, %d %s right.", plural(s.N, "answer", "answers"), of, s.Right, map[bool]string{true: "was", false: "were"}[s.Right == 1])
}

func (s *Site) showResult(c *gin.Context, a assessments.QuizAttempt) error {
	by := actor(c)
	result, err := s.Assessments.QuizResult(ctx(c), by, a.ID)
	if err != nil {
		return err
	}
	place, err := s.Courses.Place(ctx(c), by, a.Course)
	if err != nil {
		return err
	}
	tries, err := s.Assessments.QuizAttempts(ctx(c), by, a.Course)
	if err != nil {
		return err
	}
	rule, err := s.Assessments.QuizRule(ctx(c), a.Course)
	if err != nil {
		return err
	}
	used, err := s.Assessments.TriesUsed(ctx(c), by, a.Course, tries)
	if err != nil {
		return err
	}
	p := resultPage{Base: s.base(c, "Quiz result: "+place.Outline.Title), Outline: place.Outline, Result: result,
		Again: rule.TriesLeft(used) != 0 && tries[len(tries)-1].SubmittedAt != nil, Next: link{"Back to the course", "/learn/" + a.Course}}
	p.Wide = "narrow"
	if l := place.Next(); l != nil {
		p.Next = link{"Next: " + l.Title, place.NextHref()}
	}
	for i, m := range result.Answers {
		v := questionView{PublicQuestion: m.Public, Label: fmt.Sprintf("Question %d of %d", i+1, len(result.Answers)), Explain: m.Question.ExplainHTML,
			Marked: marked(m.Question, m.Public, m.Answer, m.Result, true)}
		if m.Reader != "" {
			v.Marked.Verdict = fmt.Sprintf("%s of %s, read by %s.", trimmed(m.Result.Earned), plural1(m.Result.Max, "point", "points"), m.Reader)
			v.Marked.Said = m.Comment
		}
		if m.Result.Pending && m.Answer != nil {
			p.Pending++
		}
		p.Questions = append(p.Questions, v)
	}
	return s.show(c, http.StatusOK, "quiz/result", p)
}

// quizNote says what a quiz counts for.
const quizNote = "What it shows of a skill counts little beside what people see you do, and never makes a level appear by itself. Nobody is ranked by it."

// Note says what the quiz counts for.
func (p quizPage) Note() string { return quizNote }

// Note says what the result counts for.
func (p resultPage) Note() string {
	note := quizNote
	if p.Pending > 0 {
		note = strings.TrimSpace(plural(p.Pending, "answer is", "answers are") + " for a person to read and counted neither way. " + note)
	}
	return note
}
