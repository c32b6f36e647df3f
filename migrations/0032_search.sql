-- Whether the search index covers every reading is asked at each search: counted from the index of the table alone.
create index documents_readings on documents (attempts);
