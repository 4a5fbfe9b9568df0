-- +goose Up
create table quiz_attempts (
  id            bigint generated always as identity primary key,
  person_id     bigint not null constraint quiz_attempts_person references persons,
  course        text not null,
  version_id    bigint not null constraint quiz_attempts_version references document_versions,
  number        int not null,
  draw          jsonb not null,  -- the frozen draw: question ids in order, and the option order of each
  deadline      timestamptz,
  started_at    timestamptz not null default now(),
  submitted_at  timestamptz,
  score         double precision,
  max_score     double precision,
  passed        boolean,
  constraint quiz_attempts_number unique (person_id, course, number)
);
create unique index quiz_attempts_one_open on quiz_attempts (person_id, course) where submitted_at is null;
create table quiz_answers (
  attempt_id   bigint not null constraint quiz_answers_attempt references quiz_attempts,
  question     text not null,
  answer       jsonb not null,
  earned       double precision,
  max          double precision,
  correct      boolean,
  answered_at  timestamptz not null default now(),
  primary key (attempt_id, question)
);

create table attempts (
  id                bigint generated always as identity primary key,
  person_id         bigint not null constraint attempts_person references persons,
  scenario          text not null,
  scenario_version  bigint not null constraint attempts_scenario_version references document_versions,
  rubric_version    bigint not null constraint attempts_rubric_version references document_versions,
  form              text not null constraint attempts_form check (form in ('text','recording','live','transcript')),
  state             text not null default 'draft' constraint attempts_state check (state in
    ('draft','submitted','in_review','released','reflected','resubmit','withdrawn')),
  via_admin         boolean not null default false,  -- made with an admin token: brought over from elsewhere
  calibration_consent boolean not null default false,
  shared_with_manager boolean not null default false,
  reflection        text not null default '',
  version           int not null default 1,
  created_at        timestamptz not null default now(),
  submitted_at      timestamptz,
  released_at       timestamptz,
  claimed_by        bigint constraint attempts_claimed_by references persons,
  claimed_at        timestamptz
);
create index attempts_by_person on attempts (person_id, id desc);
create index attempts_open on attempts (submitted_at) where state in ('submitted','in_review');

-- The text buyer: every choice is logged with the state after it.
create table attempt_turns (
  attempt_id  bigint not null constraint attempt_turns_attempt references attempts,
  seq         int not null,
  beat        text not null,
  choice      text not null,
  says        text not null,
  buyer       text not null,
  state       jsonb not null,
  at          timestamptz not null default now(),
  primary key (attempt_id, seq)
);

create table transcript_turns (
  attempt_id  bigint not null constraint transcript_turns_attempt references attempts,
  seq         int not null,
  speaker     text not null constraint transcript_turns_speaker check (speaker in ('rep','buyer')),
  start_ms    int,
  end_ms      int,
  text        text not null,
  primary key (attempt_id, seq)
);

create table sheets (
  id            bigint generated always as identity primary key,
  attempt_id    bigint not null constraint sheets_attempt references attempts,
  assessor_id   bigint constraint sheets_assessor references persons,
  source        text not null constraint sheets_source check (source in ('coach','manager','peer','self','text_buyer')),
  state         text not null default 'draft' constraint sheets_state check (state in ('draft','released')),
  keep          text not null default '',
  try_next      text not null default '',
  overall       double precision,
  passed        boolean,
  capped_by     text,
  version       int not null default 1,
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now(),
  released_at   timestamptz,
  constraint sheets_assessor_needed check ((assessor_id is null) = (source = 'text_buyer'))
);
create unique index sheets_one_per_assessor on sheets (attempt_id, coalesce(assessor_id, 0), source);

create table sheet_scores (
  sheet_id      bigint not null constraint sheet_scores_sheet references sheets,
  criterion     text not null,
  level         int constraint sheet_scores_level check (level between 1 and 5),
  not_observed  boolean not null default false,
  at_ms         int,
  quote         text not null default '',
  primary key (sheet_id, criterion),
  constraint sheet_scores_either check (not (level is not null and not_observed))
);

create table sheet_comments (
  id        bigint generated always as identity primary key,
  sheet_id  bigint not null constraint sheet_comments_sheet references sheets,
  turn_seq  int,
  at_ms     int,
  text      text not null constraint sheet_comments_text check (btrim(text) <> ''),
  criterion text,
  at        timestamptz not null default now()
);

-- The private store: no other query in the product reads it.
create table sheet_private_notes (
  sheet_id   bigint primary key constraint sheet_private_notes_sheet references sheets,
  author_id  bigint not null constraint sheet_private_notes_author references persons,
  text       text not null,
  updated_at timestamptz not null default now()
);

create table attempt_views (
  id          bigint generated always as identity primary key,
  attempt_id  bigint not null constraint attempt_views_attempt references attempts,
  viewer_id   bigint not null constraint attempt_views_viewer references persons,
  reason      text not null default '',
  at          timestamptz not null default now()
);
create index attempt_views_by_attempt on attempt_views (attempt_id, id desc);
