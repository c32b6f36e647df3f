//! Every reader over every sample with bytes changed, cut, doubled and mixed from a fixed seed: whatever arrives, reading ends with an answer.
//!
//! `make fuzz` runs the same for `RECOUP_FUZZ_ROUNDS` rounds.

use std::path::{Path, PathBuf};

use recoup_extractors::{Hints, read};

/// Rounds for each file in the ordinary tests; a round is one mutation.
const ROUNDS: usize = 12;
/// Pictures and PDFs cost a thousand times more than texts.
const ROUNDS_OF_PAGES: usize = 1;

/// A small generator of numbers: the same at every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit.max(1) as u64).unwrap_or(0)
    }
}

/// Signs that mean something to some reader.
const TELLING: [&[u8]; 16] = [
    b"\0",
    b"'",
    b"~",
    b"*",
    b"+",
    b":",
    b"\n",
    b"\x1d",
    b"\xff\xfe",
    b"<!DOCTYPE x>",
    b"9999999999999999999",
    b"-",
    b"1.234,56",
    b"31.02.2026",
    b"\"",
    b"&#0;",
];

fn mutated(original: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = original.to_vec();
    for _ in 0..=dice.below(4) {
        if bytes.is_empty() {
            break;
        }
        let at = dice.below(bytes.len());
        match dice.below(6) {
            0 => bytes[at] = u8::try_from(dice.below(256)).unwrap_or(0),
            1 => bytes.truncate(at),
            2 => drop(bytes.splice(at..at, TELLING[dice.below(TELLING.len())].iter().copied())),
            3 => drop(bytes.drain(at..(at + dice.below(40)).min(bytes.len()))),
            4 => {
                let piece = bytes[at..(at + dice.below(200)).min(bytes.len())].to_vec();
                drop(bytes.splice(at..at, piece));
            }
            _ => bytes[at] ^= 1 << dice.below(8),
        }
    }
    bytes
}

fn corpus() -> Vec<PathBuf> {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files: Vec<PathBuf> = ["samples/documents", "tests/corpus/bad/documents", "tests/corpus/bad/posted", "tests/fuzz/corpus"]
        .iter()
        .filter_map(|folder| std::fs::read_dir(project.join(folder)).ok())
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.is_file() && !path.to_string_lossy().ends_with(".json"))
        .collect();
    files.sort();
    assert!(files.len() > 100, "the corpus has {} files", files.len());
    files
}

#[test]
fn no_mutation_of_any_document_breaks_a_reader() {
    let rounds = std::env::var("RECOUP_FUZZ_ROUNDS").ok().and_then(|rounds| rounds.parse::<usize>().ok());
    let mut dice = Dice(0x5EED_2026);
    let mut read_count = 0;
    for file in corpus() {
        let original = std::fs::read(&file).expect("a file");
        let paged = recoup_extractors::text::format(&original).is_some();
        // What is slow by nature is left to the long run; bombs are the journeys' to test, in guarded children.
        if rounds.is_none() && (paged || original.len() > 200_000) || original.len() > 2_000_000 {
            continue;
        }
        let rounds = rounds.unwrap_or(if paged { ROUNDS_OF_PAGES } else { ROUNDS });
        for round in 0..rounds {
            let bytes = mutated(&original, &mut dice);
            let answer = std::panic::catch_unwind(|| read(&bytes, &Hints::default()));
            let kept = std::env::temp_dir().join(format!("recoup-fuzz-{}-{round}", file.file_name().unwrap_or_default().to_string_lossy()));
            if answer.is_err() {
                std::fs::write(&kept, &bytes).expect("the breaking bytes are kept");
            }
            let extraction = answer.unwrap_or_else(|_| panic!("{} in round {round}: the bytes are in {}", file.display(), kept.display()));
            assert!(
                !extraction.members.is_empty() || !extraction.reading.doubts.is_empty() || extraction.reading.kind_confidence.thousandths() > 0,
                "{} in round {round}: nothing was understood and nothing said",
                file.display()
            );
            read_count += 1;
        }
    }
    assert!(read_count > 300, "only {read_count} mutations were read");
}
