//! What a deduction claims: from the customer's own codes, the public code lists, its words, and the records it names.
//!
//! A keyword or a code gives a candidate, never a verdict: the test of the category decides.

use recoup_engine::facts::Facts;
use recoup_engine::party::ReasonCode;
use recoup_engine::reading::Language;
use recoup_engine::remittance::CodeList;
use recoup_engine::taxonomy::Category;
use recoup_engine::verdict::Shape;
use recoup_engine::wording::Wording;

use crate::book::{Book, plain_words};
use crate::decide::Policy;

/// A category and why it was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub category: Category,
    /// In words: `their code K10 (Aktionsrabatt)`.
    pub why: String,
    /// How sure, in thousandths.
    pub certainty: u16,
}

/// What is known of a deduction before it is judged.
#[derive(Clone, Copy, Debug)]
pub struct Stated<'claim> {
    pub shape: Shape,
    pub code: Option<&'claim str>,
    pub code_list: CodeList,
    pub customer_id: &'claim str,
    pub wording: &'claim Wording,
}

/// The category a deduction claims; `unknown` when code, words and records are silent.
pub fn classify(stated: Stated<'_>, book: &Book, facts: &Facts, own_codes: &[ReasonCode]) -> Candidate {
    if stated.shape == Shape::Discount {
        return Candidate { category: Category::EarlyPaymentDiscount, why: "it stands in the discount column".to_owned(), certainty: 999 };
    }
    let named = by_records(stated.wording, facts);
    let words = by_words(&stated.wording.text, book);
    let leading = leading_code(stated, facts, own_codes);
    if let Some(code) = stated.code.map(str::trim).filter(|code| !code.is_empty()).or(leading) {
        if let Some(own) = own_code(stated.customer_id, code, facts, own_codes).filter(|own| own.category != Category::Unknown) {
            let description = own.description.as_deref().map_or(String::new(), |description| format!(" ({description})"));
            return Candidate { category: own.category, why: format!("their code {code}{description}"), certainty: 999 };
        }
        let meant: Vec<Category> = book.code(stated.code_list, code).iter().copied().filter(|category| *category != Category::Unknown).collect();
        let agreeing = [&words, &named].into_iter().flatten().find(|candidate| meant.contains(&candidate.category));
        match (meant.as_slice(), agreeing) {
            (_, Some(candidate)) => return Candidate { why: format!("code {code} and {}", candidate.why), ..candidate.clone() },
            // A public code that the words contradict loses: senders use private meanings.
            ([only], None) if words.is_none() && named.is_none() => return Candidate { category: *only, why: format!("code {code}"), certainty: 940 },
            _ => {}
        }
    }
    match (words, named) {
        // A record that is named says more than words do when both speak of agreements.
        (Some(words), Some(named)) if words.category != named.category && (named.category.rests_on_agreement() && words.category.rests_on_agreement()) => named,
        (Some(words), _) => words,
        (None, Some(named)) => named,
        (None, None) => Candidate { category: Category::Unknown, why: "neither a code nor words give a reason".to_owned(), certainty: 995 },
    }
}

/// Whether the customer's own list or a public one says what a code means.
pub(crate) fn is_explained(code: &str, code_list: CodeList, customer_id: &str, policy: Policy<'_>, facts: &Facts) -> bool {
    let own = own_code(customer_id, code, facts, policy.own_codes).is_some_and(|own| own.category != Category::Unknown);
    own || policy.book.code(code_list, code).iter().any(|category| *category != Category::Unknown)
}

/// A code of the customer's own list that stands first in the words: "LQ FA26/000058".
fn leading_code<'claim>(stated: Stated<'claim>, facts: &Facts, own_codes: &[ReasonCode]) -> Option<&'claim str> {
    let first = stated.wording.text.split_whitespace().next()?;
    let family = facts.family(stated.customer_id);
    own_codes.iter().any(|known| known.code == first && known.customer_id.as_ref().is_some_and(|customer| family.contains(customer))).then_some(first)
}

