-- A person's no: these items together are not what this money of the bank pays. Never proposed again.
create table refused_matches (
    bank_payment_id text not null, items text not null, refused_at text not null, refused_by text not null, reason text not null, primary key (bank_payment_id, items)
);
