-- +goose Up
create table imports (
  id           bigint generated always as identity primary key,
  kind         text not null constraint imports_kind check (kind in ('people','opportunities','activities','quotas','forecasts','customers')),
  filename     text not null,
  blob_key     text not null,
  sha256       bytea not null,
  size         bigint not null,
  encoding     text not null default '',
  delimiter    text not null default '',
  columns      jsonb not null default '[]',   -- of each column its name, three sample values, and how its dates and numbers may be read
  header_key   text not null default '',      -- the names of the columns, so that a mapping is remembered for files like this one
  mapping      jsonb not null default '{}',   -- field -> column
  value_maps   jsonb not null default '{}',   -- field -> {value: meaning}
  date_format  text not null default '',
  number_format text not null default '',
  reports_to   bigint constraint imports_reports_to references persons, -- of people: whom the managers in the file report to
  state        text not null default 'mapping' constraint imports_state check (state in ('mapping','previewing','previewed','importing','imported','undoing','undone','failed')),
  rows_read    bigint not null default 0,
  to_create    bigint not null default 0,
  to_update    bigint not null default 0,
  unchanged    bigint not null default 0,
  errors       bigint not null default 0,
  skipped      bigint not null default 0,     -- footer and blank lines
  also         jsonb not null default '{}',   -- of people: the managers and teams that come with them
  sample       jsonb not null default '[]',   -- the first good rows and what each does
  left_alone   bigint not null default 0,     -- changes that an undo did not put back
  failure      text not null default '',
  created_by   bigint not null constraint imports_by references persons,
  created_at   timestamptz not null default now(),
  imported_at  timestamptz,
  undone_at    timestamptz,
  version      int not null default 1
);
create index imports_by_person on imports (created_by, id desc);
create index imports_by_hash on imports (sha256) where state = 'imported';

-- Each good row of the file as read, until it is imported. What it will do is
-- judged when asked, against what is here then.
create unlogged table import_rows (
  import_id  bigint not null,
  row        bigint not null,
  key        text not null,
  data       jsonb not null,
  primary key (import_id, row)
);
create index import_rows_by_key on import_rows (import_id, key);
create table import_errors (
  import_id  bigint not null constraint import_errors_import references imports,
  row        bigint not null,
  col        text not null,
  value      text not null,
  cause      text not null,
  id         bigint generated always as identity primary key
);
create index import_errors_by_import on import_errors (import_id, row);
-- What an import changed, so that it can be undone: before is null for a new row.
create table import_changes (
  id         bigint generated always as identity primary key,
  import_id  bigint not null constraint import_changes_import references imports,
  subject    text not null constraint import_changes_subject check (subject in ('person','team','membership','management','opportunity')),
  subject_id bigint not null,
  before     jsonb,
  after_hash text not null default '',
  left_alone text                -- why an undo did not put it back
);
create index import_changes_by_import on import_changes (import_id, id);

create table opportunities (
  id           bigint generated always as identity primary key,
  external_id  text not null constraint opportunities_external unique,
  owner_id     bigint not null constraint opportunities_owner references persons,
  account      text not null default '',
  product      text not null default '',
  stage        text not null,
  outcome      text not null default 'open' constraint opportunities_outcome check (outcome in ('open','won','lost','disqualified')),
  created      date,
  closed       date,
  amount       numeric(18,2),
  currency     text not null,
  segment      text not null default '',
  source       text not null default 'import' constraint opportunities_source check (source in ('import','api','demo')),
  import_id    bigint constraint opportunities_import references imports,
  version      int not null default 1,
  updated_at   timestamptz not null default now()
);
create index opportunities_by_owner on opportunities (owner_id, outcome, closed);
