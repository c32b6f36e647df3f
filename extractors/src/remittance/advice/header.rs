//! The head of an advice: labels with values beside or below them, and the name of the payer.

use jiff::civil::Date;
use recoup_engine::money::Currency;
use recoup_engine::reading::{Doubt, Place};
use rust_decimal::Decimal;

use super::atoms::{Atom, Conventions, Kind, atoms};
use crate::language::{HeaderField, fold, header_field, misread_date};
use crate::layout::{Placed, Row, joined};

/// What stands outside the tables.
#[derive(Clone, Debug, Default)]
pub(super) struct Head {
    pub reference: Option<(String, Place)>,
    pub payment_date: Option<(Date, Place)>,
    pub document_date: Option<(Date, Place)>,
    /// Every amount called the total, best label first.
    pub totals: Vec<(Decimal, Place)>,
    /// Those called the payment itself, in the order of the paper: "Net paid", "Zahlbetrag", and not merely "Amount".
    pub payments: Vec<(Decimal, Place)>,
    pub payer: Option<(String, Place)>,
    pub payee: Option<(String, Place)>,
    pub account: Option<(String, Place)>,
    pub supplier_number: Option<(String, Place)>,
    pub currency: Option<Currency>,
    /// What could not be read as it stands.
    pub doubts: Vec<Doubt>,
}

/// A label and where it stands in its row.
struct Label {
    field: HeaderField,
    score: u16,
    start: usize,
    end: usize,
}

const CURRENCIES: &[(&str, &str)] = &[
    ("EUR", "EUR"),
    ("€", "EUR"),
    ("USD", "USD"),
    ("US$", "USD"),
    ("$", "USD"),
    ("GBP", "GBP"),
    ("£", "GBP"),
    ("CHF", "CHF"),
    ("CAD", "CAD"),
    ("DKK", "DKK"),
    ("SEK", "SEK"),
    ("NOK", "NOK"),
    ("PLN", "PLN"),
];

