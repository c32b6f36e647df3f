-- What was taken from watched folders: a file is taken once for each content it had.
create table watched_files (
    path text primary key, byte_count bigint not null, modified_at_millis bigint not null, sha256 text not null, document_id text not null, taken_at text not null
);

-- Layouts that people confirmed for a sender's papers, and what they corrected on one document.
create table known_layouts (
    layout_id text primary key, sender text not null, customer_id text, layout text not null, document_id text not null references documents (document_id),
    confirmed_at text not null, confirmed_by text not null
);
create table corrections (
    document_id text primary key references documents (document_id), facts text not null, corrected_at text not null, corrected_by text not null
);
