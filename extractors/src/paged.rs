//! Pages of words to a whole reading: the kind first, then the reader of that kind.

use recoup_engine::reading::{Confidence, Content, DocumentFormat, DocumentKind, Doubt, Field, Layout, Place, Reading, TextSource};
use recoup_engine::remittance::{AdviceLine, PartyNamed, RemittanceAdvice};
use recoup_engine::supporting::SupportingDocument;

use crate::Hints;
use crate::document::classify::{self, Guess};
use crate::document::fields::{Labelled, amount, document_number};
use crate::document::rows::{self, TextRow};
use crate::document::{agreement, debit_note, delivery, masthead, payment_number, supporting};
use crate::language::{HeaderField, detect};
use crate::remittance::advice;
use crate::remittance::prose::{self, Prose};
use crate::structured::cut;
use crate::text::{PagedText, pages_of_plain_text};

/// Reads a document of pages, whatever it is.
pub(crate) fn read(paged: PagedText, format: DocumentFormat, hints: &Hints) -> Reading {
    whatever(paged, format, hints, true)
}

/// Reads a document of pages that were found to hold no table of an advice.
pub(crate) fn without_advice(paged: PagedText, format: DocumentFormat, hints: &Hints) -> Reading {
    whatever(paged, format, hints, false)
}

fn whatever(paged: PagedText, format: DocumentFormat, hints: &Hints, may_list: bool) -> Reading {
    let rows = rows::of_pages(&paged.pages);
    let text = rows.iter().map(TextRow::text).collect::<Vec<_>>().join("\n");
    let language = detect(&text);
    let pages = u32::try_from(paged.pages.len().max(1)).unwrap_or(1);
    let mut reading = Reading { pages, text_source: paged.source, language, text: cut(text), ..Reading::not_understood(format, Doubt::note("", "")) };
    reading.doubts.clone_from(&paged.doubts);
    if rows.is_empty() {
        if reading.doubts.is_empty() {
            reading.doubts.push(Doubt::blocking("not_understood", "No words were found on the pages."));
        }
        return reading;
    }
    let guess = classify::classify(&rows);
    let may_pay = matches!(guess.kind, DocumentKind::RemittanceAdvice | DocumentKind::Other | DocumentKind::Correspondence);
    if may_pay
        && may_list
        && let Some((advices, fields, doubts, layout)) = advices(&paged, &rows, hints, guess.kind == DocumentKind::RemittanceAdvice)
    {
        return pay(reading, advices, fields, doubts, guess, layout);
    }
    if may_pay && let Some(told) = told(&reading, &rows, guess, hints) {
        return told;
    }
    describe(reading, &rows, guess, hints)
}

/// A mail of plain sentences that tell of a payment.
pub(crate) fn prose_of(text: &str, hints: &Hints) -> Option<Reading> {
    let paged = pages_of_plain_text(text);
    let rows = rows::of_pages(&paged.pages);
    let reading = Reading {
        text_source: TextSource::Structured,
        language: detect(text),
        text: cut(text.to_owned()),
        doubts: Vec::new(),
        ..Reading::not_understood(DocumentFormat::Text, Doubt::note("", ""))
    };
    let guess = Guess { kind: DocumentKind::Correspondence, confidence: Confidence::from_thousandths(900), title_row: None, is_letter: true };
    told(&reading, &rows, guess, hints)
}

/// The payment that the sentences of a letter tell of: an advice when their amounts prove it, else a letter that a person must look at.
fn told(reading: &Reading, rows: &[TextRow], guess: Guess, hints: &Hints) -> Option<Reading> {
    let lines: Vec<String> = rows.iter().map(TextRow::text).collect();
    let basics = supporting::basics(rows, None, &hints.own_names);
    match prose::read(&lines, basics.notation, basics.date_order, &hints.numbering)? {
        Prose::Proven { total, lines } => {
            let payer = PartyNamed { name: basics.issuer.name.clone(), ..PartyNamed::default() };
            let mut advice = RemittanceAdvice { payer, currency: basics.currency, total: Some(total), lines, ..RemittanceAdvice::default() };
            let mut fields = Vec::new();
            complete(&mut advice, &mut fields, rows, hints);
            Some(pay(reading.clone(), vec![advice], fields, Vec::new(), guess, None))
        }
        Prose::Told if guess.is_letter => {
            let mut letter = describe(reading.clone(), rows, guess, hints);
            let says = "The letter tells of a payment and names documents, but its amounts don't add up; enter what was paid.";
            letter.doubts.push(Doubt::blocking("payment_in_words", says));
            Some(letter)
        }
        Prose::Told => None,
    }
}

