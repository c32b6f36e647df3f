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

/// What came of training again.
#[derive(Debug)]
pub enum Retrained {
    /// Too little was decided since.
    NotDue,
    InForce(Box<Trained>),
    /// On decisions that were held back it was right less often than the book asks: the one before stays in force.
    Refuted(Examined),
}

/// Trains again when enough was decided since the last time. The new model takes the place of the one in force only where its calibration holds on decisions
/// that it never saw. `tried` is the number of lessons of the last try, so that a refuted one waits for more.
pub async fn retrain(workplace: &Workplace, tried: &mut i64) -> Result<Retrained> {
    if !is_due(workplace, *tried).await? {
        return Ok(Retrained::NotDue);
    }
    let count = workplace.store.count_of_lessons().await?;
    let learning = workplace.rules().book.settings.learning.clone();
    let lessons = lessons(workplace).await?;
    let asked = learning.clone();
    let examined = tokio::task::spawn_blocking(move || Model::examined_on_a_fifth(&lessons, &asked)).await?;
    if examined.holds(&learning) {
        let trained = learn(workplace, "recoup").await?;
        *tried = count;
        return Ok(Retrained::InForce(Box::new(trained)));
    }
    let in_force = workplace.store.model_in_force().await?.map(|kept| kept.version).unwrap_or_default();
    let detail = serde_json::json!({ "lessons": count, "examined": examined }).to_string();
    let entry = NewEntry { at: now_text(), actor: "recoup".to_owned(), action: Deed::LearntInVain.into(), subject: in_force, detail };
    let mut work = workplace.store.begin().await?;
    work.append_audit(vec![entry], digest).await?;
    work.commit().await?;
    // Only now: what failed on the way is tried again.
    *tried = count;
    Ok(Retrained::Refuted(examined))
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

/// Whether enough was decided since the last training and the last try; never before somebody trained for the first time.
pub async fn is_due(workplace: &Workplace, tried: i64) -> Result<bool> {
    let Some(kept) = workplace.store.model_in_force().await? else { return Ok(false) };
    let new = workplace.store.count_of_lessons().await? - kept.lessons.max(tried);
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

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::ops::Range;

    use super::*;
    use crate::desk::import::import;

    /// Settled deductions whose words mean one thing; from `turns` on another where the number is held back.
    async fn settle(workplace: &Workplace, folder: &tempfile::TempDir, numbers: Range<usize>, turns: usize) {
        let mut text = "customer_id,reference,category,amount,currency,settled_on,outcome,note\n".to_owned();
        for number in numbers {
            let (category, words) = match number % 10 {
                4 | 9 if number >= turns => ("slotting", "Sonderposten Filiale"),
                0 | 2 | 4 | 6 | 8 | 9 => ("coop_advertising", "Sonderposten Filiale"),
                _ => ("freight_charge", "Kistenpauschale"),
            };
            writeln!(text, "K1,S-{number:04},{category},{}.00,EUR,2026-01-15,credited,{words}", 100 + number).expect("text");
        }
        let path = folder.path().join("settled_deductions.csv");
        std::fs::write(&path, text).expect("written");
        import(workplace, &[path]).await.expect("imported");
    }

    async fn version(workplace: &Workplace) -> Option<String> {
        workplace.store.model_in_force().await.expect("read").map(|kept| kept.version)
    }

    #[tokio::test]
    async fn it_trains_again_by_itself_after_enough_decisions_and_only_while_its_calibration_holds() {
        let folder = tempfile::tempdir().expect("a folder");
        let workplace = Workplace::open(&folder.path().join("data"), None).await.expect("a workplace");
        let path = folder.path().join("customers.csv");
        std::fs::write(&path, "customer_id,name,currency\nK1,Kaufladen AG,EUR\n").expect("written");
        import(&workplace, &[path]).await.expect("imported");
        let mut tried = 0;
        settle(&workplace, &folder, 0..100, 1_000).await;
        assert!(matches!(retrain(&workplace, &mut tried).await, Ok(Retrained::NotDue)), "nobody has trained yet");
        learn(&workplace, "maria").await.expect("trained");
        let first = version(&workplace).await;
        settle(&workplace, &folder, 100..149, 1_000).await;
        assert!(matches!(retrain(&workplace, &mut tried).await, Ok(Retrained::NotDue)), "49 more are too few");
        settle(&workplace, &folder, 149..150, 1_000).await;
        let again = retrain(&workplace, &mut tried).await.expect("trained");
        assert!(matches!(&again, Retrained::InForce(trained) if trained.lessons == 150), "{again:?}");
        let second = version(&workplace).await;
        assert_ne!(first, second);
        settle(&workplace, &folder, 150..300, 150).await;
        let refuted = retrain(&workplace, &mut tried).await.expect("tried");
        assert!(matches!(refuted, Retrained::Refuted(examined) if examined.held_back == 60 && examined.right < examined.proposed), "{refuted:?}");
        assert_eq!(version(&workplace).await, second, "the one before stays in force");
        assert!(matches!(retrain(&workplace, &mut tried).await, Ok(Retrained::NotDue)), "it waits for more decisions");
        let log = workplace.store.export_audit(None).await.expect("read");
        assert_eq!(log.iter().filter(|entry| entry.action == "learnt").map(|entry| entry.actor.as_str()).collect::<Vec<_>>(), ["maria", "recoup"]);
        assert!(log.iter().any(|entry| entry.action == "learnt, not put in force" && Some(&entry.subject) == second.as_ref()));
    }
}
