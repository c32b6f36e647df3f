//! What a line holds back, read by one rule wherever its invoice is: on the invoice that it pays, or standing alone, so that the claim is known before
//! its invoice is.

use super::{Amounts, Deduction, Settlement, Terms, confidence_of};
use crate::matching::OpenItem;
use crate::reading::Confidence;
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

/// What the deductions of a line stand on.
pub(super) struct On {
    /// Position of the advice line, from 0.
    pub line: usize,
    /// Index into the allocations; `None` stands alone.
    pub allocation: Option<usize>,
    pub named: Option<Named>,
    pub confidence: Confidence,
}

/// Adds what a line takes off as deductions without an allocation: discount, stated amounts, and what its own gross lacks. All that the line pays is on
/// account then, what it holds back included.
pub(super) fn hold_back(settlement: &mut Settlement, position: usize, line: &AdviceLine, amounts: &Amounts, named: Option<Named>, terms: Terms) {
    let silent = amounts.gross.map_or(0, |gross| (gross - amounts.net - amounts.reduced()).max(0));
    let on = On { line: position, allocation: None, named, confidence: confidence_of(AllocationMethod::Stated, line, terms) };
    settlement.deductions.extend(parts(line, amounts, silent, on, terms));
}

/// The deductions of a line: its discount, its stated amounts and `silent` minor units that it is short without saying for what.
///
/// The words of the row explain its stated amounts, else the discount or the short rest that is the only thing held back. A short rest that words explain
/// is said, and then no tolerance closes it.
pub(super) fn parts(line: &AdviceLine, amounts: &Amounts, silent: i64, on: On, terms: Terms) -> Vec<Deduction> {
    let (invoice_number, customer_id) = on.named.map(|named| (named.invoice_number, named.customer_id)).unzip();
    let base = Deduction {
        line: on.line,
        part: 0,
        allocation: on.allocation,
        shape: Shape::OnInvoice,
        amount: 0,
        invoice_number,
        customer_id: customer_id.flatten(),
        debit_note_number: line.debit_note.clone(),
        code: None,
        code_list: line.code_list,
        text: None,
        place: line.place,
        within_tolerance: false,
        confidence: on.confidence,
    };
    let in_its_words = |deduction: Deduction| Deduction { code: line.code.clone(), text: line.text.clone(), ..deduction };
    let is_stated = !amounts.adjustments.is_empty();
    let mut parts = Vec::new();
    if amounts.discount != 0 {
        let discount = Deduction { shape: Shape::Discount, amount: amounts.discount, ..base.clone() };
        parts.push(if is_stated || silent > 0 { discount } else { in_its_words(discount) });
    }
    let stated = line.adjustments.iter().zip(&amounts.adjustments).filter(|(_, amount)| **amount != 0);
    parts.extend(stated.map(|(adjustment, amount)| stated_as(adjustment, in_its_words(Deduction { amount: -amount, ..base.clone() }))));
    if silent > 0 {
        let is_said = !is_stated && amounts.discount == 0 && (line.text.is_some() || line.code.is_some() || line.debit_note.is_some());
        parts.push(if is_said {
            in_its_words(Deduction { amount: silent, ..base })
        } else {
            Deduction { shape: Shape::Silent, amount: silent, within_tolerance: silent <= terms.tolerance, ..base }
        });
    }
    for (part, deduction) in parts.iter_mut().enumerate() {
        deduction.part = part;
    }
    parts
}

/// What an adjustment says of itself comes before what its row says.
fn stated_as(adjustment: &Adjustment, of_row: Deduction) -> Deduction {
    Deduction {
        debit_note_number: adjustment.reference.clone().or(of_row.debit_note_number),
        code_list: if adjustment.code.is_some() { adjustment.code_list } else { of_row.code_list },
        code: adjustment.code.clone().or(of_row.code),
        text: adjustment.text.clone().or(of_row.text),
        place: adjustment.place.or(of_row.place),
        ..of_row
    }
}
