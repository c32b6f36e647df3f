//! One deduction, decided: what it claims, whether it is owed, which desk works it. Pure, so that the same decision can be run again years later.

use jiff::civil::Date;
use recoup_engine::evidence::Evidence;
use recoup_engine::facts::Facts;
use recoup_engine::history::{History, month_of};
use recoup_engine::invoice::Invoice;
use recoup_engine::money::{Money, MoneyError};
use recoup_engine::party::ReasonCode;
use recoup_engine::reading::Confidence;
use recoup_engine::recovery::TrackRecords;
use recoup_engine::remittance::CodeList;
use recoup_engine::supporting::DebitNote;
use recoup_engine::taxonomy::{Category, Expectation, Validity};
use recoup_engine::verdict::{Claim, PaidBefore, Shape, Tolerances, TypicalFee, Verdict, judge, unexplained};
use recoup_engine::wording::{Wording, subject_invoice};

use crate::book::Book;
use crate::classify::{Candidate, Stated, classify};
use crate::learnt::signs::{Looked, signs};
use crate::learnt::{Model, Proposal};
use crate::legal::Concerned;
use crate::route::{Judged, Routed};
use crate::small_claims::{BUNCHED, CHECKED, Fate, LET_GO, Small, Weighed};

/// An amount held back, as it was posted, with the debit note that explains it.
#[derive(Clone, Copy, Debug)]
pub struct HeldBack<'posted> {
    pub deduction_id: &'posted str,
    /// Who held it back; the invoice's customer takes its place where an invoice is named.
    pub customer_id: &'posted str,
    pub invoice_number: Option<&'posted str>,
    pub debit_note_number: Option<&'posted str>,
    pub amount: Money,
    /// `None` when nobody has told the day yet.
    pub payment_date: Option<Date>,
    pub shape: Shape,
    /// What its allocation settles of the invoice, in minor units.
    pub settled_gross: Option<i64>,
    /// What settled its invoice already, where that leaves nothing to allocate.
    pub paid_before: Option<&'posted PaidBefore>,
    pub code: Option<&'posted str>,
    pub code_list: CodeList,
    pub words: &'posted str,
    pub within_tolerance: bool,
    /// Its claim is worked already: nobody lets it go any more.
    pub worked: bool,
    /// What a person said that it claims, and who.
    pub said: Option<(Category, &'posted str)>,
    /// Its words were recognised from a picture, so that some may be lost.
    pub recognised: bool,
    pub note: Option<&'posted DebitNote>,
}

/// What decides: the book, the customers' own codes, and what was learnt, once anything was.
#[derive(Clone, Copy, Debug)]
pub struct Policy<'policy> {
    pub book: &'policy Book,
    pub own_codes: &'policy [ReasonCode],
    /// How earlier claims ended.
    pub records: &'policy TrackRecords,
    pub learnt: Option<&'policy Model>,
}

/// What was decided, and why.
#[derive(Clone, Debug)]
pub struct Decision {
    pub customer_id: String,
    /// As the customer writes it where no such invoice is on file.
    pub invoice_number: Option<String>,
    /// All words that were judged: of the line, of its code column, of its debit note.
    pub words: String,
    pub candidate: Candidate,
    pub verdict: Verdict,
    pub routed: Routed,
    /// Settled by the rule: no claim is opened.
    pub closes: bool,
    /// What is given up because it is not worth its work.
    pub let_go: Option<Money>,
    /// Of the decision, given that everything was read right.
    pub confidence: Confidence,
}

/// The test that found no reason in words, amounts or records: where past decisions may speak.
const UNEXPLAINED: &str = "unexplained";
/// The rule of a verdict that past decisions propose and nobody has confirmed.
pub const LEARNT: &str = "learnt";

/// How often recognised words are right to give no reason, and to name no invoice where they give one: measured on scanned advices.
const LOST_REASON: Confidence = Confidence::from_thousandths(640);
const LOST_INVOICE: Confidence = Confidence::from_thousandths(880);

