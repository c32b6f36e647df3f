//! Drafts as files: the folder that the command line takes, packed, and what people bring back.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use anyhow::Result;
use recoup_rules::edition::{Edition, is_file};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::{LARGEST_FILE, Refusal};

/// A book has some twenty files.
const MOST_FILES: usize = 200;

/// The files of an edition as an archive: unpacked, it is a folder for `recoup rules`. The same edition gives the same bytes.
pub fn packed(edition: &Edition) -> Result<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in edition.files() {
        archive.start_file(name, SimpleFileOptions::default())?;
        archive.write_all(text.as_bytes())?;
    }
    Ok(archive.finish()?.into_inner())
}

/// The files of a book that an upload holds: one file by its name, or all of an archive.
///
/// # Errors
/// What was brought is no file of a book.
pub fn brought(name: &str, bytes: &[u8]) -> Result<BTreeMap<String, String>, Refusal> {
    if bytes.starts_with(b"PK") {
        return unpacked(name, bytes);
    }
    let book_name = name_in_book(name).ok_or_else(|| Refusal::NoFile(name.to_owned()))?;
    Ok([(book_name, text(name, bytes)?)].into())
}

fn unpacked(archive_name: &str, bytes: &[u8]) -> Result<BTreeMap<String, String>, Refusal> {
    let broken = || Refusal::NoArchive(archive_name.to_owned());
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())?;
    if archive.len() > MOST_FILES {
        return Err(broken());
    }
    let mut files = BTreeMap::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(|_| broken())?;
        if entry.is_dir() {
            continue;
        }
        let path = entry.name().map_err(|_| broken())?.into_owned();
        let name = name_in_book(&path).ok_or_else(|| Refusal::NoFile(path.clone()))?;
        let mut content = Vec::new();
        entry.by_ref().take(LARGEST_FILE as u64 + 1).read_to_end(&mut content).map_err(|_| broken())?;
        files.insert(name, text(&path, &content)?);
    }
    Ok(files)
}

fn text(name: &str, bytes: &[u8]) -> Result<String, Refusal> {
    if bytes.len() > LARGEST_FILE {
        return Err(Refusal::TooLarge(name.to_owned()));
    }
    String::from_utf8(bytes.to_vec()).map_err(|_| Refusal::NotText(name.to_owned()))
}

/// The name in a book of a file at some path: folders around the book don't count.
fn name_in_book(path: &str) -> Option<String> {
    let mut parts = path.rsplit(['/', '\\']);
    let (file, folder) = (parts.next()?, parts.next());
    let name = if folder == Some("examples") { format!("examples/{file}") } else { file.to_owned() };
    is_file(&name).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packed_book_comes_back_whole_and_strange_files_are_refused() {
        let edition = Edition::compiled_in();
        let archive = packed(&edition).expect("packed");
        assert_eq!(packed(&edition).expect("packed"), archive, "the same bytes");
        let files = brought("draft.zip", &archive).expect("unpacked");
        assert_eq!(files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect::<Vec<_>>(), edition.files().collect::<Vec<_>>());
        assert_eq!(brought("C:\\book\\examples\\own.csv", b"case\n").expect("a file").keys().collect::<Vec<_>>(), ["examples/own.csv"]);
        assert_eq!(brought("letter.csv", b"x"), Err(Refusal::NoFile("letter.csv".to_owned())));
        assert_eq!(brought("words.csv", b"caf\xe9"), Err(Refusal::NotText("words.csv".to_owned())));
        assert_eq!(brought("draft.zip", b"PK, but nothing else"), Err(Refusal::NoArchive("draft.zip".to_owned())));
        assert_eq!(brought("words.csv", &vec![b'a'; LARGEST_FILE + 1]), Err(Refusal::TooLarge("words.csv".to_owned())));
    }
}
