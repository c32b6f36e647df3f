//! Debit note numbers on scans, set right by what is on file: how the customer writes its numbers, and the notes it sent.

use anyhow::Result;
use recoup_engine::allocation::Settlement;
use recoup_engine::matching::payer::Recognised;
use recoup_engine::money::Currency;
use recoup_engine::reading::Doubt;
use recoup_engine::reference::{confusable_form, is_one_misreading_apart, looks_the_same, mend_by_prefix};
use recoup_store::documents::DocumentRow;

use super::Parties;
use super::advices::minor;
use crate::workplace::Workplace;

/// Mends the numbers of a settlement; what a note on file proved is told as a doubt.
pub(super) async fn mend_note_numbers(
    workplace: &Workplace,
    parties: &Parties,
    payer: Option<&Recognised>,
    currency: Currency,
    settlement: &mut Settlement,
) -> Result<Vec<Doubt>> {
    let Some(payer) = payer.filter(|_| settlement.deductions.iter().any(|deduction| deduction.debit_note_number.is_some())) else { return Ok(Vec::new()) };
    let group = parties.groups.group(&payer.customer_id);
    let customers = group.iter().filter_map(|member| parties.groups.customers.get(member));
    let prefixes: Vec<String> = customers.flat_map(|customer| customer.debit_note_prefixes.clone()).collect();
    let notes = workplace.store.documents_of_customers("debit_note", &group.to_vec()).await?;
    let mut doubts = Vec::new();
    for deduction in &mut settlement.deductions {
        let Some(number) = &mut deduction.debit_note_number else { continue };
        if let Some(mended) = mend_by_prefix(number, &prefixes) {
            *number = mended;
        }
        if let Some(meant) = note_meant(number, (deduction.amount.abs(), currency.code()), &notes) {
            doubts.push(Doubt::note("number_repaired", format!("The debit note number was read as {number}; {meant}, a note of the same amount, is on file.")));
            meant.clone_into(number);
        }
    }
    Ok(doubts)
}

/// The number of the only note of the same amount (minor units and currency) that may have been misread so; none when the number itself is on file.
fn note_meant<'note>(number: &str, (amount, currency): (i64, &str), notes: &'note [DocumentRow]) -> Option<&'note str> {
    let numbers = || notes.iter().filter_map(|note| Some((note, note.number.as_deref()?)));
    if numbers().any(|(_, known)| confusable_form(known) == confusable_form(number)) {
        return None;
    }
    let same_amount = |note: &DocumentRow| {
        let total = note.total.as_deref().and_then(|total| total.parse().ok()).and_then(|total| minor(total, currency));
        total.map(i64::abs) == Some(amount) && note.currency.as_deref().is_none_or(|known| known == currency)
    };
    let alike = |known: &str| is_one_misreading_apart(number, known) || looks_the_same(number, known);
    let mut fitting: Vec<&str> = numbers().filter(|(note, known)| same_amount(note) && alike(known)).map(|(_, known)| known).collect();
    fitting.dedup();
    if let [only] = fitting[..] { Some(only) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(number: &str, total: &str) -> DocumentRow {
        DocumentRow { number: Some(number.to_owned()), total: Some(total.to_owned()), currency: Some("EUR".to_owned()), ..DocumentRow::default() }
    }

    #[test]
    fn a_note_of_the_same_amount_tells_what_a_misread_number_was() {
        let notes = [note("ND019944", "115.58"), note("ND019955", "115.58"), note("ND020001", "80.00")];
        let meant = |number, amount| note_meant(number, (amount, "EUR"), &notes);
        assert_eq!(meant("ND619944", 11_558), Some("ND019944"));
        assert_eq!(meant("ND0019944", 11_558), Some("ND019944"), "a zero seen twice");
        assert_eq!(meant("ND619944", 11_559), None, "another amount");
        assert_eq!(meant("NDO19955", 11_558), None, "it is on file as it stands");
        assert_eq!(meant("ND019945", 11_558), None, "two notes are as near");
    }
}
