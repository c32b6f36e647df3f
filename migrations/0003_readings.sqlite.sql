-- What the reader made of a document, deflated JSON; renewed when the document is read again.
create table readings (document_id text primary key references documents (document_id), body blob not null);
