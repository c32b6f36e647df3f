//! Among the possible meanings of the columns: the one under which most sums hold.

use recoup_engine::reading::{Confidence, Doubt, Layout, Place, TableLayout};
use recoup_engine::remittance::{Adjustment, AdviceLine, LineSubject};
use rust_decimal::Decimal;

use super::super::columns::SIDES;
use super::super::layouts;
use super::lines::{self, Meaning, implausible};
use super::records::{Record, Table};
use super::repair;
use crate::language::{ColumnRole, column_role, fold};
use crate::layout::table::is_amount;

/// Sums approve amounts where the engine's own confidence can't: of recognised lines in a payment whose total holds, so many were right.
const PROVEN: Confidence = Confidence::from_thousandths(980);
/// The line's own parts add up too.
const PROVEN_TWICE: Confidence = Confidence::from_thousandths(990);

/// The points of a reading whose lines make the payment; they outweigh everything else.
const CLOSES: i64 = 1000;
/// The points of a reading whose lines make another stated sum.
const REACHES: i64 = 300;

/// Lines that no payer means weigh against sums that hold by chance.
const IMPLAUSIBLE: i64 = 900;

/// The lines as they are best understood.
#[derive(Clone, Debug, Default)]
pub(super) struct Chosen {
    pub lines: Vec<AdviceLine>,
    pub total: Option<(Decimal, Place)>,
    pub doubts: Vec<Doubt>,
    pub layout: Option<Layout>,
}

/// What the paper states of its sums.
#[derive(Clone, Copy)]
struct Stated<'paper> {
    totals: &'paper [(Decimal, Place)],
    /// The one that is called the payment.
    payment: Option<(Decimal, Place)>,
}

/// How well the sums hold under one reading.
struct Reading {
    lines: Vec<AdviceLine>,
    total: Option<(Decimal, Place)>,
    score: i64,
    supposed: Supposed,
}

/// What a reading supposes of the tables.
#[derive(Clone)]
struct Supposed {
    /// Of each table.
    meanings: Vec<Meaning>,
    /// What stands behind the total is no line.
    before_total: bool,
    /// How far it departs from what is printed.
    cost: i64,
}

/// Chooses the meanings of all tables.
///
/// `learnt` are the layouts that people confirmed for this sender: their meanings come before those of the headings, and are checked by the same sums.
/// `payment` is the total that is called the payment: other sums don't prove a reading that misses it.
pub(super) fn choose(tables: &[Table], totals: &[(Decimal, Place)], payment: Option<(Decimal, Place)>, recognised: bool, learnt: &[&TableLayout]) -> Chosen {
    let taught: Vec<Option<Meaning>> = tables.iter().map(|table| confirmed(table, learnt)).collect();
    let is_changed = !learnt.is_empty() && taught.iter().all(Option::is_none);
    let meant = tables.iter().zip(taught).map(|(table, taught)| taught.unwrap_or_else(|| proven_by_rows(table))).collect();
    let (tables, printed, found) = without_sums(tables, meant, totals);
    let totals: Vec<(Decimal, Place)> = totals.iter().copied().chain(found).collect();
    let (tables, totals) = (&tables[..], &totals[..]);
    let stated = Stated { totals, payment };
    let printed = Supposed { meanings: printed, before_total: false, cost: 0 };
    let mut best = weigh(tables, printed.clone(), stated);
    if !holds(&best) {
        for supposed in alternatives(tables, &printed) {
            let reading = weigh(tables, supposed, stated);
            // A reading against the headings needs a total as its witness.
            if reading.score >= REACHES && reading.score > best.score {
                best = reading;
            }
        }
    }
    if holds(&best) {
        explain_rows(tables, stated, &mut best);
    } else {
        turn_credits(&mut best);
    }
    let mut doubts = Vec::new();
    if recognised && !holds(&best) {
        for candidate in totals.iter().copied().map(Some).chain([None]) {
            if let Some(total) = candidate.or(best.total)
                && repair::prove(&mut best.lines, total.0)
            {
                best.total = Some(total);
                break;
            }
        }
    }
    if recognised && holds(&best) {
        for line in best.lines.iter_mut().filter(|line| says_why(line)) {
            let proven = if line.adds_up() == Some(true) { PROVEN_TWICE } else { PROVEN };
            line.confidence = line.confidence.map(|confidence| confidence.max(proven));
        }
    }
    best.lines.sort_by_key(|line| line.place.map(|place| (place.page, place.area.map(|area| area.top))));
    say_what_does_not_hold(&best, recognised, &mut doubts);
    if is_changed {
        doubts.push(Doubt::note("layout_changed", layouts::CHANGED));
    }
    Chosen { lines: best.lines, total: best.total, doubts, layout: layout(tables, &best.supposed.meanings) }
}

