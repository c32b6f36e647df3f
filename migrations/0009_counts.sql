-- What the worklist counts beside its views, from indexes alone.

create index deductions_closed on deductions (sequence) where claim_id is null and needs_verdict = false and reversed = false;
create index claims_open on claims (status, state, queue, assignee, dispute_by, wake_on, waiting_on);
