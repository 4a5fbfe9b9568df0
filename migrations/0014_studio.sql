-- +goose Up
-- A draft is edited in place by whoever made it; its revision counts the edits,
-- so that a save that rests on an older one is seen to.
alter table document_versions add column revision int not null default 1;

-- Why a document is offered to nobody new: an author retired it, or its file
-- is gone from the company's own folder.
alter table documents add column retired_by text constraint documents_retired_by check (retired_by in ('author', 'folder'));
update documents set retired_by = 'author' where retired_at is not null;
alter table documents add constraint documents_retired check ((retired_at is null) = (retired_by is null));

-- What the company's own folder held when it was last brought in; null: nothing.
alter table documents add column folder_sha256 bytea;
