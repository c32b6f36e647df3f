-- Drafts of the rule book: the edition they began from and the files that differ from it. A draft that waits for publication is not changed.
create table rule_drafts (
    draft_id text primary key, name text not null, base text not null references rule_books (version), files text not null, state text not null,
    made_by text not null, made_at text not null, editors text not null, changed_by text not null, changed_at text not null, proposed_by text,
    note text not null, published_as text references rule_books (version), version bigint not null
);
create index rule_drafts_state on rule_drafts (state);
-- What a draft would have changed: one run a draft, renewed by the next.
create table rule_backtests (
    draft_id text primary key references rule_drafts (draft_id), run_id text not null, book text not null, draft text not null, state text not null,
    decided bigint not null, total bigint not null, seen_at bigint not null, report text, problem text, begun_by text not null, begun_at text not null
);
create table rule_backtest_changes (
    draft_id text not null references rule_drafts (draft_id), place bigint not null, deduction_id text not null, customer_id text not null,
    amount bigint not null, currency text not null, moved bigint not null, was text not null, becomes text not null, primary key (draft_id, place)
);
