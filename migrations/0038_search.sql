-- +goose Up
-- What a search finds of a published document: only what those who may open
-- its page may read. Keys, the buyer's side and beats never come here.
create table search_entries (
  document_id  bigint not null constraint search_entries_document references documents on delete cascade,
  part         text not null default '',  -- slug of a skill; empty: the whole document
  version_id   bigint not null constraint search_entries_version references document_versions on delete cascade,
  form         int not null,               -- of the program that wrote it; another form is written anew
  audience     text not null constraint search_entries_audience check (audience in ('everyone', 'practice', 'leads')),
  title        text not null,
  lead         text not null,
  body         text not null,
  words        tsvector not null,
  primary key (document_id, part)
);
create index search_entries_words on search_entries using gin (words);

-- The words of all entries, from which a misspelt one is guessed.
create table search_words (
  word      text primary key,
  everyone  boolean not null  -- in a document that is for everyone
);

-- What people wrote is found where it stands.
create index coaching_sessions_words on coaching_sessions using gin (to_tsvector('english', shared_note));
create index commitments_words on commitments using gin (to_tsvector('english', behaviour || ' ' || evidence));
create index sheets_words on sheets using gin (to_tsvector('english', keep || ' ' || try_next));
create index sheet_comments_words on sheet_comments using gin (to_tsvector('english', text));
create index attempts_words on attempts using gin (to_tsvector('english', reflection));
