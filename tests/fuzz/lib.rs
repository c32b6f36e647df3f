//! What every target asks: whatever bytes arrive, reading ends, and it says something.

use libfuzzer_sys::Corpus;
use recoup_extractors::sniff::{self, Family};
use recoup_extractors::{Hints, read};

/// Reads bytes of some families; other bytes are not kept as seeds.
pub fn reads(families: &[Family], bytes: &[u8]) -> Corpus {
    if !families.contains(&sniff::family(bytes)) {
        return Corpus::Reject;
    }
    let extraction = read(bytes, &Hints::default());
    let reading = &extraction.reading;
    assert!(
        !extraction.members.is_empty() || !reading.doubts.is_empty() || reading.kind_confidence.thousandths() > 0,
        "nothing was understood and nothing said"
    );
    Corpus::Keep
}
