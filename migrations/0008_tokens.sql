-- Tokens of other programs: only the hash is kept. api_requests remembers answers by idempotency key, so that a repeated request has one effect.

create table api_tokens (token_hash text primary key, login text not null, name text not null, scopes text not null, expires_on text not null, created_at text not null);

create table api_requests (token_hash text not null, request_key text not null, body_hash text not null, begun_at bigint not null, status bigint, answer text, primary key (token_hash, request_key));