/// What the columns of a table mean, when a confirmed one has the same headings.
fn confirmed(table: &Table, learnt: &[&TableLayout]) -> Option<Meaning> {
    layouts::roles(table.headings.iter().map(String::as_str), learnt).map(|roles| Meaning { roles, ..Meaning::printed(table) })
}

/// The meanings of the headings; where they leave amounts open, those under which the rows add up.
fn proven_by_rows(table: &Table) -> Meaning {
    let printed = Meaning::printed(table);
    let sample = Table { records: table.records.iter().take(SAMPLE).cloned().collect(), ..table.bare() };
    let named = |role: &ColumnRole| matches!(role, ColumnRole::Gross | ColumnRole::Discount | ColumnRole::Deduction | ColumnRole::Net);
    let amounts: Vec<usize> = (0..table.roles.len()).filter(|index| is_amount(table.roles[*index]) && table.roles[*index] != ColumnRole::Tax).collect();
    // How many rows add up with something taken off; all others must not contradict.
    let telling = |roles: &[ColumnRole]| {
        let lines = lines::of(&sample, &Meaning { roles: roles.to_vec(), ..printed.clone() });
        let taken = |line: &&AdviceLine| !line.adjusted().is_zero() || line.discount.is_some();
        let plausible = lines.iter().filter(|line| line.reference.is_some()).all(|line| line.adds_up() != Some(false) && !implausible(line));
        let paid = |line: &&AdviceLine| line.net.is_some_and(|net| net.abs() >= line.adjusted().abs() + line.discount.unwrap_or_default());
        if plausible { lines.iter().filter(|line| line.adds_up() == Some(true)).filter(taken).filter(paid).count() } else { 0 }
    };
    if !(2..=5).contains(&amounts.len()) || table.roles.iter().all(|role| !is_amount(*role) || named(role)) || telling(&printed.roles) > 0 {
        return printed;
    }
    // What headings name stays as it is named.
    // What was open before may be the gross amount; what stays open is never taken off.
    let may_be_gross = |index: usize, role: ColumnRole| names_a_balance(table, index) && role == ColumnRole::Gross;
    let is_fixed = |index: usize| named(&table.roles[index]) || names_a_balance(table, index);
    // "Bedrag, Korting, Saldo": what is left of a row is paid, where no other column says what is.
    let may_be_net = |index: usize, role: ColumnRole| names_a_balance(table, index) && role == ColumnRole::Net && !table.roles.contains(&ColumnRole::Net);
    let may_be = |index: usize, role: ColumnRole| !is_fixed(index) || role == table.roles[index] || may_be_gross(index, role) || may_be_net(index, role);
    let kept = |roles: &Vec<ColumnRole>| amounts.iter().all(|index| may_be(*index, roles[*index]));
    let best = arrangements(&table.roles, &amounts).into_iter().filter(kept).map(|roles| (telling(&roles), roles)).max_by_key(|(telling, _)| *telling);
    match best {
        Some((1.., roles)) => Meaning { roles, ..printed },
        _ => printed,
    }
}

/// The layout of tables under the meanings that were chosen.
fn layout(tables: &[Table], meanings: &[Meaning]) -> Option<Layout> {
    let named = tables.iter().zip(meanings).filter(|(table, _)| !table.headings.is_empty());
    let tables: Vec<TableLayout> = named.map(|(table, meaning)| layouts::table(table.headings.iter().map(String::as_str), &meaning.roles)).collect();
    (!tables.is_empty()).then_some(Layout { tables })
}

