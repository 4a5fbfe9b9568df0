-- +goose Up
create table company (
  id                boolean primary key default true constraint company_single check (id),
  name              text not null default 'Your company',
  currency          text not null default 'EUR' constraint company_currency check (currency ~ '^[A-Z]{3}$'),
  time_zone         text not null default 'UTC',
  retention_days    int  not null default 180 constraint company_retention check (retention_days between 1 and 3650),
  dispute_days      int  not null default 14 constraint company_dispute_days check (dispute_days between 1 and 365),
  policy_text       text not null default 'Used for development only. Role-play scores never enter pay or ranking reports.',
  version           int  not null default 1,
  updated_at        timestamptz not null default now()
);
insert into company default values;

create table persons (
  id             bigint generated always as identity primary key,
  email          text,
  name           text not null constraint persons_name check (btrim(name) <> '' and length(name) <= 200),
  role_family    text not null default 'AE' constraint persons_role_family check (btrim(role_family) <> ''),
  region         text not null default '',
  hire_date      date,
  end_date       date,
  capabilities   text[] not null default '{rep}' constraint persons_capabilities check (capabilities <@ '{rep,coach,manager,author,admin}'),
  time_zone      text not null default 'UTC',
  locale         text not null default 'en',
  active         boolean not null default true,
  password_hash  text,
  source         text not null default 'page' constraint persons_source check (source in ('page','api','import','command','demo')),
  version        int not null default 1,
  created_at     timestamptz not null default now(),
  updated_at     timestamptz not null default now(),
  constraint persons_email_or_import check (email is not null or source = 'import')
);
create unique index persons_email on persons (lower(email));
create index persons_name on persons (lower(name));

create table teams (
  id          bigint generated always as identity primary key,
  name        text not null constraint teams_name check (btrim(name) <> ''),
  parent_id   bigint constraint teams_parent references teams,
  created_at  timestamptz not null default now(),
  ended_at    date
);
create unique index teams_unique_name on teams (coalesce(parent_id, 0), lower(name)) where ended_at is null;

-- Relations carry effective dates: valid_from inclusive, valid_to exclusive.
create table memberships (
  id          bigint generated always as identity primary key,
  person_id   bigint not null constraint memberships_person references persons,
  team_id     bigint not null constraint memberships_team references teams,
  valid_from  date not null default current_date,
  valid_to    date,
  constraint memberships_dates check (valid_to is null or valid_to >= valid_from)
);
create unique index memberships_current on memberships (person_id) where valid_to is null;
create index memberships_by_team on memberships (team_id);

create table managements (
  id          bigint generated always as identity primary key,
  manager_id  bigint not null constraint managements_manager references persons,
  person_id   bigint not null constraint managements_person references persons,
  valid_from  date not null default current_date,
  valid_to    date,
  constraint managements_not_self check (manager_id <> person_id),
  constraint managements_dates check (valid_to is null or valid_to >= valid_from)
);
create unique index managements_current on managements (person_id) where valid_to is null;
create index managements_by_manager on managements (manager_id);

create table coachings (
  id          bigint generated always as identity primary key,
  coach_id    bigint not null constraint coachings_coach references persons,
  person_id   bigint not null constraint coachings_person references persons,
  valid_from  date not null default current_date,
  valid_to    date,
  constraint coachings_not_self check (coach_id <> person_id),
  constraint coachings_dates check (valid_to is null or valid_to >= valid_from)
);
create index coachings_by_coach on coachings (coach_id);
create index coachings_by_person on coachings (person_id);

-- +goose StatementBegin
create function managed_by(manager bigint, day date default current_date) returns setof bigint
language sql stable as $$
  with recursive below(id) as (
    select person_id from managements
    where manager_id = manager and valid_from <= day and (valid_to is null or valid_to > day)
    union
    select m.person_id from managements m join below b on m.manager_id = b.id
    where m.valid_from <= day and (m.valid_to is null or m.valid_to > day)
  )
  select id from below where id <> manager
$$;
-- +goose StatementEnd
comment on function managed_by is 'The people below a manager on a day, however deep; never the manager.';

-- +goose StatementBegin
create function coached_by(coach bigint, day date default current_date) returns setof bigint
language sql stable as $$
  select person_id from coachings
  where coach_id = coach and valid_from <= day and (valid_to is null or valid_to > day)
$$;
-- +goose StatementEnd
comment on function coached_by is 'The people a coach coaches on a day.';

create table web_sessions (
  id            bigint generated always as identity primary key,
  token_hash    bytea not null constraint web_sessions_token unique,
  person_id     bigint not null constraint web_sessions_person references persons,
  user_agent    text not null default '',
  created_at    timestamptz not null default now(),
  last_seen_at  timestamptz not null default now(),
  expires_at    timestamptz not null,
  revoked_at    timestamptz
);
create index web_sessions_by_person on web_sessions (person_id);

create table sign_in_failures (
  key           text not null,
  at            timestamptz not null default now()
);
create index sign_in_failures_by_key on sign_in_failures (key, at);

create table invitations (
  id          bigint generated always as identity primary key,
  token_hash  bytea not null constraint invitations_token unique,
  person_id   bigint not null constraint invitations_person references persons,
  created_by  bigint constraint invitations_by references persons,
  created_at  timestamptz not null default now(),
  expires_at  timestamptz not null,
  used_at     timestamptz
);

create table api_tokens (
  id            bigint generated always as identity primary key,
  person_id     bigint not null constraint api_tokens_person references persons,
  token_hash    bytea not null constraint api_tokens_token unique,
  scopes        text[] not null,
  label         text not null default '',
  created_at    timestamptz not null default now(),
  last_used_at  timestamptz,
  revoked_at    timestamptz
);
create index api_tokens_by_person on api_tokens (person_id);

create table idempotency_keys (
  person_id   bigint not null constraint idempotency_keys_person references persons,
  key         text not null,
  method      text not null,
  path        text not null,
  body_hash   bytea not null,
  status      int,
  response    bytea,
  content_type text,
  created_at  timestamptz not null default now(),
  primary key (person_id, key, method, path)
);

create table audit_log (
  id          bigint generated always as identity primary key,
  at          timestamptz not null default now(),
  actor_id    bigint constraint audit_log_actor references persons,
  act         text not null,
  person_id   bigint constraint audit_log_person references persons,
  subject     text not null default '',
  detail      jsonb not null default '{}'
);
create index audit_log_by_person on audit_log (person_id, id desc);
-- +goose StatementBegin
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name;
end $$;
-- +goose StatementEnd
create trigger audit_log_append_only before update or delete on audit_log for each row execute function refuse_change();

create table notices (
  id          bigint generated always as identity primary key,
  person_id   bigint not null constraint notices_person references persons,
  kind        text not null,
  text        text not null,
  link        text not null default '',
  dedupe      text constraint notices_dedupe unique,
  created_at  timestamptz not null default now(),
  read_at     timestamptz
);
create index notices_by_person on notices (person_id, id desc);
