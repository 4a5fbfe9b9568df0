package content

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"pitchside/internal/fault"
	"pitchside/people"
)

var markedID = regexp.MustCompile(`\{#(q-[^\s}]+)`)

// AppendQuestions adds questions, in the format of the library, to the quiz of
// a course, as a draft; a course without a quiz gets one. An id that the
// course has already becomes another one. Only authors and admins may.
func (s *Service) AppendQuestions(ctx context.Context, by people.Actor, course, questions string) (*Document, []Problem, error) {
	if err := mayAuthor(by); err != nil {
		return nil, nil, err
	}
	if strings.TrimSpace(questions) == "" {
		return nil, nil, fault.Field("markdown", "There is no question to add.")
	}
	if _, err := s.Last(ctx, KindCourse, course); err != nil {
		return nil, nil, fault.Field("course", "Choose the course whose quiz they are added to.")
	}
	w := Writing{Body: []byte("---\ntitle: Course quiz\npass: 80\n---\n")}
	quiz, _, err := s.Source(ctx, by, KindQuiz, course, 0)
	switch {
	case fault.KindOf(err) == fault.NotFound:
		if w.Identity, err = s.Place(ctx, by, KindQuiz, course, ""); err != nil {
			return nil, nil, err
		}
	case err != nil:
		return nil, nil, err
	default:
		w.Identity, w.On, w.Body = quiz.Identity, quiz.Tag(), quiz.Source
	}
	taken, err := s.questionIDs(ctx, course, Read(w.Identity, w.Body))
	if err != nil {
		return nil, nil, err
	}
	own := markedID.ReplaceAllStringFunc(strings.TrimSpace(questions), func(mark string) string {
		id := strings.TrimPrefix(mark, "{#")
		free := id
		for n := 2; slices.Contains(taken, free); n++ {
			free = fmt.Sprintf("%s-%d", id, n)
		}
		taken = append(taken, free)
		return "{#" + free
	})
	end := "\n\n"
	if strings.HasSuffix(string(w.Body), "\n") {
		end = "\n"
	}
	w.Body = Typed(w.Body, string(w.Body)+end+own+"\n")
	return s.Save(ctx, by, w)
}

// questionIDs returns the ids of the questions of a course: those published,
// and those of its quiz as it is written now.
func (s *Service) questionIDs(ctx context.Context, course string, quiz *Document) ([]string, error) {
	docs, err := s.Lessons(ctx, course)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, d := range append(docs, quiz) {
		for _, q := range d.Questions() {
			out = append(out, q.ID)
		}
	}
	return out, nil
}
