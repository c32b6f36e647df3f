//! A payment without an advice: the combination of open items that makes its amount, if there is exactly one.

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
    /// More than one way; nobody picks.
    Several,
    None,
    /// The search was cut off at its limit, so uniqueness isn't proven.
    TooMany,
}

/// Steps before the search gives up; bounds the worst case to a few milliseconds.
const STEP_LIMIT: u32 = 2_000_000;

/// Finds the choices, at most one an item, that sum to `target` minor units with at most `most` items.
pub fn search(choices: &[Vec<Choice>], target: i64, most: usize) -> Combination {
    let mut items: Vec<&Vec<Choice>> = choices.iter().filter(|item| item.iter().any(|choice| choice.amount <= target)).collect();
    items.sort_by_key(|item| std::cmp::Reverse(item.iter().map(|choice| choice.amount).max().unwrap_or(0)));
    let mut rest: Vec<i64> = items
        .iter()
        .rev()
        .scan(0_i64, |sum, item| {
            *sum += item.iter().map(|choice| choice.amount).max().unwrap_or(0);
            Some(*sum)
        })
        .collect();
    rest.reverse();
    rest.push(0);
    let mut state = Search { items, rest, found: Vec::new(), path: Vec::new(), steps: 0, most };
    state.descend(0, target);
    match (state.steps >= STEP_LIMIT, state.found.len()) {
        (_, 2..) => Combination::Several,
        (true, _) => Combination::TooMany,
        (false, 1) => Combination::Unique(state.found.swap_remove(0)),
        (false, _) => Combination::None,
    }
}

struct Search<'choices> {
    items: Vec<&'choices Vec<Choice>>,
    /// The most that the items from each position on can add.
    rest: Vec<i64>,
    found: Vec<Vec<Choice>>,
    path: Vec<Choice>,
    steps: u32,
    most: usize,
}

impl Search<'_> {
    fn descend(&mut self, from: usize, left: i64) {
        self.steps += 1;
        if left == 0 {
            self.found.push(self.path.clone());
            return;
        }
        if self.steps >= STEP_LIMIT || self.found.len() > 1 || from == self.items.len() || self.path.len() == self.most || self.rest[from] < left {
            return;
        }
        for choice in self.items[from] {
            if choice.amount <= left {
                self.path.push(*choice);
                self.descend(from + 1, left - choice.amount);
                self.path.pop();
            }
        }
        self.descend(from + 1, left);
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
        assert_eq!(search(&plain(&[100, 100, 400]), 500, 8), Combination::Several);
        assert_eq!(search(&plain(&[100, 250, 400]), 351, 8), Combination::None);
    }

    #[test]
    fn an_item_may_come_less_its_discount_but_only_once() {
        let choices = vec![vec![Choice { item: 0, amount: 1000 }, Choice { item: 0, amount: 980 }], vec![Choice { item: 1, amount: 500 }]];
        assert_eq!(search(&choices, 1480, 8), Combination::Unique(vec![Choice { item: 0, amount: 980 }, Choice { item: 1, amount: 500 }]));
        assert_eq!(search(&choices, 1980, 8), Combination::None);
    }
}
