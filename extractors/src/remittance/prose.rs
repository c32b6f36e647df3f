//! Letters that tell of a payment in sentences: "we have sent 4,100.00 for invoices RE-1 (1,200.00) and RE-2 (2,990.00), less 90.00 for breakages".
//!
//! Such a letter is an advice when its own amounts prove it, and a question to a person when they don't.

use std::ops::Range;

use recoup_engine::numbering::Numbering;
use recoup_engine::remittance::{Adjustment, AdviceLine, LineSubject};
use rust_decimal::Decimal;

use super::advice::spread;
use crate::language::discounts::names_discount;
use crate::language::labels::starts_with_phrase;
use crate::language::{DateOrder, Notation, fold, kinds, parse_amount, parse_date, settle_notation};

/// What the sentences of a letter say of a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Prose {
    /// The invoices less what was taken off make the amount sent.
    Proven { total: Decimal, lines: Vec<AdviceLine> },
    /// A payment and documents are named, and the amounts prove nothing.
    Told,
}

/// Beginnings of words by which somebody says that money was sent.
#[rustfmt::skip]
const SENDING: &[&str] = &[
    "sent", "went", "transfer", "remitted", "paid", "wire", "cheque", "check",
    "vire", "virons", "reglons", "regle", "paye", "payons", "verse", "versons", "virement", "credite", "soldons", "acquitt", "portee", "porte",
    "overgema", "maken", "betaal", "overgeschr", "overgeb", "gestort", "voldaan", "gecrediteerd", "uberwies", "beglich", "begleich", "gutgeschr", "uberweis", "gezahlt", "bezahlt", "zahlen", "angewies", "scheck", "ging", "gehen", "raus",
];
/// Words of whoever pays, and of whom is paid.
#[rustfmt::skip]
const PAYER: &[&str] = &[
    "payment", "virement", "overboeking", "uberweisung", "we", "our", "us", "i", "wire", "cheque", "check", "bacs", "nous", "notre", "j", "wij", "we", "ons",
    "onze", "wir", "unser", "unsere", "unserer", "euch", "sie", "ihnen",
];
#[rustfmt::skip]
const TAKING: &[&str] = &[
    "less", "deduct", "knock", "dock", "kept", "withh", "held", "retain", "minus", "short", "chargeback", "offset",
    "moins", "deduction", "deduit", "deduis", "retenu", "retenons", "retrait", "diminu", "minore", "defalqu", "impute",
    "ingehouden", "ingekort", "inhoud", "verminder", "afgetrok", "aftrek", "mindering", "verrek",
    "skont", "escompt", "korting", "disc", "abz", "abzug", "abzgl", "abgezogen", "ziehen", "einbehalt", "gekurzt", "kurz", "verrechn", "gemindert", "wenig", "abgesetzt", "minder",
];
const LAST: &[&str] = &["last", "latter", "dernier", "laatst", "letzt", "thereof", "davon", "dont", "waarvan", "hiervon", "daarvan", "which"];
const ORDINALS: [&[&str]; 3] =
    [&["first", "former", "premier", "eerst", "erst"], &["second", "deuxieme", "seconde", "tweede", "zweit"], &["third", "troisieme", "derde", "dritt"]];

/// Whether words speak of something that is taken off.
pub(crate) fn speaks_of_taking(text: &str) -> bool {
    fold(text).split(' ').any(|word| begins(word, TAKING))
}

enum Item {
    Document(String),
    Amount { value: Decimal, negative: bool },
}

/// An item with the words it takes, from and until.
type Placed = (Item, usize, usize);

/// Reads the rows of a letter; `None` when no sentence tells of a payment of documents.
pub fn read(rows: &[String], notation: Option<Notation>, order: Option<DateOrder>, numbering: &Numbering) -> Option<Prose> {
    let text = body(rows, notation)?;
    let words: Vec<&str> = text.split_whitespace().collect();
    let items = items(&words, notation, order, numbering);
    let names = items.iter().any(|(item, ..)| matches!(item, Item::Document(_)));
    if !names || !words.iter().take(40).any(|word| fold(word).split(' ').any(|word| PAYER.contains(&word))) {
        return None;
    }
    Some(proven(&words, &items, None).unwrap_or(Prose::Told))
}

