//! Deal sheets become proposed agreements, for sales to confirm; nothing that was imported is touched.

use anyhow::Result;
use recoup_engine::agreement::{Agreement, AgreementStatus};
use recoup_engine::facts::Facts;
use recoup_engine::money::Money;
use recoup_engine::reading::Reading;
use recoup_engine::supporting::ProposedAgreement;
use recoup_store::Work;
use recoup_store::audit::NewEntry;
use recoup_store::deeds::Deed;

use crate::clock::now_text;
use crate::vault::digest;

/// Stores what a deal sheet proposes, in the unit of work that concludes its document, and opens the verdicts of the customer's group that it may change.
///
/// `facts` knows the customers and our articles. Returns what a person should know when nothing was proposed.
pub async fn propose(work: &mut Work, facts: &Facts, reading: &Reading, proposal: &ProposedAgreement, customer_id: Option<&str>) -> Result<Option<String>> {
    let agreement = match agreement(facts, reading, proposal, customer_id) {
        Ok(agreement) => agreement,
        Err(missing) => return Ok(Some(format!("The deal sheet is kept but proposes no agreement: {missing} could not be read."))),
    };
    let detail = serde_json::to_string(&agreement)?;
    if work.propose_agreement(&agreement, &digest(&detail)).await? == 0 {
        let number = agreement.customer_reference.unwrap_or_default();
        return Ok(Some(format!(
            "Agreement {number} with {} is on file already; the deal sheet is kept beside it and changes nothing.",
            agreement.customer_id
        )));
    }
    work.reopen_agreement_verdicts(&facts.group(&agreement.customer_id)).await?;
    let entry = NewEntry { at: now_text(), actor: "recoup".to_owned(), action: Deed::AgreementProposed.into(), subject: agreement.agreement_id, detail };
    work.append_audit(vec![entry], digest).await?;
    Ok(None)
}

/// A whole agreement, or the name of the first thing that is missing.
fn agreement(facts: &Facts, reading: &Reading, proposal: &ProposedAgreement, customer_id: Option<&str>) -> Result<Agreement, &'static str> {
    let customer_id = customer_id.ok_or("the customer")?;
    let number = reading.number.clone().ok_or("the number of the agreement")?;
    let currency = reading.currency.ok_or("the currency")?;
    let cap = proposal.cap.map(|cap| Money::from_decimal(cap, currency)).transpose().map_err(|_| "the cap")?;
    Ok(Agreement {
        // Two customers may number their deals alike.
        agreement_id: format!("PROPOSED-{customer_id}-{number}"),
        customer_id: customer_id.to_owned(),
        kind: proposal.kind.ok_or("the kind of the deal")?,
        description: proposal.description.clone(),
        customer_reference: Some(number),
        skus: proposal.articles.iter().map(|written| facts.article(customer_id, written).map_or(written, |article| &article.sku).clone()).collect(),
        starts_on: proposal.starts_on.ok_or("the first day")?,
        ends_on: proposal.ends_on.ok_or("the last day")?,
        rate_type: proposal.rate_type.ok_or("the rate")?,
        rate: proposal.rate.ok_or("the rate")?,
        committed_stores: None,
        cap_amount: cap.map(|cap| cap.minor),
        currency,
        status: AgreementStatus::Proposed,
        performance_required: proposal.performance_required.clone(),
        contact_email: None,
    })
}

#[cfg(test)]
mod tests {
    use recoup_engine::agreement::{AgreementKind, RateType};
    use recoup_engine::reading::{DocumentFormat, Doubt};
    use recoup_engine::units::Product;

    use super::*;

    #[test]
    fn what_is_missing_is_named_and_articles_are_ours_where_they_are_known() {
        let day = |day: i8| jiff::civil::date(2026, 5, day);
        let proposal = ProposedAgreement {
            kind: Some(AgreementKind::OffInvoice),
            starts_on: Some(day(1)),
            ends_on: Some(day(31)),
            rate_type: Some(RateType::Percent),
            rate: Some(5.into()),
            articles: vec!["314-010".to_owned(), "999".to_owned()],
            ..ProposedAgreement::default()
        };
        let reading =
            Reading { number: Some("D-1".to_owned()), currency: "EUR".parse().ok(), ..Reading::not_understood(DocumentFormat::Pdf, Doubt::note("", "")) };
        let granola: Product =
            serde_json::from_value(serde_json::json!({ "sku": "Q1", "description": "Granola", "customer_skus": "C1:314010|C2:999", "unit": "each" }))
                .expect("an article");
        let mut facts = Facts::default();
        facts.products.insert("Q1".to_owned(), granola);
        assert_eq!(agreement(&facts, &reading, &proposal, None), Err("the customer"));
        let made = agreement(&facts, &reading, &proposal, Some("C1")).expect("whole");
        assert_eq!((made.agreement_id.as_str(), made.status), ("PROPOSED-C1-D-1", AgreementStatus::Proposed));
        assert_eq!(made.skus, ["Q1", "999"], "an article of ours is named as ours, an unknown one as on the paper");
    }
}
