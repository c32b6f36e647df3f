//! Records to lines of an advice, under one reading of what the columns mean.

use recoup_engine::reading::Confidence;
use recoup_engine::remittance::{Adjustment, AdviceLine, LineSubject};
use rust_decimal::Decimal;

use super::super::belonging::{as_adjustment, hand_down_reason, is_unnumbered_part};
use super::super::line::correct_signs;
use super::records::{Record, Table, Under};
use crate::language::kinds::names_invoice;
use crate::language::{ColumnRole, fold};

/// What the columns of one table are taken to mean.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Meaning {
    pub roles: Vec<ColumnRole>,
    /// Amounts without a sign reduce the payment.
    pub reversed: bool,
    /// So do those behind a sum, or under a heading that announces deductions.
    pub reversed_apart: bool,
    /// Rows without a number under an invoice count for themselves, even where they could explain its own amounts.
    pub parts_apart: bool,
    /// The word in a column of debit and credit that reduces the payment, folded.
    pub reduces: Option<String>,
    /// The table only explains what other tables already count.
    pub explains: bool,
}

impl Meaning {
    pub fn printed(table: &Table) -> Self {
        Self { roles: table.roles.clone(), reversed: false, reversed_apart: false, parts_apart: false, reduces: None, explains: false }
    }
}

/// The lines of a table.
pub(super) fn of(table: &Table, meaning: &Meaning) -> Vec<AdviceLine> {
    let states_amount = |line: &AdviceLine| line.net.or(line.gross).or(line.discount).is_some() || !line.adjustments.is_empty();
    let lines = table.records.iter().flat_map(|record| of_record(table, record, meaning)).filter(states_amount).collect();
    if meaning.parts_apart { lines } else { explained_below(closed_below(lines)) }
}

/// What is paid for an invoice may stand on the last row of what is taken off it:
/// ```text
/// VF2672151   Warenrechnung          1.015,35
///             Kürzung: MHD              31,20-     984,15
/// ```
fn closed_below(lines: Vec<AdviceLine>) -> Vec<AdviceLine> {
    let mut kept: Vec<AdviceLine> = Vec::with_capacity(lines.len());
    let mut rest = lines.into_iter().peekable();
    while let Some(mut line) = rest.next() {
        let mut parts: Vec<AdviceLine> = Vec::new();
        let is_open = line.reference.is_some() && line.gross.is_some() && line.net.is_none();
        let opens = |next: &AdviceLine| next.reference.is_none() && next.invoice_named.is_none() && next.gross.is_some() && next.adjustments.is_empty();
        while is_open && parts.last().is_none_or(|last| last.net.is_none()) {
            let Some(part) = rest.next_if(opens) else { break };
            parts.push(part);
        }
        let taken = |part: &AdviceLine| -part.gross.unwrap_or_default().abs();
        let left = line.made().unwrap_or_default() + parts.iter().map(taken).sum::<Decimal>();
        if let Some(paid) = parts.last().and_then(|last| last.net).filter(|net| *net == left) {
            line.adjustments.extend(parts.into_iter().map(|part| Adjustment { amount: taken(&part), ..as_adjustment(part) }));
            line.net = Some(paid);
            kept.push(line);
        } else {
            kept.push(line);
            kept.extend(parts);
        }
    }
    kept
}

/// Rows without a number under an invoice that say what its own amounts already count: together they are what it lacks, or what its column of deductions
/// holds without a word.
fn explained_below(lines: Vec<AdviceLine>) -> Vec<AdviceLine> {
    let mut kept: Vec<AdviceLine> = Vec::with_capacity(lines.len());
    let mut rest = lines.into_iter().peekable();
    while let Some(mut line) = rest.next() {
        let mut parts = Vec::new();
        while let Some(part) = rest.next_if(|next| line.reference.is_some() && is_unnumbered_part(next)) {
            parts.push(part);
        }
        let sum: Decimal = parts.iter().map(AdviceLine::paid).sum();
        let silent: Decimal = line.adjustments.iter().filter(|taken| taken.text.is_none()).map(|taken| taken.amount).sum();
        let lacks = line.made().zip(line.net).map(|(made, net)| net - made);
        let counted = lacks == Some(Decimal::ZERO) && sum == silent;
        if !parts.is_empty() && (counted || lacks == Some(sum)) {
            if counted {
                line.adjustments.retain(|taken| taken.text.is_some());
            }
            hand_down_reason(&mut line);
            line.adjustments.extend(parts.into_iter().map(as_adjustment));
            kept.push(line);
        } else {
            kept.push(line);
            kept.extend(parts);
        }
    }
    kept
}

