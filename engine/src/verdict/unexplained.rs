//! A short payment without a reason: the few things on file that could explain it to the cent.

use super::{Case, Verdict, discount, price};
use crate::evidence::Evidence;
use crate::taxonomy::{Category, Expectation};

pub(super) fn judge(case: Case<'_>) -> Verdict {
    let claim = case.claim;
    let explained = claim.invoice.map(|invoice| {
        let mut found = Vec::new();
        let earned = discount::earned(case, invoice);
        if earned.minor == claim.amount.minor && earned.minor > 0 {
            found.push(Verdict {
                category: Category::EarlyPaymentDiscount,
                ..Verdict::owed(claim, "unexplained.discount", Expectation::Expected, format!("Not said, but equal to the cent: {}", earned.says))
                    .with_all(earned.evidence)
            });
        }
        let overcharges: Vec<price::Overcharge> = case
            .facts
            .lines_of(&invoice.invoice_number)
            .iter()
            .filter_map(|line| price::overcharge(case, invoice, line))
            .filter(|overcharge| overcharge.minor > 0)
            .collect();
        let total: i64 = overcharges.iter().map(|overcharge| overcharge.minor).sum();
        if !overcharges.is_empty() && (total == claim.amount.minor || overcharges.iter().any(|overcharge| overcharge.minor == claim.amount.minor)) {
            let says: Vec<&str> = overcharges.iter().map(|overcharge| overcharge.says.as_str()).collect();
            let evidence = overcharges.iter().map(|overcharge| Evidence::record("price", &overcharge.sku, &*overcharge.says));
            found.push(Verdict {
                category: Category::PriceDifference,
                ..Verdict::owed(
                    claim,
                    "unexplained.price",
                    Expectation::Unexpected,
                    format!("Not said, but equal to the overcharge to the cent. {}", says.join(" ")),
                )
                .with_all(evidence)
            });
        }
        found
    });
    let mut explained = explained.unwrap_or_default();
    if explained.len() == 1 && claim.wording.text.is_empty() {
        return explained.remove(0);
    }
    let says = if explained.len() > 1 {
        "Both an earned discount and an overcharge give exactly this amount; ask the customer which it is.".to_owned()
    } else if claim.wording.text.is_empty() {
        "Paid short without a reason, and no discount, price or delivery on file gives this amount; ask the customer.".to_owned()
    } else {
        format!("The customer's words (\"{}\") give no reason that can be tested; ask for one.", claim.wording.text.chars().take(80).collect::<String>())
    };
    Verdict { category: Category::Unknown, ..Verdict::undecided(claim, "unexplained", Expectation::Unexpected, says) }
}
