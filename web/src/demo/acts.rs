//! What people did with the claims of the demo: week by week, through the same use cases as the pages, each at its own moment of the past.

use anyhow::Result;
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use recoup_engine::claim::action::{Action, Decision, Outcome};
use recoup_engine::claim::state::{Party, Wake};
use recoup_store::screens::worklist::{Filter, Sort, WorklistRow};

use super::chance::Chance;
use super::world::CUSTOMERS;
use crate::clock;
use crate::desk::resolve::{self, Resolved};
use crate::workplace::Workplace;

const ANALYSTS: [&str; 3] = ["mara", "theo", "noor"];
const MANAGER: &str = "jonas";
/// More claims than the demo makes.
const MOST: i64 = 10_000;
/// Below this many minor units nobody chases what the evidence leaves open.
const SMALL: i64 = 6_000;

/// One act on one claim, at a minute of the day.
struct Planned {
    minute: i64,
    login: &'static str,
    claim_id: String,
    version: i64,
    action: Action,
}

/// Lets people work the days of a week before `until`; returns how many acts they did.
pub async fn work_week(workplace: &Workplace, monday: Date, until: Date) -> Result<usize> {
    let mut done = 0;
    for day in (0..5).map(|day| monday.saturating_add(day.days())).take_while(|day| *day < until) {
        let mut planned = Vec::new();
        for filter in [Filter { unfinished: true, ..Filter::default() }, Filter { state: Some("disputed".to_owned()), ..Filter::default() }] {
            let filter = Filter { today: day.to_string(), ..filter };
            for row in workplace.store.worklist(&filter, Sort::Oldest, None, MOST).await? {
                planned.extend(plan(workplace, &row, monday, day).await?);
            }
        }
        planned.sort_by(|one, other| (one.minute, &one.claim_id).cmp(&(other.minute, &other.claim_id)));
        for Planned { minute, login, claim_id, version, action } in planned {
            let moment = day.at(8, 0, 0, 0).saturating_add(minute.minutes()).to_zoned(TimeZone::UTC)?.timestamp();
            let resolved = clock::at(moment, resolve::act(workplace, login, &claim_id, version, &action)).await?;
            done += usize::from(matches!(resolved, Resolved::Done(_)));
        }
    }
    Ok(done)
}

/// What somebody does with a claim on this day, if anything: every claim is looked at once a week.
async fn plan(workplace: &Workplace, row: &WorklistRow, monday: Date, day: Date) -> Result<Option<Planned>> {
    let (Some(version), Some(state)) = (row.version, row.state.as_deref()) else { return Ok(None) };
    let mut chance = Chance::of(&[&row.row_id, &monday.to_string()]);
    let is_today = day == monday.saturating_add(chance.below(5).days());
    let Some(paid) = row.payment_date.as_deref().and_then(|paid| paid.parse::<Date>().ok()).filter(|paid| is_today && *paid < day) else { return Ok(None) };
    let weeks = i64::from(paid.until(day)?.get_days()) / 7;
    // Customers are shared out among the analysts.
    let customer = CUSTOMERS.iter().position(|customer| row.customer_id.as_deref() == Some(customer.id)).unwrap_or_default();
    let analyst = ANALYSTS[customer % ANALYSTS.len()];
    let (login, action) = match state {
        // Only sales knows what was promised.
        "new" | "in_review" if row.queue.as_deref() == Some("sales") && row.validity.as_deref() == Some("unknown") && chance.percent(60) => {
            (analyst, Some(Action::AskBackup { of: Party::Sales, note: "Was this promised to them? Please confirm the agreement.".to_owned() }))
        }
        // What is old is finished before its last day to dispute.
        "new" | "in_review" if chance.percent(if weeks >= 6 { 85 } else { 28 }) => (analyst, decide(workplace, row, &mut chance).await?),
        "new" if chance.percent(35) => (analyst, Some(Action::Assign(Some(analyst.to_owned())))),
        "waiting" if chance.percent(40) => (analyst, Some(decision(Outcome::Dispute, 0, "No backup came; the customer is asked to pay."))),
        "parked" if chance.percent(40) => (analyst, Some(Action::Resume)),
        // Somebody was away: a decision of spring or summer waits past its last day.
        "awaiting_approval" if is_forgotten(row, paid) => (MANAGER, None),
        "awaiting_approval" if chance.percent(if weeks >= 6 { 60 } else { 15 }) => (MANAGER, Some(Action::Approve)),
        "awaiting_approval" if chance.percent(15) => (MANAGER, Some(Action::SendBack { reason: "Ask the carrier for the signed copy first.".to_owned() })),
        "disputed" if weeks >= 2 && chance.percent(30) => {
            (analyst, Some(Action::Recover { minor: outstanding(row), note: "Repaid with their next remittance.".to_owned() }))
        }
        "disputed" if weeks >= 2 && chance.percent(9) => {
            (analyst, Some(Action::Recover { minor: outstanding(row) / 2, note: "They credited one half.".to_owned() }))
        }
        "disputed" if weeks >= 5 && chance.percent(10) => (MANAGER, Some(decision(Outcome::WriteOff, 0, "Three reminders without an answer; let go."))),
        _ => (analyst, None),
    };
    Ok(action.map(|action| Planned { minute: chance.below(9 * 60), login, claim_id: row.row_id.clone(), version, action }))
}

/// One decision in thirty stays where it is.
fn is_forgotten(row: &WorklistRow, paid: Date) -> bool {
    Chance::of(&["forgotten", &row.row_id, &paid.to_string()]).percent(3)
}

fn outstanding(row: &WorklistRow) -> i64 {
    row.disputed.unwrap_or(0)
}

fn decision(outcome: Outcome, accepted: i64, reason: &str) -> Action {
    Action::Decide(Decision { outcome, accepted, reason: reason.to_owned() })
}

/// People mostly follow the suggestion; what the evidence leaves open is asked, held or let go.
async fn decide(workplace: &Workplace, row: &WorklistRow, chance: &mut Chance) -> Result<Option<Action>> {
    let why = row.explanation.as_deref().unwrap_or_default();
    Ok(match row.validity.as_deref() {
        Some("valid") => Some(decision(Outcome::Accept, 0, why)),
        Some("invalid") if chance.percent(92) => Some(decision(Outcome::Dispute, 0, why)),
        Some("invalid") => Some(decision(Outcome::WriteOff, 0, "Goodwill for a good customer.")),
        Some("partial") => {
            let owed = workplace.store.deduction_detail(&row.deduction_id).await?.and_then(|deduction| deduction.valid_amount);
            owed.map(|owed| decision(Outcome::PartlyAccept, owed, why))
        }
        _ if row.amount < SMALL && chance.percent(30) => Some(decision(Outcome::WriteOff, 0, "Too small to chase.")),
        _ if chance.percent(55) => Some(Action::AskBackup { of: Party::Customer, note: "Please send the debit note and the signed delivery note.".to_owned() }),
        _ if chance.percent(40) => Some(Action::Hold { wake: Wake::WhenItRepeats, note: "Watch whether it happens again.".to_owned() }),
        _ => None,
    })
}
