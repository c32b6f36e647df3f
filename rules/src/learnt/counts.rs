//! Which category counts speak for: naive Bayes with logarithms in whole numbers, no floats, so that no machine rounds otherwise.

use std::collections::BTreeMap;

use recoup_engine::taxonomy::Category;
use serde::{Deserialize, Serialize};

use super::{Lesson, signs};

/// A sign that stood in fewer decisions is chance.
const FEWEST: u32 = 2;
/// How many decisions the overall share of a sign is worth beside those of a category: small counts say little.
const BACKGROUND: u64 = 2;
/// Signs named in a proposal at most.
const NAMED: usize = 3;

/// How many decided deductions of each category there are, in all and for each sign.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub lessons: u32,
    pub categories: BTreeMap<Category, u32>,
    signs: BTreeMap<String, BTreeMap<Category, u32>>,
}

/// The counts, less one decision that is held back.
#[derive(Clone, Copy, Debug)]
pub struct Counted<'counts> {
    counts: &'counts Counts,
    held_back: Option<Category>,
}

impl Counts {
    pub fn of(lessons: &[Lesson]) -> Self {
        let mut counts = Self::default();
        for lesson in lessons {
            counts.lessons += 1;
            *counts.categories.entry(lesson.category).or_default() += 1;
            for sign in &lesson.signs {
                let of_sign = match counts.signs.get_mut(sign) {
                    Some(of_sign) => of_sign,
                    None => counts.signs.entry(sign.clone()).or_default(),
                };
                *of_sign.entry(lesson.category).or_default() += 1;
            }
        }
        counts
    }

    /// Forgets signs that stood in too few decisions to say anything.
    pub(super) fn without_single_signs(mut self) -> Self {
        self.signs.retain(|_, of_sign| of_sign.values().sum::<u32>() >= FEWEST);
        self
    }

    pub const fn all(&self) -> Counted<'_> {
        Counted { counts: self, held_back: None }
    }

    /// As if one decision of a category, with all the signs asked about, had never been made.
    pub const fn without(&self, category: Category) -> Counted<'_> {
        Counted { counts: self, held_back: Some(category) }
    }
}

impl Counted<'_> {
    /// The heaviest category and its lead over the second, in thousandths of a doubling; `None` when no sign is known or two categories are equal, and where
    /// a word stands that was never met: it may say something else.
    pub fn best(self, signs: &[String]) -> Option<(Category, i64)> {
        if signs::words(signs).any(|(word, stem)| self.known(word).is_none() && stem.is_none_or(|stem| self.known(&stem).is_none())) {
            return None;
        }
        let known: Vec<&BTreeMap<Category, u32>> = signs.iter().filter_map(|sign| self.known(sign)).collect();
        if known.is_empty() {
            return None;
        }
        let categories = self.counts.categories.keys().filter(|category| self.of_category(**category) > 0);
        let mut ranked: Vec<(i64, Category)> = categories
            .map(|category| {
                let usual = log2(u64::from(self.of_category(*category)), u64::from(self.lessons()));
                (usual + known.iter().map(|of_sign| self.weight(*category, of_sign)).sum::<i64>(), *category)
            })
            .collect();
        ranked.sort_by_key(|(sum, category)| (std::cmp::Reverse(*sum), *category));
        match ranked.as_slice() {
            [(first, category), (second, _), ..] if first > second => Some((*category, first - second)),
            _ => None,
        }
    }

    /// The signs that speak most for a category, in words.
    pub fn speaking_for(self, category: Category, signs: &[String]) -> Vec<String> {
        let weighed = signs.iter().filter_map(|sign| Some((self.weight(category, self.known(sign)?), sign)));
        let mut speaking: Vec<(i64, &String)> = weighed.filter(|(weight, _)| *weight > 0).collect();
        speaking.sort_by_key(|(weight, sign)| (std::cmp::Reverse(*weight), *sign));
        speaking.into_iter().take(NAMED).map(|(_, sign)| signs::in_words(sign)).collect()
    }

    fn known(&self, sign: &str) -> Option<&BTreeMap<Category, u32>> {
        self.counts.signs.get(sign).filter(|of_sign| self.in_all(of_sign) >= FEWEST)
    }

    fn lessons(self) -> u32 {
        self.counts.lessons - u32::from(self.held_back.is_some())
    }

    fn of_category(self, category: Category) -> u32 {
        self.counts.categories.get(&category).copied().unwrap_or(0) - u32::from(self.held_back == Some(category))
    }

    fn in_all(self, of_sign: &BTreeMap<Category, u32>) -> u32 {
        of_sign.values().sum::<u32>() - u32::from(self.held_back.is_some())
    }

    /// How much oftener a sign stands in decisions of a category than in all.
    fn weight(self, category: Category, of_sign: &BTreeMap<Category, u32>) -> i64 {
        let both = u64::from(of_sign.get(&category).copied().unwrap_or(0) - u32::from(self.held_back == Some(category)));
        let in_all = u64::from(self.in_all(of_sign));
        log2(both * u64::from(self.lessons()) + BACKGROUND * in_all, (u64::from(self.of_category(category)) + BACKGROUND) * in_all)
    }
}

/// The binary logarithm of a fraction above zero, in thousandths.
fn log2(numerator: u64, denominator: u64) -> i64 {
    const ONE: u128 = 1 << 32;
    const BITS: u32 = 12;
    let mut rest = (u128::from(numerator.max(1)) << 64) / (u128::from(denominator.max(1)) << 32);
    let mut whole = 0_i64;
    while rest >= 2 * ONE {
        rest >>= 1;
        whole += 1;
    }
    while rest < ONE {
        rest = (rest << 1).max(1);
        whole -= 1;
    }
    let mut fraction = 0_i64;
    for _ in 0..BITS {
        rest = (rest * rest) >> 32;
        fraction <<= 1;
        if rest >= 2 * ONE {
            rest >>= 1;
            fraction += 1;
        }
    }
    whole * 1000 + ((fraction * 1000) >> BITS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_are_right_to_a_thousandth() {
        for (numerator, denominator, thousandths) in [(1, 1, 0), (8, 1, 3000), (1, 4, -2000), (3, 1, 1584), (1, 3, -1585), (100_000, 7, 13_802)] {
            assert!((log2(numerator, denominator) - thousandths).abs() <= 1, "{numerator}/{denominator}: {}", log2(numerator, denominator));
        }
    }

    #[test]
    fn a_decision_that_is_held_back_says_nothing_of_itself() {
        let lesson = |sign: &str, category| Lesson { signs: vec![sign.to_owned()], category };
        let news = ["word a".to_owned(), "word minderlieferung".to_owned()];
        let counts = Counts::of(&[
            lesson("word a", Category::Shortage),
            lesson("word a", Category::Shortage),
            lesson("word b", Category::Return),
            lesson("word b", Category::Return),
        ]);
        let asked = ["word a".to_owned()];
        assert_eq!(counts.all().best(&asked).map(|(category, _)| category), Some(Category::Shortage));
        assert_eq!(counts.all().best(&news), None, "a word that was never met may say something else");
        assert_eq!(counts.without(Category::Shortage).best(&asked), None, "a sign that stood in one other decision is chance");
    }
}
