//! The web application: each page turns a request into reads of the store and a typed template. It works without JavaScript; the URL is the state.
//!
//! Architecture invariant: no SQL, no policy, no money arithmetic. Every route has its entry in [`access`]; one without is refused.

mod access;
mod act;
mod administration;
mod agreements;
mod amount;
mod api;
mod approvals;
mod assets;
mod became;
mod bulk;
mod causes;
mod chart;
mod claim;
mod coming;
mod confirm;
mod customer;
mod customers;
mod delivery;
mod document;
mod documents;
mod errors;
mod evidence;
mod filters;
mod flow;
mod frame;
mod given;
mod goods;
mod headers;
mod language;
mod list;
mod log;
mod matching;
mod not_done;
mod offers;
mod overview;
mod payments;
mod people;
mod picture;
mod practice;
mod presence;
mod query;
mod refused;
mod review;
mod routing;
mod rules;
mod search;
mod session;
mod setup;
mod sheet;
mod show;
mod sight;
#[cfg(test)]
mod tests;
mod timeline;
mod toast;
mod typed;
mod upload;
mod views;
mod whose;
mod words;
mod worklist;
mod workload;

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, Result};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;

pub use session::random_text;

use crate::jobs::readers::Readers;
use crate::search::Search;
use crate::workplace::Workplace;

/// The largest form that a page sends.
const LARGEST_FORM: usize = 64 << 10;

/// The largest paper that a page takes in: what receiving allows, and the form around it.
const LARGEST_PAPER: usize = (50 << 20) + LARGEST_FORM;

/// The largest form with a table of rules: what a file of a book holds, written with the signs of a form, or an archive of all of them.
const LARGEST_TABLE: usize = 4 << 20;

/// What every page works with.
#[derive(Clone)]
struct Desk {
    workplace: Arc<Workplace>,
    readers: Arc<Readers>,
    throttle: Arc<session::Throttle>,
    present: Arc<presence::Present>,
    search: Arc<Search>,
    setup: Arc<setup::Setup>,
}

