package content

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"pitchside/content/source"
	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// Why a document is retired.
const (
	byAuthor = "author"
	byFolder = "folder"
)

// Retire offers a document to nobody new; whoever has begun it keeps it. A
// course takes its lessons, quiz and cards along. It is refused while other
// published documents rest on it. Retiring twice is harmless. Only authors and
// admins may.
func (s *Service) Retire(ctx context.Context, by people.Actor, kind Kind, slug string) error {
	if err := mayAuthor(by); err != nil {
		return err
	}
	e, err := s.entry(ctx, kind, slug)
	switch {
	case err != nil:
		return err
	case e.Retired != 0:
		return nil
	case slices.Contains([]Kind{KindSkills, KindRoles, KindMetrics}, kind):
		return fault.Conflictf("Everything rests on the %s, so they cannot be retired. Edit them instead.", kind)
	}
	if needed, err := s.restOn(ctx, kind, slug); err != nil {
		return err
	} else if len(needed) > 0 {
		return fault.Conflictf("Other published documents rest on this one: %s. Change or retire them first.", strings.Join(needed, ", "))
	}
	err = pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		if err := retire(ctx, tx, kind, slug, byAuthor, s.Now()); err != nil {
			return err
		}
		return people.Audit(ctx, tx, by, "document retired", nil, e.Path, nil)
	})
	s.forget()
	return err
}

// retire takes a document, and what is within it, from what is offered.
func retire(ctx context.Context, tx pgx.Tx, kind Kind, slug, why string, at time.Time) error {
	_, err := tx.Exec(ctx, `with gone as (
			update documents set retired_at = @at, retired_by = @why where retired_at is null and published_version is not null and (kind = @kind and slug = @slug
				or @kind = 'course' and (kind in ('quiz', 'cards') and slug = @slug or kind = 'lesson' and split_part(slug, '.', 1) = @slug))
			returning published_version)
		update document_versions set state = 'retired' where id in (select published_version from gone)`,
		pgx.NamedArgs{"kind": string(kind), "slug": slug, "why": why, "at": at})
	if err != nil {
		return fmt.Errorf("retiring a document: %w", err)
	}
	return nil
}

// BringBack offers a retired document again, and with a course what was
// retired together with it. Bringing back twice is harmless. Only authors and
// admins may.
func (s *Service) BringBack(ctx context.Context, by people.Actor, kind Kind, slug string) error {
	if err := mayAuthor(by); err != nil {
		return err
	}
	e, err := s.entry(ctx, kind, slug)
	if err != nil || e.Retired == 0 {
		return err
	}
	err = pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `with back as (
				update documents d set retired_at = null, retired_by = null from documents c
				where c.kind = @kind and c.slug = @slug and c.retired_at is not null and (d.id = c.id or @kind = 'course' and d.retired_at = c.retired_at
					and (d.kind in ('quiz', 'cards') and d.slug = @slug or d.kind = 'lesson' and split_part(d.slug, '.', 1) = @slug))
				returning d.published_version)
			update document_versions set state = 'published' where id in (select published_version from back)`,
			pgx.NamedArgs{"kind": string(kind), "slug": slug})
		if err != nil {
			return fmt.Errorf("bringing a document back: %w", err)
		}
		return people.Audit(ctx, tx, by, "document brought back", nil, e.Path, nil)
	})
	s.forget()
	return err
}

// entry returns the line of a document in the index, or NotFound.
func (s *Service) entry(ctx context.Context, kind Kind, slug string) (entry, error) {
	_, byName, err := s.published(ctx)
	if err != nil {
		return entry{}, err
	}
	e, ok := byName[name{kind, slug}]
	if !ok {
		return entry{}, fault.NotFoundf("There is no %s “%s” that was ever published.", kind, slug)
	}
	return e, nil
}

// restOn returns the paths of published documents that could not be published
// without one.
func (s *Service) restOn(ctx context.Context, kind Kind, slug string) ([]string, error) {
	docs, err := s.listed(ctx, func(e entry) bool { return e.Kind != KindMedia && !within(e.Kind, e.Slug, kind, slug) })
	if err != nil {
		return nil, err
	}
	var out []string
	for _, d := range docs {
		if slices.ContainsFunc(d.refs, func(r ref) bool { return r.severity == source.Error && within(r.kind, r.slug, kind, slug) }) {
			out = append(out, d.Path)
		}
	}
	return out, nil
}

// within reports whether a document is another one, or a part of it.
func within(kind Kind, slug string, of Kind, whole string) bool {
	if kind == of && slug == whole {
		return true
	}
	course, _, _ := strings.Cut(slug, ".")
	return of == KindCourse && course == whole && slices.Contains([]Kind{KindLesson, KindQuiz, KindCards}, kind)
}

// RetiredCourses returns the documents of each retired course, by its slug:
// the course, and what was retired together with it.
func (s *Service) RetiredCourses(ctx context.Context) (map[string][]*Document, error) {
	index, byName, err := s.published(ctx)
	if err != nil {
		return nil, err
	}
	out := map[string][]*Document{}
	for _, e := range index {
		course, _, _ := strings.Cut(e.Slug, ".")
		of, ok := byName[name{KindCourse, course}]
		if !ok || of.Retired == 0 || e.Retired != of.Retired || !within(e.Kind, e.Slug, KindCourse, course) {
			continue
		}
		d, err := s.Version(ctx, e.Version)
		if err != nil {
			return nil, err
		}
		out[course] = append(out[course], d)
	}
	return out, nil
}
