//! Who may settle how much alone, and to whom it is lent.

use recoup_engine::claim::authority::{Authority, Delegation, Limit};

use crate::{Result, Store, Work};

/// The limits of whoever was disabled count for nothing, lent ones and those behind a link included, until the person is let in again.
const LIMITS: &str = "select l.login, l.outcome, l.currency, l.amount from approval_limits l join users u on u.login = l.login where u.active = true order by l.login, l.outcome, l.currency";
const DELEGATIONS: &str = "select from_login, to_login, starts_on, ends_on from delegations order by from_login, to_login, starts_on";

impl Store {
    pub async fn authority(&self) -> Result<Authority> {
        Ok(Authority { limits: self.rows(LIMITS, vec![]).await?, delegations: self.rows(DELEGATIONS, vec![]).await? })
    }
}

impl Work {
    /// The limits as they are inside this unit of work: one that is lowered at the same moment counts.
    pub async fn authority(&mut self) -> Result<Authority> {
        Ok(Authority { limits: self.rows(LIMITS, vec![]).await?, delegations: self.rows(DELEGATIONS, vec![]).await? })
    }

    /// Sets what a person may settle alone.
    pub async fn set_limit(&mut self, limit: &Limit) -> Result<()> {
        self.insert(
            "approval_limits",
            &["login", "outcome", "currency", "amount"],
            vec![vec![limit.login.as_str().into(), limit.outcome.word().into(), limit.currency.code().into(), limit.amount.into()]],
            "on conflict (login, outcome, currency) do update set amount = excluded.amount",
        )
        .await
    }

    pub async fn add_delegation(&mut self, delegation: &Delegation) -> Result<()> {
        self.insert(
            "delegations",
            &["from_login", "to_login", "starts_on", "ends_on"],
            vec![vec![
                delegation.from_login.as_str().into(),
                delegation.to_login.as_str().into(),
                delegation.starts_on.to_string().into(),
                delegation.ends_on.to_string().into(),
            ]],
            "on conflict (from_login, to_login, starts_on) do update set ends_on = excluded.ends_on",
        )
        .await
    }
}
