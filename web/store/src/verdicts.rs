//! Verdicts on deductions: what waits for one, what was given, and what an earlier one said before it was replaced.

use std::collections::{BTreeMap, HashMap};

use recoup_engine::consumption::Taken;
use recoup_engine::evidence::Evidence;
use recoup_engine::history::EarlierDeduction;
use recoup_engine::reading::{Confidence, TextSource};
use recoup_engine::remittance::CodeList;
use recoup_engine::taxonomy::{Category, Expectation, Validity};
use recoup_engine::verdict::Shape;
use serde::{Deserialize, Serialize};

use crate::documents::to_json;
use crate::reopening::UNDECIDED;
use crate::{Result, Store, StoreError, Value, Work};

/// A deduction with everything that its verdict needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingDeduction {
    pub deduction_id: String,
    pub sequence: i64,
    pub line: i64,
    pub part: i64,
    pub payment_id: String,
    pub allocation_id: Option<String>,
    /// Name of the remittance it stands in.
    pub document: Option<String>,
    /// JSON of the place in the remittance.
    pub place: Option<String>,
    pub shape: Shape,
    pub customer_id: Option<String>,
    pub invoice_number: Option<String>,
    pub debit_note_number: Option<String>,
    pub amount: i64,
    pub currency: String,
    pub settled_gross: Option<i64>,
    pub code: Option<String>,
    pub code_list: CodeList,
    pub words: Option<String>,
    pub within_tolerance: bool,
    pub reading_confidence: i64,
    pub payment_customer: Option<String>,
    pub payment_date: Option<String>,
    pub claim_id: Option<String>,
    pub status: String,
    /// What a person said that it claims, and who.
    pub said: Option<Category>,
    pub said_by: Option<String>,
    /// Somebody works its claim, or it stands in one with others; `None` without a claim.
    pub worked: Option<bool>,
    /// Where the words of its remittance come from.
    pub text_source: Option<TextSource>,
}

/// The units of an agreement that a standing deduction was paid for.
#[derive(Clone, Debug)]
pub struct Consumption {
    pub deduction_id: String,
    pub customer_id: String,
    pub agreement_id: String,
    pub took: Vec<Taken>,
}

/// The units that are kept with a deduction.
fn taken(kept: Option<&str>, deduction_id: &str) -> Result<Vec<Taken>> {
    let corrupt = |error| StoreError::Corrupt { table: "deductions".to_owned(), problem: format!("consumes of {deduction_id}: {error}") };
    kept.map_or(Ok(Vec::new()), |kept| serde_json::from_str(kept).map_err(corrupt))
}

/// The verdict and the desk of a deduction, as they are written.
#[derive(Clone, Debug)]
pub struct Judgement {
    pub deduction_id: String,
    pub customer_id: Option<String>,
    pub invoice_number: Option<String>,
    pub category: Category,
    pub category_why: String,
    pub expectation: Expectation,
    pub validity: Validity,
    pub valid_amount: Option<i64>,
    /// The units that it is paid for under its agreement.
    pub consumes: Vec<Taken>,
    pub confidence: Confidence,
    pub agreement_id: Option<String>,
    pub explanation: String,
    pub evidence: Vec<Evidence>,
    pub rule: String,
    pub book: String,
    /// The version of what was learnt, where anything was.
    pub learnt: Option<String>,
    pub queue: String,
    pub priority: String,
    pub approval_level: i64,
    pub routing_rule: String,
    pub work_by: Option<String>,
    pub dispute_by: Option<String>,
    pub status: String,
    pub claim_id: Option<String>,
    /// All the words that were judged: of the line, of its code, of its debit note.
    pub words: String,
}

/// The versions that gave a verdict.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct DecidedBy {
    pub book: String,
    pub learnt: Option<String>,
}

/// What a verdict says that a person would call a change if it were different.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    pub deduction_id: String,
    pub category: Category,
    pub expectation: Expectation,
    pub validity: Validity,
    /// Minor units.
    pub valid_amount: Option<i64>,
    pub agreement_id: Option<String>,
    pub explanation: String,
    pub rule: String,
    pub queue: String,
}

impl Said {
    pub fn of(judgement: &Judgement) -> Self {
        Self {
            deduction_id: judgement.deduction_id.clone(),
            category: judgement.category,
            expectation: judgement.expectation,
            validity: judgement.validity,
            valid_amount: judgement.valid_amount,
            agreement_id: judgement.agreement_id.clone(),
            explanation: judgement.explanation.clone(),
            rule: judgement.rule.clone(),
            queue: judgement.queue.clone(),
        }
    }
}

/// A verdict that a later one replaces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Changed {
    pub before: Said,
    pub after: Said,
}

