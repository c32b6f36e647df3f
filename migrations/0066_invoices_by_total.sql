-- Whose invoices a paper of an unknown payer lists is asked by their amounts.
create index invoices_by_total on invoices (total_amount);