/// Reads the rows that belong to no table.
pub(super) fn read(rows: &[&Row], conventions: &Conventions<'_>) -> Head {
    let mut head = Head::default();
    let mut totals: Vec<(u16, Decimal, Place)> = Vec::new();
    let mut references: Vec<(u16, String, Place)> = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let labels = labels(row);
        for (position, label) in labels.iter().enumerate() {
            let begins = values_begin(row, &labels[position..]);
            let until = labels.iter().find(|next| next.start >= begins).map_or(row.words.len(), |next| next.start);
            let beside = atoms(&Row { page: row.page, words: row.words[begins..until].to_vec() }, conventions);
            let below = || below(rows, index, &row.words[label.start..label.end], conventions);
            let sought = |accepts: &dyn Fn(&Atom) -> bool| {
                // Across a wide gap a value belongs to its label when nothing else stands on the row.
                let near = beside.first().is_some_and(|first| first.left() - row.words[begins - 1].right < 40.0 * row.character_width());
                let alone = beside.len() == 1 && labels.len() == 1 && label.start == 0;
                beside.iter().find(|atom| (near || alone) && accepts(atom)).cloned().or_else(|| below().into_iter().find(|atom| accepts(atom)))
            };
            let place = |atom: &Atom| Row { page: row.page, words: atom.words.clone() }.place();
            match label.field {
                HeaderField::PaymentReference | HeaderField::DocumentNumber => {
                    let names =
                        |atom: &Atom| matches!(atom.kind, Kind::Number | Kind::Digits(_)) && atom.text().chars().filter(char::is_ascii_digit).count() >= 3;
                    let score = if label.field == HeaderField::PaymentReference { label.score } else { label.score / 2 };
                    if beside.len() == 1 && beside[0].amount().is_some() {
                        // "Überweisung EUR 6.581,16": the payment itself.
                        head.payments.push((beside[0].amount().unwrap_or_default(), place(&beside[0])));
                        totals.push((label.score, beside[0].amount().unwrap_or_default(), place(&beside[0])));
                    } else if let Some(atom) = sought(&names).filter(|atom| !beside.contains(atom) || !follows_words(row, label, atom)) {
                        let standing = rows.iter().skip(index).find(|row| row.words.contains(&atom.words[0])).unwrap_or(row);
                        // What stands beside its label is surer than what stands below it.
                        let score = if beside.contains(&atom) { score } else { score.saturating_sub(1) };
                        if !numbers_supplier(standing, &atom) {
                            references.push((score, with_prefix(standing, &atom), place(&atom)));
                        }
                    }
                }
                HeaderField::PaymentDate | HeaderField::DocumentDate => {
                    let dated = |atom: &Atom| matches!(atom.kind, Kind::Date(_));
                    if let Some(atom) = sought(&dated)
                        && let Kind::Date(date) = atom.kind
                    {
                        let slot = if label.field == HeaderField::PaymentDate { &mut head.payment_date } else { &mut head.document_date };
                        if slot.is_none() && misread_date(&atom.text(), conventions.order) == Some(date) {
                            let says = format!("`{}` is no date; it can only have been {date}.", atom.text());
                            head.doubts.push(Doubt::note("date_repaired", says).at(place(&atom)));
                        }
                        slot.get_or_insert((date, place(&atom)));
                    } else if label.field == HeaderField::PaymentDate
                        && let Some(atom) = sought(&|atom: &Atom| atom.text().chars().filter(char::is_ascii_digit).count() >= 4)
                    {
                        let says = format!("`{}` stands where the day of payment should, and is no date; say which day it was.", atom.text());
                        head.doubts.push(Doubt::note("payment_date_unreadable", says).at(place(&atom)));
                    }
                }
                HeaderField::TotalPaid | HeaderField::Total | HeaderField::Amount => {
                    let score = if label.field == HeaderField::TotalPaid { label.score } else { label.score / 2 };
                    // Beside the sums of several columns it is not said which is paid.
                    let sums = beside.iter().filter(|atom| atom.amount().is_some());
                    let is_one_of_several = sums.clone().count() > 1;
                    let last_sum = || sums.clone().next_back().filter(|_| is_one_of_several).cloned();
                    if let Some(atom) = last_sum().or_else(|| sought(&|atom: &Atom| atom.amount().is_some())) {
                        totals.push((score, atom.amount().unwrap_or_default(), place(&atom)));
                        let said = fold(&joined(&row.words[label.start..label.end]));
                        let is_named = label.field == HeaderField::TotalPaid && label.score >= 850 && !is_one_of_several;
                        if is_named && !matches!(said.as_str(), "amount" | "montant" | "bedrag" | "betrag") {
                            head.payments.push((atom.amount().unwrap_or_default(), place(&atom)));
                        }
                        // "Total paid EUR 2 503,07": the currency stands between label and amount, or after it.
                        head.currency = head.currency.or_else(|| currency(&row.words[label.end..until])).or_else(|| currency(&atom.words));
                    }
                }
                HeaderField::Payee => {
                    if let Some(named) = name_at(rows, index, label, until) {
                        head.payee.get_or_insert(named);
                    }
                }
                HeaderField::Payer => {
                    if let Some(named) = name_at(rows, index, label, until) {
                        head.payer.get_or_insert(named);
                    }
                }
                HeaderField::Account => {
                    let names = |atom: &Atom| atom.text().chars().filter(char::is_ascii_digit).count() >= 6 && atom.amount().is_none();
                    if let Some(atom) = sought(&names) {
                        head.account.get_or_insert((account(row, &atom), place(&atom)));
                    }
                }
                HeaderField::SupplierNumber => {
                    if let Some(atom) = sought(&|atom: &Atom| matches!(atom.kind, Kind::Number | Kind::Digits(_))) {
                        head.supplier_number.get_or_insert((atom.text(), place(&atom)));
                    }
                }
                HeaderField::Currency => head.currency = head.currency.or_else(|| currency(&row.words[label.end..until])),
                _ => {}
            }
        }
    }
    // The first of equals wins: a reference stands higher than what it is repeated in.
    references.sort_by_key(|(score, _, _)| std::cmp::Reverse(*score));
    head.reference = references.into_iter().next().map(|(_, text, place)| (text, place));
    totals.sort_by_key(|(score, _, _)| std::cmp::Reverse(*score));
    head.totals = totals.into_iter().map(|(_, amount, place)| (amount, place)).collect();
    head
}

