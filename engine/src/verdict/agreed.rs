//! Deductions that only an agreement makes owed: promotions, scan-backs, co-op, slotting, rebates and period allowances.
//!
//! Without an agreement in force (none, rejected, outside its window, article not covered) they are unexpected and not owed.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::billed::{BilledArticle, billed_articles};
use super::{Case, Verdict};
use crate::agreement::{Agreement, AgreementKind, AgreementStatus, RateType};
use crate::evidence::Evidence;
use crate::money::Money;
use crate::reference::{fold, normalise, shape};
use crate::sentence::{counted, quantity, with_article};
use crate::taxonomy::{Category, Expectation, Validity};
use crate::units::Measure;

/// Why an agreement does not cover a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Miss {
    Window,
    Scope,
}

/// One agreement held against the claim.
struct Trial<'facts> {
    agreement: &'facts Agreement,
    miss: Option<Miss>,
    /// What it gives before its cap and earlier claims, in minor units; `None` when the figures it needs are not on file.
    gives: Option<i64>,
    /// How it comes to that.
    says: String,
}

pub(super) fn judge(case: Case<'_>) -> Verdict {
    let claim = case.claim;
    if claim.category == Category::MarkdownSupport {
        return Verdict::not_owed(claim, "agreement.none", format!("No approval of markdown support for {} is on file.", case.customer_name()));
    }
    let kinds = claim.category.agreement_kinds();
    let mut family: Vec<&Agreement> = case.facts.agreements_for(&claim.customer_id).collect();
    if claim.invoice.is_none() {
        // A parent that pays for its children claims for them too; an invoice would say for which.
        let group = case.facts.group(&claim.customer_id);
        let children = group.iter().filter(|member| **member != claim.customer_id && case.facts.family(member).contains(&claim.customer_id));
        family.extend(children.filter_map(|member| case.facts.agreements.get(member)).flatten());
    }
    let named: Vec<&Agreement> = family.iter().copied().filter(|agreement| claim.wording.agreements.contains(&agreement.agreement_id)).collect();
    if let Some(agreement) = named.iter().find(|agreement| kinds.contains(&agreement.kind)).or(named.first()) {
        return decide(case, try_agreement(case, agreement));
    }
    if let Some(reference) = named_but_missing(case, &family) {
        return Verdict::not_owed(claim, "agreement.not_on_file", format!("The agreement it names ({reference}) is not on file for {}.", case.customer_name()));
    }
    let mut trials: Vec<Trial<'_>> =
        family.iter().copied().filter(|agreement| kinds.contains(&agreement.kind)).map(|agreement| try_agreement(case, agreement)).collect();
    trials.sort_by_key(|trial| std::cmp::Reverse(rank(case, trial)));
    match trials.as_slice() {
        [] => {
            Verdict::not_owed(claim, "agreement.none", format!("No agreement with {} gives {}.", case.customer_name(), with_article(&claim.category.plain())))
        }
        [best, rest @ ..] if best.miss.is_none() => {
            if !is_plausible(case, best) {
                return Verdict::not_owed(
                    claim,
                    "agreement.none",
                    format!(
                        "No agreement with {} gives {} of {}.",
                        case.customer_name(),
                        with_article(&claim.category.plain()),
                        case.amount(claim.amount.minor)
                    ),
                )
                .with(evidence(best))
                .certain(900);
            }
            let ties: Vec<&Trial<'_>> = rest.iter().filter(|other| other.miss.is_none() && rank(case, other) == rank(case, best)).collect();
            if let [other, ..] = ties.as_slice() {
                let names = format!("{} and {}", best.agreement.named(), other.agreement.named());
                return Verdict::undecided(
                    claim,
                    "agreement.ambiguous",
                    Expectation::Expected,
                    format!("Two agreements fit equally ({names}); ask which one it is for."),
                )
                .with(evidence(best))
                .with(evidence(other))
                .certain(600);
            }
            let certainty = if best.gives == Some(claim.amount.minor) { 996 } else { 985 };
            let verdict = decide(case, trials.swap_remove(0));
            verdict.certain(certainty)
        }
        [best, ..] => decide(case, Trial { agreement: best.agreement, miss: best.miss, gives: best.gives, says: best.says.clone() }),
    }
}

