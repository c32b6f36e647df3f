//! Decision tables: rows of conditions, the first row that fits wins and is named.
//!
//! A cell is empty (anything), words separated by `|` (one of them), or a comparison of a number: `>= 5000`, `< 20`, `[100..500)`.

use rust_decimal::Decimal;
use thiserror::Error;

/// A cell, a column or a file of a rule book that can't be read.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{file}:{line}: column `{column}`: {problem}")]
pub struct RuleError {
    pub file: String,
    /// From 1, the header row counts.
    pub line: usize,
    pub column: String,
    pub problem: String,
}

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    Any,
    OneOf(Vec<String>),
    Range {
        /// Inclusive unless `above` says otherwise.
        from: Option<Decimal>,
        /// The lower end itself is excluded.
        above: bool,
        to: Option<Decimal>,
        /// The upper end itself is included.
        up_to: bool,
    },
}

impl Cell {
    /// Reads a cell; the error says what can't be understood.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let number = |digits: &str| digits.trim().parse::<Decimal>().map_err(|_| format!("`{}` is not a number", digits.trim()));
        let range = |from, above, to, up_to| Ok(Self::Range { from, above, to, up_to });
        if text.is_empty() {
            Ok(Self::Any)
        } else if let Some(rest) = text.strip_prefix(">=") {
            range(Some(number(rest)?), false, None, false)
        } else if let Some(rest) = text.strip_prefix('>') {
            range(Some(number(rest)?), true, None, false)
        } else if let Some(rest) = text.strip_prefix("<=") {
            range(None, false, Some(number(rest)?), true)
        } else if let Some(rest) = text.strip_prefix('<') {
            range(None, false, Some(number(rest)?), false)
        } else if text.starts_with(['[', '(']) {
            let inner = text.strip_suffix([')', ']']).ok_or_else(|| format!("`{text}` does not end with `)` or `]`"))?;
            let (from, to) = inner[1..].split_once("..").ok_or_else(|| format!("`{text}` is no range like [100..500)"))?;
            let (from, to) = (number(from)?, number(to)?);
            if from > to {
                return Err(format!("`{text}` is empty: {from} is more than {to}"));
            }
            range(Some(from), text.starts_with('('), Some(to), text.ends_with(']'))
        } else {
            Ok(Self::OneOf(text.split('|').map(|word| word.trim().to_owned()).collect()))
        }
    }

    /// Whether everything that fits `other` fits this cell.
    pub fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, _) => true,
            (_, Self::Any) => false,
            (Self::OneOf(wide), Self::OneOf(narrow)) => narrow.iter().all(|word| wide.contains(word)),
            (Self::Range { from, above, to, up_to }, Self::Range { from: other_from, above: other_above, to: other_to, up_to: other_up_to }) => {
                let low = from.is_none_or(|from| other_from.is_some_and(|other| other > from || (other == from && (!above || *other_above))));
                let high = to.is_none_or(|to| other_to.is_some_and(|other| other < to || (other == to && (*up_to || !other_up_to))));
                low && high
            }
            _ => false,
        }
    }

    /// The numbers at which a range begins or ends.
    pub fn ends(&self) -> Vec<Decimal> {
        match self {
            Self::Range { from, to, .. } => from.iter().chain(to).copied().collect(),
            Self::Any | Self::OneOf(_) => Vec::new(),
        }
    }

    pub fn fits_word(&self, word: &str) -> bool {
        match self {
            Self::Any => true,
            Self::OneOf(words) => words.iter().any(|known| known == word),
            Self::Range { .. } => false,
        }
    }

    pub fn fits_amount(&self, amount: Decimal) -> bool {
        match self {
            Self::Any => true,
            Self::OneOf(_) => false,
            Self::Range { from, above, to, up_to } => {
                from.is_none_or(|from| if *above { amount > from } else { amount >= from })
                    && to.is_none_or(|to| if *up_to { amount <= to } else { amount < to })
            }
        }
    }
}

