//! Which of the four languages a text is written in. Documents hold few sentences, so label and stop words vote before statistics do.

use recoup_engine::reading::Language;

use super::labels::fold;

#[rustfmt::skip]
const WORDS: [(Language, &[&str]); 4] = [
    (
        Language::English,
        &[
            "the", "and", "of", "for", "your", "our", "from", "with", "this", "that", "has", "have", "was", "were", "not", "on", "is", "are", "by", "invoice",
            "payment", "remittance", "advice", "amount", "date", "paid", "deduction", "discount", "vendor", "supplier", "net", "gross", "reason", "shortage",
            "short", "damaged", "delivery", "delivered", "received", "shipped", "case", "cases", "item", "claim", "debit", "credit", "agreement", "allowance",
            "promo", "freight", "charge", "proof", "carrier", "signature", "store", "dear", "regards", "please", "payer", "order", "purchase", "currency",
            "description", "bill", "lading", "rebate", "pricing", "price", "difference", "late", "fee", "check", "total",
        ],
    ),
    (
        Language::French,
        &[
            "le", "la", "les", "des", "du", "et", "pour", "vous", "nous", "votre", "notre", "nos", "est", "sont", "dans", "sur", "avec", "par", "une", "un",
            "au", "aux", "qui", "ne", "pas", "facture", "factures", "paiement", "reglement", "virement", "montant", "fournisseur", "escompte", "retenue",
            "libelle", "motif", "brut", "paye", "regle", "livraison", "livre", "recu", "commande", "avis", "avoir", "colis", "manquant", "casse", "ecart",
            "prix", "remise", "promotionnelle", "debit", "accord", "marchandise", "avarie", "devise", "payeur", "magasin", "cordialement", "monsieur",
            "madame", "penalites", "penalite", "preuve", "transporteur", "lettre", "voiture", "deduction", "palettes", "retard",
        ],
    ),
    (
        Language::Dutch,
        &[
            "de", "het", "een", "van", "en", "voor", "met", "uw", "onze", "wij", "is", "zijn", "niet", "door", "naar", "op", "te", "aan", "dat", "bij", "ons",
            "factuur", "facturen", "factuurnr", "betaling", "betaald", "betaaldatum", "bedrag", "leverancier", "korting", "inhouding", "aftrek", "reden",
            "omschrijving", "bruto", "totaal", "datum", "levering", "geleverd", "ontvangen", "doos", "dozen", "stuks", "tekort", "prijsverschil",
            "actiekorting", "debetnota", "creditnota", "overeenkomst", "beschadigd", "begunstigde", "kenmerk", "betaler", "filiaal", "geachte", "groet",
            "boete", "nota", "afleverbewijs", "vervoerder", "vrachtbrief", "betaaladvies", "betaalspecificatie", "actie", "retour", "stuk", "artikel",
            "manco",
        ],
    ),
    (
        Language::German,
        &[
            "der", "die", "das", "und", "von", "fur", "mit", "ihre", "ihr", "unsere", "wir", "ist", "sind", "nicht", "auf", "den", "dem", "im", "zu", "zur",
            "zum", "wurde", "wurden", "ein", "eine", "bei", "am", "rechnung", "rechnungs", "zahlung", "zahlungsavis", "zahlungsdatum", "zahlbetrag", "betrag",
            "lieferant", "skonto", "abzug", "kurzung", "grund", "bemerkung", "beleg", "belegdatum", "brutto", "netto", "bruttobetrag", "summe", "gesamt",
            "lieferung", "geliefert", "empfanger", "erhalten", "karton", "krt", "stk", "fehlmenge", "minderlieferung", "beschadigt", "preisdifferenz",
            "aktion", "aktionsrabatt", "belastungsanzeige", "gutschrift", "vereinbarung", "spediteur", "frachtbrief", "liefernachweis", "wahrung", "zahler",
            "markt", "geehrte", "grussen", "art", "avis", "valuta", "palettenkosten", "retoure",
        ],
    ),
];

/// The language of a text, or `None` when it shows no words of any of the four.
pub fn detect(text: &str) -> Option<Language> {
    let sample: String = text.chars().take(20_000).collect();
    let mut votes = votes(&sample);
    if let Some(language) = guess_of_statistics(&sample) {
        let index = WORDS.iter().position(|(known, _)| *known == language)?;
        votes[index] += 2;
    }
    let best = (0..4).max_by_key(|index| (votes[*index], 4 - index))?;
    (votes[best] > 0).then_some(WORDS[best].0)
}

/// The language of a few words when they leave no doubt about it.
pub fn decided(text: &str) -> Option<Language> {
    let votes = votes(text);
    let best = (0..4).max_by_key(|index| votes[*index])?;
    let others = (0..4).filter(|index| *index != best).map(|index| votes[index]).max().unwrap_or(0);
    (votes[best] >= 4 && votes[best] >= 2 * others).then_some(WORDS[best].0)
}

/// How often each of the four languages is heard; longer words are more telling than articles that languages share.
fn votes(text: &str) -> [usize; 4] {
    let mut votes = [0_usize; 4];
    for word in fold(text).split(' ').filter(|word| word.len() > 1) {
        for (vote, (_, words)) in votes.iter_mut().zip(&WORDS) {
            if words.contains(&word) {
                *vote += if word.len() > 3 { 2 } else { 1 };
            }
        }
    }
    votes
}

/// What letter statistics say; asked only of texts long enough for them.
fn guess_of_statistics(text: &str) -> Option<Language> {
    if text.len() < 60 {
        return None;
    }
    let detector = whatlang::Detector::with_allowlist(vec![whatlang::Lang::Eng, whatlang::Lang::Fra, whatlang::Lang::Nld, whatlang::Lang::Deu]);
    match detector.detect_lang(text)? {
        whatlang::Lang::Eng => Some(Language::English),
        whatlang::Lang::Fra => Some(Language::French),
        whatlang::Lang::Nld => Some(Language::Dutch),
        whatlang::Lang::Deu => Some(Language::German),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_alone_tell_the_language() {
        assert_eq!(detect("Rechnungs-Nr.;Rg.-Datum;Bruttobetrag;Skonto;Zahlbetrag;Grund;Text"), Some(Language::German));
        assert_eq!(detect("Factuurnr. Fact.datum Brutobedrag Korting Nettobedrag Reden"), Some(Language::Dutch));
        assert_eq!(detect("N° facture Montant brut Escompte Net payé Motif"), Some(Language::French));
        assert_eq!(detect("Invoice No. Gross Amount Discount Net Amount"), Some(Language::English));
        assert_eq!(detect("12345 6789"), None);
    }

    #[test]
    fn few_words_decide_only_without_doubt() {
        assert_eq!(decided("Zahlungsavis Nr. 4711 Lieferant 40000"), Some(Language::German));
        assert_eq!(decided("Avis de paiement Fournisseur"), Some(Language::French));
        assert_eq!(decided("Harborline Markets Inc 179 Commerce Drive"), None);
    }
}
