//! Claims about money: credits netted, bills doubled, audits, taxes, bank fees, freight.

use rust_decimal::Decimal;

use super::{Case, Shape, Verdict};
use crate::evidence::Evidence;
use crate::invoice::{CreditMemo, Invoice};
use crate::reference::{fold, normalise};
use crate::taxonomy::Expectation;

/// A discount, or a short rest, on an invoice that was settled already. Nothing is paid on it, so that nothing can be taken off.
pub(super) fn on_paid_invoice(case: Case<'_>) -> Option<Verdict> {
    let claim = case.claim;
    let before = claim.paid_before.as_ref().filter(|_| matches!(claim.shape, Shape::Discount | Shape::Silent))?;
    let number = claim.invoice.map_or("it names", |invoice| invoice.invoice_number.as_str());
    let says = format!("Invoice {number} was settled before by {}: nothing is left to take it off, and what its line pays is on account.", before.named());
    Some(Verdict::not_owed(claim, "settlement.paid_before", says))
}

/// The earlier payment of the invoice, where there is one.
pub(super) fn paid_before(case: Case<'_>) -> Option<Evidence> {
    let before = case.claim.paid_before.as_ref()?;
    let number = case.claim.invoice.map_or("", |invoice| invoice.invoice_number.as_str());
    let says = format!("Invoice {number} was settled before by {}; what its line pays now is on account.", before.named());
    Some(Evidence::record("payment", before.payment_id.as_deref().unwrap_or_default(), says))
}

pub(super) fn offset(case: Case<'_>) -> Verdict {
    let claim = case.claim;
    let group = case.facts.group(&claim.customer_id);
    let memos: Vec<&CreditMemo> = group.iter().filter_map(|member| case.facts.credit_memos.get(member)).flatten().collect();
    let own = claim.debit_note_number.as_deref().map(normalise);
    let is_named = |memo: &&CreditMemo| {
        claim.wording.credit_memos.contains(&memo.credit_memo_number) || own.as_deref() == Some(normalise(&memo.credit_memo_number).as_str())
    };
    let Some(memo) = memos.iter().copied().find(is_named) else {
        let named = claim.debit_note_number.as_deref().or(claim.wording.other_references.first().map(String::as_str)).unwrap_or("it names none");
        return Verdict::undecided(
            claim,
            "offset.no_credit",
            Expectation::Unexpected,
            format!("The credit it nets ({named}) is not on file; ask the customer for a copy."),
        );
    };
    let evidence = Evidence::record(
        "credit_memo",
        &memo.credit_memo_number,
        format!("Credit of {} {} of {}.", crate::money::format_minor(memo.amount, memo.currency), memo.currency, memo.issue_date),
    );
    let number = normalise(&memo.credit_memo_number);
    let used = group
        .iter()
        .filter_map(|member| case.facts.settled.get(member))
        .flatten()
        .find(|settled| settled.reference.as_deref().is_some_and(|reference| normalise(reference) == number));
    if let Some(used) = used {
        return Verdict::not_owed(claim, "offset.used", format!("Credit memo {} was already used on {}.", memo.credit_memo_number, used.settled_on))
            .with(evidence);
    }
    let taken: i64 = case.earlier.with_reference(&memo.credit_memo_number).map(|earlier| earlier.valid_amount).sum();
    if memo.currency != claim.amount.currency {
        return Verdict::undecided(
            claim,
            "offset.currency",
            Expectation::Expected,
            format!("Credit memo {} is in {}, the deduction in {}.", memo.credit_memo_number, memo.currency, claim.amount.currency),
        )
        .with(evidence);
    }
    if taken >= memo.amount {
        return Verdict::not_owed(claim, "offset.used", format!("Credit memo {} was already netted by an earlier payment.", memo.credit_memo_number))
            .with(evidence);
    }
    Verdict::owed_up_to(
        claim,
        "offset.open_credit",
        Expectation::Expected,
        memo.amount - taken,
        case.tolerances,
        format!("Credit memo {} of {} is open.", memo.credit_memo_number, case.amount(memo.amount)),
    )
    .with(evidence)
}

