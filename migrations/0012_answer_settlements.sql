-- What an answer about an agreement let rules settle without anybody's decision: limits count it with the answers that follow.

create table answer_settlements (answer_id text not null references agreement_answers (answer_id), agreement_id text not null, currency text not null, amount bigint not null, settled_on text not null, primary key (answer_id, currency));
create index answer_settlements_agreement on answer_settlements (agreement_id, settled_on);
