-- +goose Up
create table live_sessions (
  id             bigint generated always as identity primary key,
  uid            text not null constraint live_sessions_uid unique,  -- in calendars, for good
  title          text not null constraint live_sessions_title check (btrim(title) <> ''),
  summary        text not null default '',
  kind           text not null constraint live_sessions_kind check (kind in ('classroom','virtual')),
  topic          text not null default '',  -- that items of programs name
  at             timestamptz not null,
  minutes        int not null constraint live_sessions_minutes check (minutes between 5 and 1440),
  place          text not null default '',
  link           text not null default '',
  capacity       int not null constraint live_sessions_capacity check (capacity between 1 and 10000),
  materials      text not null default '',
  host_id        bigint not null constraint live_sessions_host references persons,
  sequence       int not null default 0,  -- of the invitation: counts what guests must know
  version        int not null default 1,
  created_by     bigint not null constraint live_sessions_by references persons,
  created_at     timestamptz not null,
  updated_at     timestamptz not null,
  cancelled_at   timestamptz,
  cancel_reason  text not null default ''
);
create index live_sessions_by_day on live_sessions (at, id);

create table live_registrations (
  id           bigint generated always as identity primary key,
  session_id   bigint not null constraint live_registrations_session references live_sessions,
  person_id    bigint not null constraint live_registrations_person references persons,
  state        text not null constraint live_registrations_state check (state in ('registered','waiting','left')),
  asked_at     timestamptz not null,  -- the order of the waiting list
  attended     boolean,
  marked_by    bigint constraint live_registrations_marked_by references persons,
  changed_at   timestamptz not null,
  constraint live_registrations_once unique (session_id, person_id)
);
create index live_registrations_by_person on live_registrations (person_id);

-- The secret address of a person's calendar; only its hash is kept.
create table calendar_feeds (
  person_id   bigint primary key constraint calendar_feeds_person references persons,
  token_hash  bytea not null constraint calendar_feeds_token unique,
  created_at  timestamptz not null
);