/// The advice in pages of plain text, when there is one.
pub(crate) fn advice_of(paged: &PagedText, format: DocumentFormat, hints: &Hints) -> Option<Reading> {
    let rows = rows::of_pages(&paged.pages);
    let text = rows.iter().map(TextRow::text).collect::<Vec<_>>().join("\n");
    let guess = classify::classify(&rows);
    let (advices, fields, doubts, layout) = advices(paged, &rows, hints, guess.kind == DocumentKind::RemittanceAdvice)?;
    let reading = Reading {
        text_source: TextSource::Structured,
        language: detect(&text),
        text: cut(text),
        doubts: Vec::new(),
        ..Reading::not_understood(format, Doubt::note("", ""))
    };
    Some(pay(reading, advices, fields, doubts, guess, layout))
}

type Advices = (Vec<RemittanceAdvice>, Vec<Field>, Vec<Doubt>, Option<Layout>);

/// The advices on the pages; without a title that says so, only several lines or a proven sum make one.
fn advices(paged: &PagedText, rows: &[TextRow], hints: &Hints, titled: bool) -> Option<Advices> {
    let advice::Advice { mut advices, doubts, mut fields, layout } = advice::read(paged, hints);
    if let [only] = &mut advices[..] {
        complete(only, &mut fields, rows, hints);
    }
    advices.iter_mut().flat_map(|advice| &mut advice.lines).for_each(words_are_no_code);
    let lines = advices.iter().flat_map(|advice| &advice.lines).filter(|line| line.reference.is_some() && line.net.is_some()).count();
    let proven = advices.iter().any(|advice| advice.total.is_some_and(|total| total == advice.paid_by_lines()));
    let sure = if titled {
        lines > 0 || advices.iter().any(|advice| advice.total.is_some())
    } else {
        lines > 1 && proven || lines > 0 && proven && advices.iter().any(|advice| advice.reference.is_some() && advice.payment_date.is_some())
    };
    sure.then_some((advices, fields, doubts, layout))
}

/// Gives an advice that was read from a table what the sentences around it say: the day and the number.
pub(crate) fn complete_from_text(reading: &mut Reading, text: &str, hints: &Hints) {
    let Content::Advices(advices) = &mut reading.content else { return };
    let [only] = &mut advices[..] else { return };
    if only.payment_date.is_some() && only.reference.is_some() {
        return;
    }
    let rows = rows::of_pages(&pages_of_plain_text(text).pages);
    complete_day_and_number(only, &mut reading.fields, &rows, &supporting::basics(&rows, None, &hints.own_names));
    reading.number = reading.number.take().or_else(|| only.reference.clone());
    reading.date = reading.date.or(only.payment_date);
}

/// Facts that stand under or beside their labels where the reader of columns didn't look, or without a label over the table.
fn complete(advice: &mut RemittanceAdvice, fields: &mut Vec<Field>, rows: &[TextRow], hints: &Hints) {
    drop_date_of_a_line(advice, fields, rows);
    if advice.reference.is_some() && advice.payment_date.is_some() && advice.total.is_some() {
        return;
    }
    let basics = supporting::basics(rows, None, &hints.own_names);
    complete_day_and_number(advice, fields, rows, &basics);
    if advice.total.is_none() {
        let total = basics.found.iter().filter(|found| found.field == HeaderField::TotalPaid);
        if let Some((found, total)) = total.filter_map(|found| amount(&found.value, basics.notation).map(|(total, _)| (found, total))).next() {
            let confidence = Confidence::from_thousandths(850);
            fields.push(Field { name: "total_amount".to_owned(), value: total.to_string(), place: Some(found.place), confidence });
            advice.total = Some(total);
        }
    }
}