/// Where the values of the first label begin: behind all labels that a stroke joins to it, "Document / Date   2000091177 / 12.11.2026".
fn values_begin(row: &Row, labels: &[Label]) -> usize {
    let joined_by_stroke = |pair: &&[Label]| pair[1].start == pair[0].end + 1 && row.words[pair[0].end].text == "/";
    labels[labels.windows(2).take_while(joined_by_stroke).count()].end
}

/// The currency that the words name, if they do.
pub(super) fn currency(words: &[Placed]) -> Option<Currency> {
    words.iter().find_map(|word| {
        let bare = word.text.trim_matches(|character: char| character.is_ascii_digit() || "().,:;-−".contains(character));
        CURRENCIES.iter().find(|(sign, _)| bare == *sign).and_then(|(_, code)| code.parse().ok())
    })
}

/// Labels of a row from left to right: of overlapping ones the surest, then the longest.
fn labels(row: &Row) -> Vec<Label> {
    const WORDS_AT_MOST: usize = 5;
    let width = row.character_width();
    let mut labels = Vec::new();
    let mut start = 0;
    while start < row.words.len() {
        let mut found: Option<Label> = None;
        for end in start + 1..=(start + WORDS_AT_MOST).min(row.words.len()) {
            let words = &row.words[start..end];
            let close = words.windows(2).all(|pair| pair[1].left - pair[0].right < 2.2 * width);
            // A colon ends a label; a number is never part of one.
            let inner_colon = words[..words.len() - 1].iter().any(|word| word.text.ends_with(':') && word.text != ":");
            let numbered = words.iter().any(|word| word.text.chars().filter(char::is_ascii_digit).count() > 1);
            // A stroke joins two labels: "Document / Date", "Amount / Montant".
            let stroke = words.iter().any(|word| word.text == "/");
            if !close || inner_colon || numbered || stroke {
                break;
            }
            let text = joined(words);
            let trimmed = text.trim_end_matches([':', '.', ' ']);
            let Some((field, score)) = header_field(trimmed).or_else(|| header_field(&text)) else { continue };
            if score < if stands_as_label(row, start, end, width) { 800 } else { 1000 } {
                continue;
            }
            // Inside a sentence only the plainest labels count.
            let plain = matches!(field, HeaderField::PaymentReference | HeaderField::PaymentDate);
            let better = found.as_ref().is_none_or(|found| score >= found.score);
            if better && (plain || stands_as_label(row, start, end, width)) {
                found = Some(Label { field, score, start, end });
            }
        }
        match found {
            Some(label) => {
                start = label.end;
                labels.push(label);
            }
            None => start += 1,
        }
    }
    labels
}

/// A label begins a stretch of words or ends with a colon: inside a sentence the same words mean nothing.
fn stands_as_label(row: &Row, start: usize, end: usize, width: f64) -> bool {
    let words = &row.words;
    let begins =
        start == 0 || words[start].left - words[start - 1].right > 1.8 * width || words[start - 1].text.chars().all(|character| !character.is_alphanumeric());
    let colon = words[end - 1].text.ends_with(':') || words.get(end).is_some_and(|next| next.text == ":");
    begins || colon
}

/// The atoms right under a label, on one of the two next rows.
fn below(rows: &[&Row], index: usize, label: &[Placed], conventions: &Conventions<'_>) -> Vec<Atom> {
    let (left, right, bottom) = (label[0].left, label[label.len() - 1].right, label[0].bottom);
    for row in rows.iter().skip(index + 1).take(3) {
        if row.page != rows[index].page || row.top() - bottom > 2.2 * label[0].height() {
            break;
        }
        let width = row.character_width();
        let under: Vec<Atom> = row
            .stretches(2.5)
            .into_iter()
            .filter(|stretch| (stretch[0].left - left).abs() < 3.0 * width || (stretch[stretch.len() - 1].right - right).abs() < 3.0 * width)
            .flat_map(|stretch| atoms(&Row { page: row.page, words: stretch.to_vec() }, conventions))
            .collect();
        if !under.is_empty() {
            return under;
        }
    }
    Vec::new()
}

