//! Two papers that tell one payment differently: the choices beside the review, with a link to the other paper.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::{NotTaken, page};
use crate::desk::process::finish_behind;
use crate::desk::which_holds::{self, Holds, NotSaid};
use crate::pages::errors::PageError;
use crate::pages::frame::Frame;
use crate::pages::given::Form;
use crate::pages::language::text;
use crate::pages::typed::Typed;
use crate::pages::{Desk, show};
use recoup_store::documents::DocumentRow;

/// The other paper and what may be said of it.
pub struct OtherView {
    /// Document and name; `None` for money that no paper announced.
    pub document: Option<(String, String)>,
    pub payment: String,
    pub amount: String,
    pub day: String,
    /// This paper was set aside by a person, who may say otherwise.
    pub is_set_aside: bool,
}

pub async fn other(desk: &Desk, document: &DocumentRow) -> Result<Option<OtherView>, PageError> {
    let shown = |other: which_holds::Other| OtherView {
        document: other.document.map(|document| (document.document_id, document.name)),
        amount: show::money(other.payment.amount, &other.payment.currency),
        day: other.payment.payment_date.unwrap_or_default(),
        payment: other.payment.payment_id,
        is_set_aside: other.said == Some(Holds::TheOther),
    };
    Ok(which_holds::other(&desk.workplace, document).await?.map(shown))
}

#[derive(Deserialize)]
pub struct Said {
    version: i64,
    holds: Holds,
}

/// POST /documents/{id}/version: which of two papers holds.
pub async fn post(State(desk): State<Desk>, frame: Frame, Path(id): Path<String>, Form(form): Form<Said>) -> Result<Response, PageError> {
    let document = desk.workplace.store.document(&id).await?.ok_or(PageError::NotFound)?;
    let said =
        if form.version == document.attempts { which_holds::say(&desk.workplace, &document, form.holds, &frame.login).await? } else { Err(NotSaid::Stale) };
    match said {
        Ok(()) => {
            finish_behind(&desk.workplace).await;
            Ok(Redirect::to(&format!("/documents/{id}/review?after={id}")).into_response())
        }
        Err(why) => {
            let is_stale = why == NotSaid::Stale;
            let not_taken = NotTaken { typed: Typed::default(), problem: sentence(&why), is_english: false, is_stale };
            page(&desk, frame, &id, None, Some(not_taken)).await
        }
    }
}

fn sentence(why: &NotSaid) -> String {
    let said = match why {
        NotSaid::Busy => text("Documents are being processed at this moment. Nothing was changed; try again shortly."),
        NotSaid::Stale => text("This document was settled anew since it was looked at."),
        NotSaid::NoOther => text("No other paper tells this payment."),
        NotSaid::Worked(claim) => text("People work on {0}, which stands on the other paper: decide or take back that work first.").with(claim),
        NotSaid::PutByHand(payment) => text("{0} was put on open items by hand: refuse that match first.").with(payment),
    };
    said.to_string()
}
