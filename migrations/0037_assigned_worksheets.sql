-- +goose Up
-- A worksheet can be assigned; it is done when it is handed in.
alter table assignments drop constraint assignments_kind;
alter table assignments add constraint assignments_kind check (kind in ('course', 'lesson', 'scenario', 'worksheet', 'topic'));