impl Work {
    /// These deductions with the claims and the status that they have by now. Their claims are locked until the unit of work ends.
    pub async fn deductions_as_they_stand(&mut self, deductions: &[PendingDeduction]) -> Result<Vec<PendingDeduction>> {
        #[derive(Deserialize)]
        struct Standing {
            deduction_id: String,
            claim_id: Option<String>,
            status: String,
        }
        let claimed: Vec<String> = deductions.iter().filter(|deduction| deduction.claim_id.is_some()).map(|deduction| deduction.deduction_id.clone()).collect();
        // Waiting for the lock may be waiting for a merge: the second round locks the claims that the deductions moved to.
        for part in claimed.chunks(5_000).chain(claimed.chunks(5_000)) {
            let keys = self.placeholders(1, part.len());
            let sql = format!("update claims set version = version where claim_id in (select claim_id from deductions where deduction_id in ({keys}))");
            self.execute(&sql, part.iter().map(Value::from).collect()).await?;
        }
        let rows: Vec<Standing> = self.rows_for("select deduction_id, claim_id, status from deductions where deduction_id in ({keys})", &claimed).await?;
        let mut now: HashMap<String, Standing> = rows.into_iter().map(|row| (row.deduction_id.clone(), row)).collect();
        let stand = |deduction: &PendingDeduction| match now.remove(&deduction.deduction_id) {
            Some(row) => PendingDeduction { claim_id: row.claim_id, status: row.status, ..deduction.clone() },
            None => deduction.clone(),
        };
        Ok(deductions.iter().map(stand).collect())
    }

    /// Writes verdicts beside their deductions. One that says something else than before is kept among the earlier ones first; these changes are returned.
    pub async fn save_judgements(&mut self, judgements: &[Judgement]) -> Result<Vec<Changed>> {
        self.touch_deductions(&judgements.iter().map(|judgement| judgement.deduction_id.clone()).collect::<Vec<_>>()).await?;
        let changed = self.changed_by(judgements).await?;
        self.keep_earlier(&changed).await?;
        self.reopen_behind(&changed).await?;
        self.overwrite_verdicts(judgements).await?;
        self.renew_parts(judgements).await?;
        Ok(changed)
    }

    /// What an earlier deduction takes of an agreement is gone for later ones: from the first place where that changed they are judged again. Asked before
    /// the verdicts are written, which takes the mark from those that have seen the change.
    async fn reopen_behind(&mut self, changed: &[Changed]) -> Result<()> {
        let mut first: BTreeMap<&str, &str> = BTreeMap::new();
        for one in changed.iter().filter(|one| (one.before.valid_amount, &one.before.agreement_id) != (one.after.valid_amount, &one.after.agreement_id)) {
            for agreement_id in [&one.before.agreement_id, &one.after.agreement_id].into_iter().flatten() {
                first.entry(agreement_id).or_insert(&one.before.deduction_id);
            }
        }
        for (agreement_id, deduction_id) in first {
            let sql = format!(
                "update deductions set needs_verdict = true where agreement_id = $1 and {UNDECIDED} \
                 and (sequence, line, part) > (select d.sequence, d.line, d.part from deductions d where d.deduction_id = $2)"
            );
            self.execute(&sql, vec![agreement_id.into(), deduction_id.into()]).await?;
        }
        Ok(())
    }

    /// The parts of a split claim follow the deduction that they stand on, as the claim itself does when it is saved.
    async fn renew_parts(&mut self, judgements: &[Judgement]) -> Result<()> {
        for part in judgements.chunks(5_000) {
            let sql = format!(
                "update claims set customer_id = d.customer_id, category = d.category, work_by = d.work_by, dispute_by = d.dispute_by from deductions d \
                 where d.deduction_id = claims.deduction_id and claims.claim_id <> claims.root_claim_id and claims.deduction_id in ({})",
                self.placeholders(1, part.len())
            );
            self.execute(&sql, part.iter().map(|judgement| Value::from(&judgement.deduction_id)).collect()).await?;
        }
        Ok(())
    }

    async fn changed_by(&mut self, judgements: &[Judgement]) -> Result<Vec<Changed>> {
        let given: Vec<Said> = self
            .rows_for(
                "select deduction_id, category, expectation, validity, valid_amount, agreement_id, explanation, rule, queue from deductions \
                 where deduction_id in ({keys}) and category is not null order by sequence, line, part",
                &judgements.iter().map(|judgement| judgement.deduction_id.clone()).collect::<Vec<_>>(),
            )
            .await?;
        let said: HashMap<&str, Said> = judgements.iter().map(|judgement| (judgement.deduction_id.as_str(), Said::of(judgement))).collect();
        let pairs = given.into_iter().filter_map(|before| said.get(before.deduction_id.as_str()).map(|after| Changed { after: after.clone(), before }));
        Ok(pairs.filter(|changed| changed.before != changed.after).collect())
    }

