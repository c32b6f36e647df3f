-- The series that our invoices are numbered in, by which readers know our numbers; filled by imports.
create table own_number_series (series text primary key);
