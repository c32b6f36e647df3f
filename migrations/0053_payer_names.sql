-- Searching finds payments by how the payer's name begins.
create index payments_payer on payments (lower(payer_name));
