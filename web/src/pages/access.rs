//! Which role may do what: one table. A route that stands in no row is refused to everybody.

use axum::http::Method;

/// What a route asks of its visitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Nobody in particular: the door itself and what it is painted with.
    Nothing,
    /// Another program with a token: see [`super::api`]. A session opens nothing here.
    Token,
    /// Any person who logged in.
    Reader,
    /// A person who answers for how others work: manager, auditor, administrator.
    Overseer,
    /// A person who may change what others rely on.
    Writer,
    /// A person who may say what was paid: how an advice is read, and what a payment pays. Sales and supply chain judge claims, not the books.
    Poster,
    /// A person who may change drafts of the rules. Nothing decides by a draft before another person publishes it.
    Author,
    /// A person who may put the rules of others in force.
    Publisher,
    /// A person who says who may do what.
    Administrator,
}

/// Every route with what it needs.
pub const ROUTES: &[(&str, &str, Needs)] = &[
    ("GET", "/login", Needs::Nothing),
    ("POST", "/login", Needs::Nothing),
    ("GET", "/assets/{name}", Needs::Nothing),
    // Whoever holds the link that a fresh database prints: see `super::setup`.
    ("GET", "/setup/{token}", Needs::Nothing),
    ("POST", "/setup/{token}", Needs::Nothing),
    ("GET", "/api/v1/openapi.json", Needs::Token),
    ("GET", "/api/v1/claims", Needs::Token),
    ("GET", "/api/v1/claims/{id}", Needs::Token),
    ("POST", "/api/v1/claims/{id}/acts", Needs::Token),
    ("GET", "/", Needs::Reader),
    ("GET", "/workload", Needs::Reader),
    ("GET", "/causes", Needs::Reader),
    ("GET", "/coming", Needs::Reader),
    ("POST", "/logout", Needs::Reader),
    ("POST", "/theme", Needs::Reader),
    ("POST", "/language", Needs::Reader),
    ("GET", "/claims", Needs::Reader),
    ("GET", "/claims/export", Needs::Reader),
    ("GET", "/claims/{id}", Needs::Reader),
    ("GET", "/claims/{id}/print", Needs::Reader),
    ("POST", "/claims/{id}/act", Needs::Writer),
    ("POST", "/selections", Needs::Writer),
    ("GET", "/selections/{id}", Needs::Writer),
    ("POST", "/selections/{id}", Needs::Writer),
    ("POST", "/selections/{id}/back", Needs::Writer),
    ("POST", "/views", Needs::Writer),
    ("POST", "/views/{id}/forget", Needs::Writer),
    ("GET", "/practice", Needs::Reader),
    ("GET", "/approvals", Needs::Reader),
    ("GET", "/agreements", Needs::Reader),
    ("GET", "/agreements/{id}", Needs::Reader),
    ("POST", "/agreements/{id}/answer", Needs::Writer),
    ("POST", "/agreements/{id}/link", Needs::Writer),
    // Whoever holds the link may answer, once: see `crate::desk::confirm`.
    ("GET", "/confirm/{token}", Needs::Nothing),
    ("POST", "/confirm/{token}", Needs::Nothing),
    ("GET", "/search", Needs::Reader),
    ("GET", "/administration", Needs::Overseer),
    ("GET", "/administration/people/{id}", Needs::Administrator),
    ("POST", "/administration/people/{id}", Needs::Administrator),
    ("POST", "/administration/invitations", Needs::Administrator),
    ("POST", "/administration/invitations/withdraw", Needs::Administrator),
    // Whoever holds the link becomes the person it asks in, once: see `crate::desk::invitations`.
    ("GET", "/join/{token}", Needs::Nothing),
    ("POST", "/join/{token}", Needs::Nothing),
    ("GET", "/routing", Needs::Overseer),
    ("GET", "/rules", Needs::Reader),
    ("GET", "/rules/table", Needs::Reader),
    ("GET", "/rules/archive", Needs::Reader),
    ("GET", "/rules/judging", Needs::Reader),
    ("POST", "/rules/judging", Needs::Publisher),
    ("POST", "/rules/drafts", Needs::Author),
    ("GET", "/rules/drafts/{id}", Needs::Reader),
    ("POST", "/rules/drafts/{id}", Needs::Author),
    // Who publishes is not who proposed or changed it: see `crate::desk::drafts::publication`.
    ("POST", "/rules/drafts/{id}/decision", Needs::Publisher),
    ("GET", "/rules/drafts/{id}/table", Needs::Reader),
    ("POST", "/rules/drafts/{id}/table", Needs::Author),
    ("POST", "/rules/drafts/{id}/text", Needs::Author),
    ("POST", "/rules/drafts/{id}/files", Needs::Author),
    ("GET", "/rules/drafts/{id}/archive", Needs::Reader),
    ("GET", "/rules/drafts/{id}/backtest", Needs::Reader),
    ("POST", "/rules/drafts/{id}/backtest", Needs::Author),
    ("GET", "/rules/drafts/{id}/backtest/export", Needs::Reader),
    ("GET", "/audit", Needs::Overseer),
    ("GET", "/payments", Needs::Reader),
    ("GET", "/payments/{id}", Needs::Reader),
    ("POST", "/payments/{id}", Needs::Poster),
    ("POST", "/payments/{id}/refuse", Needs::Poster),
    ("POST", "/payments/{id}/customer", Needs::Poster),
    ("GET", "/deliveries", Needs::Reader),
    // For nothing but papers of deliveries: see `crate::desk::settle`.
    ("POST", "/deliveries/papers", Needs::Writer),
    ("POST", "/deliveries/checks", Needs::Writer),
    ("GET", "/documents", Needs::Reader),
    ("POST", "/documents", Needs::Poster),
    ("GET", "/documents/{id}", Needs::Reader),
    ("GET", "/documents/{id}/review", Needs::Reader),
    ("POST", "/documents/{id}/review", Needs::Poster),
    ("POST", "/documents/{id}/version", Needs::Poster),
    ("GET", "/documents/{id}/words/{page}", Needs::Reader),
    ("GET", "/documents/{id}/original", Needs::Reader),
    ("GET", "/documents/{id}/pages/{file}", Needs::Reader),
    ("GET", "/customers", Needs::Reader),
    ("GET", "/customers/{id}", Needs::Reader),
];

/// What a matched route needs; `None` refuses. HEAD is a GET without its body.
pub fn needs(method: &Method, path: &str) -> Option<Needs> {
    let method = if method == Method::HEAD { "GET" } else { method.as_str() };
    ROUTES.iter().find(|(verb, route, _)| *verb == method && *route == path).map(|(_, _, needs)| *needs)
}

/// Whether a role may do it. Auditors see everything and touch nothing; an unknown role may nothing.
pub fn may(role: &str, needs: Needs) -> bool {
    match needs {
        Needs::Nothing => true,
        Needs::Token => false,
        Needs::Reader => crate::desk::people::ROLES.contains(&role),
        Needs::Overseer => ["manager", "auditor", "administrator"].contains(&role),
        Needs::Publisher => ["manager", "administrator"].contains(&role),
        Needs::Poster | Needs::Author => ["analyst", "manager", "administrator"].contains(&role),
        Needs::Administrator => role == "administrator",
        Needs::Writer => crate::desk::people::ROLES.contains(&role) && role != "auditor",
    }
}