/// Best first: covers the claim, gives its very amount, is described in its words, and is in force.
fn rank(case: Case<'_>, trial: &Trial<'_>) -> (bool, bool, bool, usize, bool, bool) {
    let words = shared_words(&case.claim.wording.text, trial.agreement.description.as_deref().unwrap_or_default());
    let named_article = case.claim.wording.articles.iter().any(|article| trial.agreement.skus.contains(&article.sku));
    let live = !matches!(trial.agreement.status, AgreementStatus::Rejected);
    let exact = trial.gives.is_some_and(|gives| (gives - case.claim.amount.minor).abs() <= case.tolerances.rounding_minor);
    (trial.miss.is_none() && is_plausible(case, trial), exact, named_article, words, live, remaining(case, trial.agreement, trial.gives.unwrap_or(0)) > 0)
}

/// A fixed sum that no one named must be large enough, or its printed event must lie in the window; taken off an invoice it must be that very sum.
fn is_plausible(case: Case<'_>, trial: &Trial<'_>) -> bool {
    if !is_fixed_sum(trial.agreement) {
        return true;
    }
    let tolerance = case.tolerances.rounding_minor;
    let claimed = case.claim.amount.minor;
    match (case.claim.invoice, trial.gives) {
        (Some(_), gives) => gives.is_some_and(|gives| (gives - claimed).abs() <= tolerance),
        (None, gives) => case.claim.wording.period.is_some() || gives.is_some_and(|gives| claimed <= gives + tolerance),
    }
}

fn is_fixed_sum(agreement: &Agreement) -> bool {
    matches!(agreement.rate_type, RateType::Amount | RateType::PerStore)
}

/// A number in the words that is written like this group's agreement references but stands on none of them.
fn named_but_missing(case: Case<'_>, family: &[&Agreement]) -> Option<String> {
    let shapes: Vec<String> = family.iter().filter_map(|agreement| agreement.customer_reference.as_deref()).map(shape).collect();
    let own = case.claim.debit_note_number.as_deref().map(normalise);
    case.claim
        .wording
        .other_references
        .iter()
        .find(|token| shapes.contains(&shape(token)) && Some(normalise(token)) != own && token.chars().any(char::is_alphabetic))
        .cloned()
}

fn shared_words(text: &str, description: &str) -> usize {
    let text = fold(text);
    let words: Vec<&str> = text.split(|character: char| !character.is_alphanumeric()).filter(|word| word.len() >= 4).collect();
    let description = fold(description);
    description.split(|character: char| !character.is_alphanumeric()).filter(|word| word.len() >= 4 && words.contains(word)).count()
}

fn evidence(trial: &Trial<'_>) -> Evidence {
    let agreement = trial.agreement;
    Evidence::record(
        "agreement",
        &agreement.agreement_id,
        format!(
            "{}{}, {} to {}, {} {}, {}.",
            agreement.description.as_deref().unwrap_or("Agreement"),
            agreement.customer_reference.as_deref().map_or(String::new(), |reference| format!(" ({reference})")),
            agreement.starts_on,
            agreement.ends_on,
            agreement.rate.normalize(),
            agreement.rate_type.word().replace('_', " "),
            agreement.status
        ),
    )
}

