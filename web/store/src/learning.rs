//! Decided deductions as lessons, and the models that were trained from them: kept for ever, so that a proposal can be explained by its own model.

use recoup_engine::remittance::CodeList;
use recoup_engine::taxonomy::Category;
use recoup_engine::verdict::Shape;
use serde::Deserialize;

use crate::{Result, Store, Work};

/// A deduction whose category is settled: a person said it or decided its claim, or a test decided what is owed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct LessonRow {
    pub customer_id: String,
    pub shape: Option<Shape>,
    /// Minor units.
    pub amount: i64,
    pub settled_gross: Option<i64>,
    pub code: Option<String>,
    pub code_list: CodeList,
    pub words: Option<String>,
    pub debit_note_number: Option<String>,
    pub category: Category,
}

/// A standing deduction that somebody says a category of.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct NamedDeduction {
    pub deduction_id: String,
    pub status: String,
    pub category: Option<String>,
}

/// A model as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct KeptModel {
    pub version: String,
    /// JSON.
    pub model: String,
    pub lessons: i64,
    pub trained_at: String,
    pub trained_by: String,
}

/// What a person said teaches most. A proposal never teaches itself, and the column of discounts says what it is by itself.
const TAUGHT: &str = "from deductions where reversed = false and within_tolerance = false and needs_verdict = false and customer_id is not null and category is not null and category <> 'unknown' \
                      and shape <> 'discount' and (category_said is not null or rule <> 'learnt' and (status = 'decided' or validity <> 'unknown'))";
const NAMED: &str =
    "select deduction_id, status, category from deductions where reversed = false and (deduction_id = $1 or claim_id = $1) order by sequence, line, part";
const SETTLED: &str = "from settled_deductions where category is not null and category <> 'unknown'";
const COLUMNS: &str = "version, model, lessons, trained_at, trained_by";

impl Work {
    /// Notes what a person says that a deduction claims, and marks it for judging again.
    pub async fn say_category(&mut self, deduction_id: &str, category: Category, by: &str) -> Result<()> {
        self.touch_deductions(&[deduction_id.to_owned()]).await?;
        self.execute(
            "update deductions set category_said = $2, category_said_by = $3, needs_verdict = true where deduction_id = $1",
            vec![deduction_id.into(), category.word().into(), by.into()],
        )
        .await
        .map(drop)
    }

    /// The standing deductions of a claim inside a unit of work.
    pub async fn deductions_of_claim(&mut self, root_claim_id: &str) -> Result<Vec<NamedDeduction>> {
        self.rows(NAMED, vec![root_claim_id.into()]).await
    }

    /// Keeps a model and puts it in force; the same model again only says when it was trained last.
    pub async fn keep_model(&mut self, kept: &KeptModel) -> Result<()> {
        let sequence = self.next_numbers("learnt_model", 1).await?;
        let row = vec![
            kept.version.as_str().into(),
            sequence.into(),
            kept.model.as_str().into(),
            kept.lessons.into(),
            kept.trained_at.as_str().into(),
            kept.trained_by.as_str().into(),
        ];
        self.insert(
            "learnt_models",
            &["version", "sequence", "model", "lessons", "trained_at", "trained_by"],
            vec![row],
            "on conflict (version) do update set sequence = excluded.sequence, trained_at = excluded.trained_at, trained_by = excluded.trained_by",
        )
        .await
    }

    /// Marks the deductions that nothing explained, or past decisions only, for judging again; returns how many.
    pub async fn reopen_unexplained_verdicts(&mut self) -> Result<u64> {
        self.execute("update deductions set needs_verdict = true where rule in ('unexplained', 'learnt') and reversed = false and status <> 'decided'", vec![])
            .await
    }
}

impl Store {
    /// Every lesson, those of this system first, in a fixed order.
    pub async fn lessons(&self) -> Result<Vec<LessonRow>> {
        let mut lessons: Vec<LessonRow> = self
            .rows(
                &format!("select customer_id, shape, amount, settled_gross, code, code_list, judged_words as words, debit_note_number, category {TAUGHT} order by deduction_id"),
                vec![],
            )
            .await?;
        let settled: Vec<LessonRow> = self
            .rows(
                &format!(
                    "select customer_id, cast(null as text) as shape, amount, cast(null as bigint) as settled_gross, cast(null as text) as code, 'customer' as code_list, note as words, \
                     reference as debit_note_number, category {SETTLED} order by record_key"
                ),
                vec![],
            )
            .await?;
        lessons.extend(settled);
        Ok(lessons)
    }

    /// The standing deduction of this number, or all those of the claim of this number.
    pub async fn deductions_named(&self, subject: &str) -> Result<Vec<NamedDeduction>> {
        self.rows(NAMED, vec![subject.into()]).await
    }

    /// How many lessons there are now.
    pub async fn count_of_lessons(&self) -> Result<i64> {
        self.count(&format!("select (select count(*) {TAUGHT}) + (select count(*) {SETTLED}) as value"), vec![]).await
    }

    /// How many standing deductions have a category that past decisions proposed.
    pub async fn count_of_proposals(&self) -> Result<i64> {
        self.count("select count(*) as value from deductions where rule = 'learnt' and reversed = false", vec![]).await
    }

    /// The model that was trained last; `None` before anything was learnt.
    pub async fn model_in_force(&self) -> Result<Option<KeptModel>> {
        self.row(&format!("select {COLUMNS} from learnt_models order by sequence desc limit 1"), vec![]).await
    }

    pub async fn model(&self, version: &str) -> Result<Option<KeptModel>> {
        self.row(&format!("select {COLUMNS} from learnt_models where version = $1"), vec![version.into()]).await
    }
}
