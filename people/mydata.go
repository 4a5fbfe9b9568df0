package people

import (
	"context"
	"encoding/json"
	"time"

	"pitchside/internal/pg"
)

// A Category is one kind of thing that is held on a person.
type Category struct {
	Name string          `json:"name"`
	What string          `json:"what"` // in words
	Rows int             `json:"rows"`
	Data json.RawMessage `json:"data"` // an array of objects; nil where only counts were asked for
}

// held lists everything that is held on a person, $1, one query a category.
// Scores appear once they are released. What others wrote for themselves alone
// (private notes) is not in it; nor are secrets.
var held = []struct{ name, what, query string }{
	{"profile", "Your name, e-mail, role and dates of work", `select id, email, name, role_family, region, hire_date, end_date, capabilities, time_zone, locale, active, source, created_at, updated_at
		from persons where id = $1`},
	{"teams", "The teams you were in, and when", `select t.name as team, m.valid_from, m.valid_to from memberships m join teams t on t.id = m.team_id where m.person_id = $1 order by m.id`},
	{"managers", "Who managed you, and whom you managed", `select boss.name as manager, p.name as person, m.valid_from, m.valid_to
		from managements m join persons boss on boss.id = m.manager_id join persons p on p.id = m.person_id where $1 in (m.person_id, m.manager_id) order by m.id`},
	{"coaches", "Who coached you, and whom you coached", `select coach.name as coach, p.name as person, c.valid_from, c.valid_to
		from coachings c join persons coach on coach.id = c.coach_id join persons p on p.id = c.person_id where $1 in (c.person_id, c.coach_id) order by c.id`},
	{"sessions", "Where and when you signed in", `select user_agent, created_at, last_seen_at, expires_at, revoked_at from web_sessions where person_id = $1 order by id`},
	{"invitations", "Invitations sent to you or by you", `select p.name as person, b.name as invited_by, i.created_at, i.expires_at, i.used_at
		from invitations i join persons p on p.id = i.person_id left join persons b on b.id = i.created_by where $1 in (i.person_id, i.created_by) order by i.id`},
	{"tokens", "Your API tokens", `select label, scopes, created_at, last_used_at, revoked_at from api_tokens where person_id = $1 order by id`},
	{"requests", "Requests of your programs that are remembered for a day", `select key, method, path, status, created_at from idempotency_keys where person_id = $1 order by created_at`},
	{"notices", "Messages from Pitchside to you", `select kind, text, link, created_at, read_at from notices where person_id = $1 order by id`},
	{"muted", "Notices that you switched off", `select topic from notice_mutes where person_id = $1 order by topic`},
	{"courses", "Courses you were enrolled in", `select course, via, reason, started_at, last_lesson, last_seen_at, completed_at, withdrawn_at from enrolments where person_id = $1 order by id`},
	{"programs", "Programs you were put into, why, and what was noted of their items", `select e.program, e.via, b.name as enrolled_by, e.reason, e.starts_on, e.withdrawn_at,
			(select jsonb_agg(jsonb_build_object('item', t.item, 'note', t.note, 'at', t.at, 'undone_at', t.undone_at) order by t.id) from program_ticks t where t.enrolment_id = e.id) as ticks,
			(select jsonb_agg(jsonb_build_object('item', g.item, 'passed', g.passed, 'note', g.note, 'evidence', g.evidence, 'retry_on', g.retry_on, 'at', g.at) order by g.id) from gate_readings g where g.enrolment_id = e.id) as gates,
			(select jsonb_agg(jsonb_build_object('item', x.item, 'days', x.days, 'reason', x.reason, 'at', x.at) order by x.id) from program_extensions x where x.enrolment_id = e.id) as more_time,
			(select jsonb_agg(jsonb_build_object('item', x.item, 'owner', x.owner, 'status', x.status, 'note', x.note) order by x.item) from program_steps x where x.enrolment_id = e.id) as steps
		from program_enrolments e left join persons b on b.id = e.enrolled_by where e.person_id = $1 order by e.id`},
	{"live_sessions", "Live sessions you asked for a place in", `select s.title, s.at, r.state, r.asked_at, r.attended, r.changed_at
		from live_registrations r join live_sessions s on s.id = r.session_id where r.person_id = $1 order by r.id`},
	{"enrolled", "Whom you put into a course or a program, and why", `select p.name as person, 'course' as kind, e.course as slug, e.reason, e.started_at as at from enrolments e join persons p on p.id = e.person_id where e.enrolled_by = $1
		union all select p.name, 'program', e.program, e.reason, e.created_at from program_enrolments e join persons p on p.id = e.person_id where e.enrolled_by = $1 and e.person_id <> $1 order by 5`},
	{"rules", "Rules that enrolled you, or that you made", `select r.kind, r.title, r.reason, r.created_at, r.ended_at, x.at as enrolled_at
		from enrolment_rules r left join enrolment_rule_uses x on x.rule_id = r.id and x.person_id = $1 where r.created_by = $1 or x.person_id = $1 order by r.id`},
	{"program_notes", "What you wrote about items of programs", `select 'tick' as kind, t.item, t.note, t.at from program_ticks t where t.by_id = $1
		union all select 'gate', g.item, g.note, g.at from gate_readings g where g.by_id = $1
		union all select 'more time', x.item, x.reason, x.at from program_extensions x where x.given_by = $1
		union all select 'step', x.item, x.note, x.updated_at from program_steps x where x.updated_by = $1 order by 4`},
	{"live_hosted", "Live sessions you hold or planned", `select s.title, s.at, s.cancelled_at, (select count(*) from live_registrations r where r.session_id = s.id and r.marked_by = $1) as marked
		from live_sessions s where s.host_id = $1 or s.created_by = $1 order by s.id`},
	{"calendar", "Whether you have a calendar address", `select created_at from calendar_feeds where person_id = $1`},
	{"lessons", "How far you are in each lesson", `select course, lesson, paragraph, started_at, seen_at, done_at from lesson_progress where person_id = $1 order by course, lesson`},
	{"notes", "Your notes and bookmarks in lessons, which nobody else reads", `select course, lesson, paragraph, quote, text, bookmarked, created_at, updated_at from lesson_notes where person_id = $1 order by id`},
	{"posts", "What you wrote under lessons, hid there, or marked as answered, and where you are mentioned", `select p.course, p.lesson, case when p.person_id = $1 then p.text end as text, p.created_at, p.edited_at, p.deleted_at,
			p.hidden_at, p.hidden_why, p.hidden_by = $1 as hidden_by_you, p.answered_at, p.answered_by = $1 as answered_by_you,
			exists (select from lesson_post_mentions m where m.post_id = p.id and m.person_id = $1) as mentions_you
		from lesson_posts p where $1 in (p.person_id, p.hidden_by, p.answered_by) or exists (select from lesson_post_mentions m where m.post_id = p.id and m.person_id = $1) order by p.id`},
	{"checks", "Your answers in lessons", `select course, lesson, question, answer, earned, max, correct, tries, answered_at from check_answers where person_id = $1 order by id`},
	{"quizzes", "Your quiz attempts and answers", `select a.id, a.course, a.number, a.started_at, a.submitted_at, a.score, a.max_score, a.passed,
			(select jsonb_agg(jsonb_build_object('question', q.question, 'answer', q.answer, 'answered_at', q.answered_at,
				'correct', case when a.submitted_at is not null then q.correct end) order by q.question) from quiz_answers q where q.attempt_id = a.id) as answers
		from quiz_attempts a where a.person_id = $1 order by a.id`},
	{"review", "Your review cards and how you rated them", `select c.course, c.card, c.stability, c.difficulty, c.reps, c.lapses, c.due, c.last_review_at,
			(select jsonb_agg(jsonb_build_object('at', r.at, 'rating', r.rating, 'taken_back_at', r.undone_at) order by r.id) from card_reviews r where r.card_state_id = c.id) as reviews
		from card_states c where c.person_id = $1 order by c.id`},
	{"certificates", "Your certificates and every line of their ledger, and what you wrote in those of others", `select c.code, p.name as person, c.kind, c.slug, e.act, e.day, e.title, e.version, e.valid_until, e.grace_until, b.name as by, e.reason, e.at
		from certificate_entries e join certificates c on c.id = e.certificate_id join persons p on p.id = c.person_id left join persons b on b.id = e.by_id
		where $1 in (c.person_id, e.by_id) order by e.id`},
	{"review_holds", "Days on which you were asked no card, or on which you put another’s review on hold", `select p.name as person, h.from_day, h.to_day, b.name as set_by, h.created_at
		from review_holds h join persons p on p.id = h.person_id join persons b on b.id = h.set_by where $1 in (h.person_id, h.set_by) order by h.id`},
	{"assignments", "What was assigned to you, or by you", `select p.name as person, b.name as assigned_by, a.kind, a.ref, a.title, a.skill, a.reason, a.due, a.created_at, a.done_at, a.cancelled_at
		from assignments a join persons p on p.id = a.person_id join persons b on b.id = a.assigned_by where $1 in (a.person_id, a.assigned_by) order by a.id`},
	{"role_plays", "Your role-plays: what was said, and its state", `select a.id, a.scenario, a.form, a.state, a.reflection, a.shared_with_manager, a.calibration_consent, a.created_at, a.submitted_at, a.released_at,
			(select jsonb_agg(jsonb_build_object('says', t.says, 'buyer', t.buyer, 'at', t.at) order by t.seq) from attempt_turns t where t.attempt_id = a.id) as conversation,
			(select jsonb_agg(jsonb_build_object('speaker', t.speaker, 'text', t.text, 'start_ms', t.start_ms) order by t.seq) from transcript_turns t where t.attempt_id = a.id) as transcript,
			(select jsonb_object_agg(f.field, f.text) from worksheet_fields f where f.attempt_id = a.id) as worksheet
		from attempts a where a.person_id = $1 order by a.id`},
	{"recordings", "Your recordings, as rows: the files themselves are on the page of each role-play, with a download", `select t.attempt_id, t.number as take, t.content_type, t.size, t.duration_ms, t.chosen, t.created_at, t.finished_at, t.keep_days, t.gone_at, t.gone
		from attempt_takes t join attempts a on a.id = t.attempt_id where a.person_id = $1 order by t.id`},
	{"live_calls", "Live role-plays that you took part in, and what you noted as the buyer", `select l.attempt_id, p.name as rep, b.name as buyer, l.invited_at, l.started_at, l.ended_at,
			case when l.partner_id = $1 or a.state not in ('draft', 'resubmit', 'withdrawn') then l.notes end as notes,
			(select jsonb_agg(jsonb_build_object('item', t.item, 'at_ms', t.at_ms) order by t.at_ms) from live_ticks t where t.attempt_id = l.attempt_id and l.partner_id = $1) as ticks
		from live_calls l join attempts a on a.id = l.attempt_id join persons p on p.id = a.person_id join persons b on b.id = l.partner_id
		where $1 in (a.person_id, l.partner_id) order by l.attempt_id`},
	{"question_kinds", "What you said of the kind of a question in a transcript", `select t.attempt_id, t.question, t.suggested, t.tag, t.at
		from question_tags t where t.corrected_by = $1 order by t.id`},
	{"quiz_answers_read", "Answers of others in their own words that you scored", `select q.attempt_id, q.question, q.earned, q.max, q.scored_at
		from quiz_answers q where q.scored_by = $1 order by q.attempt_id, q.question`},
	{"erasures", "Requests to erase a recording, yours or answered by you", `select e.attempt_id, e.reason, e.asked_at, b.name as answered_by, e.answered_at, e.erased, e.answer
		from erasure_requests e join attempts a on a.id = e.attempt_id left join persons b on b.id = e.answered_by where $1 in (a.person_id, e.answered_by) order by e.id`},
	{"scores", "Score sheets about your role-plays, your own or released, with their scores and comments", `select s.id, s.attempt_id, s.source, p.name as assessor, s.state, s.overall, s.passed, s.capped_by, s.keep, s.try_next, s.released_at,
			(select jsonb_agg(jsonb_build_object('criterion', c.criterion, 'level', c.level, 'not_observed', c.not_observed, 'not_triggered', c.not_triggered, 'reason', c.reason, 'quote', c.quote) order by c.criterion) from sheet_scores c where c.sheet_id = s.id) as scores,
			(select jsonb_agg(jsonb_build_object('text', c.text, 'criterion', c.criterion, 'at', c.at) order by c.id) from sheet_comments c where c.sheet_id = s.id) as comments
		from sheets s join attempts a on a.id = s.attempt_id left join persons p on p.id = s.assessor_id
		where a.person_id = $1 and s.calibration_id is null and (s.released_at is not null or s.assessor_id = $1) order by s.id`},
	{"tried_again", "Role-plays that were sent back to be tried again, yours or by you: the reason, and what was handed in and written about it until then", `select r.attempt_id, r.nth, b.name as asked_by,
			case when $1 in (a.person_id, r.asked_by) then r.reason end as reason, r.asked_at, r.handed_in, r.again_at, case when a.person_id = $1 then r.words end as words,
			(select jsonb_agg(jsonb_build_object('assessor', p.name, 'keep', h.keep, 'try_next', h.try_next, 'scores', h.scores, 'comments', h.comments) order by p.name)
				from resubmission_sheets h join persons p on p.id = h.assessor_id where h.resubmission_id = r.id and (h.assessor_id = $1 or (a.person_id = $1 and h.assessor_id = r.asked_by))) as sheets
		from resubmissions r join attempts a on a.id = r.attempt_id join persons b on b.id = r.asked_by
		where $1 in (a.person_id, r.asked_by) or exists (select 1 from resubmission_sheets h where h.resubmission_id = r.id and h.assessor_id = $1) order by r.id`},
	{"scored", "Role-plays of others that you scored or are scoring", `select a.id as attempt_id, p.name as person, a.scenario, s.state, s.overall, s.keep, s.try_next, s.created_at, s.released_at
		from attempts a join persons p on p.id = a.person_id left join sheets s on s.attempt_id = a.id and s.assessor_id = $1
		where a.person_id <> $1 and (s.id is not null or a.claimed_by = $1) order by a.id`},
	{"calibration", "Calibration rounds that you opened or scored in, with what you settled and wrote there", `select c.id, c.title, c.scenario, c.due, c.created_by = $1 as opened_by_you,
			exists (select 1 from calibration_coaches k where k.calibration_id = c.id and k.coach_id = $1) as you_score,
			(select jsonb_agg(jsonb_build_object('attempt', r.attempt_id, 'criterion', r.criterion, 'level', r.level, 'reason', r.reason) order by r.attempt_id, r.criterion)
				from calibration_references r where r.calibration_id = c.id and r.recorded_by = $1) as settled,
			(select jsonb_agg(jsonb_build_object('criterion', n.criterion, 'text', n.text) order by n.criterion) from calibration_notes n where n.calibration_id = c.id and n.written_by = $1) as notes
		from calibrations c where c.created_by = $1 or exists (select 1 from calibration_coaches k join calibration_progress g on g.calibration_id = c.id
			where k.calibration_id = c.id and k.coach_id = $1 and (c.announced or c.due <= now() or g.done >= g.expected)) order by c.id`},
	{"second_views", "Who was asked to score a role-play besides its coach: yours, or by you, or you yourself", `select q.attempt_id, p.name as asked, b.name as asked_by, q.role, q.asked_at, q.declined_at
		from attempt_scorers q join attempts a on a.id = q.attempt_id join persons p on p.id = q.person_id left join persons b on b.id = q.asked_by
		where $1 in (q.person_id, q.asked_by, a.person_id) order by q.attempt_id, q.asked_at`},
	{"disputes", "Scores that you disputed, scored a second time or settled, and sheets that a third person settled", `select d.attempt_id, 'dispute' as kind, case when $1 = a.person_id or d.second_sheet is not null then d.reason end as reason, d.opened_at, d.outcome, d.because, d.settled_at
		from disputes d join attempts a on a.id = d.attempt_id where $1 in (a.person_id, d.second_id, d.settled_by)
		union all select j.attempt_id, 'adjudication', case when j.settled_at is not null then j.why end, j.opened_at, null, '', j.settled_at from adjudications j join attempts a on a.id = j.attempt_id
		where $1 = j.adjudicator_id or ($1 = a.person_id and j.settled_at is not null) order by 1, 4`},
	{"viewers", "Who opened your role-plays, and which you opened", `select v.attempt_id, p.name as role_play_of, b.name as viewer, v.reason, v.played, v.at
		from attempt_views v join attempts a on a.id = v.attempt_id join persons p on p.id = a.person_id join persons b on b.id = v.viewer_id
		where $1 in (a.person_id, v.viewer_id) order by v.id`},
	{"evidence", "Evidence of your skills, and what you said of others’", `select e.id, p.name as person, e.skill, e.source, r.name as rater, e.at, e.raw, e.correct, e.items, e.criteria, e.note, e.created_at, e.superseded_by, e.withdrawn_at
		from evidence e join persons p on p.id = e.person_id left join persons r on r.id = e.rater_id
		where e.person_id = $1 or e.rater_id = $1 or e.created_by = $1 order by e.id`},
	{"questions", "Questions about evidence that you asked or answered", `select q.evidence_id, q.text, asker.name as asked_by, q.asked_at, q.due, q.answer, answerer.name as answered_by, q.answered_at
		from evidence_questions q join evidence e on e.id = q.evidence_id join persons asker on asker.id = q.asked_by left join persons answerer on answerer.id = q.answered_by
		where $1 in (e.person_id, q.asked_by, q.answered_by) order by q.id`},
	{"targets", "Skill targets that you set", `select role_family, skill, target, prior_mean, updated_at from role_targets where updated_by = $1 order by role_family, skill`},
	{"coaching", "Coaching sessions: agenda, shared notes, your response", `select s.id, s.kind, coach.name as coach, s.at, s.state, s.topics, s.shared_note, r.agenda, r.response, s.closed_at
		from coaching_sessions s join persons coach on coach.id = s.coach_id left join session_reps r on r.session_id = s.id and r.person_id = $1
		where s.coach_id = $1 or r.person_id = $1 order by s.id`},
	{"commitments", "Commitments that you own or settled", `select c.session_id, p.name as owner, c.behaviour, c.skill, c.due, c.evidence, c.outcome, c.reason, c.settled_at, b.name as settled_by
		from commitments c join persons p on p.id = c.owner_id left join persons b on b.id = c.settled_by where $1 in (c.owner_id, c.settled_by) order by c.id`},
	{"private_notes", "How many private notes you wrote; their text stays in their own store", `select 'session' as about, session_id as id, updated_at from session_private_notes where author_id = $1
		union all select 'score sheet', sheet_id, updated_at from sheet_private_notes where author_id = $1`},
	{"deals", "Deals in your name", `select external_id, account, product, stage, outcome, created, closed, amount, currency, segment, source, updated_at from opportunities where owner_id = $1 order by id`},
	{"imports", "Files that you imported, or that put people below you", `select i.id, p.name as imported_by, i.kind, i.filename, i.size, i.state, i.rows_read, i.created_at, i.imported_at, i.undone_at
		from imports i join persons p on p.id = i.created_by where $1 in (i.created_by, i.reports_to) order by i.id`},
	{"library_imports", "Large libraries that you brought in", `select publish, state, total, done, failure, created_at, finished_at from library_imports where created_by = $1 order by id`},
	{"documents", "Versions of the library that you wrote", `select d.kind, d.slug, v.number, v.state, v.note, v.created_at from document_versions v join documents d on d.id = v.document_id where v.created_by = $1 order by v.id`},
	{"audit", "Lines of the audit log about you or by you", `select l.at, a.name as actor, l.act, p.name as person, l.subject, l.detail
		from audit_log l left join persons a on a.id = l.actor_id left join persons p on p.id = l.person_id where $1 in (l.person_id, l.actor_id) order by l.id`},
}