/// Early-payment discounts are a few percent; more than this share of an invoice is none.
const MOST_DISCOUNT: Decimal = Decimal::from_parts(15, 0, 0, false, 2);

/// Whether a line says what no payer means: a discount of a great part of the invoice, more paid than billed by what was "taken off", or something of
/// nothing.
pub(super) fn implausible(line: &AdviceLine) -> bool {
    let discount = line.discount.unwrap_or_default();
    let billed = line.gross.or(line.net.map(|net| net + discount)).filter(|billed| billed.is_sign_positive() && !billed.is_zero());
    let made_of_nothing = line.gross.is_some_and(|gross| gross.is_zero()) && line.adjusted().is_sign_positive() && !line.adjusted().is_zero();
    made_of_nothing || billed.is_some_and(|billed| discount > billed * MOST_DISCOUNT || line.adjusted() > billed)
}

/// Whether lines that show their parts add up, some of them with something taken off.
pub(super) fn rows_add_up(lines: &[AdviceLine]) -> bool {
    let taken = |line: &AdviceLine| line.discount.is_some() || !line.adjusted().is_zero();
    lines.iter().all(|line| line.adds_up() != Some(false)) && lines.iter().any(|line| line.adds_up() == Some(true) && taken(line))
}

/// What one record of a table says: its line, and what stands under it.
pub(super) fn of_record(table: &Table, record: &Record, meaning: &Meaning) -> Vec<AdviceLine> {
    let amount = |role: ColumnRole| record.amounts.iter().rev().find(|(index, _)| meaning.roles.get(*index) == Some(&role)).map(|(_, value)| *value);
    let words = |role: ColumnRole| record.words.get(&role).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    // "./. 3 % Skonto": the bookkeeper's minus before the words.
    let less = record.words.values().any(|words| words.trim_start().starts_with("./."));
    let on_side = meaning.reduces.is_some() && words(ColumnRole::DocumentType).map(|word| fold(&word)) == meaning.reduces;
    let reversed = less || on_side || meaning.reversed || meaning.reversed_apart && record.is_set_apart();
    let turned = |value: Decimal| if reversed && value.is_sign_positive() { -value } else { value };
    let gross = amount(ColumnRole::Gross);
    // Beside a column of what is paid, one of bare amounts runs on from line to line.
    let mut net = if meaning.roles.contains(&ColumnRole::Net) { amount(ColumnRole::Net) } else { amount(ColumnRole::Amount) };
    let deductions: Vec<(usize, Decimal)> =
        record.amounts.iter().filter(|(index, value)| meaning.roles.get(*index) == Some(&ColumnRole::Deduction) && !value.is_zero()).copied().collect();
    let deduction = amount(ColumnRole::Deduction).map(|_| deductions.iter().map(|(_, value)| *value).sum::<Decimal>());
    let discount = amount(ColumnRole::Discount).map(|value| value.abs()).filter(|value| !value.is_zero());
    let stands_alone = gross.is_none() && (net.is_none() || deduction.is_none_or(|deduction| Some(deduction.abs()) == net.map(|net| net.abs())));
    if net.is_none() && gross.is_none() {
        // Only an amount taken off is printed.
        net = deduction.map(|deduction| -deduction.abs());
    }
    net = net.map(turned);
    let gross = if reversed { gross.map(turned) } else { gross };

    let mut purchase_order = words(ColumnRole::PurchaseOrder);
    // "OCT MEGA EVENT BILLBACK" where orders stand: the words are the reason.
    let mut said = words(ColumnRole::Text).or_else(|| purchase_order.take_if(|cell| is_spoken(cell)));
    let (mut document, mut invoice, mut debit_note) = (words(ColumnRole::Document), words(ColumnRole::Invoice), words(ColumnRole::DebitNote));
    for cell in [&mut document, &mut invoice, &mut debit_note] {
        part_words_from_number(cell, words(ColumnRole::Date), &mut said);
    }
    if record.among_deductions && (document.is_some() || invoice.is_some()) {
        // Beside the invoice that it is about, a deduction's own number is the claim's.
        debit_note = debit_note.or_else(|| words(ColumnRole::TheirReference).filter(|number| !number.contains(' ') && number.contains(char::is_numeric)));
    }
    let negative = net.or(gross).is_some_and(|value| value.is_sign_negative() && !value.is_zero());
    let mut line = AdviceLine {
        purchase_order,
        store: words(ColumnRole::Store).or_else(|| record.store.clone()),
        date: record.date,
        gross,
        discount,
        net,
        code: words(ColumnRole::Code),
        text: said,
        place: record.place,
        confidence: Some(Confidence::from_thousandths(record.confidence)),
        ..AdviceLine::default()
    };
    // "Debit memo" in a column of kinds is all the reason that is given.
    let kind = words(ColumnRole::DocumentType).filter(|kind| kind.chars().count() > 1 && !names_invoice(kind));
    line.text = line.text.or(kind);
    let claims = debit_note.is_some() && (record.among_deductions || (gross.is_none() && document.is_none() && invoice.is_none()));
    let lists_claims = meaning.roles.contains(&ColumnRole::DebitNote) && !meaning.roles.contains(&ColumnRole::Gross);
    if claims || lists_claims {
        // A table of claims: the number of the claim, and the invoice it is about.
        line.reference = debit_note;
        line.invoice_named = invoice.or(document);
    } else {
        line.debit_note = debit_note;
        match (document, invoice) {
            (Some(document), Some(invoice)) => (line.reference, line.invoice_named) = (Some(document), Some(invoice)),
            (document, invoice) => line.reference = document.or(invoice),
        }
    }
    // A row without a number of its own may name one in its words: "Facture F2026-04846".
    if line.reference.is_none() && line.invoice_named.is_none() && !negative {
        line.reference = line.text.as_deref().and_then(only_number);
    }
    line.subject = match (negative || record.among_deductions || lists_claims, &line.reference) {
        (true, _) => LineSubject::Adjustment,
        (false, Some(_)) => LineSubject::Invoice,
        (false, None) => LineSubject::Unsaid,
    };
    if !stands_alone {
        let several = meaning.roles.iter().filter(|role| **role == ColumnRole::Deduction).count() > 1;
        for ((column, _), amount) in deductions.iter().zip(signed(&line, &deductions)) {
            let named = table.headings.get(*column).filter(|heading| several && !heading.is_empty());
            line.adjustments.push(Adjustment {
                amount,
                code: line.code.clone(),
                reference: line.debit_note.clone(),
                // Beside each other, deductions are told apart by what stands over them.
                text: named.cloned().into_iter().chain(line.text.clone()).reduce(|heading, text| format!("{heading}: {text}")),
                place: line.place,
                ..Adjustment::default()
            });
        }
    }
    let mut lines = vec![line];
    for under in &record.under {
        attach(under, &mut lines);
    }
    if let [line] = &mut lines[..] {
        part_of_the_words(line, &record.under);
    }
    lines
}

