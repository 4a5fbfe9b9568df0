-- +goose Up
-- Whom a rule has put in, once and for all: whoever leaves is not brought back.
create table enrolment_rule_uses (
  rule_id    bigint not null constraint enrolment_rule_uses_rule references enrolment_rules,
  person_id  bigint not null constraint enrolment_rule_uses_person references persons,
  at         timestamptz not null,
  primary key (rule_id, person_id)
);
