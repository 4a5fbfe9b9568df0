-- +goose Up
-- An attempt that a coach sent back to be tried again: the reason, and what was
-- handed in and written about it until then. Nothing of it counts in a level.
create table resubmissions (
  id         bigint generated always as identity primary key,
  attempt_id bigint not null constraint resubmissions_attempt references attempts,
  nth        int not null,  -- which hand-in it was, from 1
  asked_by   bigint not null constraint resubmissions_asked_by references persons,
  reason     text not null constraint resubmissions_reason check (btrim(reason) <> ''),
  asked_at   timestamptz not null,
  handed_in  timestamptz not null,
  words      text not null default '',
  again_at   timestamptz,
  constraint resubmissions_nth unique (attempt_id, nth)
);

-- The sheets as they stood: scores with their proof, comments, keep, try next.
create table resubmission_sheets (
  resubmission_id bigint not null constraint resubmission_sheets_of references resubmissions,
  assessor_id     bigint not null constraint resubmission_sheets_assessor references persons,
  source          text not null,
  keep            text not null default '',
  try_next        text not null default '',
  scores          jsonb not null default '[]',
  comments        jsonb not null default '[]',
  primary key (resubmission_id, assessor_id)
);
