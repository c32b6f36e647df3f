//! Prints the words of a document with their boxes, one a line: `cargo run --example words FILE`.

use recoup_extractors::text;

fn main() {
    for file in std::env::args().skip(1) {
        let bytes = std::fs::read(&file).expect("a readable file");
        let started = std::time::Instant::now();
        let read = text::pages(&bytes);
        println!("{file}: {} pages, {:?}, {} ms", read.pages.len(), read.source, started.elapsed().as_millis());
        for doubt in &read.doubts {
            println!("  doubt {}: {}", doubt.code, doubt.says);
        }
        for page in &read.pages {
            for word in &page.words {
                let area = word.area;
                println!(
                    "  {} {:5} {:5} {:5} {:5} {:4} {}",
                    page.number,
                    area.left,
                    area.top,
                    area.right,
                    area.bottom,
                    word.confidence.thousandths(),
                    word.text
                );
            }
        }
    }
}
