-- +goose Up
create table coaching_sessions (
  id          bigint generated always as identity primary key,
  kind        text not null default '1:1' constraint coaching_sessions_kind check (kind in ('1:1','call review','deal review','ride-along','group','mentor pair')),
  coach_id    bigint not null constraint coaching_sessions_coach references persons,
  at          timestamptz not null,
  template    text not null default '',
  state       text not null default 'planned' constraint coaching_sessions_state check (state in ('planned','closed','excused','missed')),
  shared_note text not null default '',
  topics      text[] not null default '{}',
  version     int not null default 1,
  created_at  timestamptz not null default now(),
  closed_at   timestamptz
);
create index coaching_sessions_by_coach on coaching_sessions (coach_id, at desc);
create table session_reps (
  session_id  bigint not null constraint session_reps_session references coaching_sessions,
  person_id   bigint not null constraint session_reps_person references persons,
  agenda      text not null default '',
  response    text not null default '',
  primary key (session_id, person_id)
);
create index session_reps_by_person on session_reps (person_id);

-- The private store: only its author reads it, and nothing else does.
create table session_private_notes (
  session_id  bigint not null constraint session_private_notes_session references coaching_sessions,
  author_id   bigint not null constraint session_private_notes_author references persons,
  text        text not null,
  updated_at  timestamptz not null default now(),
  primary key (session_id, author_id)
);

create table commitments (
  id           bigint generated always as identity primary key,
  session_id   bigint not null constraint commitments_session references coaching_sessions,
  owner_id     bigint not null constraint commitments_owner references persons,
  behaviour    text not null constraint commitments_behaviour check (btrim(behaviour) <> ''),
  skill        text,
  due          date not null,
  evidence     text not null constraint commitments_evidence check (btrim(evidence) <> ''),
  outcome      text constraint commitments_outcome check (outcome in ('kept','missed','changed','dropped')),
  reason       text not null default '',
  evidence_id  bigint constraint commitments_evidence_row references evidence,
  settled_at   timestamptz,
  settled_by   bigint constraint commitments_settled_by references persons,
  created_at   timestamptz not null default now()
);
create index commitments_by_owner on commitments (owner_id, due);
create index commitments_by_session on commitments (session_id);
