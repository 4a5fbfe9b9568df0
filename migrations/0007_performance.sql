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
  columns      text[] not null default '{}',
  samples      jsonb not null default '[]',   -- three sample values a column
  mapping      jsonb not null default '{}',   -- field -> column
  value_maps   jsonb not null default '{}',   -- field -> {value: meaning}
  date_format  text not null default '',
  state        text not null default 'mapping' constraint imports_state check (state in ('mapping','previewing','previewed','importing','imported','undoing','undone','failed')),
  rows_read    bigint not null default 0,
  to_create    bigint not null default 0,
  to_update    bigint not null default 0,
  unchanged    bigint not null default 0,
  errors       bigint not null default 0,
  skipped      bigint not null default 0,     -- footer and blank lines
  failure      text not null default '',
  created_by   bigint not null constraint imports_by references persons,
  created_at   timestamptz not null default now(),
  imported_at  timestamptz,
  undone_at    timestamptz,
  version      int not null default 1
);
create index imports_by_person on imports (created_by, id desc);

-- Each row of the file as read, judged in sets; emptied of good rows once imported.
create unlogged table import_rows (
  import_id  bigint not null,
  row        bigint not null,
  key        text not null,
  data       jsonb not null,
  action     text constraint import_rows_action check (action in ('create','update','unchanged')),
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
  subject    text not null,   -- 'person', 'team', 'membership', 'management', 'opportunity'
  subject_id text not null,
  before     jsonb,
  after_hash text not null default ''
);
create index import_changes_by_import on import_changes (import_id);

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
