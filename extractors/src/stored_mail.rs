//! Mails stored by Outlook (MSG): a compound file of named streams, written again as the mail it was and read as such.

use std::io::{Cursor, Read};

use cfb::CompoundFile;
use recoup_engine::reading::{DocumentFormat, Doubt, Reading};

use crate::decode::decode;
use crate::mail::{DEEPEST, MOST_ATTACHMENTS};
use crate::{Extraction, Hints, mail};

type File<'bytes> = CompoundFile<Cursor<&'bytes [u8]>>;

/// Reads a stored mail.
pub(crate) fn read(bytes: &[u8], hints: &Hints) -> Extraction {
    let unreadable = || Reading::not_understood(DocumentFormat::Msg, Doubt::blocking("not_understood", "The stored mail is damaged and can't be opened."));
    let Ok(mut file) = CompoundFile::open(Cursor::new(bytes)) else { return unreadable().into() };
    let mut left = 0;
    let written = mail_of(&mut file, "/", 0, &mut left);
    let Some(mut extraction) = mail::read(&written, hints) else { return unreadable().into() };
    extraction.reading.format = DocumentFormat::Msg;
    if text(&mut file, "/", "1000").is_none() && text(&mut file, "/", "1013").is_none() && exists(&file, "/", "1013", "0102").is_none() {
        let says = "The words of the mail are stored only in a form that is not read here; its attachments are.";
        extraction.reading.doubts.push(Doubt::note("body_format", says));
    }
    if left > 0 {
        let says =
            format!("{left} attachments of the stored mail could not be taken out (damaged, nested too deep, or more than {MOST_ATTACHMENTS} in one mail).");
        extraction.reading.doubts.push(Doubt::blocking("attachments_left", says));
    }
    extraction
}

/// The mail in a folder of the file, in the form in which mails travel. Counts the attachments that are left out.
fn mail_of(file: &mut File<'_>, folder: &str, depth: u32, left: &mut usize) -> Vec<u8> {
    let boundary = format!("=_part_of_a_stored_mail_{depth}");
    let mut mail = head(file, folder);
    mail.extend_from_slice(format!("MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"{boundary}\"\r\n\r\n").as_bytes());
    let mut part = |headers: &str, content: &[u8]| {
        mail.extend_from_slice(format!("--{boundary}\r\n{headers}Content-Transfer-Encoding: binary\r\n\r\n").as_bytes());
        mail.extend_from_slice(content);
        mail.extend_from_slice(b"\r\n");
    };
    // The page says more than its plain copy: tables stay tables.
    let page = text(file, folder, "1013").map(String::into_bytes).or_else(|| exists(file, folder, "1013", "0102").and_then(|path| stream(file, &path)));
    match (page, text(file, folder, "1000")) {
        (Some(page), _) => part("Content-Type: text/html; charset=utf-8\r\n", decode(&page).as_bytes()),
        (None, Some(plain)) => part("Content-Type: text/plain; charset=utf-8\r\n", plain.as_bytes()),
        (None, None) => part("Content-Type: text/plain\r\n", b""),
    }
    let attached = attachments(file, folder);
    *left += attached.len().saturating_sub(MOST_ATTACHMENTS);
    for attachment in attached.into_iter().take(MOST_ATTACHMENTS) {
        let name = ["3707", "3704", "3001"].iter().find_map(|property| text(file, &attachment, property)).unwrap_or_else(|| "attachment".to_owned());
        let name: String = name.chars().filter(|sign| !sign.is_control() && *sign != '"').collect();
        let inner = format!("{attachment}/__substg1.0_3701000D");
        if file.is_storage(&inner) && depth < DEEPEST {
            let nested = mail_of(file, &inner, depth + 1, left);
            part(&format!("Content-Type: message/rfc822\r\nContent-Disposition: attachment; filename=\"{name}.eml\"\r\n"), &nested);
        } else if let Some(content) = exists(file, &attachment, "3701", "0102").and_then(|path| stream(file, &path)) {
            let kind = text(file, &attachment, "370E").filter(|kind| kind.contains('/') && kind.is_ascii());
            let kind = kind.filter(|kind| !kind.starts_with("text/") && !kind.starts_with("message/")).unwrap_or_else(|| "application/octet-stream".to_owned());
            let id = text(file, &attachment, "3712").map_or(String::new(), |id| format!("Content-ID: <{id}>\r\n"));
            part(&format!("Content-Type: {kind}\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n{id}"), &content);
        } else {
            *left += 1;
        }
    }
    mail.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    mail
}

