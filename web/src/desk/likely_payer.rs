//! Whose paper it may be when nobody is known by its payer: the one customer whose open items its lines are, to the cent. Asked, never taken.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use recoup_engine::matching::{OpenItem, OpenItems};
use recoup_engine::money::{Currency, Money};
use recoup_engine::reading::{Content, Reading};
use recoup_store::screens::customers::CustomerName;

use crate::workplace::Workplace;

/// A paper of more lines says enough with its first ones.
const MOST_LINES: usize = 40;

/// The only customer whose open items all lines of the first advice are.
pub async fn likely_payer(workplace: &Workplace, reading: &Reading) -> Result<Option<CustomerName>> {
    let Content::Advices(advices) = &reading.content else { return Ok(None) };
    let Some((advice, currency)) = advices.first().and_then(|advice| Some((advice, advice.currency.or(reading.currency)?))) else { return Ok(None) };
    let named: Vec<(&str, i64)> =
        advice.lines.iter().take(MOST_LINES).filter_map(|line| Some((line.reference.as_deref()?, minor(line.gross.or(line.net)?, currency)?))).collect();
    let amounts: BTreeSet<i64> = named.iter().map(|(_, amount)| *amount).filter(|amount| *amount > 0).collect();
    let mut by_customer: BTreeMap<String, Vec<OpenItem>> = BTreeMap::new();
    for item in workplace.store.items_of_amounts(&amounts.into_iter().collect::<Vec<_>>(), currency.code()).await? {
        by_customer.entry(item.customer_id.clone()).or_default().push(item);
    }
    let mut fitting = by_customer.into_iter().filter(|(_, items)| all_open(&named, items)).map(|(customer_id, _)| customer_id);
    let (Some(customer_id), None) = (fitting.next(), fitting.next()) else { return Ok(None) };
    let name = workplace.store.customer_name(&customer_id).await?;
    Ok(name.map(|name| CustomerName { customer_id, name }))
}

/// Whether every line names one of these items, of which exactly its amount is open.
fn all_open(named: &[(&str, i64)], items: &[OpenItem]) -> bool {
    let items = OpenItems::new(items.to_vec());
    !named.is_empty() && named.iter().all(|(reference, amount)| items.find(reference).is_some_and(|found| items.items[found.index].open == *amount))
}

fn minor(amount: rust_decimal::Decimal, currency: Currency) -> Option<i64> {
    Money::from_decimal(amount, currency).ok().map(|money| money.minor)
}

#[cfg(test)]
mod tests {
    use recoup_engine::reading::{DocumentFormat, Doubt};
    use recoup_engine::remittance::{AdviceLine, RemittanceAdvice};

    use super::*;
    use crate::desk::import::import;

    #[tokio::test]
    async fn lines_that_are_open_items_of_one_customer_to_the_cent_say_whose_they_may_be() {
        let folder = tempfile::tempdir().expect("a folder");
        let workplace = Workplace::open(&folder.path().join("data"), None).await.expect("a workplace");
        let head = "invoice_number,customer_id,issue_date,currency,total_amount\n";
        for (file, rows) in [
            ("customers.csv", "customer_id,name,currency\nK1,Marlow & Fenn,GBP\nK2,Hill Stores,GBP\n".to_owned()),
            ("invoices.csv", format!("{head}BM241537,K1,2026-03-01,GBP,2341.80\nBM241538,K1,2026-03-01,GBP,2748.36\nBM990001,K2,2026-03-01,GBP,2341.80\n")),
        ] {
            let path = folder.path().join(file);
            std::fs::write(&path, rows).expect("written");
            import(&workplace, &[path]).await.expect("imported");
        }
        let asked = async |lines: &[(&str, &str)]| {
            let line =
                |(number, gross): &(&str, &str)| AdviceLine { reference: Some((*number).to_owned()), gross: gross.parse().ok(), ..AdviceLine::default() };
            let advice = RemittanceAdvice { currency: "GBP".parse().ok(), lines: lines.iter().map(line).collect(), ..RemittanceAdvice::default() };
            let reading = Reading { content: Content::Advices(vec![advice]), ..Reading::not_understood(DocumentFormat::Pdf, Doubt::note("", "")) };
            likely_payer(&workplace, &reading).await.expect("asked").map(|customer| customer.name)
        };
        assert_eq!(asked(&[("241537", "2341.80"), ("241538", "2748.36")]).await.as_deref(), Some("Marlow & Fenn"));
        assert_eq!(asked(&[("241537", "2341.80"), ("241538", "2748.35")]).await, None, "a cent apart");
        assert_eq!(asked(&[("777777", "2341.80")]).await, None, "an amount alone says nothing");
    }
}
