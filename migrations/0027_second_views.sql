-- +goose Up
-- People who were asked to score an attempt besides its coach. What they see of
-- it, they see because of this row.
create table attempt_scorers (
  attempt_id  bigint not null constraint attempt_scorers_attempt references attempts,
  person_id   bigint not null constraint attempt_scorers_person references persons,
  role        text not null constraint attempt_scorers_role check (role in ('peer','grader','second','adjudicator')),
  asked_by    bigint constraint attempt_scorers_asked_by references persons,
  asked_at    timestamptz not null default now(),
  declined_at timestamptz,
  primary key (attempt_id, person_id)
);
create index attempt_scorers_by_person on attempt_scorers (person_id, attempt_id);

-- A rep who sees a score differently: an independent second score, and an
-- outcome with its reason.
create table disputes (
  id           bigint generated always as identity primary key,
  attempt_id   bigint not null constraint disputes_attempt references attempts,
  sheet_id     bigint not null constraint disputes_sheet references sheets,
  reason       text not null constraint disputes_reason check (btrim(reason) <> ''),
  opened_at    timestamptz not null default now(),
  second_id    bigint constraint disputes_second references persons,
  second_sheet bigint constraint disputes_second_sheet references sheets,
  outcome      text constraint disputes_outcome check (outcome in ('upheld','changed')),
  because      text not null default '',
  settled_by   bigint constraint disputes_settled_by references persons,
  settled_at   timestamptz,
  constraint disputes_settled check ((outcome is null) = (settled_at is null) and (outcome is null or (btrim(because) <> '' and second_sheet is not null)))
);
create unique index disputes_one_per_sheet on disputes (sheet_id);
create index disputes_by_attempt on disputes (attempt_id);

-- Two sheets that lie too far apart, and the third person's that settles it.
create table adjudications (
  attempt_id     bigint primary key constraint adjudications_attempt references attempts,
  first_sheet    bigint not null constraint adjudications_first references sheets,
  second_sheet   bigint not null constraint adjudications_second references sheets,
  why            text not null,
  opened_at      timestamptz not null default now(),
  adjudicator_id bigint constraint adjudications_adjudicator references persons,
  third_sheet    bigint constraint adjudications_third references sheets,
  settled_at     timestamptz
);
