package content

import (
	"context"
	"fmt"
	"path"
	"strings"

	"pitchside/internal/fault"
	"pitchside/people"
)

// Place returns where a new document of this kind and slug lies in the
// library; the path may be given, or left to be made. A lesson follows the
// last one of its course. Only authors and admins may.
func (s *Service) Place(ctx context.Context, by people.Actor, kind Kind, slug, given string) (Identity, error) {
	if err := mayAuthor(by); err != nil {
		return Identity{}, err
	}
	where := given
	if where == "" {
		var err error
		if where, err = s.place(ctx, kind, slug); err != nil {
			return Identity{}, err
		}
	}
	id, ours, why := Identify(where)
	switch {
	case !ours && why == "":
		why = "This is no place where a library is read."
		fallthrough
	case !ours:
		return Identity{}, fault.Field("path", why)
	case id.Kind != kind || id.Slug != slug:
		return Identity{}, fault.Field("path", fmt.Sprintf("At %s lies the %s “%s”.", where, id.Kind, id.Slug))
	}
	return id, nil
}

func (s *Service) place(ctx context.Context, kind Kind, slug string) (string, error) {
	course, lesson, ok := strings.Cut(slug, ".")
	for _, part := range strings.Split(slug, ".") {
		if !IsSlug(part) {
			return "", fault.Field("name", "Use lower-case letters, digits and hyphens, such as implication-questions.")
		}
	}
	folder := path.Join("courses", course)
	switch kind {
	case KindCourse:
		return path.Join(folder, "course.md"), nil
	case KindQuiz:
		return path.Join(folder, "quiz.md"), nil
	case KindCards:
		return path.Join(folder, "cards.yaml"), nil
	case KindScenario:
		return "scenarios/" + slug + ".md", nil
	case KindWorksheet:
		return "worksheets/" + slug + ".md", nil
	case KindRubric, KindTemplate, KindProgram:
		return fmt.Sprintf("%ss/%s.yaml", kind, slug), nil
	case KindSkills, KindRoles, KindMetrics:
		return slug + ".yaml", nil
	case KindLesson:
		if !ok {
			return "", fault.Field("name", "A lesson is named by its course and its own name, joined by a full stop.")
		}
		last := 0
		row := s.DB.QueryRow(ctx, `select coalesce(max(substring(path from '/(\d\d)-[^/]*$')::int), 0) from documents where kind = 'lesson' and split_part(slug, '.', 1) = $1`, course)
		if err := row.Scan(&last); err != nil {
			return "", fmt.Errorf("reading the last lesson of a course: %w", err)
		}
		return fmt.Sprintf("%s/%02d-%s.md", folder, min(last+1, 99), lesson), nil
	}
	return "", fault.Field("kind", "Choose what to write.")
}
