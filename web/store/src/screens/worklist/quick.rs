//! Finding by numbers and names alone: what indexes find at once, however many claims there are. Every word of every claim is read only when asked.

use serde::Deserialize;

use super::Word;
use crate::{Result, Store, Value};

/// Deductions that one way of looking gives at most.
const MOST: i64 = 50;
/// Customers, payments, documents and agreements of a name whose deductions are taken.
const MOST_NAMED: usize = 5;

/// What the words found beside claims, best first.
#[derive(Clone, Debug, Default)]
pub struct Named {
    pub customers: Vec<String>,
    pub agreements: Vec<String>,
    pub documents: Vec<String>,
}

#[derive(Deserialize)]
struct Id {
    id: String,
}

impl Store {
    /// Deductions whose number, claim, invoice, debit note or payment begins with the word, that are of its amount, whose payer's name holds the
    /// words, or that belong to what the words found.
    pub async fn found_at_once(&self, words: &[Word], named: &Named) -> Result<Vec<String>> {
        let mut found = Vec::new();
        if let [word] = words {
            for text in [word.text.clone(), word.text.to_uppercase()] {
                for column in ["deduction_id", "claim_id", "invoice_number", "debit_note_number"] {
                    found.extend(self.beginning("deductions", "deduction_id", column, &text, MOST).await?);
                }
                let payments = self.beginning("payments", "payment_id", "payment_id", &text, MOST_NAMED as i64).await?;
                found.extend(self.belonging("payment_id in ({keys})", &payments).await?);
            }
            if let Some(amount) = word.amount {
                let sql = format!("select deduction_id as id from deductions where amount = $1 limit {MOST}");
                found.extend(self.rows::<Id>(&sql, vec![amount.into()]).await?.into_iter().map(|row| row.id));
            }
        }
        let name = words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
        for payer in self.payers_named(&name, MOST_NAMED as i64).await? {
            let sql = format!("select payment_id as id from payments where payer_folded = $1 order by payment_id limit {MOST_NAMED}");
            let payments: Vec<String> = self.rows::<Id>(&sql, vec![payer.into()]).await?.into_iter().map(|row| row.id).collect();
            found.extend(self.belonging("payment_id in ({keys})", &payments).await?);
        }
        found.extend(self.belonging("customer_id in ({keys})", &named.customers).await?);
        found.extend(self.belonging("agreement_id in ({keys})", &named.agreements).await?);
        found.extend(self.belonging("payment_id in (select p.payment_id from payments p where p.document_id in ({keys}))", &named.documents).await?);
        found.sort();
        found.dedup();
        Ok(found)
    }

    /// The keys of rows whose indexed column begins with a text.
    async fn beginning(&self, table: &str, key: &str, column: &str, text: &str, most: i64) -> Result<Vec<String>> {
        let sql = format!("select {key} as id from {table} where {column} >= $1 and {column} < $2 order by {column} limit {most}");
        let rows: Vec<Id> = self.rows(&sql, vec![text.into(), format!("{text}\u{10ffff}").into()]).await?;
        Ok(rows.into_iter().map(|row| row.id).collect())
    }

    /// Deductions of the first of these keys.
    async fn belonging(&self, condition: &str, keys: &[String]) -> Result<Vec<String>> {
        let sql = format!("select deduction_id as id from deductions where {condition} and reversed = false limit {MOST}");
        let rows: Vec<Id> = self.rows_for(&sql, &keys[..keys.len().min(MOST_NAMED)]).await?;
        Ok(rows.into_iter().map(|row| row.id).collect())
    }

    /// Whether so many deductions are on file that reading every word of them takes long.
    pub async fn has_more_deductions_than(&self, number: i64) -> Result<bool> {
        let sql = "select cast(coalesce(sum(members), 0) as bigint) as value from summaries where facet = 'judged'";
        Ok(self.count(sql, Vec::<Value>::new()).await? > number)
    }
}
