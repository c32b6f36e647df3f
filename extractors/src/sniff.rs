//! What bytes are, told by their content. A file's name decides nothing here.

use crate::decode::decode;

/// The family of a document's bytes: which reader takes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    Empty,
    Pdf,
    Png,
    Jpeg,
    Tiff,
    /// XLSX, ODS or the old compound file of XLS.
    Workbook,
    /// The compound file of a stored mail.
    StoredMail,
    Archive,
    Mail,
    Html,
    Xml,
    X12,
    Edifact,
    Mt940,
    Bai2,
    Cfonb,
    Text,
    Unknown,
}

/// Tells the family from the first bytes, or from the shape of the text.
pub fn family(bytes: &[u8]) -> Family {
    if bytes.iter().all(|byte| byte.is_ascii_whitespace() || matches!(byte, 0xef | 0xbb | 0xbf | 0xfe | 0xff | 0)) {
        return Family::Empty;
    }
    let head = &bytes[..bytes.len().min(1024)];
    if find(head, b"%PDF-").is_some() {
        return Family::Pdf;
    }
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => return Family::Png,
        [0xff, 0xd8, 0xff, ..] => return Family::Jpeg,
        [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => return Family::Tiff,
        [b'P', b'K', 3 | 5, 4 | 6, ..] => return if is_office(bytes) { Family::Workbook } else { Family::Archive },
        [0xd0, 0xcf, 0x11, 0xe0, ..] => return if is_stored_mail(bytes) { Family::StoredMail } else { Family::Workbook },
        _ => {}
    }
    let text = decode(&bytes[..bytes.len().min(65_536)]);
    text_family(&text)
}

fn text_family(text: &str) -> Family {
    let start = text.trim_start_matches(|character: char| character.is_whitespace() || character == '\u{feff}' || character == '\0');
    // Control signs that no text holds.
    let odd = start
        .chars()
        .take(4_000)
        .filter(|character| character.is_control() && !matches!(character, '\n' | '\r' | '\t' | '\u{c}' | '\u{1a}' | '\u{1c}'..='\u{1f}'))
        .count();
    if odd > 20 {
        return Family::Unknown;
    }
    if is_x12(start) {
        return Family::X12;
    }
    if start.starts_with("UNA") || start.starts_with("UNB+") || start.starts_with("UNH+") {
        return Family::Edifact;
    }
    let lower: String = start.chars().take(2_000).collect::<String>().to_ascii_lowercase();
    if lower.starts_with("<!doctype html")
        || lower.starts_with("<html")
        || (lower.starts_with('<') && (lower.contains("<html") || lower.contains("<table") || lower.contains("<body")))
    {
        return Family::Html;
    }
    if lower.starts_with("<?xml") || (lower.starts_with('<') && lower.contains('>')) {
        return Family::Xml;
    }
    if is_mt940(start) {
        return Family::Mt940;
    }
    if start.starts_with("01,") && start.lines().any(|line| line.trim_start().starts_with("02,")) {
        return Family::Bai2;
    }
    if is_cfonb(start) {
        return Family::Cfonb;
    }
    if is_mail(start) {
        return Family::Mail;
    }
    Family::Text
}

fn is_x12(text: &str) -> bool {
    let mut signs = text.chars();
    if text.starts_with("ISA") || text.starts_with("GS*") || text.starts_with("ST*") {
        let separator = signs.nth(if text.starts_with("ISA") { 3 } else { 2 });
        return separator.is_some_and(|separator| !separator.is_alphanumeric() && !separator.is_whitespace() && text.matches(separator).take(12).count() > 5);
    }
    false
}

