//! Proofs of delivery and bills of lading: what left, what arrived, and what the receiver wrote about it.

use recoup_engine::reading::{Area, Place};
use recoup_engine::supporting::{DeliveryDocument, DeliveryLine};

use super::articles::{self, Role};
use super::fields;
use super::rows::TextRow;
use super::supporting::{Basics, date_in};
use crate::language::labels::starts_with_phrase;
use crate::language::{HeaderField, fold};

/// Labels before the receiver's remarks.
#[rustfmt::skip]
const REMARKS: &[&str] = &[
    "remarks", "remark", "remarks on receipt", "receiver remarks", "receiver s remarks", "driver remarks", "driver s remarks", "exceptions", "exceptions noted", "delivery exceptions", "notes", "comments", "delivery notes", "discrepancies", "reservations", "condition",
    "reserves", "reserve", "reserves a la livraison", "reserves a la reception", "observations", "observation", "remarques", "remarque", "remarques a la reception", "commentaires", "anomalies",
    "opmerkingen", "opmerking", "opmerkingen bij ontvangst", "opmerkingen bij levering", "voorbehoud", "afwijkingen", "bijzonderheden",
    "bemerkungen", "bemerkung", "bemerkungen bei empfang", "bemerkungen beim empfang", "vorbehalte", "vorbehalt", "anmerkungen", "abweichungen", "beanstandungen", "reklamationen", "vermerke", "empfangsvermerk",
];

/// Labels before a signature.
#[rustfmt::skip]
pub(super) const SIGNATURES: &[&str] = &[
    "received by", "signed by", "signature", "signed", "receiver s signature", "receiver", "accepted by", "name", "print name", "consignee signature", "driver signature", "agreed and signed", "agreed", "for agreement",
    "recu par", "regu par", "recu",  "receptionne par", "signe par", "signature et cachet", "nom et signature", "signature du destinataire", "cachet", "receptionnaire", "bon pour accord",
    "ontvangen door", "getekend door", "handtekening", "naam ontvanger", "in ontvangst genomen door", "getekend voor ontvangst", "voor akkoord", "voor ontvangst", "ontvanger",
    "empfangen von", "empfangen durch", "unterschrift", "erhalten von", "angenommen von", "ware erhalten", "quittiert von", "empfanger", "name in druckbuchstaben", "einverstanden",
];

/// Reads a delivery paper.
pub fn read(rows: &[TextRow], basics: &Basics) -> DeliveryDocument {
    let table = articles::find(rows, basics.notation);
    let lines = table.iter().flat_map(|table| &table.lines).map(|row| DeliveryLine {
        article: row.article.clone(),
        description: row.description.clone(),
        shipped: row.number(Role::Shipped).or_else(|| row.number(Role::Quantity)),
        received: row.number(Role::Received),
        damaged: row.number(Role::Damaged),
        refused: row.number(Role::Refused),
        unit: row.unit.clone(),
        place: row.place,
    });
    let remarks = remarks(rows, table.as_ref().map_or(0, |table| table.end));
    let signature = signature(rows, basics);
    let owned = |placed: &super::supporting::Placed<String>| placed.as_ref().map(|(value, _)| value.clone());
    let delivered_to = fields::first(&basics.found, &[HeaderField::DeliveredTo]).or_else(|| fields::first(&basics.found, &[HeaderField::Payee]));
    DeliveryDocument {
        number: owned(&basics.number),
        delivered_to: delivered_to.map(|labelled| labelled.value.clone()),
        invoice_number: owned(&basics.invoice),
        purchase_order: owned(&basics.purchase_order),
        delivery_note: owned(&basics.delivery_note),
        date: basics.date.map(|(date, _)| date),
        lines: lines.collect(),
        remarks: remarks.as_ref().map(|(words, _)| words.clone()),
        remarks_place: remarks.map(|(_, place)| place),
        signed_by: signature.as_ref().and_then(|(name, _)| name.clone()),
        signature_place: signature.map(|(_, place)| place),
    }
}

/// The remarks after their label, or what stands between the table and the signature.
fn remarks(rows: &[TextRow], after_table: usize) -> Option<(String, Place)> {
    let labelled = rows.iter().position(|row| {
        let text = row.text();
        let label = fold(text.split(':').next().unwrap_or(&text));
        REMARKS.contains(&label.as_str()) || (text.contains(':') && starts_with_phrase(&label, REMARKS))
    });
    let start = labelled.unwrap_or(after_table);
    let mut words = Vec::new();
    let mut area: Option<Area> = None;
    for (index, row) in rows.iter().enumerate().skip(start) {
        let text = row.text();
        let said = if Some(index) == labelled { text.split_once(':').map_or("", |(_, value)| value).trim() } else { text.trim() };
        if Some(index) != labelled && starts_with_phrase(&fold(&text), SIGNATURES) {
            break;
        }
        // Without a label only the few lines before the signature can be remarks.
        if words.len() >= 8 || (labelled.is_none() && (after_table == 0 || words.len() >= 4)) {
            break;
        }
        if !said.is_empty() {
            words.push(said.to_owned());
            area = Some(area.map_or(row.area, |area| area.union(row.area)));
        }
    }
    let page = rows.get(start).map_or(1, |row| row.page);
    (!words.is_empty()).then(|| (words.join(" "), Place { page, area }))
}

/// Who signed: the words after the label that are no date. The place is known even when the hand can't be read.
fn signature(rows: &[TextRow], basics: &Basics) -> Option<(Option<String>, Place)> {
    let (index, row) = rows
        .iter()
        .enumerate()
        .rev()
        .find(|(_, row)| row.cells.first().is_some_and(|cell| starts_with_phrase(&fold(cell.text.split(':').next().unwrap_or("")), SIGNATURES)))?;
    let is_name = |text: &str| {
        text.chars().filter(|letter| letter.is_alphabetic()).count() >= 3
            && date_in(text, basics.date_order).is_none()
            && !starts_with_phrase(&fold(text), SIGNATURES)
    };
    let own = row.cells[0].text.split_once(':').map(|(_, value)| value.trim()).filter(|value| is_name(value)).map(str::to_owned);
    let beside = || row.cells[1..].iter().map(|cell| cell.text.trim()).find(|text| is_name(text)).map(str::to_owned);
    // The hand often stands a little above or below the line.
    let near = || {
        let rows = [index.checked_sub(1), Some(index + 1)].into_iter().flatten().filter_map(|index| rows.get(index));
        rows.filter(|other| other.cells.len() <= 2 && other.area.left > row.cells[0].area.right)
            .find_map(|other| other.cells.iter().map(|cell| cell.text.trim()).find(|text| is_name(text)).map(str::to_owned))
    };
    Some((own.or_else(beside).or_else(near), row.place()))
}
