//! HTML to rows of cells: tables keep their cells, everything else becomes a row of one cell. Nothing is run, loaded or shown.

use crate::remittance::grid::Grid;

/// Elements whose content is no text of the document.
const SILENT: &[&str] = &["script", "style", "head", "title", "noscript", "template", "svg", "object"];
#[rustfmt::skip]
const BLOCKS: &[&str] = &["p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "pre", "blockquote", "section", "article", "header", "footer", "table", "tbody", "thead", "tfoot", "caption", "address", "body", "html", "center", "form"];

/// Rows of cells in reading order.
#[derive(Default)]
struct Rows {
    rows: Vec<Vec<String>>,
    cells: Vec<String>,
    text: String,
    in_row: usize,
}

impl Rows {
    fn end_cell(&mut self) {
        let cell = collapse(&std::mem::take(&mut self.text));
        self.cells.push(cell);
    }

    /// Ends a line outside of tables, or a whole table row.
    fn end_row(&mut self) {
        if !self.text.trim().is_empty() {
            self.end_cell();
        }
        self.text.clear();
        let cells = std::mem::take(&mut self.cells);
        if cells.iter().any(|cell| !cell.is_empty()) {
            self.rows.push(cells);
        }
    }
}

/// The rows of a page or of a mail's body.
pub fn grid(html: &str) -> Grid {
    let mut rows = Rows::default();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        push_text(&mut rows, &rest[..at]);
        rest = &rest[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        let Some(end) = rest.find('>') else { break };
        let tag = &rest[1..end];
        rest = &rest[end + 1..];
        let closing = tag.starts_with('/');
        let name: String = tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        if SILENT.contains(&name.as_str()) {
            // A script may hold any sign: only its own end ends it.
            if !closing && !tag.ends_with('/') {
                rest = end_of(rest, &name).map_or("", |end| &rest[end..]);
            }
            continue;
        }
        take_tag(&mut rows, &name, closing);
    }
    push_text(&mut rows, rest);
    rows.end_row();
    Grid::from_cells(rows.rows)
}

/// Where the end of a silent element stands.
fn end_of(text: &str, name: &str) -> Option<usize> {
    text.match_indices("</")
        .map(|(at, _)| at)
        .find(|at| text.as_bytes()[at + 2..].get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes())))
}

fn take_tag(rows: &mut Rows, name: &str, closing: bool) {
    match (name, closing) {
        ("tr", false) => {
            // A row inside a cell of a layout table: what stood before it is a row of its own.
            rows.end_row();
            rows.in_row += 1;
        }
        ("tr", true) => {
            rows.end_row();
            rows.in_row = rows.in_row.saturating_sub(1);
        }
        ("td" | "th", false) => {
            if !rows.text.trim().is_empty() {
                rows.end_cell();
            }
            rows.text.clear();
        }
        ("td" | "th", true) => rows.end_cell(),
        // A list of terms: each term begins a row, its descriptions are cells beside it.
        ("dt", false) if rows.in_row == 0 => rows.end_row(),
        ("dt" | "dd", true) | ("dd", false) if rows.in_row == 0 => {
            if !rows.text.trim().is_empty() {
                rows.end_cell();
            }
        }
        ("dl", _) if rows.in_row == 0 => rows.end_row(),
        ("table", true) => {
            rows.end_row();
            rows.in_row = rows.in_row.saturating_sub(1);
        }
        ("table", false) => rows.end_row(),
        _ if BLOCKS.contains(&name) => {
            if rows.in_row > 0 {
                rows.text.push(' ');
            } else {
                rows.end_row();
            }
        }
        _ => {}
    }
}

fn push_text(rows: &mut Rows, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        rows.text.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let end = rest.char_indices().take(10).find(|(_, letter)| *letter == ';').map(|(index, _)| index);
        match end.and_then(|end| entity(&rest[..end]).map(|letter| (letter, end))) {
            Some((letter, end)) => {
                rows.text.push(letter);
                rest = &rest[end + 1..];
            }
            None => rows.text.push('&'),
        }
    }
    rows.text.push_str(rest);
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = number.strip_prefix(['x', 'X']).map_or_else(|| number.parse().ok(), |hexadecimal| u32::from_str_radix(hexadecimal, 16).ok())?;
        return char::from_u32(code);
    }
    #[rustfmt::skip]
    const NAMES: &[(&str, char)] = &[
        ("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\''), ("nbsp", '\u{a0}'), ("euro", '€'), ("pound", '£'), ("yen", '¥'), ("cent", '¢'), ("minus", '\u{2212}'), ("ndash", '–'), ("mdash", '—'), ("deg", '°'), ("ordm", 'º'),
        ("agrave", 'à'), ("aacute", 'á'), ("acirc", 'â'), ("auml", 'ä'), ("ccedil", 'ç'), ("egrave", 'è'), ("eacute", 'é'), ("ecirc", 'ê'), ("euml", 'ë'), ("icirc", 'î'), ("iuml", 'ï'), ("ocirc", 'ô'), ("ouml", 'ö'), ("ugrave", 'ù'), ("ucirc", 'û'),
        ("uuml", 'ü'), ("szlig", 'ß'), ("Agrave", 'À'), ("Auml", 'Ä'), ("Eacute", 'É'), ("Egrave", 'È'), ("Ouml", 'Ö'), ("Uuml", 'Ü'), ("Ccedil", 'Ç'), ("rsquo", '\u{2019}'), ("lsquo", '\u{2018}'), ("laquo", '«'), ("raquo", '»'), ("hellip", '…'), ("thinsp", '\u{2009}'),
    ];
    NAMES.iter().find(|(known, _)| *known == name).map(|(_, letter)| *letter)
}

fn collapse(text: &str) -> String {
    text.split(|letter: char| letter.is_whitespace() && letter != '\u{a0}' && letter != '\u{202f}')
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
        .trim_matches([' ', '\u{a0}'])
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_terms_sets_each_value_beside_its_term() {
        let grid = grid("<dl><dt>Payment ID</dt><dd>PMT-7</dd><dt>Total paid</dt><dd>8,721.72 USD</dd></dl><p>Thank you</p>");
        let rows: Vec<Vec<&str>> = grid.rows.iter().map(|row| (0..row.cells.len()).map(|column| row.cell(column)).collect()).collect();
        assert_eq!(rows, [vec!["Payment ID", "PMT-7"], vec!["Total paid", "8,721.72 USD"], vec!["Thank you"]]);
    }

    #[test]
    fn tables_keep_their_cells_and_scripts_say_nothing() {
        let grid = grid(
            "<html><head><title>x</title><style>p{}</style></head><body><p>Payment No.: 7<br>Total &euro;&nbsp;5</p><script>if (a<b) alert(1)</script><table><tr><th>Invoice<td>Net</tr><tr><td>A&amp;B</td><td>&nbsp;</td><td>1,00</td></tr></table></body>",
        );
        let rows: Vec<Vec<&str>> = grid.rows.iter().map(|row| (0..row.cells.len()).map(|column| row.cell(column)).collect()).collect();
        assert_eq!(rows, [vec!["Payment No.: 7"], vec!["Total €\u{a0}5"], vec!["Invoice", "Net"], vec!["A&B", "", "1,00"]]);
    }
}
