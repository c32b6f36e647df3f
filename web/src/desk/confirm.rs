//! Sales say what they agreed: confirmed, not ours, or agreed but different. The answer is kept as evidence and its claims are judged again.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use jiff::ToSpan;
use jiff::civil::Date;
use recoup_engine::agreement::{Agreement, AgreementStatus};
use recoup_engine::claim::authority::SIBLING_DAYS;
use recoup_engine::claim::{Action, Outcome};
use recoup_engine::money::{Currency, Money};
use recoup_store::agreements::{AgreementRow, AnswerRow, LinkRow};
use recoup_store::audit::NewEntry;
use recoup_store::deeds::Deed;
use rust_decimal::Decimal;

use crate::clock::{now_nanoseconds, now_text, today};
use crate::desk::resolve::{Resolved, act_within};
use crate::desk::triage::judge_unless_busy;
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
    let settled = settled_by_itself(workplace, &applied(&before, answer)?.1).await?;
    if let Some(above) = above_limit(workplace, by, agreement_id, &settled).await? {
        bail!("This answer would settle {above}. Somebody with a higher limit answers, or these claims are decided one by one first.");
    }
    record(workplace, by, before, answer, words, None, &settled).await?;
    judge_unless_busy(workplace).await
}

/// The same through a link, which is used up; `Asked::Open` tells that it was done.
pub async fn answer_by_link(workplace: &Workplace, token: &str, answer: &Answer, words: &str) -> Result<Asked> {
    let asked = asked(workplace, token).await?;
    let Asked::Open(row) = &asked else { return Ok(asked) };
    let by = row.agreement.contact_email.clone().unwrap_or_else(|| "sales, by link".to_owned());
    let Some(link) = workplace.store.agreement_link(&digest(token)).await? else { return Ok(Asked::Unknown) };
    let settled = settled_by_itself(workplace, &applied(&row.agreement, answer)?.1).await?;
    if above_limit(workplace, &link.made_by, &link.agreement_id, &settled).await?.is_some() {
        return Ok(Asked::TooMuch(row.clone()));
    }
    if !record(workplace, &by, row.agreement.clone(), answer, words, Some(&digest(token)), &settled).await? {
        return Ok(Asked::Used(row.clone()));
    }
    judge_unless_busy(workplace).await?;
    Ok(asked)
}

/// Makes a link for an agreement; `token` is random and only its hash is kept. A link whose answer would be refused is not made.
pub async fn make_link(workplace: &Workplace, by: &str, agreement_id: &str, token: &str) -> Result<()> {
    let row = workplace.store.agreement_row(agreement_id).await?.with_context(|| format!("there is no agreement {agreement_id}"))?;
    if let Some(too_much) = beyond_a_link(workplace, by, &row).await? {
        bail!("A link made by you would not be good for the answer: {too_much}. Somebody with a higher limit makes it, or sales answer with an account.");
    }
    let expires_on = today().saturating_add(LINK_DAYS.days()).to_string();
    let link = LinkRow { agreement_id: agreement_id.to_owned(), made_by: by.to_owned(), expires_on: expires_on.clone(), used_at: None };
    let mut work = workplace.store.begin().await?;
    work.add_agreement_link(&digest(token), &link).await?;
    work.append_audit(vec![entry(by, Deed::SalesAsked, agreement_id, &serde_json::json!({ "expires_on": expires_on }))], digest).await?;
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
    // A page must not ask what it would then refuse to hear.
    Ok(if beyond_a_link(workplace, &link.made_by, &row).await?.is_some() { Asked::TooMuch(row) } else { Asked::Open(row) })
}

/// Why a link is not good for the answer to it, in words: more is open under the agreement, or would be settled by a yes, than its maker may accept alone.
async fn beyond_a_link(workplace: &Workplace, made_by: &str, row: &AgreementRow) -> Result<Option<String>> {
    let currency = row.agreement.currency;
    let limit = workplace.store.authority().await?.standing(made_by, Outcome::Accept, currency, today(), 0, &[]).limit;
    if row.open_amount > limit {
        let (open, limit) = (Money::new(row.open_amount, currency), Money::new(limit, currency));
        return Ok(Some(format!("{open} {currency} are open under this agreement, and {made_by} may accept {limit} {currency} alone")));
    }
    let settled = settled_by_itself(workplace, &applied(&row.agreement, &Answer::Confirmed)?.1).await?;
    above_limit(workplace, made_by, &row.agreement.agreement_id, &settled).await
}

/// What new terms would settle by themselves, in words, when it is more than this person may accept alone. Earlier answers about the same agreement count
/// with it, as the settlements of sibling claims do: a limit can't be passed in steps.
async fn above_limit(workplace: &Workplace, login: &str, agreement_id: &str, settled: &BTreeMap<Currency, i64>) -> Result<Option<String>> {
    let authority = workplace.store.authority().await?;
    let since = today().saturating_sub(SIBLING_DAYS.days()).to_string();
    let earlier = workplace.store.settled_by_answers(agreement_id, &since).await?;
    for (currency, minor) in settled {
        let before = earlier.iter().find(|sum| sum.currency == currency.code()).map_or(0, |sum| sum.amount);
        let standing = authority.standing(login, Outcome::Accept, *currency, today(), before, &[]);
        if standing.settle(*minor, *currency).is_err() {
            let (total, limit) = (Money::new(minor.saturating_add(before), *currency), Money::new(standing.limit, *currency));
            let with = if before == 0 { "" } else { " with the answers of the last 30 days" };
            return Ok(Some(format!("{total} {currency} of claims by itself{with}, and {login} may accept {limit} {currency} alone")));
        }
    }
    Ok(None)
}

