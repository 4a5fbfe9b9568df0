-- +goose Up
-- A worksheet is filled in, handed in and scored like a role-play. Its slug
-- stands in attempts.scenario behind “worksheet:”, which no scenario can have.
alter table attempts drop constraint attempts_form;
alter table attempts add constraint attempts_form check (form in ('text', 'recording', 'live', 'transcript', 'worksheet'));
alter table attempts add constraint attempts_worksheet check ((form = 'worksheet') = (scenario like 'worksheet:%'));

-- The attempt whose text this one began from.
alter table attempts add column revises bigint constraint attempts_revises references attempts;
create unique index attempts_one_revision on attempts (revises) where state = 'draft';

create table worksheet_fields (
  attempt_id  bigint not null constraint worksheet_fields_attempt references attempts,
  field       text not null,
  text        text not null,
  version     int not null default 1,  -- how often it was saved: two windows lose nothing
  saved_at    timestamptz not null,
  primary key (attempt_id, field)
);
