//! Bytes to engine values. Every reader here is tolerant: reading never fails, it returns a value and doubts.
//!
//! Architecture invariant: no network, no database, no knowledge of any sender, layout or file name. Bytes decide what a document is.
//!
//! - [`sniff`], [`decode`]: what the bytes are, and their letters
//! - [`text`]: bytes to pages of words with boxes (text layer, Tesseract, plain text)
//! - [`layout`]: words to rows, columns and tables
//! - [`language`]: numbers, dates and label words of the four languages
//! - [`remittance`]: payment advices and bank statements of every format
//! - `mail`, `stored_mail`, `archive`, `html`, `xml`: containers and markup
//! - [`document`]: debit notes, deliveries and other supporting papers

mod archive;
pub mod decode;
pub mod document;
mod flowing;
mod html;
pub mod language;
pub mod layout;
pub mod line_numbers;
mod mail;
mod paged;
mod parts;
pub mod remittance;
pub mod sniff;
mod stored_mail;
mod structured;
mod tables;
pub mod text;
mod xml;

use crate::parts::Apart;
use recoup_engine::numbering::Numbering;
use recoup_engine::reading::{Content, DocumentFormat, Doubt, Layout, Reading, TextSource};
use serde::{Deserialize, Serialize};

pub use mail::SENDER_UNPROVEN;
use remittance::grid::Grid;
use sniff::Family;

/// What the caller knows before reading.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Hints {
    /// The name the document arrived under: only its ending helps to break a tie between plain-text dialects.
    pub file_name: Option<String>,
    /// Names of our own legal entities, so that the payee isn't taken for the payer. May be empty.
    pub own_names: Vec<String>,
    /// How our invoices are numbered, so that our numbers are known wherever they stand. May be empty.
    #[serde(default)]
    pub numbering: Numbering,
    /// Layouts that people confirmed, with the name of the sender. May be empty.
    #[serde(default)]
    pub layouts: Vec<KnownLayout>,
}

/// A layout that a person confirmed for a sender's papers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownLayout {
    /// The sender as its papers name it.
    pub sender: String,
    pub layout: Layout,
}

/// A document found inside another one: the attachment of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The name inside the container, as written.
    pub name: String,
    pub bytes: Vec<u8>,
}

/// What came out of one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extraction {
    pub reading: Reading,
    /// Documents of their own that this one contains, in order.
    pub members: Vec<Member>,
}

impl From<Reading> for Extraction {
    fn from(reading: Reading) -> Self {
        Self { reading, members: Vec::new() }
    }
}

/// Reads a document of any format. Never fails: what can't be understood is a reading of nothing with the reason.
pub fn read(bytes: &[u8], hints: &Hints) -> Extraction {
    let mut extraction = read_as_it_is(bytes, hints);
    let far = far_date(&extraction.reading.content);
    extraction.reading.doubts.extend(far);
    extraction
}

/// A payment long before or after the documents it pays: more likely a misread or mistyped year than a payment so late.
fn far_date(content: &Content) -> Option<Doubt> {
    const MOST_DAYS: i32 = 400;
    let Content::Advices(advices) = content else { return None };
    advices.iter().find_map(|advice| {
        let paid = advice.payment_date?;
        let mut days: Vec<i32> = advice.lines.iter().filter_map(|line| Some((paid - line.date?).get_days())).collect();
        days.sort_unstable();
        let usual = *days.get(days.len() / 2)?;
        let says = || format!("The payment is dated {paid}, {} days from the documents it pays: check the year.", usual.abs());
        (usual.abs() > MOST_DAYS).then(|| Doubt::note("date_far", says()))
    })
}

