-- What arrived and what became of it.

create table sequences (name text primary key, value bigint not null);
insert into sequences (name, value) values ('document', 0), ('payment', 0), ('audit', 0);

create table documents (
    document_id text primary key, sequence bigint not null unique, name text not null, sha256 text not null, container_id text, byte_count bigint not null, received_at text not null,
    status text not null, problem text, kind text not null, kind_confidence bigint not null, format text not null, language text, pages bigint not null, text_source text not null,
    customer_id text, customer_why text, number text, document_date text, total text, currency text, fields text not null, doubts text not null, linked_to text, words text not null,
    attempts bigint not null, settled boolean not null
);
create index documents_sha256 on documents (sha256);
create index documents_status on documents (status, sequence);
create index documents_unsettled on documents (sequence) where settled = false;
create index documents_number on documents (number) where number is not null;

-- Every acknowledgement: the same bytes may arrive many times.
create table receipts (receipt_id text primary key, document_id text not null references documents (document_id), name text not null, received_at text not null);

create table payments (
    payment_id text primary key, sequence bigint not null unique, document_id text, bank_payment_id text, payer_name text, customer_id text, customer_why text, payment_date text, amount bigint not null,
    currency text not null, reference text, reference_key text, allocated bigint not null, on_account bigint not null, status text not null, reversed boolean not null, doubts text not null
);
create index payments_document on payments (document_id);
create index payments_reference on payments (reference_key) where reference_key is not null;
create index payments_customer on payments (customer_id, payment_date);

create table allocations (
    allocation_id text primary key, sequence bigint not null, line bigint not null, payment_id text not null references payments (payment_id), document_id text, customer_id text not null,
    invoice_number text not null, gross bigint not null, discount bigint not null, deducted bigint not null, paid bigint not null, currency text not null, method text not null,
    confidence bigint not null, place text, reversed boolean not null, check (gross = discount + deducted + paid)
);
create index allocations_invoice on allocations (invoice_number);
create index allocations_payment on allocations (payment_id);

-- One row for one amount held back: the facts never change, the verdict beside them is renewed when evidence arrives.
create table deductions (
    deduction_id text primary key, sequence bigint not null, line bigint not null, part bigint not null, payment_id text not null references payments (payment_id), allocation_id text references allocations (allocation_id),
    document_id text, place text, shape text not null, customer_id text, invoice_number text, debit_note_number text, amount bigint not null, currency text not null, settled_gross bigint,
    code text, code_list text not null, words text, within_tolerance boolean not null, reading_confidence bigint not null, reversed boolean not null, needs_verdict boolean not null,
    category text, category_why text, expectation text, validity text, valid_amount bigint, confidence bigint, agreement_id text, explanation text, evidence text, rule text, book text,
    queue text, priority text, approval_level bigint, routing_rule text, work_by text, dispute_by text, status text not null, assignee text, claim_id text
);
create index deductions_payment on deductions (payment_id);
create index deductions_customer on deductions (customer_id, sequence);
create index deductions_pending on deductions (sequence) where needs_verdict = true;
create index deductions_agreement on deductions (agreement_id) where agreement_id is not null;
create index deductions_debit_note on deductions (debit_note_number) where debit_note_number is not null;
create index deductions_invoice on deductions (invoice_number) where invoice_number is not null;

create table claims (
    claim_id text primary key, sequence bigint not null, customer_id text, category text not null, amount bigint not null, currency text not null, queue text not null, priority text not null,
    approval_level bigint not null, status text not null, assignee text, opened_on text, work_by text, dispute_by text, version bigint not null
);
create index claims_queue on claims (queue, status, dispute_by);
create index claims_customer on claims (customer_id);

-- Double entry: every entry sums to zero per currency; corrected by counter-entries, never changed.
create table journal (entry_id text not null, line bigint not null, payment_id text not null, account text not null, reference text, amount bigint not null, currency text not null, primary key (entry_id, line));
create index journal_payment on journal (payment_id);

create table audit (sequence bigint primary key, at text not null, actor text not null, action text not null, subject text not null, detail text not null, previous_hash text not null, hash text not null);

create table users (user_id text primary key, login text not null unique, name text not null, role text not null, password_hash text not null, active boolean not null, created_at text not null);
create table sessions (token_hash text primary key, user_id text not null references users (user_id), created_at bigint not null, last_seen_at bigint not null);
