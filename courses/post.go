package courses

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// A Post is what somebody wrote under a lesson: it opens a thread, or answers
// in one. Text is empty where it is deleted, or hidden from the actor.
type Post struct {
	ID         int64
	Course     string
	Lesson     string
	ThreadID   *int64 // nil: it opens one
	PersonID   int64
	Person     string
	RoleFamily string
	Text       string
	Version    int
	CreatedAt  time.Time
	EditedAt   *time.Time
	DeletedAt  *time.Time
	HiddenAt   *time.Time
	HiddenBy   *string
	HiddenWhy  string
	AnsweredAt *time.Time
	AnsweredBy *string
	AnswerID   *int64 // the reply that answers it
	Mine       bool
	MayHide    bool // the actor may hide it, and show it again
	MayAnswer  bool // the actor may mark its thread as answered
	Mentions   []string
	Replies    []Post `db:"-"`
}

// Bounds of what is written under lessons.
const (
	MostPost      = 4_000 // characters
	mostReplies   = 200
	mostInMinutes = 10 // posts within five minutes
	mostInADay    = 60
	mostMentions  = 10
)

// hides is the condition that the actor may hide post p: authors, admins, and the
// managers of whoever wrote it.
const hides = `(@author or (@as_manager and p.person_id in (select managed_by(@actor))))`

const postColumns = `select p.id, p.course, p.lesson, p.thread_id, p.person_id, w.name as person, w.role_family,
	case when p.hidden_at is not null and p.person_id <> @actor and not ` + hides + ` then '' else p.text end as text,
	p.version, p.created_at, p.edited_at, p.deleted_at, p.hidden_at, h.name as hidden_by, p.hidden_why, p.answered_at, b.name as answered_by, p.answer_id,
	p.person_id = @actor as mine, ` + hides + ` as may_hide,
	@author or coalesce((select t.person_id from lesson_posts t where t.id = p.thread_id), p.person_id) = @actor as may_answer,
	array(select m.name from lesson_post_mentions x join persons m on m.id = x.person_id where x.post_id = p.id order by length(m.name) desc, m.name) as mentions
	from lesson_posts p join persons w on w.id = p.person_id left join persons h on h.id = p.hidden_by left join persons b on b.id = p.answered_by `

func postScope(by people.Actor, args pgx.NamedArgs) pgx.NamedArgs {
	all := by.Scope(args)
	all["author"] = by.Can(people.Author, people.Admin)
	return all
}

// maySeeLesson is NotFound unless the lesson is in a course that is published,
// or retired and begun by the actor. It returns the titles of both.
func (s *Service) maySeeLesson(ctx context.Context, by people.Actor, course, lesson string) (*Outline, *LessonOutline, error) {
	o, err := s.Kept(ctx, course)
	if err != nil {
		return nil, nil, err
	}
	if o.Retired {
		begun, err := pg.Column[int64](ctx, s.DB, `select id from enrolments where person_id = $1 and course = $2`, by.ID, course)
		if err != nil {
			return nil, nil, err
		}
		if len(begun) == 0 {
			return nil, nil, noCourse(course)
		}
	}
	l := o.Lesson(lesson)
	if l == nil {
		return nil, nil, fault.NotFoundf("There is no lesson %q in this course.", lesson)
	}
	return o, l, nil
}

// Threads returns what was asked under a lesson, the newest first, each with its
// replies, the oldest first; at most limit threads, those opened before the
// thread with the id before (0: from the newest). What was deleted is left out,
// unless somebody replied to it.
func (s *Service) Threads(ctx context.Context, by people.Actor, course, lesson string, before int64, limit int) ([]Post, error) {
	if _, _, err := s.maySeeLesson(ctx, by, course, lesson); err != nil {
		return nil, err
	}
	threads, err := pg.All[Post](ctx, s.DB, postColumns+`where p.course = @course and p.lesson = @lesson and p.thread_id is null and (@before = 0 or p.id < @before)
		and (p.deleted_at is null or exists (select from lesson_posts r where r.thread_id = p.id and r.deleted_at is null)) order by p.id desc limit @limit`,
		postScope(by, pgx.NamedArgs{"course": course, "lesson": lesson, "before": before, "limit": limit}))
	if err != nil || len(threads) == 0 {
		return nil, err
	}
	at, ids := map[int64]int{}, []int64{}
	for i, t := range threads {
		at[t.ID], ids = i, append(ids, t.ID)
	}
	replies, err := pg.All[Post](ctx, s.DB, postColumns+`where p.thread_id = any(@threads::bigint[]) and p.deleted_at is null order by p.id`,
		postScope(by, pgx.NamedArgs{"threads": ids}))
	if err != nil {
		return nil, err
	}
	for _, r := range replies {
		i := at[*r.ThreadID]
		threads[i].Replies = append(threads[i].Replies, r)
	}
	return threads, nil
}

