//! One claim: what was taken, what we think of it and why, and the evidence one click away.

mod amounts;
pub mod print;

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use recoup_engine::claim::Party;
use recoup_engine::evidence::Evidence;
use recoup_engine::money::Currency;
use recoup_engine::reading::Place;
use recoup_engine::taxonomy::{Category, Queue, Validity};
use recoup_rules::decide::LEARNT;
use recoup_store::agreements::AnswerRow;
use recoup_store::claims::ClaimRecord;
use recoup_store::documents::DocumentRow;
use recoup_store::people::UserRow;
use recoup_store::screens::claim::{DeductionDetail, InvoiceDetail};
use recoup_store::screens::worklist::{After, Scope, WorklistRow};

use self::amounts::Amounts;
use super::errors::{PageError, html};
use super::evidence::{DocumentView, Frame as Boxed, PageView, Piece};
use super::frame::Frame;
use super::goods::{self, GoodsLine};
use super::language::{counted, text};
use super::list::List;
use super::not_done::NotDone;
use super::offers::{self, Offer, Settled, Suggested};
use super::timeline::{self, Entry};
use super::{Desk, amount, evidence, filters, sheet, show, worklist};
use crate::clock::{now_seconds, today};
use crate::desk::resolve;
use crate::pages::given::Query;

/// The place of the claim in the list it was opened from.
struct Walk {
    /// An ellipsis far behind the first.
    position: String,
    count: String,
    previous: Option<String>,
    next: Option<String>,
}

