//! Files that other people wrote, in a folder that `RECOUP_FIELD` names: every one ends in an answer, and where truth lies beside a file the share of
//! facts read right is printed. Without the variable there is nothing to do.

use std::path::{Path, PathBuf};

use recoup_engine::reading::{Content, DocumentFormat, DocumentKind};
use recoup_extractors::{Extraction, Hints, read};

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder).expect("a folder").filter_map(|entry| Some(entry.ok()?.path())).collect();
    entries.sort();
    for entry in entries {
        if entry.is_dir() { files(&entry, found) } else { found.push(entry) }
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Facts right of facts known.
#[derive(Default)]
struct Share(usize, usize);

impl Share {
    fn note(&mut self, right: bool, what: &str, file: &Path) {
        self.0 += usize::from(right);
        self.1 += 1;
        if !right {
            println!("  wrong: {what} of {}", file.display());
        }
    }
}

#[test]
fn files_of_the_field_end_in_an_answer() {
    let Some(folder) = std::env::var_os("RECOUP_FIELD") else { return };
    let mut found = Vec::new();
    files(Path::new(&folder), &mut found);
    let (mut hybrid, mut receipts, mut statements, mut answered) = (Share::default(), Share::default(), Share::default(), 0);
    for file in &found {
        let bytes = std::fs::read(file).expect("a file");
        let hints = Hints { file_name: file.file_name().map(|name| name.to_string_lossy().into_owned()), ..Hints::default() };
        let Ok(extraction) = std::panic::catch_unwind(|| read(&bytes, &hints)) else { panic!("{} breaks its reader", file.display()) };
        let reading = &extraction.reading;
        assert!(reading.kind != DocumentKind::Other || !reading.doubts.is_empty() || !extraction.members.is_empty(), "{} says nothing", file.display());
        answered += 1;
        page_beside_its_data(file, &extraction, &mut hybrid);
        receipt_beside_its_text(file, &extraction, &mut receipts);
        statement_beside_its_list(file, &extraction, &mut statements);
    }
    println!("{answered} files answered");
    for (what, Share(right, known)) in
        [("totals of hybrid PDFs shown on their pages", hybrid), ("amounts of receipts", receipts), ("entries of statements", statements)]
    {
        println!("{what}: {right} of {known}");
    }
    assert_eq!(answered, found.len());
}

/// The data inside a PDF are the truth for the words read from its page.
fn page_beside_its_data(file: &Path, extraction: &Extraction, share: &mut Share) {
    let reading = &extraction.reading;
    if reading.format == DocumentFormat::Facturx
        && let Some(total) = reading.total
    {
        let wanted = digits(&format!("{total:.2}"));
        share.note(reading.text.split_whitespace().any(|word| digits(word).ends_with(&wanted)), "the total", file);
    }
}

/// `box__N.csv` beside `img__N.jpg` holds the words of a scanned receipt, a box and a text a line.
fn receipt_beside_its_text(file: &Path, extraction: &Extraction, share: &mut Share) {
    let is_picture = file.extension().is_some_and(|ending| ending == "jpg");
    let folder = file.parent().unwrap_or(Path::new("."));
    let name = file.file_stem().unwrap_or_default().to_string_lossy();
    let number = name.rsplit("__").next().unwrap_or_default().to_owned();
    let truth = std::fs::read_dir(folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
    let Some(truth) =
        truth.filter(|path| path.to_string_lossy().ends_with(&format!("box__{number}.csv")) && is_picture).find_map(|path| std::fs::read_to_string(path).ok())
    else {
        return;
    };
    let read: Vec<String> = extraction.reading.text.split_whitespace().map(digits).collect();
    for amount in truth.lines().filter_map(|line| line.rsplit(',').next()).filter(|text| text.len() >= 4 && text.chars().rev().nth(2) == Some('.')) {
        share.note(read.contains(&digits(amount)), amount, file);
    }
}

/// `NAME.json` among the truths lists the entries of the statement `NAME`.
fn statement_beside_its_list(file: &Path, extraction: &Extraction, share: &mut Share) {
    let Content::Statement(statement) = &extraction.reading.content else { return };
    let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let beside = file.parent().and_then(Path::parent).map(|folder| folder.join("mt940_truth").join(format!("{name}.json")));
    let Some(truth) = beside.and_then(|path| std::fs::read_to_string(path).ok()) else { return };
    let known = truth.matches("\"amount\"").count();
    if known > 0 {
        share.note(statement.entries.len() <= known && !statement.entries.is_empty(), "the entries", file);
    }
}
