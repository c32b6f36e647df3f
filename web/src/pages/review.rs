//! Reviewing how a document was read: the page beside its values, each with its state, to be confirmed or set right.

mod sentences;
pub mod versions;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use recoup_engine::reading::Place;
use recoup_extractors::language::ColumnRole;
use recoup_store::documents::DocumentRow;

use self::versions::OtherView;
use super::became::{Became, became};
use super::errors::PageError;
use super::evidence::{self, Frame as Boxed, PageView};
use super::frame::Frame;
use super::language::text;
use super::sheet::{self, Sheet};
use super::typed::{Typed, in_form};
use super::whose::{self, Offered};
use super::{Desk, filters, show};
use crate::desk::corrections::{AMOUNTS, LINE_PARTS};
use crate::desk::layouts::{Confirmation, Sums, confirm, confirmed_facts};
use crate::desk::likely_payer::likely_payer;
use crate::desk::process::finish_behind;
use crate::desk::review::{Line, Review, Stands, Value, Why, review};
use crate::pages::given::{Form, Query};

/// A value in its field.
struct FieldView {
    name: String,
    label: String,
    value: String,
    stands: Stands,
    why: String,
    /// What the reader says in its own words.
    is_english: bool,
    anchor: String,
}

/// A line of the advice as a row of fields.
struct LineView {
    number: usize,
    cells: Vec<CellView>,
    stands: Stands,
    why: String,
}

struct CellView {
    name: String,
    label: String,
    value: String,
    is_amount: bool,
    is_fixed: bool,
}

/// A sum that was checked.
struct CheckView {
    says: String,
    holds: bool,
}

/// A column of the paper with the meanings it may have.
struct ColumnView {
    key: String,
    meaning: String,
    /// The meaning as people read it within a sentence.
    means: String,
}

