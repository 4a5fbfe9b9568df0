package courses

import (
	"context"
	"time"

	"pitchside/content"
	"pitchside/internal/fault"
	"pitchside/internal/pg"
)

// A ledger is what was done, ticked, read and granted in some enrolments.
type ledger struct {
	deeds    map[deedKey][]Deed
	ticks    map[itemKey]ProgramTick
	readings map[itemKey]GateReading // the newest
	added    map[itemKey]int
	steps    map[itemKey]ProgramStep
}

type deedKey struct {
	person int64
	kind   content.ItemKind
	ref    string
}

type itemKey struct {
	enrolment int64
	item      string
}

// ledger reads what the people of these enrolments have done.
func (s *Service) ledger(ctx context.Context, enrolments []ProgramEnrolment) (*ledger, error) {
	l := &ledger{map[deedKey][]Deed{}, map[itemKey]ProgramTick{}, map[itemKey]GateReading{}, map[itemKey]int{}, map[itemKey]ProgramStep{}}
	ids, persons := make([]int64, len(enrolments)), make([]int64, len(enrolments))
	for i, e := range enrolments {
		ids[i], persons[i] = e.ID, e.PersonID
	}
	deeds, err := pg.All[Deed](ctx, s.DB, `
		select person_id, 'course' as kind, course as ref, completed_at as at, 0::bigint as by_id, '' as by, false as passed
			from enrolments where person_id = any($1) and completed_at is not null
		union all select person_id, 'lesson', course || '.' || lesson, done_at, 0, '', false
			from lesson_progress where person_id = any($1) and done_at is not null
		union all select r.person_id, 'session', s.topic, s.at, 0, '', false
			from live_registrations r join live_sessions s on s.id = r.session_id where r.person_id = any($1) and r.attended and s.topic <> ''`, persons)
	if err != nil {
		return nil, err
	}
	if s.Elsewhere != nil {
		more, err := s.Elsewhere(ctx, persons)
		if err != nil {
			return nil, err
		}
		deeds = append(deeds, more...)
	}
	for _, d := range deeds {
		k := deedKey{d.PersonID, d.Kind, d.Ref}
		l.deeds[k] = append(l.deeds[k], d)
	}
	return l, s.programRecords(ctx, l, ids)
}

// programRecords reads what is kept for enrolments themselves.
func (s *Service) programRecords(ctx context.Context, l *ledger, ids []int64) error {
	ticks, err := pg.All[ProgramTick](ctx, s.DB, `select t.enrolment_id, t.item, t.note, t.at, p.name as by
		from program_ticks t join persons p on p.id = t.by_id where t.enrolment_id = any($1) and t.undone_at is null`, ids)
	if err != nil {
		return err
	}
	for _, t := range ticks {
		l.ticks[itemKey{t.EnrolmentID, t.Item}] = t
	}
	readings, err := pg.All[GateReading](ctx, s.DB, `select distinct on (g.enrolment_id, g.item) `+gateReadingColumns+`
		where g.enrolment_id = any($1) order by g.enrolment_id, g.item, g.id desc`, ids)
	if err != nil {
		return err
	}
	for _, r := range readings {
		l.readings[itemKey{r.EnrolmentID, r.Item}] = r
	}
	type extension struct {
		EnrolmentID int64
		Item        string
		Days        int
	}
	extensions, err := pg.All[extension](ctx, s.DB, `select enrolment_id, item, sum(days)::int as days
		from program_extensions where enrolment_id = any($1) and item <> '' group by enrolment_id, item`, ids)
	if err != nil {
		return err
	}
	for _, x := range extensions {
		l.added[itemKey{x.EnrolmentID, x.Item}] = x.Days
	}
	steps, err := pg.All[ProgramStep](ctx, s.DB, `select enrolment_id, item, owner, status, note from program_steps where enrolment_id = any($1)`, ids)
	for _, x := range steps {
		l.steps[itemKey{x.EnrolmentID, x.Item}] = x
	}
	return err
}

// settle says of an item whether it is done, when and by whom.
func (l *ledger) settle(e ProgramEnrolment, i *ItemPlace) {
	k := itemKey{e.ID, i.ID}
	switch i.Kind {
	case content.ItemMilestone:
		if t, ok := l.ticks[k]; ok {
			i.DoneAt, i.DoneBy, i.DoneNote = &t.At, t.By, t.Note
		}
	case content.ItemGate:
		r, ok := l.readings[k]
		switch {
		case ok && r.Passed:
			i.DoneAt, i.DoneBy, i.DoneNote = &r.At, r.By, r.Note
		case ok:
			i.Retry, i.DoneBy, i.DoneNote = r.RetryOn, r.By, r.Note
		}
	default:
		i.DoneAt = l.first(e, i.ProgramItem)
	}
}

// first returns when a person first did what an item asks for, or nil. A
// coaching session counts from the start of the program on: it is a talk about
// what is new. Everything else counts whenever it was done.
func (l *ledger) first(e ProgramEnrolment, i content.ProgramItem) *time.Time {
	var at *time.Time
	for _, d := range l.deeds[deedKey{e.PersonID, i.Kind, i.Ref}] {
		if d.Passed || i.Kind == content.ItemTemplate && d.At.Before(e.StartsOn) {
			continue
		}
		if at == nil || d.At.Before(*at) {
			at = &d.At
		}
	}
	return at
}

// publishedTitle returns the title of a document, or its slug if it is not
// published any more.
func (s *Service) publishedTitle(ctx context.Context, kind content.Kind, slug string) (string, error) {
	doc, err := s.Content.Published(ctx, kind, slug)
	if fault.KindOf(err) == fault.NotFound && err != nil {
		return slug, nil
	}
	if err != nil {
		return "", err
	}
	return doc.Title, nil
}
