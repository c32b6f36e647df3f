//! Sales say what they agreed: confirmed, not ours, or agreed but different. The answer is kept as evidence and its claims are judged again.

use anyhow::{Context, Result, bail};
use jiff::ToSpan;
use jiff::civil::Date;
use recoup_engine::agreement::{Agreement, AgreementStatus};
use recoup_engine::claim::Outcome;
use recoup_engine::money::Money;
use recoup_store::agreements::{AgreementRow, AnswerRow, LinkRow};
use recoup_store::audit::NewEntry;
use rust_decimal::Decimal;

use crate::clock::{now_nanoseconds, now_text, today};
use crate::desk::triage::judge_pending;
use crate::desk::triage::rehearsal::settled_by_itself;
use crate::vault::digest;
use crate::workplace::Workplace;

/// A link asks for so long.
const LINK_DAYS: i64 = 14;

/// What sales say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Confirmed,
    NotOurs,
    /// Agreed, but with these terms.
    Different {
        rate: Decimal,
        starts_on: Date,
        ends_on: Date,
    },
}

/// What a link leads to.
#[derive(Debug)]
pub enum Asked {
    /// The agreement that is asked about.
    Open(Box<AgreementRow>),
    /// It was answered with this link already.
    Used(Box<AgreementRow>),
    /// More money is at stake than the link is good for: an account is needed.
    TooMuch(Box<AgreementRow>),
    Expired,
    /// There is no such link.
    Unknown,
}

/// Keeps an answer and judges again what rests on the agreement; returns how many deductions were judged. An answer that would settle more by itself
/// than this person may accept alone is refused.
pub async fn answer(workplace: &Workplace, by: &str, agreement_id: &str, answer: &Answer, words: &str) -> Result<usize> {
    let before = workplace.store.agreement_row(agreement_id).await?.with_context(|| format!("there is no agreement {agreement_id}"))?.agreement;
    if let Some(above) = above_limit(workplace, by, &applied(&before, answer)?.1).await? {
        bail!("This answer would settle {above}. Somebody with a higher limit answers, or these claims are decided one by one first.");
    }
    record(workplace, by, before, answer, words, None).await?;
    judge(workplace).await
}

/// The same through a link, which is used up; `Asked::Open` tells that it was done.
pub async fn answer_by_link(workplace: &Workplace, token: &str, answer: &Answer, words: &str) -> Result<Asked> {
    let asked = asked(workplace, token).await?;
    let Asked::Open(row) = &asked else { return Ok(asked) };
    let by = row.agreement.contact_email.clone().unwrap_or_else(|| "sales, by link".to_owned());
    let Some(link) = workplace.store.agreement_link(&digest(token)).await? else { return Ok(Asked::Unknown) };
    if above_limit(workplace, &link.made_by, &applied(&row.agreement, answer)?.1).await?.is_some() {
        return Ok(Asked::TooMuch(row.clone()));
    }
    if !record(workplace, &by, row.agreement.clone(), answer, words, Some(&digest(token))).await? {
        return Ok(Asked::Used(row.clone()));
    }
    judge(workplace).await?;
    Ok(asked)
}

/// Makes a link for an agreement; `token` is random and only its hash is kept.
pub async fn make_link(workplace: &Workplace, by: &str, agreement_id: &str, token: &str) -> Result<()> {
    let expires_on = today().saturating_add(LINK_DAYS.days()).to_string();
    let link = LinkRow { agreement_id: agreement_id.to_owned(), made_by: by.to_owned(), expires_on: expires_on.clone(), used_at: None };
    let mut work = workplace.store.begin().await?;
    work.add_agreement_link(&digest(token), &link).await?;
    work.append_audit(vec![entry(by, "ask_sales", agreement_id, &serde_json::json!({ "expires_on": expires_on }))], digest).await?;
    work.commit().await?;
    Ok(())
}

/// What a link leads to now. Looking changes nothing: link scanners may look as often as they like.
pub async fn asked(workplace: &Workplace, token: &str) -> Result<Asked> {
    let Some(link) = workplace.store.agreement_link(&digest(token)).await? else { return Ok(Asked::Unknown) };
    let Some(row) = workplace.store.agreement_row(&link.agreement_id).await?.map(Box::new) else { return Ok(Asked::Unknown) };
    if link.used_at.is_some() {
        return Ok(Asked::Used(row));
    }
    if link.expires_on < today().to_string() {
        return Ok(Asked::Expired);
    }
    let authority = workplace.store.authority().await?;
    let limit = authority.standing(&link.made_by, Outcome::Accept, row.agreement.currency, today(), 0, &[]).limit;
    Ok(if row.open_amount > limit { Asked::TooMuch(row) } else { Asked::Open(row) })
}

