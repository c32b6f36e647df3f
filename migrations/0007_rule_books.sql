-- Every edition of the rule book that decided something or was published; the last one published is in force.
create table rule_books (version text primary key, files text not null, kept_at text not null);
create table rule_book_publications (sequence bigint primary key, version text not null references rule_books (version), published_at text not null, published_by text not null);
insert into sequences (name, value) values ('rule_book', 0);
