//! Tokens of other programs, and the answers that repeated requests get again.

use serde::Deserialize;

use crate::people::UserRow;
use crate::{Result, Store, Value, Work};

/// A token with the person it acts for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct TokenRow {
    /// `read` or `read write`.
    pub scopes: String,
    pub expires_on: String,
    #[serde(flatten)]
    pub user: UserRow,
}

/// A request that came before under the same key.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct RequestRow {
    pub body_hash: String,
    /// Seconds since 1970.
    pub begun_at: i64,
    /// Absent while it runs.
    pub status: Option<i64>,
    pub answer: Option<String>,
}

impl Store {
    pub async fn api_token(&self, token_hash: &str) -> Result<Option<TokenRow>> {
        self.row(
            "select t.scopes, t.expires_on, u.user_id, u.login, u.name, u.role, u.password_hash, u.active from api_tokens t join users u on u.login = t.login where t.token_hash = $1 and u.active = true",
            vec![token_hash.into()],
        )
        .await
    }
}

impl Work {
    pub async fn add_api_token(&mut self, token_hash: &str, login: &str, name: &str, scopes: &str, expires_on: &str, created_at: &str) -> Result<()> {
        self.insert(
            "api_tokens",
            &["token_hash", "login", "name", "scopes", "expires_on", "created_at"],
            vec![vec![token_hash.into(), login.into(), name.into(), scopes.into(), expires_on.into(), created_at.into()]],
            "",
        )
        .await
    }

    /// Begins a request under its key; returns the one that came before, if there is one.
    pub async fn begin_request(&mut self, token_hash: &str, key: &str, body_hash: &str, now: i64) -> Result<Option<RequestRow>> {
        let values: Vec<Value> = vec![token_hash.into(), key.into(), body_hash.into(), now.into()];
        let sql =
            "insert into api_requests (token_hash, request_key, body_hash, begun_at) values ($1, $2, $3, $4) on conflict (token_hash, request_key) do nothing";
        if self.execute(sql, values).await? == 1 {
            return Ok(None);
        }
        self.row("select body_hash, begun_at, status, answer from api_requests where token_hash = $1 and request_key = $2", vec![token_hash.into(), key.into()])
            .await
    }

    pub async fn finish_request(&mut self, token_hash: &str, key: &str, status: i64, answer: &str) -> Result<()> {
        let values: Vec<Value> = vec![token_hash.into(), key.into(), status.into(), answer.into()];
        self.execute("update api_requests set status = $3, answer = $4 where token_hash = $1 and request_key = $2", values).await.map(drop)
    }
}