/// The lines that the words beside a payment of the bank tell, when they make its amount: "INV 58002878 1750.00 INV 58002885 925.50 LESS 27.77 SHORT".
pub fn beside_payment(text: &str, amount: Decimal, numbering: &Numbering) -> Option<Vec<AdviceLine>> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let items = items(&words, settle_notation(words.iter().copied()), None, numbering);
    let ours = |item: &Placed| matches!(&item.0, Item::Document(number) if numbering.is_ours(number));
    // Numbers of the transfer itself stand before those of the invoices.
    let first = items.iter().position(ours)?;
    match proven(&words, &items[first..], Some(amount))? {
        Prose::Proven { lines, .. } => Some(lines.into_iter().map(paid_alone).collect()),
        Prose::Told => None,
    }
}

/// Beside a payment an amount alone is what was paid; the open item says what was billed.
fn paid_alone(mut line: AdviceLine) -> AdviceLine {
    if line.subject == LineSubject::Invoice && line.gross == line.net {
        line.gross = None;
    }
    line
}

/// From the row that tells of a payment to the closing; words parted at a hyphen are whole again.
fn body(rows: &[String], notation: Option<Notation>) -> Option<String> {
    let has_amount = |row: &String| row.split_whitespace().any(|word| money(word, notation).is_some());
    let tells = |row: &String| fold(row).split(' ').any(|word| begins(word, SENDING));
    let telling = rows.iter().enumerate().position(|(index, row)| tells(row) && rows.iter().skip(index).take(2).any(has_amount))?;
    // The sentence may have begun a little before: "A payment of 3,583.08 left our bank this morning. It clears" / "… we have paid short by".
    let start = (telling.saturating_sub(3)..=telling).find(|index| tells(&rows[*index]) || has_amount(&rows[*index]))?;
    let closes = |row: &&String| !starts_with_phrase(&fold(row), kinds::LETTER_WORDS);
    let mut text = String::new();
    for row in rows[start..].iter().take_while(closes) {
        let parted = text.ends_with('-') && row.starts_with(|first: char| first.is_ascii_alphanumeric());
        text.push_str(if parted || text.is_empty() { "" } else { " " });
        text.push_str(row.trim());
    }
    Some(text)
}

fn begins(word: &str, beginnings: &[&str]) -> bool {
    beginnings.iter().any(|beginning| word.starts_with(beginning))
}

/// An amount with cents and nothing else.
fn money(text: &str, notation: Option<Notation>) -> Option<Decimal> {
    let bare = text.trim_matches(|sign: char| "(),;:.".contains(sign));
    parse_amount(bare, notation).map(|parsed| parsed.value.abs()).filter(|value| value.scale() == 2)
}

/// Documents and amounts in the order of the sentences.
fn items(words: &[&str], notation: Option<Notation>, order: Option<DateOrder>, numbering: &Numbering) -> Vec<Placed> {
    let mut items = Vec::new();
    let asides = asides(words);
    let mut at = 0;
    while at < words.len() {
        if asides.iter().any(|aside| aside.contains(&at)) {
            at += 1;
            continue;
        }
        let piece = |word: &str| word.bytes().any(|byte| byte.is_ascii_digit()) || matches!(word, "€" | "$" | "£" | "EUR" | "USD" | "GBP" | "CHF");
        let run = words[at..].iter().take(4).take_while(|word| piece(word.trim_matches(|sign: char| "(),;:.".contains(sign)))).count();
        let amount = (1..=run).rev().find_map(|length| money(&words[at..at + length].join(" "), notation).map(|value| (value, length)));
        // "MR 02640" is one number in two words, "1 002,34" is none.
        let may_join = !words[at].bytes().any(|byte| byte.is_ascii_digit());
        let ours =
            (1..=1 + usize::from(may_join)).rev().find(|length| words.get(at..at + length).is_some_and(|parts| numbering.is_ours(bare(&parts.concat()))));
        if let Some(length) = ours {
            items.push((Item::Document(bare(&words[at..at + length].join(" ")).to_owned()), at, at + length));
            at += length;
            continue;
        }
        if let Some((value, length)) = amount {
            // "1630,00 - 32,60": the sign stands between two amounts.
            let between = at >= 2 && matches!(words[at - 1], "-" | "−" | "–") && money(words[at - 2], notation).is_some();
            let negative = between || words[at].starts_with(['-', '−', '–']) || words[at + length - 1].trim_end_matches([',', ';', '/']).ends_with(['-', '−']);
            items.push((Item::Amount { value, negative }, at, at + length));
            at += length;
            continue;
        }
        if let Some(number) = document(words[at], order) {
            items.push((Item::Document(number), at, at + 1));
        }
        at += 1;
    }
    items
}

