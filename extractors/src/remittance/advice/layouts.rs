//! Layouts that people confirmed: the meanings of columns by the headings above them, for one sender.

use recoup_engine::reading::{Layout, TableLayout};

use super::lines::Meaning;
use super::records::Table;
use crate::Hints;
use crate::language::{ColumnRole, fold};

/// The tables that were confirmed for a sender.
pub(super) fn of_sender<'hints>(hints: &'hints Hints, payer: Option<&str>) -> Vec<&'hints TableLayout> {
    let Some(payer) = payer.map(fold).filter(|payer| !payer.is_empty()) else { return Vec::new() };
    hints.layouts.iter().filter(|known| fold(&known.sender) == payer).flat_map(|known| &known.layout.tables).collect()
}

/// What the columns of a table mean, when a confirmed one has the same headings.
pub(super) fn meaning(table: &Table, learnt: &[&TableLayout]) -> Option<Meaning> {
    let alike = |known: &&&TableLayout| {
        known.headings.len() == table.headings.len() && known.headings.iter().zip(&table.headings).all(|(known, printed)| fold(known) == fold(printed))
    };
    let known = learnt.iter().find(alike)?;
    let roles: Option<Vec<ColumnRole>> = known.meanings.iter().map(|word| role(word)).collect();
    Some(Meaning { roles: roles?, ..Meaning::printed(table) })
}

/// The layout of tables under the meanings that were chosen.
pub(super) fn of(tables: &[Table], roles: &[Vec<ColumnRole>]) -> Option<Layout> {
    let tables: Vec<TableLayout> = tables
        .iter()
        .zip(roles)
        .filter(|(table, _)| !table.headings.is_empty())
        .map(|(table, roles)| TableLayout { headings: table.headings.clone(), meanings: roles.iter().map(|role| word(*role)).collect() })
        .collect();
    (!tables.is_empty()).then_some(Layout { tables })
}

/// The word of a meaning: `document`, `gross`, `debit_note`, ….
fn word(role: ColumnRole) -> String {
    serde_json::to_value(role).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// The meaning of a word; `None` when there is no such meaning.
pub fn role(word: &str) -> Option<ColumnRole> {
    serde_json::from_value(serde_json::Value::String(word.to_owned())).ok()
}