/// Writes the answer; false when the link was used in the meantime.
async fn record(
    workplace: &Workplace,
    by: &str,
    before: Agreement,
    answer: &Answer,
    words: &str,
    link: Option<&str>,
    settled: &BTreeMap<Currency, i64>,
) -> Result<bool> {
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
    // What waited for this answer goes back to who works it.
    let authority = work.authority().await?;
    for waiting in work.claims_waiting_for_sales(agreement_id).await? {
        if let Resolved::Refused(refusal) = act_within(&mut work, &authority, by, &waiting.claim_id, waiting.version, &Action::Resume).await? {
            tracing::warn!("{} waits on, though sales answered: {refusal:?}", waiting.claim_id);
        }
    }
    for (currency, minor) in settled.iter().filter(|(_, minor)| **minor != 0) {
        work.keep_answer_settlement(&row, currency.code(), *minor).await?;
    }
    let detail = serde_json::json!({ "answer": word, "words": row.words, "before": before, "after": now });
    work.append_audit(vec![entry(by, Deed::SalesAnswered, agreement_id, &detail)], digest).await?;
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

fn entry(actor: &str, action: Deed, agreement_id: &str, detail: &serde_json::Value) -> NewEntry {
    NewEntry { at: now_text(), actor: actor.to_owned(), action: action.into(), subject: agreement_id.to_owned(), detail: detail.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::resolve::tests::{worked, workplace};

    #[tokio::test]
    async fn what_waited_for_sales_comes_back_with_their_answer() {
        let (workplace, _folder) = worked().await;
        let mut work = workplace.store.begin().await.expect("work");
        let columns = ["record_key", "row_hash", "agreement_id", "kind", "customer_id", "currency", "rate_type", "rate", "starts_on", "ends_on", "status"];
        let values = ["AG-3", "made", "AG-3", "bill_back", "K", "EUR", "percent", "5", "2026-01-01", "2026-12-31", "proposed"];
        work.insert("agreements", &columns, vec![values.map(Into::into).to_vec()], "").await.expect("an agreement");
        work.commit().await.expect("committed");
        let states = async || {
            let mut found = Vec::new();
            for claim in ["C-2", "C-3"] {
                found.push(workplace.store.claim(claim).await.expect("read").expect("there").claim().expect("a claim").state.word().word());
            }
            found
        };
        assert_eq!(states().await, ["waiting", "waiting"]);
        answer(&workplace, "mara", "AG-3", &Answer::NotOurs, "never agreed").await.expect("answered");
        assert_eq!(states().await, ["waiting", "in_review"], "who waits for the customer waits on");
    }

    #[tokio::test]
    async fn small_answers_about_one_agreement_count_together() {
        // Mara may accept 5.00 EUR alone.
        let (workplace, _folder) = workplace(1).await;
        let answer = |id: &str, day: Date| AnswerRow {
            answer_id: id.to_owned(),
            agreement_id: "AG-1".to_owned(),
            answer: "different".to_owned(),
            words: String::new(),
            terms: String::new(),
            answered_by: "mara".to_owned(),
            answered_on: day.to_string(),
        };
        let columns = ["answer_id", "agreement_id", "answer", "words", "terms", "answered_by", "answered_on"];
        let mut work = workplace.store.begin().await.expect("work");
        for (row, minor) in [(answer("1", today()), 400), (answer("2", today().saturating_sub(31.days())), 9_000)] {
            let values = [&row.answer_id, &row.agreement_id, &row.answer, &row.words, &row.terms, &row.answered_by, &row.answered_on];
            work.insert("agreement_answers", &columns, vec![values.into_iter().map(|value| value.as_str().into()).collect()], "").await.expect("an answer");
            work.keep_answer_settlement(&row, "EUR", minor).await.expect("kept");
        }
        work.commit().await.expect("committed");
        let above = async |agreement: &str, minor: i64| {
            let settled = BTreeMap::from([("EUR".parse().expect("a currency"), minor)]);
            above_limit(&workplace, "mara", agreement, &settled).await.expect("asked")
        };
        assert_eq!(above("AG-1", 100).await, None, "4.00 and 1.00 are 5.00; what is older than 30 days is forgotten");
        let refused = above("AG-1", 101).await.expect("refused");
        assert_eq!(refused, "5.01 EUR of claims by itself with the answers of the last 30 days, and mara may accept 5.00 EUR alone");
        assert_eq!(above("AG-2", 500).await, None, "another agreement is another matter");
        assert_eq!(above("AG-1", 0).await, None, "an answer that settles nothing needs no limit");
    }
}
