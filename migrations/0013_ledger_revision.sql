-- +goose Up
-- Every change of what a person did in a course gives their enrolment a number
-- never used before, so that a page may keep what it read as long as the
-- number stays: one look at one row tells.
create sequence ledger_revisions;
alter table enrolments add column revision bigint not null default nextval('ledger_revisions');

-- +goose StatementBegin
create function enrolment_changed() returns trigger language plpgsql as $$
begin
  new.revision := nextval('ledger_revisions');
  return new;
end $$;
-- +goose StatementEnd

create trigger enrolments_revision before update on enrolments for each row execute function enrolment_changed();

-- +goose StatementBegin
create function ledger_changed() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then
    update enrolments set revision = default where person_id = old.person_id and course = old.course;
  end if;
  if tg_op <> 'DELETE' then
    update enrolments set revision = default where person_id = new.person_id and course = new.course;
  end if;
  return null;
end $$;
-- +goose StatementEnd

create trigger lesson_progress_revision after insert or update or delete on lesson_progress for each row execute function ledger_changed();
create trigger check_answers_revision after insert or update or delete on check_answers for each row execute function ledger_changed();
