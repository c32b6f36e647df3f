//! One document: what was read where, what is doubtful, what became of it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use recoup_engine::reading::{Doubt, Field};
use recoup_store::documents::DocumentRow;

use super::errors::{PageError, html};
use super::evidence::{self, Frame as Boxed, PageView};
use super::frame::Frame;
use super::sheet::{self, Sheet};
use super::{Desk, filters, show, words};
use crate::pages::given::Query;
use crate::search::{tokens, tokens_of};

/// The anchor of words that a search looked for.
const FOUND: &str = "found";
/// A value less certain than this wants a look.
const DOUBTFUL_THOUSANDTHS: u16 = 800;

/// A value that was read.
struct FieldView {
    anchor: String,
    name: String,
    value: String,
    confidence: String,
    is_doubtful: bool,
    page: Option<u32>,
    href: Option<String>,
}

/// A doubt in words.
struct DoubtView {
    says: String,
    blocking: bool,
}

/// A payment read from it, with its allocations.
struct PaymentView {
    id: String,
    payer: String,
    date: String,
    amount: String,
    status: String,
    on_account: String,
    lines: Vec<LineView>,
}

struct LineView {
    invoice: String,
    gross: String,
    discount: String,
    deducted: String,
    paid: String,
    method: String,
}

/// A deduction posted from it.
struct DeductionView {
    href: String,
    category: String,
    says: String,
    amount: String,
    validity: String,
    status: String,
}

#[derive(Template)]
#[template(path = "document.html")]
struct DocumentPage {
    frame: Frame,
    document: DocumentRow,
    kind: String,
    total: String,
    linked: Vec<String>,
    fields: Vec<FieldView>,
    doubts: Vec<DoubtView>,
    pages: Vec<PageView>,
    /// Its lines, when it has no pages.
    sheet: Option<Sheet>,
    /// Pages that hold what was looked for.
    found_on: Vec<u32>,
    payments: Vec<PaymentView>,
    deductions: Vec<DeductionView>,
    size: String,
}

