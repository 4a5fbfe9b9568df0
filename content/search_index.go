package content

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"

	"pitchside/internal/pg"

	"github.com/jackc/pgx/v5"
)

// A seeker remembers up to which edition of the library the index of the
// search is written, and the words in it.
type seeker struct {
	mu      sync.Mutex
	written int64
	words   []knownWord
}

type knownWord struct {
	Word     string
	Everyone bool
}

const indexedAtOnce = 100 // documents in one transaction

// Index writes what a search finds of the published documents that it does not
// know yet. It is called at start; a search calls it when the library has
// changed, so that whatever is published is found by the next search.
func (s *Service) Index(ctx context.Context) error {
	edition, err := s.Edition(ctx)
	if err != nil {
		return err
	}
	s.seeker.mu.Lock()
	defer s.seeker.mu.Unlock()
	if s.seeker.written == edition {
		return nil
	}
	due, err := pg.Column[int64](ctx, s.DB, `select d.published_version from documents d
		where d.published_version is not null and d.retired_at is null and d.kind = any($2)
			and not exists (select from search_entries e where e.document_id = d.id and e.version_id = d.published_version and e.form = $1)
		order by d.id`, searchForm, searchedKinds)
	if err != nil {
		return fmt.Errorf("looking for what no search finds yet: %w", err)
	}
	for some := range slices.Chunk(due, indexedAtOnce) {
		docs, err := s.versions(ctx, some)
		if err != nil {
			return err
		}
		if err := pg.InTx(ctx, s.DB, func(tx pgx.Tx) error { return enter(ctx, tx, docs) }); err != nil {
			return fmt.Errorf("writing what a search finds: %w", err)
		}
	}
	words, err := pg.All[knownWord](ctx, s.DB, `select word, everyone from search_words order by word collate "C"`)
	if err != nil {
		return fmt.Errorf("reading the words of the search: %w", err)
	}
	s.seeker.written, s.seeker.words = edition, words
	return nil
}

var searchedKinds = []string{string(KindCourse), string(KindLesson), string(KindScenario), string(KindWorksheet), string(KindRubric), string(KindTemplate), string(KindProgram), string(KindSkills)}

// enter writes the entries of documents. The stems of a title count most, then
// those of its summary; its words as they are written are there too, so that
// one is found that English leaves out of account.
func enter(ctx context.Context, tx pgx.Tx, docs []*Document) error {
	batch := &pgx.Batch{}
	words := map[string]bool{} // whether it is for everyone
	var ids []int64
	for _, d := range docs {
		if d != nil {
			ids = append(ids, d.DocumentID)
		}
	}
	batch.Queue(`delete from search_entries where document_id = any($1)`, ids)
	for _, d := range docs {
		if d == nil {
			continue
		}
		entries := d.entries()
		if len(entries) == 0 { // it could not be read; it is not looked at again
			entries = []searchEntry{{audience: forLeads, title: d.Title}}
		}
		for _, e := range entries {
			batch.Queue(`insert into search_entries (document_id, part, version_id, form, audience, title, lead, body, words)
				values ($1, $2, $3, $4, $5, $6::text, $7::text, $8::text, setweight(to_tsvector('english', $6::text), 'A') || setweight(to_tsvector('simple', $6::text), 'A')
					|| setweight(to_tsvector('english', $7::text), 'B') || to_tsvector('english', $8::text))
				on conflict (document_id, part) do nothing`, d.DocumentID, e.part, d.VersionID, searchForm, e.audience, e.title, e.lead, e.body)
			for w := range wordsIn(e.title + " " + e.lead + " " + e.body) {
				words[w] = words[w] || e.audience == forEveryone
			}
		}
	}
	var known []string
	var everyone []bool
	for w := range words {
		known = append(known, w)
	}
	slices.Sort(known) // in one order, so that two writers never wait for each other
	for _, w := range known {
		everyone = append(everyone, words[w])
	}
	batch.Queue(`insert into search_words (word, everyone) select * from unnest($1::text[], $2::boolean[])
		on conflict (word) do update set everyone = true where excluded.everyone and not search_words.everyone`, known, everyone)
	return tx.SendBatch(ctx, batch).Close()
}

// wordsIn yields the words of a text that somebody may mistype, in lower case.
func wordsIn(text string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for w := range strings.FieldsFuncSeq(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) }) {
			if n := len([]rune(w)); n >= 4 && n <= 30 && !yield(w) {
				return
			}
		}
	}
}
