//! Which verdicts new evidence may change: they are marked, and judged again with the next run of judging. What a person decided is left alone.

use std::collections::BTreeSet;

use recoup_engine::agreement::AgreementKind;

use crate::{Result, Store, Value, Work};

/// What rows of reference data are about.
#[derive(Clone, Debug, Default)]
pub struct Touched {
    pub invoices: BTreeSet<String>,
    pub purchase_orders: BTreeSet<String>,
    /// Whole customer groups.
    pub customers: BTreeSet<String>,
    pub skus: BTreeSet<String>,
    /// Some row is about everybody.
    pub everything: bool,
}

/// No person decided it, it was not taken back and it does not wait already: marking a row again would only cost a write.
pub(crate) const UNDECIDED: &str = "reversed = false and status <> 'decided' and needs_verdict = false";

impl Work {
    /// Marks the deductions that new evidence may decide otherwise: by debit note number and by invoice.
    pub async fn reopen_verdicts(&mut self, debit_notes: &[String], invoices: &[String]) -> Result<()> {
        self.reopen_where("debit_note_number in ({keys})", debit_notes).await?;
        self.reopen_where("invoice_number in ({keys})", invoices).await
    }

    /// Marks what nobody decided of these customers.
    pub async fn reopen_customers(&mut self, customer_ids: &[String]) -> Result<()> {
        self.reopen_where("customer_id in ({keys})", customer_ids).await?;
        self.reopen_where("customer_id is null and payment_id in (select p.payment_id from payments p where p.customer_id in ({keys}))", customer_ids).await
    }

    /// Marks what nobody decided of payers whom nobody knows.
    pub async fn reopen_unknown_payers(&mut self) -> Result<()> {
        let unknown = "customer_id is null and payment_id in (select p.payment_id from payments p where p.customer_id is null)";
        self.execute(&format!("update deductions set needs_verdict = true where {unknown} and {UNDECIDED}"), vec![]).await.map(drop)
    }

    /// Marks the deductions that changed reference data may decide otherwise, and every one whose evidence did not decide.
    pub async fn reopen_touched(&mut self, touched: &Touched) -> Result<()> {
        if touched.everything {
            return self.reopen_all_verdicts().await;
        }
        let periodic: Vec<String> = AgreementKind::ALL.iter().filter(|kind| kind.is_periodic()).map(|kind| format!("'{}'", kind.word())).collect();
        let periodic = periodic.join(", ");
        let keys = |set: &BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>();
        let invoices = keys(&touched.invoices);
        self.reopen_where("invoice_number in ({keys})", &invoices).await?;
        // What was bought in a period is the base of agreements over it, the parent's too.
        self.reopen_where(
            &format!(
                "agreement_id in (select a.agreement_id from agreements a join invoices i on i.invoice_number in ({{keys}}) join customers c on c.customer_id = i.customer_id \
                 where a.kind in ({periodic}) and a.customer_id in (c.customer_id, c.parent_customer_id))"
            ),
            &invoices,
        )
        .await?;
        self.reopen_where("invoice_number in (select i.invoice_number from invoices i where i.purchase_order in ({keys}))", &keys(&touched.purchase_orders))
            .await?;
        self.reopen_where("invoice_number in (select l.invoice_number from invoice_lines l where l.sku in ({keys}))", &keys(&touched.skus)).await?;
        self.reopen_customers(&keys(&touched.customers)).await?;
        self.execute(&format!("update deductions set needs_verdict = true where validity = 'unknown' and within_tolerance = false and {UNDECIDED}"), vec![])
            .await
            .map(drop)
    }

    /// Marks the deductions of these customers that were judged by agreements and that no person decided: a new agreement may cover them.
    pub async fn reopen_agreement_verdicts(&mut self, customer_ids: &[String]) -> Result<()> {
        self.reopen_where("rule like 'agreement.%' and customer_id in ({keys})", customer_ids).await?;
        self.reopen_where(
            "rule like 'agreement.%' and customer_id is null and payment_id in (select p.payment_id from payments p where p.customer_id in ({keys}))",
            customer_ids,
        )
        .await
    }

    /// Marks every deduction that no person decided for judging again.
    pub async fn reopen_all_verdicts(&mut self) -> Result<()> {
        self.execute(&format!("update deductions set needs_verdict = true where {UNDECIDED}"), vec![]).await.map(drop)
    }

    async fn reopen_where(&mut self, condition: &str, keys: &[String]) -> Result<()> {
        for part in keys.chunks(5_000) {
            let condition = condition.replace("{keys}", &self.placeholders(1, part.len()));
            let sql = format!("update deductions set needs_verdict = true where {condition} and {UNDECIDED}");
            self.execute(&sql, part.iter().map(Value::from).collect()).await?;
        }
        Ok(())
    }
}

impl Store {
    /// Whether anything was judged yet that new evidence could change.
    pub async fn has_deductions(&self) -> Result<bool> {
        Ok(self.count("select count(*) as value from (select deduction_id from deductions limit 1) as found", vec![]).await? > 0)
    }
}
