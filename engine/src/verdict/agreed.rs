//! Deductions that only an agreement makes owed: promotions, scan-backs, co-op, slotting, rebates and period allowances.
//!
//! Without an agreement in force (none, rejected, outside its window, article not covered) they are unexpected and not owed.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::billed::{BilledArticle, billed_articles};
use super::{Case, Claim, Verdict};
use crate::agreement::{Agreement, AgreementKind, AgreementStatus, RateType};
use crate::consumption::{Asked, Lot, Source, take};
use crate::evidence::Evidence;
use crate::invoice::SettledDeduction;
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
    /// The units that it gives this for; none where it gives a sum.
    asked: Vec<Asked>,
    /// How it comes to that.
    says: String,
}

impl<'facts> Trial<'facts> {
    fn miss(agreement: &'facts Agreement, miss: Miss, says: String) -> Self {
        Self { agreement, miss: Some(miss), gives: None, asked: Vec::new(), says }
    }

    fn without_figures(agreement: &'facts Agreement, says: String) -> Self {
        Self { agreement, miss: None, gives: None, asked: Vec::new(), says }
    }
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
        _ => decide(case, trials.swap_remove(0)),
    }
}

/// What agreements with the customer give for all claims together, where just the amount at hand is left of one: sums, rates on a period, scanned units.
pub(super) fn unclaimed(case: Case<'_>) -> Vec<Verdict> {
    let for_all = |agreement: &&Agreement| is_given_once(agreement) || agreement.kind == AgreementKind::ScanBack;
    let gives_the_rest = |agreement: &Agreement| {
        let explains = |category: &&Category| category.rests_on_agreement() && category.agreement_kinds().contains(&agreement.kind);
        let claim = Claim { category: *Category::ALL.iter().find(explains)?, ..case.claim.clone() };
        let case = Case { claim: &claim, ..case };
        let trial = try_agreement(case, agreement);
        let is_the_rest = trial.miss.is_none() && trial.gives.is_some() && remaining(case, &trial) == claim.amount.minor;
        is_the_rest.then(|| decide(case, trial)).filter(|verdict| verdict.validity == Validity::Valid)
    };
    case.facts.agreements_for(&case.claim.customer_id).filter(for_all).filter_map(gives_the_rest).collect()
}

/// Best first: covers the claim, gives its very amount, is described in its words, and is in force.
fn rank(case: Case<'_>, trial: &Trial<'_>) -> (bool, bool, bool, usize, bool, bool) {
    let words = shared_words(&case.claim.wording.text, trial.agreement.description.as_deref().unwrap_or_default());
    let named_article = case.claim.wording.articles.iter().any(|article| trial.agreement.skus.contains(&article.sku));
    let live = !matches!(trial.agreement.status, AgreementStatus::Rejected);
    let exact = trial.gives.is_some_and(|gives| (gives - case.claim.amount.minor).abs() <= case.tolerances.rounding_minor);
    (trial.miss.is_none() && is_plausible(case, trial), exact, named_article, words, live, remaining(case, trial) > 0)
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
    let left = remaining(case, trial);
    let before = before(case, trial);
    let used = before.as_ref().map_or_else(String::new, |before| format!(" {}", before.says));
    if left <= 0 {
        return Verdict::not_owed(
            claim,
            "never_twice.agreement_used",
            format!("{} gives {} and was already claimed in full.{used}", agreement.named(), case.amount(gives)),
        )
        .under(&agreement.agreement_id)
        .with_all(before);
    }
    let mut verdict = Verdict::owed_up_to(
        claim,
        "agreement.covered",
        Expectation::Expected,
        left,
        case.tolerances,
        format!("{} gives {}: {}.{used}", agreement.named(), case.amount(gives), trial.says),
    )
    .under(&agreement.agreement_id)
    .with_all(before);
    if verdict.validity == Validity::Partial {
        verdict.rule = if left < gives { "agreement.cap_or_used" } else { "agreement.above_agreed" };
        verdict.explanation = format!("{} Of the claim {} is owed.", verdict.explanation, case.amount(left));
    }
    verdict.consumes = take(left_of_lots(case, trial), Money::new(verdict.valid_minor.unwrap_or(0), case.currency()).to_decimal());
    verdict
}

