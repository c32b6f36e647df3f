-- A recognised debit note number is compared with the notes that its customer sent.
create index documents_customer on documents (customer_id, kind);