fn read_as_it_is(bytes: &[u8], hints: &Hints) -> Extraction {
    let family = sniff::family(bytes);
    if let Some(doubt) = mismatch(family, hints) {
        return Reading::not_understood(DocumentFormat::Unknown, doubt).into();
    }
    match family {
        Family::Empty => Reading::not_understood(DocumentFormat::Unknown, Doubt::blocking("empty_file", "The file is empty.")).into(),
        Family::Pdf => pdf(bytes, hints),
        Family::Png | Family::Jpeg | Family::Tiff => picture(bytes, hints),
        Family::Workbook => workbook(bytes, hints).into(),
        Family::Archive => {
            let (members, doubts) = archive::members(bytes);
            container(DocumentFormat::Zip, members, doubts)
        }
        Family::StoredMail => stored_mail::read(bytes, hints),
        Family::Mail => mail::read(bytes, hints).unwrap_or_else(|| textual(bytes, hints).into()),
        Family::Html => page(&decode::decode(bytes), hints).into(),
        Family::Xml => markup(&decode::decode(bytes)).into(),
        Family::X12 => x12(&decode::decode(bytes)),
        Family::Edifact => edifact(&decode::decode(bytes)),
        Family::Mt940 => remittance::mt940::read(&decode::decode(bytes)).into(),
        Family::Bai2 => remittance::bai2::read(&decode::decode(bytes)).into(),
        Family::Cfonb => remittance::cfonb::read(&decode::decode(bytes)).into(),
        Family::Text => textual(bytes, hints).into(),
        Family::Unknown => {
            Reading::not_understood(DocumentFormat::Unknown, Doubt::blocking("not_understood", "The bytes are of no format that is read here.")).into()
        }
    }
}

/// A name that promises pages over bytes that hold a program, an archive or a web page: damaged on its way, or worse.
fn mismatch(family: Family, hints: &Hints) -> Option<Doubt> {
    const OF_PAGES: [&str; 6] = ["pdf", "png", "jpg", "jpeg", "tif", "tiff"];
    let ending = hints.file_name.as_deref()?.rsplit_once('.')?.1.to_ascii_lowercase();
    let what = match family {
        Family::Html => "a web page",
        Family::Archive => "an archive",
        Family::Unknown => "something else",
        _ => return None,
    };
    let says = || format!("The name promises a document of pages (.{ending}), the file holds {what}. Ask the sender for the document itself.");
    OF_PAGES.contains(&ending.as_str()).then(|| Doubt::blocking("type_mismatch", says()))
}

/// A container says nothing itself; its members do.
fn container(format: DocumentFormat, members: Vec<Member>, doubts: Vec<Doubt>) -> Extraction {
    let names = members.iter().map(|member| member.name.as_str()).collect::<Vec<_>>().join("\n");
    let reading = Reading { doubts, text: names, content: Content::Nothing, ..Reading::not_understood(format, Doubt::note("", "")) };
    Extraction { reading, members }
}

fn workbook(bytes: &[u8], hints: &Hints) -> Reading {
    let Some(book) = remittance::workbook::open(bytes) else {
        return Reading::not_understood(DocumentFormat::Xlsx, Doubt::blocking("not_understood", "The workbook can't be opened."));
    };
    let grids: Vec<&Grid> = book.sheets.iter().map(|(_, grid)| grid).collect();
    let mut reading = tables::read(&grids, book.format, hints).unwrap_or_else(|| lines_of(&grids, book.format, hints));
    reading.doubts.extend(book.doubts);
    reading
}

/// Cells without a payment's table: read as the paper that their lines make.
fn lines_of(grids: &[&Grid], format: DocumentFormat, hints: &Hints) -> Reading {
    let lines: Vec<String> = grids.iter().flat_map(|grid| &grid.rows).map(|row| row.filled().map(|(_, cell)| cell).collect::<Vec<_>>().join("    ")).collect();
    Reading { format, text_source: TextSource::Structured, ..flowing::document(&lines.join("\n"), hints) }
}

