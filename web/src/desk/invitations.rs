//! Asking somebody in: a link that works once and for some days. Only the person who opens it ever knows the password.

use anyhow::{Result, bail};
use jiff::ToSpan;
use recoup_store::audit::NewEntry;
use recoup_store::deeds::Deed;
use recoup_store::invitations::InvitationRow;
use recoup_store::people::UserRow;
use serde_json::json;

use super::people::{ROLES, check_password, hash_password};
use crate::clock::{now_text, today};
use crate::vault::digest;
use crate::workplace::Workplace;

/// Days that a link works.
pub const DAYS: i64 = 7;

/// Keeps an invitation under the hash of its token. For somebody who is here already it sets a new password and changes nothing else.
///
/// # Errors
/// Refuses a login of several words, and a role that there isn't.
pub async fn invite(workplace: &Workplace, actor: &str, token: &str, login: &str, name: &str, role: &str) -> Result<()> {
    let login = login.trim().to_lowercase();
    if login.is_empty() || login.contains(char::is_whitespace) {
        bail!("a login is one word, for example a mail address");
    }
    if !ROLES.contains(&role) {
        bail!("there is no role `{role}`");
    }
    let name = Some(name.trim()).filter(|name| !name.is_empty()).unwrap_or(&login).to_owned();
    let expires_on = today().saturating_add(DAYS.days()).to_string();
    let invitation = InvitationRow { login: login.clone(), name, role: role.to_owned(), made_by: actor.to_owned(), expires_on, used_at: None };
    let action = if workplace.store.user_by_login(&login).await?.is_some() { Deed::PasswordLinkMade } else { Deed::Invited };
    let mut work = workplace.store.begin().await?;
    work.add_invitation(&digest(token), &invitation).await?;
    let detail = json!({ "role": role, "expires_on": invitation.expires_on }).to_string();
    work.append_audit(vec![NewEntry { at: now_text(), actor: actor.to_owned(), action: action.into(), subject: login, detail }], digest).await?;
    work.commit().await?;
    Ok(())
}

/// Ends a link that nobody has used yet; false when there is none.
pub async fn withdraw(workplace: &Workplace, actor: &str, login: &str) -> Result<bool> {
    let mut work = workplace.store.begin().await?;
    if !work.withdraw_invitation(login).await? {
        return Ok(false);
    }
    let entry =
        NewEntry { at: now_text(), actor: actor.to_owned(), action: Deed::InvitationWithdrawn.into(), subject: login.to_owned(), detail: "{}".to_owned() };
    work.append_audit(vec![entry], digest).await?;
    work.commit().await?;
    Ok(true)
}

/// Invitations whose link still works, by login.
pub async fn open(workplace: &Workplace) -> Result<Vec<InvitationRow>> {
    let mut open = Vec::new();
    for row in workplace.store.unused_invitations().await? {
        if still_works(workplace, &row).await? {
            open.push(row);
        }
    }
    Ok(open)
}

/// A link ends with its day, and with the right of the person who made it.
async fn still_works(workplace: &Workplace, row: &InvitationRow) -> Result<bool> {
    let maker = workplace.store.user_by_login(&row.made_by).await?;
    let may_ask_in = maker.is_some_and(|maker| maker.active && maker.role == "administrator");
    Ok(may_ask_in && row.used_at.is_none() && row.expires_on >= today().to_string())
}

/// The invitation behind a link that still works.
pub async fn asked_in(workplace: &Workplace, token: &str) -> Result<Option<InvitationRow>> {
    let Some(row) = workplace.store.invitation(&digest(token)).await? else { return Ok(None) };
    Ok(still_works(workplace, &row).await?.then_some(row))
}