fn own_code<'codes>(customer_id: &str, code: &str, facts: &Facts, own_codes: &'codes [ReasonCode]) -> Option<&'codes ReasonCode> {
    let family = facts.family(customer_id);
    let fits = |known: &&ReasonCode| known.code.eq_ignore_ascii_case(code);
    family
        .iter()
        .find_map(|member| own_codes.iter().filter(|known| known.customer_id.as_ref() == Some(member)).find(fits))
        .or_else(|| own_codes.iter().filter(|known| known.customer_id.is_none()).find(fits))
}

/// The longest phrase in the text wins, phrases that are weak by themselves (`~` in the book) only where no other stands; of equally long ones the
/// one said first.
fn by_words(text: &str, book: &Book) -> Option<Candidate> {
    let plain = plain_words(text);
    let words: Vec<&str> = plain.split_whitespace().collect();
    let known = book.phrases_in(&words).filter(|(_, phrase)| phrase.category != Category::Unknown);
    let best = known.max_by_key(|(at, phrase)| (!phrase.weak, phrase.words.len(), std::cmp::Reverse(*at)));
    let found = best.map(|(_, phrase)| Candidate { category: phrase.category, why: format!("the words \"{}\"", phrase.words), certainty: 998 });
    found.or_else(|| by_compound(&words, book)).or_else(|| by_similar_words(&words, book))
}

/// Dutch and German join words: a word that begins or ends with a phrase of at least five letters, "Palettenpfand". The longest phrase wins.
/// A word that is a phrase itself means what it says: "Belastungsanzeige" announces no advertisement.
fn by_compound(words: &[&str], book: &Book) -> Option<Candidate> {
    let words: Vec<&str> = words.iter().copied().filter(|word| !book.is_phrase(word)).collect();
    let joins = |phrase: &&crate::book::Phrase| {
        matches!(phrase.language, Language::Dutch | Language::German)
            && !phrase.weak
            && phrase.category != Category::Unknown
            && phrase.words.len() >= 5
            && words.iter().any(|word| word.starts_with(&phrase.words) || word.ends_with(&phrase.words))
    };
    let phrase = book.phrases.iter().find(joins)?;
    Some(Candidate { category: phrase.category, why: format!("a word with \"{}\" in it", phrase.words), certainty: 930 })
}

/// Recognised text may misread a letter: a phrase of at least six letters that is one letter off.
fn by_similar_words(words: &[&str], book: &Book) -> Option<Candidate> {
    book.phrases
        .iter()
        .filter(|phrase| phrase.category != Category::Unknown && phrase.words.len() >= 6)
        .find(|phrase| {
            let length = phrase.words.split(' ').count();
            words.windows(length).any(|window| {
                let said = window.join(" ");
                let is_close = said.len().abs_diff(phrase.words.len()) <= 1 && said.chars().any(char::is_alphabetic) && strsim_close(&said, &phrase.words);
                // A word of its own is no other one misread: "caisses" are not "casses".
                is_close && !book.is_phrase(&said)
            })
        })
        .map(|phrase| Candidate { category: phrase.category, why: format!("words like \"{}\"", phrase.words), certainty: 860 })
}

/// At most one inserted, missing or changed letter.
fn strsim_close(left: &str, right: &str) -> bool {
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let (short, long) = if left.len() <= right.len() { (left, right) } else { (right, left) };
    let prefix = short.iter().zip(&long).take_while(|(left, right)| left == right).count();
    let suffix = short.iter().rev().zip(long.iter().rev()).take_while(|(left, right)| left == right).count();
    match long.len() - short.len() {
        0 => prefix + suffix + 1 >= short.len(),
        1 => prefix + suffix >= short.len(),
        _ => false,
    }
}

