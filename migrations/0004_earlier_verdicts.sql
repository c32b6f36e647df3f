-- What a verdict said before a later one replaced it, numbered from 1 in the order in which they were given.
create table earlier_verdicts (
    deduction_id text not null references deductions (deduction_id), version bigint not null, category text not null, category_why text, expectation text not null, validity text not null, valid_amount bigint,
    confidence bigint not null, agreement_id text, explanation text not null, evidence text not null, rule text not null, book text not null, queue text not null, routing_rule text not null,
    primary key (deduction_id, version)
);

-- All the words that the verdict was given on: those of the line, of its code and of its debit note.
alter table deductions add column judged_words text;

-- Records of goods that name the order only.
create index invoices_purchase_order on invoices (purchase_order) where purchase_order is not null;
create index deliveries_purchase_order on deliveries (purchase_order) where invoice_number is null;
create index shipments_purchase_order on shipments (purchase_order) where invoice_number is null;
