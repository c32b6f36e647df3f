//! Deal sheets become proposed agreements, for sales to confirm; nothing that was imported is touched.

use anyhow::Result;
use recoup_engine::agreement::{Agreement, AgreementStatus};
use recoup_engine::money::Money;
use recoup_engine::reading::Reading;
use recoup_engine::supporting::ProposedAgreement;

use crate::vault::digest;
use crate::workplace::Workplace;

/// Stores what a deal sheet proposes; says what is missing when that isn't enough for an agreement.
pub async fn propose(workplace: &Workplace, reading: &Reading, proposal: &ProposedAgreement, customer_id: Option<&str>) -> Result<Option<String>> {
    let agreement = match agreement(reading, proposal, customer_id) {
        Ok(agreement) => agreement,
        Err(missing) => return Ok(Some(format!("The deal sheet is kept but proposes no agreement: {missing} could not be read."))),
    };
    let row_hash = digest(&serde_json::to_string(&agreement)?);
    let mut work = workplace.store.begin().await?;
    work.propose_agreement(&agreement, &row_hash).await?;
    work.commit().await?;
    Ok(None)
}

/// A whole agreement, or the name of the first thing that is missing.
fn agreement(reading: &Reading, proposal: &ProposedAgreement, customer_id: Option<&str>) -> Result<Agreement, &'static str> {
    let number = reading.number.clone().ok_or("the number of the agreement")?;
    let currency = reading.currency.ok_or("the currency")?;
    let cap = proposal.cap.map(|cap| Money::from_decimal(cap, currency)).transpose().map_err(|_| "the cap")?;
    Ok(Agreement {
        agreement_id: format!("PROPOSED-{number}"),
        customer_id: customer_id.ok_or("the customer")?.to_owned(),
        kind: proposal.kind.ok_or("the kind of the deal")?,
        description: proposal.description.clone(),
        customer_reference: Some(number),
        skus: proposal.articles.clone(),
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

    use super::*;

    #[test]
    fn what_is_missing_is_named() {
        let day = |day: i8| jiff::civil::date(2026, 5, day);
        let proposal = ProposedAgreement {
            kind: Some(AgreementKind::OffInvoice),
            starts_on: Some(day(1)),
            ends_on: Some(day(31)),
            rate_type: Some(RateType::Percent),
            rate: Some(5.into()),
            ..ProposedAgreement::default()
        };
        let reading =
            Reading { number: Some("D-1".to_owned()), currency: "EUR".parse().ok(), ..Reading::not_understood(DocumentFormat::Pdf, Doubt::note("", "")) };
        assert_eq!(agreement(&reading, &proposal, None), Err("the customer"));
        let made = agreement(&reading, &proposal, Some("C1")).expect("whole");
        assert_eq!((made.agreement_id.as_str(), made.status), ("PROPOSED-D-1", AgreementStatus::Proposed));
    }
}
