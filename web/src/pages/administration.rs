//! People with what they may settle and what does not go together, imports with their control totals, the health of the place.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use recoup_engine::claim::authority::Authority;
use recoup_store::Store;
use recoup_store::invitations::InvitationRow;
use recoup_store::people::UserRow;
use recoup_store::screens::oversight::{ImportRow, LogFilter};

use super::access::{self, Needs};
use super::errors::{PageError, html};
use super::frame::Frame;
use super::language::{key, text};
use super::{Desk, filters, show};
use crate::desk::invitations;
use crate::desk::people::ROLES;

const IMPORTS: i64 = 40;

struct Person {
    name: String,
    login: String,
    role: String,
    active: bool,
    limits: Vec<String>,
    lent: Vec<String>,
    /// Rights that don't go together, in words.
    conflicts: Vec<&'static str>,
}

/// An import with its sums as people read them.
struct Import {
    row: ImportRow,
    at: String,
    totals: Vec<String>,
}

struct Health {
    database: &'static str,
    book: String,
    /// Drafts of the rules that wait for publication.
    proposed: i64,
    pending: i64,
    review: i64,
    awaiting: usize,
    log_entries: i64,
}

#[derive(Template)]
#[template(path = "administration.html")]
struct AdministrationPage {
    frame: Frame,
    people: Vec<Person>,
    may_administer: bool,
    roles: Vec<(&'static str, String)>,
    invited: Vec<InvitationRow>,
    imports: Vec<Import>,
    health: Health,
}

/// GET /administration
pub async fn show(State(desk): State<Desk>, frame: Frame) -> Result<Response, PageError> {
    let store = &desk.workplace.store;
    let authority = store.authority().await?;
    let documents = store.document_counts().await?;
    let of = |status: &str| documents.iter().find(|count| count.status == status).map_or(0, |count| count.count);
    let newest = store.log_page(&LogFilter::default(), 1).await?;
    let health = Health {
        database: match store {
            Store::Sqlite(_) => key("SQLite, in the data folder"),
            Store::Postgres(_) => key("PostgreSQL"),
        },
        book: desk.workplace.rules().version.clone(),
        proposed: store.proposed_rule_drafts().await?,
        pending: of("pending"),
        review: of("needs_review"),
        awaiting: store.claims_awaiting_approval().await?.len(),
        log_entries: newest.first().map_or(0, |entry| entry.sequence),
    };
    let people = store.users().await?.iter().map(|user| person(user, &authority)).collect();
    let may_administer = access::may(&frame.role_word, Needs::Administrator);
    let roles = ROLES.iter().map(|role| (*role, show::plain(role))).collect();
    let invited = invitations::open(&desk.workplace).await?;
    html(&AdministrationPage {
        may_administer,
        roles,
        invited,
        people,
        imports: store.imports(IMPORTS).await?.into_iter().map(import).collect::<Result<_, _>>()?,
        health,
        frame,
    })
}

fn import(row: ImportRow) -> Result<Import, PageError> {
    let totals: BTreeMap<String, String> = serde_json::from_str(&row.control_totals)?;
    Ok(Import {
        at: show::minutes(&row.imported_at),
        totals: totals
            .iter()
            .map(|(what, sum)| {
                // A column and its currency: `line_amount EUR`.
                let (column, currency) = what.split_once(' ').unwrap_or((what, ""));
                format!("{}: {} {currency}", show::plain(column), show::group(sum)).trim_end().to_owned()
            })
            .collect(),
        row,
    })
}

fn person(user: &UserRow, authority: &Authority) -> Person {
    let own: Vec<_> = authority.limits.iter().filter(|limit| limit.login == user.login && limit.amount > 0).collect();
    let limits = own
        .iter()
        .map(|limit| {
            let limited = text("{0} up to {1}").with(show::inside(limit.outcome.word()));
            limited.with(show::money(limit.amount, limit.currency.code())).to_string()
        })
        .collect();
    let lent = authority.delegations.iter().filter(|lent| lent.from_login == user.login);
    let lent = lent
        .map(|lent| {
            let day = |day: jiff::civil::Date| show::day(&day.to_string());
            text("lent to {0} from {1} to {2}").with(&lent.to_login).with(day(lent.starts_on)).with(day(lent.ends_on)).to_string()
        })
        .collect();
    Person {
        conflicts: conflicts(&user.role, !own.is_empty()),
        name: user.name.clone(),
        login: user.login.clone(),
        role: show::plain(&user.role),
        active: user.active,
        limits,
        lent,
    }
}

/// Rights that one person should not have together.
pub fn conflicts(role: &str, settles: bool) -> Vec<&'static str> {
    let mut found = Vec::new();
    if role == "administrator" && settles {
        found.push(key("Sets limits and settles money: give the limits to somebody else."));
    }
    if role == "auditor" && settles {
        found.push(key("Audits and settles money: an auditor has no limits."));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::conflicts;

    #[test]
    fn rights_that_do_not_go_together_are_named() {
        for (role, settles, count) in [("analyst", true, 0), ("administrator", true, 1), ("administrator", false, 0), ("auditor", true, 1)] {
            assert_eq!(conflicts(role, settles).len(), count, "{role} {settles}");
        }
    }
}