/// A cheque number is sometimes printed as "CHK 004711": letters right before it belong to it.
fn with_prefix(row: &Row, atom: &Atom) -> String {
    let first = &atom.words[0];
    let number = atom.text().trim_matches(|character: char| ".,;:()".contains(character)).to_owned();
    let before = row.words.iter().rev().find(|word| word.right <= first.left + 0.1);
    match before {
        Some(word)
            if (2..=4).contains(&word.text.len())
                && !matches!(word.text.as_str(), "NO" | "NR" | "NUM" | "REF" | "NBR")
                && word.text.chars().all(|letter| letter.is_ascii_uppercase())
                && first.left - word.right < 1.2 * row.character_width()
                && currency(std::slice::from_ref(word)).is_none() =>
        {
            format!("{} {}", word.text, number)
        }
        _ => number,
    }
}

/// Words before a number in a stretch of its own make it something else: "Remittance Advice   88 Hospital Dr, Traverse City MI 49684".
fn follows_words(row: &Row, label: &Label, atom: &Atom) -> bool {
    let starts_at = |word: &Placed| word.left <= atom.left() + 0.1 && atom.left() <= word.right;
    let stretch = row.stretches(1.8).into_iter().find(|stretch| stretch.iter().any(starts_at)).unwrap_or_default();
    let apart = stretch.first().is_some_and(|first| first.left > row.words[label.end - 1].right);
    let before = stretch.iter().take_while(|word| !starts_at(word));
    apart && before.filter(|word| word.text.chars().filter(|sign| sign.is_alphabetic()).count() >= 3).count() >= 2
}

/// Whether the words before a number make it ours in the customer's books: "Kreditor 33104", "N° fournisseur F0118".
fn numbers_supplier(row: &Row, atom: &Atom) -> bool {
    let before = row.words.iter().rev().filter(|word| word.right <= atom.left() + 0.1).take(2).map(|word| fold(&word.text));
    before.flat_map(|words| words.split(' ').map(str::to_owned).collect::<Vec<_>>()).any(|word| SUPPLIER.iter().any(|stem| word.starts_with(stem)))
}

/// Beginnings of words for us in the customer's books.
const SUPPLIER: &[&str] = &["vendor", "supplier", "fourniss", "leverancier", "lieferant", "kreditor", "kred", "crediteur", "creditor", "relatie"];

/// An account number may be printed in groups of four.
fn account(row: &Row, atom: &Atom) -> String {
    let width = row.character_width();
    let first = atom.words[0].left;
    let mut text = String::new();
    let mut right = first;
    for word in row.words.iter().filter(|word| word.left >= first) {
        let grouped = word.text.chars().all(|character| character.is_ascii_alphanumeric() || "/-".contains(character))
            && word.text.chars().any(|character| character.is_ascii_digit());
        if word.left - right > 1.5 * width || !grouped {
            break;
        }
        text.push_str(&word.text);
        right = word.right;
    }
    text
}

/// A name after a label, or in the block under it.
fn name_at(rows: &[&Row], index: usize, label: &Label, until: usize) -> Option<(String, Place)> {
    let row = rows[index];
    let beside: Vec<Placed> = row.words[label.end..until].iter().filter(|word| word.text != ":").cloned().collect();
    let colon = row.words[label.end..until].iter().rfind(|word| word.text == ":").or_else(|| row.words[..label.end].last());
    let ends_with_colon = colon.is_some_and(|word| word.text.ends_with(':'));
    let reach = if ends_with_colon { 8.0 } else { 2.0 };
    let near = beside.first().zip(colon).is_some_and(|(first, colon)| first.left - colon.right < reach * row.character_width());
    if near && (ends_with_colon || row.words[label.start..label.end].iter().map(|word| word.text.len()).sum::<usize>() > 4) {
        let words = Row { page: row.page, words: beside };
        let block = words.stretches(3.0).first().map(|stretch| stretch.to_vec()).unwrap_or_default();
        let named = Row { page: row.page, words: block };
        if names_somebody(&named.text()) {
            return Some((named.text(), named.place()));
        }
    }
    let left = row.words[label.start].left;
    rows.iter().skip(index + 1).take(3).filter(|below| below.page == row.page).find_map(|below| {
        let stretch = below.stretches(3.0).into_iter().find(|stretch| (stretch[0].left - left).abs() < 4.0 * below.character_width())?;
        let named = Row { page: below.page, words: stretch.to_vec() };
        names_somebody(&named.text()).then(|| (named.text(), named.place()))
    })
}