/// Sentences in brackets that explain an amount by others: "(prix facturé 4,55 au lieu de 4,3225 convenu)".
pub(super) fn asides(words: &[&str]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = None;
    for (at, word) in words.iter().enumerate() {
        if word.starts_with('(') {
            from = Some(at);
        }
        if word.trim_end_matches([',', ';', '.']).ends_with(')')
            && let Some(start) = from.take()
        {
            let aside = start..at + 1;
            let spoken = words[aside.clone()].iter().filter(|word| word.chars().filter(|sign| sign.is_alphabetic()).count() >= 3);
            let currencies = ["EUR", "USD", "GBP", "CHF", "CAD"];
            let spoken = spoken.filter(|word| !currencies.contains(&bare(word))).count();
            let amounts = words[aside.clone()].iter().filter(|word| word.bytes().any(|byte| byte.is_ascii_digit())).count();
            if spoken >= 3 && amounts >= 2 {
                found.push(aside);
            }
        }
    }
    found
}

fn bare(word: &str) -> &str {
    word.trim_matches(|sign: char| !sign.is_alphanumeric())
}

fn document(word: &str, order: Option<DateOrder>) -> Option<String> {
    let word = bare(word);
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let plain = word.chars().all(|letter| letter.is_ascii_alphanumeric() || "-/._".contains(letter));
    // "13/10" is a day without its year.
    let day = word.split(['/', '.', '-']).all(|part| part.len() <= 2 && part.bytes().all(|byte| byte.is_ascii_digit()));
    let year = digits == 4 && word.len() == 4 && word.starts_with("20");
    (digits >= 4 && (4..=24).contains(&word.len()) && plain && !year && !day && parse_date(word, order).is_none()).then(|| word.to_owned())
}

/// A part of the payment that was taken off.
struct Taken {
    amount: Decimal,
    discount: bool,
    /// Which of the invoices.
    on: Option<usize>,
    note: Option<String>,
    said: String,
}