fn complete_day_and_number(advice: &mut RemittanceAdvice, fields: &mut Vec<Field>, rows: &[TextRow], basics: &supporting::Basics) {
    let labelled = |field: HeaderField| basics.found.iter().filter(move |found| found.field == field);
    let mut add = |name: &str, value: String, place| fields.push(Field { name: name.to_owned(), value, place, confidence: Confidence::from_thousandths(850) });
    if advice.reference.is_none() {
        let named = labelled(HeaderField::PaymentReference).filter_map(|found| document_number(&found.value).map(|number| (number, found.place)));
        // A number that a line carries is the line's own.
        let free = |(number, _): &(String, Place)| advice.lines.iter().all(|line| line.reference.as_ref() != Some(number));
        if let Some((number, place)) = payment_number::titled(rows).into_iter().chain(named).chain(payment_number::unexplained(rows)).find(free) {
            add("reference", number.clone(), Some(place));
            advice.reference = Some(number);
        }
    }
    if advice.payment_date.is_none() {
        let dates = |field| labelled(field).filter(|found| !supporting::in_table(rows, found));
        let read = |found: &Labelled| supporting::date_in(&found.value, basics.date_order).map(|date| (date, found.place));
        let paid = dates(HeaderField::PaymentDate).find_map(read).or_else(|| masthead::day(rows, basics.date_order));
        if let Some((date, place)) = paid.or_else(|| dates(HeaderField::DocumentDate).find_map(read)) {
            add("payment_date", date.to_string(), Some(place));
            advice.payment_date = Some(date);
        }
    }
}

/// "Grund" heads codes in one paper and words in the next: what is spoken is the reason.
fn words_are_no_code(line: &mut AdviceLine) {
    let spoken = |code: &mut String| code.trim().contains(' ') || code.chars().filter(|letter| letter.is_lowercase()).count() >= 4;
    let reasons = line.adjustments.iter_mut().map(|taken| (&mut taken.code, &mut taken.text));
    for (code, text) in reasons.chain([(&mut line.code, &mut line.text)]) {
        if let Some(words) = code.take_if(spoken) {
            *text = Some(text.take().map_or_else(|| words.clone(), |text| format!("{words} {text}")));
        }
    }
}

/// The day of an invoice is no day of payment: no date is better than one out of a row that is a line.
fn drop_date_of_a_line(advice: &mut RemittanceAdvice, fields: &mut Vec<Field>, rows: &[TextRow]) {
    let Some(place) = fields.iter().find(|field| field.name == "payment_date").and_then(|field| field.place) else { return };
    let Some(area) = place.area else { return };
    let standing = rows.iter().filter(|row| row.page == place.page && row.area.top <= area.bottom && row.area.bottom >= area.top);
    let references = || advice.lines.iter().filter_map(|line| line.reference.as_deref());
    let of_a_line = standing.flat_map(|row| &row.words).any(|word| references().any(|reference| reference == word.text));
    if of_a_line {
        advice.payment_date = None;
        fields.retain(|field| field.name != "payment_date");
    }
}

fn pay(reading: Reading, advices: Vec<RemittanceAdvice>, fields: Vec<Field>, doubts: Vec<Doubt>, guess: Guess, layout: Option<Layout>) -> Reading {
    let first = advices.first();
    let (number, date) = (first.and_then(|advice| advice.reference.clone()), first.and_then(|advice| advice.payment_date));
    let (total, currency) = (first.and_then(|advice| advice.total), first.and_then(|advice| advice.currency));
    let confidence = if guess.kind == DocumentKind::RemittanceAdvice { guess.confidence } else { Confidence::from_thousandths(850) };
    let mut all = reading.doubts;
    all.extend(doubts);
    Reading {
        kind: DocumentKind::RemittanceAdvice,
        kind_confidence: confidence,
        number,
        date,
        total,
        currency,
        fields,
        doubts: all,
        content: Content::Advices(advices),
        layout,
        ..reading
    }
}

