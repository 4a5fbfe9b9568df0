-- +goose Up
-- A course that somebody was put into says why and by whom; leaving it keeps
-- what they did.
alter table enrolments add column enrolled_by bigint constraint enrolments_by references persons;
alter table enrolments add column reason text not null default '';
alter table enrolments add column withdrawn_at timestamptz;

-- Rules put people who come to match into a course or a program. A rule is
-- never changed: it is ended, and another one made.
create table enrolment_rules (
  id           bigint generated always as identity primary key,
  kind         text not null constraint enrolment_rules_kind check (kind in ('course','program')),
  slug         text not null,
  title        text not null,
  team_id      bigint constraint enrolment_rules_team references teams,  -- with the teams below it
  role_family  text not null default '',
  region       text not null default '',
  hired_after  date,
  reason       text not null constraint enrolment_rules_reason check (btrim(reason) <> ''),
  created_by   bigint constraint enrolment_rules_by references persons,
  created_at   timestamptz not null,
  ended_at     timestamptz,
  constraint enrolment_rules_narrow check (team_id is not null or role_family <> '' or region <> '' or hired_after is not null)
);

create table program_enrolments (
  id            bigint generated always as identity primary key,
  person_id     bigint not null constraint program_enrolments_person references persons,
  program       text not null,
  version_id    bigint not null constraint program_enrolments_version references document_versions,
  courses       text[] not null,  -- that the version leads through
  via           text not null constraint program_enrolments_via check (via in ('self','manager','rule','api')),
  enrolled_by   bigint constraint program_enrolments_by references persons,
  rule_id       bigint constraint program_enrolments_rule references enrolment_rules,
  reason        text not null default '',
  starts_on     date not null,
  created_at    timestamptz not null,
  withdrawn_at  timestamptz,
  constraint program_enrolments_once unique (person_id, program)
);
create index program_enrolments_by_program on program_enrolments (program);

-- A milestone that was ticked; taking it back keeps the line.
create table program_ticks (
  id            bigint generated always as identity primary key,
  enrolment_id  bigint not null constraint program_ticks_enrolment references program_enrolments,
  item          text not null,
  by_id         bigint not null constraint program_ticks_by references persons,
  note          text not null constraint program_ticks_note check (btrim(note) <> ''),
  at            timestamptz not null,
  undone_at     timestamptz
);
create unique index program_ticks_once on program_ticks (enrolment_id, item) where undone_at is null;

-- What a coach read at a gate: the evidence as it was, and what follows.
create table gate_readings (
  id            bigint generated always as identity primary key,
  enrolment_id  bigint not null constraint gate_readings_enrolment references program_enrolments,
  item          text not null,
  by_id         bigint not null constraint gate_readings_by references persons,
  passed        boolean not null,
  note          text not null constraint gate_readings_note check (btrim(note) <> ''),
  evidence      jsonb not null,
  retry_on      date constraint gate_readings_retry check (passed = (retry_on is null)),
  at            timestamptz not null
);
create index gate_readings_by_enrolment on gate_readings (enrolment_id, item, id desc);
create unique index gate_readings_passed on gate_readings (enrolment_id, item) where passed;

-- More time for an item, or with an empty item for the whole program.
create table program_extensions (
  id            bigint generated always as identity primary key,
  enrolment_id  bigint not null constraint program_extensions_enrolment references program_enrolments,
  item          text not null default '',
  days          int not null constraint program_extensions_days check (days between 1 and 365),
  reason        text not null constraint program_extensions_reason check (btrim(reason) <> ''),
  given_by      bigint not null constraint program_extensions_by references persons,
  at            timestamptz not null
);
create index program_extensions_by_enrolment on program_extensions (enrolment_id);

-- Who answers for a step of this enrolment, and how it stands: for rollouts.
create table program_steps (
  enrolment_id  bigint not null constraint program_steps_enrolment references program_enrolments,
  item          text not null,
  owner         text not null default '',
  status        text not null default 'open' constraint program_steps_status check (status in ('open','under way','blocked')),
  note          text not null default '',
  updated_by    bigint not null constraint program_steps_by references persons,
  updated_at    timestamptz not null,
  primary key (enrolment_id, item)
);
