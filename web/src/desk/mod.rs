//! The use cases: the only place that opens a unit of work.
//!
//! - [`import`]: reference data
//! - [`receive`]: keep and record what arrives, then acknowledge
//! - [`reading`]: pending documents through the guarded children
//! - [`layouts`]: how a paper was read, said by a person, and learnt for the next one
//! - [`corrections`], [`review`]: what a person sets right on a reading, and how sure each of its values is
//! - [`which_holds`]: a person's word on two papers that tell one payment differently
//! - [`likely_payer`]: whose paper it may be when nobody is known by its payer
//! - [`process`]: everything that waits, in its order
//! - [`propose`]: deal sheets as proposed agreements
//! - [`recovery`]: what a claim may bring back
//! - [`settle`]: payments onto open items
//! - [`triage`]: verdicts, desks and claims
//! - [`categorise`]: a person's word on what a deduction claims
//! - [`learn`]: what decided deductions teach about those that give no reason
//! - [`rule_book`], [`drafts`], [`backtest`]: the rules in force, drafts that people change, and what a draft would have changed
//! - [`rejudge`], [`runs`]: what is on file judged anew by the book in force; long work behind the pages
//! - [`refuse`]: a person's no to a match
//! - [`resolve`]: what people do with claims, alone and in bulk
//! - [`confirm`]: what sales say about an agreement
//! - [`overview`], [`workload`], [`causes`], [`coming`]: the figures that managers watch
//! - [`people`], [`invitations`], [`authority`]: roles and passwords, links that ask somebody in, limits and who lends them
//! - [`export`], [`verify`]: what scripts take away

pub mod authority;
pub mod backtest;
pub mod categorise;
pub mod causes;
pub mod check_delivery;
pub mod coming;
pub mod confirm;
pub mod corrections;
pub mod drafts;
pub mod export;
pub mod import;
pub mod invitations;
pub mod layouts;
pub mod learn;
pub mod likely_payer;
pub mod overview;
pub mod payer;
pub mod people;
pub mod process;
pub mod propose;
pub mod reading;
pub mod receive;
pub mod recovery;
pub mod refuse;
pub mod rejudge;
pub mod resolve;
pub mod review;
pub mod rule_book;
pub mod runs;
pub mod settle;
pub mod sums;
pub mod triage;
pub mod verify;
pub mod which_holds;
pub mod workload;

/// Shows how far long work is; silent when nobody watches.
#[derive(Clone, Debug)]
pub struct Progress(indicatif::ProgressBar);

impl Progress {
    /// A bar on a terminal, nothing when standard error is piped.
    pub fn new(what: &str, length: u64) -> Self {
        let bar = indicatif::ProgressBar::with_draw_target(Some(length), indicatif::ProgressDrawTarget::stderr());
        if let Ok(style) = indicatif::ProgressStyle::with_template("{msg:22} [{bar:30}] {pos}/{len} {eta}") {
            bar.set_style(style);
        }
        bar.set_message(what.to_owned());
        Self(bar)
    }

    pub fn advance(&self, by: u64) {
        self.0.inc(by);
    }

    pub fn extend(&self, by: u64) {
        self.0.inc_length(by);
    }

    pub fn finish(&self) {
        self.0.finish_and_clear();
    }
}