fn decide(case: Case<'_>, trial: Trial<'_>) -> Verdict {
    let claim = case.claim;
    let agreement = trial.agreement;
    let verdict = match (trial.miss, agreement.status) {
        (Some(Miss::Window), _) => Verdict::not_owed(
            claim,
            "agreement.outside_window",
            format!("{} runs from {} to {}; {}.", agreement.named(), agreement.starts_on, agreement.ends_on, trial.says),
        ),
        (Some(Miss::Scope), _) => {
            Verdict::not_owed(claim, "agreement.article_not_covered", format!("{} does not cover the article: {}.", agreement.named(), trial.says))
        }
        (None, AgreementStatus::Rejected) => Verdict::not_owed(claim, "agreement.rejected", format!("Sales rejected {}.", agreement.named())),
        (None, AgreementStatus::Proposed) => Verdict::undecided(
            claim,
            "agreement.proposed",
            Expectation::Expected,
            format!("{} is proposed and not confirmed yet; sales has to confirm it.", agreement.named()),
        )
        .under(&agreement.agreement_id)
        .certain(985),
        (None, AgreementStatus::Confirmed | AgreementStatus::Expired) => in_force(case, &trial),
    };
    verdict.with(evidence(&trial))
}

fn in_force(case: Case<'_>, trial: &Trial<'_>) -> Verdict {
    let claim = case.claim;
    let agreement = trial.agreement;
    if agreement.currency != case.currency() && agreement.compares_amounts() {
        let says = format!(
            "{} covers it, but is in {} and the claim in {}; they are never converted silently.",
            agreement.named(),
            agreement.currency,
            case.currency()
        );
        return Verdict::undecided(claim, "agreement.currency", Expectation::Expected, says).under(&agreement.agreement_id);
    }
    let Some(gives) = trial.gives else {
        return Verdict::undecided(claim, "agreement.no_figures", Expectation::Expected, format!("{} covers it, but {}.", agreement.named(), trial.says))
            .under(&agreement.agreement_id);
    };
    if let Some(needed) = &agreement.performance_required {
        return Verdict::undecided(
            claim,
            "agreement.performance_missing",
            Expectation::Expected,
            format!("{} requires {needed}; none is on file.", agreement.named()),
        )
        .under(&agreement.agreement_id);
    }
    let consumed = consumed(case, agreement);
    let left = remaining(case, agreement, gives);
    let used = if consumed > 0 { format!(" Of what it gives, {} was claimed before.", case.amount(consumed)) } else { String::new() };
    if left <= 0 {
        return Verdict::not_owed(
            claim,
            "never_twice.agreement_used",
            format!("{} gives {} and was already claimed in full.{used}", agreement.named(), case.amount(gives)),
        )
        .under(&agreement.agreement_id);
    }
    let mut verdict = Verdict::owed_up_to(
        claim,
        "agreement.covered",
        Expectation::Expected,
        left,
        case.tolerances,
        format!("{} gives {}: {}.{used}", agreement.named(), case.amount(gives), trial.says),
    )
    .under(&agreement.agreement_id);
    if verdict.validity == Validity::Partial {
        verdict.rule = if left < gives { "agreement.cap_or_used" } else { "agreement.above_agreed" };
        verdict.explanation = format!("{} Of the claim {} is owed.", verdict.explanation, case.amount(left));
    }
    verdict
}

/// What was claimed under an agreement before: settlements on file and earlier deductions.
fn consumed(case: Case<'_>, agreement: &Agreement) -> i64 {
    let settled: i64 = case
        .facts
        .settled
        .values()
        .flatten()
        .filter(|settled| settled.agreement_id.as_deref() == Some(&agreement.agreement_id) && settled.currency == agreement.currency)
        .map(|settled| settled.amount)
        .sum();
    settled + case.earlier.consumed(&agreement.agreement_id)
}

/// What is left for this claim: of the cap, and of sums that are given once.
fn remaining(case: Case<'_>, agreement: &Agreement, gives: i64) -> i64 {
    let consumed = consumed(case, agreement);
    let once = is_fixed_sum(agreement) || agreement.kind.is_periodic() || agreement.kind == AgreementKind::ScanBack;
    let left = if once { gives - consumed } else { gives };
    agreement.cap_amount.map_or(left, |cap| left.min(cap - consumed))
}

