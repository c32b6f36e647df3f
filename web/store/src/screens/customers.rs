//! Customers: what they owe, what they take, what they were owed.

use recoup_engine::agreement::Agreement;
use recoup_engine::reference::fold;
use serde::Deserialize;

use super::pattern;
use crate::{Result, Store};

/// A customer in the list.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CustomerRow {
    pub customer_id: String,
    pub name: String,
    pub country: Option<String>,
    pub currency: String,
    pub payment_terms: Option<String>,
    pub deductions: i64,
    pub open_claims: i64,
}

/// Deductions of a month in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct MonthRow {
    /// `2026-06`
    pub month: String,
    pub currency: String,
    /// Minor units.
    pub taken: i64,
    /// `None` while nothing of it is decided.
    pub owed: Option<i64>,
    pub count: i64,
}

/// Deductions of a category in one currency; its amounts are minor units, and what is owed, not owed and undecided is all of it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CategoryRow {
    pub category: String,
    pub currency: String,
    pub count: i64,
    pub amount: i64,
    pub owed: i64,
    pub not_owed: i64,
    pub undecided: i64,
}

/// An agreement and what deductions consumed of it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct AgreementUse {
    #[serde(flatten)]
    pub agreement: Agreement,
    /// Minor units found owed under it; `None` while nothing of what is claimed is decided.
    pub consumed: Option<i64>,
    pub claimed: i64,
    pub deductions: i64,
}

/// A customer as people call it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CustomerName {
    pub customer_id: String,
    pub name: String,
}

/// A customer with everything it is called.
#[derive(Deserialize)]
struct Called {
    customer_id: String,
    name: String,
    aliases: String,
}

impl Store {
    /// At most so many customers by name, to choose from.
    pub async fn customer_names(&self, limit: i64) -> Result<Vec<CustomerName>> {
        self.rows("select customer_id, name from customers order by name, customer_id limit $1", vec![limit.into()]).await
    }

    /// The name of one customer.
    pub async fn customer_name(&self, customer_id: &str) -> Result<Option<String>> {
        let row: Option<CustomerName> = self.row("select customer_id, name from customers where customer_id = $1", vec![customer_id.into()]).await?;
        Ok(row.map(|row| row.name))
    }

    /// The customers that a text may mean, at most so many: the one of this number first, then those of this name, then those whose name or alias holds it.
    pub async fn customers_called(&self, text: &str, limit: i64) -> Result<Vec<CustomerName>> {
        self.rows(
            "select customer_id, name from customers where customer_id = $1 or lower(name) like $2 or lower(aliases) like $2 \
             order by case when customer_id = $1 then 0 when lower(name) = lower($1) then 1 else 2 end, name, customer_id limit $3",
            vec![text.into(), pattern(text).into(), limit.into()],
        )
        .await
    }

    /// Customers by name, at most so many; `words` looks in names, aliases and numbers, whatever accents and capitals they are written with.
    pub async fn customer_list(&self, words: Option<&str>, most: usize) -> Result<Vec<CustomerRow>> {
        const COUNTED: &str = "select k.customer_id, k.name, k.country, k.currency, k.payment_terms, coalesce(s.deductions, 0) as deductions, \
            coalesce(s.open_claims, 0) as open_claims from customers k left join (select key, \
            cast(sum(case when detail = 'taken' then members else 0 end) as bigint) as deductions, \
            cast(sum(case when detail = 'open' then members else 0 end) as bigint) as open_claims \
            from summaries where facet = 'customer' and detail in ('taken', 'open') group by key) as s on s.key = k.customer_id";
        let Some(words) = words else {
            return self.rows(&format!("{COUNTED} order by k.name, k.customer_id limit $1"), vec![i64::try_from(most).unwrap_or(i64::MAX).into()]).await;
        };
        let wanted = fold(words);
        let known: Vec<Called> =
            self.rows("select customer_id, name, coalesce(aliases, '') as aliases from customers order by name, customer_id", vec![]).await?;
        let found = known.into_iter().filter(|one| [&one.customer_id, &one.name, &one.aliases].iter().any(|text| fold(text).contains(&wanted)));
        let found: Vec<String> = found.map(|one| one.customer_id).take(most).collect();
        let mut rows: Vec<CustomerRow> = self.rows_for(&format!("{COUNTED} where k.customer_id in ({{keys}})"), &found).await?;
        rows.sort_by(|left, right| (&left.name, &left.customer_id).cmp(&(&right.name, &right.customer_id)));
        Ok(rows)
    }

    /// Deductions taken and owed by month of payment.
    pub async fn customer_months(&self, customer_id: &str) -> Result<Vec<MonthRow>> {
        self.rows(
            "select substr(p.payment_date, 1, 7) as month, d.currency, cast(sum(d.amount) as bigint) as taken, cast(sum(d.valid_amount) as bigint) as owed, count(*) as count \
             from deductions d join payments p on p.payment_id = d.payment_id where d.customer_id = $1 and d.reversed = false and p.payment_date is not null \
             group by substr(p.payment_date, 1, 7), d.currency order by 1, 2",
            vec![customer_id.into()],
        )
        .await
    }

    /// What a customer deducted by category, and how much of it is owed as judged.
    pub async fn customer_categories(&self, customer_id: &str) -> Result<Vec<CategoryRow>> {
        self.rows(
            "select category, currency, count(*) as count, cast(sum(amount) as bigint) as amount, cast(sum(coalesce(valid_amount, 0)) as bigint) as owed, \
             cast(sum(case when valid_amount is null then 0 else amount - valid_amount end) as bigint) as not_owed, \
             cast(sum(case when valid_amount is null then amount else 0 end) as bigint) as undecided \
             from deductions where customer_id = $1 and reversed = false and category is not null group by category, currency order by amount desc, category",
            vec![customer_id.into()],
        )
        .await
    }

    pub async fn customer_agreements(&self, customer_id: &str) -> Result<Vec<AgreementUse>> {
        self.rows(
            "select a.*, cast((select case when count(*) = 0 then 0 else sum(d.valid_amount) end from deductions d where d.agreement_id = a.agreement_id and d.reversed = false) as bigint) as consumed, \
             cast(coalesce((select sum(d.amount) from deductions d where d.agreement_id = a.agreement_id and d.reversed = false), 0) as bigint) as claimed, \
             (select count(*) from deductions d where d.agreement_id = a.agreement_id and d.reversed = false) as deductions \
             from agreements a where a.customer_id = $1 order by a.starts_on desc, a.agreement_id",
            vec![customer_id.into()],
        )
        .await
    }
}
