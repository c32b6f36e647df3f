-- A link that makes one account, once; only the hash of its token is kept.
create table invitations (
    token_hash text primary key, login text not null, name text not null, role text not null, made_by text not null, expires_on text not null, used_at text
);
