//! Finding by numbers and names alone: what indexes find at once, however many claims there are. Every word of every claim is read only when asked.

use serde::Deserialize;

use super::Word;
use crate::screens::{Conditions, folded_pattern, pattern};
use crate::{Result, Store, Value};

/// Deductions that one way of looking gives at most.
const MOST: i64 = 50;
/// Customers, payments, documents and agreements of a name whose deductions are taken.
const MOST_NAMED: i64 = 5;

#[derive(Deserialize)]
struct Id {
    id: String,
}

impl Store {
    /// Deductions whose number, claim, invoice or debit note begins with the word, that are of its amount, or whose customer, payment, document or
    /// agreement holds all words.
    pub async fn found_at_once(&self, words: &[Word]) -> Result<Vec<String>> {
        let mut found = Vec::new();
        if let [word] = words {
            for text in [word.text.clone(), word.text.to_uppercase()] {
                for column in ["deduction_id", "claim_id", "invoice_number", "debit_note_number"] {
                    let sql = format!("select deduction_id as id from deductions where {column} >= $1 and {column} < $2 order by {column} limit {MOST}");
                    found.extend(self.rows::<Id>(&sql, vec![text.as_str().into(), format!("{text}\u{10ffff}").into()]).await?);
                }
            }
            if let Some(amount) = word.amount {
                found.extend(self.rows::<Id>(&format!("select deduction_id as id from deductions where amount = $1 limit {MOST}"), vec![amount.into()]).await?);
            }
        }
        let named = [
            ("payments", "payment_id", "{key} in ({named})", ["lower(payment_id)", "lower(reference)", "lower(payer_name)"]),
            ("agreements", "agreement_id", "{key} in ({named})", ["lower(agreement_id)", "lower(description)", "lower(customer_reference)"]),
            ("customers", "customer_id", "{key} in ({named})", ["lower(name)", "lower(aliases)", "lower(customer_id)"]),
            (
                "documents",
                "document_id",
                "payment_id in (select p.payment_id from payments p where p.{key} in ({named}))",
                ["lower(name)", "lower(number)", "words"],
            ),
        ];
        for (table, key, condition, columns) in named {
            let mut conditions = Conditions::default();
            for word in words {
                let (plain, folded) = (conditions.bind(pattern(&word.text)), conditions.bind(folded_pattern(&word.text)));
                let texts: Vec<String> = columns.iter().map(|column| format!("{column} like {}", if *column == "words" { &folded } else { &plain })).collect();
                conditions.add(&format!("({})", texts.join(" or ")));
            }
            let named = format!("select {key} from {table} {} order by {key} limit {MOST_NAMED}", conditions.clause());
            let condition = condition.replace("{key}", key).replace("{named}", &format!("select {key} from ({named}) as named"));
            let sql = format!("select deduction_id as id from deductions where {condition} and reversed = false limit {MOST}");
            found.extend(self.rows::<Id>(&sql, conditions.values).await?);
        }
        let mut ids: Vec<String> = found.into_iter().map(|row| row.id).collect();
        ids.sort();
        ids.dedup();
        Ok(ids)
    }

    /// Whether so many deductions are on file that reading every word of them takes long.
    pub async fn has_more_deductions_than(&self, number: i64) -> Result<bool> {
        let sql = "select cast(coalesce(sum(members), 0) as bigint) as value from summaries where facet = 'judged'";
        Ok(self.count(sql, Vec::<Value>::new()).await? > number)
    }
}