fn try_agreement<'facts>(case: Case<'facts>, agreement: &'facts Agreement) -> Trial<'facts> {
    match agreement.kind {
        AgreementKind::ScanBack => try_scans(case, agreement),
        kind if kind.is_periodic() => try_period(case, agreement),
        _ if is_fixed_sum(agreement) => try_fixed_sum(case, agreement),
        _ => try_invoice(case, agreement),
    }
}

/// Rates on the articles of one invoice, by its delivery day.
fn try_invoice<'facts>(case: Case<'facts>, agreement: &'facts Agreement) -> Trial<'facts> {
    let claim = case.claim;
    let Some(invoice) = claim.invoice else {
        let day = claim.wording.period.map_or(claim.payment_date, |(from, _)| from);
        let miss = (!agreement.covers_day(day)).then_some(Miss::Window);
        return Trial { agreement, miss, gives: None, says: "the claim names no invoice whose units could be counted".to_owned() };
    };
    let day = case.facts.delivery_day(invoice);
    if !agreement.covers_day(day) {
        return Trial { agreement, miss: Some(Miss::Window), gives: None, says: format!("invoice {} was delivered on {day}", invoice.invoice_number) };
    }
    let mut articles = billed_articles(case, invoice);
    articles.retain(|article| agreement.covers_sku(article.sku));
    if articles.is_empty() {
        let named: Vec<&str> = claim.wording.articles.iter().map(|article| article.sku.as_str()).collect();
        let what = if named.is_empty() {
            format!("invoice {} bills none of its articles", invoice.invoice_number)
        } else {
            format!("claimed for {}", named.join(", "))
        };
        return Trial { agreement, miss: Some(Miss::Scope), gives: None, says: what };
    }
    let mut gives = Decimal::ZERO;
    let mut counted = Vec::new();
    for article in &articles {
        match rate_on(case, agreement, article) {
            Ok((amount, how)) => {
                gives += amount;
                counted.push(how);
            }
            Err(missing) => return Trial { agreement, miss: None, gives: None, says: missing },
        }
    }
    Trial { agreement, miss: None, gives: Some(case.minor(gives)), says: counted.join(", ") }
}

/// What the rate gives for the claimed units of an article, and how; an error says which figure is not on file.
fn rate_on(case: Case<'_>, agreement: &Agreement, article: &BilledArticle<'_>) -> Result<(Decimal, String), String> {
    let (sku, rate) = (article.sku, agreement.rate);
    let billed = article.units.ok_or_else(|| format!("the unit of article {sku} does not convert by the master data"))?;
    let units = case.claim.wording.claimed_units(sku).map_or(billed, |claimed| claimed.min(billed));
    Ok(match agreement.rate_type {
        RateType::Percent if billed.is_zero() => (Decimal::ZERO, format!("nothing billed of article {sku}")),
        RateType::Percent => {
            let net = Money::new(article.net, case.currency()).to_decimal() * units / billed;
            (net * rate / Decimal::ONE_HUNDRED, format!("{} % of {} for article {sku}", rate.normalize(), net.round_dp(2)))
        }
        RateType::PerCase => {
            let pack = article.product.and_then(|product| product.base_units(Measure::Case));
            let cases = units / pack.ok_or_else(|| format!("how many units of article {sku} make a case is not on file"))?;
            (cases * rate, format!("{} of {sku} at {}", quantity(cases.round_dp(2), Some("case")), rate.normalize()))
        }
        _ => (units * rate, format!("{} of {sku} at {}", quantity(units, None), rate.normalize())),
    })
}

