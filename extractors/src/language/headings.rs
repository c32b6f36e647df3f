//! Headings put together from known words: "Remise pour paiement anticipé", "Bedrag van uw factuur", "Net paid USD" mean what their words mean together.

use std::collections::BTreeSet;

use super::labels::ColumnRole;

/// What one word of a heading speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Concept {
    Invoice,
    Measure,
    Gross,
    Net,
    Paid,
    Taken,
    Discount,
    Reason,
    Code,
    Date,
    Due,
    Number,
    Order,
    Percent,
    /// Changes nothing: articles, currencies, "your".
    Beside,
}

/// The beginnings of words, by what they speak of; a `.` ends a word that must stand whole.
#[rustfmt::skip]
const STEMS: &[(Concept, &[&str])] = &[
    (Concept::Invoice, &["invoic", "inv.", "bill.", "bills.", "billed", "factur", "fact.", "factuur", "facturen", "rechnung", "rechn.", "rg.", "re.", "faktur", "document.", "doc.", "beleg.", "belege.", "belegs.", "piece", "stuk."]),
    (Concept::Measure, &["amount", "amt.", "value", "val.", "sum.", "total", "totaal", "montant", "mnt.", "mt.", "somme", "valeur", "bedrag", "waarde", "betrag", "wert.", "summe", "maatstaf"]),
    (Concept::Gross, &["gross", "original", "orig.", "brut", "ttc.", "oorspronkelijk", "ursprung", "openstaand", "incl.", "inclusief"]),
    (Concept::Net, &["net.", "nets.", "nett.", "netto"]),
    (Concept::Paid, &["paid.", "pay.", "paying", "payment", "pmt.", "pymt.", "settled", "remitted", "remittance", "transfer", "credited", "disburs", "regle", "reglement", "paye", "paiement", "vire", "virement", "verse", "versement", "acquitte", "betaal", "betaling", "uitbetaal", "uitbetaling", "overgemaakt", "overgeboekt", "overgeschreven", "voldaan", "gestort", "gezahlt", "bezahlt", "zahlung", "zahl.", "auszahl", "uberwies", "uberweis", "vergut", "angewiesen", "anweisung", "beglichen", "reguliert", "ausgleich"]),
    (Concept::Taken, &["deduct", "ded.", "withh", "held.", "short", "claim", "chargeback", "query", "queried", "disput", "adj", "less.", "taken.", "offset", "retenu", "retenue", "retire", "dedui", "deduction", "moins.", "litige", "ecart", "ajust", "ingehouden", "inhoud", "aftrek", "afgetrokken", "eraf.", "gekort", "mindering", "verrekend", "verschil", "abzug", "abzuge", "abgezogen", "gekurzt", "kurzung", "kurzg", "einbehalt", "minderung", "belast", "differenz"]),
    (Concept::Discount, &["discount", "disc.", "escompte", "esc.", "remise", "korting", "kortingen", "contantkorting", "betaalkorting", "betalingskorting", "kredietbep", "kred.", "skonto", "skto", "skonti", "rabatt", "nachlass"]),
    (Concept::Reason, &["reason", "why.", "comment", "remark", "note.", "notes.", "memo.", "explanation", "description", "text", "motif", "raison", "commentaire", "observation", "remarque", "libelle", "explication", "reden", "waarom.", "wegens.", "toelichting", "opmerking", "omschrijving", "grund", "warum.", "wegen.", "bemerkung", "anmerkung", "hinweis", "begrundung", "erlauterung", "bezeichnung", "vermerk"]),
    (Concept::Code, &["code", "cd.", "cde.", "kz.", "kennz"]),
    (Concept::Date, &["date", "dated", "dat.", "dt.", "datum", "dagtekening", "vom.", "tag."]),
    (Concept::Due, &["due", "echeance", "verval", "fallig", "maturity"]),
    (Concept::Number, &["no.", "nr.", "nbr.", "num.", "number", "numero", "nummer", "ref.", "reference", "referenz", "referentie", "id."]),
    (Concept::Order, &["order", "purchase", "po.", "commande", "bestell", "bestel", "inkoop", "auftrag"]),
    (Concept::Percent, &["%.", "percent", "prozent", "pct."]),
    (Concept::Beside, &["your", "our.", "the.", "of.", "for.", "on.", "in.", "to.", "by.", "we.", "early", "prompt", "cash.", "votre", "vos.", "notre", "de.", "du.", "des.", "la.", "le.", "les.", "l.", "d.", "pour.", "sur.", "anticipe", "comptant", "um.", "uw.", "onze.", "ons.", "van.", "het.", "voor.", "per.", "contant", "ihr", "ihre", "unser", "der.", "die.", "das.", "fur.", "zu.", "am.", "eur.", "euro.", "usd.", "gbp.", "chf.", "us.", "a.", "b."]),
];

