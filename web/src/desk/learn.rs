//! What decided deductions teach: trained on command and by the server, kept with its version, asked only where code, words and amounts say nothing.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use recoup_engine::facts::Facts;
use recoup_engine::recovery::TrackRecords;
use recoup_rules::learnt::calibration::Examined;
use recoup_rules::learnt::signs::{Looked, signs};
use recoup_rules::learnt::{Lesson, Model};
use recoup_store::audit::NewEntry;
use recoup_store::deeds::Deed;
use recoup_store::learning::KeptModel;
use serde::Serialize;

use crate::clock::now_text;
use crate::vault::digest;
use crate::workplace::Workplace;

/// A model with the version that verdicts name.
#[derive(Debug)]
pub struct Learnt {
    pub version: String,
    pub model: Model,
}

impl Learnt {
    pub fn read(kept: KeptModel) -> Result<Self> {
        let model = serde_json::from_str(&kept.model).with_context(|| format!("what was learnt as {} can't be read", kept.version))?;
        Ok(Self { version: kept.version, model })
    }
}

/// What training came to.
#[derive(Clone, Debug, Serialize)]
pub struct Trained {
    pub version: String,
    pub lessons: usize,
    pub by_category: BTreeMap<String, u32>,
    /// How the proposals fared on decisions that were held back.
    pub examined: Examined,
    /// How often a proposal must be right before it is made, of the rule book.
    pub precision_asked: String,
    /// Deductions without a reason that are judged again.
    pub reopened: u64,
}

/// Trains from everything that is decided now, puts the model in force and marks what it may speak about for judging again.
pub async fn learn(workplace: &Workplace, by: &str) -> Result<Trained> {
    let lessons = lessons(workplace).await?;
    if lessons.is_empty() {
        bail!("there is nothing to learn from yet: no deduction is decided, and settled_deductions.csv names no category");
    }
    let rules = workplace.renew_rules().await?;
    let learning = rules.book.settings.learning.clone();
    let model = tokio::task::spawn_blocking(move || {
        let model = Model::train(&lessons, &learning);
        (model.curve.examined(&learning), model)
    });
    let (examined, model) = model.await?;
    let text = serde_json::to_string(&model)?;
    let kept = KeptModel {
        version: format!("learnt@{}", &digest(&text)[..8]),
        model: text,
        lessons: i64::from(model.counts.lessons),
        trained_at: now_text(),
        trained_by: by.to_owned(),
    };
    let mut work = workplace.store.begin().await?;
    work.keep_model(&kept).await?;
    let reopened = work.reopen_unexplained_verdicts().await?;
    let detail = serde_json::json!({ "lessons": kept.lessons, "examined": examined, "reopened": reopened }).to_string();
    let entry = NewEntry { at: now_text(), actor: by.to_owned(), action: Deed::Learnt.into(), subject: kept.version.clone(), detail };
    work.append_audit(vec![entry], digest).await?;
    work.commit().await?;
    Ok(Trained {
        version: kept.version,
        lessons: usize::try_from(kept.lessons)?,
        by_category: model.counts.categories.iter().map(|(category, count)| (category.word().to_owned(), *count)).collect(),
        examined,
        precision_asked: rules.book.settings.learning.precision.to_string(),
        reopened,
    })
}

/// Whether enough was decided since the last training; never before somebody trained for the first time.
pub async fn is_due(workplace: &Workplace) -> Result<bool> {
    let Some(kept) = workplace.store.model_in_force().await? else { return Ok(false) };
    let new = workplace.store.count_of_lessons().await? - kept.lessons;
    Ok(new >= i64::from(workplace.rules().book.settings.learning.retrain_after))
}

async fn lessons(workplace: &Workplace) -> Result<Vec<Lesson>> {
    let facts = Facts::of_customers(workplace.store.customers().await?);
    let own_codes = workplace.store.reason_codes().await?;
    let rules = workplace.renew_rules().await?;
    let records = TrackRecords::default();
    let policy = rules.policy(&own_codes, &records);
    let lessons = workplace.store.lessons().await?.into_iter().map(|row| {
        let looked = Looked {
            customer_id: &row.customer_id,
            words: row.words.as_deref().unwrap_or_default(),
            code: row.code.as_deref(),
            code_list: row.code_list,
            shape: row.shape,
            amount: row.amount,
            settled_gross: row.settled_gross,
            debit_note_number: row.debit_note_number.as_deref(),
        };
        Lesson { signs: signs(looked, policy, &facts), category: row.category }
    });
    Ok(lessons.collect())
}
