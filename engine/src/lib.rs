//! The pure part of Recoup: the nouns of the trade and every decision about them.
//!
//! Architecture invariant: nothing here reads a file, a clock, a database, the network, the environment or a source of randomness, and no
//! binary float comes near money. Everything a decision needs is an argument.
//!
//! - [`money`], [`calendar`], [`units`]: exact amounts, payment terms, quantities
//! - [`reading`], [`remittance`], [`supporting`]: what readers make of documents, in one canonical form
//! - [`party`], [`invoice`], [`agreement`], [`shipment`]: the nouns of the trade as the reference files describe them
//! - [`reference`], [`numbering`], [`wording`]: document numbers and words as people write them
//! - [`matching`], [`allocation`], [`by_hand`]: payments onto open items, the short amounts as deductions
//! - [`calibration`]: whether verdicts were as often right as they were sure
//! - [`recovery`], [`forecast`]: what a claim may bring back and what may be deducted next, from what happened before
//! - [`consumption`]: the units that agreements paid for, each once
//! - [`claim`]: what people do with a claim, step by step, and how much they may settle alone
//! - [`taxonomy`], [`facts`], [`history`], [`verdict`], [`evidence`]: what is claimed, what is on file, what is owed and why

pub mod agreement;
pub mod allocation;
pub mod by_hand;
pub mod calendar;
pub mod calibration;
pub mod claim;
pub mod consumption;
pub mod evidence;
pub mod facts;
pub mod forecast;
pub mod history;
pub mod invoice;
pub mod lists;
pub mod matching;
pub mod money;
pub mod numbering;
pub mod party;
pub mod reading;
pub mod recovery;
pub mod reference;
pub mod remittance;
pub mod sentence;
pub mod shipment;
pub mod supporting;
pub mod taxonomy;
pub mod units;
pub mod verdict;
pub mod wording;
