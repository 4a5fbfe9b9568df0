-- +goose Up
-- What people ask and answer under a lesson. A post without a thread opens one.
create table lesson_posts (
  id          bigint generated always as identity primary key,
  course      text not null,
  lesson      text not null,
  thread_id   bigint constraint lesson_posts_thread references lesson_posts,
  person_id   bigint not null constraint lesson_posts_person references persons,
  text        text not null,
  version     int not null default 1,
  created_at  timestamptz not null default now(),
  edited_at   timestamptz,
  deleted_at  timestamptz,                      -- by whoever wrote it; the text is gone then
  hidden_at   timestamptz,
  hidden_by   bigint constraint lesson_posts_hider references persons,
  hidden_why  text not null default '',
  answered_at timestamptz,                      -- of what opens a thread
  answered_by bigint constraint lesson_posts_answered references persons,
  answer_id   bigint constraint lesson_posts_answer references lesson_posts
);
create index lesson_posts_by_lesson on lesson_posts (course, lesson, id desc) where thread_id is null;
create index lesson_posts_by_thread on lesson_posts (thread_id, id);
create index lesson_posts_by_person on lesson_posts (person_id, created_at);

create table lesson_post_mentions (
  post_id    bigint not null constraint lesson_post_mentions_post references lesson_posts,
  person_id  bigint not null constraint lesson_post_mentions_person references persons,
  primary key (post_id, person_id)
);
