//! Mails: the body is a document of its own when it explains a payment, attachments are members.

use std::borrow::Cow;
use std::panic::catch_unwind;

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{Address, Encoding, Message, MessageParser, MessagePart, MimeHeaders, PartType};
use recoup_engine::reading::{Confidence, Content, DocumentFormat, DocumentKind, Doubt, Field, Reading, TextSource};
use recoup_engine::remittance::AdviceLine;
use recoup_engine::supporting::SupportingDocument;

use crate::decode::decode;
use crate::language::labels::starts_with_phrase;
use crate::language::{detect, fold, kinds};
use crate::remittance::grid::Grid;
use crate::structured::cut;
use crate::{Extraction, Hints, Member, flowing, html, tables};

/// A mail forwarded in a mail, and so on: deeper ones are left to a person.
pub(crate) const DEEPEST: u32 = 5;
pub(crate) const MOST_ATTACHMENTS: usize = 900;
/// The code of the doubt that a mail is not from whom it says; it holds for everything inside the mail.
pub const SENDER_UNPROVEN: &str = "sender_unproven";
/// Pictures below this that the body shows are logos and signatures.
const LOGO_BYTES: usize = 5 * 1024;

/// Reads a mail; what isn't a mail gives `None`.
pub fn read(bytes: &[u8], hints: &Hints) -> Option<Extraction> {
    // The parser takes some broken multiparts for impossible and panics.
    let message = catch_unwind(|| MessageParser::default().parse(bytes)).ok().flatten()?;
    let mut doubts = Vec::new();
    let members = attachments(&message, bytes, &mut doubts);
    let subject = message.subject().unwrap_or("").trim().to_owned();
    let from = address(message.from());
    let page = page(&message);
    let words = words(&message, page.as_ref(), bytes);
    let mut reading = body(page.as_ref(), &words, hints);
    let said = before_quote(&words).unwrap_or(&words);
    crate::paged::complete_from_text(&mut reading, &format!("{subject}\n\n{said}"), hints);
    reading.format = DocumentFormat::Eml;
    if is_automatic(&message, &subject) {
        doubts.push(Doubt::note("auto_reply", "The mail was written by a machine: an absence notice or a delivery report."));
    }
    if fails_sender_check(&message) {
        let says = "The sender's address failed its check on the way (DMARC): somebody else may have written this. Ask the customer before anything is posted.";
        doubts.push(Doubt::blocking(SENDER_UNPROVEN, says));
    }
    if from.is_none() {
        doubts.push(Doubt::note("no_sender", "The mail names no sender."));
    }
    if let Content::Advices(advices) = &mut reading.content {
        for advice in advices {
            advice.payer.email = advice.payer.email.take().or_else(|| from.as_ref().map(|(_, address)| address.clone()));
        }
    }
    let mut push = |name: &str, value: String| {
        if !value.is_empty() {
            reading.fields.push(Field { name: name.to_owned(), value, place: None, confidence: Confidence::CERTAIN });
        }
    };
    if let Some((name, address)) = &from {
        push("from", address.clone());
        push("from_name", name.clone());
    }
    push("subject", subject.clone());
    push("message_id", message.message_id().unwrap_or("").to_owned());
    reading.doubts.extend(doubts);
    reading.text = cut(format!("{subject}\n{}", reading.text));
    reading.language = reading.language.or_else(|| detect(&reading.text));
    Some(Extraction { reading, members })
}

/// The name and address of the first sender.
fn address(from: Option<&Address<'_>>) -> Option<(String, String)> {
    let first = from?.first()?;
    let address = first.address.as_deref()?.trim().to_lowercase();
    Some((first.name.as_deref().unwrap_or("").trim().to_owned(), address))
}

/// The rows of a body that is a page.
fn page(message: &Message<'_>) -> Option<Grid> {
    message.html_bodies().find_map(|part| match &part.body {
        PartType::Html(page) => Some(html::grid(page)),
        _ => None,
    })
}