#[derive(Template)]
#[template(path = "review.html")]
struct ReviewPage {
    frame: Frame,
    /// Whom the payer may be.
    customers: Offered,
    document: DocumentRow,
    fields: Vec<FieldView>,
    lines: Vec<LineView>,
    parts: Vec<String>,
    checks: Vec<CheckView>,
    columns: Vec<ColumnView>,
    meanings: Vec<(&'static str, String)>,
    more_lines: usize,
    more_payments: usize,
    /// Whether a payment was read that can be confirmed.
    announces: bool,
    wanting: usize,
    pages: Vec<PageView>,
    sheet: Option<Sheet>,
    walk: Walk,
    /// What became of the document that was confirmed before this one.
    after: Option<Became>,
    /// Why it was not confirmed, and whether it is said in English in every language.
    problem: String,
    is_english: bool,
    is_stale: bool,
    offers_as_printed: bool,
    /// The paper that tells this payment otherwise.
    other: Option<OtherView>,
    /// Whose open items the lines are, where nobody is known by the name of the payer.
    likely: Option<String>,
}

/// The place of the document among those that wait.
struct Walk {
    position: Option<usize>,
    count: usize,
    next: Option<String>,
}

/// Why a form was not taken, with what was typed.
#[derive(Default)]
struct NotTaken {
    typed: Typed,
    problem: String,
    /// It is said in English in every language.
    is_english: bool,
    is_stale: bool,
}

/// GET /documents/{id}/review
pub async fn show(State(desk): State<Desk>, frame: Frame, Path(id): Path<String>, Query(query): Query<Vec<(String, String)>>) -> Result<Response, PageError> {
    let after = query.into_iter().find(|(name, _)| name == "after").map(|(_, value)| value);
    page(&desk, frame, &id, after.as_deref(), None).await
}

/// POST /documents/{id}/review: confirms what is shown, with what was set right.
pub async fn post(State(desk): State<Desk>, frame: Frame, Path(id): Path<String>, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response, PageError> {
    let store = &desk.workplace.store;
    let document = store.document(&id).await?.ok_or(PageError::NotFound)?;
    let typed = Typed::new(pairs);
    let Some(reading) = store.reading(&id).await? else {
        let problem = text("This document is being read; look again in a moment.").into();
        return page(&desk, frame, &id, None, Some(NotTaken { typed, problem, is_english: false, is_stale: false })).await;
    };
    if typed.version != document.attempts {
        return page(&desk, frame, &id, None, Some(stale(typed))).await;
    }
    let facts = confirmed_facts(&desk.workplace, &document).await?;
    let shown = review(&reading, &facts, document.problem.as_deref()).unwrap_or_default();
    let mut correction = match typed.correction(&shown, &reading) {
        Ok(correction) => correction,
        Err(problem) => return page(&desk, frame, &id, None, Some(NotTaken { typed, problem, is_english: false, is_stale: false })).await,
    };
    // A name that the paper has may be unknown to us; one that a person writes in its place is meant to be known.
    let was_read = |value: &String| shown.fields.iter().any(|field| field.name == "payer_name" && field.value == *value);
    if let Some(payer) = correction.fields.get_mut("payer_name").filter(|value| !was_read(value)) {
        match whose::payer(store, payer).await? {
            Ok(known) => *payer = known,
            Err(problem) => return page(&desk, frame, &id, None, Some(NotTaken { typed, problem, is_english: false, is_stale: false })).await,
        }
    }
    let next = walk(&desk, &id).await?.next;
    let sums = if typed.is_as_printed { Sums::AsPrinted } else { Sums::MustHold };
    match confirm(&desk.workplace, &document, &correction, sums, &frame.login).await? {
        Confirmation::Done(_) => {
            finish_behind(&desk.workplace).await;
            let onward = match next.filter(|_| typed.goes_on) {
                Some(next) => format!("/documents/{next}/review?after={id}"),
                None if typed.goes_on => format!("/documents?status=needs_review&after={id}"),
                None => format!("/documents/{id}/review?after={id}"),
            };
            Ok(Redirect::to(&onward).into_response())
        }
        Confirmation::Stale => page(&desk, frame, &id, None, Some(stale(typed))).await,
        Confirmation::Refused(why) => {
            let (problem, is_english) = sentences::not_confirmed(&why);
            page(&desk, frame, &id, None, Some(NotTaken { typed, problem, is_english, is_stale: false })).await
        }
    }
}

fn stale(typed: Typed) -> NotTaken {
    let problem = text("Somebody confirmed this document after you opened it, and it was read anew. What you typed stands below; compare it.");
    NotTaken { typed, problem: problem.into(), is_english: false, is_stale: true }
}

async fn page(desk: &Desk, mut frame: Frame, id: &str, after: Option<&str>, not_taken: Option<NotTaken>) -> Result<Response, PageError> {
    let store = &desk.workplace.store;
    let document = store.document(id).await?.ok_or(PageError::NotFound)?;
    let reading = store.reading(id).await?;
    let facts = confirmed_facts(&desk.workplace, &document).await?;
    let shown = reading.as_ref().and_then(|reading| review(reading, &facts, document.problem.as_deref()));
    let announces = shown.is_some();
    let mut shown = shown.unwrap_or_default();
    let pages = if evidence::has_pages(&document) { pages(&document, &shown) } else { Vec::new() };
    let sheet = if pages.is_empty() { sheet::of(desk, &document, "").await? } else { None };
    let is_unknown = shown.fields.iter().any(|field| field.why == Why::PayerUnknown);
    let likely = match reading.as_ref().filter(|_| is_unknown) {
        Some(reading) => likely_payer(&desk.workplace, reading).await?.map(|customer| customer.name),
        None => None,
    };
    let NotTaken { typed, problem, is_english, is_stale } = not_taken.unwrap_or_default();
    // The sums follow what was typed, so that they can be checked before anything is confirmed.
    if let Some(reading) = reading.as_ref().filter(|_| !typed.is_empty()) {
        typed.recheck(&mut shown, reading);
    }
    let after = match after {
        Some(earlier) => became(desk, earlier).await?,
        None => None,
    };
    frame.here = format!("/documents/{id}/review");
    let status = match (problem.is_empty(), is_stale) {
        (true, _) => StatusCode::OK,
        (false, true) => StatusCode::CONFLICT,
        (false, false) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let page = ReviewPage {
        wanting: shown
            .fields
            .iter()
            .map(|field| field.stands)
            .chain(shown.lines.iter().map(|line| line.stands))
            .filter(|stands| stands.needs_attention())
            .count(),
        fields: shown.fields.iter().map(|field| field_view(field, &typed)).collect(),
        lines: shown.lines.iter().map(|line| line_view(line, &typed)).collect(),
        parts: LINE_PARTS.iter().map(|part| show::plain(part)).collect(),
        offers_as_printed: shown.checks.iter().any(|sum| !sum.holds()),
        checks: shown.checks.iter().map(|sum| CheckView { says: sentences::sum(sum), holds: sum.holds() }).collect(),
        columns: shown
            .columns
            .into_iter()
            .map(|column| {
                let meaning = typed.meaning_of(&column.key).unwrap_or(column.meaning);
                ColumnView { means: show::inside(&meaning), meaning, key: column.key }
            })
            .collect(),
        meanings: ColumnRole::WORDS.iter().map(|word| (*word, show::plain(word))).collect(),
        more_lines: shown.more_lines,
        more_payments: shown.more_payments,
        announces,
        customers: whose::offered(store).await?,
        pages,
        sheet,
        walk: walk(desk, id).await?,
        after,
        likely,
        other: versions::other(desk, &document).await?,
        problem,
        is_english,
        is_stale,
        frame,
        document,
    };
    Ok((status, Html(page.render()?)).into_response())
}

fn field_view(field: &Value, typed: &Typed) -> FieldView {
    FieldView {
        label: show::plain(&field.name),
        value: typed.value_of(&field.name).unwrap_or_else(|| in_form(&field.name, &field.value)),
        stands: field.stands,
        why: sentences::why(&field.why),
        is_english: matches!(field.why, Why::Doubt(_)),
        anchor: format!("field-{}", field.name),
        name: field.name.clone(),
    }
}

fn line_view(line: &Line, typed: &Typed) -> LineView {
    let cell = |(part, value): (&&str, &String)| {
        let name = format!("line_{}.{part}", line.number);
        CellView {
            label: text("{0} of line {1}").with(show::plain(part)).with(line.number).into(),
            value: typed.value_of(&name).unwrap_or_else(|| in_form(&name, value)),
            is_amount: AMOUNTS.contains(part),
            is_fixed: *part == "deduction" && line.has_several_deductions,
            name,
        }
    };
    LineView { number: line.number, cells: LINE_PARTS.iter().zip(&line.parts).map(cell).collect(), stands: line.stands, why: sentences::why(&line.why) }
}

/// The pages with a box around each value that was read.
fn pages(document: &DocumentRow, shown: &Review) -> Vec<PageView> {
    let fields = shown.fields.iter().map(|field| (field.place, show::plain(&field.name), format!("field-{}", field.name)));
    let lines = shown.lines.iter().map(|line| (line.place, text("Line {0}").with(line.number).to_string(), format!("line-{}", line.number)));
    let boxes: Vec<(Option<Place>, String, String)> = fields.chain(lines).collect();
    let page = |number: u32| {
        let here = boxes.iter().filter_map(|(place, label, anchor)| {
            let area = place.filter(|place| place.page == number)?.area?;
            Some(Boxed::new(area, label.clone(), anchor.clone(), false))
        });
        PageView { number, source: evidence::picture(&document.document_id, number), frames: here.collect() }
    };
    (1..=u32::try_from(document.pages).unwrap_or(1)).map(page).collect()
}

async fn walk(desk: &Desk, id: &str) -> Result<Walk, PageError> {
    let waiting = desk.workplace.store.waiting_documents().await?;
    let position = waiting.iter().position(|document| document.document_id == id);
    let behind = waiting.iter().skip(position.map_or(0, |position| position + 1));
    let next = behind.chain(&waiting).find(|document| document.document_id != id);
    Ok(Walk { position: position.map(|position| position + 1), count: waiting.len(), next: next.map(|document| document.document_id.clone()) })
}
