-- +goose Up
-- The version of a lesson that a learner was asked about and did not move to.
alter table lesson_progress add column stays_with bigint constraint lesson_progress_stays references document_versions;
