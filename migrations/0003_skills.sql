-- +goose Up
-- Skills, groups and levels are the document skills.yaml, targets roles.yaml; a company's own targets override the latter.
create table role_targets (
  role_family  text not null,
  skill        text not null,
  target       double precision constraint role_targets_target check (target between 1 and 5),
  prior_mean   double precision constraint role_targets_prior check (prior_mean between 1 and 5),
  updated_by   bigint constraint role_targets_by references persons,
  updated_at   timestamptz not null default now(),
  primary key (role_family, skill)
);

create table evidence (
  id             bigint generated always as identity primary key,
  person_id      bigint not null constraint evidence_person references persons,
  skill          text not null,
  source         text not null constraint evidence_source check (source in ('coach','manager','peer','self','quiz','text_buyer')),
  rater_id       bigint constraint evidence_rater references persons,
  rater          text not null,  -- the group within the source: 'person:12', 'quiz:questions-for-large-sales', 'text_buyer'
  at             timestamptz not null,
  raw            double precision constraint evidence_raw check (raw between 1 and 5),
  correct        double precision,
  items          int,
  session_key    text not null,  -- what rule R1 counts once: 'attempt:7' or 'evidence:31'
  attempt_id     bigint,
  sheet_id       bigint,
  rubric_version bigint constraint evidence_rubric references document_versions,
  criteria       jsonb not null default '[]',  -- [{criterion, title, level, quote, at_ms}]
  note           text not null default '',
  created_by     bigint constraint evidence_by references persons,
  created_at     timestamptz not null default now(),
  superseded_by  bigint constraint evidence_superseded references evidence,
  withdrawn_at   timestamptz,
  constraint evidence_value check ((raw is not null) <> (correct is not null and items is not null)),
  constraint evidence_items check (items is null or (items > 0 and correct between 0 and items))
);
create index evidence_by_person on evidence (person_id, skill, at);
create unique index evidence_one_per_sheet on evidence (sheet_id, skill) where sheet_id is not null and superseded_by is null and withdrawn_at is null;

create table evidence_questions (
  id           bigint generated always as identity primary key,
  evidence_id  bigint not null constraint evidence_questions_evidence references evidence,
  asked_by     bigint not null constraint evidence_questions_by references persons,
  text         text not null constraint evidence_questions_text check (btrim(text) <> ''),
  asked_at     timestamptz not null default now(),
  due          date not null,
  answer       text,
  answered_by  bigint constraint evidence_questions_answered_by references persons,
  answered_at  timestamptz,
  left_out     boolean not null default false  -- the answer took the evidence out of the level
);
create index evidence_questions_by_evidence on evidence_questions (evidence_id);
create unique index evidence_questions_one_open on evidence_questions (evidence_id) where answer is null;
