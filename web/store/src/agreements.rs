//! Agreements as sales see them: what is claimed under each, what sales said about it, and the links that ask.

use recoup_engine::agreement::Agreement;
use serde::{Deserialize, Serialize};

use crate::screens::worklist::Sum;
use crate::verdicts::{RESTS_ON_AGREEMENT, reference_to};
use crate::{Result, Store, Value, Work};

/// A claim as it was read.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct WaitingClaim {
    pub claim_id: String,
    pub version: i64,
}

/// An agreement with what deductions made of it. Amounts are minor units of its currency.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct AgreementRow {
    #[serde(flatten)]
    pub agreement: Agreement,
    pub customer_name: Option<String>,
    pub claimed: i64,
    /// Found owed under it; `None` while nothing of what is claimed is decided.
    pub owed: Option<i64>,
    pub deductions: i64,
    /// Claims that nobody has decided.
    pub open_claims: i64,
    pub open_amount: i64,
}

/// What sales said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerRow {
    /// Grows with time: answers of one day are listed by it.
    pub answer_id: String,
    pub agreement_id: String,
    /// `confirmed`, `not_ours` or `different`.
    pub answer: String,
    pub words: String,
    /// The terms that were changed, in words; empty when none were.
    pub terms: String,
    pub answered_by: String,
    pub answered_on: String,
}

/// A link that asks without an account.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct LinkRow {
    pub agreement_id: String,
    /// Whose limit says for how much it is good.
    pub made_by: String,
    pub expires_on: String,
    pub used_at: Option<String>,
}

const ROWS: &str = "select a.*, k.name as customer_name, cast(coalesce(d.claimed, 0) as bigint) as claimed, cast(case when d.deductions is null then 0 else d.owed end as bigint) as owed, coalesce(d.deductions, 0) as deductions, \
     coalesce(o.open_claims, 0) as open_claims, cast(coalesce(o.open_amount, 0) as bigint) as open_amount \
     from agreements a left join customers k on k.customer_id = a.customer_id \
     left join (select agreement_id, sum(amount) as claimed, sum(valid_amount) as owed, count(*) as deductions from deductions where reversed = false and agreement_id is not null group by agreement_id) d on d.agreement_id = a.agreement_id \
     left join (select d.agreement_id, count(*) as open_claims, sum(c.amount) as open_amount from claims c join deductions d on d.deduction_id = c.deduction_id \
     where d.reversed = false and d.agreement_id is not null and c.status in ('open', 'waiting') group by d.agreement_id) o on o.agreement_id = a.agreement_id";

impl Store {
    /// Agreements, those that claims wait for first; blank narrows nothing.
    pub async fn agreement_rows(&self, status: Option<&str>, words: Option<&str>) -> Result<Vec<AgreementRow>> {
        self.rows(
            &format!(
                "{ROWS} where (cast($1 as text) is null or a.status = $1) and (cast($2 as text) is null or lower(a.agreement_id) like $2 or lower(a.description) like $2 or lower(a.customer_reference) like $2 or lower(k.name) like $2) \
                 order by case when a.status = 'proposed' then 0 else 1 end, coalesce(o.open_amount, 0) desc, a.ends_on desc, a.agreement_id"
            ),
            vec![status.into(), words.map(crate::screens::pattern).into()],
        )
        .await
    }

    pub async fn agreement_row(&self, agreement_id: &str) -> Result<Option<AgreementRow>> {
        self.row(&format!("{ROWS} where a.agreement_id = $1"), vec![agreement_id.into()]).await
    }

    /// What sales said, latest first.
    pub async fn answers_of(&self, agreement_id: &str) -> Result<Vec<AnswerRow>> {
        self.rows(
            "select answer_id, agreement_id, answer, words, terms, answered_by, answered_on from agreement_answers where agreement_id = $1 order by answered_on desc, answer_id desc",
            vec![agreement_id.into()],
        )
        .await
    }

