//! Work behind the desk: reading documents in guarded child processes, watching folders.

pub mod child;
pub mod readers;
pub mod watch;
