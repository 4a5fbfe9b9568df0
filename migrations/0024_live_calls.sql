-- +goose Up
-- A live attempt has a partner, who holds the buyer card and ticks what came up.
create table live_calls (
  attempt_id  bigint primary key constraint live_calls_attempt references attempts,
  partner_id  bigint not null constraint live_calls_partner references persons,
  invited_at  timestamptz not null,
  joined_at   timestamptz,
  started_at  timestamptz,
  ended_at    timestamptz,
  notes       text not null default '',
  version     int not null default 1,
  constraint live_calls_order check (ended_at is null or started_at <= ended_at)
);
create index live_calls_by_partner on live_calls (partner_id);

create table live_ticks (
  attempt_id  bigint not null constraint live_ticks_call references live_calls on delete cascade,
  item        text not null constraint live_ticks_item check (item ~ '^(fact|objection)-[0-9]{1,3}$'),
  at          timestamptz not null,
  at_ms       int not null constraint live_ticks_at check (at_ms >= 0),  -- since the call began
  primary key (attempt_id, item)
);

-- Which device sends a take: two devices never mix their bytes in one.
alter table attempt_takes add column sender text not null default '';