/// Decides one deduction by the policy, the facts and what was decided before it.
///
/// # Errors
/// When a figure of the book does not fit the currency.
pub fn decide(held: HeldBack<'_>, policy: Policy<'_>, facts: &Facts, earlier: &History) -> Result<Decision, MoneyError> {
    let Policy { book, own_codes, .. } = policy;
    let reason = held.note.and_then(|note| note.reason.as_deref()).unwrap_or_default();
    let code = held.code.or_else(|| held.note.and_then(|note| note.code.as_deref()));
    // Some columns headed as codes hold words: they say why, and are no code.
    let (code, said_as_code) = match code {
        Some(code) if code.trim().contains(' ') => (None, code),
        code => (code, ""),
    };
    let day = held.payment_date.unwrap_or_default();
    let lines = held.note.map_or(&[][..], |note| note.lines.as_slice());
    let wording = Wording::read(&[held.words, said_as_code, reason], lines, facts, held.customer_id, day);
    let invoice = invoice_meant(held, &wording, facts);
    let customer_id = invoice.map_or(held.customer_id, |invoice| invoice.customer_id.as_str());
    let stated = Stated { shape: held.shape, code, code_list: held.code_list, customer_id, wording: &wording };
    let mut candidate = match held.said {
        Some((category, by)) => Candidate { category, why: format!("{by} said so"), certainty: 1000 },
        None => classify(stated, book, facts, own_codes),
    };
    let tolerances = Tolerances {
        rounding_minor: Money::from_decimal_rounded(book.settings.tolerances.rounding, held.amount.currency)?.minor,
        bank_fee: book.settings.tolerances.bank_fee,
    };
    let claim = Claim {
        deduction_id: held.deduction_id.to_owned(),
        customer_id: customer_id.to_owned(),
        invoice,
        unknown_invoice: held.invoice_number.filter(|_| invoice.is_none()).map(str::to_owned),
        debit_note_number: held.debit_note_number.map(str::to_owned),
        amount: held.amount,
        // Unknown means late: whatever was credited by any day counts.
        payment_date: held.payment_date.unwrap_or(Date::MAX),
        shape: held.shape,
        category: candidate.category,
        settled_gross: held.settled_gross,
        paid_before: held.paid_before.cloned(),
        typical_fee: typical_fee(book, facts, customer_id, held.amount),
        wording,
    };
    let mut verdict = if held.within_tolerance {
        tolerated(&claim)
    } else if held.payment_date.is_none() && counts_from_the_payment(candidate.category, invoice) {
        undated(&claim)
    } else {
        judge(&claim, facts, earlier, &tolerances)
    };
    if held.recognised && verdict.validity == Validity::Unknown {
        // What seems to be missing may only have been lost.
        let lost = match (verdict.category, invoice) {
            (Category::Unknown, _) => LOST_REASON,
            (_, None) => LOST_INVOICE,
            _ => Confidence::CERTAIN,
        };
        verdict.certainty = verdict.certainty.and(lost);
    }
    if let Some(proposal) = proposal(held, policy, facts, &claim, &verdict, code) {
        candidate = Candidate { category: proposal.category, why: learnt_from(&proposal), certainty: proposal.confidence().thousandths() };
        verdict = proposed(&proposal, judge(&Claim { category: proposal.category, ..claim.clone() }, facts, earlier, &tolerances));
    }
    if !held.within_tolerance {
        verdict.evidence.extend(legal_notes(held, book, facts, invoice, customer_id, verdict.category));
    }
    let mut routed = book.routing.route(Judged {
        category: verdict.category,
        within_tolerance: held.within_tolerance,
        amount: held.amount.to_decimal(),
        expectation: verdict.expectation,
        validity: verdict.validity,
        customer_id,
        owner: book.owner(verdict.category),
    });
    // Whoever says what is claimed may not settle it by that alone.
    routed.closes &= held.said.is_none();
    let weighed = if held.within_tolerance || held.worked || held.said.is_some() || routed.closes {
        None
    } else {
        weigh_as_small(held, policy, customer_id, earlier, &mut verdict)?
    };
    let mut let_go = None;
    match weighed.map(|(weighed, at_stake)| (weighed.fate, at_stake)) {
        Some((Fate::LetGo, at_stake)) => {
            let_go = Some(at_stake);
            (routed.closes, routed.rule) = (true, LET_GO.to_owned());
        }
        Some((Fate::Drawn, _)) => routed.rule = CHECKED.to_owned(),
        Some((Fate::Bunched, _)) => routed.rule = BUNCHED.to_owned(),
        Some((Fate::AboveCap, _)) | None => {}
    }
    // A verdict that found its own category needs no help from the words.
    let category = if verdict.category == candidate.category { Confidence::from_thousandths(candidate.certainty) } else { Confidence::CERTAIN };
    Ok(Decision {
        customer_id: claim.customer_id,
        invoice_number: invoice.map(|invoice| invoice.invoice_number.clone()).or(claim.unknown_invoice),
        words: claim.wording.text,
        confidence: if held.within_tolerance { Confidence::CERTAIN } else { category.and(verdict.certainty) },
        closes: routed.closes || held.within_tolerance,
        let_go,
        candidate,
        verdict,
        routed,
    })
}