    /// Minor units by currency that answers about an agreement let rules settle on or after a day.
    pub async fn settled_by_answers(&self, agreement_id: &str, since: &str) -> Result<Vec<Sum>> {
        self.rows(
            "select currency, count(*) as count, cast(sum(amount) as bigint) as amount from answer_settlements where agreement_id = $1 and settled_on >= $2 group by currency order by currency",
            vec![agreement_id.into(), since.into()],
        )
        .await
    }

    pub async fn agreement_link(&self, token_hash: &str) -> Result<Option<LinkRow>> {
        self.row("select agreement_id, made_by, expires_on, used_at from agreement_links where token_hash = $1", vec![token_hash.into()]).await
    }
}

impl Work {
    pub async fn add_agreement_link(&mut self, token_hash: &str, link: &LinkRow) -> Result<()> {
        self.insert(
            "agreement_links",
            &["token_hash", "agreement_id", "made_by", "expires_on"],
            vec![vec![token_hash.into(), link.agreement_id.as_str().into(), link.made_by.as_str().into(), link.expires_on.as_str().into()]],
            "",
        )
        .await
    }

    /// Uses a link up; false when it was used already.
    pub async fn use_agreement_link(&mut self, token_hash: &str, now: &str) -> Result<bool> {
        let values: Vec<Value> = vec![token_hash.into(), now.into()];
        Ok(self.execute("update agreement_links set used_at = $2 where token_hash = $1 and used_at is null", values).await? == 1)
    }

    /// Keeps what an answer lets rules settle, in minor units of a currency.
    pub async fn keep_answer_settlement(&mut self, answer: &AnswerRow, currency: &str, minor: i64) -> Result<()> {
        self.insert(
            "answer_settlements",
            &["answer_id", "agreement_id", "currency", "amount", "settled_on"],
            vec![vec![
                answer.answer_id.as_str().into(),
                answer.agreement_id.as_str().into(),
                currency.into(),
                minor.into(),
                answer.answered_on.as_str().into(),
            ]],
            "",
        )
        .await
    }

    /// The claims that wait for sales to say what this agreement is, with their versions.
    pub async fn claims_waiting_for_sales(&mut self, agreement_id: &str) -> Result<Vec<WaitingClaim>> {
        self.rows(
            &format!(
                "select claim_id, version from claims where state = 'waiting' and waiting_on = 'sales' \
                 and deduction_id in (select deduction_id from deductions where {RESTS_ON_AGREEMENT}) order by claim_id"
            ),
            vec![agreement_id.into(), reference_to(agreement_id).into()],
        )
        .await
    }

    /// Keeps an answer, changes the agreement to what it says, and opens the verdicts that rest on it. What a person decided stays.
    pub async fn answer_agreement(&mut self, answer: &AnswerRow, now: &Agreement) -> Result<u64> {
        self.insert(
            "agreement_answers",
            &["answer_id", "agreement_id", "answer", "words", "terms", "answered_by", "answered_on"],
            vec![vec![
                answer.answer_id.as_str().into(),
                answer.agreement_id.as_str().into(),
                answer.answer.as_str().into(),
                answer.words.as_str().into(),
                answer.terms.as_str().into(),
                answer.answered_by.as_str().into(),
                answer.answered_on.as_str().into(),
            ]],
            "",
        )
        .await?;
        self.execute(
            "update agreements set status = $2, rate = $3, starts_on = $4, ends_on = $5 where agreement_id = $1",
            vec![
                now.agreement_id.as_str().into(),
                now.status.word().into(),
                now.rate.to_string().into(),
                now.starts_on.to_string().into(),
                now.ends_on.to_string().into(),
            ],
        )
        .await?;
        self.execute(
            &format!("update deductions set needs_verdict = true where {RESTS_ON_AGREEMENT}"),
            vec![now.agreement_id.as_str().into(), reference_to(&now.agreement_id).into()],
        )
        .await
    }
}
