//! Deal sheets to proposed agreements: the window, the rate with its unit, the kind of deal, the articles. Sales confirms; nothing is in force by itself.

use recoup_engine::agreement::{AgreementKind, RateType};
use recoup_engine::supporting::ProposedAgreement;
use rust_decimal::Decimal;

use super::articles;
use super::fields;
use super::rows::TextRow;
use super::supporting::Basics;
use crate::language::{fold, parse_date};

/// What each kind of deal is called, folded; earlier rows win, for "scan promotion off invoice" is paid on scans.
#[rustfmt::skip]
const KINDS: &[(AgreementKind, &[&str])] = &[
    (AgreementKind::ScanBack, &["scan", "scans", "scan back", "scanback", "scanactie", "scankorting", "ventes caisse", "sorties caisse", "kasse", "abverkauf", "abverkaufsvergutung", "kassaverkoop"]),
    (AgreementKind::Slotting, &["slotting", "new item", "listing", "listing fee", "referencement", "introductie", "opname assortiment", "listung", "listungsgebuhr", "neulistung"]),
    (AgreementKind::Display, &["display", "end cap", "gondola", "tete de gondole", "tg", "displayplaatsing", "schapplaatsing", "zweitplatzierung", "sonderplatzierung"]),
    (AgreementKind::CoopAdvertising, &["advertising", "coop", "co op", "flyer", "leaflet", "circular", "publicite", "prospectus", "catalogue", "folder", "reclame", "advertentie", "werbung", "handzettel", "werbekosten", "wkz"]),
    (AgreementKind::VolumeRebate, &["volume rebate", "annual rebate", "growth rebate", "rfa", "ristourne", "remise de fin d annee", "jaarbonus", "omzetbonus", "staffelkorting", "jahresbonus", "umsatzbonus", "mengenbonus"]),
    (AgreementKind::FreightAllowance, &["freight", "freight allowance", "backhaul", "transport", "participation transport", "vrachtvergoeding", "frachtvergutung"]),
    (AgreementKind::DefectiveAllowance, &["unsaleable", "unsaleables", "defective", "swell", "casse", "invendus", "derving", "onverkoopbaar", "bruchvergutung", "unverkaufliche"]),
    (AgreementKind::BillBack, &["bill back", "billback", "nacalculatie", "facturation ulterieure", "ristourne sur facture", "ruckvergutung", "nachtragliche"]),
    (AgreementKind::OffInvoice, &["off invoice", "invoice allowance", "korting op factuur", "factuurkorting", "remise sur facture", "remise facture", "rechnungsrabatt", "sofortrabatt", "rabatt auf rechnung"]),
    (AgreementKind::LumpSum, &["lump sum", "fixed amount", "forfait", "montant forfaitaire", "vast bedrag", "pauschale", "pauschalbetrag", "festbetrag"]),
];

#[rustfmt::skip]
const UNITS: &[(RateType, &[&str])] = &[
    (RateType::PerCase, &["case", "cases", "cs", "carton", "cartons", "colis", "doos", "dozen", "karton", "kartons", "krt", "collo"]),
    (RateType::PerStore, &["store", "stores", "shop", "location", "magasin", "magasins", "point de vente", "winkel", "winkels", "filiaal", "markt", "markte", "filiale"]),
    (RateType::PerUnit, &["unit", "units", "each", "ea", "piece", "pieces", "unite", "unites", "uvc", "stuk", "stuks", "stuck", "stk", "eenheid", "einheit"]),
];

/// What the sheet proposes.
pub fn read(rows: &[TextRow], basics: &Basics) -> ProposedAgreement {
    let table = articles::find(rows, basics.notation);
    let body = table.as_ref().map_or(rows, |table| &rows[..table.heading]);
    let (starts_on, ends_on) = body.iter().chain(rows).find_map(|row| window(row, basics)).unzip();
    let rate = body.iter().find_map(|row| rate(row, basics));
    let words = fold(&body.iter().map(TextRow::text).collect::<Vec<_>>().join(" \n "));
    let said = |phrase: &str| format!(" {words} ").contains(&format!(" {phrase} "));
    let kind = KINDS.iter().find(|(_, phrases)| phrases.iter().any(|phrase| said(phrase))).map(|(kind, _)| *kind);
    ProposedAgreement {
        kind: kind.or_else(|| rate.filter(|(rate_type, _)| *rate_type == RateType::Amount).map(|_| AgreementKind::LumpSum)),
        description: labelled(
            body,
            &["description", "designation", "omschrijving", "bezeichnung", "promotion", "event", "action", "operation", "actie", "aktion"],
        ),
        articles: table.map(|table| table.lines.into_iter().filter_map(|line| line.article).collect()).unwrap_or_default(),
        starts_on,
        ends_on,
        rate_type: rate.map(|(rate_type, _)| rate_type),
        rate: rate.map(|(_, rate)| rate),
        cap: labelled(body, &["cap", "maximum", "max", "plafond", "hochstens", "hochstbetrag", "maximaal"])
            .and_then(|value| fields::amount(&value, basics.notation))
            .map(|(cap, _)| cap),
        performance_required: labelled(
            body,
            &["performance", "proof of performance", "required", "justificatif", "contrepartie", "bewijs", "tegenprestatie", "nachweis", "gegenleistung"],
        ),
    }
}

