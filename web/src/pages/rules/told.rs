//! What differs between two books, and why an act on a draft is refused, in words.

use recoup_rules::sheet::{CellChange, NoTable, RowChange};

use super::or_empty;
use crate::desk::drafts::{LARGEST_FILE, MOST_ROWS, Refusal};
use crate::desk::rule_book::Unfit;
use crate::pages::language::text;
use crate::pages::show;

/// A difference as a line of a list.
pub struct Told {
    /// `added`, `removed`, `moved` or `changed`.
    pub kind: &'static str,
    pub says: String,
    /// What differs, cell by cell.
    pub cells: Vec<CellTold>,
}

pub struct CellTold {
    pub column: String,
    /// The whole cell where it is short.
    pub before: String,
    pub after: String,
    /// Alternatives that came and went, where the cell is a long list of them.
    pub added: String,
    pub removed: String,
}

/// A cell that is longer is told by the alternatives that came and went.
const SHORT: usize = 60;

/// Tells a change of a table with these columns.
pub fn change(change: &RowChange, columns: &[String]) -> Told {
    let named = |(cell, column): (&String, &String)| format!("{column} {cell}").trim_start().to_owned();
    let row = |cells: &[String]| cells.iter().zip(columns).filter(|(cell, _)| !cell.is_empty()).map(named).collect::<Vec<_>>().join(" · ");
    let (kind, says, cells) = match change {
        RowChange::Added { line, cells } => ("added", text("Line {0} is new: {1}").with(line).with(row(cells)), Vec::new()),
        RowChange::Removed { line, cells } => ("removed", text("Line {0} is gone: {1}").with(line).with(row(cells)), Vec::new()),
        RowChange::Moved { from, to, cells } => ("moved", text("Line {0} is now line {1}: {2}").with(from).with(to).with(row(cells)), Vec::new()),
        RowChange::Changed { line, name, cells } => ("changed", text("Line {0}, {1}:").with(line).with(or_empty(name)), cells.iter().map(cell).collect()),
    };
    Told { kind, says: says.into(), cells }
}

fn cell(change: &CellChange) -> CellTold {
    let CellChange { column, before, after } = change;
    let is_list = before.len().max(after.len()) > SHORT && (before.contains('|') || after.contains('|'));
    let only = |here: &str, there: &str| {
        let there: Vec<&str> = there.split('|').map(str::trim).collect();
        here.split('|').map(str::trim).filter(|word| !word.is_empty() && !there.contains(word)).collect::<Vec<_>>().join(", ")
    };
    let (added, removed) = if is_list { (only(after, before), only(before, after)) } else { Default::default() };
    // A list whose alternatives only changed places is told whole.
    let whole = added.is_empty() && removed.is_empty();
    CellTold {
        column: column.clone(),
        before: if whole { or_empty(before) } else { String::new() },
        after: if whole { or_empty(after) } else { String::new() },
        added,
        removed,
    }
}

/// Why nothing was done, in a sentence.
pub fn refusal(refusal: &Refusal) -> String {
    let said = match refusal {
        Refusal::NameMissing => text("Give the draft a name that says what it is about."),
        Refusal::NotOpen(state) => text("This draft is {0}: nothing changes in it now.").with(show::inside(state.word())),
        Refusal::NotProposed => text("This draft does not wait for publication."),
        Refusal::NothingChanged => text("Nothing in it differs from the book that it began from."),
        Refusal::ReasonMissing => text("A reason is missing: say in a few words why, for whoever reads this in a year."),
        Refusal::OwnWork => text("You proposed or changed this draft: another person publishes it."),
        Refusal::BookChanged => text("Another book was published since this draft began: take the draft onto it first."),
        Refusal::Unfit(Unfit::Unreadable(place)) => text("A cell can't be read: {0}.").with(place),
        Refusal::Unfit(Unfit::ExamplesDiffer { count, first }) => {
            text("{0} cells of its examples are decided otherwise than they expect, the first is {1}.").with(count).with(first)
        }
        Refusal::NoFile(name) => text("“{0}” is no file of a rule book.").with(name),
        Refusal::NoTable(name, NoTable::Empty) => text("“{0}” would be empty.").with(name),
        Refusal::NoTable(name, NoTable::ColumnsMissing(columns)) => {
            text("“{0}” lacks the columns {1}; the first line names the columns.").with(name).with(columns)
        }
        Refusal::TooLarge(name) => text("“{0}” is larger than {1} kB.").with(name).with(LARGEST_FILE >> 10),
        Refusal::TooManyRows(name) => text("“{0}” has more than {1} rows.").with(name).with(MOST_ROWS),
        Refusal::NotText(name) => text("“{0}” is not UTF-8 text: save it as CSV UTF-8.").with(name),
        Refusal::NoArchive(name) => text("“{0}” can't be opened as an archive of a rule book.").with(name),
    };
    said.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_is_told_by_what_came_and_went() {
        let before = "cash discount|prompt pay|early payment|prompt payment|settlement discount";
        let change = |after: &str| cell(&CellChange { column: "words".to_owned(), before: before.to_owned(), after: after.to_owned() });
        let told = change(&before.replace("|prompt pay|", "|quick pay|"));
        assert_eq!((told.added.as_str(), told.removed.as_str(), told.before.as_str()), ("quick pay", "prompt pay", ""));
        let short = cell(&CellChange { column: "queue".to_owned(), before: String::new(), after: "finance".to_owned() });
        assert_eq!((short.before.as_str(), short.after.as_str()), ("nothing", "finance"));
    }
}