fn textual(bytes: &[u8], hints: &Hints) -> Reading {
    let text = decode::decode(bytes);
    if let Some(grid) = Grid::from_text(&text) {
        // Commas of thousands look like separators: without a heading a listing in columns is tried first.
        let headless = !remittance::sheet::has_heading(&grid);
        if headless
            && let Some(reading) = flowing::advice(&text, hints)
            && reading.doubts.iter().all(|doubt| doubt.code != "unbalanced")
        {
            return reading;
        }
        if let Some(reading) = tables::read(&[&grid], DocumentFormat::Csv, hints) {
            return reading;
        }
    }
    Reading { text_source: TextSource::Structured, ..flowing::document(&text, hints) }
}

fn page(text: &str, hints: &Hints) -> Reading {
    let grid = html::grid(text);
    tables::read(&[&grid], DocumentFormat::Html, hints).unwrap_or_else(|| lines_of(&[&grid], DocumentFormat::Html, hints))
}

fn markup(text: &str) -> Reading {
    match xml::parse(text) {
        Ok(xml::Parsed { root, cut_off }) => {
            let mut reading =
                remittance::iso20022::read(&root).or_else(|| remittance::ubl::read(&root)).or_else(|| document::e_invoice::read(&root)).unwrap_or_else(|| {
                    let says = format!("The XML message `{}` is none that is read here (camt.052/053/054, remt.001, pain.001, UBL, CII).", root.name);
                    Reading { text: structured::cut(root.words()), ..Reading::not_understood(DocumentFormat::Unknown, Doubt::blocking("not_understood", says)) }
                });
            reading.doubts.extend(cut_off);
            reading
        }
        Err(doubt) => Reading::not_understood(DocumentFormat::Unknown, doubt),
    }
}

/// A picture, or the pages of a fax.
fn picture(bytes: &[u8], hints: &Hints) -> Extraction {
    let format = text::format(bytes).unwrap_or(DocumentFormat::Unknown);
    let pages = text::pages(bytes);
    let (page_count, source) = (u32::try_from(pages.pages.len()).unwrap_or(u32::MAX), pages.source);
    let apart = parts::apart(bytes, format, &pages, hints);
    if let Apart::Several(parts) = apart {
        return split_pages(format, parts, page_count, source);
    }
    let mut reading = paged::read(pages, format, hints);
    reading.doubts.extend(apart.left());
    reading.into()
}

/// A PDF: its pages, unless an electronic invoice inside says more; other files inside are documents of their own.
fn pdf(bytes: &[u8], hints: &Hints) -> Extraction {
    let embedded = text::embedded(bytes);
    let pages = text::pages(bytes);
    let (page_count, source) = (u32::try_from(pages.pages.len()).unwrap_or(u32::MAX), pages.source);
    let electronic = embedded.files.iter().any(|file| electronic_invoice(&file.bytes).is_some());
    let apart = if electronic { Apart::One } else { parts::apart(bytes, DocumentFormat::Pdf, &pages, hints) };
    if let Apart::Several(parts) = apart {
        let mut parted = split_pages(DocumentFormat::Pdf, parts, page_count, source);
        parted.reading.doubts.extend(embedded.left);
        parted.members.extend(embedded.files);
        return parted;
    }
    let mut reading = paged::read(pages, DocumentFormat::Pdf, hints);
    reading.doubts.extend(apart.left());
    reading.doubts.extend(embedded.left);
    let mut members = Vec::new();
    for file in embedded.files {
        match electronic_invoice(&file.bytes) {
            Some(inside) if reading.format == DocumentFormat::Pdf => reading = hybrid(reading, inside),
            _ => members.push(file),
        }
    }
    if !members.is_empty() {
        let names = members.iter().map(|member| member.name.as_str()).collect::<Vec<_>>().join(", ");
        reading.doubts.push(Doubt::note("embedded_files", format!("The PDF carries files, each read as a document of its own: {names}.")));
    }
    if embedded.acts {
        reading.doubts.push(Doubt::note("active_content", "The PDF holds scripts or actions. They were not run; what is shown is a picture of its pages."));
    }
    Extraction { reading, members }
}

