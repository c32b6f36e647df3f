//! The line that says what was just done, for ten seconds and on whatever page comes next: a cookie that ends by itself.

use axum::http::HeaderMap;
use axum::http::header::{HeaderName, SET_COOKIE};
use recoup_engine::claim::action::Act;
use recoup_store::claims::ClaimRecord;

use super::language::text;
use super::session::cookie;
use super::show;

const SECONDS: i64 = 10;

/// What was done last.
#[derive(Debug)]
pub struct Toast {
    /// `Disputed`
    pub said: String,
    pub claim_id: String,
    pub version: i64,
    /// Nothing but a desk or a person changed: it can be undone at once.
    pub can_undo: bool,
    /// Money was decided: it can be taken back, with a reason.
    pub can_take_back: bool,
}

/// Remembers an act in the visitor's browser.
pub fn remember(act: &str, now: &ClaimRecord) -> [(HeaderName, String); 1] {
    let waits = if now.state == "awaiting_approval" { "waits" } else { act };
    let (id, version, amounts, currency) = (&now.row.claim_id, now.row.version, now.amounts(), &now.row.currency);
    let parts = format!("{}~{}~{currency}", amounts.accepted, amounts.disputed);
    [(SET_COOKIE, format!("did={act}~{waits}~{id}~{version}~{parts}; Path=/; SameSite=Lax; HttpOnly; Max-Age={SECONDS}"))]
}

/// What the visitor did in the last seconds.
pub fn read(headers: &HeaderMap) -> Option<Toast> {
    let mut parts = cookie(headers, "did")?.split('~');
    let (act, now, claim_id, version) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?.parse().ok()?);
    let (accepted, disputed, currency) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?);
    let done = match (act, now) {
        ("partly_accept", "waits") => text("Decided to accept a part and dispute the rest; it waits for approval"),
        ("accept" | "dispute" | "write_off", "waits") => text("Decided; it waits for approval"),
        ("accept", _) => text("Accepted"),
        ("dispute", _) => text("Disputed"),
        ("write_off", _) => text("Written off"),
        ("partly_accept", _) => text("Accepted {0}, disputed {1}").with(show::amount(accepted, currency)).with(show::money(disputed, currency)),
        ("assign", _) => text("Assigned"),
        ("transfer", _) => text("Moved to another queue"),
        ("hold", _) => text("On hold"),
        ("ask_backup", _) => text("Backup asked for"),
        ("resume", _) => text("Taken up again"),
        ("comment", _) => text("Comment kept"),
        ("approve", _) => text("Approved"),
        ("send_back", _) => text("Sent back"),
        ("take_back", _) => text("Taken back"),
        ("recover", _) => text("Booked as recovered"),
        ("take_back_recovery", _) => text("Recovery taken back"),
        ("split", _) => text("Split in two"),
        ("merge", _) => text("Merged"),
        ("categorise", _) => text("Category said and judged"),
        ("undo", _) => text("Undone"),
        (other, _) => text(&show::plain(other)),
    };
    Some(Toast {
        said: done.into(),
        claim_id: claim_id.to_owned(),
        version,
        can_undo: act.parse().is_ok_and(Act::can_be_undone),
        can_take_back: matches!(act, "accept" | "dispute" | "write_off" | "partly_accept"),
    })
}