/// The value beside one of these labels.
fn labelled(rows: &[TextRow], labels: &[&str]) -> Option<String> {
    rows.iter().find_map(|row| {
        let (label, value) = match &row.cells[..] {
            [label, rest @ ..] if !rest.is_empty() => (label.text.clone(), rest.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>().join(" ")),
            [only] => only.text.split_once(':').map(|(label, value)| (label.to_owned(), value.trim().to_owned()))?,
            _ => return None,
        };
        labels.contains(&fold(&label).as_str()).then_some(value).filter(|value| !value.is_empty())
    })
}

/// Two dates on one row, the earlier first.
fn window(row: &TextRow, basics: &Basics) -> Option<(jiff::civil::Date, jiff::civil::Date)> {
    let text = row.text().replace(['–', '—'], " - ");
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut dates = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let found = (1..=3.min(words.len() - at)).rev().find_map(|count| {
            let run = words[at..at + count].join(" ");
            let plausible = run.len() >= 6 && run.bytes().any(|byte| byte.is_ascii_digit());
            plausible.then(|| parse_date(run.trim_matches([',', ';', ':']), basics.date_order)).flatten().map(|parsed| (parsed.date, count))
        });
        at += found.map_or(1, |(_, count)| count);
        dates.extend(found.map(|(date, _)| date));
    }
    match dates[..] {
        [first, second] if first <= second => Some((first, second)),
        _ => None,
    }
}

/// `0,40 EUR per stuk`, `2.5 %`, `4.725,00 EUR vast bedrag`.
fn rate(row: &TextRow, basics: &Basics) -> Option<(RateType, Decimal)> {
    let text = row.cells.last()?.text.clone();
    let value = text.split_once(':').map_or(text.as_str(), |(_, value)| value).trim();
    let digits = value.find(|sign: char| sign.is_ascii_digit())?;
    let number: String = value[digits..].chars().take_while(|sign| sign.is_ascii_digit() || matches!(sign, '.' | ',' | '\'')).collect();
    let behind = fold(&value[digits + number.len()..]);
    let before = fold(&value[..digits]);
    let number = number.trim_end_matches(['.', ',']);
    if value[digits..].trim_start_matches(|sign: char| sign.is_ascii_digit() || matches!(sign, '.' | ',')).trim_start().starts_with('%') {
        return number.replace(',', ".").parse().ok().map(|percent| (RateType::Percent, percent));
    }
    let money = ["eur", "usd", "gbp", "chf"].iter().any(|code| behind.split(' ').next() == Some(code) || before.split(' ').next_back() == Some(code))
        || value.contains(['€', '$', '£']);
    let (amount, _) = fields::amount(number, basics.notation).filter(|_| money)?;
    let unit = UNITS.iter().find(|(_, words)| behind.split(' ').any(|word| words.contains(&word))).map(|(rate_type, _)| *rate_type);
    Some((unit.unwrap_or(RateType::Amount), amount))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{rows, supporting};
    use crate::text::pages_of_plain_text;

    fn proposal(text: &str) -> ProposedAgreement {
        let rows = rows::of_pages(&pages_of_plain_text(text).pages);
        read(&rows, &supporting::basics(&rows, None, &[]))
    }

    #[test]
    fn window_rate_kind_and_articles_are_proposed() {
        let found = proposal(
            "ACTIEOVEREENKOMST\nNo. ACT-2159\n\nOmschrijving:      Schoolstart scanactie\nGeldig:            03-08-2026 - 30-08-2026\nVergoeding:        0,40 EUR per stuk\n\n\
             Artikel     Omschrijving\n10199       Red Lentil Soup 400 g\n10200       Tomato Soup 400 g\n",
        );
        assert_eq!((found.kind, found.rate_type, found.rate), (Some(AgreementKind::ScanBack), Some(RateType::PerUnit), Some(Decimal::new(40, 2))));
        assert_eq!(found.starts_on.zip(found.ends_on).map(|(start, end)| format!("{start} {end}")).as_deref(), Some("2026-08-03 2026-08-30"));
        assert_eq!(found.articles, ["10199", "10200"]);
    }

    #[test]
    fn percents_and_fixed_amounts_are_told_apart() {
        let found = proposal("Deal sheet D-1\nDescription:   Autumn feature off invoice\nValid from 1 March 2026 to 15 April 2026\nAllowance:   7.5 %\n");
        assert_eq!((found.kind, found.rate_type, found.rate), (Some(AgreementKind::OffInvoice), Some(RateType::Percent), Some(Decimal::new(75, 1))));
        assert_eq!(found.starts_on.map(|date| date.to_string()).as_deref(), Some("2026-03-01"));
        let found =
            proposal("Aktionsvereinbarung AK-7\nBezeichnung:    Handzettel KW 12\nGültig:    16.03.2026 - 22.03.2026\nVergütung:    4.725,00 EUR pauschal\n");
        assert_eq!((found.kind, found.rate_type, found.rate), (Some(AgreementKind::CoopAdvertising), Some(RateType::Amount), Some(Decimal::new(472_500, 2))));
    }
}
