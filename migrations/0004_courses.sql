-- +goose Up
create table enrolments (
  id            bigint generated always as identity primary key,
  person_id     bigint not null constraint enrolments_person references persons,
  course        text not null,
  via           text not null default 'self' constraint enrolments_via check (via in ('self','manager','program','rule','api')),
  started_at    timestamptz not null default now(),
  last_lesson   text,
  last_seen_at  timestamptz not null default now(),
  quiz_passed_at timestamptz,  -- told by the room that marks quizzes
  completed_at  timestamptz,
  constraint enrolments_once unique (person_id, course)
);

-- The one progress ledger. A lesson is done when it is read and its checks are answered.
create table lesson_progress (
  person_id   bigint not null constraint lesson_progress_person references persons,
  course      text not null,
  lesson      text not null,
  version_id  bigint not null constraint lesson_progress_version references document_versions,
  paragraph   text not null default '',
  started_at  timestamptz not null default now(),
  seen_at     timestamptz not null default now(),
  done_at     timestamptz,
  primary key (person_id, course, lesson)
);

create table check_answers (
  id           bigint generated always as identity primary key,
  person_id    bigint not null constraint check_answers_person references persons,
  course       text not null,
  lesson       text not null,
  question     text not null,
  version_id   bigint not null constraint check_answers_version references document_versions,
  answer       jsonb not null,
  earned       double precision not null,
  max          double precision not null,
  correct      boolean not null,
  tries        int not null default 1,
  answered_at  timestamptz not null default now(),
  constraint check_answers_once unique (person_id, course, lesson, question)
);

create table assignments (
  id            bigint generated always as identity primary key,
  person_id     bigint not null constraint assignments_person references persons,
  assigned_by   bigint not null constraint assignments_by references persons,
  kind          text not null constraint assignments_kind check (kind in ('course','lesson','scenario','topic')),
  ref           text not null default '',  -- slug: course, course.lesson or scenario; empty for a topic
  title         text not null,
  skill         text,
  reason        text not null constraint assignments_reason check (btrim(reason) <> ''),
  due           date not null,
  created_at    timestamptz not null default now(),
  done_at       timestamptz,
  cancelled_at  timestamptz
);
create unique index assignments_open_once on assignments (person_id, kind, ref) where done_at is null and cancelled_at is null and kind <> 'topic';
create index assignments_by_person on assignments (person_id, due);

create table card_states (
  person_id       bigint not null constraint card_states_person references persons,
  course          text not null,
  card            text not null,
  id              bigint generated always as identity constraint card_states_id unique,
  stability       double precision,
  difficulty      double precision,
  reps            int not null default 0,
  lapses          int not null default 0,
  face            text not null default '',  -- of the card as last reviewed: an edited fact starts anew
  due             timestamptz not null,
  last_review_at  timestamptz,
  primary key (person_id, course, card)
);
create table card_reviews (
  id             bigint generated always as identity primary key,
  card_state_id  bigint not null constraint card_reviews_state references card_states (id),
  rating         text not null constraint card_reviews_rating check (rating in ('again','hard','good')),
  at             timestamptz not null,
  stability      double precision not null,
  difficulty     double precision not null,
  interval_days  int not null
);