fn describe(mut reading: Reading, rows: &[TextRow], guess: Guess, hints: &Hints) -> Reading {
    let basics = supporting::basics(rows, guess.title_row, &hints.own_names);
    reading.kind = guess.kind;
    reading.kind_confidence = guess.confidence;
    reading.fields = supporting::as_fields(&basics);
    reading.number = basics.number.as_ref().map(|(number, _)| number.clone());
    reading.date = basics.date.map(|(date, _)| date);
    reading.total = basics.amount.map(|(amount, _)| amount);
    reading.currency = basics.currency;
    reading.content = match guess.kind {
        DocumentKind::DebitNote => {
            let note = debit_note::read(rows, &basics);
            reading.total = note.amount;
            if let Some(reason) = &note.reason {
                reading.fields.push(Field {
                    name: "reason".to_owned(),
                    value: reason.clone(),
                    place: note.reason_place,
                    confidence: Confidence::from_thousandths(900),
                });
            }
            if note.amount.is_none() {
                reading.doubts.push(Doubt::note("no_amount", "The claim states no amount that could be read."));
            }
            Content::DebitNote(note)
        }
        DocumentKind::ProofOfDelivery | DocumentKind::BillOfLading => {
            let paper = delivery::read(rows, &basics);
            for (name, value, place) in [
                ("remarks", &paper.remarks, paper.remarks_place),
                ("signed_by", &paper.signed_by, paper.signature_place),
                ("delivered_to", &paper.delivered_to, None),
            ] {
                if let Some(value) = value {
                    reading.fields.push(Field { name: name.to_owned(), value: value.clone(), place, confidence: Confidence::from_thousandths(850) });
                }
            }
            reading.total = None;
            Content::Delivery(paper)
        }
        DocumentKind::PromotionAgreement => {
            let proposal = agreement::read(rows, &basics);
            reading.total = None;
            for (name, value) in [
                ("agreement_kind", proposal.kind.map(|kind| kind.word().to_owned())),
                ("starts_on", proposal.starts_on.map(|date| date.to_string())),
                ("ends_on", proposal.ends_on.map(|date| date.to_string())),
                ("rate_type", proposal.rate_type.map(|rate_type| rate_type.word().to_owned())),
                ("rate", proposal.rate.map(|rate| rate.to_string())),
                ("articles", Some(proposal.articles.join("|")).filter(|articles| !articles.is_empty())),
            ] {
                reading.fields.extend(value.map(|value| Field { name: name.to_owned(), value, place: None, confidence: Confidence::from_thousandths(850) }));
            }
            Content::Supporting(SupportingDocument { amount: None, proposal: Some(proposal), ..supporting::read(rows, &basics) })
        }
        DocumentKind::Other => {
            reading.doubts.push(Doubt::blocking("not_understood", "The document is none of the kinds that are read here."));
            Content::Supporting(supporting::read(rows, &basics))
        }
        // It says that money was paid, so somebody has to see why none could be read.
        DocumentKind::RemittanceAdvice => {
            reading.doubts.push(Doubt::blocking("no_lines", "The document announces a payment, and no line of it could be read."));
            Content::Supporting(supporting::read(rows, &basics))
        }
        _ => Content::Supporting(supporting::read(rows, &basics)),
    };
    reading
}

#[cfg(test)]
mod tests {
    use super::*;
    use recoup_engine::supporting::{DebitNote, DeliveryDocument};
    use rust_decimal::Decimal;

    fn paper(text: &str) -> Reading {
        let paged = PagedText { source: TextSource::TextLayer, ..pages_of_plain_text(text) };
        read(paged, DocumentFormat::Pdf, &Hints { own_names: vec!["Werkhof Foods".to_owned()], ..Hints::default() })
    }

    fn claim(text: &str) -> DebitNote {
        let Content::DebitNote(note) = paper(text).content else { panic!("no claim") };
        note
    }

    fn delivery(text: &str) -> DeliveryDocument {
        let Content::Delivery(paper) = paper(text).content else { panic!("no delivery") };
        paper
    }