/// Mostly letters, and no label of something else.
fn names_somebody(text: &str) -> bool {
    let letters = text.chars().filter(|character| character.is_alphabetic()).count();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    letters >= 3 && letters > digits * 2 && text.split(' ').count() <= 8 && !text.contains([':', '@']) && !text.ends_with(',')
}

/// The payer is who writes: the first name on the paper that is no title, no label, no address and not the one addressed.
pub(super) fn writer(rows: &[&Row], head: &Head, own_names: &[String]) -> Option<(String, Place)> {
    let payee = head.payee.as_ref().map(|(name, _)| fold(name));
    let own: Vec<String> = own_names.iter().map(|name| fold(name)).collect();
    let mut candidates: Vec<(i32, String, Place)> = Vec::new();
    for (position, row) in rows.iter().take_while(|row| row.page == rows[0].page).take(22).enumerate() {
        for stretch in row.stretches(3.0) {
            let row = Row { page: row.page, words: stretch.to_vec() };
            let text = row.text().trim_matches([',', '–', '-', '·', '|', ' ']).to_owned();
            let folded = fold(&text);
            let letters = text.chars().filter(|character| character.is_alphabetic()).count();
            let digits = text.chars().filter(char::is_ascii_digit).count();
            let ours = own.iter().any(|own| !own.is_empty() && (folded.contains(own.as_str()) || own.contains(&folded)))
                || payee.as_ref().is_some_and(|payee| *payee == folded || folded.contains(payee.as_str()));
            if letters < 3
                || ours
                || text.split(' ').count() > 8
                || text.contains([':', '@'])
                || row.text().ends_with(',')
                || !labels(&row).is_empty()
                || digits > letters / 2
            {
                continue;
            }
            let form = legal_form(&text);
            let title = !form && is_title(&folded);
            if title {
                continue;
            }
            let size = (row.height() * 3.0) as i32;
            let score = if form { 100 } else { 0 } + size - i32::try_from(position).unwrap_or(100) * 6 - if digits > 0 { 40 } else { 0 };
            candidates.push((score, text, row.place()));
        }
    }
    candidates.into_iter().max_by_key(|(score, _, _)| *score).map(|(_, text, place)| (text, place))
}

/// The words by which companies call their legal form.
fn legal_form(text: &str) -> bool {
    const FORMS: &[&str] = &[
        "inc",
        "corp",
        "co",
        "llc",
        "ltd",
        "limited",
        "plc",
        "lp",
        "company",
        "corporation",
        "sa",
        "sas",
        "sarl",
        "sasu",
        "snc",
        "sca",
        "scop",
        "bv",
        "nv",
        "vof",
        "cv",
        "ua",
        "bvba",
        "srl",
        "gmbh",
        "ag",
        "kg",
        "eg",
        "ohg",
        "kgaa",
        "se",
        "ek",
        "spa",
    ];
    text.split_whitespace().any(|word| {
        let bare: String = word.to_lowercase().chars().filter(|character| character.is_alphanumeric()).collect();
        FORMS.contains(&bare.as_str())
    })
}

/// "Remittance advice", "Avis de paiement", a greeting: words over a letter that name nobody.
fn is_title(folded: &str) -> bool {
    use crate::language::kinds::{LETTER_WORDS, TITLES};
    TITLES.iter().flat_map(|(_, titles)| *titles).chain(LETTER_WORDS).any(|title| folded.contains(title))
}