/// What the body says: its plain text, or the rows of its page.
fn words(message: &Message<'_>, page: Option<&Grid>, bytes: &[u8]) -> String {
    let part = message.text_bodies().next().filter(|part| matches!(part.body, PartType::Text(_)));
    let plain = part.and_then(|part| part.text_contents()).unwrap_or_default();
    match (part, page) {
        // A mail that names no character set, or a wrong one.
        (Some(part), _) if plain.contains('\u{fffd}') => decode(&as_sent(part, bytes)).into_owned(),
        (_, Some(page)) if plain.trim().is_empty() => as_lines(page),
        _ => plain.to_owned(),
    }
}

/// The body's own document: an advice when it holds one, else a letter.
fn body(page: Option<&Grid>, words: &str, hints: &Hints) -> Reading {
    if let Some(reading) = page.and_then(|grid| tables::read(&[grid], DocumentFormat::Html, hints)) {
        return reading;
    }
    // An answer speaks for itself before the mail that it answers; a forwarded mail is told by what it passes on.
    before_quote(words).and_then(|own| paying(own, hints)).or_else(|| paying(words, hints)).unwrap_or_else(|| letter(words.to_owned()))
}

/// The payment that a plain text tells of, in columns or in sentences.
fn paying(text: &str, hints: &Hints) -> Option<Reading> {
    let in_columns = || Grid::from_text(text).and_then(|grid| tables::read(&[&grid], DocumentFormat::Text, hints));
    if let Some(reading) = in_columns() {
        return Some(reading);
    }
    let (listed, told) = (flowing::advice(text, hints), crate::paged::prose_of(text, hints));
    // Sentences that say what was taken off say more than the last amount of each line.
    if parts(told.as_ref()) > parts(listed.as_ref()) { told } else { listed.or(told) }
}

/// How many amounts a reading says were taken off.
fn parts(reading: Option<&Reading>) -> usize {
    let Some(Reading { content: Content::Advices(advices), .. }) = reading else { return 0 };
    let of_line = |line: &AdviceLine| line.adjustments.len() + usize::from(line.discount.is_some()) + usize::from(line.paid().is_sign_negative());
    advices.iter().flat_map(|advice| &advice.lines).map(of_line).sum()
}

/// What stands before the mail that is answered or passed on; `None` when nothing is quoted, or nothing stands before it.
fn before_quote(text: &str) -> Option<&str> {
    const HEADINGS: &[&str] = &["original message", "ursprungliche nachricht", "message d origine", "message original", "oorspronkelijk bericht"];
    const INTRODUCTIONS: &[&str] = &["wrote", "schrieb", "a ecrit", "schreef"];
    let quotes = |line: &str| {
        let folded = fold(line.trim_matches(['-', '_', ' ', '\r']));
        let introduces = line.trim_end().ends_with(':') && INTRODUCTIONS.iter().any(|words| folded.ends_with(words));
        line.starts_with('>') || introduces || HEADINGS.contains(&folded.as_str())
    };
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        if quotes(line) {
            return Some(&text[..end]).filter(|own| !own.trim().is_empty());
        }
        end += line.len();
    }
    None
}

/// Rows of a page as lines with their cells apart.
fn as_lines(grid: &Grid) -> String {
    grid.rows.iter().map(|row| row.filled().map(|(_, cell)| cell).collect::<Vec<_>>().join("  ")).collect::<Vec<_>>().join("\n")
}

/// A mail that pays nothing itself.
fn letter(text: String) -> Reading {
    let references = crate::document::references::in_text(&text);
    let supporting = SupportingDocument { references, text: Some(cut(text.clone())), ..SupportingDocument::default() };
    Reading {
        kind: DocumentKind::Correspondence,
        kind_confidence: Confidence::from_thousandths(900),
        language: detect(&text),
        text_source: TextSource::Structured,
        content: Content::Supporting(supporting),
        text,
        doubts: Vec::new(),
        ..Reading::not_understood(DocumentFormat::Eml, Doubt::note("", ""))
    }
}

