//! `recoup user`

use std::io::{BufRead, IsTerminal};

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use jiff::ToSpan;
use recoup_engine::claim::authority::{Authority, Delegation, Limit};
use recoup_engine::money::{Money, format_minor};
use recoup_store::audit::NewEntry;
use recoup_store::deeds::Deed;
use recoup_store::people::UserRow;
use serde_json::json;

use super::{Ended, say};
use crate::clock::{now_text, today};
use crate::desk::authority::{known, lend, set_limit};
use crate::desk::people::{Change, ROLES, change, check_password, hash_password};
use crate::pages::random_text;
use crate::vault::digest;
use crate::workplace::Workplace;

/// Who acts, as the log names it.
const ACTOR: &str = "command line";

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
    /// Change a person's role; every session of the person ends.
    Role {
        login: String,
        #[arg(value_parser = clap::builder::PossibleValuesParser::new(ROLES))]
        role: String,
    },
    /// Keep a person out from now on: every session ends and every token stops. What the person did stays.
    Disable { login: String },
    /// Let a disabled person in again.
    Enable { login: String },
    /// Set what a person may settle alone; what is above it, another person approves.
    Limit {
        login: String,
        #[arg(long, value_parser = clap::builder::PossibleValuesParser::new(["accept", "write_off"]))]
        outcome: String,
        #[arg(long)]
        currency: String,
        /// In whole units, as 500 or 1234.50.
        #[arg(long)]
        amount: String,
    },
    /// Lend the limits of a person to another, from a day to a day, both included.
    Delegate {
        from: String,
        to: String,
        #[arg(long, value_name = "DATE")]
        from_day: jiff::civil::Date,
        #[arg(long, value_name = "DATE")]
        until_day: jiff::civil::Date,
    },
    /// Make a token with which another program acts for a person; it is printed once.
    Token {
        login: String,
        /// What it is for.
        #[arg(long)]
        name: String,
        /// Let it act; without this it only reads.
        #[arg(long)]
        write: bool,
        #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(i64).range(1..=730))]
        days: i64,
    },
    /// List people and roles, and what they may settle alone.
    List,
}

pub async fn run(workplace: &Workplace, arguments: Arguments, json: bool) -> Result<Ended> {
    match arguments.act {
        Act::Add { login, role, name, password_stdin } => add(workplace, login.to_lowercase(), role, name, password_stdin).await?,
        Act::Passwd { login, password_stdin } => {
            let hash = hash_password(&read_password(password_stdin)?)?;
            let mut work = workplace.store.begin().await?;
            if !work.set_password(&login.to_lowercase(), &hash).await? {
                bail!("there is no `{login}`");
            }
            work.append_audit(vec![entry(Deed::PasswordSet, &login.to_lowercase(), &serde_json::Value::Null)], digest).await?;
            work.commit().await?;
        }
        Act::Role { login, role } => change(workplace, ACTOR, &login, Change::Role(&role)).await?,
        Act::Disable { login } => change(workplace, ACTOR, &login, Change::Disable).await?,
        Act::Enable { login } => change(workplace, ACTOR, &login, Change::Enable).await?,
        Act::Limit { login, outcome, currency, amount } => {
            let amount = Money::parse(&amount, currency.parse()?)?;
            set_limit(workplace, ACTOR, Limit { login, outcome: outcome.parse()?, currency: amount.currency, amount: amount.minor }).await?;
        }
        Act::Delegate { from, to, from_day, until_day } => {
            lend(workplace, ACTOR, Delegation { from_login: from, to_login: to, starts_on: from_day, ends_on: until_day }).await?;
        }
        Act::Token { login, name, write, days } => {
            let login = known(workplace, &login).await?;
            let token = random_text(32);
            let scopes = if write { "read write" } else { "read" };
            let expires_on = today().saturating_add(days.days()).to_string();
            let mut work = workplace.store.begin().await?;
            work.add_api_token(&digest(&token), &login, &name, scopes, &expires_on, &now_text()).await?;
            work.append_audit(vec![entry(Deed::TokenMade, &login, &json!({ "name": name, "scopes": scopes, "expires_on": expires_on }))], digest).await?;
            work.commit().await?;
            println!("{token}");
        }
        Act::List => list(workplace, json).await?,
    }
    Ok(Ended::Done)
}

/// Adds a person who is not here yet.
async fn add(workplace: &Workplace, login: String, role: String, name: Option<String>, password_stdin: bool) -> Result<()> {
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
        language: None,
    };
    let mut work = workplace.store.begin().await?;
    work.add_user(&user, &now_text()).await?;
    work.append_audit(vec![entry(Deed::PersonAdded, &user.login, &serde_json::json!({ "role": user.role }))], digest).await?;
    work.commit().await?;
    Ok(())
}

/// Everybody with role and limits.
async fn list(workplace: &Workplace, json: bool) -> Result<()> {
    let users = workplace.store.users().await?;
    let authority = workplace.store.authority().await?;
    if json {
        let listed: Vec<_> = users
            .iter()
            .map(|user| json!({ "login": user.login, "name": user.name, "role": user.role, "active": user.active, "limits": limits(&authority, &user.login) }))
            .collect();
        say!("{}", json!({ "users": listed }));
    } else {
        for user in users {
            say!("{:24} {:18} {}{}", user.login, user.role, user.name, if user.active { "" } else { " (inactive)" });
            for limit in limits(&authority, &user.login) {
                say!("{:24} {} up to {} {}", "", limit.outcome.word().replace('_', " "), format_minor(limit.amount, limit.currency), limit.currency);
            }
            for lent in authority.delegations.iter().filter(|lent| lent.from_login == user.login) {
                say!("{:24} lent to {} from {} to {}", "", lent.to_login, lent.starts_on, lent.ends_on);
            }
        }
    }
    Ok(())
}

/// Who acts: somebody on file, or the command line itself.
pub(super) async fn actor(workplace: &Workplace, login: Option<&str>) -> Result<String> {
    match login {
        Some(login) => known(workplace, login).await,
        None => Ok("command line".to_owned()),
    }
}

fn limits<'all>(authority: &'all Authority, login: &str) -> Vec<&'all Limit> {
    authority.limits.iter().filter(|limit| limit.login == login).collect()
}

fn entry(action: Deed, login: &str, detail: &serde_json::Value) -> NewEntry {
    NewEntry { at: now_text(), actor: ACTOR.to_owned(), action: action.into(), subject: login.to_owned(), detail: detail.to_string() }
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