pub(super) fn duplicate_billing(case: Case<'_>) -> Verdict {
    let claim = case.claim;
    let Some(invoice) = claim.invoice else {
        return Verdict::undecided(
            claim,
            "duplicate.no_invoice",
            Expectation::Unexpected,
            "The claim names no invoice; ask which bill is the second one.".to_owned(),
        );
    };
    let own = normalise(&invoice.invoice_number);
    let named = claim.wording.invoices.iter().filter(|number| normalise(number) != own).filter_map(|number| case.facts.invoices.get(number));
    let mut compared: Vec<&Invoice> = named.collect();
    let stated = !compared.is_empty();
    if !stated {
        let group = case.facts.group(&invoice.customer_id);
        compared = case
            .facts
            .invoices
            .values()
            .filter(|other| other.invoice_number != invoice.invoice_number && group.contains(&other.customer_id) && other.total_amount == invoice.total_amount)
            .collect();
        compared.sort_by(|left, right| left.invoice_number.cmp(&right.invoice_number));
    }
    if let Some(twin) = compared.iter().find(|other| bills_the_same(case, invoice, other)) {
        let evidence = Evidence::record(
            "invoice",
            &twin.invoice_number,
            format!("Same articles, quantities and order as {}, billed on {}.", invoice.invoice_number, twin.issue_date),
        );
        // Crediting the second bill has put it right: taking it off as well would give it twice.
        if let Some(memo) =
            [invoice, *twin].into_iter().flat_map(|bill| case.facts.credited_before(bill, claim.payment_date)).find(|memo| memo.amount == claim.amount.minor)
        {
            let about = memo.invoice_number.as_deref().unwrap_or_default();
            let says = format!(
                "Credit memo {} of {} has put the second bill right already: {} on {about}.",
                memo.credit_memo_number,
                memo.issue_date,
                case.amount(memo.amount)
            );
            let credit = Evidence::record("credit_memo", &memo.credit_memo_number, format!("{} of {} on {about}.", case.amount(memo.amount), memo.issue_date));
            return Verdict::not_owed(claim, "duplicate.credited", says).with(evidence).with(credit);
        }
        let billed = invoice.total_amount.min(twin.total_amount);
        return Verdict::owed_up_to(
            claim,
            "duplicate.billed_twice",
            Expectation::Unexpected,
            billed,
            case.tolerances,
            format!("Invoices {} and {} bill the same delivery.", twin.invoice_number, invoice.invoice_number),
        )
        .with(evidence);
    }
    let Some(other) = compared.first().filter(|_| stated) else {
        return Verdict::not_owed(
            claim,
            "duplicate.single",
            format!("No other invoice bills what invoice {} bills, and it was not paid before.", invoice.invoice_number),
        );
    };
    let evidence = Evidence::record(
        "invoice",
        &other.invoice_number,
        format!("Order {}, {} of {}.", other.purchase_order.as_deref().unwrap_or("not on file"), case.amount(other.total_amount), other.issue_date),
    );
    Verdict::not_owed(claim, "duplicate.different", format!("Invoices {} and {} bill different deliveries.", other.invoice_number, invoice.invoice_number))
        .with(evidence)
}

/// Two invoices bill the same when their lines agree and neither the order nor the delivery note tells them apart.
fn bills_the_same(case: Case<'_>, one: &Invoice, other: &Invoice) -> bool {
    let lines = |invoice: &Invoice| {
        let mut lines: Vec<(Option<String>, Decimal, Decimal)> = case
            .facts
            .lines_of(&invoice.invoice_number)
            .iter()
            .map(|line| (line.sku.clone(), line.quantity.normalize(), line.unit_price.normalize()))
            .collect();
        lines.sort();
        lines
    };
    let same = |left: &Option<String>, right: &Option<String>| left.is_some() && left == right;
    let (left, right) = (lines(one), lines(other));
    let same_lines = if left.is_empty() && right.is_empty() { one.total_amount == other.total_amount } else { left == right };
    same_lines && (same(&one.purchase_order, &other.purchase_order) || same(&one.delivery_note, &other.delivery_note))
}

