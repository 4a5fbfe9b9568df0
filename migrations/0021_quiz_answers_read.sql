-- +goose Up
-- How sure somebody was of an answer, where the quiz asks; and what a person
-- who read an open answer gave for it.
alter table quiz_answers
  add column certainty text constraint quiz_answers_certainty check (certainty in ('guess','fairly','sure')),
  add column scored_by bigint constraint quiz_answers_scored_by references persons,
  add column scored_at timestamptz,
  add column awaits    boolean not null default false,  -- handed in, and a person has to read it
  add column comment   text not null default '',
  add constraint quiz_answers_scored check ((scored_by is null) = (scored_at is null));
create index quiz_attempts_by_version on quiz_attempts (version_id) where submitted_at is not null;
create index quiz_answers_awaiting on quiz_answers (attempt_id) where awaits;