/// Nothing is taken off, or a reason is given: sums approve amounts, but a reason that recognition lost they don't bring back.
fn says_why(line: &AdviceLine) -> bool {
    let reduced = !line.adjusted().is_zero() || line.paid().is_sign_negative() || line.gross.is_none();
    !reduced || line.text.is_some() || line.code.is_some() || line.adjustments.iter().any(|adjustment| adjustment.text.is_some() || adjustment.code.is_some())
}

/// Takes out records without a number that only repeat the sum of those before them, whatever they are called; a table of nothing else goes with its
/// meaning.
fn without_sums(tables: &[Table], meanings: Vec<Meaning>, totals: &[(Decimal, Place)]) -> (Vec<Table>, Vec<Meaning>, Vec<(Decimal, Place)>) {
    let (mut kept, mut kept_meanings) = (Vec::new(), Vec::new());
    let mut sums = Vec::new();
    let mut over_all = Decimal::ZERO;
    let listed: Vec<Decimal> = tables.iter().zip(&meanings).map(|(table, meaning)| sum(&lines::of(table, meaning)).abs()).collect();
    for (index, (table, meaning)) in tables.iter().zip(meanings).enumerate() {
        let mut records = Vec::new();
        let (mut section, mut counted) = (Decimal::ZERO, 0);
        // Since the last record with a number: an invoice with what is taken off it, which may be summed up by itself.
        let (mut item, mut parts) = (Decimal::ZERO, 0);
        let before = over_all;
        // What is paid, and what is listed as taken off it.
        let (mut plain, mut apart) = (Decimal::ZERO, Decimal::ZERO);
        let mut among_deductions = false;
        for record in &table.records {
            if record.among_deductions != among_deductions {
                among_deductions = record.among_deductions;
                (section, counted) = (Decimal::ZERO, 0);
            }
            let read = lines::of_record(table, record, &meaning);
            let amount: Decimal = read.iter().map(AdviceLine::paid).sum();
            let nameless =
                read.len() == 1 && read[0].reference.is_none() && read[0].date.is_none() && read[0].debit_note.is_none() && read[0].invoice_named.is_none();
            let repeats = counted >= 2 && [section, over_all].contains(&amount) || parts >= 2 && item == amount;
            // What is listed as taken off without a sign is summed up with one.
            let turned = among_deductions && counted >= 1 && amount == -section;
            // The sum of the tables before opens the next one.
            let carried = counted == 0 && !before.is_zero() && amount == before;
            // A number alone under all the others that the head states as the total, though a line above was misread.
            let states_total = counted >= 2 && nameless && read[0].text.is_none() && totals.iter().any(|(total, _)| *total == amount);
            let after_deductions = counted >= 1 && !before.is_zero() && amount == before + before - over_all;
            let less_apart = !apart.is_zero() && amount == plain - apart;
            // "abzüglich Belastungen lt. Anlage": the sum of a table that follows.
            let in_annex = amount.is_sign_negative() && listed[index + 1..].contains(&-amount);
            if nameless && in_annex {
                continue;
            }
            if nameless && (repeats || turned || carried || after_deductions || states_total || less_apart) {
                sums.extend(record.place.map(|place| (amount, place)));
                (section, counted) = (Decimal::ZERO, if amount == over_all { 2 } else { 0 });
                continue;
            }
            (item, parts) = if nameless { (item + amount, parts + 1) } else { (amount, 1) };
            section += amount;
            over_all += amount;
            *if among_deductions { &mut apart } else { &mut plain } += amount;
            counted += 1;
            records.push(record.clone());
        }
        if !records.is_empty() {
            kept.push(Table { records, ..table.bare() });
            kept_meanings.push(meaning);
        }
    }
    (kept, kept_meanings, sums)
}

/// "Restbetrag", "solde": what stays open, by its heading and not for want of one.
fn names_a_balance(table: &Table, column: usize) -> bool {
    table.headings.get(column).and_then(|heading| column_role(heading)).is_some_and(|(role, _)| role == ColumnRole::Balance)
}

/// Rows that are looked at to prove what columns mean.
const SAMPLE: usize = 60;

/// Most columns without a known meaning that are tried as deductions.
const MOST_UNNAMED: usize = 5;

