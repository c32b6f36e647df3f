-- What searching by an amount, the largest of a queue and the customers with most open read; the wide index of unfinished claims is no longer read by anything.

drop index claims_open;
create index claims_unfinished_queue_largest on claims (queue, (-amount), claim_id) where status in ('open', 'waiting');
create index deductions_amount on deductions (amount);
create index summaries_detail on summaries (facet, detail);
