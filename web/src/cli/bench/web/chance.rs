//! Numbers that look random and are the same at every run.

/// A fixed sequence.
#[derive(Clone, Debug)]
pub(super) struct Chance(u64);

impl Chance {
    /// The sequence of a number: neighbours have nothing in common.
    pub(super) fn of(number: usize) -> Self {
        let mut chance = Self((number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x2545_f491_4f6c_dd1d);
        chance.below(2);
        chance
    }

    /// The next number, smaller than `limit`.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % limit.max(1) as u64).unwrap_or(0)
    }

    /// One of these, each as often as its weight says.
    pub(super) fn one_of<T: Copy>(&mut self, weighed: &[(usize, T)]) -> Option<T> {
        let mut at = self.below(weighed.iter().map(|(weight, _)| weight).sum());
        weighed.iter().find_map(|(weight, one)| {
            if at < *weight {
                Some(*one)
            } else {
                at -= weight;
                None
            }
        })
    }
}
