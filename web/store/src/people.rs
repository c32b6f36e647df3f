//! The people who work here and their sessions.

use serde::{Deserialize, Serialize};

use crate::{Result, Store, Work};

/// A person as the row reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserRow {
    pub user_id: String,
    /// Lower case: the same address in another case is the same person.
    pub login: String,
    pub name: String,
    pub role: String,
    pub password_hash: String,
    pub active: bool,
    /// The code of the language of the pages; none follows the browser.
    pub language: Option<String>,
}

impl Work {
    pub async fn add_user(&mut self, user: &UserRow, created_at: &str) -> Result<()> {
        self.insert(
            "users",
            &["user_id", "login", "name", "role", "password_hash", "active", "language", "created_at"],
            vec![vec![
                user.user_id.as_str().into(),
                user.login.as_str().into(),
                user.name.as_str().into(),
                user.role.as_str().into(),
                user.password_hash.as_str().into(),
                user.active.into(),
                user.language.clone().into(),
                created_at.into(),
            ]],
            "",
        )
        .await
    }

    /// Whether somebody who may come in has this login.
    pub async fn is_active(&mut self, login: &str) -> Result<bool> {
        #[derive(Deserialize)]
        struct Person {
            active: bool,
        }
        let person: Option<Person> = self.row("select active from users where login = $1", vec![login.into()]).await?;
        Ok(person.is_some_and(|person| person.active))
    }

    /// Sets a new password hash and ends every session of the person; false when there is no such login.
    pub async fn set_password(&mut self, login: &str, password_hash: &str) -> Result<bool> {
        let changed = self.execute("update users set password_hash = $2 where login = $1", vec![login.into(), password_hash.into()]).await?;
        self.end_sessions_of(login).await?;
        Ok(changed > 0)
    }

    /// Sets what a person may do and whether the person may come in at all; every session of the person ends.
    pub async fn set_standing(&mut self, login: &str, role: &str, active: bool) -> Result<()> {
        self.execute("update users set role = $2, active = $3 where login = $1", vec![login.into(), role.into(), active.into()]).await?;
        self.end_sessions_of(login).await
    }

    /// Keeps in which language a person reads the pages.
    pub async fn set_language(&mut self, login: &str, language: &str) -> Result<()> {
        self.execute("update users set language = $2 where login = $1", vec![login.into(), language.into()]).await.map(drop)
    }

    async fn end_sessions_of(&mut self, login: &str) -> Result<()> {
        self.execute("delete from sessions where user_id in (select user_id from users where login = $1)", vec![login.into()]).await.map(drop)
    }

    /// A person and everybody else who may come in as an administrator. Their rows are locked: two people can't take the role from each other at once.
    pub async fn with_administrators(&mut self, login: &str) -> Result<(Option<UserRow>, usize)> {
        self.execute("update users set role = role where login = $1 or role = 'administrator'", vec![login.into()]).await?;
        let rows: Vec<UserRow> = self
            .rows(
                "select user_id, login, name, role, password_hash, active, language from users where login = $1 or (role = 'administrator' and active = true)",
                vec![login.into()],
            )
            .await?;
        let (mut own, others): (Vec<UserRow>, Vec<UserRow>) = rows.into_iter().partition(|row| row.login == login);
        Ok((own.pop(), others.len()))
    }

    /// Begins a session; only the hash of its token is kept. Times are seconds since 1970.
    pub async fn add_session(&mut self, token_hash: &str, user_id: &str, now: i64) -> Result<()> {
        self.insert(
            "sessions",
            &["token_hash", "user_id", "created_at", "last_seen_at"],
            vec![vec![token_hash.into(), user_id.into(), now.into(), now.into()]],
            "",
        )
        .await
    }

    pub async fn touch_session(&mut self, token_hash: &str, now: i64) -> Result<()> {
        self.execute("update sessions set last_seen_at = $2 where token_hash = $1", vec![token_hash.into(), now.into()]).await.map(drop)
    }

    pub async fn end_session(&mut self, token_hash: &str) -> Result<()> {
        self.execute("delete from sessions where token_hash = $1", vec![token_hash.into()]).await.map(drop)
    }
}

/// A session with its person.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SessionRow {
    pub created_at: i64,
    pub last_seen_at: i64,
    #[serde(flatten)]
    pub user: UserRow,
}

impl Store {
    pub async fn users(&self) -> Result<Vec<UserRow>> {
        self.rows("select user_id, login, name, role, password_hash, active, language from users order by login", vec![]).await
    }

    pub async fn user_by_login(&self, login: &str) -> Result<Option<UserRow>> {
        self.row("select user_id, login, name, role, password_hash, active, language from users where login = $1", vec![login.to_lowercase().into()]).await
    }

    pub async fn session(&self, token_hash: &str) -> Result<Option<SessionRow>> {
        self.row(
            "select s.created_at, s.last_seen_at, u.user_id, u.login, u.name, u.role, u.password_hash, u.active, u.language from sessions s join users u on u.user_id = s.user_id where s.token_hash = $1 and u.active = true",
            vec![token_hash.into()],
        )
        .await
    }
}
