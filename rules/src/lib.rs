//! Policy as data: what words and codes mean, how much is let go, which desk works what.
//!
//! Architecture invariant: no files, no clock, no store; a book is built from texts that the caller read. Analysts edit the texts in
//! `rules/books`, this crate only reads and explains them.
//!
//! - [`bank_fees`]: what banks typically keep of a transfer
//! - [`book`]: a rule book, loaded and checked
//! - [`edition`]: the files of a book as analysts edit them
//! - [`check`]: what is wrong or doubtful in a book
//! - [`classify`]: what a deduction claims, from its code, words and the records it names
//! - [`decide`]: the whole decision on one deduction, with its why
//! - [`examples`]: tables of cases with the decision each expects
//! - [`learnt`]: what past decisions teach where code and words are silent
//! - [`legal`]: what the law of the customer's country says, as advice
//! - [`sheet`]: a table as rows of cells, and what differs between two
//! - [`table`]: decision tables, first hit wins and says which row it was
//! - [`small_claims`]: when a claim is worth its work
//! - [`route`]: the desk, priority and deadline of a judged deduction

pub mod bank_fees;
pub mod book;
pub mod check;
pub mod classify;
pub mod decide;
pub mod edition;
pub mod examples;
pub mod learnt;
pub mod legal;
pub mod route;
pub mod sheet;
pub mod small_claims;
pub mod table;