/// What was given of the same before, as a person may look it up: of the same units, else under the same agreement.
fn before(case: Case<'_>, trial: &Trial<'_>) -> Option<Evidence> {
    let agreement = trial.agreement;
    let of_lots = || trial.asked.iter().flat_map(|asked| case.earlier.taken(&agreement.agreement_id, &asked.lot).map(move |taken| (asked, taken)));
    if let Some((asked, (earlier, units))) = of_lots().next() {
        let number = earlier.reference.as_deref().unwrap_or(&earlier.deduction_id);
        let more = match of_lots().count() - 1 {
            0 => String::new(),
            more => format!(" and {}", counted(i64::try_from(more).unwrap_or(i64::MAX), "more lot", "more lots")),
        };
        let says = format!("{} of {}{more} were settled before under {number} ({}).", quantity(units, None), asked.lot, case.amount(earlier.valid_amount));
        return Some(Evidence::record("deduction", &earlier.deduction_id, says));
    }
    // Where an agreement pays by the unit, other units matter to its cap alone.
    let consumed = if is_given_once(agreement) || agreement.cap_amount.is_some() { consumed(case, agreement) } else { unnoted(case, trial) };
    (consumed > 0).then(|| Evidence::record("agreement", &agreement.agreement_id, format!("Of what it gives, {} was claimed before.", case.amount(consumed))))
}

/// What was settled under an agreement before this system.
fn settled_under<'case>(case: Case<'case>, agreement: &'case Agreement) -> impl Iterator<Item = &'case SettledDeduction> {
    let is_under =
        move |settled: &&SettledDeduction| settled.agreement_id.as_deref() == Some(&agreement.agreement_id) && settled.currency == agreement.currency;
    case.facts.settled.values().flatten().filter(is_under)
}

/// What was claimed under an agreement before: settlements on file and earlier deductions.
fn consumed(case: Case<'_>, agreement: &Agreement) -> i64 {
    settled_under(case, agreement).map(|settled| settled.amount).sum::<i64>() + case.earlier.consumed(&agreement.agreement_id)
}

/// Whether what it gives is a sum for all claims together, and not a rate for units.
fn is_given_once(agreement: &Agreement) -> bool {
    is_fixed_sum(agreement) || agreement.kind.is_periodic()
}

/// What is left for this claim: of sums that are given once, of the units that it is for, and of the cap.
fn remaining(case: Case<'_>, trial: &Trial<'_>) -> i64 {
    let agreement = trial.agreement;
    let left = if is_given_once(agreement) {
        trial.gives.unwrap_or(0) - consumed(case, agreement)
    } else {
        let gives = left_of_lots(case, trial).into_iter().map(|(_, _, gives)| gives).sum();
        case.minor(gives) - unnoted(case, trial)
    };
    agreement.cap_amount.map_or(left, |cap| left.min(cap - consumed(case, agreement)))
}

/// Each lot with the units that are left of it, and what they give.
fn left_of_lots(case: Case<'_>, trial: &Trial<'_>) -> Vec<(Lot, Decimal, Decimal)> {
    let used = |lot: &Lot| case.earlier.taken(&trial.agreement.agreement_id, lot).map(|(_, units)| units).sum();
    let left = trial.asked.iter().map(|asked| (asked, asked.left(used(&asked.lot))));
    left.map(|(asked, (units, gives))| (asked.lot.clone(), units, gives)).collect()
}

/// What was given for units that nobody noted, in minor units. It counts as given for these, so that nothing is paid twice: whatever was settled on the
/// same invoice, or for any week of a scan-back.
fn unnoted(case: Case<'_>, trial: &Trial<'_>) -> i64 {
    let agreement = trial.agreement;
    let invoice = case.claim.invoice.map(|invoice| invoice.invoice_number.as_str());
    let is_of_these = |number: Option<&str>| agreement.kind == AgreementKind::ScanBack || invoice.is_some() && number == invoice;
    let settled = settled_under(case, agreement).filter(|settled| is_of_these(settled.invoice_number.as_deref())).map(|settled| settled.amount);
    let earlier = case.earlier.without_units(&agreement.agreement_id).filter(|earlier| is_of_these(earlier.invoice_number.as_deref()));
    settled.sum::<i64>() + earlier.map(|earlier| earlier.valid_amount).sum::<i64>()
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
        return Trial { miss, ..Trial::without_figures(agreement, "the claim names no invoice whose units could be counted".to_owned()) };
    };
    let day = case.facts.delivery_day(invoice);
    if !agreement.covers_day(day) {
        return Trial::miss(agreement, Miss::Window, format!("invoice {} was delivered on {day}", invoice.invoice_number));
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
        return Trial::miss(agreement, Miss::Scope, what);
    }
    let (mut asked, mut counted) = (Vec::new(), Vec::new());
    for article in &articles {
        match rate_on(case, agreement, article) {
            Ok((units, gives, how)) => {
                let lot = Lot { sku: article.sku.to_owned(), source: Source::Invoice(invoice.invoice_number.clone()) };
                asked.push(Asked { lot, stock: article.units.unwrap_or(units), units, gives });
                counted.push(how);
            }
            Err(missing) => return Trial::without_figures(agreement, missing),
        }
    }
    let gives = asked.iter().map(|asked| asked.gives).sum();
    Trial { agreement, miss: None, gives: Some(case.minor(gives)), asked, says: counted.join(", ") }
}

