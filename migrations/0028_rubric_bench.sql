-- +goose Up
-- A round may try a version of the rubric that is not the one its attempts were
-- made under, such as a draft.
alter table calibrations add column rubric_version bigint constraint calibrations_rubric_version references document_versions;