/// The payment is reached, but some rows don't add up: columns that nobody named are deductions when with them more rows do.
fn explain_rows(tables: &[Table], stated: Stated<'_>, best: &mut Reading) {
    let even = |lines: &[AdviceLine]| lines.iter().filter(|line| line.adds_up() == Some(true)).count();
    for table in 0..tables.len() {
        let roles = &best.supposed.meanings[table].roles;
        let is_unnamed = |column: &usize| roles[*column] == ColumnRole::Balance && !names_a_balance(&tables[table], *column);
        let unnamed: Vec<usize> = (0..roles.len()).filter(is_unnamed).take(MOST_UNNAMED).collect();
        for set in 1..1_usize << unnamed.len() {
            if best.lines.iter().all(|line| line.adds_up() != Some(false)) {
                return;
            }
            let mut trial = best.supposed.clone();
            for (_, column) in unnamed.iter().enumerate().filter(|(bit, _)| set >> bit & 1 == 1) {
                trial.meanings[table].roles[*column] = ColumnRole::Deduction;
            }
            let reading = weigh(tables, trial, stated);
            let loses = best.lines.iter().zip(&reading.lines).any(|(before, now)| before.adds_up() == Some(true) && now.adds_up() == Some(false));
            if holds(&reading)
                && !loses
                && reading.total.map(|(total, _)| total) == best.total.map(|(total, _)| total)
                && even(&reading.lines) > even(&best.lines)
            {
                *best = reading;
            }
        }
    }
}

/// Credits printed without a sign: the kinds of lines, or the one line, that have to be turned for the total to hold.
fn turn_credits(reading: &mut Reading) {
    let Some((total, _)) = reading.total else { return };
    if !total.is_zero() && sum(&reading.lines) == -total {
        // "512.40 CR", "13.93 DR": the signs are those of the payer's books.
        reading.lines.iter_mut().for_each(turn);
        return;
    }
    let excess = sum(&reading.lines) - total;
    let kinds: Vec<Option<String>> = reading.lines.iter().map(|line| line.text.as_ref().and_then(|text| text.split(' ').next()).map(str::to_owned)).collect();
    let mut names: Vec<&str> = kinds.iter().flatten().map(String::as_str).collect();
    names.sort_unstable();
    names.dedup();
    names.truncate(6);
    let among =
        |set: usize, kind: &Option<String>| kind.as_ref().is_some_and(|kind| names.iter().position(|name| name == kind).is_some_and(|at| set >> at & 1 == 1));
    let worth_of = |set: usize| -> Decimal { reading.lines.iter().zip(&kinds).filter(|(_, kind)| among(set, kind)).map(|(line, _)| line.paid()).sum() };
    let mut sets = (1..1usize << names.len()).filter(|set| worth_of(*set) * Decimal::TWO == excess);
    let set = sets.next().filter(|_| sets.next().is_none());
    let singles: Vec<usize> = (0..reading.lines.len()).filter(|index| reading.lines[*index].paid() * Decimal::TWO == excess && !excess.is_zero()).collect();
    let turned: Vec<usize> = match (set, &singles[..]) {
        (Some(set), _) if !excess.is_zero() => (0..kinds.len()).filter(|index| among(set, &kinds[*index])).collect(),
        (_, [only]) if reading.lines[*only].gross.is_none() || reading.lines[*only].gross == reading.lines[*only].net => vec![*only],
        _ => return,
    };
    for index in turned {
        let line = &mut reading.lines[index];
        turn(line);
        line.subject = LineSubject::Adjustment;
    }
}

/// Gives the amounts of a line the other sign, and the line the subject that goes with it.
fn turn(line: &mut AdviceLine) {
    (line.gross, line.net) = (line.gross.map(|gross| -gross), line.net.map(|net| -net));
    line.adjustments.iter_mut().for_each(|taken| taken.amount = -taken.amount);
    let takes = line.paid().is_sign_negative();
    line.subject = if takes || line.reference.is_none() { LineSubject::Adjustment } else { LineSubject::Invoice };
}

fn holds(reading: &Reading) -> bool {
    reading.total.is_some_and(|(total, _)| sum(&reading.lines) == total) && !reading.lines.is_empty()
}

