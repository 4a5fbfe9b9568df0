package content

import (
	"context"
	"fmt"
	stdhtml "html"
	"strings"

	"pitchside/internal/pg"
	"pitchside/people"

	"github.com/jackc/pgx/v5"
)

// A Sought is what is looked for, and which part of what is found.
type Sought struct {
	Text     string
	Kind     string // "": every kind
	PerKind  int    // 0: all
	Limit    int
	After    float32 // rank of the last hit of the page before
	AfterKey string  // its key; "": from the beginning
}

// A Hit is something that was found.
type Hit struct {
	Key     string
	Kind    string // of the document, or skill
	Slug    string
	Title   html // with <mark> around what was found
	Excerpt html
	Rank    float32
	OfKind  int // how many were found of this kind
}

// Seeking is the condition that the vector in column holds what @sought asks
// for, RankOf how well, and Marked the SQL that returns a passage of a text
// with what was found between two characters that no author types.
func Seeking(column string) string { return column + ` @@ websearch_to_tsquery('english', @sought)` }

// RankOf returns how well a vector answers @sought.
func RankOf(column string) string {
	return `ts_rank(` + column + `, websearch_to_tsquery('english', @sought), 1)`
}

// Marked returns a passage of a text around what @sought found.
func Marked(column string) string {
	return `ts_headline('english', ` + column + `, websearch_to_tsquery('english', @sought), 'StartSel=` + markFrom + `,StopSel=` + markTo + `,MaxFragments=2,MaxWords=28,MinWords=12,FragmentDelimiter=" … "')`
}

const markFrom, markTo = "\ue001", "\ue002"

// Marks makes safe HTML of a marked passage.
func Marks(passage string) html {
	text := stdhtml.EscapeString(strings.Join(strings.Fields(passage), " "))
	return html(strings.NewReplacer(markFrom, "<mark>", markTo, "</mark>").Replace(text))
}

// Args are the named arguments of a search.
func (q Sought) Args() pgx.NamedArgs {
	return pgx.NamedArgs{"sought": q.Text, "kind": q.Kind, "per_kind": q.PerKind, "limit": q.Limit, "after": q.After, "after_key": q.AfterKey}
}

// Search returns what the actor may find in the published library, best first.
func (s *Service) Search(ctx context.Context, by people.Actor, q Sought) ([]Hit, error) {
	if err := s.Index(ctx); err != nil {
		return nil, err
	}
	args := q.Args()
	args["practice"] = by.Can(people.Rep, people.Coach, people.Manager, people.Author)
	args["leads"] = seesTemplates(by)
	rows, err := pg.All[struct {
		Key, Kind, Slug, Title, Lead, Body string
		Rank                               float32
		OfKind                             int
	}](ctx, s.DB, `with asked as (select case when numnode(websearch_to_tsquery('english', @sought)) > 0 then websearch_to_tsquery('english', @sought)
				else websearch_to_tsquery('simple', @sought) end as q),
		hits as (
			select e.document_id, e.part, d.kind, d.slug, ts_rank(e.words, a.q, 1) as rank
			from asked a join search_entries e on e.words @@ a.q join documents d on d.id = e.document_id and d.published_version = e.version_id and d.retired_at is null
			where (e.audience = 'everyone' or @practice and e.audience = 'practice' or @leads and e.audience = 'leads')
				and (@kind = '' or @kind = case d.kind when 'skills' then 'skill' else d.kind end)
				and (d.kind <> 'lesson' or exists (select from documents c where c.kind = 'course' and c.slug = split_part(d.slug, '.', 1) and c.published_version is not null and c.retired_at is null))),
		found as (
			select document_id, part, case kind when 'skills' then 'skill' else kind end as kind, case kind when 'skills' then part else slug end as slug,
				kind || ':' || slug || '#' || part as key, rank,
				row_number() over (partition by kind order by rank desc, slug, part) as place, count(*) over (partition by kind)::int as of_kind from hits),
		shown as (
			select * from found where (@per_kind = 0 or place <= @per_kind) and (@after_key = '' or rank < @after::float4 or rank = @after::float4 and key collate "C" > @after_key)
			order by rank desc, key collate "C" limit @limit)
		select f.key, f.kind, f.slug, f.rank, f.of_kind,
			ts_headline('english', e.title, a.q, 'HighlightAll=true,StartSel=`+markFrom+`,StopSel=`+markTo+`') as title, e.lead,
			ts_headline('english', e.body, a.q, 'StartSel=`+markFrom+`,StopSel=`+markTo+`,MaxFragments=2,MaxWords=28,MinWords=12,FragmentDelimiter=" … "') as body
		from shown f join search_entries e using (document_id, part) cross join asked a order by f.rank desc, f.key collate "C"`, args)
	if err != nil {
		return nil, fmt.Errorf("searching the library: %w", err)
	}
	out := make([]Hit, len(rows))
	for i, r := range rows {
		excerpt := r.Body
		if !strings.Contains(excerpt, markFrom) && r.Lead != "" {
			excerpt = r.Lead
		}
		out[i] = Hit{r.Key, r.Kind, r.Slug, Marks(r.Title), Marks(excerpt), r.Rank, r.OfKind}
	}
	return out, nil
}

func seesTemplates(by people.Actor) bool {
	return by.Can(people.Coach, people.Manager, people.Author, people.Admin)
}

// Corrected returns the search that was probably meant, if the library knows
// no such words: with each misspelt word in the place of the most like one.
func (s *Service) Corrected(ctx context.Context, by people.Actor, text string) (better string, ok bool, err error) {
	if err := s.Index(ctx); err != nil {
		return "", false, err
	}
	better, ok = s.seeker.corrected(text, seesTemplates(by))
	return better, ok, nil
}
