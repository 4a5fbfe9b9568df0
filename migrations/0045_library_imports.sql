-- +goose Up
-- A large zip of documents that is brought in step by step. The archive is let go
-- when it is done.
create table library_imports (
  id           bigint generated always as identity primary key,
  created_by   bigint not null constraint library_imports_by references persons,
  publish      boolean not null,
  archive      bytea,
  state        text not null default 'running' constraint library_imports_state check (state in ('running','done','failed')),
  total        int not null,
  done         int not null default 0,   -- documents stored, in the order of their paths
  current      text not null default '', -- path of the last
  documents    jsonb not null default '[]',
  problems     jsonb not null default '[]',
  failure      text not null default '',
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  finished_at  timestamptz
);
