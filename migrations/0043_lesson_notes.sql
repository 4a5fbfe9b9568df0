-- +goose Up
-- What people write for themselves beside a lesson. A note stands at a paragraph
-- of the version that was read, or at the lesson as a whole; the words it stood
-- at are kept, so that it outlives every later version.
create table lesson_notes (
  id          bigint generated always as identity primary key,
  person_id   bigint not null constraint lesson_notes_person references persons,
  course      text not null,
  lesson      text not null,
  paragraph   text not null default '',  -- empty: the lesson as a whole
  quote       text not null default '',  -- the words of the paragraph
  text        text not null default '',
  bookmarked  boolean not null default false,
  version     int not null default 1,
  created_at  timestamptz not null default now(),
  updated_at  timestamptz not null default now(),
  constraint lesson_notes_once unique (person_id, course, lesson, paragraph, quote),
  constraint lesson_notes_something check (text <> '' or bookmarked)
);

-- A lesson page keeps what it read while the enrolment's revision stays.
create trigger lesson_notes_revision after insert or update or delete on lesson_notes for each row execute function ledger_changed();
