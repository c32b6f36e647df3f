//! Debit notes, deliveries and other supporting papers.