    #[test]
    fn a_claim_states_number_amount_reason_and_articles() {
        let note = claim(
            "CHARGEBACK NOTICE                                   Northgate Grocers Inc.\nNo. CB-77120\n\nDate:              07/16/2026\nVendor:            Werkhof Foods\nInvoice:           INV-2026-7\nPurchase order:    PO-881\nReason code:       22\n\n\
             Reason\nShort received 16 cases of item 10101\non invoice INV-2026-7\n\nItem              Description                  Unit        Qty\n10101             Sea Salt Crisps 150 g        case         16\n\n                                    Amount        1,019.20 USD\n",
        );
        assert_eq!(
            (note.number.as_deref(), note.invoice_number.as_deref(), note.purchase_order.as_deref(), note.code.as_deref()),
            (Some("CB-77120"), Some("INV-2026-7"), Some("PO-881"), Some("22"))
        );
        assert_eq!((note.issuer.name.as_deref(), note.amount), (Some("Northgate Grocers Inc."), Some(Decimal::new(101_920, 2))));
        assert_eq!(note.date.map(|date| date.to_string()).as_deref(), Some("2026-07-16"));
        assert_eq!(note.reason.as_deref(), Some("Short received 16 cases of item 10101 on invoice INV-2026-7"));
        let line = &note.lines[0];
        assert_eq!((line.article.as_deref(), line.unit.as_deref(), line.quantity), (Some("10101"), Some("case"), Some(Decimal::from(16))));
    }

    #[test]
    fn a_german_claim_is_read_without_articles() {
        let note = claim(
            "Handelshaus Nord GmbH\n\nBelastungsanzeige Nr. BA031472\n\nDatum: 24.07.2026\nRechnung: RE-80425\nGrund: Fehlmenge zu Rg. RE-80425\nBelastungsbetrag: 9,76 EUR\n",
        );
        assert_eq!(
            (note.number.as_deref(), note.amount, note.reason.as_deref()),
            (Some("BA031472"), Some(Decimal::new(976, 2)), Some("Fehlmenge zu Rg. RE-80425"))
        );
        assert_eq!(note.issuer.name.as_deref(), Some("Handelshaus Nord GmbH"));
    }

    #[test]
    fn a_delivery_keeps_quantities_remarks_and_signature() {
        let paper = delivery(
            "AFLEVERBEWIJS                                        Werkhof Foods B.V.\nNo. POD910000\nGeleverd aan:              Hoekmarkt B.V., Filiaal 107\nFactuur:                   202601000\nPakbon:                    L70018\nDatum:                     23-08-2026\n\n\
             Artikel           Omschrijving                       Verzonden     Ontvangen   Beschadigd   Eenheid\n10381             Chickpea Pasta 400 g                      27            27            0   doos\n10213             Red Lentil Soup 400 g                     96            75            2   stuk\n\n\
             Opmerkingen bij ontvangst:\n     MANCO 21 stuk 10213\n\nOntvangen door:                       A. Petit                     23-08-2026\n",
        );
        assert_eq!(
            (paper.number.as_deref(), paper.delivery_note.as_deref(), paper.invoice_number.as_deref()),
            (Some("POD910000"), Some("L70018"), Some("202601000"))
        );
        assert_eq!((paper.remarks.as_deref(), paper.signed_by.as_deref()), (Some("MANCO 21 stuk 10213"), Some("A. Petit")));
        let line = &paper.lines[1];
        assert_eq!(
            (line.shipped, line.received, line.damaged, line.unit.as_deref()),
            (Some(Decimal::from(96)), Some(Decimal::from(75)), Some(Decimal::from(2)), Some("stuk"))
        );
    }

    #[test]
    fn a_letter_that_mentions_papers_stays_a_letter() {
        let reading = paper(
            "Oosterkade Groothandel B.V.\nMarktweg 109, Zwolle\n\nGeachte heer, mevrouw,\n\nwij bevestigen de ontvangst van uw debetnota DN-4711 van 22-05-2026 en uw\nrekeningoverzicht.\n\nMet vriendelijke groet\n",
        );
        assert_eq!((reading.kind, reading.language), (DocumentKind::Correspondence, Some(recoup_engine::reading::Language::Dutch)));
        let Content::Supporting(letter) = reading.content else { panic!() };
        assert_eq!(letter.references, ["DN-4711"]);
    }
}
