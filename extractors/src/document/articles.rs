//! Tables of articles on claims and deliveries: headings by words, values by where they stand.

use recoup_engine::reading::{Area, Place};
use rust_decimal::Decimal;

use super::rows::TextRow;
use crate::language::{Notation, fold, parse_amount};
use crate::text::Word;

/// What a column of an article table holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Article,
    Description,
    Quantity,
    Shipped,
    Received,
    Damaged,
    Refused,
    Unit,
    Price,
    Amount,
    /// Weights, percents, batch numbers: known, not needed.
    Other,
}

#[rustfmt::skip]
const HEADINGS: &[(Role, &[&str])] = &[
    (Role::Article, &["article", "article no", "item", "item no", "item number", "item code", "sku", "product", "product no", "product code", "material", "upc", "gtin", "ean", "code article", "ref article", "code", "reference", "produit", "artikel", "artikelnr", "artikel nr", "artikelnummer", "art nr", "art no", "materialnr", "artnr"]),
    (Role::Description, &["description", "item description", "product description", "designation", "libelle", "omschrijving", "artikelomschrijving", "bezeichnung", "artikelbezeichnung", "beschreibung", "goods"]),
    (Role::Quantity, &["quantity", "qty", "claimed", "qty claimed", "quantity claimed", "claimed qty", "quantite", "qte", "quantite reclamee", "aantal", "hoeveelheid", "menge", "anzahl", "pieces"]),
    (Role::Shipped, &["shipped", "qty shipped", "shipped qty", "quantity shipped", "ordered", "despatched", "dispatched", "sent", "loaded", "expedie", "expediee", "expedies", "qte expediee", "quantite expediee", "envoye", "charge", "livre", "verzonden", "aantal verzonden", "geleverd", "geladen", "versandt", "gesendet", "versendet", "geliefert", "verladen", "soll", "liefermenge"]),
    (Role::Received, &["received", "qty received", "received qty", "quantity received", "accepted", "delivered", "recu", "recue", "recus", "qte recue", "quantite recue", "accepte", "ontvangen", "aantal ontvangen", "geaccepteerd", "erhalten", "empfangen", "angenommen", "ist", "erhaltene menge"]),
    (Role::Damaged, &["damaged", "qty damaged", "damage", "damages", "broken", "avarie", "avaries", "endommage", "abime", "casse", "beschadigd", "schade", "breuk", "beschadigt", "schaden", "defekt", "bruch"]),
    (Role::Refused, &["refused", "rejected", "qty refused", "returned", "refuse", "refuses", "rejete", "geweigerd", "retour", "afgekeurd", "verweigert", "abgelehnt", "zuruckgewiesen"]),
    (Role::Unit, &["unit", "uom", "u m", "um", "units", "unite", "ul", "uvc", "conditionnement", "eenheid", "verpakking", "einheit", "me", "vpe", "eh"]),
    (Role::Price, &["price", "unit price", "prix", "prix unitaire", "pu", "prijs", "eenheidsprijs", "stukprijs", "preis", "einzelpreis", "stuckpreis"]),
    (Role::Amount, &["amount", "total", "line total", "value", "extended", "montant", "bedrag", "betrag", "wert", "gesamt", "summe"]),
    (Role::Other, &["weight", "weight kg", "weight lb", "poids", "poids kg", "gewicht", "gewicht kg", "kg", "lb", "pallets", "palettes", "paletten", "lot", "batch", "no", "pos", "line"]),
];

/// One line of a table.
#[derive(Clone, Debug, Default)]
pub struct ArticleRow {
    pub article: Option<String>,
    pub description: Option<String>,
    pub unit: Option<String>,
    pub numbers: Vec<(Role, Decimal)>,
    pub place: Option<Place>,
}

impl ArticleRow {
    pub fn number(&self, role: Role) -> Option<Decimal> {
        self.numbers.iter().find(|(known, _)| *known == role).map(|(_, value)| *value)
    }
}

impl Role {
    fn is_number(self) -> bool {
        !matches!(self, Self::Article | Self::Description | Self::Unit)
    }
}

/// A table with where it begins and ends among the rows.
#[derive(Clone, Debug, Default)]
pub struct ArticleTable {
    pub heading: usize,
    pub end: usize,
    pub lines: Vec<ArticleRow>,
}

/// The first table of articles; its heading names an article and a quantity, or at least an article and a description.
pub fn find(rows: &[TextRow], notation: Option<Notation>) -> Option<ArticleTable> {
    let (heading, columns) = rows.iter().enumerate().find_map(|(index, row)| headings(row).map(|columns| (index, columns)))?;
    let mut table = ArticleTable { heading, end: heading + 1, lines: Vec::new() };
    for (index, row) in rows.iter().enumerate().skip(heading + 1) {
        match line(row, &columns, notation) {
            Some(line) => {
                table.lines.push(line);
                table.end = index + 1;
            }
            // One odd row may stand between lines: a rule, a wrapped description.
            None if index > table.end => break,
            None => {}
        }
    }
    Some(table)
}

