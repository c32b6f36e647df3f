//! Debit notes, deliveries and other supporting papers.

pub mod agreement;
pub mod articles;
pub mod classify;
pub mod debit_note;
pub mod delivery;
pub(crate) mod e_invoice;
pub(crate) mod edifact_papers;
pub mod fields;
pub mod masthead;
pub mod payment_number;
pub mod references;
pub mod rows;
pub mod supporting;
pub mod x12_812;
pub(crate) mod x12_papers;
