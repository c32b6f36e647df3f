-- What acts, postings and checks look up by; without these each of them reads a whole table.
create index deductions_claim on deductions (claim_id) where claim_id is not null;
create index deductions_allocation on deductions (allocation_id) where allocation_id is not null;
create index bank_payments_payment on bank_payments (payment_id);
create index bank_payments_taken on bank_payments (taken_by) where taken_by is not null;
create index journal_reference on journal (reference) where reference is not null;

drop index invoices_purchase_order;
