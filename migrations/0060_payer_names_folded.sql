-- A payer is found by any part of its name, whatever accents and capitals it is written with: names are kept folded beside what the paper says.
alter table payments add column payer_folded text;
drop index payments_payer;
create index payments_payer on payments (payer_folded) where payer_folded is not null;