/// What people do with the claim.
struct Work {
    record: ClaimRecord,
    /// The state in words, with its facts.
    standing: String,
    offers: Vec<Offer>,
    action: String,
    /// What the visitor may settle alone.
    limits: String,
    parts: Vec<Part>,
    /// Who may be given the claim.
    people: Vec<(String, String)>,
    queues: Vec<(&'static str, String)>,
    parties: Vec<(&'static str, String)>,
    categories: Vec<(&'static str, String)>,
    /// The category that stands chosen: what is proposed, or what was said before.
    category: String,
    /// What past decisions propose, in a sentence.
    proposed: String,
    assignee: String,
    is_mine: bool,
    /// The act that was not done; its sentence is empty when nothing was refused.
    not_done: NotDone,
    /// Its message stands beside the form it came from; else above all acts.
    is_beside_form: bool,
}

/// A claim of the same split.
struct Part {
    id: String,
    amount: String,
    state: String,
    is_this: bool,
}

#[derive(Template)]
#[template(path = "claim.html")]
struct ClaimPage {
    frame: Frame,
    id: String,
    back: String,
    walk: Option<Walk>,
    work: Option<Work>,
    others: Vec<String>,
    deduction: DeductionDetail,
    category: String,
    amounts: Amounts,
    confidence: String,
    queue: String,
    /// Days until the last day to dispute, while it is not decided.
    dispute_days: Option<i64>,
    pressure: &'static str,
    is_late: bool,
    /// That the last day to dispute is over, while nobody has decided.
    passed: Option<String>,
    pieces: Vec<Piece>,
    shown: Option<DocumentView>,
    invoice: Option<InvoiceView>,
    goods: Vec<GoodsLine>,
    history: Vec<Entry>,
}

/// The invoice beside the claim.
struct InvoiceView {
    row: InvoiceDetail,
    total: String,
    tax: String,
}

impl From<InvoiceDetail> for InvoiceView {
    fn from(row: InvoiceDetail) -> Self {
        let money = |minor| show::money(minor, &row.currency);
        Self { total: money(row.total_amount), tax: row.tax_amount.map(money).unwrap_or_default(), row }
    }
}

/// GET /claims/{id}: a claim, or a deduction that a rule closed.
pub async fn show(State(desk): State<Desk>, frame: Frame, Path(id): Path<String>, Query(query): Query<Vec<(String, String)>>) -> Result<Response, PageError> {
    let list = List::read(query, &frame.login, today());
    page(&desk, frame, list, &id, None).await
}

/// The page of a claim, with the act that was not done, if there is one.
pub async fn page(desk: &Desk, frame: Frame, list: List, id: &str, not_done: Option<NotDone>) -> Result<Response, PageError> {
    let store = &desk.workplace.store;
    let record = store.claim(id).await?;
    let deduction = store.deduction_detail(record.as_ref().map_or(id, |record| &record.row.deduction_id)).await?.ok_or(PageError::NotFound)?;
    let mut found = all_evidence(desk, record.as_ref(), &deduction).await?;
    if let Some(agreement) = deduction.agreement_id.as_deref() {
        found.extend(store.answers_of(agreement).await?.into_iter().map(answered));
    }
    let documents = store.documents_named(&evidence::names(&found)).await?;
    let mut pieces = evidence::pieces(found, &documents, deduction.customer_id.as_deref());
    let about_goods = deduction.invoice_number.is_some() && goods::CATEGORIES.contains(&deduction.category.as_deref().unwrap_or_default());
    let chosen = list.get("e").parse::<usize>().ok().filter(|index| (1..=pieces.len()).contains(index)).or_else(|| first_shown(&pieces, about_goods));
    for (number, piece) in (1_usize..).zip(&mut pieces) {
        piece.href = format!("/claims/{id}{}#evidence", list.with(&[("e", &number.to_string())]));
        piece.is_shown = chosen == Some(number);
    }
    let shown = match chosen.and_then(|number| pieces.get(number - 1)) {
        Some(piece) => view(desk, piece, &documents, &deduction).await?,
        None => None,
    };
    let invoice = match deduction.invoice_number.as_deref() {
        Some(number) => store.invoice_detail(number).await?,
        None => None,
    };
    let goods = match deduction.invoice_number.as_deref().filter(|_| about_goods) {
        Some(number) => goods::lines(store, number, deduction.customer_id.as_deref()).await?,
        None => Vec::new(),
    };
    let users = store.users().await?;
    let history = timeline::entries(store.happened(id).await?, &show::names_of(&users), &deduction.currency);
    let query = list.query();
    let others = desk.present.look(id, &frame.name, now_seconds());
    let is_unfinished = record.as_ref().is_some_and(|record| ["open", "waiting"].contains(&record.row.status.as_str()));
    let days_left = deduction.dispute_by.as_deref().and_then(|day| show::days_between(day, today())).map(|days| -days);
    let page = ClaimPage {
        back: format!("/claims{query}#{id}"),
        walk: walk(desk, &list, id).await?,
        category: deduction.category.as_deref().map_or_else(|| text("Not judged yet").into(), show::plain),
        amounts: amounts::of(desk, record.as_ref(), &deduction).await?,
        confidence: deduction.confidence.filter(|_| deduction.validity.as_deref() != Some("unknown")).map(show::share).unwrap_or_default(),
        queue: show::plain(deduction.queue.as_deref().unwrap_or_default()),
        dispute_days: days_left.filter(|_| is_unfinished),
        pressure: worklist::pressure(days_left, is_unfinished),
        passed: record.as_ref().and_then(|record| passed(record, deduction.dispute_by.as_deref())),
        is_late: record.as_ref().is_some_and(|record| record.row.status == "open")
            && deduction.work_by.as_deref().is_some_and(|day| day < today().to_string().as_str()),
        invoice: invoice.map(InvoiceView::from),
        work: match record {
            Some(record) => Some(work(desk, &frame, &list, record, &deduction, &users, not_done).await?),
            None => None,
        },
        others,
        frame,
        id: id.to_owned(),
        deduction,
        pieces,
        shown,
        goods,
        history,
    };
    html(&page)
}

/// The evidence of every deduction that the claim stands on: those of merged claims came along.
async fn all_evidence(desk: &Desk, record: Option<&ClaimRecord>, deduction: &DeductionDetail) -> Result<Vec<Evidence>, PageError> {
    let read = |deduction: &DeductionDetail| deduction.evidence.as_deref().map(serde_json::from_str::<Vec<Evidence>>).transpose();
    let mut found = read(deduction)?.unwrap_or_default();
    if let Some(record) = record {
        for other in desk.workplace.store.deductions_of_claim(&record.root_claim_id).await? {
            if other.deduction_id != deduction.deduction_id {
                found.extend(read(&other)?.unwrap_or_default());
            }
        }
    }
    Ok(found)
}

/// The piece that is shown first: whoever checks goods looks at the paper of the delivery, everybody else at the first document.
fn first_shown(pieces: &[Piece], about_goods: bool) -> Option<usize> {
    let of_delivery = |piece: &Piece| piece.document_id.is_some() && ["proof_of_delivery", "delivery"].contains(&piece.kind.as_str());
    let delivery = about_goods.then(|| pieces.iter().position(of_delivery)).flatten();
    delivery.or_else(|| pieces.iter().position(|piece| piece.document_id.is_some())).map(|index| index + 1)
}

/// What sales said of an agreement, as a piece of evidence.
fn answered(answer: AnswerRow) -> Evidence {
    let what = match answer.answer.as_str() {
        "confirmed" => "confirmed it",
        "not_ours" => "said it is not ours",
        _ => "said it was agreed differently",
    };
    let rest: Vec<String> = [answer.terms, answer.words].into_iter().filter(|text| !text.is_empty()).collect();
    let rest = if rest.is_empty() { ".".to_owned() } else { format!(": {}.", rest.join("; ")) };
    Evidence::record("agreement", answer.agreement_id, format!("{} {what} on {}{rest}", answer.answered_by, answer.answered_on))
}

/// A warning when the last day to dispute is over and nothing is decided.
fn passed(record: &ClaimRecord, dispute_by: Option<&str>) -> Option<String> {
    let (day, days) = dispute_by.and_then(|day| Some((day, show::days_between(day, today())?)))?;
    let is_undecided = ["open", "waiting"].contains(&record.row.status.as_str());
    let ago = if days == 1 { text("yesterday") } else { counted(days, "{0} day ago", "{0} days ago") };
    let warning = text("The last day to dispute, {0}, passed {1}: the customer may refuse a dispute.");
    (is_undecided && days > 0).then(|| warning.with(show::day(day)).with(ago).into())
}

async fn work(
    desk: &Desk,
    frame: &Frame,
    list: &List,
    record: ClaimRecord,
    deduction: &DeductionDetail,
    users: &[UserRow],
    not_done: Option<NotDone>,
) -> Result<Work, PageError> {
    let (store, names) = (&desk.workplace.store, show::names_of(users));
    let claim = record.claim()?;
    let currency = record.row.currency.parse().map_err(anyhow::Error::from)?;
    let is_mine = matches!(&claim.state, recoup_engine::claim::State::AwaitingApproval { by, .. } if *by == frame.login);
    // What is owed of the whole deduction says nothing of a part of it.
    let is_whole = record.row.amount == deduction.amount;
    let owed = deduction.valid_amount.filter(|_| is_whole).map(|owed| show::typed(owed, currency)).unwrap_or_default();
    let suggested = Suggested {
        validity: deduction.validity.as_deref().and_then(|word| word.parse().ok()).filter(|validity| is_whole || *validity != Validity::Partial),
        category: settled_category(deduction),
        explanation: deduction.explanation.as_deref().unwrap_or_default(),
        owed: &owed,
    };
    let mut offers = if frame.may_write { offers::of(&claim.state, claim.amounts, suggested, is_mine) } else { Vec::new() };
    if let Some(not_done) = &not_done {
        offers::reopen(&mut offers, &not_done.form);
    }
    let limits = resolve::limits_of(&store.authority().await?, &frame.login, currency, today());
    let limits: Vec<String> = limits
        .into_iter()
        .map(|(outcome, minor)| text("{0} up to {1}").with(show::inside(outcome.word())).with(show::money(minor, &record.row.currency)).to_string())
        .collect();
    let siblings = store.parts_of(&record.root_claim_id).await?;
    let part = |part: &ClaimRecord| Part {
        id: part.row.claim_id.clone(),
        amount: show::money(part.row.amount, &part.row.currency),
        state: show::plain(&part.state),
        is_this: part.row.claim_id == record.row.claim_id,
    };
    Ok(Work {
        standing: standing(&claim.state, &names, &record.row.currency),
        action: format!("/claims/{}/act{}", record.row.claim_id, list.with(&[])),
        limits: limits.join(", "),
        parts: if siblings.len() > 1 { siblings.iter().map(part).collect() } else { Vec::new() },
        people: users.iter().filter(|user| user.active).map(|user| (user.login.clone(), user.name.clone())).collect(),
        queues: Queue::WORDS.iter().filter(|word| **word != record.row.queue).map(|word| (*word, show::plain(word))).collect(),
        parties: Party::WORDS.iter().map(|word| (*word, show::plain(word))).collect(),
        categories: Category::ALL
            .iter()
            .filter(|category| **category != Category::Unknown)
            .map(|category| (category.word(), show::plain(category.word())))
            .collect(),
        category: not_done.as_ref().filter(|not_done| not_done.is_of("categorise")).map_or_else(|| record.row.category.clone(), |typed| typed.form.to.clone()),
        proposed: proposed(deduction),
        assignee: record.row.assignee.as_ref().map(|login| names.get(login).unwrap_or(login).clone()).unwrap_or_default(),
        is_mine: record.row.assignee.as_deref() == Some(&frame.login),
        is_beside_form: not_done.as_ref().is_some_and(|not_done| offers.iter().any(|offer| not_done.is_of(offer.act) && !offer.is_bare())),
        offers,
        not_done: not_done.unwrap_or_default(),
        record,
    })
}

/// Who says what a claim is about.
fn settled_category(deduction: &DeductionDetail) -> Settled {
    match deduction {
        DeductionDetail { category_said_by: Some(_), .. } => Settled::Said,
        DeductionDetail { rule: Some(rule), .. } if rule == LEARNT => Settled::Proposed,
        DeductionDetail { category: None, .. } => Settled::Not,
        DeductionDetail { category: Some(category), .. } if category == Category::Unknown.word() => Settled::Not,
        _ => Settled::ByRule,
    }
}

/// What past decisions propose, and how often such proposals were right.
fn proposed(deduction: &DeductionDetail) -> String {
    match settled_category(deduction) {
        Settled::Proposed => {
            let category = show::plain(deduction.category.as_deref().unwrap_or_default());
            let why = deduction.category_why.as_deref().unwrap_or_default();
            text("{0} is proposed by {1}.").with(category).with(why).into()
        }
        Settled::Not => text("Past decisions propose nothing here. What is said now is learnt from.").into(),
        Settled::Said | Settled::ByRule => String::new(),
    }
}

/// The state of a claim in a sentence.
fn standing(state: &recoup_engine::claim::State, names: &BTreeMap<String, String>, currency: &str) -> String {
    use recoup_engine::claim::{Outcome, State, Wake};
    let named = |login: &String| names.get(login).unwrap_or(login).clone();
    let on = |day: &jiff::civil::Date| show::day(&day.to_string());
    let said = match state {
        State::New => text("Nobody has looked at it yet."),
        State::InReview => text("Somebody works on it."),
        State::Waiting { on: party, asked_by, since, note } => {
            text("{0} asked {1} on {2}: {3}").with(named(asked_by)).with(show::inside(party.word())).with(on(since)).with(note)
        }
        State::Parked { by, wake: Wake::On(day), note } => text("{0} put it on hold until {1}. {2}").with(named(by)).with(on(day)).with(note),
        State::Parked { by, wake: Wake::WhenItRepeats, note } => text("{0} put it on hold until it happens again. {1}").with(named(by)).with(note),
        State::AwaitingApproval { decision, by, on: since } => {
            let outcome = show::plain(decision.outcome.word());
            let said = match decision.outcome {
                Outcome::PartlyAccept => text("{0} chose “{1}” on {2}, above what may be settled alone; {4} accepted, the rest disputed: {3}"),
                _ => text("{0} chose “{1}” on {2}, above what may be settled alone: {3}"),
            };
            said.with(named(by)).with(outcome).with(on(since)).with(&decision.reason).with(show::money(decision.accepted, currency))
        }
        State::Merged { into, by } => text("{0} merged it into {1}; work goes on there.").with(named(by)).with(into),
        State::Withdrawn => text("The payment it stood on was taken back."),
        State::Closed { by, on: since, reason, .. } => text("{0} closed it on {1}: {2}").with(named(by)).with(on(since)).with(reason),
        state => {
            let Some(decided) = state.decided() else { return String::new() };
            let did = match state {
                State::Disputed(_) => text("{0} disputed it on {1}{2}: {3}"),
                State::Accepted(_) => text("{0} accepted it on {1}{2}: {3}"),
                State::PartlyAccepted(_) => text("{0} accepted a part of it on {1}{2}: {3}"),
                State::WrittenOff(_) => text("{0} wrote it off on {1}{2}: {3}"),
                State::Recovered(_) => text("{0} booked all of it as recovered on {1}{2}: {3}"),
                _ => text("{0} decided it on {1}{2}: {3}"),
            };
            let approved = decided.approved_by.as_ref().map_or_else(String::new, |login| text(", approved by {0}").with(named(login)).into());
            did.with(named(&decided.by)).with(on(&decided.on)).with(approved).with(&decided.reason)
        }
    };
    said.to_string()
}

/// The claim to go on with: the one behind this one in its list. Whoever works in a list that holds finished claims too goes on to the next that can be
/// worked.
pub async fn next_of(desk: &Desk, list: &List, record: &ClaimRecord) -> Result<Option<String>, PageError> {
    let store = &desk.workplace.store;
    let Some(row) = store.worklist_row(&list.filter, list.sort, &record.row.claim_id).await? else { return Ok(None) };
    let mut filter = list.filter.clone();
    let asks_for_states = filter.unfinished || filter.state.is_some() || filter.status.is_some() || filter.waiting_on.is_some() || filter.became.is_some();
    filter.to_do |= record.row.status == "open" && filter.scope == Scope::Claims && filter.decided_from.is_none() && !asks_for_states;
    let (_, next) = store.worklist_neighbours(&filter, list.sort, &row.place()).await?;
    Ok(next.map(|row| address(&row, list)))
}

/// A row of a list, with the way on through the list.
fn address(row: &WorklistRow, list: &List) -> String {
    format!("/claims/{}{}", row.row_id, list.query())
}

async fn walk(desk: &Desk, list: &List, row_id: &str) -> Result<Option<Walk>, PageError> {
    let store = &desk.workplace.store;
    // The row itself, so that its key in this order is known; a claim that the list doesn't hold has no place in it.
    let Some(row) = store.worklist_row(&list.filter, list.sort, row_id).await? else { return Ok(None) };
    let at: After = row.place();
    let (previous, next) = store.worklist_neighbours(&list.filter, list.sort, &at).await?;
    let position = store.worklist_position(&list.filter, list.sort, &at).await?;
    Ok(Some(Walk {
        position: position.map_or_else(|| "…".to_owned(), |position| position.to_string()),
        count: show::length(&store.worklist_size(&list.filter).await?),
        previous: previous.map(|row| address(&row, list)),
        next: next.map(|row| address(&row, list)),
    }))
}

/// The document of a piece, at its page, or its lines with the amount that was held back.
async fn view(desk: &Desk, piece: &Piece, documents: &[DocumentRow], held_back: &DeductionDetail) -> Result<Option<DocumentView>, PageError> {
    let currency: Option<Currency> = held_back.currency.parse().ok();
    let Some(document) = piece.document_id.as_deref().and_then(|id| documents.iter().find(|document| document.document_id == id)) else { return Ok(None) };
    let number = piece.place.map_or(1, |place| place.page);
    let frame = |place: Place| place.area.map(|area| Boxed::new(area, piece.says.clone(), String::new(), true));
    let page = evidence::has_pages(document).then(|| PageView {
        number,
        source: evidence::picture(&document.document_id, number),
        frames: piece.place.and_then(frame).into_iter().collect(),
    });
    let sheet = match page {
        Some(_) => None,
        None => sheet::of(desk, document, &piece.reference).await?.map(|mut sheet| {
            sheet.mark_amount(|text| currency.is_some_and(|currency| amount::read(text, currency).is_ok_and(|minor| minor.abs() == held_back.amount.abs())));
            sheet
        }),
    };
    Ok(Some(DocumentView {
        document_id: document.document_id.clone(),
        name: document.name.clone(),
        kind: show::plain(&document.kind),
        page,
        pages: document.pages,
        sheet,
    }))
}