// MyData returns everything that is held on the actor, by category. Without
// data it only counts.
func (s *Service) MyData(ctx context.Context, by Actor, data bool) ([]Category, error) {
	var out []Category
	for _, h := range held {
		c := Category{Name: h.name, What: h.what}
		var err error
		if data {
			err = s.DB.QueryRow(ctx, `select count(*), coalesce(jsonb_agg(to_jsonb(x)), '[]') from (`+h.query+`) x`, by.ID).Scan(&c.Rows, &c.Data)
		} else {
			err = s.DB.QueryRow(ctx, `select count(*) from (`+h.query+`) x`, by.ID).Scan(&c.Rows)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// A Viewing says who opened one of a person's role-plays.
type Viewing struct {
	AttemptID int64
	Scenario  string // slug
	Viewer    string
	Reason    string // given for break-glass
	Played    bool   // the recording, not only the page
	At        time.Time
}

// Viewers returns who else opened the actor's role-plays, the newest first, at
// most limit of them.
func (s *Service) Viewers(ctx context.Context, by Actor, limit int) ([]Viewing, error) {
	return pg.All[Viewing](ctx, s.DB, `select v.attempt_id, a.scenario, p.name as viewer, v.reason, v.played, v.at
		from attempt_views v join attempts a on a.id = v.attempt_id join persons p on p.id = v.viewer_id
		where a.person_id = $1 and v.viewer_id <> $1 order by v.id desc limit $2`, by.ID, limit)
}