/// The lines, when invoices less what was taken make the total, which may be known.
fn proven(words: &[&str], items: &[Placed], known_total: Option<Decimal>) -> Option<Prose> {
    let mut invoices: Vec<(String, Decimal)> = Vec::new();
    let (mut taken, mut total): (Vec<Taken>, Option<Decimal>) = (Vec::new(), known_total);
    let mut pending: Vec<&String> = Vec::new();
    let mut clause = 0;
    for (index, (item, start, end)) in items.iter().enumerate() {
        let (amount, negative) = match item {
            Item::Document(number) => {
                pending.push(number);
                continue;
            }
            Item::Amount { value, negative } => (*value, *negative),
        };
        let next = items.get(index + 1).map_or(words.len(), |(_, start, _)| *start);
        let before = sentence_start(words, clause, *start);
        let after = sentence_end(words, *end, next);
        let says = |range: Range<usize>, beginnings: &[&str]| words[range].iter().any(|word| begins(&fold(word), beginnings));
        let takes = |range: Range<usize>| says(range.clone(), TAKING) || names_discount(&words[range].join(" "));
        // "930,00 - BRUCH 18,60": a dash right behind an amount takes off what follows.
        let dashed =
            pending.is_empty() && clause > 0 && clause < *start && matches!(words[clause], "-" | "−" | "–") && money(words[clause - 1], None).is_some();
        let minus = |range: Range<usize>| dashed || words[range].iter().any(|word| matches!(*word, "-/-" | "./." | "min" | "min."));
        let last = invoices
            .last()
            .map(|(_, gross)| *gross - taken.iter().filter(|taken| taken.on == Some(invoices.len() - 1)).map(|taken| taken.amount).sum::<Decimal>());
        let unknown: Vec<&&String> = pending.iter().filter(|number| invoices.iter().all(|(known, _)| known != **number)).collect();
        let follows_invoice = !invoices.is_empty() && !(clause..*start).any(|at| ends_sentence(words, at));
        // A stated rate tells whether a discount is that of the last invoice alone.
        let of_last = |percent: Decimal| last.is_some_and(|last| ((last * percent / Decimal::ONE_HUNDRED).round_dp(2) - amount).abs() <= Decimal::new(1, 2));
        let of_last_alone = follows_invoice && percent(&words[before..after]).is_none_or(of_last);
        let said_before = pending.is_empty() && taken.iter().any(|taken| taken.amount == amount) && !says(before..after, TAKING);
        if said_before {
            // "Bitte um Gutschrift über EUR 12,00": what was taken, said once more.
        } else if unknown.is_empty() && !taken.is_empty() && last == Some(amount) && total != Some(amount) {
            // "NET 1769.88": what is left of the invoice, said once more.
        } else if negative || minus(before..*start) || takes(before..*start) || unknown.is_empty() && !invoices.is_empty() && says(*end..after, TAKING) {
            taken.push(Taken {
                amount,
                discount: names_discount(&words[before..after].join(" ")),
                on: about(&words[before..after], &pending, &invoices).or_else(|| if of_last_alone { invoices.len().checked_sub(1) } else { None }),
                note: unknown.first().map(|number| (**number).clone()),
                said: words[before..*start].iter().chain(&words[*end..after]).copied().collect::<Vec<_>>().join(" "),
            });
        } else if let [only] = unknown[..] {
            let made = made_of(words, *end, amount);
            invoices.push(((*only).clone(), made.as_ref().map_or(amount, |(gross, _)| *gross)));
            taken.extend(made.map(|(_, part)| Taken { on: Some(invoices.len() - 1), ..part }));
        } else if known_total.is_some() && unknown.is_empty() && last.is_some_and(|last| amount < last) {
            // "FACT VF2692444 1540,00 MANQUANT 3 COLIS 46,20": beside what was paid the sum proves that it was taken off.
            let said = words[before..*start].join(" ");
            let on = invoices.len().checked_sub(1);
            taken.push(Taken { amount, discount: names_discount(&said), on, note: None, said });
        } else if unknown.is_empty() && total.is_none() {
            total = Some(amount);
        } else if total != Some(amount) {
            return None;
        }
        pending.clear();
        // What stands in brackets behind an amount says nothing of the next one.
        clause = aside_at(words, *end).map_or(*end, |aside| aside.end);
    }
    let total = total?;
    let sum = invoices.iter().map(|(_, amount)| *amount).sum::<Decimal>() - taken.iter().map(|taken| taken.amount).sum::<Decimal>();
    (sum == total && !invoices.is_empty() && pending.is_empty()).then(|| Prose::Proven { total, lines: lines(&invoices, taken) })
}

fn aside_at(words: &[&str], at: usize) -> Option<Range<usize>> {
    asides(words).into_iter().find(|aside| aside.start == at)
}

/// What the brackets right behind an amount say it is made of: "1670.90 (1705.00 LESS 34.10 PRICE DIFF)".
fn made_of(words: &[&str], end: usize, amount: Decimal) -> Option<(Decimal, Taken)> {
    let aside = aside_at(words, end)?;
    let amounts: Vec<Decimal> = words[aside.clone()].iter().filter_map(|word| money(word, None)).collect();
    let [gross, part] = amounts[..] else { return None };
    let said: Vec<&str> = words[aside].iter().filter(|word| money(word, None).is_none()).map(|word| bare(word)).collect();
    let said = said.join(" ");
    (gross - part == amount).then(|| (gross, Taken { amount: part, discount: names_discount(&said), on: None, note: None, said }))
}

fn sentence_start(words: &[&str], from: usize, until: usize) -> usize {
    (from..until).rev().find(|at| ends_sentence(words, *at)).map_or(from, |at| at + 1)
}

fn sentence_end(words: &[&str], from: usize, until: usize) -> usize {
    // The amount itself may end the sentence.
    if from > 0 && words[from - 1].ends_with('.') {
        return from;
    }
    (from..until).find(|at| ends_sentence(words, *at)).map_or(until, |at| at + 1)
}