/// An amount under a line that shows its gross and net, and is not what they differ by, goes on with the words: "line 1: 24 x" and "26.00" below.
fn part_of_the_words(line: &mut AdviceLine, under: &[Under]) {
    let [Under { role: None, text, amount, .. }] = under else { return };
    let [Adjustment { text: reason, .. }] = &line.adjustments[..] else { return };
    let broken_off = line.text.as_deref().is_some_and(|said| said.ends_with([':', '=', '@']) || said.ends_with(" x") || said.ends_with(" à"));
    if text.is_empty() && reason.is_none() && broken_off && line.adds_up() == Some(false) {
        line.text = line.text.take().map(|said| format!("{said} {amount}"));
        line.adjustments.clear();
    }
}

/// The number in words that name an invoice and nothing else.
fn only_number(text: &str) -> Option<String> {
    let (kind, number) = text.split_once(' ')?;
    let is_number = !number.contains(' ') && number.chars().filter(char::is_ascii_digit).count() >= 3;
    (is_number && names_invoice(kind)).then(|| number.to_owned())
}

/// Two words or more, and no number of an order.
fn is_spoken(cell: &str) -> bool {
    cell.split(' ').filter(|word| word.chars().filter(|sign| sign.is_alphabetic()).count() >= 3 && !word.contains(char::is_numeric)).count() >= 2
}

