-- +goose Up
create table documents (
  id                  bigint generated always as identity primary key,
  kind                text not null constraint documents_kind check (kind in
    ('course','lesson','quiz','cards','scenario','rubric','worksheet','template','program','skills','roles','metrics','media')),
  slug                text not null,
  path                text not null,
  title               text not null default '',
  published_version   bigint,
  retired_at          timestamptz,
  created_at          timestamptz not null default now(),
  constraint documents_kind_slug unique (kind, slug)
);

create table document_versions (
  id             bigint generated always as identity primary key,
  document_id    bigint not null constraint document_versions_document references documents,
  number         int not null,
  state          text not null constraint document_versions_state check (state in ('draft','published','retired')),
  title          text not null default '',
  body           bytea not null,
  sha256         bytea not null,
  note           text not null default '',
  minor          boolean not null default false,
  created_by     bigint constraint document_versions_by references persons,
  created_at     timestamptz not null default now(),
  published_at   timestamptz,
  constraint document_versions_number unique (document_id, number)
);
alter table documents add constraint documents_published foreign key (published_version) references document_versions deferrable initially deferred;

-- A published version is immutable: only its state may move on to retired.
-- +goose StatementBegin
create function keep_published() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and old.state <> 'draft' then
    raise exception 'a published version is never deleted';
  end if;
  if tg_op = 'UPDATE' and old.state <> 'draft' and (new.body, new.number, new.document_id) is distinct from (old.body, old.number, old.document_id) then
    raise exception 'a published version is immutable';
  end if;
  return coalesce(new, old);
end $$;
-- +goose StatementEnd
create trigger document_versions_immutable before update or delete on document_versions for each row execute function keep_published();