fn is_mt940(text: &str) -> bool {
    const TAGS: &[&str] = &[":20:", ":25:", ":28:", ":28C:", ":60F:", ":60M:", ":61:", ":62F:", ":62M:", ":86:"];
    let tags = text.lines().take(400).map(str::trim_start).filter(|line| TAGS.iter().any(|tag| line.starts_with(tag)) || line.contains("{4:"));
    let begins = text.lines().find(|line| !line.trim().is_empty()).is_some_and(|line| TAGS.iter().any(|tag| line.trim_start().starts_with(tag)));
    begins || tags.take(3).count() >= 3
}

fn is_cfonb(text: &str) -> bool {
    let first = text.lines().next().unwrap_or("");
    matches!(first.get(..2), Some("01" | "04"))
        && first.chars().count() >= 118
        && first.chars().take(21).all(|character| character.is_ascii_alphanumeric() || character == ' ')
}

/// Mail begins with header lines, among them some that only mail has.
fn is_mail(text: &str) -> bool {
    const TELLING: &[&str] = &[
        "from:",
        "to:",
        "subject:",
        "message-id:",
        "received:",
        "return-path:",
        "mime-version:",
        "delivered-to:",
        "date:",
        "content-type:",
        "x-mailer:",
        "reply-to:",
        "dkim-signature:",
    ];
    const SURE: &[&str] = &["message-id:", "received:", "return-path:", "mime-version:", "delivered-to:", "dkim-signature:"];
    let mut seen = 0;
    let mut sure = false;
    for line in text.lines().take(60) {
        if line.is_empty() {
            break;
        }
        if line.starts_with([' ', '\t']) {
            continue;
        }
        let lower = line.to_ascii_lowercase();
        if !lower
            .split_once(':')
            .is_some_and(|(name, _)| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')) && !name.is_empty())
            && !line.starts_with("From ")
        {
            return false;
        }
        seen += usize::from(TELLING.iter().any(|name| lower.starts_with(name)));
        sure |= SURE.iter().any(|name| lower.starts_with(name));
    }
    seen >= 3 && sure || seen >= 4
}

fn is_office(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(4096)];
    let tail = &bytes[bytes.len().saturating_sub(65_536)..];
    [b"xl/workbook".as_slice(), b"xl/worksheets", b"opendocument.spreadsheet"].iter().any(|name| find(head, name).is_some() || find(tail, name).is_some())
}

fn is_stored_mail(bytes: &[u8]) -> bool {
    let wide: Vec<u8> = "__substg1.0_".bytes().flat_map(|byte| [byte, 0]).collect();
    find(bytes, &wide).is_some()
}

/// Where the needle begins in the bytes.
pub(crate) fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_tells_the_family() {
        assert_eq!(family(b""), Family::Empty);
        assert_eq!(family(b"\xef\xbb\xbf  \r\n"), Family::Empty);
        assert_eq!(family(b"%PDF-1.7\n"), Family::Pdf);
        assert_eq!(family(b"\xef\xbb\xbfISA*00*          *00*          *ZZ*A*ZZ*B*260101*0000*U*00401*1*0*P*>~"), Family::X12);
        assert_eq!(family(b"UNA:+.? '\r\nUNB+UNOC:3+A+B'"), Family::Edifact);
        assert_eq!(family(b"<?xml version=\"1.0\"?><Document/>"), Family::Xml);
        assert_eq!(family(b"<html><body><table></table></body></html>"), Family::Html);
        assert_eq!(family(b"Message-ID: <1@x>\r\nFrom: a@b\r\nTo: c@d\r\nSubject: x\r\n\r\nHello"), Family::Mail);
        assert_eq!(family(b":20:STMT\r\n:25:GB29\r\n:60F:C260804GBP1,00\r\n"), Family::Mt940);
        assert_eq!(family(b"01,021000021,X,260810,0600,4,,,2/\n02,X,021000021,1,260810,0600,USD,2/\n"), Family::Bai2);
        assert_eq!(family(b"Invoice;Amount\n1;2,00\n"), Family::Text);
        assert_eq!(family(b"From: our accounts\nPayment No.: 123\nhello"), Family::Text);
    }
}
