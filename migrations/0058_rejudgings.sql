-- Judging anew by a version of the rules what nobody decided: how far the last run is, and what it came to.
create table rejudgings (
    run_id text primary key, book text not null, state text not null, decided bigint not null, total bigint not null, changed bigint not null,
    seen_at bigint not null, problem text, begun_by text not null, begun_at text not null
);
