//! Prints the rows that the words of a document form: `cargo run --example rows FILE`.

use recoup_extractors::{layout, text};

fn main() {
    for file in std::env::args().skip(1) {
        let read = text::pages(&std::fs::read(&file).expect("a readable file"));
        for row in read.pages.iter().flat_map(layout::rows) {
            let stretches: Vec<String> = row.stretches(2.5).into_iter().map(layout::joined).collect();
            println!("{} {:6.1} {}", row.page, row.top(), stretches.join(" | "));
        }
    }
}
