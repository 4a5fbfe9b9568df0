package courses

import (
	"context"
	"fmt"
	"strings"

	"pitchside/internal/fault"
	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// A PostEdit is what is to become of a post; what is nil stays as it is.
type PostEdit struct {
	Text     *string // by whoever wrote it
	On       int     // the version it was edited from; 0: any
	Deleted  bool    // by whoever wrote it
	Hidden   *bool   // by an author, an admin, or a manager of whoever wrote it
	Reason   string  // of hiding it
	Answered *bool   // of what opens a thread: by whoever asked, or an author
	AnswerID *int64  // the reply that answers it
}

// EditPost carries out an edit of a post.
func (s *Service) EditPost(ctx context.Context, by people.Actor, id int64, e PostEdit) (Post, error) {
	seen, err := s.Post(ctx, by, id)
	if err != nil {
		return seen, err
	}
	_, l, err := s.maySeeLesson(ctx, by, seen.Course, seen.Lesson)
	if err != nil {
		return seen, err
	}
	var out Post
	err = pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select from lesson_posts where id = $1 for update`, id); err != nil {
			return err
		}
		p, err := postByID(ctx, tx, by, id)
		if err != nil {
			return err
		}
		if e.Hidden != nil {
			if err := s.hidePost(ctx, tx, by, p, *e.Hidden, e.Reason); err != nil {
				return err
			}
		}
		if e.Answered != nil {
			if err := s.answerPost(ctx, tx, by, p, e, l.Title); err != nil {
				return err
			}
		}
		switch {
		case e.Deleted:
			err = s.deletePost(ctx, tx, p)
		case e.Text != nil:
			err = s.rewritePost(ctx, tx, by, p, *e.Text, e.On, l.Title)
		}
		if err != nil {
			return err
		}
		out, err = postByID(ctx, tx, by, id)
		return err
	})
	return out, err
}

func (s *Service) rewritePost(ctx context.Context, tx pgx.Tx, by people.Actor, p Post, text string, on int, title string) error {
	text, err := cleanPost(text)
	switch {
	case err != nil:
		return err
	case !p.Mine:
		return fault.Forbiddenf("A post is edited by whoever wrote it.")
	case p.DeletedAt != nil || p.HiddenAt != nil:
		return fault.Conflictf("This post is not shown any more, so it cannot be edited. Write a new one.")
	case p.Text == text:
		return nil
	case on != 0 && on != p.Version:
		return &fault.Error{Kind: fault.Stale, Theirs: p.Text, Message: "You changed this post in another window. Take over from that text what you want to keep, and save again."}
	}
	if _, err := tx.Exec(ctx, `update lesson_posts set text = $2, version = version + 1, edited_at = $3 where id = $1`, p.ID, text, s.Now()); err != nil {
		return err
	}
	_, err = s.tellOfPost(ctx, tx, by, p.ID, title, false)
	return err
}

// deletePost takes the words away for good. What has replies leaves a mark.
func (s *Service) deletePost(ctx context.Context, tx pgx.Tx, p Post) error {
	switch {
	case !p.Mine:
		return fault.Forbiddenf("A post is deleted by whoever wrote it. An author can hide it, with a reason.")
	case p.DeletedAt != nil:
		return nil
	}
	if _, err := tx.Exec(ctx, `delete from lesson_post_mentions where post_id = $1`, p.ID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `update lesson_posts set answer_id = null where answer_id = $1`, p.ID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `update lesson_posts set text = '', version = version + 1, deleted_at = $2 where id = $1`, p.ID, s.Now())
	return err
}

// hidePost hides a post, or shows it again. Who wrote it, and who may hide, still
// read it.
func (s *Service) hidePost(ctx context.Context, tx pgx.Tx, by people.Actor, p Post, hide bool, why string) error {
	why = strings.TrimSpace(why)
	switch {
	case !p.MayHide:
		return fault.Forbiddenf("A post is hidden by an author, or by a manager of whoever wrote it.")
	case p.DeletedAt != nil:
		return fault.Conflictf("%s has deleted this post already.", p.Person)
	case hide == (p.HiddenAt != nil):
		return nil
	case hide && (len([]rune(why)) < 5 || len(why) > 1000):
		return fault.Field("reason", "Give the reason in a line; it stands in the place of the post.")
	}
	act := "show post"
	query := `update lesson_posts set hidden_at = null, hidden_by = null, hidden_why = '' where id = @id`
	if hide {
		act = "hide post"
		query = `update lesson_posts set hidden_at = @now, hidden_by = @by, hidden_why = @why where id = @id`
	}
	if _, err := tx.Exec(ctx, query, pgx.NamedArgs{"id": p.ID, "now": s.Now(), "by": by.ID, "why": why}); err != nil {
		return err
	}
	return people.Audit(ctx, tx, by, act, &p.PersonID, fmt.Sprintf("post %d", p.ID), map[string]any{"reason": why, "lesson": p.Course + "." + p.Lesson})
}

// answerPost marks a thread as answered, or as open again, and tells who asked
// when somebody else did it.
func (s *Service) answerPost(ctx context.Context, tx pgx.Tx, by people.Actor, p Post, e PostEdit, title string) error {
	switch {
	case p.ThreadID != nil:
		return fault.Field("answered", "A thread is answered, not a reply: mark the post that opened it.")
	case !p.MayAnswer:
		return fault.Forbiddenf("A thread is marked as answered by whoever asked, or by an author.")
	case !*e.Answered:
		_, err := tx.Exec(ctx, `update lesson_posts set answered_at = null, answered_by = null, answer_id = null where id = $1`, p.ID)
		return err
	}
	if e.AnswerID != nil {
		there, err := pg.Column[int64](ctx, tx, `select id from lesson_posts where id = $1 and thread_id = $2 and deleted_at is null`, *e.AnswerID, p.ID)
		if err != nil {
			return err
		}
		if len(there) == 0 {
			return fault.Field("answer_id", "There is no such reply in this thread.")
		}
	}
	if _, err := tx.Exec(ctx, `update lesson_posts set answered_at = coalesce(answered_at, $2), answered_by = coalesce(answered_by, $3), answer_id = $4 where id = $1`,
		p.ID, s.Now(), by.ID, e.AnswerID); err != nil || p.Mine {
		return err
	}
	return people.Tell(ctx, tx, people.News{Persons: []int64{p.PersonID}, Kind: "post_answered", Link: postLink(p), Dedupe: fmt.Sprintf("answered:%d", p.ID), At: s.Now(),
		Text: fmt.Sprintf("%s marked your question under “%s” as answered.", by.Name, title)})
}