fn sum(lines: &[AdviceLine]) -> Decimal {
    lines.iter().map(AdviceLine::paid).sum()
}

/// Other meanings worth a try, likelier ones first: one change at a time.
fn alternatives(tables: &[Table], printed: &Supposed) -> Vec<Supposed> {
    let mut found = Vec::new();
    if tables.iter().any(|table| table.records.iter().any(|record| record.after_total)) {
        found.push(Supposed { before_total: true, cost: 1, ..printed.clone() });
    }
    let mut push = |index: usize, meaning: Meaning, cost: i64| {
        let mut supposed = Supposed { cost, ..printed.clone() };
        supposed.meanings[index] = meaning;
        found.push(supposed);
    };
    for (index, (table, meaning)) in tables.iter().zip(&printed.meanings).enumerate() {
        if table.records.iter().any(Record::is_set_apart) && !table.records.iter().all(Record::is_set_apart) {
            push(index, Meaning { reversed_apart: true, ..meaning.clone() }, 1);
        }
        if lines::of(table, meaning).len() != lines::of(table, &Meaning { parts_apart: true, ..meaning.clone() }).len() {
            push(index, Meaning { parts_apart: true, ..meaning.clone() }, 1);
        }
        for reduces in sides(table) {
            push(index, Meaning { reduces: Some(reduces), ..meaning.clone() }, 1);
        }
        if tables.len() > 1 {
            push(index, Meaning { reversed: true, ..meaning.clone() }, 2);
            if index > 0 {
                push(index, Meaning { explains: true, ..meaning.clone() }, 3);
            }
        }
        let amounts: Vec<usize> = (0..table.roles.len()).filter(|index| is_amount(table.roles[*index])).collect();
        if (1..=5).contains(&amounts.len()) {
            for roles in arrangements(&table.roles, &amounts) {
                push(index, Meaning { roles, ..meaning.clone() }, 10);
            }
        }
    }
    found
}

/// The two words of a column that tells debit from credit, either of which may reduce the payment.
fn sides(table: &Table) -> Vec<String> {
    let mut words: Vec<String> = table.records.iter().filter_map(|record| record.words.get(&ColumnRole::DocumentType)).map(|word| fold(word)).collect();
    words.sort_unstable();
    words.dedup();
    if SIDES.iter().any(|pair| words.len() == 2 && pair.iter().all(|side| words.iter().any(|word| word == side))) { words } else { Vec::new() }
}

/// Every way to give the amount columns the four meanings that enter the sums.
fn arrangements(roles: &[ColumnRole], amounts: &[usize]) -> Vec<Vec<ColumnRole>> {
    use ColumnRole::{Balance, Deduction, Discount, Gross, Net};
    let mut arrangements = vec![roles.to_vec()];
    for index in amounts {
        arrangements = arrangements
            .into_iter()
            .flat_map(|arrangement| {
                [Gross, Discount, Deduction, Net, Balance].map(|role| {
                    let mut changed = arrangement.clone();
                    changed[*index] = role;
                    changed
                })
            })
            .collect();
    }
    let once = |arrangement: &Vec<ColumnRole>, role: ColumnRole| amounts.iter().filter(|index| arrangement[**index] == role).count();
    // What is paid may stand in no column: it is what was billed less what is headed as the discount.
    let says_paid = |arrangement: &Vec<ColumnRole>| match once(arrangement, Net) {
        0 => once(arrangement, Gross) == 1 && !roles.contains(&Net) && amounts.iter().any(|index| arrangement[*index] == Discount && roles[*index] == Discount),
        columns => columns == 1,
    };
    arrangements.retain(|arrangement| says_paid(arrangement) && [Gross, Discount].into_iter().all(|role| once(arrangement, role) <= 1));
    arrangements
}

