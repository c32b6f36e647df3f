//! Invitations: links that make an account, or set a new password, once.

use serde::{Deserialize, Serialize};

use crate::{Result, Store, Work};

/// Who is asked in, and as what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationRow {
    pub login: String,
    pub name: String,
    pub role: String,
    pub made_by: String,
    /// The last day on which the link works.
    pub expires_on: String,
    pub used_at: Option<String>,
}

impl Work {
    /// Keeps an invitation; earlier ones of the same login end with it.
    pub async fn add_invitation(&mut self, token_hash: &str, invitation: &InvitationRow) -> Result<()> {
        self.withdraw_invitation(&invitation.login).await?;
        self.insert(
            "invitations",
            &["token_hash", "login", "name", "role", "made_by", "expires_on"],
            vec![vec![
                token_hash.into(),
                invitation.login.as_str().into(),
                invitation.name.as_str().into(),
                invitation.role.as_str().into(),
                invitation.made_by.as_str().into(),
                invitation.expires_on.as_str().into(),
            ]],
            "",
        )
        .await
    }

    /// Takes back what nobody has used yet; false when there is nothing.
    pub async fn withdraw_invitation(&mut self, login: &str) -> Result<bool> {
        Ok(self.execute("delete from invitations where login = $1 and used_at is null", vec![login.into()]).await? > 0)
    }

    /// Uses an invitation up; false when somebody was faster.
    pub async fn use_invitation(&mut self, token_hash: &str, at: &str) -> Result<bool> {
        Ok(self.execute("update invitations set used_at = $2 where token_hash = $1 and used_at is null", vec![token_hash.into(), at.into()]).await? == 1)
    }
}

impl Store {
    pub async fn invitation(&self, token_hash: &str) -> Result<Option<InvitationRow>> {
        self.row("select login, name, role, made_by, expires_on, used_at from invitations where token_hash = $1", vec![token_hash.into()]).await
    }

    /// Invitations that nobody has used yet, by login; some may have ended.
    pub async fn unused_invitations(&self) -> Result<Vec<InvitationRow>> {
        self.rows("select login, name, role, made_by, expires_on, used_at from invitations where used_at is null order by login", vec![]).await
    }
}
