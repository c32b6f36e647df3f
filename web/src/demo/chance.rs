//! Chance that always falls the same way: numbers drawn from a hash of what they are for.

use crate::vault::digest;

/// A sequence of numbers that follows from its seed.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// The sequence for a customer and a week, a claim and a day.
    pub fn of(what: &[&str]) -> Self {
        Self(u64::from_str_radix(&digest(&what.join("\u{1f}"))[..16], 16).unwrap_or_default())
    }

    /// The next number below `most`.
    pub fn below(&mut self, most: i64) -> i64 {
        // The step and the mixing of SplitMix64 (Steele, Lea, Flood 2014).
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        i64::try_from(mixed % u64::try_from(most.max(1)).unwrap_or(1)).unwrap_or_default()
    }

    /// Whether something happens that happens so often of a hundred times.
    pub fn percent(&mut self, often: i64) -> bool {
        self.below(100) < often
    }

    pub fn one_of<'all, T>(&mut self, all: &'all [T]) -> &'all T {
        &all[usize::try_from(self.below(i64::try_from(all.len()).unwrap_or(1))).unwrap_or_default()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_falls_the_same_way_and_every_number_comes_up() {
        let drawn = |seed| {
            let mut chance = Chance::of(&[seed]);
            (0..200).map(|_| chance.below(6)).collect::<Vec<_>>()
        };
        assert_eq!(drawn("a"), drawn("a"));
        assert_ne!(drawn("a"), drawn("b"));
        assert!((0..6).all(|number| drawn("a").contains(&number)));
    }
}