/// What the new terms would settle by themselves, in words, when it is more than this person may accept alone.
async fn above_limit(workplace: &Workplace, login: &str, now: &Agreement) -> Result<Option<String>> {
    let authority = workplace.store.authority().await?;
    for (currency, minor) in settled_by_itself(workplace, now).await? {
        let standing = authority.standing(login, Outcome::Accept, currency, today(), 0, &[]);
        if standing.settle(minor, currency).is_err() {
            let (total, limit) = (Money::new(minor, currency), Money::new(standing.limit, currency));
            return Ok(Some(format!("{total} {currency} of claims by itself, and {login} may accept {limit} {currency} alone")));
        }
    }
    Ok(None)
}

/// Writes the answer; false when the link was used in the meantime.
async fn record(workplace: &Workplace, by: &str, before: Agreement, answer: &Answer, words: &str, link: Option<&str>) -> Result<bool> {
    let agreement_id = before.agreement_id.as_str();
    let (word, now) = applied(&before, answer)?;
    let terms = terms(&before, &now);
    let mut work = workplace.store.begin().await?;
    if let Some(token_hash) = link
        && !work.use_agreement_link(token_hash, &now_text()).await?
    {
        return Ok(false);
    }
    let row = AnswerRow {
        answer_id: format!("{:016x}-{}", now_nanoseconds(), &digest(&format!("{agreement_id}\u{1f}{by}"))[..8]),
        agreement_id: agreement_id.to_owned(),
        answer: word.to_owned(),
        words: words.trim().to_owned(),
        terms,
        answered_by: by.to_owned(),
        answered_on: today().to_string(),
    };
    work.answer_agreement(&row, &now).await?;
    let detail = serde_json::json!({ "answer": word, "words": row.words, "before": before, "after": now });
    work.append_audit(vec![entry(by, "answer_agreement", agreement_id, &detail)], digest).await?;
    work.commit().await?;
    Ok(true)
}

/// The agreement as the answer leaves it.
fn applied(before: &Agreement, answer: &Answer) -> Result<(&'static str, Agreement)> {
    Ok(match answer {
        Answer::Confirmed => ("confirmed", Agreement { status: AgreementStatus::Confirmed, ..before.clone() }),
        Answer::NotOurs => ("not_ours", Agreement { status: AgreementStatus::Rejected, ..before.clone() }),
        Answer::Different { ends_on, starts_on, .. } if ends_on < starts_on => bail!("the last day {ends_on} is before the first day {starts_on}"),
        Answer::Different { rate, .. } if rate.is_sign_negative() => bail!("a rate is not negative"),
        Answer::Different { rate, starts_on, ends_on } => {
            ("different", Agreement { status: AgreementStatus::Confirmed, rate: *rate, starts_on: *starts_on, ends_on: *ends_on, ..before.clone() })
        }
    })
}

fn terms(before: &Agreement, now: &Agreement) -> String {
    let rate = (before.rate != now.rate).then(|| format!("rate {} instead of {}", now.rate.normalize(), before.rate.normalize()));
    let starts = (before.starts_on != now.starts_on).then(|| format!("from {} instead of {}", now.starts_on, before.starts_on));
    let ends = (before.ends_on != now.ends_on).then(|| format!("until {} instead of {}", now.ends_on, before.ends_on));
    [rate, starts, ends].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Judges what the answer opened. Another process that is at it takes these along.
async fn judge(workplace: &Workplace) -> Result<usize> {
    match workplace.lock_processing() {
        Ok(_alone) => judge_pending(workplace).await,
        Err(busy) => {
            tracing::info!("left to the process that is judging: {busy:#}");
            Ok(0)
        }
    }
}

fn entry(actor: &str, action: &str, agreement_id: &str, detail: &serde_json::Value) -> NewEntry {
    NewEntry { at: now_text(), actor: actor.to_owned(), action: action.to_owned(), subject: agreement_id.to_owned(), detail: detail.to_string() }
}