/// Sender, subject and what the mail's own headers say of its way.
fn head(file: &mut File<'_>, folder: &str) -> Vec<u8> {
    let one_line = |text: String| text.split(['\r', '\n']).collect::<Vec<_>>().join(" ");
    let address = ["5D01", "5D02", "0C1F", "0065"].iter().find_map(|property| text(file, folder, property).filter(|address| address.contains('@')));
    let name = text(file, folder, "0C1A").or_else(|| text(file, folder, "0042"));
    let mut head = Vec::new();
    let mut line = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            head.extend_from_slice(format!("{name}: {}\r\n", one_line(value)).as_bytes());
        }
    };
    line("From", address.map(|address| format!("\"{}\" <{address}>", name.unwrap_or_default().replace('"', ""))));
    line("Subject", text(file, folder, "0037"));
    line("Message-ID", text(file, folder, "1035"));
    let travelled = text(file, folder, "007D").unwrap_or_default();
    let kept = ["auto-submitted:", "x-autoreply:", "precedence:"];
    for header in travelled.lines().filter(|line| kept.iter().any(|name| line.to_ascii_lowercase().starts_with(name))) {
        head.extend_from_slice(format!("{header}\r\n").as_bytes());
    }
    head
}

fn attachments(file: &File<'_>, folder: &str) -> Vec<String> {
    let Ok(entries) = file.read_storage(folder) else { return Vec::new() };
    let folders = entries.filter(|entry| entry.is_storage() && entry.name().starts_with("__attach_version1.0_"));
    folders.map(|entry| entry.path().to_string_lossy().into_owned()).collect()
}

/// The path of a property's stream, when there is one of that type.
fn exists(file: &File<'_>, folder: &str, property: &str, kind: &str) -> Option<String> {
    let path = format!("{}/__substg1.0_{property}{kind}", folder.trim_end_matches('/'));
    file.is_stream(&path).then_some(path)
}

/// A text property, in wide signs or in those of the sender's system.
fn text(file: &mut File<'_>, folder: &str, property: &str) -> Option<String> {
    let text = if let Some(path) = exists(file, folder, property, "001F") {
        let units: Vec<u16> = stream(file, &path)?.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units)
    } else {
        let path = exists(file, folder, property, "001E")?;
        decode(&stream(file, &path)?).into_owned()
    };
    let text = text.trim_end_matches('\0').to_owned();
    (!text.trim().is_empty()).then_some(text)
}

fn stream(file: &mut File<'_>, path: &str) -> Option<Vec<u8>> {
    let mut content = Vec::new();
    file.open_stream(path).ok()?.read_to_end(&mut content).ok()?;
    Some(content)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use recoup_engine::reading::{Content, DocumentKind};

    use super::*;

    fn wide(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    fn stored(streams: &[(&str, Vec<u8>)]) -> Vec<u8> {
        let mut file = CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        file.create_storage("/__attach_version1.0_#00000000").unwrap();
        for (path, content) in streams {
            file.create_stream(path).unwrap().write_all(content).unwrap();
        }
        file.flush().unwrap();
        file.into_inner().into_inner()
    }

    #[test]
    fn words_sender_and_attachments_of_a_stored_mail_come_out() {
        let bytes = stored(&[
            ("/__substg1.0_0037001F", wide("Remittance 77")),
            ("/__substg1.0_0C1A001F", wide("North Foods")),
            ("/__substg1.0_5D01001F", wide("pay@north.example")),
            (
                "/__substg1.0_1000001F",
                wide("Payment No.: 77\r\nTotal paid: 8.00 EUR\r\n\r\nInvoice No.    Gross Amount    Net Amount\r\nINV-1          10.00           8.00\r\n"),
            ),
            ("/__attach_version1.0_#00000000/__substg1.0_3707001F", wide("note é.csv")),
            ("/__attach_version1.0_#00000000/__substg1.0_37010102", b"a;b\r\n1;\xe9\r\n".to_vec()),
        ]);
        let extraction = read(&bytes, &Hints::default());
        assert_eq!((extraction.reading.kind, extraction.reading.format), (DocumentKind::RemittanceAdvice, DocumentFormat::Msg));
        let Content::Advices(advices) = &extraction.reading.content else { panic!() };
        assert_eq!((advices[0].payer.email.as_deref(), advices[0].lines.len()), (Some("pay@north.example"), 1));
        assert_eq!((extraction.members[0].name.as_str(), extraction.members[0].bytes.as_slice()), ("note é.csv", &b"a;b\r\n1;\xe9\r\n"[..]));
    }

    #[test]
    fn a_damaged_one_says_so() {
        assert_eq!(read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 cut off", &Hints::default()).reading.doubts[0].code, "not_understood");
    }
}
