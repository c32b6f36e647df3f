-- The life of a claim. facts is its state as JSON; state, waiting_on, wake_on, decided_by and decided_on repeat of it what lists filter by.
-- root_claim_id is the claim that a split began with; worked tells that a person acted, so that judging again leaves it alone.

alter table claims add column deduction_id text;
alter table claims add column root_claim_id text;
alter table claims add column state text not null default 'new';
alter table claims add column facts text not null default '{"state":"new"}';
alter table claims add column accepted bigint not null default 0;
alter table claims add column disputed bigint not null default 0;
alter table claims add column written_off bigint not null default 0;
alter table claims add column recovered bigint not null default 0;
alter table claims add column worked boolean not null default false;
alter table claims add column amount_changed_by text;
alter table claims add column waiting_on text;
alter table claims add column wake_on text;
alter table claims add column decided_by text;
alter table claims add column decided_on text;

update claims set root_claim_id = claim_id, deduction_id = (select d.deduction_id from deductions d where d.claim_id = claims.claim_id order by d.sequence, d.line, d.part limit 1);
update claims set state = 'in_review', facts = '{"state":"in_review"}', worked = true where assignee is not null;

create index claims_root on claims (root_claim_id);
create index claims_deduction on claims (deduction_id);
create index claims_state on claims (state, decided_on);
create index audit_subject on audit (subject, sequence);

-- What a person may settle alone, in minor units, and to whom it is lent from a day to a day.
create table approval_limits (login text not null, outcome text not null, currency text not null, amount bigint not null, primary key (login, outcome, currency));
create table delegations (from_login text not null, to_login text not null, starts_on text not null, ends_on text not null, primary key (from_login, to_login, starts_on));

-- A list under a name: a person's own, or the team's when owner is null.
create table saved_views (view_id text primary key, owner text, name text not null, query text not null);

-- Claims chosen for one act, frozen when it was previewed; report tells what became of each once it ran.
create table selections (selection_id text primary key, login text not null, action text not null, claims text not null, created_at text not null, report text);
