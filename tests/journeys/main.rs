//! Journeys through the program as a person or a script runs it.

mod architecture;
mod bad_input;
mod by_hand;
mod claims;
mod coming;
mod command_line;
mod crash;
mod joining;
mod late_evidence;
mod learning;
mod reading;
mod refusing;
mod rules;
mod samples;
mod searching;
mod small_claims;
mod summaries;
mod tidy;
mod under_load;