/// A point after a whole word, before a capital letter or the end; "Inv." ends none.
fn ends_sentence(words: &[&str], at: usize) -> bool {
    let next_begins = words.get(at + 1).is_none_or(|next| next.starts_with(|first: char| first.is_uppercase()));
    words[at].ends_with('.') && words[at].trim_end_matches('.').chars().filter(|letter| letter.is_alphanumeric()).count() > 3 && next_begins
}

fn percent(words: &[&str]) -> Option<Decimal> {
    let at = words.iter().position(|word| word.contains('%'))?;
    let number = |word: &str| word.trim_matches(|sign: char| !sign.is_ascii_digit()).replace(',', ".").parse().ok();
    number(words[at]).or_else(|| at.checked_sub(1).and_then(|before| number(words[before])))
}

/// Which invoice the words take something from: the one named, the first or the last of them, or the only one.
fn about(words: &[&str], pending: &[&String], invoices: &[(String, Decimal)]) -> Option<usize> {
    let named = invoices.iter().position(|(known, _)| pending.contains(&known));
    let ordinal = || ORDINALS.iter().position(|names| words.iter().any(|word| begins(&fold(word), names))).filter(|index| *index < invoices.len());
    let last = || words.iter().any(|word| begins(&fold(word), LAST)).then(|| invoices.len().checked_sub(1)).flatten();
    named.or_else(last).or_else(ordinal).or(if invoices.len() == 1 { Some(0) } else { None })
}

