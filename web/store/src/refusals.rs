//! Matches that a person refused: money of the bank, and the items that it does not pay.

use serde::Deserialize;

use crate::{Result, Store, Work};

/// A refused match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    pub bank_payment_id: String,
    /// Numbers of the invoices, in their order.
    pub items: Vec<String>,
    pub at: String,
    pub by: String,
    pub reason: String,
}

/// Between the numbers of a match: a sign that no number holds.
const BETWEEN: &str = "\u{1f}";

impl Work {
    /// Remembers a refusal; the same one twice is one.
    pub async fn refuse_match(&mut self, refused: &Refused) -> Result<()> {
        let row = vec![
            refused.bank_payment_id.as_str().into(),
            refused.items.join(BETWEEN).into(),
            refused.at.as_str().into(),
            refused.by.as_str().into(),
            refused.reason.as_str().into(),
        ];
        self.insert("refused_matches", &["bank_payment_id", "items", "refused_at", "refused_by", "reason"], vec![row], "on conflict do nothing").await
    }
}

impl Store {
    /// Whether a standing payment of the bank was matched without an advice: by what it names itself, or by its amount.
    pub async fn was_found_without_advice(&self, payment_id: &str) -> Result<bool> {
        let found = self.count(
            "select count(*) as value from payments p join bank_payments b on b.payment_id = p.bank_payment_id \
             where p.payment_id = $1 and (p.document_id is null or p.document_id = b.document_id)",
            vec![payment_id.into()],
        );
        Ok(found.await? > 0)
    }

    /// The items of each match that was refused for this money of the bank.
    pub async fn refused_matches(&self, bank_payment_id: &str) -> Result<Vec<Vec<String>>> {
        #[derive(Deserialize)]
        struct Row {
            items: String,
        }
        let rows: Vec<Row> = self.rows("select items from refused_matches where bank_payment_id = $1 order by items", vec![bank_payment_id.into()]).await?;
        Ok(rows.into_iter().map(|row| row.items.split(BETWEEN).map(str::to_owned).collect()).collect())
    }
}