// Post returns one post in the actor's sight, or NotFound.
func (s *Service) Post(ctx context.Context, by people.Actor, id int64) (Post, error) {
	p, err := postByID(ctx, s.DB, by, id)
	if err != nil {
		return p, err
	}
	if _, _, err := s.maySeeLesson(ctx, by, p.Course, p.Lesson); err != nil {
		return Post{}, noPost(id)
	}
	return p, nil
}

func postByID(ctx context.Context, q pg.Querier, by people.Actor, id int64) (Post, error) {
	p, err := pg.One[Post](ctx, q, postColumns+`where p.id = @id`, postScope(by, pgx.NamedArgs{"id": id}))
	if pg.NoRows(err) {
		return p, noPost(id)
	}
	return p, err
}

func noPost(id int64) error {
	return fault.NotFoundf("There is no post %d, or it is not open to you.", id)
}

// cleanPost returns the text of a post, or what is wrong with it.
func cleanPost(text string) (string, error) {
	text = strings.TrimSpace(strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\x00", ""))
	switch n := utf8.RuneCountInString(text); {
	case n == 0:
		return "", fault.Field("text", "Write a line first.")
	case n > MostPost:
		return "", fault.Field("text", fmt.Sprintf("This is too long: %d characters, and a post holds 4,000. Divide it, or shorten it.", n))
	}
	return text, nil
}

// Write puts a post under a lesson: a question that opens a thread, or, with the
// thread's id, a reply. Whoever takes part in the thread is told, and whoever is
// mentioned. The same words sent twice within a minute are one post.
func (s *Service) Write(ctx context.Context, by people.Actor, course, lesson string, thread int64, text string) (Post, error) {
	_, l, err := s.maySeeLesson(ctx, by, course, lesson)
	if err != nil {
		return Post{}, err
	}
	if text, err = cleanPost(text); err != nil {
		return Post{}, err
	}
	var out Post
	err = pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtext('posts'), $1::int)`, by.ID%(1<<31)); err != nil {
			return err
		}
		var opens *int64
		if thread != 0 {
			if err := replyable(ctx, tx, course, lesson, thread); err != nil {
				return err
			}
			opens = &thread
		}
		args := pgx.NamedArgs{"course": course, "lesson": lesson, "thread": opens, "person": by.ID, "text": text, "now": s.Now()}
		same, err := pg.Column[int64](ctx, tx, `select id from lesson_posts where person_id = @person and course = @course and lesson = @lesson and text = @text
			and thread_id is not distinct from @thread and deleted_at is null and created_at > @now::timestamptz - interval '1 minute'`, args)
		if err != nil {
			return err
		}
		if len(same) > 0 {
			out, err = postByID(ctx, tx, by, same[0])
			return err
		}
		if err := s.notTooMany(ctx, tx, by); err != nil {
			return err
		}
		var id int64
		if err := tx.QueryRow(ctx, `insert into lesson_posts (course, lesson, thread_id, person_id, text, created_at) values (@course, @lesson, @thread, @person, @text, @now) returning id`, args).Scan(&id); err != nil {
			return err
		}
		if out, err = s.tellOfPost(ctx, tx, by, id, l.Title, true); err != nil {
			return err
		}
		return nil
	})
	return out, err
}

// replyable is a fault unless one may reply in the thread, which it locks.
func replyable(ctx context.Context, tx pgx.Tx, course, lesson string, thread int64) error {
	var deleted, hidden bool
	var n int
	err := tx.QueryRow(ctx, `select t.deleted_at is not null, t.hidden_at is not null, (select count(*) from lesson_posts r where r.thread_id = t.id)::int
		from lesson_posts t where t.id = $1 and t.course = $2 and t.lesson = $3 and t.thread_id is null for share`, thread, course, lesson).Scan(&deleted, &hidden, &n)
	switch {
	case pg.NoRows(err):
		return noPost(thread)
	case err != nil:
		return err
	case deleted:
		return fault.Conflictf("What opened this thread was deleted. Ask anew under the lesson.")
	case hidden:
		return fault.Conflictf("What opened this thread is hidden. Ask anew under the lesson.")
	case n >= mostReplies:
		return fault.Conflictf("This thread has %d replies and is full. Open a new one under the lesson.", mostReplies)
	}
	return nil
}

// notTooMany is TooMany when the actor wrote more than people do.
func (s *Service) notTooMany(ctx context.Context, tx pgx.Tx, by people.Actor) error {
	var few, day int
	err := tx.QueryRow(ctx, `select count(*) filter (where created_at > @now::timestamptz - interval '5 minutes')::int, count(*)::int
		from lesson_posts where person_id = @person and created_at > @now::timestamptz - interval '1 day'`, pgx.NamedArgs{"person": by.ID, "now": s.Now()}).Scan(&few, &day)
	switch {
	case err != nil:
		return err
	case few >= mostInMinutes:
		return &fault.Error{Kind: fault.TooMany, Message: fmt.Sprintf("You wrote %d posts within five minutes. Wait a few minutes, then send it again.", few)}
	case day >= mostInADay:
		return &fault.Error{Kind: fault.TooMany, Message: fmt.Sprintf("You wrote %d posts within a day. Send it again tomorrow.", day)}
	}
	return nil
}
