-- +goose Up
-- Calibration rounds: some coaches score the same attempts, blind. A round's
-- sheets carry its number; they feed no level and are not shown to the rep.
create table calibrations (
  id          bigint generated always as identity primary key,
  title       text not null constraint calibrations_title check (btrim(title) <> ''),
  scenario    text not null,
  announced   boolean not null default true,  -- false: the coach's queue shows it like any other attempt
  due         timestamptz not null,
  seed        bigint not null,                -- of the resampling behind its intervals
  created_by  bigint not null constraint calibrations_created_by references persons,
  created_at  timestamptz not null default now()
);
create table calibration_attempts (
  calibration_id  bigint not null constraint calibration_attempts_calibration references calibrations,
  attempt_id      bigint not null constraint calibration_attempts_attempt references attempts,
  primary key (calibration_id, attempt_id)
);
create index calibration_attempts_by_attempt on calibration_attempts (attempt_id);
create table calibration_coaches (
  calibration_id  bigint not null constraint calibration_coaches_calibration references calibrations,
  coach_id        bigint not null constraint calibration_coaches_coach references persons,
  primary key (calibration_id, coach_id)
);
create index calibration_coaches_by_coach on calibration_coaches (coach_id);

alter table sheets add column calibration_id bigint constraint sheets_calibration references calibrations;
alter table sheets add column saved boolean not null default false;  -- in a round: finished, if not released
drop index sheets_one_per_assessor;
create unique index sheets_one_per_assessor on sheets (attempt_id, coalesce(assessor_id, 0), source, coalesce(calibration_id, 0));
create index sheets_by_calibration on sheets (calibration_id) where calibration_id is not null;

-- How many sheets a round expects and has. An attempt whose rep has taken the
-- consent back is not waited for.
create view calibration_progress as
select c.id as calibration_id,
  (select count(*) from calibration_coaches k where k.calibration_id = c.id) * (select count(*) from calibration_attempts t join attempts a on a.id = t.attempt_id
    where t.calibration_id = c.id and a.calibration_consent) as expected,
  (select count(*) from sheets h join attempts a on a.id = h.attempt_id
    join calibration_coaches k on k.calibration_id = c.id and k.coach_id = h.assessor_id
    where h.calibration_id = c.id and a.calibration_consent and (h.saved or h.state = 'released')) as done
from calibrations c;

-- What the coaches settled on after the reveal. A reference with a quote is an
-- example beside its anchor at the scoring desk.
create table calibration_references (
  calibration_id  bigint not null,
  attempt_id      bigint not null,
  criterion       text not null,
  level           int not null constraint calibration_references_level check (level between 1 and 5),
  reason          text not null constraint calibration_references_reason check (btrim(reason) <> ''),
  quote           text not null default '',
  at_ms           int,
  version         int not null default 1,
  recorded_by     bigint not null constraint calibration_references_by references persons,
  recorded_at     timestamptz not null default now(),
  primary key (calibration_id, attempt_id, criterion),
  constraint calibration_references_attempt foreign key (calibration_id, attempt_id) references calibration_attempts
);
create table calibration_notes (
  calibration_id  bigint not null constraint calibration_notes_calibration references calibrations,
  criterion       text not null,
  text            text not null,
  version         int not null default 1,
  written_by      bigint not null constraint calibration_notes_by references persons,
  written_at      timestamptz not null default now(),
  primary key (calibration_id, criterion)
);
