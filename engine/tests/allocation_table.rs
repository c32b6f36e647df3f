//! `samples/cases/allocation.csv`: what an advice says, and where every cent of it goes.
//!
//! - `open_items`: `R-1 100.00 [by C2] [in USD]`, parted by `; ` as everything that is several
//! - `lines`: `R-1 [gross 100.00] [discount 2.00] [less 10.00] net 88.00`; without a number the line names no invoice
//! - `allocated`: `R-1 gross = paid + discount + deducted [of C2]`
//! - `held_back`: `discount`, `stated`, `silent`, `tolerated` or `alone`, the amount, the invoice or `note` with its number

use recoup_engine::allocation::{Settlement, Terms, allocate};
use recoup_engine::matching::{OpenItem, OpenItems};
use recoup_engine::money::{Currency, Money, format_minor};
use recoup_engine::reading::Confidence;
use recoup_engine::remittance::{Adjustment, AdviceLine};
use recoup_engine::verdict::Shape;
use rust_decimal::Decimal;

fn euro() -> Currency {
    "EUR".parse().expect("a currency")
}

fn minor(amount: &str) -> i64 {
    Money::from_decimal(amount.parse().unwrap_or_else(|_| panic!("`{amount}` is no amount")), euro()).expect("whole cents").minor
}

fn parts(cell: &str) -> impl Iterator<Item = &str> {
    cell.split("; ").map(str::trim).filter(|part| !part.is_empty())
}

fn item(text: &str) -> OpenItem {
    let words: Vec<&str> = text.split(' ').collect();
    let after = |word: &str| words.iter().position(|known| *known == word).and_then(|position| words.get(position + 1)).copied();
    OpenItem {
        invoice_number: words[0].to_owned(),
        customer_id: after("by").unwrap_or("C1").to_owned(),
        currency: after("in").map_or(euro(), |code| code.parse().expect("a currency")),
        issue_date: "2026-03-02".parse().expect("a date"),
        due_date: None,
        payment_terms: None,
        purchase_order: after("po").map(str::to_owned),
        delivery_note: after("note").map(str::to_owned),
        total: minor(words[1]),
        open: minor(words[1]),
    }
}

fn line(text: &str) -> AdviceLine {
    let words: Vec<&str> = text.split(' ').collect();
    let names = ["gross", "discount", "less", "net"];
    let mut line = AdviceLine { reference: (!names.contains(&words[0])).then(|| words[0].to_owned()), ..AdviceLine::default() };
    for pair in words[usize::from(line.reference.is_some())..].chunks(2) {
        let amount: Decimal = pair[1].parse().unwrap_or_else(|_| panic!("`{}` is no amount", pair[1]));
        match pair[0] {
            "gross" => line.gross = Some(amount),
            "discount" => line.discount = Some(amount),
            "net" => line.net = Some(amount),
            "less" => line.adjustments.push(Adjustment { amount: -amount, ..Adjustment::default() }),
            other => panic!("`{other}` is no amount of a line"),
        }
    }
    line
}

fn allocated(settlement: &Settlement, several_customers: bool) -> Vec<String> {
    let shown = |minor| format_minor(minor, euro());
    let row = |one: &recoup_engine::allocation::Allocation| {
        let of = if several_customers { format!(" of {}", one.customer_id) } else { String::new() };
        format!("{} {} = {} + {} + {}{of}", one.invoice_number, shown(one.gross), shown(one.paid), shown(one.discount), shown(one.deducted))
    };
    settlement.allocations.iter().map(row).collect()
}

fn held_back(settlement: &Settlement) -> Vec<String> {
    let row = |one: &recoup_engine::allocation::Deduction| {
        let kind = match one.shape {
            _ if one.within_tolerance => "tolerated",
            Shape::Discount => "discount",
            Shape::OnInvoice => "stated",
            Shape::Silent => "silent",
            Shape::StandAlone => "alone",
        };
        let about = one.invoice_number.clone().or_else(|| one.debit_note_number.as_ref().map(|number| format!("note {number}")));
        [kind.to_owned(), format_minor(one.amount, euro())].into_iter().chain(about).collect::<Vec<_>>().join(" ")
    };
    settlement.deductions.iter().map(row).collect()
}

#[test]
fn every_case_of_the_table_is_allocated_to_the_cent() {
    let mut reader = csv::Reader::from_reader(include_str!("../../samples/cases/allocation.csv").as_bytes());
    let (mut differing, mut count) = (Vec::new(), 0);
    for record in reader.records() {
        let record = record.expect("a row");
        let [case, items, received, lines, expected_allocations, expected_claims, on_account, doubts] = std::array::from_fn(|column| record[column].to_owned());
        let terms = Terms { currency: euro(), amount: minor(&received), tolerance: 5, confidence: Confidence::CERTAIN };
        let lines: Vec<AdviceLine> = parts(&lines).map(line).collect();
        let settlement = allocate(&lines, &mut OpenItems::new(parts(&items).map(item).collect()), terms);
        let codes: Vec<&str> = settlement.doubts.iter().map(|doubt| doubt.code.as_ref()).collect();
        for (what, expected, got) in [
            ("allocated", expected_allocations.clone(), allocated(&settlement, expected_allocations.contains(" of ")).join("; ")),
            ("held_back", expected_claims, held_back(&settlement).join("; ")),
            ("on_account", on_account, format_minor(settlement.on_account, euro())),
            ("doubts", doubts, codes.join(" ")),
        ] {
            if expected != got {
                differing.push(format!("{case}: {what} is `{got}`, expected `{expected}`"));
            }
        }
        count += 1;
    }
    assert!(differing.is_empty(), "{} of {count} cases:\n{}", differing.len(), differing.join("\n"));
    assert!(count >= 40, "only {count} cases");
}

#[test]
fn four_hundred_invoices_with_sixty_five_deductions_are_one_advice() {
    let items: Vec<OpenItem> = (0..400).map(|number| item(&format!("INV-{number:05} {}.00", 100 + number))).collect();
    let lines: Vec<AdviceLine> = (0..400_i64)
        .map(|number| {
            let gross = 100 + number;
            // Every sixth invoice is short, 65 of them: 6, 12, …, 390.
            let less = if number > 0 && number % 6 == 0 && number <= 390 { 5 } else { 0 };
            let taken = if less == 0 { String::new() } else { format!(" less {less}.00") };
            line(&format!("INV-{number:05} gross {gross}.00{taken} net {}.00", gross - less))
        })
        .collect();
    let billed: i64 = items.iter().map(|item| item.open).sum();
    let terms = Terms { currency: euro(), amount: billed - 65 * 500, tolerance: 5, confidence: Confidence::CERTAIN };
    let mut open = OpenItems::new(items);
    let settlement = allocate(&lines, &mut open, terms);
    assert_eq!((settlement.allocations.len(), settlement.deductions.len(), settlement.on_account), (400, 65, 0));
    assert!(settlement.deductions.iter().all(|one| one.amount == 500 && one.allocation.is_some()));
    assert!(open.items.iter().all(|item| item.open == 0));
}
