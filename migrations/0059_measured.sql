-- What grows with the books and was read at every look: the customers with most of a measure, and whether the search index is old.
create index summaries_measures on summaries (detail, queue, key, currency, members, amount) where facet = 'customer';
insert into sequences (name, value) values ('words', 0);
drop index documents_readings;