fn headings(row: &TextRow) -> Option<Vec<(Role, Area)>> {
    let mut columns: Vec<(Role, Area)> = Vec::new();
    let mut at = 0;
    let mut matched = 0;
    while at < row.words.len() {
        let found = (1..=3.min(row.words.len() - at)).rev().filter(|count| close_together(&row.words[at..at + count])).find_map(|count| {
            let phrase = fold(&row.words[at..at + count].iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" "));
            let role = HEADINGS.iter().find(|(_, phrases)| phrases.contains(&phrase.as_str())).map(|(role, _)| *role)?;
            let area = row.words[at..at + count].iter().map(|word| word.area).reduce(Area::union)?;
            Some((count, role, area))
        });
        match found {
            Some((count, role, area)) => {
                matched += count;
                // "Code" beside "Article" and the like: the first keeps the role.
                if !columns.iter().any(|(known, _)| *known == role) || role == Role::Other {
                    columns.push((role, area));
                } else {
                    columns.push((Role::Other, area));
                }
                at += count;
            }
            None => at += 1,
        }
    }
    let has = |role: Role| columns.iter().any(|(known, _)| *known == role);
    let quantity = has(Role::Quantity) || has(Role::Shipped) || has(Role::Received);
    let telling = (has(Role::Article) || has(Role::Description)) && (quantity || has(Role::Article) && has(Role::Description));
    // A sentence with the words in it is no heading.
    (telling && columns.len() >= 2 && matched * 2 >= row.words.len()).then_some(columns)
}

/// Whether words make one phrase: "Item" over one column and "Description" over the next don't.
fn close_together(words: &[Word]) -> bool {
    words.windows(2).all(|pair| {
        let letter = usize::from(pair[0].area.right - pair[0].area.left) / pair[0].text.chars().count().max(1);
        usize::from(pair[1].area.left.saturating_sub(pair[0].area.right)) * 10 < letter.max(20) * 17
    })
}

fn line(row: &TextRow, columns: &[(Role, Area)], notation: Option<Notation>) -> Option<ArticleRow> {
    let mut line = ArticleRow { place: Some(row.place()), ..ArticleRow::default() };
    let (mut article, mut description, mut unit) = (Vec::new(), Vec::new(), Vec::new());
    for word in &row.words {
        let role = column_of(word, columns, notation);
        match role {
            Some(Role::Article) => article.push(word.text.as_str()),
            Some(Role::Description) => description.push(word.text.as_str()),
            Some(Role::Unit) => unit.push(word.text.as_str()),
            Some(role) => {
                if let Some(amount) = parse_amount(&word.text, notation) {
                    line.numbers.push((role, amount.value));
                }
            }
            None => {}
        }
    }
    let joined = |words: Vec<&str>| (!words.is_empty()).then(|| words.join(" "));
    line.article = joined(article);
    line.description = joined(description);
    line.unit = joined(unit);
    let has_quantities = columns.iter().any(|(role, _)| matches!(role, Role::Quantity | Role::Shipped | Role::Received));
    let is_article = line.article.as_ref().is_some_and(|article| article.bytes().filter(u8::is_ascii_digit).count() >= 3 && !article.ends_with(':'));
    let no_articles = !columns.iter().any(|(role, _)| *role == Role::Article) && line.description.is_some();
    let complete = line.numbers.iter().any(|(role, _)| *role != Role::Other) || !has_quantities;
    ((is_article || no_articles) && complete).then_some(line)
}

/// Numbers belong to the nearest number column, words to the text column that begins before them.
fn column_of(word: &Word, columns: &[(Role, Area)], notation: Option<Notation>) -> Option<Role> {
    let middle = |area: Area| i32::from(area.left / 2 + area.right / 2);
    let numeric = parse_amount(&word.text, notation).is_some();
    let distance = |area: Area| {
        let edges = [i32::from(word.area.right) - i32::from(area.right), i32::from(word.area.left) - i32::from(area.left), middle(word.area) - middle(area)];
        edges.into_iter().map(i32::abs).min().unwrap_or(i32::MAX)
    };
    if numeric {
        let nearest = columns.iter().min_by_key(|(_, area)| distance(*area))?;
        if nearest.0.is_number() && distance(nearest.1) < 500 || nearest.0 == Role::Article && distance(nearest.1) < 300 {
            return Some(nearest.0);
        }
    }
    let text = columns.iter().filter(|(role, _)| !role.is_number());
    let begins_before = text.clone().filter(|(_, area)| area.left <= word.area.left + 150).max_by_key(|(_, area)| area.left);
    // A unit column is often centred: nearness counts there.
    let near_unit = text.clone().find(|(role, area)| *role == Role::Unit && distance(*area) < 250);
    near_unit.or(begins_before).map(|(role, _)| *role)
}
