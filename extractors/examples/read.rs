//! Prints what the readers make of files, one JSON object per document and member: `cargo run --example read FILE...`

use recoup_extractors::{Hints, read};

fn main() -> std::io::Result<()> {
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path)?;
        let file_name = std::path::Path::new(&path).file_name().map(|name| name.to_string_lossy().into_owned());
        print(&path, &bytes, &Hints { file_name, ..Hints::default() });
    }
    Ok(())
}

fn print(path: &str, bytes: &[u8], hints: &Hints) {
    let extraction = read(bytes, hints);
    println!("{}", serde_json::json!({ "document": path, "members": extraction.members.len(), "reading": extraction.reading }));
    for member in &extraction.members {
        let inner = Hints { file_name: Some(member.name.clone()), ..hints.clone() };
        print(&format!("{path}!{}", member.name), &member.bytes, &inner);
    }
}
