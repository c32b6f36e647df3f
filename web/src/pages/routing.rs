//! Which desk gets what: the routing rows of the rule book, asked for every category and verdict, with the gaps in words.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use recoup_engine::taxonomy::{Category, Expectation, Validity};
use recoup_rules::book::Book;
use recoup_rules::route::Judged;
use rust_decimal::Decimal;

use super::errors::{PageError, html};
use super::frame::Frame;
use super::language::key;
use super::{Desk, filters, show};

/// The amount that the matrix is asked for, in whole units: rows for large amounts stand above it.
const AMOUNT: i64 = 100;
/// The verdicts of the matrix, as its columns.
const VERDICTS: [(Expectation, Validity, &str); 5] = [
    (Expectation::Expected, Validity::Valid, key("Expected, valid")),
    (Expectation::Unexpected, Validity::Valid, key("Unexpected, valid")),
    (Expectation::Unexpected, Validity::Partial, key("Partly valid")),
    (Expectation::Unexpected, Validity::Invalid, key("Invalid")),
    (Expectation::Unexpected, Validity::Unknown, key("Undecided")),
];

/// Where a verdict goes.
struct Cell {
    /// The desk, or that a rule closes it.
    desk: String,
    closes: bool,
    priority: String,
    days: i64,
    rule: String,
}

struct Line {
    category: String,
    owner: String,
    cells: Vec<Cell>,
}

#[derive(Template)]
#[template(path = "routing.html")]
struct RoutingPage {
    frame: Frame,
    version: String,
    verdicts: Vec<&'static str>,
    lines: Vec<Line>,
    gaps: Vec<String>,
    unreachable: Vec<String>,
    amount: i64,
}

/// GET /routing
pub async fn show(State(desk): State<Desk>, frame: Frame) -> Result<Response, PageError> {
    let rules = desk.workplace.rules();
    let book = &rules.book;
    html(&RoutingPage {
        version: rules.version.clone(),
        verdicts: VERDICTS.iter().map(|(_, _, label)| *label).collect(),
        lines: Category::ALL.iter().map(|category| line(book, *category)).collect(),
        gaps: book.routing.gaps().iter().map(ToString::to_string).collect(),
        unreachable: book.routing.unreachable().iter().map(ToString::to_string).collect(),
        amount: AMOUNT,
        frame,
    })
}

fn line(book: &Book, category: Category) -> Line {
    let owner = book.owner(category);
    let cells = VERDICTS.map(|(expectation, validity, _)| {
        let judged = Judged { category, within_tolerance: false, amount: Decimal::from(AMOUNT), expectation, validity, customer_id: "", owner };
        let routed = book.routing.route(judged);
        Cell {
            desk: show::plain(routed.queue.word()),
            closes: routed.closes,
            priority: show::inside(&routed.priority),
            days: i64::from(routed.days),
            rule: routed.rule,
        }
    });
    Line { category: show::plain(category.word()), owner: show::inside(owner.word()), cells: cells.into_iter().collect() }
}