/// The records of a CSV text with the line each stands on.
pub(crate) fn records<const N: usize>(file: &str, text: &str, columns: [&'static str; N]) -> Result<Vec<(usize, [String; N])>, RuleError> {
    Ok(records_with(file, text, columns, None)?.into_iter().map(|(line, cells, _)| (line, cells)).collect())
}

/// The line of a record, its cells, and the cell of a column that the table may lack: blank where it does.
type Record<const N: usize> = (usize, [String; N], String);

/// The same with a column that the table may lack.
pub(crate) fn records_with<const N: usize>(
    file: &str,
    text: &str,
    columns: [&'static str; N],
    optional: Option<&'static str>,
) -> Result<Vec<Record<N>>, RuleError> {
    let fault = |line: usize, column: &str, problem: String| RuleError { file: file.to_owned(), line, column: column.to_owned(), problem };
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let lines: Vec<&str> = text.lines().collect();
    let header = reader.headers().map_err(|error| fault(1, "", error.to_string()))?.clone();
    let mut positions = [0_usize; N];
    for (position, column) in positions.iter_mut().zip(columns) {
        *position = header.iter().position(|name| name == column).ok_or_else(|| fault(1, column, "the column is missing".to_owned()))?;
    }
    let optional = optional.and_then(|column| header.iter().position(|name| name == column));
    reader
        .records()
        .map(|record| {
            let record = record.map_err(|error| fault(line_of(&lines, error.position()), "", error.to_string()))?;
            let line = line_of(&lines, record.position());
            let cell = |position| record.get(position).unwrap_or_default().to_owned();
            Ok((line, positions.map(cell), optional.map_or_else(String::new, cell)))
        })
        .collect()
}

/// The line on which a record begins, from 1. The reader's own position is that of the empty lines before it.
pub(crate) fn line_of(lines: &[&str], position: Option<&csv::Position>) -> usize {
    let line = position.map_or(0, |position| usize::try_from(position.line()).unwrap_or(0));
    let empty = lines.iter().skip(line.saturating_sub(1)).take_while(|text| text.is_empty()).count();
    line + empty
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_hold_words_comparisons_and_ranges() {
        let amount = |text: &str| text.parse::<Decimal>().expect("a number of the test");
        for (cell, value, fits) in [
            ("", "5", true),
            (">= 5000", "5000", true),
            ("> 5000", "5000", false),
            ("< 20", "20", false),
            ("<= 20", "20", true),
            ("[100..500)", "500", false),
            ("(100..500]", "500", true),
            ("(100..500]", "100", false),
        ] {
            assert_eq!(Cell::parse(cell).map(|cell| cell.fits_amount(amount(value))), Ok(fits), "{cell} {value}");
        }
        assert!(Cell::parse("invalid|partial").is_ok_and(|cell| cell.fits_word("partial") && !cell.fits_word("valid")));
        assert_eq!(Cell::parse("> many"), Err("`many` is not a number".to_owned()));
        assert!(Cell::parse("[500..100)").is_err());
    }

    #[test]
    fn empty_lines_do_not_shift_the_lines_behind_them() {
        let rows = records("words.csv", "a\n\n1\n\"2\n2\"\n\n\n3\n", ["a"]).expect("rows");
        assert_eq!(rows.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [3, 4, 8]);
    }

    #[test]
    fn a_column_may_be_lacking_and_a_bad_record_is_an_error() {
        let cells = |text| records_with("words.csv", text, ["a"], Some("b")).map(|rows| rows.into_iter().map(|(_, _, cell)| cell).collect::<Vec<_>>());
        assert_eq!(cells("a,b\n1,x\n2,\n"), Ok(vec!["x".to_owned(), String::new()]));
        assert_eq!(cells("a\n1\n"), Ok(vec![String::new()]));
        assert_eq!(cells("a,b\n1,x\n2\n").unwrap_err().line, 3, "a short record is named by its line");
    }

    #[test]
    fn a_missing_column_is_named() {
        let error = records("codes.csv", "list,code\nx,1\n", ["list", "code", "category"]).unwrap_err();
        assert_eq!(error.to_string(), "codes.csv:1: column `category`: the column is missing");
    }
}