/// The row that says banks typically keep this very amount, and who says so.
fn typical_fee(book: &Book, facts: &Facts, customer_id: &str, amount: Money) -> Option<TypicalFee> {
    let country = facts.customers.get(customer_id).and_then(|customer| customer.country.as_deref());
    book.bank_fees.typical(country, amount).map(|row| TypicalFee { rule: row.rule.clone(), source: row.source.clone() })
}

/// The invoice a deduction is about: of its line, of its debit note, else the one its words are about.
fn invoice_meant<'facts>(held: HeldBack<'_>, wording: &Wording, facts: &'facts Facts) -> Option<&'facts Invoice> {
    // A number of another customer's invoice names nothing here.
    let is_theirs = |invoice: &&Invoice| held.customer_id.is_empty() || facts.group(held.customer_id).contains(&invoice.customer_id);
    if let Some(invoice) = held.invoice_number.and_then(|number| facts.invoices.get(number)).filter(is_theirs) {
        return Some(invoice);
    }
    let of_note = held.note.and_then(|note| note.invoice_number.as_deref()).and_then(|number| facts.invoice(number));
    of_note.or_else(|| subject_invoice(&wording.text, |token| facts.invoice(token)))
}

/// Whether a claim that is not worth its work is let go, and what is at stake; the reason goes into the verdict, also where something keeps the claim open.
fn weigh_as_small(
    held: HeldBack<'_>,
    policy: Policy<'_>,
    customer_id: &str,
    earlier: &History,
    verdict: &mut Verdict,
) -> Result<Option<(Weighed, Money)>, MoneyError> {
    let Some(row) = policy.book.small_claims.row(customer_id, verdict.category).filter(|row| row.lets_go) else { return Ok(None) };
    let at_stake = Money::new(held.amount.minor - verdict.valid_minor.unwrap_or(0), held.amount.currency);
    let small = Small {
        deduction_id: held.deduction_id,
        at_stake,
        validity: verdict.validity,
        record: policy.records.of(customer_id, verdict.category),
        before: &earlier.small_claims(customer_id, verdict.category, at_stake.currency, held.payment_date.map(month_of)),
    };
    let Some(weighed) = row.weigh(small)? else { return Ok(None) };
    verdict.evidence.push(weighed.evidence(&row.rule));
    if weighed.fate == Fate::LetGo {
        verdict.explanation = format!("{} {}", verdict.explanation, weighed.says);
    }
    Ok(Some((weighed, at_stake)))
}

