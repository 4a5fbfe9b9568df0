package courses

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// A Colleague is somebody who can be mentioned: whoever can sign in sees the
// courses.
type Colleague struct {
	ID         int64
	Name       string
	RoleFamily string
}

// Colleagues returns up to ten people whose name, or one of its words, begins
// with text, for the list that a page offers while one types.
func (s *Service) Colleagues(ctx context.Context, by people.Actor, text string) ([]Colleague, error) {
	pattern := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.TrimSpace(text)) + "%"
	return pg.All[Colleague](ctx, s.DB, `select id, name, role_family from persons where active and email is not null and id <> $1
		and (name ilike $2 or name ilike '% ' || $2) order by name collate "und-x-icu", id limit 10`, by.ID, pattern)
}

// mentioned returns whom a text mentions: at each @, the longest name that
// follows it. Two people of one name are both meant.
func mentioned(text string, all []Colleague) []int64 {
	var out []int64
	for i, r := range text {
		if r != '@' || i > 0 && wordBefore(text[:i]) {
			continue
		}
		rest, longest := text[i+1:], 0
		var who []int64
		for _, c := range all {
			n := len(c.Name)
			if n < longest || n == 0 || len(rest) < n || !strings.EqualFold(rest[:n], c.Name) || wordAfter(rest[n:]) {
				continue
			}
			if n > longest {
				longest, who = n, nil
			}
			who = append(who, c.ID)
		}
		for _, id := range who {
			if !slices.Contains(out, id) {
				out = append(out, id)
			}
		}
	}
	return out[:min(len(out), mostMentions)]
}

func wordBefore(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

func wordAfter(s string) bool {
	r, n := utf8.DecodeRuneInString(s)
	return n > 0 && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// tellOfPost keeps whom a post mentions and tells them, once; fresh, it also tells
// whoever takes part in the thread. It returns the post.
func (s *Service) tellOfPost(ctx context.Context, tx pgx.Tx, by people.Actor, id int64, title string, fresh bool) (Post, error) {
	p, err := postByID(ctx, tx, by, id)
	if err != nil {
		return p, err
	}
	link := postLink(p)
	var called []int64
	if strings.Contains(p.Text, "@") {
		all, err := pg.All[Colleague](ctx, tx, `select id, name, role_family from persons where active and email is not null and id <> $1`, by.ID)
		if err != nil {
			return p, err
		}
		called = mentioned(p.Text, all)
	}
	if _, err := tx.Exec(ctx, `delete from lesson_post_mentions where post_id = $1`, id); err != nil {
		return p, err
	}
	if _, err := tx.Exec(ctx, `insert into lesson_post_mentions (post_id, person_id) select $1, unnest($2::bigint[])`, id, append([]int64{}, called...)); err != nil {
		return p, err
	}
	if err := people.Tell(ctx, tx, people.News{Persons: called, Kind: "mention", Link: link, Dedupe: fmt.Sprintf("mention:%d", id), At: s.Now(),
		Text: fmt.Sprintf("%s mentions you under “%s”.", by.Name, title)}); err != nil {
		return p, err
	}
	if fresh && p.ThreadID != nil {
		others, err := pg.Column[int64](ctx, tx, `select distinct x.person_id from (
				select person_id from lesson_posts where (id = @thread or thread_id = @thread) and deleted_at is null
				union select m.person_id from lesson_post_mentions m join lesson_posts t on t.id = m.post_id where t.id = @thread or t.thread_id = @thread) x
			where x.person_id <> @actor and x.person_id <> all(@called::bigint[])`, pgx.NamedArgs{"thread": *p.ThreadID, "actor": by.ID, "called": append([]int64{}, called...)})
		if err != nil {
			return p, err
		}
		if err := people.Tell(ctx, tx, people.News{Persons: others, Kind: "reply", Link: link, Dedupe: fmt.Sprintf("reply:%d", id), At: s.Now(),
			Text: fmt.Sprintf("%s replied in a thread of yours under “%s”.", by.Name, title)}); err != nil {
			return p, err
		}
	}
	return postByID(ctx, tx, by, id)
}

func postLink(p Post) string {
	return fmt.Sprintf("/learn/%s/%s/discussion?at=%d#post-%d", p.Course, p.Lesson, p.ID, p.ID)
}
