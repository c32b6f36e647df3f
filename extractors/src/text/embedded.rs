//! What a PDF carries beside its pages: embedded files, and contents that act.

use pdf_extract::{Dictionary, Document, Object};

use recoup_engine::reading::Doubt;

use super::second_opinion;
use crate::Member;

/// Files that are taken out of one PDF at most, and how large they may be together.
const MOST_FILES: usize = 50;
const MOST_BYTES: usize = 100 * 1024 * 1024;

/// Files and acting contents of a PDF.
#[derive(Debug, Default)]
pub(crate) struct Embedded {
    pub files: Vec<Member>,
    /// The PDF holds scripts, launch actions or dynamic forms. They are never run; somebody may want to know.
    pub acts: bool,
    /// Files that were not taken out.
    pub left: Option<Doubt>,
}

/// Looks for embedded files; documents whose bytes name none are not parsed for it.
pub(crate) fn look(bytes: &[u8]) -> Embedded {
    let names = |word: &[u8]| bytes.windows(word.len()).any(|window| window == word);
    // Objects may hide in compressed streams.
    let hidden = names(b"/ObjStm");
    if !hidden && ![&b"/EmbeddedFile"[..], b"/JavaScript", b"/Launch", b"/XFA", b"/JS"].into_iter().any(names) {
        return Embedded::default();
    }
    let Some(document) = second_opinion::open(bytes) else { return Embedded::default() };
    let mut found = Embedded::default();
    let (mut size, mut left) = (0, 0);
    for object in document.objects.values() {
        let dictionary = match object {
            Object::Dictionary(dictionary) => dictionary,
            Object::Stream(stream) => &stream.dict,
            _ => continue,
        };
        found.acts |= acts(dictionary);
        let Some(mut file) = file(&document, dictionary) else { continue };
        // A file may be named in several places of the document.
        if found.files.iter().any(|known| known.bytes == file.bytes) {
            continue;
        }
        if found.files.len() == MOST_FILES || size + file.bytes.len() > MOST_BYTES {
            left += 1;
            continue;
        }
        if found.files.iter().any(|known| known.name == file.name) {
            file.name = format!("{} {}", found.files.len() + 1, file.name);
        }
        size += file.bytes.len();
        found.files.push(file);
    }
    let says = || format!("{left} files inside the PDF were not taken out: at most {MOST_FILES} are, of {MOST_BYTES} bytes together.");
    found.left = (left > 0).then(|| Doubt::blocking("too_many_members", says()));
    found
}

fn acts(dictionary: &Dictionary) -> bool {
    let kind = |key: &[u8]| dictionary.get(key).ok().and_then(|value| value.as_name().ok()).is_some_and(|name| matches!(name, b"JavaScript" | b"Launch"));
    kind(b"S") || dictionary.has(b"XFA") || dictionary.has(b"JavaScript")
}

/// The file that a file specification carries.
fn file(document: &Document, dictionary: &Dictionary) -> Option<Member> {
    let carried = dictionary.get_deref(b"EF", document).ok()?.as_dict().ok()?;
    let stream = [&b"F"[..], b"UF"].iter().find_map(|key| carried.get_deref(key, document).ok()).and_then(|object| object.as_stream().ok())?;
    let name = [&b"UF"[..], b"F"].iter().find_map(|key| dictionary.get_deref(key, document).ok()).and_then(|name| name.as_str().ok())?;
    let name = match name {
        [0xfe, 0xff, wide @ ..] => String::from_utf16_lossy(&wide.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect::<Vec<_>>()),
        plain => String::from_utf8_lossy(plain).into_owned(),
    };
    // A stream that is compressed a thousandfold is no document.
    let content = if stream.dict.has(b"Filter") { stream.decompressed_content().ok()? } else { stream.content.clone() };
    (content.len() <= MOST_BYTES && content.len() / 1000 <= stream.content.len().max(1)).then_some(Member { name, bytes: content })
}
