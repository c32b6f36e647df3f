//! Tables of articles on claims and deliveries: headings by words, values by where they stand.

use recoup_engine::reading::{Area, Confidence, Place};
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

/// Words that only say that something is counted.
#[rustfmt::skip]
const COUNTING: &[&str] = &[
    "qty", "quantity", "quantities", "no", "of", "units", "cases", "cartons", "pieces", "pcs", "ctns", "quantite", "quantites", "qte", "qtes", "nb", "nombre", "colis", "pieces", "uv",
    "aantal", "hoeveelheid", "colli", "dozen", "stuks", "menge", "mengen", "anzahl", "stuck", "stuckzahl", "kolli", "kartons", "l", "de",
];

/// Beginnings of words, short ones whole, that say what was counted.
#[rustfmt::skip]
const STEMS: &[(Role, &[&str])] = &[
    (Role::Shipped, &["ship", "sent", "despatch", "dispatch", "order", "load", "invoic", "billed", "expedi", "envoy", "charge", "command", "factur", "bl", "livre", "annonc", "prevu",
        "verzond", "besteld", "geladen", "gefactur", "pakbon", "gelever", "lever", "aangemeld", "versand", "versend", "gesend", "bestell", "soll", "sollmenge", "ls", "verlad", "berechnet", "geliefert", "liefer", "lieferschein", "avisiert"]),
    (Role::Received, &["receiv", "recd", "rec", "rcvd", "accept", "counted", "checked", "deliver", "actual", "recu", "recue", "recus", "recues", "recept", "control", "compte", "reel",
        "ontvang", "geaccept", "geteld", "gecontrol", "werkelijk", "erhalt", "empfang", "angenomm", "ist", "istmenge", "we", "gezahlt", "gepruft", "kontroll", "wareneingang", "eingang", "tatsachlich"]),
    (Role::Damaged, &["damag", "broken", "avari", "endommag", "abim", "casse", "beschadig", "gebroken", "bruch", "defekt"]),
    (Role::Refused, &["refus", "reject", "return", "geweiger", "geretour", "verweiger", "abgelehn", "zuruck"]),
    (Role::Other, &["remark", "comment", "note", "reserve", "observation", "remarque", "opmerking", "bemerkung", "vermerk"]),
];

/// Units that recognition may fuse with the number before them; weights and volumes of a description are none.
const UNITS: &[&str] = &[
    "case", "cases", "each", "pallet", "pallets", "cs", "ea", "colis", "piece", "pieces", "palette", "palettes", "unite", "unites", "doos", "dozen", "stuk",
    "stuks", "karton", "kartons", "stuck",
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
            let role = HEADINGS.iter().find(|(_, phrases)| phrases.contains(&phrase.as_str())).map(|(role, _)| *role).or_else(|| counted(&phrase))?;
            let area = row.words[at..at + count].iter().map(|word| word.area).reduce(Area::union)?;
            Some((count, role, area))
        });
        match found {
            Some((count, role, area)) => {
                matched += count;
                // "Code" beside "Article" and the like: the first keeps the role.
                let taken = |role: Role| columns.iter().any(|(known, _)| *known == role);
                let role = match role {
                    // "Bestellt | Geliefert": delivered is what arrived where another word says what should have.
                    Role::Shipped if taken(Role::Shipped) && !taken(Role::Received) => Role::Received,
                    role if taken(role) => Role::Other,
                    role => role,
                };
                columns.push((role, area));
                at += count;
            }
            None => at += 1,
        }
    }
    misread_headings(row, &mut columns, &mut matched);
    let has = |role: Role| columns.iter().any(|(known, _)| *known == role);
    let quantity = has(Role::Quantity) || has(Role::Shipped) || has(Role::Received);
    let telling = (has(Role::Article) || has(Role::Description)) && (quantity || has(Role::Article) && has(Role::Description));
    // A sentence with the words in it is no heading.
    (telling && columns.len() >= 2 && matched * 2 >= row.words.len()).then_some(columns)
}

/// "Colis expédiés", "Menge WE", "Qty rec'd": a word that counts beside one that says what was counted.
fn counted(phrase: &str) -> Option<Role> {
    let mut told = phrase.split(' ').filter(|word| !COUNTING.contains(word));
    let (first, more) = (told.next()?, told.next());
    let known = STEMS.iter().find(|(_, stems)| stems.iter().any(|stem| if stem.len() > 3 { first.starts_with(stem) } else { first == *stem }));
    known.map(|(role, _)| *role).filter(|_| more.is_none_or(|word| word == "d"))
}

/// Headings that recognition spelt wrong: a letter off a known one, or the only unknown one where the received quantity should stand.
fn misread_headings(row: &TextRow, columns: &mut Vec<(Role, Area)>, matched: &mut usize) {
    // Only beside headings that were read well is a misspelt one more likely than another word.
    if columns.len() < 2 || !is_recognised(row) {
        return;
    }
    let mut unknown = Vec::new();
    let read_well = columns.clone();
    for word in row.words.iter().filter(|word| !read_well.iter().any(|(_, area)| area.left <= word.area.left && word.area.right <= area.right)) {
        let folded = fold(&word.text);
        if folded.chars().filter(|letter| letter.is_alphabetic()).count() < 3 {
            continue;
        }
        let role = HEADINGS
            .iter()
            .find(|(_, phrases)| phrases.iter().any(|phrase| is_a_letter_off(&folded, phrase)))
            .map(|(role, _)| *role)
            .filter(|role| !columns.iter().any(|(known, _)| known == role));
        match role {
            Some(role) => {
                columns.push((role, word.area));
                *matched += 1;
            }
            None => unknown.push(word.area),
        }
    }
    let shipped = columns.iter().find(|(role, _)| *role == Role::Shipped).map(|(_, area)| *area);
    let has_received = columns.iter().any(|(role, _)| *role == Role::Received);
    if let (Some(shipped), false, [only]) = (shipped, has_received, &unknown[..])
        && only.left > shipped.right
    {
        columns.push((Role::Received, *only));
        *matched += 1;
    }
    columns.sort_by_key(|(_, area)| area.left);
}