    async fn keep_earlier(&mut self, changed: &[Changed]) -> Result<()> {
        for part in changed.chunks(5_000) {
            let sql = format!(
                "insert into earlier_verdicts (deduction_id, version, category, category_why, expectation, validity, valid_amount, confidence, agreement_id, explanation, evidence, rule, book, queue, routing_rule) \
                 select d.deduction_id, (select count(*) + 1 from earlier_verdicts e where e.deduction_id = d.deduction_id), d.category, d.category_why, d.expectation, d.validity, d.valid_amount, d.confidence, \
                 d.agreement_id, d.explanation, d.evidence, d.rule, d.book, d.queue, d.routing_rule from deductions d where d.deduction_id in ({})",
                self.placeholders(1, part.len())
            );
            self.execute(&sql, part.iter().map(|changed| Value::from(&changed.before.deduction_id)).collect()).await?;
        }
        Ok(())
    }

    async fn overwrite_verdicts(&mut self, judgements: &[Judgement]) -> Result<()> {
        const COLUMNS: [&str; 25] = [
            "deduction_id",
            "customer_id",
            "invoice_number",
            "category",
            "category_why",
            "expectation",
            "validity",
            "valid_amount",
            "consumes",
            "confidence",
            "agreement_id",
            "explanation",
            "evidence",
            "rule",
            "book",
            "queue",
            "priority",
            "approval_level",
            "routing_rule",
            "work_by",
            "dispute_by",
            "status",
            "claim_id",
            "judged_words",
            "learnt",
        ];
        let typed: Vec<String> = COLUMNS
            .iter()
            .enumerate()
            .map(|(index, column)| match *column {
                "valid_amount" | "confidence" | "approval_level" => format!("cast(v.column{} as bigint)", index + 1),
                _ => format!("v.column{}", index + 1),
            })
            .collect();
        let assignments: Vec<String> = COLUMNS.iter().zip(&typed).skip(1).map(|(column, value)| format!("{column} = {value}")).collect();
        for part in judgements.chunks(500) {
            let tuples: Vec<String> = (0..part.len()).map(|row| format!("({})", self.placeholders(row * COLUMNS.len() + 1, COLUMNS.len()))).collect();
            let sql = format!(
                "with v as (select * from (values {}) as listed) update deductions set {}, needs_verdict = false from v where deductions.deduction_id = v.column1",
                tuples.join(", "),
                assignments.join(", ")
            );
            let values = part
                .iter()
                .flat_map(|judgement| {
                    [
                        judgement.deduction_id.as_str().into(),
                        judgement.customer_id.clone().into(),
                        judgement.invoice_number.clone().into(),
                        judgement.category.word().into(),
                        judgement.category_why.as_str().into(),
                        judgement.expectation.word().into(),
                        judgement.validity.word().into(),
                        judgement.valid_amount.into(),
                        Some(&judgement.consumes).filter(|taken| !taken.is_empty()).map(to_json).into(),
                        i64::from(judgement.confidence.thousandths()).into(),
                        judgement.agreement_id.clone().into(),
                        judgement.explanation.as_str().into(),
                        to_json(&judgement.evidence).into(),
                        judgement.rule.as_str().into(),
                        judgement.book.as_str().into(),
                        judgement.queue.as_str().into(),
                        judgement.priority.as_str().into(),
                        judgement.approval_level.into(),
                        judgement.routing_rule.as_str().into(),
                        judgement.work_by.clone().into(),
                        judgement.dispute_by.clone().into(),
                        judgement.status.as_str().into(),
                        judgement.claim_id.clone().into(),
                        judgement.words.as_str().into(),
                        judgement.learnt.clone().into(),
                    ]
                })
                .collect();
            self.execute(&sql, values).await?;
        }
        Ok(())
    }
}

impl Store {
    /// Deductions that wait for a verdict, in order.
    pub async fn pending_deductions(&self) -> Result<Vec<PendingDeduction>> {
        self.rows(&format!("{TO_JUDGE} where d.needs_verdict = true order by d.sequence, d.line, d.part"), vec![]).await
    }

    /// How many deductions wait for a verdict.
    pub async fn pending_count(&self) -> Result<i64> {
        self.count("select count(*) as value from deductions where needs_verdict = true", vec![]).await
    }

    /// The deductions that an answer about an agreement judges again, in order.
    pub async fn deductions_resting_on(&self, agreement_id: &str) -> Result<Vec<PendingDeduction>> {
        self.rows(
            &format!("{TO_JUDGE} where d.deduction_id in (select deduction_id from deductions where {RESTS_ON_AGREEMENT}) order by d.sequence, d.line, d.part"),
            vec![agreement_id.into(), reference_to(agreement_id).into()],
        )
        .await
    }

    /// What gave a verdict; `None` before it was given.
    pub async fn decided_by(&self, deduction_id: &str) -> Result<Option<DecidedBy>> {
        self.row("select book, learnt from deductions where deduction_id = $1 and book is not null", vec![deduction_id.into()]).await
    }