/// The column that such a heading names; `None` when a word of it is something else.
pub(super) fn composed(folded: &str) -> Option<ColumnRole> {
    let mut said = BTreeSet::new();
    for word in folded.split(' ') {
        said.extend(concepts(word)?);
    }
    let says = |concept| said.contains(&concept);
    let role = if says(Concept::Percent) {
        ColumnRole::Percent
    } else if says(Concept::Code) {
        ColumnRole::Code
    } else if says(Concept::Reason) {
        ColumnRole::Text
    } else if says(Concept::Due) {
        if says(Concept::Measure) || says(Concept::Net) || says(Concept::Gross) {
            return None;
        }
        ColumnRole::DueDate
    } else if says(Concept::Date) {
        if says(Concept::Paid) || says(Concept::Taken) || says(Concept::Order) {
            return None;
        }
        ColumnRole::Date
    } else if says(Concept::Order) {
        if says(Concept::Measure) {
            return None;
        }
        ColumnRole::PurchaseOrder
    } else if says(Concept::Number) {
        match (says(Concept::Taken), says(Concept::Invoice)) {
            (true, _) => ColumnRole::DebitNote,
            (false, true) => ColumnRole::Invoice,
            (false, false) => return None,
        }
    } else if says(Concept::Discount) || says(Concept::Taken) {
        // "Net of discount", "amount less deductions": what is left is neither.
        if says(Concept::Net) || folded.contains(" less ") || folded.contains(" moins ") {
            return None;
        }
        if says(Concept::Discount) { ColumnRole::Discount } else { ColumnRole::Deduction }
    } else if says(Concept::Paid) || says(Concept::Net) {
        ColumnRole::Net
    } else if says(Concept::Gross) || says(Concept::Invoice) && says(Concept::Measure) {
        ColumnRole::Gross
    } else if says(Concept::Invoice) {
        ColumnRole::Invoice
    } else if says(Concept::Measure) {
        ColumnRole::Amount
    } else {
        return None;
    };
    Some(role)
}

/// What a word speaks of; Dutch and German join two words into one.
fn concepts(word: &str) -> Option<Vec<Concept>> {
    // The longest beginning says most: "retenue" before "re".
    let fits = |stem: &str, word: &str| stem.strip_suffix('.').map_or_else(|| word.starts_with(stem), |whole| word == whole);
    let of = |word: &str| {
        let stems = STEMS.iter().flat_map(|(concept, stems)| stems.iter().map(move |stem| (*concept, *stem)));
        stems.filter(|(_, stem)| fits(stem, word)).max_by_key(|(_, stem)| stem.len()).map(|(concept, _)| concept)
    };
    let joined = LAST_PARTS.iter().find_map(|last| {
        let first = word.strip_suffix(last)?;
        let first = of(first).or_else(|| of(first.strip_suffix('s')?)).filter(|_| first.len() >= 2)?;
        Some(vec![first, of(last)?])
    });
    joined.or_else(|| of(word).map(|concept| vec![concept]))
}

/// Second parts of joined words.
#[rustfmt::skip]
const LAST_PARTS: &[&str] = &[
    "betrag", "wert", "summe", "datum", "nummer", "nr", "grund", "code", "kurzung", "abzug", "bedrag", "waarde", "korting", "reden", "inhouding", "totaal",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::fold;

    #[test]
    fn headings_mean_what_their_words_mean_together() {
        use ColumnRole::*;
        for (heading, role) in [
            ("Remise pour paiement anticipé", Discount),
            ("Montant de la facture (EUR)", Gross),
            ("Commentaire ajustement", Text),
            ("Paying £", Net),
            ("Short-paid", Deduction),
            ("Vergütung CHF", Net),
            ("Cash discount taken", Discount),
            ("Deduction reason", Text),
            ("Net paid USD", Net),
            ("Date of invoice", Date),
            ("Bedrag van uw factuur", Gross),
            ("Grund des Abzugs", Text),
            ("Kürzungsgrund", Text),
            ("Abzugscode", Code),
            ("Skonto %", Percent),
            ("Betaald bedrag (€)", Net),
            ("Inkooporder", PurchaseOrder),
            ("gekürzt um", Deduction),
            ("Fälligkeitsdatum", DueDate),
        ] {
            assert_eq!(composed(&fold(heading)), Some(role), "{heading}");
        }
        for other in
            ["Payment date", "Supplier", "Filiaal", "Menge", "Bank account", "Invoice amount due", "Order value", "Amount less discount", "Net of discount"]
        {
            assert_eq!(composed(&fold(other)), None, "{other}");
        }
    }
}
