//! Work behind the desk: reading documents in guarded child processes.

pub mod child;
pub mod readers;
