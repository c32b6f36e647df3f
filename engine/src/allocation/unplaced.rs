//! What a line holds back whose invoice can't be settled: it stands alone, so that the claim is known before its invoice is.

use super::{Amounts, Deduction, Settlement, Terms, confidence_of};
use crate::matching::OpenItem;
use crate::remittance::{Adjustment, AdviceLine};
use crate::taxonomy::AllocationMethod;
use crate::verdict::Shape;

/// The invoice that a line names.
pub(super) struct Named {
    /// As the customer writes it where it is not on file.
    pub invoice_number: String,
    pub customer_id: Option<String>,
}

impl Named {
    pub(super) fn of(item: &OpenItem) -> Self {
        Self { invoice_number: item.invoice_number.clone(), customer_id: Some(item.customer_id.clone()) }
    }
}

/// Adds what a line takes off as deductions without an allocation: discount, stated amounts, and what its own gross lacks. All that the line pays is on
/// account then, what it holds back included.
pub(super) fn hold_back(settlement: &mut Settlement, position: usize, line: &AdviceLine, amounts: &Amounts, named: Option<Named>, terms: Terms) {
    let reduced = amounts.discount - amounts.adjustments.iter().sum::<i64>();
    let silent = amounts.gross.map_or(0, |gross| (gross - amounts.net - reduced).max(0));
    let stated = line.adjustments.iter().zip(&amounts.adjustments).map(|(adjustment, amount)| (Shape::OnInvoice, -amount, Some(adjustment)));
    let parts = [(Shape::Discount, amounts.discount, None)].into_iter().chain(stated).chain([(Shape::Silent, silent, None)]);
    let (invoice_number, customer_id) = named.map(|named| (named.invoice_number, named.customer_id)).unzip();
    for (part, (shape, amount, adjustment)) in parts.filter(|(_, amount, _)| *amount != 0).enumerate() {
        let own = |field: fn(&Adjustment) -> &Option<String>| adjustment.and_then(|adjustment| field(adjustment).clone());
        let code = own(|adjustment| &adjustment.code);
        settlement.deductions.push(Deduction {
            line: position,
            part,
            allocation: None,
            shape,
            amount,
            invoice_number: invoice_number.clone(),
            customer_id: customer_id.clone().flatten(),
            debit_note_number: own(|adjustment| &adjustment.reference).or_else(|| line.debit_note.clone()),
            code_list: adjustment.filter(|_| code.is_some()).map_or(line.code_list, |adjustment| adjustment.code_list),
            code: code.or_else(|| line.code.clone()),
            text: own(|adjustment| &adjustment.text).or_else(|| line.text.clone()),
            place: adjustment.and_then(|adjustment| adjustment.place).or(line.place),
            within_tolerance: shape == Shape::Silent && amount <= terms.tolerance,
            confidence: confidence_of(AllocationMethod::Stated, line, terms),
        });
    }
}
