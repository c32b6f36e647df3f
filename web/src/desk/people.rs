//! People: roles, passwords, coming and going.

use anyhow::{Result, anyhow, bail};
use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use recoup_store::audit::NewEntry;
use recoup_store::deeds::Deed;
use serde_json::json;

use crate::clock::now_text;
use crate::vault::digest;
use crate::workplace::Workplace;

/// The roles of the contract's screens.
pub const ROLES: [&str; 7] = ["analyst", "manager", "sales", "supply_chain", "customer_service", "auditor", "administrator"];

/// Refuses what can be guessed at once; no rule on the kinds of characters.
pub fn check_password(password: &str) -> Result<()> {
    if password.chars().count() < 8 {
        bail!("a password has at least 8 characters (15 or more are advised)");
    }
    Ok(())
}

/// Argon2id with the library's current parameters and a fresh salt.
pub fn hash_password(password: &str) -> Result<String> {
    let hash = Argon2::default().hash_password(password.as_bytes()).map_err(|error| anyhow!("the password can't be hashed: {error}"))?;
    Ok(hash.to_string())
}

/// Whether a password is the one that was hashed.
pub fn is_password(password: &str, hash: &str) -> bool {
    argon2::PasswordHash::new(hash).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

/// What changes for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change<'role> {
    Role(&'role str),
    /// May not come in any more: limits count for nothing, lent ones too, until the person is let in again. What the person did stays.
    Disable,
    /// May come in again.
    Enable,
}

/// Changes a person's role or standing. Every session of the person ends with it; tokens of other programs act with the new role, or not at all.
///
/// # Errors
/// Refuses an unknown login, and a change that would leave nobody to administer the place.
pub async fn change(workplace: &Workplace, actor: &str, login: &str, change: Change<'_>) -> Result<()> {
    let login = login.to_lowercase();
    let mut work = workplace.store.begin().await?;
    let (Some(before), other_administrators) = work.with_administrators(&login).await? else { bail!("there is no `{login}`") };
    let (role, active) = match change {
        Change::Role(role) => (role, before.active),
        Change::Disable => (before.role.as_str(), false),
        Change::Enable => (before.role.as_str(), true),
    };
    let administers = |role: &str, active: bool| active && role == "administrator";
    if administers(&before.role, before.active) && !administers(role, active) && other_administrators == 0 {
        bail!("`{login}` is the last administrator: give somebody else the role first");
    }
    if (role, active) == (before.role.as_str(), before.active) {
        bail!(
            "`{login}` is {} already",
            if change == Change::Disable {
                "disabled"
            } else if change == Change::Enable {
                "active"
            } else {
                role
            }
        );
    }
    work.set_standing(&login, role, active).await?;
    let action = match change {
        Change::Role(_) => Deed::RoleChanged,
        Change::Disable => Deed::PersonDisabled,
        Change::Enable => Deed::PersonEnabled,
    };
    let detail = json!({ "before": { "role": before.role, "active": before.active }, "after": { "role": role, "active": active } });
    let entry = NewEntry { at: now_text(), actor: actor.to_owned(), action: action.into(), subject: login, detail: detail.to_string() };
    work.append_audit(vec![entry], digest).await?;
    work.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use recoup_engine::claim::Outcome;
    use recoup_engine::claim::authority::Limit;
    use recoup_store::people::UserRow;

    use super::*;

    #[tokio::test]
    async fn a_person_who_leaves_is_out_at_once_and_the_last_administrator_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let workplace = Workplace::open(folder.path(), None).await.expect("a workplace");
        let mut work = workplace.store.begin().await.expect("work");
        for (login, role) in [("ada", "administrator"), ("sam", "analyst")] {
            let user = UserRow {
                user_id: login.to_owned(),
                login: login.to_owned(),
                name: login.to_owned(),
                role: role.to_owned(),
                password_hash: String::new(),
                active: true,
                language: None,
            };
            work.add_user(&user, &now_text()).await.expect("added");
            work.add_session(login, login, 0).await.expect("a session");
            let limit = Limit { login: login.to_owned(), outcome: Outcome::Accept, currency: "EUR".parse().expect("a currency"), amount: 100 };
            work.set_limit(&limit).await.expect("a limit");
        }
        work.commit().await.expect("committed");
        let refused = |result: Result<()>| result.expect_err("refused").to_string();
        let as_analyst = Change::Role("analyst");
        assert!(refused(change(&workplace, "test", "ada", as_analyst).await).contains("the last administrator"));
        assert!(refused(change(&workplace, "test", "ada", Change::Disable).await).contains("the last administrator"));
        assert!(refused(change(&workplace, "test", "nobody", Change::Disable).await).contains("there is no `nobody`"));
        assert!(refused(change(&workplace, "test", "sam", as_analyst).await).contains("`sam` is analyst already"));
        change(&workplace, "test", "Sam", Change::Role("administrator")).await.expect("changed");
        assert!(workplace.store.session("sam").await.expect("asked").is_none(), "the session with the old role ended");
        change(&workplace, "test", "ada", Change::Disable).await.expect("another administrator is here");
        assert!(workplace.store.session("ada").await.expect("asked").is_none());
        let limits = workplace.store.authority().await.expect("read").limits;
        assert_eq!(limits.iter().map(|limit| limit.login.as_str()).collect::<Vec<_>>(), ["sam"], "nobody settles with the limit of who is out");
        assert!(refused(change(&workplace, "test", "sam", Change::Disable).await).contains("the last administrator"), "who can't come in doesn't count");
        change(&workplace, "test", "ada", Change::Enable).await.expect("back again");
        let log = workplace.store.export_audit(None).await.expect("read");
        let acts: Vec<&str> = log.iter().map(|entry| entry.action.as_str()).collect();
        assert_eq!(acts, ["changed a role", "disabled a person", "enabled a person"], "a refused change leaves no entry");
    }

    #[test]
    fn a_password_is_known_by_its_hash_only() {
        let hash = hash_password("a long enough phrase").expect("hashed");
        assert!(hash.starts_with("$argon2id$") && !hash.contains("phrase"));
        assert!(is_password("a long enough phrase", &hash));
        assert!(!is_password("another phrase", &hash));
        assert!(check_password("short").is_err());
    }
}
