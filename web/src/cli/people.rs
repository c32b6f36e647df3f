//! `recoup user`

use std::io::{BufRead, IsTerminal};

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use recoup_store::audit::NewEntry;
use recoup_store::people::UserRow;
use serde_json::json;

use super::{Ended, say};
use crate::clock::now_text;
use crate::desk::people::{ROLES, check_password, hash_password};
use crate::vault::digest;
use crate::workplace::Workplace;

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Add a person.
    Add {
        login: String,
        #[arg(long, default_value = "analyst", value_parser = clap::builder::PossibleValuesParser::new(ROLES))]
        role: String,
        /// The name that others see; the login without it.
        #[arg(long)]
        name: Option<String>,
        /// Read the password from standard input.
        #[arg(long)]
        password_stdin: bool,
    },
    /// Set a new password; every session of the person ends.
    Passwd {
        login: String,
        /// Read the password from standard input.
        #[arg(long)]
        password_stdin: bool,
    },
    /// List people and roles.
    List,
}

pub async fn run(workplace: &Workplace, arguments: Arguments, json: bool) -> Result<Ended> {
    match arguments.act {
        Act::Add { login, role, name, password_stdin } => {
            let login = login.to_lowercase();
            if workplace.store.user_by_login(&login).await?.is_some() {
                bail!("`{login}` exists already");
            }
            let password = read_password(password_stdin)?;
            let user = UserRow {
                user_id: format!("U-{}", &digest(&login)[..12]),
                name: name.unwrap_or_else(|| login.clone()),
                login,
                role,
                password_hash: hash_password(&password)?,
                active: true,
            };
            let mut work = workplace.store.begin().await?;
            work.add_user(&user, &now_text()).await?;
            work.append_audit(vec![entry("added a person", &user.login, &serde_json::json!({ "role": user.role }))], digest).await?;
            work.commit().await?;
        }
        Act::Passwd { login, password_stdin } => {
            let hash = hash_password(&read_password(password_stdin)?)?;
            let mut work = workplace.store.begin().await?;
            if !work.set_password(&login.to_lowercase(), &hash).await? {
                bail!("there is no `{login}`");
            }
            work.append_audit(vec![entry("set a password", &login.to_lowercase(), &serde_json::Value::Null)], digest).await?;
            work.commit().await?;
        }
        Act::List => {
            let users = workplace.store.users().await?;
            if json {
                let listed: Vec<_> =
                    users.iter().map(|user| json!({ "login": user.login, "name": user.name, "role": user.role, "active": user.active })).collect();
                say!("{}", json!({ "users": listed }));
            } else {
                for user in users {
                    say!("{:24} {:18} {}{}", user.login, user.role, user.name, if user.active { "" } else { " (inactive)" });
                }
            }
        }
    }
    Ok(Ended::Done)
}

fn entry(action: &str, login: &str, detail: &serde_json::Value) -> NewEntry {
    NewEntry { at: now_text(), actor: "command line".to_owned(), action: action.to_owned(), subject: login.to_owned(), detail: detail.to_string() }
}

fn read_password(from_stdin: bool) -> Result<String> {
    if !from_stdin && std::io::stdin().is_terminal() {
        eprint!("password: ");
    } else if !from_stdin {
        bail!("no terminal to ask for the password: give it with --password-stdin");
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).context("the password can't be read")?;
    let password = line.trim_end_matches(['\n', '\r']).to_owned();
    check_password(&password)?;
    Ok(password)
}
