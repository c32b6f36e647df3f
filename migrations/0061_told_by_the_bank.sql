-- What a bank passes on in structure beside money, kept with it: the lines of an advice as JSON.
alter table bank_payments add column told text;
