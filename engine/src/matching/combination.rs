//! A payment without an advice: the combination of open items that makes its amount, if there is exactly one.

use std::collections::HashMap;

/// One way an open item can take part: in full, or less an earned discount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Position of the item.
    pub item: usize,
    /// What it contributes to the payment, in minor units, above zero.
    pub amount: i64,
}

/// What the search found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Combination {
    Unique(Vec<Choice>),
    /// More than one way, up to [`ALTERNATIVES`] of them; nobody picks.
    Several(Vec<Vec<Choice>>),
    None,
    /// The search was cut off at its limit, so uniqueness isn't proven.
    TooMany,
}

/// Ways that are shown to a person who has to choose.
pub const ALTERNATIVES: usize = 3;

/// Steps before the search gives up; bounds the worst case to a few milliseconds.
const STEP_LIMIT: u32 = 500_000;

/// Finds the choices, at most one an item, that sum to `target` minor units with at most `most` items.
pub fn search(choices: &[Vec<Choice>], target: i64, most: usize) -> Combination {
    let largest = |item: &[Choice]| item.iter().map(|choice| choice.amount).max().unwrap_or(0);
    let mut items: Vec<&[Choice]> = choices.iter().map(Vec::as_slice).filter(|item| item.iter().any(|choice| choice.amount <= target)).collect();
    items.sort_by_key(|item| std::cmp::Reverse(largest(item)));
    let mut sums = vec![0_i64];
    for item in &items {
        sums.push(sums[sums.len() - 1] + largest(item));
    }
    let mut by_amount: HashMap<i64, Vec<(usize, Choice)>> = HashMap::new();
    for (position, choice) in items.iter().enumerate().flat_map(|(position, item)| item.iter().map(move |choice| (position, *choice))) {
        by_amount.entry(choice.amount).or_default().push((position, choice));
    }
    let mut search = Search { items, sums, by_amount, found: Vec::new(), path: Vec::new(), steps: 0 };
    search.descend(0, target, most);
    match (search.found.len(), search.steps >= STEP_LIMIT) {
        (2.., _) => Combination::Several(search.found),
        (_, true) => Combination::TooMany,
        (1, false) => Combination::Unique(search.found.swap_remove(0)),
        (_, false) => Combination::None,
    }
}

struct Search<'choices> {
    /// The largest first.
    items: Vec<&'choices [Choice]>,
    /// The sum of the largest choices of the items before each position.
    sums: Vec<i64>,
    /// Where each amount stands: the last item of a combination is looked up, not searched.
    by_amount: HashMap<i64, Vec<(usize, Choice)>>,
    found: Vec<Vec<Choice>>,
    path: Vec<Choice>,
    steps: u32,
}

impl Search<'_> {
    /// Combinations of up to `slots` items from a position on. Its depth is the number of slots, however many items there are.
    fn descend(&mut self, from: usize, left: i64, slots: usize) {
        if slots == 0 {
            return;
        }
        let wanted = ALTERNATIVES.saturating_sub(self.found.len());
        let standing = self.by_amount.get(&left).map_or(&[][..], Vec::as_slice);
        // Positions rise: what stands before `from` is skipped at once.
        let begin = standing.partition_point(|(position, _)| *position < from);
        for (_, choice) in standing[begin..].iter().take(wanted) {
            self.found.push(self.path.iter().chain([choice]).copied().collect());
        }
        if slots == 1 {
            return;
        }
        for position in from..self.items.len() {
            // The largest that the next items could add with the slots that are left is too little.
            let reachable = self.sums[(position + slots).min(self.items.len())] - self.sums[position];
            if reachable < left || self.found.len() >= ALTERNATIVES || self.steps >= STEP_LIMIT {
                return;
            }
            self.steps += 1;
            for choice in self.items[position].iter().filter(|choice| choice.amount < left) {
                self.path.push(*choice);
                self.descend(position + 1, left - choice.amount, slots - 1);
                self.path.pop();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(amounts: &[i64]) -> Vec<Vec<Choice>> {
        amounts.iter().enumerate().map(|(item, amount)| vec![Choice { item, amount: *amount }]).collect()
    }

    #[test]
    fn only_a_unique_combination_counts() {
        assert_eq!(search(&plain(&[100, 250, 400]), 350, 8), Combination::Unique(vec![Choice { item: 1, amount: 250 }, Choice { item: 0, amount: 100 }]));
        assert!(matches!(search(&plain(&[100, 100, 400]), 500, 8), Combination::Several(ways) if ways.len() == 2));
        assert_eq!(search(&plain(&[100, 250, 400]), 351, 8), Combination::None);
    }

    #[test]
    fn an_item_may_come_less_its_discount_but_only_once() {
        let choices = vec![vec![Choice { item: 0, amount: 1000 }, Choice { item: 0, amount: 980 }], vec![Choice { item: 1, amount: 500 }]];
        assert_eq!(search(&choices, 1480, 8), Combination::Unique(vec![Choice { item: 0, amount: 980 }, Choice { item: 1, amount: 500 }]));
        assert_eq!(search(&choices, 1980, 8), Combination::None);
    }

    /// Every subset of at most `most` items, the plain way.
    fn all_ways(amounts: &[i64], target: i64, most: usize) -> usize {
        (1_u32..1 << amounts.len())
            .filter(|subset| subset.count_ones() as usize <= most)
            .filter(|subset| amounts.iter().enumerate().filter(|(index, _)| subset >> index & 1 == 1).map(|(_, amount)| amount).sum::<i64>() == target)
            .count()
    }

    proptest::proptest! {
        #[test]
        fn the_answer_is_that_of_trying_every_subset(amounts in proptest::collection::vec(1_i64..40, 1..11), target in 1_i64..160, most in 1_usize..6) {
            let ways = all_ways(&amounts, target, most);
            match search(&plain(&amounts), target, most) {
                Combination::Unique(way) => {
                    proptest::prop_assert_eq!(ways, 1);
                    proptest::prop_assert_eq!(way.iter().map(|choice| choice.amount).sum::<i64>(), target);
                }
                Combination::Several(shown) => proptest::prop_assert!(ways > 1 && shown.len() <= ALTERNATIVES),
                Combination::None => proptest::prop_assert_eq!(ways, 0),
                Combination::TooMany => proptest::prop_assert!(false, "ten items are not too many"),
            }
        }
    }
}
