//! A short payment without a reason: everything on file that could explain it to the cent. One explanation decides, several are shown, none asks.

use super::{Case, Claim, TypicalFee, Verdict, agreed, discount, goods, never_twice, price};
use crate::evidence::Evidence;
use crate::invoice::Invoice;
use crate::money::Money;
use crate::reference::normalise;
use crate::taxonomy::{Category, Expectation, Validity};

/// A test that may explain an amount, and the rule that says so.
type Hypothesis = (Category, &'static str, fn(Case<'_>) -> Verdict);

/// Each gives at most one amount for an invoice.
const HYPOTHESES: [Hypothesis; 5] = [
    (Category::EarlyPaymentDiscount, "unexplained.discount", discount::judge),
    (Category::PriceDifference, "unexplained.price", price::judge),
    (Category::Shortage, "unexplained.shortage", goods::shortage),
    (Category::Damage, "unexplained.damage", goods::damage),
    (Category::PromotionAllowance, "unexplained.promotion", agreed::judge),
];

/// More than any invoice is worth: a test that is asked for this much answers what is owed at most.
const BEYOND_ANY_CLAIM: i64 = i64::MAX / 1_000_000;

/// Whether a short payment without a word is tried on a category: one that was not found there to the cent is none of it.
pub fn tries(category: Category) -> bool {
    HYPOTHESES.iter().any(|(tried, ..)| *tried == category)
}

pub(super) fn judge(case: Case<'_>) -> Verdict {
    let claim = case.claim;
    let silent = claim.wording.text.is_empty();
    let mut explained = claim.invoice.filter(|_| silent).map_or(Vec::new(), |invoice| explanations(case, invoice));
    if explained.len() == 1 {
        return explained.remove(0);
    }
    if let Some(fee) = claim.typical_fee.as_ref().filter(|_| silent && explained.is_empty()) {
        return bank_fee(case, fee);
    }
    let says = if !explained.is_empty() {
        let named: Vec<String> = explained.iter().map(|verdict| verdict.category.plain()).collect();
        format!("More than one thing on file gives exactly this amount ({}); ask the customer which it is.", named.join(", "))
    } else if silent {
        "Paid short without a reason, and no discount, price, agreement, credit or delivery on file gives this amount; ask the customer.".to_owned()
    } else {
        format!("The customer's words (\"{}\") give no reason that can be tested; ask for one.", claim.wording.text.chars().take(80).collect::<String>())
    };
    let evidence = explained.into_iter().flat_map(|verdict| verdict.evidence);
    Verdict { category: Category::Unknown, ..Verdict::undecided(claim, "unexplained", Expectation::Unexpected, says) }.with_all(evidence)
}

fn explanations(case: Case<'_>, invoice: &Invoice) -> Vec<Verdict> {
    let tested = HYPOTHESES.into_iter().filter_map(|hypothesis| exactly(case, hypothesis));
    let tested = tested.chain(accrued(case));
    tested.chain(one_overcharged_line(case, invoice)).chain(late_discount(case, invoice)).chain(open_credit(case, invoice)).collect()
}

/// The verdict of a test when what it finds owed is the amount to the cent. What was settled before is owed no second time, said or not.
fn exactly(case: Case<'_>, (category, rule, test): Hypothesis) -> Option<Verdict> {
    let asked = |minor| Claim { category, amount: Money::new(minor, case.currency()), ..case.claim.clone() };
    let most = test(Case { claim: &asked(BEYOND_ANY_CLAIM), ..case });
    if most.validity != Validity::Partial || most.valid_minor != Some(case.claim.amount.minor) {
        return None;
    }
    let claim = asked(case.claim.amount.minor);
    let supposed = Case { claim: &claim, ..case };
    let settled = never_twice::already_settled(supposed);
    let verdict = settled.or_else(|| Some(test(supposed)).filter(|verdict| verdict.validity == Validity::Valid))?;
    let explanation = format!("Not said, but equal to the cent: {}", verdict.explanation);
    Some(Verdict { rule, explanation, ..verdict })
}

