-- +goose Up
-- A criterion whose trigger never came is told apart from one that nobody could
-- observe. For the total both are left out, so not_triggered implies
-- not_observed; the reason says what never came.
alter table sheet_scores add column not_triggered boolean not null default false;
alter table sheet_scores add column reason text not null default '';
alter table sheet_scores add constraint sheet_scores_triggered check (not not_triggered or not_observed);
