-- A document is found by its name without reading the others.
create index documents_name on documents (name);
