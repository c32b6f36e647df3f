//! Words by which an early-payment discount is named, as far from a promotion or a rebate on sales as words can tell.

use super::labels::fold;

/// Beginnings of words that mean nothing else.
#[rustfmt::skip]
const SURE: &[&str] = &[
    "skont", "skto", "kassaskont", "barskont", "escompt", "contantkort", "betaalkort", "betalingskort", "kredietbep", "vroegbetal", "snelbetal",
    "schnellzahl", "zahlungsnachl", "barzahl",
];
/// Beginnings of words that mean one beside words of payment, or alone.
const WIDE: &[&str] = &["discount", "disc", "remise", "korting", "rabatt", "nachlass", "ristourne"];
/// What may stand beside them. Words of payment make a wide word sure.
const OF_PAYMENT: &[&str] =
    &["cash", "payment", "early", "prompt", "sett", "paying", "paiement", "reglement", "contant", "comptant", "anticip", "betal", "vlug", "snel", "zahlung"];
/// Words that speak of paying early; nothing else need stand beside them.
const EARLY: &[&str] = &["early", "prompt", "contant", "comptant", "vlug", "snel"];
const BESIDE: &[&str] = &[
    "taken", "for", "within", "days", "pour", "sous", "jours", "van", "binnen", "dagen", "uber", "over", "bei", "tage", "auf", "less", "af", "abzgl", "eur",
    "usd", "gbp", "op", "sur", "de", "inv", "invoice", "fact", "facture", "factuur", "rechnung", "rg",
];

/// Whether words name an early-payment discount: "3 % Skonto", "Cash discount 2.000 %", "less: 2% for payment within 10 days".
pub fn names_discount(text: &str) -> bool {
    let folded = fold(text);
    let words: Vec<&str> = folded.split(' ').filter(|word| word.chars().any(char::is_alphabetic)).collect();
    let begins = |word: &str, stems: &[&str]| stems.iter().any(|stem| word.starts_with(stem));
    if words.iter().any(|word| begins(word, SURE) || *word == "esc") {
        return true;
    }
    let of_payment = words.iter().any(|word| begins(word, OF_PAYMENT));
    // "2 % contant", "Prompt settlement".
    let plainly = |word: &&str| begins(word, OF_PAYMENT) || BESIDE.contains(word);
    if words.iter().any(|word| begins(word, EARLY)) && words.iter().all(|word| plainly(&word)) {
        return true;
    }
    if words.iter().any(|word| begins(word, WIDE)) {
        // A number of a document may stand beside; any other word makes it a discount on something.
        let plain = |word: &&str| begins(word, WIDE) || begins(word, OF_PAYMENT) || BESIDE.contains(word) || word.bytes().any(|byte| byte.is_ascii_digit());
        return of_payment || words.iter().all(|word| plain(&word));
    }
    // "Less terms": what the terms of payment allow.
    if words.contains(&"terms") && words.iter().all(|word| matches!(*word, "terms" | "less" | "taken" | "pd" | "disc" | "discount" | "deducted")) {
        return true;
    }
    let timely = words.contains(&"within") || words.contains(&"sous") || words.contains(&"binnen") || words.contains(&"innerhalb") || words.contains(&"early");
    folded.contains('%') && of_payment && timely
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn discounts_for_paying_early_are_told_from_other_reductions() {
        for text in [
            "3 % Skonto",
            "Cash discount 2.000 %",
            "less: 2% for payment within 10 days",
            "Escompte obtenu 2 %",
            "2% korting vlug betalen",
            "Prompt settlement",
            "./. 2 % contant",
            "Remise 2 %",
            "Betalingskorting 2 % over VF2641793",
            "korting",
            "LESS DISC INV",
            "LESS SETT DISC",
            "ESC",
            "less 2% for paying early, any problem just ring",
        ] {
            assert!(names_discount(text), "{text}");
        }
        for text in [
            "Rabatt Herbstaktion 5 %",
            "Remise promo octobre",
            "korting folder week 42",
            "Volume rebate Q3",
            "5 % oktoberactie",
            "Discount on new items",
            "payment error",
            "Pénalité livraison anticipée",
            "PAYBACK Rabatt",
        ] {
            assert!(!names_discount(text), "{text}");
        }
    }
}
