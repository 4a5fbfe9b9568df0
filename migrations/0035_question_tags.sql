-- +goose Up
-- What a person says of the kind of a question, where a suggestion was wrong or
-- was confirmed. Corrections are kept, the newest counts; the words are kept
-- with them, so that a changed transcript takes none over to another question.
create table question_tags (
  id           bigint generated always as identity primary key,
  attempt_id   bigint not null constraint question_tags_attempt references attempts,
  turn_seq     int not null,
  nth          int not null,  -- question of that turn, from 1
  question     text not null,
  suggested    text not null constraint question_tags_suggested check (suggested in ('situation','problem','implication','need_payoff')),
  tag          text not null constraint question_tags_tag check (tag in ('situation','problem','implication','need_payoff')),
  corrected_by bigint not null constraint question_tags_person references persons,
  at           timestamptz not null default now()
);
create index question_tags_by_attempt on question_tags (attempt_id, id);
