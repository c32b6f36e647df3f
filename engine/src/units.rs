//! Articles and their quantities in base units.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::lists::bar_list;

/// An article of ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    pub sku: String,
    pub description: String,
    pub gtin: Option<String>,
    /// `CUSTOMER_ID:THEIR_SKU` pairs.
    #[serde(default, with = "bar_list")]
    pub customer_skus: Vec<String>,
    /// The base unit.
    pub unit: String,
    /// Base units in one case.
    pub case_pack: Option<Decimal>,
    /// Base units on one pallet.
    pub pallet_pack: Option<Decimal>,
}

/// The measures that quantities come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    Base,
    Case,
    Pallet,
}

/// The words of four languages for a case, a pallet and a single piece; lower case, no accents.
const CASE_WORDS: [&str; 25] = [
    "case", "cases", "cs", "ca", "ct", "ctn", "ctns", "carton", "cartons", "box", "boxes", "colis", "caisse", "caisses", "doos", "dozen", "doz", "colli",
    "krt", "karton", "kartons", "kiste", "kisten", "crt", "cse",
];
const PALLET_WORDS: [&str; 10] = ["pallet", "pallets", "plt", "pal", "palette", "palettes", "paletten", "pallet(s)", "pll", "pf"];
const PIECE_WORDS: [&str; 27] = [
    "each",
    "ea",
    "eaches",
    "unit",
    "units",
    "pc",
    "pcs",
    "piece",
    "pieces",
    "pce",
    "unite",
    "unites",
    "uvc",
    "un",
    "u",
    "stuk",
    "stuks",
    "st",
    "stk",
    "stuck",
    "stueck",
    "eenheid",
    "eenheden",
    "einheit",
    "einheiten",
    "ve",
    "consumer",
];

impl Measure {
    /// Reads a unit word of any of the four languages; an unknown word is `None`, never a guess.
    pub fn from_word(word: &str) -> Option<Self> {
        let folded = crate::reference::fold(word);
        let plain = folded.trim_matches(|character: char| !character.is_alphanumeric());
        if CASE_WORDS.contains(&plain) {
            Some(Self::Case)
        } else if PALLET_WORDS.contains(&plain) {
            Some(Self::Pallet)
        } else if PIECE_WORDS.contains(&plain) {
            Some(Self::Base)
        } else {
            None
        }
    }
}

impl Product {
    /// How many base units one of this measure holds; `None` when the master data does not say.
    pub fn base_units(&self, measure: Measure) -> Option<Decimal> {
        match measure {
            Measure::Base => Some(Decimal::ONE),
            Measure::Case if Measure::from_word(&self.unit) == Some(Measure::Case) => Some(Decimal::ONE),
            Measure::Case => self.case_pack.filter(|pack| *pack > Decimal::ZERO),
            Measure::Pallet => self.pallet_pack.filter(|pack| *pack > Decimal::ZERO),
        }
    }

    /// A quantity in base units. A blank unit is the base unit; an unknown unit word is refused.
    pub fn to_base(&self, quantity: Decimal, unit: Option<&str>) -> Option<Decimal> {
        let measure = match unit {
            None => Measure::Base,
            Some(word) if word.eq_ignore_ascii_case(&self.unit) => Measure::Base,
            Some(word) => Measure::from_word(word)?,
        };
        quantity.checked_mul(self.base_units(measure)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn granola() -> Product {
        Product {
            sku: "10010".into(),
            description: "Granola".into(),
            gtin: None,
            customer_skus: vec!["C1:900".into()],
            unit: "each".into(),
            case_pack: Some(Decimal::from(6)),
            pallet_pack: None,
        }
    }

    #[test]
    fn quantities_convert_by_master_data_only() {
        let product = granola();
        for (quantity, unit, base) in [
            (4, Some("case"), Some(24)),
            (4, Some("Krt"), Some(24)),
            (4, None, Some(4)),
            (4, Some("each"), Some(4)),
            (1, Some("pallet"), None),
            (1, Some("barrel"), None),
        ] {
            assert_eq!(product.to_base(Decimal::from(quantity), unit), base.map(Decimal::from), "{quantity} {unit:?}");
        }
    }
}
