//! Root causes and recovery: what was taken, how it was judged and what became of it, by category, customer or carrier.

use std::collections::BTreeMap;

use anyhow::Result;
use jiff::ToSpan;
use jiff::civil::Date;
use recoup_store::Store;
use recoup_store::screens::figures::{Asked, By, Figure, Sight};

/// By what causes are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Category,
    Customer,
    /// Who brought the goods, as far as shipments on file say it.
    Carrier,
}

/// Most customers of the page: those from whom most was taken.
const MOST: i64 = 40;

/// A cause in one currency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cause {
    /// The word of a category, the number of a customer, the name of a carrier.
    pub key: String,
    pub name: String,
    pub currency: String,
    /// Count and minor units by measure: `taken`, `unexpected`, `valid`, `partial`, `invalid`, `unknown`, `accepted`, `written_off`, `recovered`, `lost`.
    measures: BTreeMap<String, (i64, i64)>,
}

impl Cause {
    /// Count and minor units of a measure.
    pub fn of(&self, measure: &str) -> (i64, i64) {
        self.measures.get(measure).copied().unwrap_or_default()
    }

    /// Claims on which money came back, and all that ended in money: back or given up.
    pub fn won(&self) -> (i64, i64) {
        let (won, lost) = (self.of("recovered").0, self.of("lost").0);
        (won, won + lost)
    }
}

/// The first day of so many weeks; carriers are looked at since then only.
pub fn since(today: Date, weeks: i64) -> Date {
    today.saturating_sub((weeks * 7).days())
}

/// The causes, most taken first.
pub async fn causes(store: &Store, subject: Subject, sight: &Sight, since: Date) -> Result<Vec<Cause>> {
    let by = &[By::Key, By::Detail];
    let mut names = BTreeMap::new();
    let figures = match subject {
        Subject::Category => store.figures(sight, &["category"]).await?.of(&Asked::of("category").by(by)).await?,
        Subject::Carrier => store.carrier_figures(sight, &since.to_string()).await?,
        Subject::Customer => {
            names = store.customers_with_most(sight, "taken", MOST).await?.into_iter().map(|customer| (customer.customer_id, customer.name)).collect();
            let most: Vec<String> = names.keys().cloned().collect();
            store.figures(sight, &["customer"]).await?.of(&Asked::of("customer").by(by).among(&most)).await?
        }
    };
    Ok(gathered(figures, &names))
}

fn gathered(figures: Vec<Figure>, names: &BTreeMap<String, String>) -> Vec<Cause> {
    let mut causes: BTreeMap<(String, String), Cause> = BTreeMap::new();
    for figure in figures {
        let cause = causes.entry((figure.key.clone(), figure.currency.clone())).or_insert_with(|| Cause {
            name: names.get(&figure.key).unwrap_or(&figure.key).clone(),
            key: figure.key,
            currency: figure.currency,
            measures: BTreeMap::new(),
        });
        cause.measures.insert(figure.detail, (figure.count, figure.amount));
    }
    let mut causes: Vec<Cause> = causes.into_values().filter(|cause| cause.of("taken").0 > 0).collect();
    causes.sort_by_key(|cause| std::cmp::Reverse(cause.of("taken").1));
    causes
}
