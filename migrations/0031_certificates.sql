-- +goose Up
alter table enrolments add column quiz_last_passed_at timestamptz;
update enrolments set quiz_last_passed_at = quiz_passed_at;

-- A certificate is a name for entries in a ledger; neither is ever changed.
create table certificates (
  id          bigint generated always as identity primary key,
  code        text not null constraint certificates_code unique,
  person_id   bigint not null constraint certificates_person references persons,
  kind        text not null constraint certificates_kind check (kind in ('course','program')),
  slug        text not null,
  created_at  timestamptz not null
);
create index certificates_by_person on certificates (person_id, kind, slug);

create table certificate_entries (
  id              bigint generated always as identity primary key,
  certificate_id  bigint not null constraint certificate_entries_certificate references certificates,
  act             text not null constraint certificate_entries_act check (act in ('granted','renewed','lapsed','revoked')),
  at              timestamptz not null,
  day             date not null,                -- on which it counts where the person is
  title           text not null,                -- of the course or program then
  version         int not null,                 -- of it
  content         jsonb not null default '{}',  -- numbers of the versions that it speaks of, by kind and slug
  valid_from      date not null,                -- of a renewal: where the validity before it ends
  valid_until     date,                         -- last day; null: for ever
  grace_until     date,                         -- last day on which it can be renewed after it ended
  by_id           bigint constraint certificate_entries_by references persons,
  reason          text not null default '',
  constraint certificate_entries_reason check (act <> 'revoked' or btrim(reason) <> ''),
  constraint certificate_entries_grace check ((valid_until is null) = (grace_until is null))
);
create index certificate_entries_by_certificate on certificate_entries (certificate_id, id);
create unique index certificate_entries_ended_once on certificate_entries (certificate_id) where act in ('lapsed','revoked');

create trigger certificates_append_only before update or delete on certificates for each row execute function refuse_change();
create trigger certificates_kept before truncate on certificates for each statement execute function refuse_change();
create trigger certificate_entries_append_only before update or delete on certificate_entries for each row execute function refuse_change();
create trigger certificate_entries_kept before truncate on certificate_entries for each statement execute function refuse_change();
