//! The order of the list, in segments that an index walks: deadlines to come stand first; what passed can wait, and what has none waits longest.

use super::{After, Filter, Sort};
use crate::Value;
use crate::screens::Conditions;

/// A part of the list whose order is that of one column.
#[derive(Clone, Debug)]
pub(super) struct Segment {
    /// Stands before the column in the key of a row.
    pub tag: &'static str,
    /// What orders it, before the number of the row.
    pub column: String,
    pub is_number: bool,
    within: Within,
    /// Only rows on one side of a place: the sign, the column there, the number there.
    beyond: Option<(&'static str, Value, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Within {
    All,
    ToCome,
    Passed,
    WithoutDay,
}

/// The segments from a place on, in the order in which they are walked.
pub(super) fn segments(filter: &Filter, sort: Sort, at: Option<&After>, direction: &str) -> Vec<Segment> {
    let one = |tag, column: String, within| Segment { tag, column, is_number: sort.is_number(), within, beyond: None };
    let mut segments = match sort {
        Sort::DisputeBy => {
            let day = filter.column("dispute_by");
            vec![one("1 ", day.clone(), Within::ToCome), one("2 ", day, Within::Passed), one("3", "cast('' as text)".to_owned(), Within::WithoutDay)]
        }
        Sort::Largest => vec![one("", format!("-{}", filter.column("amount")), Within::All)],
        Sort::Oldest => vec![one("", format!("coalesce({}, '9999')", filter.came_in()), Within::All)],
        Sort::Customer => vec![one("", "coalesce(k.name, '')".to_owned(), Within::All)],
    };
    let is_back = direction == "desc";
    if let Some(at) = at {
        let here = segments.iter().position(|segment| segment.holds(&at.key)).unwrap_or(0);
        segments[here].beyond = Some((if is_back { "<" } else { ">" }, segments[here].column_at(&at.key), at.row_id.clone()));
        segments = if is_back { segments[..=here].to_vec() } else { segments[here..].to_vec() };
    }
    if is_back {
        segments.reverse();
    }
    segments
}

impl Segment {
    fn holds(&self, key: &Value) -> bool {
        match key {
            Value::Text(text) => text.starts_with(self.tag),
            _ => true,
        }
    }

    fn column_at(&self, key: &Value) -> Value {
        match key {
            Value::Text(text) => Value::from(text.strip_prefix(self.tag).unwrap_or(text)),
            other => other.clone(),
        }
    }

    /// Adds what tells the rows of this segment.
    pub fn narrow(&self, conditions: &mut Conditions, filter: &Filter) {
        let day = filter.column("dispute_by");
        match self.within {
            Within::All => {}
            Within::ToCome => conditions.with(&format!("{day} >= $"), filter.today.as_str()),
            Within::Passed => {
                conditions.with(&format!("{day} < $"), filter.today.as_str());
                conditions.add(&format!("{day} > '1000'"));
            }
            Within::WithoutDay => conditions.add(&format!("({day} is null or {day} <= '1000')")),
        }
        if let Some((side, column, row_id)) = &self.beyond {
            let (column, row_id) = (conditions.bind(column.clone()), conditions.bind(row_id.as_str()));
            conditions.add(&format!("({}, {}) {side} ({column}, {row_id})", self.column, filter.row_id()));
        }
    }
}
