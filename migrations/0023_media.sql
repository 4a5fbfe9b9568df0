-- +goose Up
-- A take is one recording of an attempt, or one file that was chosen for it.
-- Its bytes are stored as they come, one object for each chunk; a chunk has a
-- row only when its object is stored.
create table attempt_takes (
  id            bigint generated always as identity primary key,
  attempt_id    bigint not null constraint attempt_takes_attempt references attempts,
  number        int not null constraint attempt_takes_number check (number between 1 and 50),
  content_type  text not null default '',  -- known from the first bytes
  uploaded      boolean not null default false,  -- a file from the disk, not the recorder's
  size          bigint not null default 0,
  duration_ms   int constraint attempt_takes_duration check (duration_ms >= 0),
  head          bytea,  -- served in place of the first body_from bytes, which have no index
  body_from     bigint not null default 0,
  chosen        boolean not null default false,
  keep_days     int not null,  -- the promise that was shown when it was recorded
  created_at    timestamptz not null,
  finished_at   timestamptz,
  gone_at       timestamptz,
  gone          text constraint attempt_takes_gone check (gone in ('expired', 'removed', 'unchosen', 'erased')),
  constraint attempt_takes_one unique (attempt_id, number),
  constraint attempt_takes_gone_both check ((gone_at is null) = (gone is null))
);
create unique index attempt_takes_one_chosen on attempt_takes (attempt_id) where chosen;
create index attempt_takes_kept on attempt_takes (created_at) where gone_at is null;

create table take_chunks (
  take_id  bigint not null constraint take_chunks_take references attempt_takes,
  start    bigint not null,
  size     bigint not null constraint take_chunks_size check (size > 0),
  blob     text not null constraint take_chunks_blob unique,
  primary key (take_id, start)
);

-- A view in which the recording was played, not only the page opened.
alter table attempt_views add column played boolean not null default false;

-- The rep asks for a recording to be erased; an admin answers.
create table erasure_requests (
  id           bigint generated always as identity primary key,
  attempt_id   bigint not null constraint erasure_requests_attempt references attempts,
  reason       text not null default '',
  asked_at     timestamptz not null,
  answered_by  bigint constraint erasure_requests_answered_by references persons,
  answered_at  timestamptz,
  erased       boolean,
  answer       text not null default '',
  constraint erasure_requests_answer check ((answered_at is null) = (erased is null))
);
create unique index erasure_requests_open on erasure_requests (attempt_id) where answered_at is null;