fn lines(invoices: &[(String, Decimal)], taken: Vec<Taken>) -> Vec<AdviceLine> {
    let mut lines: Vec<AdviceLine> = invoices
        .iter()
        .map(|(number, gross)| AdviceLine {
            subject: LineSubject::Invoice,
            reference: Some(number.clone()),
            gross: Some(*gross),
            net: Some(*gross),
            ..AdviceLine::default()
        })
        .collect();
    for part in taken {
        match (part.on, &part.note) {
            (Some(on), None) => {
                let line = &mut lines[on];
                line.net = line.net.map(|net| net - part.amount);
                if part.discount {
                    line.discount = Some(line.discount.unwrap_or_default() + part.amount);
                } else {
                    line.adjustments.push(Adjustment { amount: -part.amount, text: Some(part.said), ..Adjustment::default() });
                }
            }
            (on, note) => lines.push(AdviceLine {
                subject: LineSubject::Adjustment,
                reference: note.clone(),
                invoice_named: on.map(|on| invoices[on].0.clone()),
                gross: Some(-part.amount),
                net: Some(-part.amount),
                text: Some(part.said),
                ..AdviceLine::default()
            }),
        }
    }
    spread::discount(&mut lines, None);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    type Told<'line> = (&'line str, &'line str, &'line str);

    fn told(text: &str) -> Option<Vec<(String, String, String)>> {
        let rows: Vec<String> = text.lines().map(str::to_owned).collect();
        let Some(Prose::Proven { lines, .. }) = read(&rows, None, Some(DateOrder::DayFirst), &Numbering::default()) else { return None };
        let shown = |value: Option<Decimal>| value.map_or_else(String::new, |value| value.to_string());
        Some(lines.into_iter().map(|line| (line.reference.unwrap_or_default(), shown(line.gross), shown(line.net))).collect())
    }

    fn assert_told(text: &str, lines: &[Told]) {
        let expected: Vec<_> = lines.iter().map(|(number, gross, net)| ((*number).to_owned(), (*gross).to_owned(), (*net).to_owned())).collect();
        assert_eq!(told(text), Some(expected), "{text}");
    }

    #[test]
    fn letters_of_four_languages_are_proven_by_their_amounts() {
        assert_told(
            "We have today sent £6,405.15 to your account by BACS in settlement of your invoices SIN-\n004482 (£2,000.00), SIN-004489 (£1,475.50) and SIN-004496 (£3,020.25). From the last of\n\
             these we have kept back £90.60 because three cases arrived crushed.\nYours faithfully,",
            &[("SIN-004482", "2000.00", "2000.00"), ("SIN-004489", "1475.50", "1475.50"), ("SIN-004496", "3020.25", "2929.65")],
        );
        assert_told(
            "Nous vous informons que nous avons viré ce jour la somme de 5 170,80 € en règlement de\nvos factures F2026-04867 d’un montant de 3 250,00 € et F2026-04874 d’un montant de\n\
             1 980,20 €, déduction faite de 59,40 € sur cette dernière, pour trois cartons abîmés.\n",
            &[("F2026-04867", "3250.00", "3250.00"), ("F2026-04874", "1980.20", "1920.80")],
        );
        assert_told(
            "Vandaag hebben wij € 3.506,57 naar uw rekening overgemaakt ter voldoening van uw\nfacturen 260005042 (€ 1.150,00) en 260005049 (€ 2.480,60). Op de tweede factuur hebben\n\
             wij € 124,03 ingehouden omdat vijf dozen niet zijn geleverd.\n",
            &[("260005042", "1150.00", "1150.00"), ("260005049", "2480.60", "2356.57")],
        );
        assert_told(
            "wir haben heute 4.234,33 EUR auf Ihr Konto überwiesen. Damit sind Ihre Rechnungen R-\n26/05196 über 2.500,00 EUR und R-26/05203 über 1.820,75 EUR abzüglich 2 % Skonto\n(86,42 EUR) beglichen.\n",
            &[("R-26/05196", "2500.00", "2450.00"), ("R-26/05203", "1820.75", "1784.33")],
        );
        assert_told(
            "Le virement pour vos deux factures est parti ce matin, vendredi 13/11/2026 : 586,38 euros.\n\nVF2672067 du 13/10 : 188,40\nVF2672074 du 15/10 : 402,00 - 4,02 \
             (il manquait un carton) = 397,98\n",
            &[("VF2672067", "188.40", "188.40"), ("VF2672074", "402.00", "397.98")],
        );
        assert_told(
            "wir haben heute, 18.11.2026, EUR 1.714,15 an Sie überwiesen:\n\nRechnung VF2672935: EUR 540,00\nRechnung VF2672942: EUR 812,40 abzüglich 2 % Skonto EUR 16,25\n\
             Rechnung VF2672949: EUR 390,00 abzüglich EUR 12,00 (verrechnet wurde 3,90 statt der vereinbarten 3,78)\n\nBitte um Ausstellung einer Gutschrift über EUR 12,00.\n",
            &[("VF2672935", "540.00", "540.00"), ("VF2672942", "812.40", "796.15"), ("VF2672949", "390.00", "378.00")],
        );
        assert_told(
            "Just to let you know a payment of £1,260.49 went out to you this morning (17/11/2026). It covers:\nInvoice SI-072473  £456.40\n\
             Invoice SI-072480  £318.00 less £6.36 as two cases of the vinegar were cloudy\nInvoice SI-072487  £502.50 less 2% for paying early, £10.05\n",
            &[("SI-072473", "456.40", "456.40"), ("SI-072480", "318.00", "311.64"), ("SI-072487", "502.50", "492.45")],
        );
        assert_told(
            "Vandaag 19-11-2026 hebben we € 869,05 overgemaakt.\n\nHet gaat om\nfactuur VF2673180 € 268,80\n\
             factuur VF2673187 € 415,00, daar gaat 2% betalingskorting (8,30) af is € 406,70\n\
             factuur VF2673194 € 197,50 maar daar waren 2 dozen niet bij, dus € 3,95 minder\n\nGroeten Johan\n",
            &[("VF2673180", "268.80", "268.80"), ("VF2673187", "415.00", "406.70"), ("VF2673194", "197.50", "193.55")],
        );
        assert_told(
            "Je viens de faire un virement de 1214,34 euros (le 12/11/2026) :\n\n- facture VF2684892 : 415,00\n- facture VF2684899 : 288,60 moins 8,66 (vous nous avez \
             livré 3 cartons de granola au lieu de la confiture commandée)\n- facture VF2684906 : 530,00 moins l'escompte de 2 % soit 10,60\n\nBonne journée\n",
            &[("VF2684892", "415.00", "415.00"), ("VF2684899", "288.60", "279.94"), ("VF2684906", "530.00", "519.40")],
        );
        assert_told(
            "Just to let you know I've paid you £2,500.71 this morning.\n\nThat covers SI-092178 in full at £868.00, SI-092185 at £1,240.00 less your 2.5% prompt payment \
             discount of £31.00, and SI-092192 which was £455.60 - I've knocked off £31.89 for the 7 cases your driver took back on the 28th.\n\nShout if anything looks wrong.\n",
            &[("SI-092178", "868.00", "868.00"), ("SI-092185", "1240.00", "1209.00"), ("SI-092192", "455.60", "423.71")],
        );
        assert_told(
            "The wire of $2,732.49 you will receive today covers:\n1. Inv. 90006309 dated 9/21/26 - $1,750.00\n2. Inv. 90006316 dated 9/22/26 - $999.99\n3. less our chargeback CBK7001, lumper fee on 90006309 - $17.50\n",
            &[("90006309", "1750.00", "1750.00"), ("90006316", "999.99", "999.99"), ("CBK7001", "-17.50", "-17.50")],
        );
    }

    #[test]
    fn amounts_that_only_explain_another_are_no_part_of_the_sum() {
        assert_told(
            "Je vous confirme notre virement du 16 novembre d’un montant de 744,85 € :\nfacture VF2662543 : 312,60 €\nfacture VF2662550 : 455,00 € moins 22,75 € (prix facturé \
             4,55 au lieu de 4,3225 convenu) soit 432,25 €\n",
            &[("VF2662543", "312.60", "312.60"), ("VF2662550", "455.00", "432.25")],
        );
    }

    #[test]
    fn words_beside_a_payment_of_the_bank_are_proven_by_its_amount() {
        let ours = Numbering::of_series(["58002878", "VF2641919", "SI-040813"].into_iter().filter_map(recoup_engine::numbering::series));
        let told = |text: &str, amount: &str| {
            let lines = beside_payment(text, amount.parse().expect("an amount"), &ours)?;
            let taken = |line: &AdviceLine| {
                line.adjustments.first().and_then(|taken| taken.text.clone()).or_else(|| line.discount.map(|discount| discount.to_string()))
            };
            Some(
                lines
                    .iter()
                    .map(|line| format!("{} {} {}", line.reference.clone().unwrap_or_default(), line.net.unwrap_or_default(), taken(line).unwrap_or_default()))
                    .collect::<Vec<_>>(),
            )
        };
        let read = |lines: &[&str]| Some(lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>());
        assert_eq!(
            told("INV 58002878 1750.00 INV 58002885 925.50 LESS 27.77 SHORT 3 CS", "2647.73"),
            read(&["58002878 1750.00 ", "58002885 897.73 LESS SHORT 3 CS"])
        );
        assert_eq!(
            told("VF2641919 1522,00 VF2641926 880,80 -/- 8,81 BREUK VF2641933 2400,00 -/- 48,00 KORTING", "4745.99"),
            read(&["VF2641919 1522.00 ", "VF2641926 871.99 -/- BREUK", "VF2641933 2352.00 48.00"])
        );
        assert_eq!(
            told("RMR IV 58002878 2140.00 RMR IV 58002885 1806.00 LESS 36.12 BROKEN JARS NET 1769.88", "3909.88"),
            read(&["58002878 2140.00 ", "58002885 1769.88 LESS BROKEN JARS NET"])
        );
        assert_eq!(
            told("RMR IV 58002878 1670.90 (1705.00 LESS 34.10 PRICE DIFF) RMR IV 58002885 960.40", "2631.30"),
            read(&["58002878 1670.90 LESS PRICE DIFF", "58002885 960.40 "])
        );
        assert_eq!(
            told("FACT VF2641919 1166,00 FACT VF2641926 702,00 ESC 14,04 FACT VF2641933 1540,00 MANQUANT 3 COLIS 46,20", "3347.76"),
            read(&["VF2641919 1166.00 ", "VF2641926 687.96 14.04", "VF2641933 1493.80 MANQUANT 3 COLIS"])
        );
        assert_eq!(told("SI-040813 1010.20 SI-040820 744.00", "1000.00"), None, "amounts that don't make the payment");
    }

    #[test]
    fn what_proves_nothing_is_told_and_other_letters_are_left_alone() {
        let read = |text: &str| read(&[text.to_owned()], None, None, &Numbering::default());
        assert_eq!(read("We have sent you 500.00 EUR for invoices RE-10001 (300.00) and RE-10002 (400.00)."), Some(Prose::Told));
        assert_eq!(read("Your invoice RE-10001 over 300.00 EUR is wrong: please send a credit note."), None);
        assert_eq!(read("We have paid 500.00 EUR and thank you."), None);
    }
}