fn electronic_invoice(bytes: &[u8]) -> Option<Reading> {
    let text = decode::decode(bytes);
    text.trim_start_matches('\u{feff}').trim_start().starts_with('<').then(|| xml::parse(&text).ok()).flatten().and_then(|parsed| {
        let mut reading = document::e_invoice::read(&parsed.root)?;
        reading.doubts.extend(parsed.cut_off);
        Some(reading)
    })
}

/// The data win over the page that shows them; where the page says another total, a person has to look.
fn hybrid(page: Reading, inside: Reading) -> Reading {
    let mut doubts = page.doubts;
    doubts.retain(|doubt| doubt.code != "not_understood" && doubt.code != "no_amount");
    let shown = |total: rust_decimal::Decimal| {
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        let wanted = digits(&format!("{:.2}", total.abs()));
        // Blanks part groups of three: an amount has four at most.
        let words: Vec<String> = page.text.split_whitespace().map(digits).collect();
        (0..words.len()).any(|start| (start + 1..=(start + 4).min(words.len())).any(|end| words[start..end].concat() == wanted))
    };
    if let Some(total) = inside.total.filter(|total| page.text.len() > 100 && !shown(*total)) {
        doubts.push(Doubt::blocking("text_image_mismatch", format!("The data inside say a total of {total}; the page doesn't show it.")));
    }
    doubts.extend(inside.doubts);
    Reading { format: DocumentFormat::Facturx, pages: page.pages, language: page.language.or(inside.language), text: page.text, doubts, ..inside }
}

/// A file that holds several documents: each of them has a row of its own.
fn split(format: DocumentFormat, parts: Vec<Vec<u8>>) -> Extraction {
    let says = format!("The file holds {} documents; each has a row of its own.", parts.len());
    let members = (1..).zip(parts).map(|(number, bytes)| Member { name: format!("part-{number}"), bytes }).collect();
    container(format, members, vec![Doubt::note("split", says)])
}

/// The same of a file that has pages to show.
fn split_pages(format: DocumentFormat, parts: Vec<Vec<u8>>, pages: u32, source: TextSource) -> Extraction {
    let whole = split(format, parts);
    Extraction { reading: Reading { pages, text_source: source, ..whole.reading }, ..whole }
}

fn x12(text: &str) -> Extraction {
    let segments = remittance::x12::segments(text);
    let (format, read): (_, fn(&str) -> Reading) = match segments.iter().find(|segment| segment.name() == "ST").map_or("", |segment| segment.get(1)) {
        "820" => return remittance::x12_820::read(text).into(),
        "812" => (DocumentFormat::X12812, document::x12_812::read),
        "810" => (DocumentFormat::X12810, document::x12_papers::invoice),
        "856" => (DocumentFormat::X12856, document::x12_papers::ship_notice),
        "861" => (DocumentFormat::X12861, document::x12_papers::receiving_advice),
        other => {
            let says = format!("X12 transaction set `{other}` is not read here.");
            let doubt = Doubt::blocking("not_understood", says);
            return Reading { text: structured::cut(text.to_owned()), ..Reading::not_understood(DocumentFormat::Unknown, doubt) }.into();
        }
    };
    let sets = remittance::x12::transactions(text);
    if sets.len() > 1 { split(format, sets.into_iter().map(String::into_bytes).collect()) } else { read(text).into() }
}

fn edifact(text: &str) -> Extraction {
    let interchange = remittance::edifact::Interchange::new(text);
    let (format, read): (_, fn(&str) -> Reading) = match interchange.message_type() {
        "REMADV" => return remittance::remadv::read(text).into(),
        "INVOIC" => (DocumentFormat::EdifactInvoic, document::edifact_papers::invoice),
        "COMDIS" => (DocumentFormat::EdifactComdis, document::edifact_papers::dispute),
        "DESADV" => (DocumentFormat::EdifactDesadv, document::edifact_papers::despatch_advice),
        "RECADV" => (DocumentFormat::EdifactRecadv, document::edifact_papers::receiving_advice),
        other => {
            let says = format!("EDIFACT message `{other}` is not read here.");
            let doubt = Doubt::blocking("not_understood", says);
            return Reading { text: structured::cut(text.to_owned()), ..Reading::not_understood(DocumentFormat::Unknown, doubt) }.into();
        }
    };
    let messages = remittance::edifact::messages(text);
    if messages.len() > 1 { split(format, messages.into_iter().map(String::into_bytes).collect()) } else { read(text).into() }
}

