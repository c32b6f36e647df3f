//! The words of the log for acts on people and papers, as their writers and the texts of the pages share them.

pub const INVITED: &str = "invited a person";
pub const INVITATION_WITHDRAWN: &str = "withdrew an invitation";
/// An administrator made a link by which somebody who is here already sets a new password.
pub const PASSWORD_LINK: &str = "made a password link";
pub const PASSWORD_SET: &str = "set a password";
pub const PERSON_ADDED: &str = "added a person";
pub const LIMITS_LENT: &str = "lent limits";
pub const PAPER_TAKEN_IN: &str = "took in a paper";

/// All of them: each stands in the table of texts.
#[cfg(test)]
pub const ALL: [&str; 7] = [INVITED, INVITATION_WITHDRAWN, PASSWORD_LINK, PASSWORD_SET, PERSON_ADDED, LIMITS_LENT, PAPER_TAKEN_IN];
