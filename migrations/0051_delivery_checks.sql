-- What a person read from the paper of a delivery, article by article, where no record of ours tells. A later check withdraws the one before; nothing is
-- deleted.
create table delivery_checks (
    check_id text primary key, invoice_number text not null, sku text not null, version bigint not null,
    received_quantity text not null, refused_quantity text not null, damaged_quantity text not null, unit text,
    delivered_on text not null, document_id text, paper text, noted_by text not null, noted_at text not null, withdrawn boolean not null,
    unique (invoice_number, sku, version)
);
