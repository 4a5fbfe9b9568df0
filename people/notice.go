package people

import (
	"context"
	"fmt"
	"slices"
	"time"

	"pitchside/internal/fault"
	"pitchside/internal/pg"

	"github.com/jackc/pgx/v5"
)

// News is what rooms tell people: one line, and where it leads.
type News struct {
	Persons []int64
	Kind    string // such as role_play_released
	Text    string
	Link    string // a path of the site, or empty
	Dedupe  string // the same is told to a person once; empty: always
	At      time.Time
}

// A NoticeTopic is a group of kinds that a person may switch off.
type NoticeTopic struct {
	Slug, Words string
	kinds       []string
}

// NoticeTopics are what may be switched off. A kind in none of them is always
// told: who opened one's recording, and what became of a request to erase one.
var NoticeTopics = []NoticeTopic{
	{"feedback", "Feedback on a role-play of yours is released", []string{"role_play_released"}},
	{"assigned", "You are given something to do, put into a course or program, or reminded of what is overdue", []string{"assigned", "assignment_overdue", "course", "program"}},
	{"gates", "Somebody has read the evidence for a gate of yours", []string{"gate_read"}},
	{"discussion", "Somebody mentions you, or writes in a thread that you take part in", []string{"mention", "reply", "post_answered"}},
	{"live", "A live session or call: invitations, changes, a seat from the waiting list", []string{"live_session", "live_invited"}},
	{"disputes", "A score is disputed, or a dispute is settled", []string{"dispute_opened", "dispute_settled"}},
	{"scoring", "You are asked to score, or a calibration round is opened", []string{"asked_to_score", "calibration_opened"}},
}

func topicOf(kind string) string {
	for _, t := range NoticeTopics {
		if slices.Contains(t.kinds, kind) {
			return t.Slug
		}
	}
	return ""
}

// Tell leaves a notice for each of the persons who want such news, in the
// caller's transaction.
func Tell(ctx context.Context, q pg.Querier, n News) error {
	_, err := q.Exec(ctx, `insert into notices (person_id, kind, text, link, dedupe, created_at)
		select distinct p.id, @kind, @text, @link, nullif(@dedupe, ''), @at::timestamptz from persons p where p.id = any(@persons::bigint[])
			and not exists (select from notice_mutes m where m.person_id = p.id and m.topic = @topic)
		on conflict on constraint notices_dedupe do nothing`,
		pgx.NamedArgs{"persons": n.Persons, "kind": n.Kind, "text": n.Text, "link": n.Link, "dedupe": n.Dedupe, "at": n.At, "topic": topicOf(n.Kind)})
	if err != nil {
		return fmt.Errorf("leaving a notice: %w", err)
	}
	return nil
}

// A Notice is one line that the program told a person.
type Notice struct {
	ID        int64
	Kind      string
	Text      string
	Link      string
	CreatedAt time.Time
	ReadAt    *time.Time
}

// Notices returns the actor's own notices, the newest first, at most limit
// older than before (0: from the newest); unread only those not read yet.
func (s *Service) Notices(ctx context.Context, by Actor, unread bool, before int64, limit int) ([]Notice, error) {
	return pg.All[Notice](ctx, s.DB, `select id, kind, text, link, created_at, read_at from notices
		where person_id = @person and (@before = 0 or id < @before) and (not @unread or read_at is null) order by id desc limit @limit`,
		pgx.NamedArgs{"person": by.ID, "before": before, "unread": unread, "limit": limit})
}

// Unread returns how many notices the actor has not read.
func (s *Service) Unread(ctx context.Context, by Actor) (int, error) {
	n, err := pg.Column[int](ctx, s.DB, `select count(*)::int from notices where person_id = $1 and read_at is null`, by.ID)
	if err != nil {
		return 0, err
	}
	return n[0], nil
}

// MarkNotice says of one of the actor's notices whether they have read it, and
// returns it as it is then.
func (s *Service) MarkNotice(ctx context.Context, by Actor, id int64, read bool) (Notice, error) {
	n, err := pg.One[Notice](ctx, s.DB, `update notices set read_at = case when @read then coalesce(read_at, @now::timestamptz) end
		where id = @id and person_id = @person returning id, kind, text, link, created_at, read_at`,
		pgx.NamedArgs{"id": id, "person": by.ID, "read": read, "now": s.Now()})
	if pg.NoRows(err) {
		return n, fault.NotFoundf("There is no notice %d for you.", id)
	}
	return n, err
}

// MarkNotices marks as read those of the actor's notices that are not newer than
// the one given, so that what came since the page was made stays unread.
func (s *Service) MarkNotices(ctx context.Context, by Actor, upTo int64) error {
	_, err := s.DB.Exec(ctx, `update notices set read_at = $3 where person_id = $1 and id <= $2 and read_at is null`, by.ID, upTo, s.Now())
	return err
}

// Muted returns the topics that the actor switched off.
func (s *Service) Muted(ctx context.Context, by Actor) ([]string, error) {
	return pg.Column[string](ctx, s.DB, `select topic from notice_mutes where person_id = $1 order by topic`, by.ID)
}

// Mute switches off the topics that are named, and every other on.
func (s *Service) Mute(ctx context.Context, by Actor, topics []string) error {
	for _, t := range topics {
		if !slices.ContainsFunc(NoticeTopics, func(n NoticeTopic) bool { return n.Slug == t }) {
			return fault.Field("muted", fmt.Sprintf("There is no topic %q of notices.", t))
		}
	}
	return pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `delete from notice_mutes where person_id = $1 and topic <> all($2::text[])`, by.ID, append([]string{}, topics...)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `insert into notice_mutes (person_id, topic) select $1, unnest($2::text[]) on conflict do nothing`, by.ID, append([]string{}, topics...))
		return err
	})
}
