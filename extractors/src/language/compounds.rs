//! Labels put together from known words: "Chk Dt", "Verwerkingsdatum", "Run No." say what they count and that they speak of a payment.

use super::labels::HeaderField;

const DATES: &[&str] = &["date", "dt", "datum", "tag", "dag", "jour", "day"];
const NUMBERS: &[&str] = &["no", "nr", "nbr", "num", "number", "numero", "nummer", "id", "ref", "reference", "referenz", "referentie", "kenmerk"];
const AMOUNTS: &[&str] =
    &["amount", "amt", "total", "sum", "montant", "mt", "mnt", "somme", "bedrag", "totaal", "betrag", "summe", "gesamt", "value", "solde", "saldo"];

/// Words that speak of a payment as a whole; what a line pays is said in other words.
#[rustfmt::skip]
const PAYMENT: &[&str] = &[
    "deposit", "release", "posting", "comptabilisation", "depot", "boekings",
    "payment", "paymt", "pymt", "pmt", "pay", "paid", "remittance", "remit", "remitted", "check", "cheque", "chk", "chq", "eft", "ach", "bacs", "chaps", "wire", "transfer",
    "run", "processing", "process", "transmission", "transmitted", "disbursement", "payout", "settlement", "clearing", "trace", "batch", "voucher", "advice", "draft",
    "paiement", "reglement", "regl", "vire", "verse", "regle", "virement", "vir", "versement", "traite", "execution", "bordereau", "avis", "lettre",
    "betaling", "betalings", "betaal", "betaald", "overschrijving", "overschrijvings", "overboeking", "overboekings", "overgemaakt", "opdracht", "verwerking", "verwerkings",
    "uitvoering", "uitvoerings", "uitbetaling", "uitbetalings", "uitbetaald", "storting", "batch",
    "zahlung", "zahlungs", "zahl", "uberweisung", "uberweisungs", "ausfuhrung", "ausfuhrungs", "buchung", "buchungs", "scheck", "auszahlung", "auszahlungs", "zahllauf", "lauf",
    "regulierung", "regulierungs", "abrechnung", "abrechnungs", "transaktion", "transaktions", "anweisung", "anweisungs", "verarbeitung", "verarbeitungs",
];

/// Words that change nothing.
#[rustfmt::skip]
const BESIDE: &[&str] = &[
    "of", "the", "your", "our", "this", "de", "du", "d", "l", "la", "le", "ce", "van", "het", "deze", "uw", "onze", "der", "die", "des", "dieser", "ihre", "unsere", "in", "en", "votre", "faveur", "te", "uwen", "gunste", "zu", "ihren", "gunsten", "eur", "usd", "gbp", "chf",
];

/// What such a label names; `None` when a word of it is something else.
pub(super) fn payment_field(folded: &str) -> Option<HeaderField> {
    let (mut counted, mut of_payment) = (None, false);
    for part in folded.split(' ').flat_map(parts) {
        let field = if DATES.contains(&part) {
            Some(HeaderField::PaymentDate)
        } else if NUMBERS.contains(&part) {
            Some(HeaderField::PaymentReference)
        } else if AMOUNTS.contains(&part) {
            Some(HeaderField::TotalPaid)
        } else {
            None
        };
        match field {
            // "Value date" counts days, not money.
            Some(HeaderField::TotalPaid) if counted.is_some() && part == "value" => {}
            Some(HeaderField::PaymentDate) if counted == Some(HeaderField::TotalPaid) => counted = field,
            Some(_) if counted.is_some() && counted != field => return None,
            Some(_) => counted = field,
            None if PAYMENT.contains(&part) => of_payment = true,
            None if BESIDE.contains(&part) => {}
            None => return None,
        }
    }
    counted.filter(|_| of_payment)
}

/// Whether a word is one of paying or joined from one: "Sammelüberweisung", "betaalstaat".
pub fn names_payment(word: &str) -> bool {
    const LONG: usize = 6;
    let is_long = |known: &&&str| known.len() >= LONG;
    PAYMENT.contains(&word) || word.len() > LONG && PAYMENT.iter().filter(is_long).any(|known| word.starts_with(known) || word.ends_with(known))
}

/// Dutch and German join words: "verwerkingsdatum" is "verwerkings" and "datum", "Gesamtüberweisung" is "gesamt" and "überweisung".
fn parts(word: &str) -> impl Iterator<Item = &str> {
    let counted = [DATES, NUMBERS, AMOUNTS].into_iter().flatten().filter(|noun| noun.len() >= 2);
    let before = |noun: &str| word.strip_suffix(noun).filter(|stem| PAYMENT.contains(stem)).map(str::len);
    let behind = |noun: &str| word.strip_prefix(noun).filter(|stem| PAYMENT.contains(stem)).map(|_| noun.len());
    let joint = counted.clone().find_map(|noun| before(noun)).or_else(|| counted.clone().find_map(|noun| behind(noun)));
    let (first, second) = word.split_at(joint.unwrap_or(word.len()));
    [first, second].into_iter().filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::fold;

    #[test]
    fn labels_are_understood_by_their_parts() {
        for (label, field) in [
            ("Chk Dt", HeaderField::PaymentDate),
            ("Processing date", HeaderField::PaymentDate),
            ("Verwerkingsdatum", HeaderField::PaymentDate),
            ("Buchungstag", HeaderField::PaymentDate),
            ("Date d'exécution du virement", HeaderField::PaymentDate),
            ("Chk #", HeaderField::PaymentReference),
            ("Opdrachtnr.", HeaderField::PaymentReference),
            ("Batch no", HeaderField::PaymentReference),
            ("BACS total", HeaderField::TotalPaid),
            ("Auszahlungssumme", HeaderField::TotalPaid),
            ("Gesamtüberweisung", HeaderField::TotalPaid),
            ("Solde viré en votre faveur", HeaderField::TotalPaid),
            ("Cheque value £", HeaderField::TotalPaid),
        ] {
            assert_eq!(payment_field(&fold(label)), Some(field), "{label}");
        }
        for label in ["Invoice date", "Due date", "Date", "Payment", "Rechnungsbetrag", "Payment terms", "Betaalde factuur"] {
            assert_eq!(payment_field(&fold(label)), None, "{label}");
        }
    }
}