/// Serves the application until it is told to stop; requests under way are finished first.
pub async fn serve(workplace: Arc<Workplace>, search: Arc<Search>, listen: SocketAddr) -> Result<()> {
    let listener = TcpListener::bind(listen).await.with_context(|| format!("{listen} can't be listened on"))?;
    let address = listener.local_addr()?;
    let (setup, link) = setup::Setup::begin(&workplace).await?;
    let desk = Desk { workplace, search, readers: Arc::new(Readers::new()?), throttle: Arc::default(), present: Arc::default(), setup: Arc::new(setup) };
    println!("recoup listens on http://{address}");
    if let Some(link) = link {
        println!("nobody can log in yet: open http://{address}{link} to become the administrator");
    }
    let mut terminated = signal(SignalKind::terminate())?;
    let stop = async move {
        tokio::select! {
            _ = terminated.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
    };
    axum::serve(listener, router(desk).into_make_service_with_connect_info::<SocketAddr>()).with_graceful_shutdown(stop).await?;
    Ok(())
}

/// The pages, as a table of contents.
fn router(desk: Desk) -> Router {
    Router::new()
        .route("/", get(overview::show))
        .route("/workload", get(workload::show))
        .route("/causes", get(causes::show))
        .route("/coming", get(coming::show))
        .route("/login", get(session::show).post(session::log_in))
        .route("/setup/{token}", get(setup::show).post(setup::add))
        .route("/logout", post(session::log_out))
        .route("/theme", post(frame::choose_theme))
        .route("/language", post(frame::choose_language))
        .route("/claims", get(worklist::show))
        .route("/claims/export", get(worklist::export))
        .route("/claims/{id}", get(claim::show))
        .route("/claims/{id}/print", get(claim::print::show))
        .route("/claims/{id}/act", post(act::post))
        .route("/selections", post(bulk::choose))
        .route("/selections/{id}", get(bulk::show).post(bulk::run))
        .route("/selections/{id}/back", post(bulk::back))
        .route("/views", post(views::save))
        .route("/views/{id}/forget", post(views::forget))
        .route("/practice", get(practice::show))
        .route("/approvals", get(approvals::show))
        .route("/agreements", get(agreements::list))
        .route("/agreements/{id}", get(agreements::show))
        .route("/agreements/{id}/answer", post(agreements::answer))
        .route("/agreements/{id}/link", post(agreements::link))
        .route("/confirm/{token}", get(confirm::show).post(confirm::answer))
        .route("/search", get(search::show))
        .route("/administration", get(administration::show))
        .route("/administration/people/{id}", get(people::show).post(people::save))
        .route("/administration/invitations", post(people::invite))
        .route("/administration/invitations/withdraw", post(people::withdraw))
        .route("/join/{token}", get(people::join).post(people::accept))
        .route("/routing", get(routing::show))
        .route("/rules", get(rules::show))
        .route("/rules/table", get(rules::table))
        .route("/rules/archive", get(rules::archive))
        .route("/rules/judging", get(rules::judging::show).post(rules::judging::act))
        .route("/rules/drafts", post(rules::start))
        .route("/rules/drafts/{id}", get(rules::draft::show).post(rules::draft::act))
        .route("/rules/drafts/{id}/decision", post(rules::draft::decide))
        .route("/rules/drafts/{id}/table", get(rules::grid::show).post(rules::grid::save).layer(DefaultBodyLimit::max(LARGEST_TABLE)))
        .route("/rules/drafts/{id}/text", post(rules::grid::replace).layer(DefaultBodyLimit::max(LARGEST_TABLE)))
        .route("/rules/drafts/{id}/files", post(rules::draft::take_in).layer(DefaultBodyLimit::max(LARGEST_TABLE)))
        .route("/rules/drafts/{id}/archive", get(rules::draft::archive))
        .route("/rules/drafts/{id}/backtest", get(rules::backtest::show).post(rules::backtest::act))
        .route("/rules/drafts/{id}/backtest/export", get(rules::backtest::export))
        .route("/audit", get(log::show))
        .route("/payments", get(payments::list))
        .route("/payments/{id}", get(matching::show).post(matching::post))
        .route("/payments/{id}/refuse", post(matching::refuse))
        .route("/payments/{id}/customer", post(matching::name_customer))
        .route("/deliveries", get(delivery::show))
        .route("/deliveries/papers", post(delivery::take_in).layer(DefaultBodyLimit::max(LARGEST_PAPER)))
        .route("/deliveries/checks", post(delivery::check::post))
        .route("/documents", get(documents::show).post(upload::documents).layer(DefaultBodyLimit::max(LARGEST_PAPER * 4)))
        .route("/documents/{id}", get(document::show))
        .route("/documents/{id}/review", get(review::show).post(review::post))
        .route("/documents/{id}/version", post(review::versions::post))
        .route("/documents/{id}/words/{page}", get(words::of_page))
        .route("/documents/{id}/original", get(picture::original))
        .route("/documents/{id}/pages/{file}", get(picture::page))
        .route("/customers", get(customers::show))
        .route("/customers/{id}", get(customer::show))
        .route("/api/v1/openapi.json", get(api::openapi))
        .route("/api/v1/claims", get(api::claims))
        .route("/api/v1/claims/{id}", get(api::claim))
        .route("/api/v1/claims/{id}/acts", post(api::act))
        .route("/assets/{name}", get(assets::serve))
        .fallback(errors::not_found)
        .method_not_allowed_fallback(errors::method_not_allowed)
        .layer(from_fn_with_state(desk.clone(), whose::by_number))
        .layer(from_fn_with_state(desk.clone(), session::admit))
        .layer(from_fn(frame::wear_theme))
        .layer(CsrfLayer::new())
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
        .layer(CompressionLayer::new())
        .layer(from_fn(headers::harden))
        .with_state(desk)
}