/// Words of a picture are never quite certain; those of a text layer are.
fn is_recognised(row: &TextRow) -> bool {
    row.words.iter().any(|word| word.confidence != Confidence::CERTAIN)
}

/// The same word but for one letter written otherwise, too many or missing; two in long words. Short ones say too little.
fn is_a_letter_off(word: &str, known: &str) -> bool {
    let length = known.chars().count();
    length >= 4 && !known.contains(' ') && strsim::levenshtein(word, known) <= if length >= 8 { 2 } else { 1 }
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
    let recognised = is_recognised(row);
    let words = if recognised { parted(&row.words, columns) } else { row.words.clone() };
    for word in &words {
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
    let begins_description = |word: &str| word.len() >= 3 && word.chars().all(char::is_alphabetic);
    if recognised && article.len() > 1 {
        if article.iter().all(|word| word.bytes().all(|byte| byte.is_ascii_digit())) {
            // One number that recognition saw a gap in.
            line.article = Some(article.concat());
        } else if article[0].bytes().filter(u8::is_ascii_digit).count() >= 3
            && columns.iter().any(|(role, _)| *role == Role::Description)
            && article[1..].iter().all(|word| begins_description(word))
        {
            let moved = article.split_off(1);
            description.splice(0..0, moved);
        }
    }
    let joined = |words: Vec<&str>| (!words.is_empty()).then(|| words.join(" "));
    line.article = line.article.or_else(|| joined(article));
    line.description = joined(description);
    line.unit = joined(unit);
    let has_quantities = columns.iter().any(|(role, _)| matches!(role, Role::Quantity | Role::Shipped | Role::Received));
    let is_article = line.article.as_ref().is_some_and(|article| article.bytes().filter(u8::is_ascii_digit).count() >= 3 && !article.ends_with(':'));
    let no_articles = !columns.iter().any(|(role, _)| *role == Role::Article) && line.description.is_some();
    let complete = line.numbers.iter().any(|(role, _)| *role != Role::Other) || !has_quantities;
    ((is_article || no_articles) && complete).then_some(line)
}

/// Recognised words as they were meant: a quantity and the unit that was read with it apart, specks behind a number left off.
fn parted(words: &[Word], columns: &[(Role, Area)]) -> Vec<Word> {
    let unit_column = columns.iter().find(|(role, _)| *role == Role::Unit).map(|(_, area)| *area);
    let mut parted = Vec::with_capacity(words.len());
    for word in words {
        let text = word.text.trim_end_matches(['.', ',', ':', ';', '\'', '|', '_']);
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let unit = &text[digits..];
        if (1..=5).contains(&digits) && unit.is_empty() {
            parted.push(Word { text: text.to_owned(), ..word.clone() });
        } else if (1..=5).contains(&digits) && UNITS.contains(&fold(unit).as_str()) {
            let width = u64::from(word.area.right - word.area.left) * digits as u64 / text.chars().count() as u64;
            let seam = word.area.left + u16::try_from(width).unwrap_or(0);
            parted.push(Word { text: text[..digits].to_owned(), area: Area { right: seam, ..word.area }, ..word.clone() });
            parted.push(Word { text: unit.to_owned(), area: unit_column.unwrap_or(Area { left: seam, ..word.area }), ..word.clone() });
        } else {
            parted.push(word.clone());
        }
    }
    parted
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

#[cfg(test)]
mod tests {
    use super::*;

    fn row(words: &[(&str, u16)], confidence: Confidence) -> TextRow {
        let words: Vec<Word> = words
            .iter()
            .map(|(text, left)| Word {
                text: (*text).to_owned(),
                area: Area { left: *left, top: 100, right: left + 90 * u16::try_from(text.chars().count()).unwrap(), bottom: 200 },
                confidence,
            })
            .collect();
        TextRow { page: 1, area: words[0].area, cells: Vec::new(), words }
    }

    #[test]
    fn recognised_headings_and_numbers_may_be_a_letter_off() {
        let scanned = Confidence::from_thousandths(880);
        for received in ["Regu", "Regus:", "Recu", "Ontvangcn", "Rqjv"] {
            let heading = row(&[("Article", 500), ("D\u{e9}signation", 1500), ("Expe\u{e9}di\u{e9}", 5000), (received, 6500), ("Unit\u{e9}", 8200)], scanned);
            let rows = [heading, row(&[("10", 500), ("199", 750), ("Lentil", 1500), ("Soup", 2200), ("42", 5400), ("38colis", 6700)], scanned)];
            let table = find(&rows, None).expect(received);
            let line = &table.lines[0];
            assert_eq!(
                (line.article.as_deref(), line.description.as_deref(), line.unit.as_deref()),
                (Some("10199"), Some("Lentil Soup"), Some("colis")),
                "{received}"
            );
            assert_eq!((line.number(Role::Shipped), line.number(Role::Received)), (Some(Decimal::from(42)), Some(Decimal::from(38))), "{received}");
        }
        // What a text layer says is meant so.
        let certain =
            row(&[("Article", 500), ("D\u{e9}signation", 1500), ("Exp\u{e9}di\u{e9}", 5000), ("Regu", 6500), ("Unit\u{e9}", 8200)], Confidence::CERTAIN);
        assert!(headings(&certain).unwrap().iter().all(|(role, _)| *role != Role::Received));
    }
}