/// A sum for an event or per store: in time when the printed event, or else the payment, lies in the window.
fn try_fixed_sum<'facts>(case: Case<'facts>, agreement: &'facts Agreement) -> Trial<'facts> {
    let (from, to) = case.claim.wording.period.unwrap_or((case.claim.payment_date, case.claim.payment_date));
    if to < agreement.starts_on || agreement.ends_on < from {
        let what = if case.claim.wording.period.is_some() { "the event it prints" } else { "the payment" };
        return Trial { agreement, miss: Some(Miss::Window), gives: None, says: format!("{what} is of {from}") };
    }
    let (gives, says) = match (agreement.rate_type, agreement.committed_stores) {
        (RateType::PerStore, Some(stores)) => (
            Some(case.minor(agreement.rate * Decimal::from(stores))),
            format!("{} for each of {}", agreement.rate.normalize(), counted(stores, "store", "stores")),
        ),
        (RateType::PerStore, None) => (None, "the number of committed stores is not on file".to_owned()),
        _ => (Some(case.minor(agreement.rate)), "the agreed sum".to_owned()),
    };
    Trial { agreement, miss: None, gives, says }
}

/// Scanned units of the claimed weeks that lie in the window.
fn try_scans<'facts>(case: Case<'facts>, agreement: &'facts Agreement) -> Trial<'facts> {
    let (from, to) = case.claim.wording.period.unwrap_or((agreement.starts_on, agreement.ends_on));
    let named = &case.claim.wording.articles;
    if !named.is_empty() && !named.iter().any(|article| agreement.covers_sku(&article.sku)) {
        let skus: Vec<&str> = named.iter().map(|article| article.sku.as_str()).collect();
        return Trial { agreement, miss: Some(Miss::Scope), gives: None, says: format!("claimed for {}", skus.join(", ")) };
    }
    let (first, last): (Date, Date) = (from.max(agreement.starts_on), to.min(agreement.ends_on));
    if first > last {
        return Trial { agreement, miss: Some(Miss::Window), gives: None, says: format!("the claimed weeks run from {from} to {to}") };
    }
    let family = case.facts.group(&agreement.customer_id);
    let weeks: Vec<_> = family
        .iter()
        .filter_map(|member| case.facts.scans.get(member))
        .flatten()
        .filter(|week| agreement.covers_sku(&week.sku) && first <= week.week_starting && week.week_starting <= last)
        .filter(|week| named.is_empty() || named.iter().any(|article| article.sku == week.sku))
        .collect();
    if weeks.is_empty() {
        return Trial { agreement, miss: None, gives: None, says: format!("no scan data from {first} to {last} is on file") };
    }
    let units: Decimal = weeks.iter().map(|week| week.units).sum();
    Trial {
        agreement,
        miss: None,
        gives: Some(case.minor(units * agreement.rate)),
        says: format!("{} scanned from {first} to {last} at {}", quantity(units, None), agreement.rate.normalize()),
    }
}

/// A percentage of everything invoiced in the window, or an agreed sum for it.
fn try_period<'facts>(case: Case<'facts>, agreement: &'facts Agreement) -> Trial<'facts> {
    if let Some((from, to)) = case.claim.wording.period
        && (to < agreement.starts_on || agreement.ends_on < from)
    {
        return Trial { agreement, miss: Some(Miss::Window), gives: None, says: format!("claimed for {from} to {to}") };
    }
    if case.claim.payment_date <= agreement.ends_on && agreement.kind == AgreementKind::VolumeRebate {
        return Trial { agreement, miss: None, gives: None, says: format!("its period closes only on {}", agreement.ends_on) };
    }
    match (agreement.rate_type, case.facts.period_sales.get(&agreement.agreement_id)) {
        (RateType::Percent, Some(sales)) => {
            let gives = Money::new(*sales, case.currency()).percent(agreement.rate).map_or(0, |money| money.minor);
            Trial {
                agreement,
                miss: None,
                gives: Some(gives),
                says: format!("{} % of net sales of {} in its window", agreement.rate.normalize(), case.amount(*sales)),
            }
        }
        (RateType::Amount, _) => Trial { agreement, miss: None, gives: Some(case.minor(agreement.rate)), says: "the agreed sum".to_owned() },
        _ => Trial { agreement, miss: None, gives: None, says: "its sales base is not on file".to_owned() },
    }
}
