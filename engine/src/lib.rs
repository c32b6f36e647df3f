//! The pure part of Recoup: the nouns of the trade and every decision about them.
//!
//! Architecture invariant: nothing here reads a file, a clock, a database, the network, the environment or a source of randomness, and no
//! binary float comes near money. Everything a decision needs is an argument.
//!
//! - [`money`]: exact amounts in minor units
//! - [`reading`]: what a reader makes of a document, with places and doubts
//! - [`remittance`], [`supporting`]: the documents of the trade in one canonical form

pub mod money;
pub mod reading;
pub mod remittance;
pub mod supporting;
