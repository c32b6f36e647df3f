-- The worklist filters and sorts claims by their own columns, in the order of an index: it reads the rows of a page and no others.

update claims set (customer_id, category, work_by, dispute_by) =
    (select d.customer_id, coalesce(d.category, claims.category), d.work_by, d.dispute_by from deductions d where d.deduction_id = claims.deduction_id)
    where claim_id <> root_claim_id;

drop index claims_queue;
drop index claims_customer;
drop index deductions_closed;
create index claims_expiry on claims (dispute_by, claim_id);
create index claims_customer on claims (customer_id, dispute_by, claim_id);
create index claims_unfinished on claims (dispute_by, claim_id) where status in ('open', 'waiting');
create index claims_unfinished_queue on claims (queue, dispute_by, claim_id) where status in ('open', 'waiting');
create index claims_unfinished_person on claims (assignee, dispute_by, claim_id) where status in ('open', 'waiting');
create index claims_unfinished_category on claims (category, dispute_by, claim_id) where status in ('open', 'waiting');
create index claims_unfinished_largest on claims ((-amount), claim_id) where status in ('open', 'waiting');
create index claims_unfinished_oldest on claims ((coalesce(opened_on, '9999')), claim_id) where status in ('open', 'waiting');
create index deductions_closed on deductions (dispute_by, deduction_id) where claim_id is null and category is not null and reversed = false;
create index deductions_category on deductions (category, dispute_by, deduction_id) where category is not null and reversed = false;