    /// Every deduction that stands, in order.
    pub async fn standing_deductions(&self) -> Result<Vec<PendingDeduction>> {
        self.rows(&format!("{TO_JUDGE} where d.reversed = false order by d.sequence, d.line, d.part"), vec![]).await
    }

    /// What was said of a deduction before its present verdict, in order.
    pub async fn earlier_verdicts(&self, deduction_id: &str) -> Result<Vec<Said>> {
        self.rows(
            "select deduction_id, category, expectation, validity, valid_amount, agreement_id, explanation, rule, queue from earlier_verdicts where deduction_id = $1 order by version",
            vec![deduction_id.into()],
        )
        .await
    }

    /// One standing deduction with what its verdict needs.
    pub async fn deduction_to_judge(&self, deduction_id: &str) -> Result<Option<PendingDeduction>> {
        self.row(&format!("{TO_JUDGE} where d.deduction_id = $1 and d.reversed = false"), vec![deduction_id.into()]).await
    }

    /// Deductions of these customers that are judged and stand, in order: what later ones must not repeat.
    pub async fn earlier_deductions(&self, customer_ids: &[String]) -> Result<Vec<EarlierDeduction>> {
        #[derive(Deserialize)]
        struct Row {
            deduction_id: String,
            sequence: i64,
            line: i64,
            part: i64,
            customer_id: String,
            debit_note_number: Option<String>,
            invoice_number: Option<String>,
            agreement_id: Option<String>,
            category: Category,
            amount: i64,
            valid_amount: Option<i64>,
            consumes: Option<String>,
            judged_words: Option<String>,
        }
        let rows: Vec<Row> = self
            .rows_for(
                "select deduction_id, sequence, line, part, customer_id, debit_note_number, invoice_number, agreement_id, category, amount, valid_amount, consumes, judged_words from deductions \
                 where customer_id in ({keys}) and needs_verdict = false and reversed = false and category is not null and category <> 'unknown' order by sequence, line, part",
                customer_ids,
            )
            .await?;
        rows.into_iter()
            .map(|row| {
                let took = taken(row.consumes.as_deref(), &row.deduction_id)?;
                Ok(EarlierDeduction {
                    deduction_id: row.deduction_id,
                    position: (row.sequence, row.line, row.part),
                    customer_id: row.customer_id,
                    reference: row.debit_note_number,
                    invoice_number: row.invoice_number,
                    agreement_id: row.agreement_id,
                    category: row.category,
                    amount: row.amount,
                    valid_amount: row.valid_amount.unwrap_or(0),
                    took,
                    text: row.judged_words.unwrap_or_default(),
                })
            })
            .collect()
    }

    /// Standing deductions that were paid for units of an agreement, and what they took.
    pub async fn consumption(&self) -> Result<Vec<Consumption>> {
        #[derive(Deserialize)]
        struct Row {
            deduction_id: String,
            customer_id: String,
            agreement_id: String,
            consumes: Option<String>,
        }
        let sql = "select deduction_id, customer_id, agreement_id, consumes from deductions where consumes is not null and agreement_id is not null and customer_id is not null and reversed = false order by sequence, line, part";
        let rows: Vec<Row> = self.rows(sql, vec![]).await?;
        rows.into_iter()
            .map(|row| {
                let took = taken(row.consumes.as_deref(), &row.deduction_id)?;
                Ok(Consumption { deduction_id: row.deduction_id, customer_id: row.customer_id, agreement_id: row.agreement_id, took })
            })
            .collect()
    }
}

/// Deductions whose verdict rests on agreement `$1`, or whose evidence holds `$2`, a [`reference_to`] it. `replace` compares alike on both engines and
/// knows no wildcards.
pub(crate) const RESTS_ON_AGREEMENT: &str = "(agreement_id = $1 or replace(evidence, $2, '') <> evidence) and reversed = false and status <> 'decided'";

/// How evidence names a record, as JSON.
pub(crate) fn reference_to(id: &str) -> String {
    format!("\"reference\":{}", serde_json::Value::from(id))
}

const TO_JUDGE: &str = "select d.deduction_id, d.sequence, d.line, d.part, d.payment_id, d.allocation_id, doc.name as document, d.place, d.shape, d.customer_id, d.invoice_number, d.debit_note_number, d.amount, d.currency, \
                        d.settled_gross, d.code, d.code_list, d.words, d.within_tolerance, d.reading_confidence, p.customer_id as payment_customer, p.payment_date, d.claim_id, d.status, doc.text_source, d.category_said as said, d.category_said_by as said_by, c.worked \
                        from deductions d join payments p on p.payment_id = d.payment_id left join documents doc on doc.document_id = d.document_id left join claims c on c.claim_id = d.claim_id";
