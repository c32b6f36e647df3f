//! Layouts that people confirmed: the meanings of columns by the headings above them, for one sender.

use recoup_engine::reading::TableLayout;

use crate::Hints;
use crate::language::{ColumnRole, fold};

/// What is said when none of a sender's confirmed layouts fits its paper.
pub(super) const CHANGED: &str = "The tables are laid out otherwise than on the papers of this sender that were confirmed.";

/// The tables that were confirmed for a sender.
pub(super) fn of_sender<'hints>(hints: &'hints Hints, payer: Option<&str>) -> Vec<&'hints TableLayout> {
    let Some(payer) = payer.map(fold).filter(|payer| !payer.is_empty()) else { return Vec::new() };
    hints.layouts.iter().filter(|known| fold(&known.sender) == payer).flat_map(|known| &known.layout.tables).collect()
}

/// The meanings of columns under these headings, when a confirmed table has the same ones.
pub(super) fn roles<'headings>(headings: impl Iterator<Item = &'headings str> + Clone, learnt: &[&TableLayout]) -> Option<Vec<ColumnRole>> {
    let alike = |known: &&&TableLayout| known.headings.iter().map(|known| fold(known)).eq(headings.clone().map(fold));
    learnt.iter().find(alike)?.meanings.iter().map(|word| word.parse().ok()).collect()
}

/// A table with the meanings that were chosen for its columns.
pub(super) fn table<'headings>(headings: impl Iterator<Item = &'headings str>, roles: &[ColumnRole]) -> TableLayout {
    TableLayout { headings: headings.map(str::to_owned).collect(), meanings: roles.iter().map(|role| role.word().to_owned()).collect() }
}
