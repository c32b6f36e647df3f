//! Who else looks at a claim now. Nothing of it is kept: it is forgotten with the process.

use std::collections::HashMap;
use std::sync::Mutex;

/// Somebody who looked within this time is taken to be looking.
const SECONDS: i64 = 60;

/// The last looks: claim, then name and time.
#[derive(Debug, Default)]
pub struct Present(Mutex<HashMap<String, Vec<(String, i64)>>>);

impl Present {
    /// Notes a look; returns the names of the others.
    pub fn look(&self, claim_id: &str, name: &str, now: i64) -> Vec<String> {
        let mut looks = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        looks.retain(|_, seen| {
            seen.retain(|(_, at)| now - at < SECONDS);
            !seen.is_empty()
        });
        let seen = looks.entry(claim_id.to_owned()).or_default();
        seen.retain(|(other, _)| other != name);
        let others = seen.iter().map(|(other, _)| other.clone()).collect();
        seen.push((name.to_owned(), now));
        others
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_are_seen_for_a_minute() {
        let present = Present::default();
        assert!(present.look("C-1", "Mara", 0).is_empty());
        assert_eq!(present.look("C-1", "Jonas", 10), ["Mara"]);
        assert!(present.look("C-2", "Jonas", 10).is_empty());
        assert_eq!(present.look("C-1", "Mara", 69), ["Jonas"]);
        assert!(present.look("C-1", "Mara", 130).is_empty());
    }
}
