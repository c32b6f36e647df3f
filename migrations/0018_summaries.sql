-- What claims and deductions sum to, kept in the unit of work that changes them, so that a screen never counts the rows themselves.
-- facet says what is summed and key by what: a day, a category, a customer, a stage; detail is a person, or which of several sums; blank is unknown.

create table summaries (facet text not null, key text not null, queue text not null, detail text not null, currency text not null, members bigint not null, amount bigint not null, primary key (facet, key, queue, detail, currency));
create index summaries_empty on summaries (facet) where members = 0;

-- A deduction that waits to be judged again is still closed by the rule that closed it.
drop index deductions_closed;
create index deductions_closed on deductions (sequence) where claim_id is null and category is not null and reversed = false;
