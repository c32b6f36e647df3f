//! People: roles, passwords.

use anyhow::{Result, anyhow, bail};
use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_by_its_hash_only() {
        let hash = hash_password("a long enough phrase").expect("hashed");
        assert!(hash.starts_with("$argon2id$") && !hash.contains("phrase"));
        assert!(is_password("a long enough phrase", &hash));
        assert!(!is_password("another phrase", &hash));
        assert!(check_password("short").is_err());
    }
}