pub(super) fn post_audit(case: Case<'_>) -> Verdict {
    let claim = case.claim;
    let group = case.facts.group(&claim.customer_id);
    let own = claim.debit_note_number.as_deref().map(normalise);
    let invoice = claim.invoice.map(|invoice| invoice.invoice_number.as_str());
    let settled = group.iter().filter_map(|member| case.facts.settled.get(member)).flatten().find(|settled| {
        let reference = settled.reference.as_deref().map(normalise);
        let named = reference.is_some() && (reference == own || claim.wording.other_references.iter().any(|token| Some(normalise(token)) == reference));
        let same_line = invoice.is_some() && settled.invoice_number.as_deref() == invoice && settled.amount == claim.amount.minor;
        named || same_line
    });
    if let Some(settled) = settled {
        let reference = settled.reference.as_deref().unwrap_or("an earlier claim");
        return Verdict::not_owed(
            claim,
            "post_audit.settled",
            format!("What the audit recovers was settled on {} under {reference} ({}).", settled.settled_on, case.amount(settled.amount)),
        )
        .with(Evidence::record("settlement", reference, format!("{} on {}.", case.amount(settled.amount), settled.settled_on)));
    }
    Verdict::undecided(
        claim,
        "post_audit.no_report",
        Expectation::Unexpected,
        "The audit report is not on file; ask for the lines it recovers and the contract's look-back.".to_owned(),
    )
}

/// Words of bank charges in four languages.
const BANK_WORDS: [&str; 16] = [
    "bank",
    "wire fee",
    "transfer fee",
    "frais bancaires",
    "frais de virement",
    "bankkosten",
    "transactiekosten",
    "bankspesen",
    "bankgebuhr",
    "uberweisungsgebuhr",
    "spesen",
    "swift",
    "lifting fee",
    "kosten bank",
    "charges",
    "virement",
];

pub(super) fn tax_or_bank(case: Case<'_>) -> Verdict {
    let claim = case.claim;
    let folded = fold(&claim.wording.text);
    let is_fee = BANK_WORDS.iter().any(|word| folded.contains(word))
        && !["vat", "tva", "btw", "mwst", "ust", "tax"]
            .iter()
            .any(|word| folded.split(|character: char| !character.is_alphanumeric()).any(|token| token == *word));
    if is_fee && claim.amount.to_decimal() <= case.tolerances.bank_fee {
        return Verdict::owed(
            claim,
            "bank_fee.small",
            Expectation::Unexpected,
            format!("A bank fee of {} is within the {} that is let go.", case.amount(claim.amount.minor), case.tolerances.bank_fee.normalize()),
        );
    }
    if is_fee {
        return Verdict::undecided(
            claim,
            "bank_fee.large",
            Expectation::Unexpected,
            format!(
                "A bank fee of {} is more than the {} that is let go; ask for the bank's advice.",
                case.amount(claim.amount.minor),
                case.tolerances.bank_fee.normalize()
            ),
        );
    }
    Verdict::undecided(
        claim,
        "tax.unexplained",
        Expectation::Unexpected,
        "No tax document on file explains the adjustment; ask for the corrected tax computation.".to_owned(),
    )
}

pub(super) fn freight_charge(case: Case<'_>) -> Verdict {
    Verdict::not_owed(
        case.claim,
        "freight_charge.not_agreed",
        format!("No term with {} lets it charge freight, handling or pallets back.", case.customer_name()),
    )
}