/// The claimed units of an article, what the rate gives for them, and how; an error says which figure is not on file.
fn rate_on(case: Case<'_>, agreement: &Agreement, article: &BilledArticle<'_>) -> Result<(Decimal, Decimal, String), String> {
    let (sku, rate) = (article.sku, agreement.rate);
    let billed = article.units.ok_or_else(|| format!("the unit of article {sku} does not convert by the master data"))?;
    let units = case.claim.wording.claimed_units(sku).map_or(billed, |claimed| claimed.min(billed));
    let (gives, how) = match agreement.rate_type {
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
    };
    Ok((units, gives, how))
}

/// A sum for an event or per store: in time when the printed event, or else the payment, lies in the window.
fn try_fixed_sum<'facts>(case: Case<'facts>, agreement: &'facts Agreement) -> Trial<'facts> {
    let (from, to) = case.claim.wording.period.unwrap_or((case.claim.payment_date, case.claim.payment_date));
    if to < agreement.starts_on || agreement.ends_on < from {
        let what = if case.claim.wording.period.is_some() { "the event it prints" } else { "the payment" };
        return Trial::miss(agreement, Miss::Window, format!("{what} is of {from}"));
    }
    let (gives, says) = match (agreement.rate_type, agreement.committed_stores) {
        (RateType::PerStore, Some(stores)) => (
            Some(case.minor(agreement.rate * Decimal::from(stores))),
            format!("{} for each of {}", agreement.rate.normalize(), counted(stores, "store", "stores")),
        ),
        (RateType::PerStore, None) => (None, "the number of committed stores is not on file".to_owned()),
        _ => (Some(case.minor(agreement.rate)), "the agreed sum".to_owned()),
    };
    Trial { agreement, miss: None, gives, asked: Vec::new(), says }
}

/// Scanned units of the claimed weeks that lie in the window.
fn try_scans<'facts>(case: Case<'facts>, agreement: &'facts Agreement) -> Trial<'facts> {
    let (from, to) = case.claim.wording.period.unwrap_or((agreement.starts_on, agreement.ends_on));
    let named = &case.claim.wording.articles;
    if !named.is_empty() && !named.iter().any(|article| agreement.covers_sku(&article.sku)) {
        let skus: Vec<&str> = named.iter().map(|article| article.sku.as_str()).collect();
        return Trial::miss(agreement, Miss::Scope, format!("claimed for {}", skus.join(", ")));
    }
    let (first, last): (Date, Date) = (from.max(agreement.starts_on), to.min(agreement.ends_on));
    if first > last {
        return Trial::miss(agreement, Miss::Window, format!("the claimed weeks run from {from} to {to}"));
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
        return Trial::without_figures(agreement, format!("no scan data from {first} to {last} is on file"));
    }
    let units: Decimal = weeks.iter().map(|week| week.units).sum();
    let mut lots: BTreeMap<Lot, Decimal> = BTreeMap::new();
    for week in weeks {
        *lots.entry(Lot { sku: week.sku.clone(), source: Source::Week(week.week_starting) }).or_default() += week.units;
    }
    Trial {
        agreement,
        miss: None,
        gives: Some(case.minor(units * agreement.rate)),
        asked: lots.into_iter().map(|(lot, units)| Asked { lot, stock: units, units, gives: units * agreement.rate }).collect(),
        says: format!("{} scanned from {first} to {last} at {}", quantity(units, None), agreement.rate.normalize()),
    }
}

/// A percentage of everything invoiced in the window, or an agreed sum for it.
fn try_period<'facts>(case: Case<'facts>, agreement: &'facts Agreement) -> Trial<'facts> {
    if let Some((from, to)) = case.claim.wording.period
        && (to < agreement.starts_on || agreement.ends_on < from)
    {
        return Trial::miss(agreement, Miss::Window, format!("claimed for {from} to {to}"));
    }
    if case.claim.payment_date <= agreement.ends_on && agreement.kind == AgreementKind::VolumeRebate {
        return Trial::without_figures(agreement, format!("its period closes only on {}", agreement.ends_on));
    }
    match (agreement.rate_type, case.facts.period_sales.get(&agreement.agreement_id)) {
        (RateType::Percent, Some(sales)) => {
            let gives = Money::new(*sales, case.currency()).percent(agreement.rate).map_or(0, |money| money.minor);
            Trial {
                agreement,
                miss: None,
                gives: Some(gives),
                asked: Vec::new(),
                says: format!("{} % of net sales of {} in its window", agreement.rate.normalize(), case.amount(*sales)),
            }
        }
        (RateType::Amount, _) => Trial { agreement, miss: None, gives: Some(case.minor(agreement.rate)), asked: Vec::new(), says: "the agreed sum".to_owned() },
        _ => Trial::without_figures(agreement, "its sales base is not on file".to_owned()),
    }
}