fn legal_notes(held: HeldBack<'_>, book: &Book, facts: &Facts, invoice: Option<&Invoice>, customer_id: &str, category: Category) -> Vec<Evidence> {
    let Some(paid_on) = held.payment_date else { return Vec::new() };
    let country = facts.customers.get(customer_id).and_then(|customer| customer.country.as_deref());
    let goods = invoice.map_or(0, |invoice| facts.lines_of(&invoice.invoice_number).iter().map(|line| line.line_amount).sum());
    let event_on = invoice.map_or(paid_on, |invoice| facts.delivery_day(invoice));
    book.laws.notes(Concerned { country, category, amount: held.amount, paid_on, event_on, goods })
}

/// Terms and windows count from the day of payment, and programs where no delivery tells the day.
fn counts_from_the_payment(category: Category, invoice: Option<&Invoice>) -> bool {
    let event_unknown = invoice.is_none() && matches!(category, Category::DeliveryPenalty | Category::ComplianceFine);
    event_unknown || category.rests_on_agreement() || matches!(category, Category::EarlyPaymentDiscount | Category::Unknown)
}

/// A difference too small to ask about: closed, and nothing said of who is right.
fn tolerated(claim: &Claim<'_>) -> Verdict {
    Verdict {
        category: Category::Unknown,
        expectation: Expectation::Unexpected,
        validity: Validity::Unknown,
        valid_minor: None,
        agreement_id: None,
        consumes: Vec::new(),
        explanation: format!("A difference of {} {} is within tolerance and let go.", claim.amount, claim.amount.currency),
        evidence: Vec::new(),
        rule: "tolerance",
        certainty: Confidence::CERTAIN,
    }
}

/// What past decisions say where neither code nor words nor the amount do.
fn proposal(held: HeldBack<'_>, policy: Policy<'_>, facts: &Facts, claim: &Claim<'_>, verdict: &Verdict, code: Option<&str>) -> Option<Proposal> {
    let model = policy.learnt.filter(|_| verdict.rule == UNEXPLAINED)?;
    let looked = Looked {
        customer_id: &claim.customer_id,
        words: &claim.wording.text,
        code,
        code_list: held.code_list,
        shape: Some(held.shape),
        amount: held.amount.minor,
        settled_gross: held.settled_gross,
        debit_note_number: held.debit_note_number,
    };
    let proposal = model.propose(&signs(looked, policy, facts), &policy.book.settings.learning)?;
    // Of a silent short payment on an invoice the tests have said already what it is not.
    let refuted = claim.wording.text.is_empty() && claim.invoice.is_some() && unexplained::tries(proposal.category);
    (!refuted).then_some(proposal)
}

fn learnt_from(proposal: &Proposal) -> String {
    format!("past decisions: right {} of {} before", proposal.before.right, proposal.before.of)
}

/// A proposal is a question and no verdict: the test of its category says what it would come to, and nothing is decided before somebody agrees.
fn proposed(proposal: &Proposal, tested: Verdict) -> Verdict {
    let category = proposal.category.plain();
    let fared = format!("of what looked as clear before, {} of {} were right", proposal.before.right, proposal.before.of);
    let because = proposal.because.join(", ");
    let mut evidence = vec![Evidence::record("past_decisions", proposal.category.word(), format!("{because} speak for {category}; {fared}."))];
    evidence.extend(tested.evidence);
    Verdict {
        category: proposal.category,
        validity: Validity::Unknown,
        valid_minor: None,
        consumes: Vec::new(),
        explanation: format!("No reason is given; past decisions say {category} ({fared}). If so: {} Confirm the reason.", tested.explanation),
        evidence,
        rule: LEARNT,
        certainty: Confidence::CERTAIN,
        ..tested
    }
}

/// Without the day of payment nothing that counts from it can be tested.
fn undated(claim: &Claim<'_>) -> Verdict {
    Verdict {
        explanation: "The day of payment is not known yet, so terms and windows can't be tested; the bank's line or the customer will tell it.".to_owned(),
        category: claim.category,
        rule: "payment.no_date",
        certainty: Confidence::from_thousandths(600),
        ..tolerated(claim)
    }
}
