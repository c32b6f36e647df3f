-- What was learnt from decided deductions; the last one decides, earlier ones explain what they proposed.
create table learnt_models (version text primary key, sequence bigint not null unique, model text not null, lessons bigint not null, trained_at text not null, trained_by text not null);
insert into sequences (name, value) values ('learnt_model', 0);
-- The model that looked at a deduction when it was judged; null before anything was learnt.
alter table deductions add column learnt text;
