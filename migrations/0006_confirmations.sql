-- What sales said about an agreement, and the links that ask for it. Only the hash of a link's token is kept; used_at makes it single-use.

create table agreement_answers (answer_id text primary key, agreement_id text not null, answer text not null, words text not null, terms text not null, answered_by text not null, answered_on text not null);
create index agreement_answers_agreement on agreement_answers (agreement_id);

create table agreement_links (token_hash text primary key, agreement_id text not null, made_by text not null, expires_on text not null, used_at text);