fn weigh(tables: &[Table], supposed: Supposed, stated: Stated<'_>) -> Reading {
    let mut read: Vec<AdviceLine> = Vec::new();
    let mut cost = supposed.cost;
    for (table, meaning) in tables.iter().zip(&supposed.meanings).filter(|(_, meaning)| !meaning.explains) {
        if supposed.before_total {
            let kept = Table { records: table.records.iter().filter(|record| !record.after_total).cloned().collect(), ..table.bare() };
            read.extend(lines::of(&kept, meaning));
        } else {
            read.extend(lines::of(table, meaning));
        }
    }
    for (table, meaning) in tables.iter().zip(&supposed.meanings).filter(|(_, meaning)| meaning.explains) {
        // A table that explains nothing is no explanation.
        if !explain(&mut read, lines::of(table, meaning)) {
            cost += CLOSES;
        }
    }
    let paid = sum(&read);
    let reached = stated.totals.iter().find(|(total, _)| *total == paid).copied();
    let total = stated.payment.or(reached).or_else(|| stated.totals.first().copied());
    let checked: Vec<bool> = read.iter().filter_map(AdviceLine::adds_up).collect();
    let even = checked.iter().filter(|balanced| **balanced).count() as i64;
    let share = if checked.is_empty() { 50 } else { even * 100 / checked.len() as i64 };
    let closes = total.is_some_and(|(total, _)| total == paid) && !read.is_empty();
    let as_labelled = closes && total.map(|(total, _)| total) == stated.totals.first().map(|(total, _)| *total);
    // A sum on the way to the payment is worth something where the payment itself isn't reached.
    let proof = if closes { CLOSES } else { i64::from(reached.is_some() && !read.is_empty()) * REACHES };
    let odd = if read.iter().any(implausible) { IMPLAUSIBLE } else { 0 };
    // Taking the net for the deduction adds up too; less is held back than is paid.
    let turned = read.iter().filter(|line| line.net.is_some_and(|net| line.adjusted().abs() > net.abs())).count() as i64;
    Reading { score: proof + if as_labelled { 50 } else { 0 } + share - cost * 2 - odd - turned.min(5) * 10, lines: read, total, supposed }
}

/// Gives the deductions of the lines the reasons that a second table lists for them; says whether it fitted most of them.
fn explain(read: &mut [AdviceLine], reasons: Vec<AdviceLine>) -> bool {
    let count = reasons.len();
    let mut fitted = 0;
    for reason in reasons {
        let amount = reason.paid().abs();
        let named = reason.invoice_named.clone().or_else(|| reason.reference.clone());
        let matching = |line: &AdviceLine| line.adjustments.iter().any(|adjustment| adjustment.amount.abs() == amount && adjustment.text.is_none());
        let position = read.iter().position(|line| named.is_some() && line.reference == named && matching(line)).or_else(|| {
            let mut places = read.iter().enumerate().filter(|(_, line)| matching(line)).map(|(index, _)| index);
            places.next().filter(|_| places.next().is_none())
        });
        let Some(line) = position.map(|position| &mut read[position]) else { continue };
        let known: &mut Adjustment = match line.adjustments.iter_mut().find(|adjustment| adjustment.amount.abs() == amount) {
            Some(known) => known,
            None => continue,
        };
        known.code = known.code.take().or(reason.code);
        known.text = known.text.take().or(reason.text);
        known.reference = known.reference.take().or(reason.reference);
        fitted += 1;
    }
    fitted * 2 >= count
}

fn say_what_does_not_hold(reading: &Reading, recognised: bool, doubts: &mut Vec<Doubt>) {
    let paid = sum(&reading.lines);
    match reading.total {
        Some((total, place)) if total != paid && !reading.lines.is_empty() => {
            let says = format!("The lines add up to {paid}, the stated total is {total}: they differ by {}.", total - paid);
            doubts.push(Doubt::note("unbalanced", says).at(place));
        }
        None if !reading.lines.is_empty() => doubts.push(Doubt::note("no_total", format!("No total is stated; the lines add up to {paid}."))),
        _ => {}
    }
    for line in reading.lines.iter().filter(|line| recognised && line.adds_up() == Some(false) && line.adjusted().is_zero()) {
        let number = line.reference.clone().unwrap_or_else(|| "without a number".to_owned());
        let sure = line.confidence.is_some_and(|confidence| confidence.thousandths() >= 850);
        if !sure && let Some(place) = line.place {
            doubts.push(
                Doubt::note("ambiguous_amount", format!("The amounts of line {number} don't add up and were hard to read: compare them with the picture."))
                    .at(place),
            );
        }
    }
}