/// What an agreement gives and nobody has claimed yet, where that is the amount to the cent.
fn accrued(case: Case<'_>) -> impl Iterator<Item = Verdict> {
    agreed::unclaimed(case).into_iter().map(|verdict| {
        let explanation = format!("Not said, but equal to the cent to what is accrued and not claimed yet. {}", verdict.explanation);
        Verdict { rule: "unexplained.accrual", explanation, ..verdict }
    })
}

/// A fee that a bank may have kept, where nothing on file gives the amount. That others take as much proves nothing: the customer is asked.
fn bank_fee(case: Case<'_>, fee: &TypicalFee) -> Verdict {
    let amount = case.amount(case.claim.amount.minor);
    let says = format!("Paid short without a reason, by just what banks typically keep ({amount}); ask for the bank's advice of the transfer.");
    let evidence = Evidence::record("bank_fee", &fee.rule, format!("{amount} by row `{}` of bank_fees.csv ({}).", fee.rule, fee.source));
    let claim = Claim { category: Category::TaxOrBank, ..case.claim.clone() };
    Verdict::undecided(&claim, "unexplained.bank_fee", Expectation::Unexpected, says).with(evidence).certain(900)
}

/// The overcharge of a single line, where several lines are overcharged.
fn one_overcharged_line(case: Case<'_>, invoice: &Invoice) -> Option<Verdict> {
    let lines = case.facts.lines_of(&invoice.invoice_number);
    let overcharges: Vec<_> = lines.iter().filter_map(|line| price::overcharge(case, invoice, line)).filter(|overcharge| overcharge.minor > 0).collect();
    let single = overcharges.iter().find(|overcharge| overcharge.minor == case.claim.amount.minor).filter(|_| overcharges.len() > 1)?;
    let says = format!("Not said, but equal to the overcharge of one article to the cent. {}", single.says);
    let verdict = Verdict::owed(case.claim, "unexplained.price", Expectation::Unexpected, says).with(Evidence::record("price", &single.sku, &*single.says));
    Some(Verdict { category: Category::PriceDifference, ..verdict })
}

/// A discount of the terms that was no longer open on the day of payment.
fn late_discount(case: Case<'_>, invoice: &Invoice) -> Option<Verdict> {
    let terms = discount::terms_of(case, invoice)?;
    let earned = discount::earned(case, invoice);
    let base = Money::new(case.claim.settled_gross.unwrap_or(invoice.total_amount), invoice.currency);
    let is_rate = |tier: &crate::calendar::DiscountTier| base.percent(tier.rate).is_ok_and(|discount| discount.minor == case.claim.amount.minor);
    let tier = terms.tiers.iter().find(|tier| is_rate(tier)).filter(|_| earned.minor == 0)?;
    let says = format!("Not said, but equal to the discount of {} %. {}", tier.rate.normalize(), earned.says);
    let verdict = Verdict::not_owed(case.claim, "unexplained.late_discount", says).with_all(earned.evidence);
    Some(Verdict { category: Category::EarlyPaymentDiscount, ..verdict })
}

/// A credit of ours that names the invoice, gives the very amount and was not used.
fn open_credit(case: Case<'_>, invoice: &Invoice) -> Option<Verdict> {
    let memos = case.facts.credited_before(invoice, case.claim.payment_date);
    let memo = memos.into_iter().find(|memo| memo.amount == case.claim.amount.minor)?;
    let number = normalise(&memo.credit_memo_number);
    let settled = |reference: &Option<String>| reference.as_deref().is_some_and(|reference| normalise(reference) == number);
    let is_used = case.facts.settled.values().flatten().any(|one| settled(&one.reference)) || case.earlier.with_reference(&number).next().is_some();
    if is_used {
        return None;
    }
    let says = format!("Not said, but equal to credit memo {} of {} for this invoice, which is open.", memo.credit_memo_number, case.amount(memo.amount));
    let evidence = Evidence::record("credit_memo", &memo.credit_memo_number, format!("{} of {}.", case.amount(memo.amount), memo.issue_date));
    let verdict = Verdict::owed(case.claim, "unexplained.credit", Expectation::Expected, says).with(evidence);
    Some(Verdict { category: Category::Offset, ..verdict })
}