/// GET /documents/{id}; `field=3` marks a field on its page, `q` the words that a search looked for.
pub async fn show(State(desk): State<Desk>, frame: Frame, Path(id): Path<String>, Query(query): Query<Vec<(String, String)>>) -> Result<Response, PageError> {
    let store = &desk.workplace.store;
    let document = store.document(&id).await?.ok_or(PageError::NotFound)?;
    let marked = query.iter().find(|(name, _)| name == "field").and_then(|(_, value)| value.parse::<usize>().ok());
    let read: Vec<Field> = serde_json::from_str(&document.fields)?;
    let doubts: Vec<Doubt> = serde_json::from_str(&document.doubts)?;
    let has_pages = evidence::has_pages(&document);
    let mut pages: Vec<PageView> = Vec::new();
    if has_pages {
        for number in 1..=u32::try_from(document.pages).unwrap_or(1) {
            let here = read.iter().enumerate().filter_map(|(index, field)| {
                let area = field.place.filter(|place| place.page == number)?.area?;
                Some(Boxed::new(area, format!("{}: {}", show::plain(&field.name), field.value), format!("field-{index}"), marked == Some(index)))
            });
            pages.push(PageView { number, source: evidence::picture(&id, number), frames: here.collect() });
        }
    }
    let looked_for = query.iter().find(|(name, _)| name == "q").map(|(_, value)| tokens(value)).unwrap_or_default();
    if has_pages && !looked_for.is_empty() {
        mark_words(&desk, &document, &looked_for, &mut pages).await;
    }
    let mut sheet = if has_pages { None } else { sheet::of(&desk, &document, "").await? };
    if let Some(sheet) = sheet.as_mut() {
        sheet.mark(|text| holds(text, &looked_for));
        let field = marked.and_then(|index| read.get(index)).map(|field| field.value.trim());
        sheet.mark(|text| field.is_some_and(|value| !value.is_empty() && text == value));
    }
    let has_cells = sheet.as_ref().is_some_and(|sheet| sheet.columns > 1);
    let found_on = pages.iter().filter(|page| page.frames.iter().any(|frame| frame.anchor == FOUND)).map(|page| page.number).collect();
    let fields = read.into_iter().enumerate().map(|(index, field)| FieldView {
        href: match field.place.filter(|place| has_pages && place.area.is_some()) {
            Some(place) => Some(format!("/documents/{id}?field={index}#page-{}", place.page)),
            None => has_cells.then(|| format!("/documents/{id}?field={index}#marked")),
        },
        anchor: format!("field-{index}"),
        name: show::plain(&field.name),
        value: field.value,
        is_doubtful: field.confidence.thousandths() < DOUBTFUL_THOUSANDTHS,
        confidence: show::share(i64::from(field.confidence.thousandths())),
        page: field.place.filter(|_| has_pages).map(|place| place.page),
    });
    let allocations = store.allocations_of_document(&id).await?;
    let payments = store.payments_of_document(&id).await?.into_iter().map(|payment| PaymentView {
        lines: allocations
            .iter()
            .filter(|line| line.payment_id == payment.payment_id)
            .map(|line| LineView {
                invoice: line.invoice_number.clone(),
                gross: show::amount(line.gross, &line.currency),
                discount: show::amount(line.discount, &line.currency),
                deducted: show::amount(line.deducted, &line.currency),
                paid: show::amount(line.paid, &line.currency),
                method: show::plain(&line.method),
            })
            .collect(),
        payer: payment.payer_name.clone().unwrap_or_default(),
        date: payment.payment_date.clone().unwrap_or_default(),
        amount: show::money(payment.amount, &payment.currency),
        on_account: if payment.on_account == 0 { String::new() } else { show::money(payment.on_account, &payment.currency) },
        status: payment.state().to_owned(),
        id: payment.payment_id,
    });
    let payments = payments.collect();
    let deductions = store.deductions_of_document(&id).await?.into_iter().map(|deduction| DeductionView {
        href: format!("/claims/{}", deduction.claim_id.as_ref().unwrap_or(&deduction.deduction_id)),
        category: show::plain(deduction.category.as_deref().unwrap_or_default()),
        amount: show::money(deduction.amount, &deduction.currency),
        says: deduction.explanation.unwrap_or_default(),
        validity: deduction.validity.unwrap_or_default(),
        status: deduction.status,
    });
    let deductions = deductions.collect();
    let page = DocumentPage {
        frame,
        kind: show::plain(&document.kind),
        total: document.total.as_deref().map(|total| show::written(total, document.currency.as_deref())).unwrap_or_default(),
        linked: document.linked_to.clone().unwrap_or_default().split('|').filter(|link| !link.is_empty()).map(str::to_owned).collect(),
        fields: fields.collect(),
        doubts: doubts.into_iter().map(|doubt| DoubtView { says: doubt.says, blocking: doubt.blocking }).collect(),
        pages,
        sheet,
        found_on,
        payments,
        deductions,
        size: size(document.byte_count),
        document,
    };
    html(&page)
}

/// Marks where words that are looked for stand on the pages; pages whose words can't be told stay as they are.
async fn mark_words(desk: &Desk, document: &DocumentRow, looked_for: &[String], pages: &mut [PageView]) {
    let Ok(read) = words::of(desk, document).await else { return };
    for page in pages {
        let here = read.iter().filter(|read| read.number == page.number).flat_map(|read| &read.words);
        page.frames.extend(here.filter(|word| holds(&word.text, looked_for)).map(|word| Boxed::new(word.area, word.text.clone(), FOUND.to_owned(), true)));
    }
}

/// Whether a word of a text begins with one that is looked for.
fn holds(text: &str, looked_for: &[String]) -> bool {
    tokens_of(text).iter().any(|word| looked_for.iter().any(|wanted| word.starts_with(wanted.as_str())))
}

fn size(bytes: i64) -> String {
    match bytes {
        ..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}
