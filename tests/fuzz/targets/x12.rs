//! X12 transaction sets of every kind.

#![no_main]

use libfuzzer_sys::fuzz_target;
use recoup_extractors::sniff::Family;

fuzz_target!(|bytes: &[u8]| -> libfuzzer_sys::Corpus { recoup_fuzz::reads(&[Family::X12], bytes) });
