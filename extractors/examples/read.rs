//! Prints what is read from payment advices on paper, one JSON object a file: `cargo run --example read FILE…`.

use recoup_extractors::{Hints, remittance::advice, text};

fn main() {
    for file in std::env::args().skip(1) {
        let bytes = std::fs::read(&file).expect("a readable file");
        let started = std::time::Instant::now();
        let pages = match text::format(&bytes) {
            Some(_) => text::pages(&bytes),
            None => text::pages_of_plain_text(&String::from_utf8_lossy(&bytes)),
        };
        let recognised = started.elapsed().as_millis();
        let (advices, doubts, fields) = advice::read(&pages, &Hints::default());
        let read = serde_json::json!({
            "file": file, "source": pages.source, "pages": pages.pages.len(), "page_doubts": pages.doubts, "doubts": doubts, "fields": fields, "advices": advices,
            "text_milliseconds": recognised, "milliseconds": started.elapsed().as_millis(),
        });
        println!("{read}");
    }
}