/// Sets the password and makes the account, once.
///
/// # Errors
/// Refuses a password that is too short, and a link that ended.
pub async fn accept(workplace: &Workplace, token: &str, password: &str) -> Result<()> {
    check_password(password)?;
    let Some(InvitationRow { login, name, role, made_by, .. }) = asked_in(workplace, token).await? else { bail!("this link has ended: ask for a new one") };
    let password_hash = hash_password(password)?;
    let known = workplace.store.user_by_login(&login).await?;
    let mut work = workplace.store.begin().await?;
    if !work.use_invitation(&digest(token), &now_text()).await? {
        bail!("this link was used already");
    }
    let action = if known.is_some() {
        work.set_password(&login, &password_hash).await?;
        Deed::PasswordSet
    } else {
        let user_id = format!("U-{}", &digest(&login)[..12]);
        work.add_user(&UserRow { user_id, login: login.clone(), name, role: role.clone(), password_hash, active: true, language: None }, &now_text()).await?;
        Deed::PersonAdded
    };
    let detail = json!({ "role": role, "invited_by": made_by }).to_string();
    work.append_audit(vec![NewEntry { at: now_text(), actor: login.clone(), action: action.into(), subject: login, detail }], digest).await?;
    work.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::people::{Change, change, is_password};

    async fn administrators(workplace: &Workplace, logins: &[&str]) {
        let mut work = workplace.store.begin().await.expect("work");
        for login in logins {
            let login = (*login).to_owned();
            let user = UserRow {
                user_id: login.clone(),
                name: login.clone(),
                login,
                role: "administrator".to_owned(),
                password_hash: String::new(),
                active: true,
                language: None,
            };
            work.add_user(&user, &now_text()).await.expect("added");
        }
        work.commit().await.expect("committed");
    }

    #[tokio::test]
    async fn a_link_ends_when_it_is_withdrawn_and_with_the_right_of_who_made_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let workplace = Workplace::open(folder.path(), None).await.expect("a workplace");
        administrators(&workplace, &["ada", "bea"]).await;
        invite(&workplace, "ada", "first", "mia", "Mia Holm", "analyst").await.expect("invited");
        assert!(withdraw(&workplace, "bea", "mia").await.expect("withdrawn"));
        assert!(!withdraw(&workplace, "bea", "mia").await.expect("asked"), "once");
        assert!(accept(&workplace, "first", "a long passphrase").await.is_err());
        for (token, ended) in [("second", Change::Role("analyst")), ("third", Change::Disable)] {
            invite(&workplace, "ada", token, "mia", "Mia Holm", "analyst").await.expect("invited");
            assert_eq!(open(&workplace).await.expect("asked").len(), 1);
            change(&workplace, "bea", "ada", ended).await.expect("changed");
            assert_eq!(open(&workplace).await.expect("asked").len(), 0, "{ended:?}");
            assert!(accept(&workplace, token, "a long passphrase").await.is_err(), "{ended:?}");
            change(&workplace, "bea", "ada", Change::Role("administrator")).await.ok();
        }
        invite(&workplace, "bea", "fourth", "ada", "", "analyst").await.expect("a link for a password");
        let log = workplace.store.export_audit(None).await.expect("read");
        let count = |deed: Deed| log.iter().filter(|entry| entry.action == deed.word()).count();
        assert_eq!((count(Deed::Invited), count(Deed::InvitationWithdrawn), count(Deed::PasswordLinkMade)), (3, 1, 1));
    }

    #[tokio::test]
    async fn a_link_makes_one_account_once_and_then_only_a_password() {
        let folder = tempfile::tempdir().expect("a folder");
        let workplace = Workplace::open(folder.path(), None).await.expect("a workplace");
        administrators(&workplace, &["ada"]).await;
        invite(&workplace, "ada", "first", "Mia@Example.org", "Mia Holm", "analyst").await.expect("invited");
        invite(&workplace, "ada", "second", "mia@example.org", "Mia Holm", "analyst").await.expect("invited again");
        assert!(asked_in(&workplace, "first").await.expect("asked").is_none(), "a later link ends the earlier one");
        assert!(accept(&workplace, "second", "short").await.is_err());
        accept(&workplace, "second", "a long passphrase").await.expect("in");
        assert!(accept(&workplace, "second", "another long one").await.is_err(), "once");
        let user = workplace.store.user_by_login("mia@example.org").await.expect("read").expect("there");
        assert_eq!((user.name.as_str(), user.role.as_str(), user.active), ("Mia Holm", "analyst", true));
        invite(&workplace, "ada", "third", "mia@example.org", "", "administrator").await.expect("a new password");
        accept(&workplace, "third", "a newer passphrase").await.expect("set");
        let user = workplace.store.user_by_login("mia@example.org").await.expect("read").expect("there");
        assert_eq!(user.role, "analyst", "a link for a password gives no role");
        assert!(is_password("a newer passphrase", &user.password_hash));
        assert!(invite(&workplace, "ada", "x", "two words", "", "analyst").await.is_err());
        assert!(invite(&workplace, "ada", "x", "one", "", "king").await.is_err());
    }
}
