-- +goose Up
-- A piece of news is told once to each person, not once in all.
alter table notices drop constraint notices_dedupe;
alter table notices add constraint notices_dedupe unique (person_id, dedupe);
create index notices_unread on notices (person_id) where read_at is null;

-- What people do not want to be told.
create table notice_mutes (
  person_id  bigint not null constraint notice_mutes_person references persons,
  topic      text not null,
  primary key (person_id, topic)
);