/// Attachments and nested mails as members; logos are named, not taken.
fn attachments(message: &Message<'_>, bytes: &[u8], doubts: &mut Vec<Doubt>) -> Vec<Member> {
    let mut members = Vec::new();
    let mut logos = Vec::new();
    for (index, part) in message.attachments().enumerate() {
        if index >= MOST_ATTACHMENTS {
            doubts.push(Doubt::blocking(
                "mail_limits",
                format!("The mail has {} attachments; the first {MOST_ATTACHMENTS} were taken.", message.attachment_count()),
            ));
            break;
        }
        let kind = part.content_type().map(|kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or(""))).unwrap_or_default().to_ascii_lowercase();
        let name = part.attachment_name().map_or_else(|| format!("part-{}", index + 1), str::to_owned);
        if let PartType::Message(nested) = &part.body {
            if nesting(nested) >= DEEPEST {
                doubts.push(Doubt::blocking("mail_limits", format!("Mails are nested more than {DEEPEST} deep.")));
                continue;
            }
            let name = if part.attachment_name().is_some() { name } else { format!("{name}.eml") };
            members.push(Member { name, bytes: nested.raw_message().to_vec() });
            continue;
        }
        let content = as_sent(part, bytes);
        let shown_in_body =
            part.content_id().is_some() || part.content_disposition().is_some_and(|disposition| disposition.ctype().eq_ignore_ascii_case("inline"));
        if kind.starts_with("image/") && content.len() < LOGO_BYTES && shown_in_body {
            logos.push(name);
            continue;
        }
        match kind.as_str() {
            "text/calendar" => doubts.push(Doubt::note("calendar", format!("The invitation `{name}` was left out."))),
            "application/pkcs7-signature" | "application/x-pkcs7-signature" | "application/pgp-signature" => {}
            "application/pkcs7-mime" | "application/x-pkcs7-mime" | "application/pgp-encrypted" => {
                doubts.push(Doubt::blocking("encrypted", "The mail is encrypted."))
            }
            _ if name.eq_ignore_ascii_case("winmail.dat") => {
                doubts.push(Doubt::blocking("winmail", "The attachments are wrapped in winmail.dat; ask the sender for plain ones."))
            }
            _ => {
                if content.is_empty() {
                    doubts.push(Doubt::note("empty_attachment", format!("The attachment `{name}` is empty.")));
                }
                members.push(Member { name: unique(&members, name), bytes: content.into_owned() });
            }
        }
    }
    if !logos.is_empty() {
        doubts.push(Doubt::note("logos", format!("Small pictures of the body were left out: {}.", logos.join(", "))));
    }
    members
}

/// The bytes of a part as they were sent: the parser would decode texts whose character set it can't know.
fn as_sent<'part>(part: &'part MessagePart<'_>, bytes: &'part [u8]) -> Cow<'part, [u8]> {
    if !matches!(part.body, PartType::Text(_) | PartType::Html(_)) {
        return Cow::Borrowed(part.contents());
    }
    let offset = |place: u32| usize::try_from(place).unwrap_or(usize::MAX);
    let Some(raw) = bytes.get(offset(part.raw_body_offset())..offset(part.raw_end_offset())) else { return Cow::Borrowed(part.contents()) };
    let decoded = match part.encoding {
        Encoding::Base64 => base64_decode(raw),
        Encoding::QuotedPrintable => quoted_printable_decode(raw),
        Encoding::None => Some(raw.to_vec()),
    };
    decoded.map_or_else(|| Cow::Borrowed(part.contents()), Cow::Owned)
}

fn unique(members: &[Member], name: String) -> String {
    if members.iter().any(|member| member.name == name) { format!("{} ({name})", members.len() + 1) } else { name }
}

