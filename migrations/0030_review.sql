-- +goose Up
-- What a card was before a review, so that the last rating can be taken back
-- exactly. A rating taken back stays in the list, and counts nowhere.
alter table card_reviews
  add column face                text not null default '',  -- of the card that was asked
  add column recorded_at         timestamptz not null default now(),
  add column before_stability    double precision,
  add column before_difficulty   double precision,
  add column before_reps         int,
  add column before_lapses       int,
  add column before_due          timestamptz,
  add column before_last_review  timestamptz,
  add column undone_at           timestamptz;
update card_reviews r set face = c.face from card_states c where c.id = r.card_state_id;
create index card_reviews_by_state on card_reviews (card_state_id, id);

-- Days on which nothing is asked and nothing falls due: both ends belong to it.
create table review_holds (
  id          bigint generated always as identity primary key,
  person_id   bigint not null constraint review_holds_person references persons,
  from_day    date not null,
  to_day      date not null,
  set_by      bigint not null constraint review_holds_by references persons,
  created_at  timestamptz not null,
  constraint review_holds_order check (to_day >= from_day)
);
create index review_holds_by_person on review_holds (person_id, from_day);