/// A credit, a return or an agreement that is named says what the claim is.
fn by_records(wording: &Wording, facts: &Facts) -> Option<Candidate> {
    if let Some(memo) = wording.credit_memos.first() {
        return Some(Candidate { category: Category::Offset, why: format!("it names our credit memo {memo}"), certainty: 980 });
    }
    if let Some(authorised) = wording.returns.first() {
        return Some(Candidate { category: Category::Return, why: format!("it names return {authorised}"), certainty: 980 });
    }
    let agreement = wording.agreements.first().and_then(|id| facts.agreements.values().flatten().find(|agreement| &agreement.agreement_id == id))?;
    let category = Category::ALL.iter().copied().find(|category| category.rests_on_agreement() && category.agreement_kinds().contains(&agreement.kind))?;
    Some(Candidate { category, why: format!("it names {}", agreement.named()), certainty: 970 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::DEFAULT;

    fn claimed(text: &str) -> Category {
        let book = Book::load(DEFAULT).expect("the default book");
        let wording = Wording { text: text.to_owned(), ..Wording::default() };
        let stated = Stated { shape: Shape::StandAlone, code: None, code_list: CodeList::Customer, customer_id: "C1", wording: &wording };
        classify(stated, &book, &Facts::default(), &[]).category
    }

    #[test]
    fn likeness_counts_letters_not_bytes() {
        assert!(strsim_close("€romo allowance", "promo allowance"));
        assert!(!strsim_close("€€", "promo allowance"));
    }

    #[test]
    fn words_of_four_languages_give_candidates() {
        for (text, category) in [
            ("Short received 4 cs item 10017", Category::Shortage),
            ("LQ Manquant à la réception fact. FA26/000074", Category::Shortage),
            ("Transportschaden 1 Krt Art. 106877", Category::Damage),
            ("Casse forfaitaire réf. OP02171 T1 2026", Category::UnsaleableAllowance),
            ("Mise en avant tête de gondole", Category::CoopAdvertising),
            ("Promotiekorting 20 doos art. 10171", Category::PromotionAllowance),
            ("Nachprüfung Nachbelastung zu Rg. RE-80023", Category::PostAudit),
            ("Frais de manutention palettes", Category::FreightCharge),
            ("Ajustement TVA", Category::TaxOrBank),
            ("Pénalités logistiques", Category::DeliveryPenalty),
            ("Swell allowance", Category::UnsaleableAllowance),
            ("Avarie transport 4 col. art. 10416", Category::Damage),
            ("Billed above agreed cost", Category::PriceDifference),
            ("Preisdiflerenz 28 Krt", Category::PriceDifference),
            ("Voir pièce jointe", Category::Unknown),
            ("Debit note", Category::Unknown),
            ("Various", Category::Unknown),
            ("Palettenpfand", Category::FreightCharge),
            ("Belastungsanzeige", Category::Unknown),
            ("Breakages on delivery", Category::Damage),
            ("under-delivered 4 cs", Category::Shortage),
            ("wrong flavour sent", Category::WrongItem),
            ("failed delivery slot", Category::DeliveryPenalty),
            ("out of date stock uplifted", Category::Return),
            ("gondola end wk 40", Category::CoopAdvertising),
            ("marchandise détériorée", Category::Damage),
            ("2 cartons en moins", Category::Shortage),
            ("2 caisses non reçues, facture VF2672004", Category::Shortage),
            ("3 caisses", Category::Unknown),
            ("RDV de livraison manqué", Category::DeliveryPenalty),
            ("produit périmé à réception", Category::Quality),
            ("tarif non appliqué", Category::PriceDifference),
            ("breukschade", Category::Damage),
            ("3 colli te weinig", Category::Shortage),
            ("levervenster gemist", Category::DeliveryPenalty),
            ("omzetpremie 3e kwartaal", Category::VolumeRebate),
            ("Pauschale fehlendes Avis", Category::ComplianceFine),
            ("zerbrochene Ware", Category::Damage),
            ("Zeitfenster verpasst", Category::DeliveryPenalty),
            ("consignes palettes non rendues", Category::FreightCharge),
        ] {
            assert_eq!(claimed(text), category, "{text}");
        }
    }

    #[test]
    fn own_codes_win_over_public_ones() {
        let book = Book::load(DEFAULT).expect("the default book");
        let wording = Wording::default();
        let own = [ReasonCode { customer_id: Some("C1".into()), code: "72".into(), description: None, category: Category::Shortage }];
        let stated = |customer_id| Stated { shape: Shape::OnInvoice, code: Some("72"), code_list: CodeList::X12, customer_id, wording: &wording };
        assert_eq!(classify(stated("C1"), &book, &Facts::default(), &own).category, Category::Shortage);
        assert_eq!(classify(stated("C2"), &book, &Facts::default(), &own).category, Category::Return);
    }
}
