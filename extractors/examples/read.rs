//! Prints what the readers make of files, one JSON object per document and member: `cargo run --example read [--ours NUMBER]... FILE...`
//!
//! `--ours` gives a number of each series that our invoices are numbered in.

use recoup_engine::numbering::{Numbering, series};
use recoup_extractors::{Hints, read};

fn main() -> std::io::Result<()> {
    let (mut ours, mut paths) = (Vec::new(), Vec::new());
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "--ours" { ours.extend(arguments.next().as_deref().and_then(series)) } else { paths.push(argument) }
    }
    let numbering = Numbering::of_series(ours);
    for path in paths {
        let bytes = std::fs::read(&path)?;
        let file_name = std::path::Path::new(&path).file_name().map(|name| name.to_string_lossy().into_owned());
        print(&path, &bytes, &Hints { file_name, numbering: numbering.clone(), ..Hints::default() });
    }
    Ok(())
}

fn print(path: &str, bytes: &[u8], hints: &Hints) {
    let extraction = read(bytes, hints);
    println!(
        "{}",
        serde_json::to_string(&Printed { document: path, members: extraction.members.len(), reading: &extraction.reading }).expect("a reading is JSON")
    );
    for member in &extraction.members {
        let inner = Hints { file_name: Some(member.name.clone()), ..hints.clone() };
        print(&format!("{path}!{}", member.name), &member.bytes, &inner);
    }
}

#[derive(serde::Serialize)]
struct Printed<'a> {
    document: &'a str,
    members: usize,
    reading: &'a recoup_engine::reading::Reading,
}