/// Words in the column of numbers are words all the same: "Reason: damaged goods", "Credit note CN-77".
fn part_words_from_number(cell: &mut Option<String>, beside: Option<String>, said: &mut Option<String>) {
    let digits = |word: &str| word.chars().filter(char::is_ascii_digit).count();
    let Some(mut text) = cell.clone() else { return };
    // Recognition and narrow columns break numbers at their hyphens.
    let whole = text.replace(" -", "-").replace("- ", "-").replace(" /", "/");
    if whole != text && !whole.contains(' ') {
        *cell = Some(whole.clone());
        text = whole;
    }
    let numbers: Vec<&str> = text.split(' ').filter(|word| digits(word) >= 3 || (digits(word) >= 1 && word.contains(char::is_alphabetic))).collect();
    let plain = text.split(' ').any(|word| digits(word) == 0 && word.chars().filter(|letter| letter.is_alphabetic()).count() >= 5);
    if !plain && (!numbers.is_empty() || digits(&text) > 0) {
        return;
    }
    // "CB50001 price query SIN-6379": the number of the row, and words that name another.
    if let Some((first, words)) = text.split_once(' ').filter(|(first, _)| numbers.first() == Some(first) && numbers.len() > 1) {
        *said = Some(match said.take() {
            Some(said) => format!("{words} {said}"),
            None => words.to_owned(),
        });
        *cell = Some(first.to_owned());
        return;
    }
    // Long words in front push a number over into the next column.
    let spilled = beside.filter(|beside| digits(beside) >= 2 && numbers.is_empty());
    let rest: Vec<&str> = text.split(' ').filter(|word| spilled.is_some() || !numbers.contains(word)).collect();
    let rest = rest.join(" ");
    *cell = spilled.or_else(|| Some(numbers.join(" "))).filter(|number| !number.is_empty());
    *said = Some(match said.take() {
        Some(said) => format!("{rest} {said}"),
        None => rest,
    });
}

/// The amounts of the deduction columns with the signs under which the line adds up; without such signs all of them take something off.
fn signed(line: &AdviceLine, deductions: &[(usize, Decimal)]) -> Vec<Decimal> {
    let printed = deductions.iter().map(|(_, amount)| -*amount).collect();
    let signed = correct_signs(printed, line.gross, line.discount, line.net);
    let before = line.gross.map(|gross| gross - line.discount.unwrap_or_default());
    let adds_up = before.zip(line.net).is_some_and(|(before, net)| before + signed.iter().sum::<Decimal>() == net);
    if adds_up { signed } else { signed.into_iter().map(|amount| -amount.abs()).collect() }
}

/// A row under a line takes something off it, unless the line adds up without.
fn attach(under: &Under, lines: &mut Vec<AdviceLine>) {
    let Some(line) = lines.first_mut() else { return };
    let amount = under.amount.abs();
    let explained = Some(under.text.clone()).filter(|text| !text.is_empty());
    // The column has the amount already; the row under it only says why.
    if let Some(known) = line.adjustments.iter_mut().find(|adjustment| adjustment.amount.abs() == amount && adjustment.text.is_none()) {
        known.text = explained;
        return;
    }
    if line.adds_up() == Some(true) {
        let mut own = AdviceLine {
            subject: LineSubject::Adjustment,
            reference: line.reference.clone(),
            store: line.store.clone(),
            net: Some(-amount),
            text: explained,
            place: Some(under.place),
            confidence: line.confidence,
            ..AdviceLine::default()
        };
        if under.amount.is_sign_positive() && under.role.is_none() {
            own.net = Some(under.amount);
        }
        lines.push(own);
        return;
    }
    let before = line.made();
    let adds = before.zip(line.net).is_some_and(|(before, net)| before < net);
    if under.role == Some(ColumnRole::Discount) && line.discount.is_none() {
        line.discount = Some(amount);
        return;
    }
    line.adjustments.push(Adjustment { amount: if adds { amount } else { -amount }, text: explained, place: Some(under.place), ..Adjustment::default() });
}