#[cfg(test)]
mod tests {
    use recoup_engine::reading::DocumentKind;

    use super::*;

    fn codes(bytes: &[u8]) -> Vec<String> {
        read(bytes, &Hints::default()).reading.doubts.into_iter().map(|doubt| doubt.code).collect()
    }

    #[test]
    fn what_nobody_can_read_says_why() {
        assert_eq!(codes(b""), ["empty_file"]);
        assert_eq!(codes(b"\xef\xbb\xbf \r\n"), ["empty_file"]);
        assert_eq!(
            codes(
                b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3e\0\x01\0\0\0\x04\x05\x06\x01\x02\x03\x04\x05\x06\x07\x08\x0e\x0f\x10\x11\x12\x13\x14\x15\x16"
            ),
            ["not_understood"]
        );
        assert_eq!(codes(b"<?xml version=\"1.0\"?><!DOCTYPE a SYSTEM \"http://x\"><a/>"), ["xml_dtd"]);
        assert_eq!(codes(b"PK\x05\x06 not an archive"), ["archive_unreadable"]);
    }

    #[test]
    fn a_payment_far_from_its_invoices_is_doubted() {
        let sheet = |year: &str| {
            format!("Payment No.;7\nPayment Date;{year}-06-15\nTotal Payment;90.00;EUR\n\nInvoice No.;Invoice Date;Net Amount\nINV-1;2026-05-01;90.00\n")
        };
        assert!(!codes(sheet("2026").as_bytes()).contains(&"date_far".to_owned()));
        assert!(codes(sheet("2062").as_bytes()).contains(&"date_far".to_owned()));
    }

    #[test]
    fn the_same_payment_is_read_from_every_plain_form() {
        let forms = [
            "Payment No.;7\nPayment Date;2026-06-15\nTotal Payment;90.00;EUR\n\nInvoice No.;Gross Amount;Deduction;Net Amount;Reason\nINV-1;100.00;10.00;90.00;Short 1 case\n",
            "Payment No.\t7\nPayment Date\t15/06/2026\nTotal Payment\t90,00\tEUR\n\nInvoice No.\tGross Amount\tDeduction\tNet Amount\tReason\nINV-1\t100,00\t10,00\t90,00\tShort 1 case\n",
            "<html><body><p>Payment No.: 7<br>Payment Date: 15 June 2026<br>Total Payment: EUR 90.00</p><table><tr><td>Invoice No.</td><td>Gross Amount</td><td>Deduction</td><td>Net Amount</td><td>Reason</td></tr>\
             <tr><td>INV-1</td><td>100.00</td><td>10.00</td><td>90.00</td><td>Short 1 case</td></tr></table></body></html>",
        ];
        for form in forms {
            let reading = read(form.as_bytes(), &Hints::default()).reading;
            assert_eq!((reading.kind, reading.number.as_deref()), (DocumentKind::RemittanceAdvice, Some("7")), "{form}");
            assert_eq!(reading.date.map(|date| date.to_string()).as_deref(), Some("2026-06-15"));
            let Content::Advices(advices) = reading.content else { panic!("{form}") };
            let line = &advices[0].lines[0];
            assert_eq!(line.adjustments[0].amount, rust_decimal::Decimal::new(-1000, 2));
            assert_eq!(line.adjustments[0].text.as_deref(), Some("Short 1 case"));
            assert_eq!(advices[0].currency.map(|currency| currency.code().to_owned()).as_deref(), Some("EUR"));
        }
    }
}