/// How many mails stand inside each other, this one counted.
fn nesting(message: &Message<'_>) -> u32 {
    let inner = message.attachments().filter_map(|part| match &part.body {
        PartType::Message(nested) => Some(nesting(nested)),
        _ => None,
    });
    1 + inner.max().unwrap_or(0)
}

/// What a mail server on the way noted of the sender (RFC 8601).
fn fails_sender_check(message: &Message<'_>) -> bool {
    let mut results = message.headers_raw().filter(|(name, _)| name.eq_ignore_ascii_case("Authentication-Results"));
    results.any(|(_, value)| value.to_ascii_lowercase().split(';').any(|result| result.trim_start().starts_with("dmarc=fail")))
}

/// Absence notices and delivery reports say so in their headers or their subject.
fn is_automatic(message: &Message<'_>, subject: &str) -> bool {
    let header = |name: &str| message.header_raw(name).map(|value| value.trim().to_ascii_lowercase());
    header("Auto-Submitted").is_some_and(|value| value != "no")
        || header("X-Autoreply").is_some()
        || header("X-Auto-Response-Suppress").is_some_and(|value| value.contains("oof") && header("X-Autorespond").is_some())
        || header("Precedence").is_some_and(|value| value == "auto_reply")
        || message.content_type().is_some_and(|kind| kind.subtype().is_some_and(|subtype| subtype.eq_ignore_ascii_case("report")))
        || starts_with_phrase(&fold(subject), kinds::AUTO_REPLY_WORDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "Message-ID: <1@x>\r\nFrom: North Foods <pay@north.example>\r\nTo: a@b.example\r\nMIME-Version: 1.0\r\n";

    #[test]
    fn a_sender_that_failed_its_check_is_doubted() {
        let mail = |result: &str| {
            format!(
                "Authentication-Results: mx.example;\r\n spf=pass smtp.mailfrom=north.example;\r\n {result}\r\n{HEAD}Content-Type: text/plain\r\n\r\nHello\r\n"
            )
        };
        let doubted = |result: &str| read(mail(result).as_bytes(), &Hints::default()).unwrap().reading.doubts.iter().any(|doubt| doubt.code == SENDER_UNPROVEN);
        assert!(doubted("dmarc=fail (p=reject) header.from=north.example") && !doubted("dmarc=pass header.from=north.example"));
    }

    #[test]
    fn tables_in_the_body_and_attachments_come_out() {
        let text = format!(
            "{HEAD}Subject: Remittance 77\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>Payment No.: 77</p><table><tr><th>Invoice No.</th><th>Gross Amount</th><th>Net Amount</th></tr>\
             <tr><td>INV-1</td><td>10.00</td><td>8.00</td></tr></table>\r\n--b\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename=\"x.csv\"\r\n\r\na;b\r\n\
             --b\r\nContent-Type: image/png\r\nContent-ID: <logo>\r\nContent-Disposition: inline; filename=\"logo.png\"\r\n\r\nxx\r\n--b--\r\n"
        );
        let extraction = read(text.as_bytes(), &Hints::default()).unwrap();
        let Content::Advices(advices) = &extraction.reading.content else { panic!() };
        assert_eq!((advices[0].reference.as_deref(), advices[0].lines.len(), advices[0].payer.email.as_deref()), (Some("77"), 1, Some("pay@north.example")));
        assert_eq!(extraction.members.len(), 1);
        assert!(extraction.reading.doubts.iter().any(|doubt| doubt.code == "logos"));
    }

    #[test]
    fn absence_notices_are_noted() {
        let text = format!("{HEAD}Subject: Automatische Antwort: Zahlung\r\n\r\nIch bin nicht im Haus.\r\n");
        let extraction = read(text.as_bytes(), &Hints::default()).unwrap();
        assert_eq!(extraction.reading.kind, DocumentKind::Correspondence);
        assert_eq!(extraction.reading.doubts[0].code, "auto_reply");
    }
}
