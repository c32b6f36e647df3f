//! What can be expected back of a claim: for exports and screens, by the priors of the rule book and how earlier claims ended.

use anyhow::Result;
use recoup_engine::money::Money;
use recoup_engine::recovery::{Chance, Standing, TrackRecords};
use recoup_engine::taxonomy::Category;
use recoup_rules::book::Book;

use crate::workplace::Workplace;

/// What the chances rest on, read once for many claims.
pub struct Prospects {
    records: TrackRecords,
}

/// What a claim may bring back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    pub recovery: Money,
    /// Minor units that it is a part of.
    pub at_stake: i64,
    /// That they are not owed, where no verdict says how much of them is.
    pub not_owed: Option<Chance>,
    /// That what is not owed comes back.
    pub win: Chance,
    /// Where the chances come from that own cases move.
    pub source: String,
}

impl Prospects {
    pub async fn read(workplace: &Workplace) -> Result<Self> {
        Ok(Self { records: workplace.store.track_records().await? })
    }

    /// The same for claims of one customer.
    pub async fn of_customer(workplace: &Workplace, customer_id: &str) -> Result<Self> {
        Ok(Self { records: workplace.store.track_records_of(customer_id).await? })
    }

    /// `None` where the rule book has no figures for the category.
    pub fn of(&self, book: &Book, customer_id: &str, category: Category, standing: Standing) -> Result<Option<Expected>> {
        let Some(row) = book.small_claims.row(customer_id, category) else { return Ok(None) };
        let odds = row.odds(standing.validity, self.records.of(customer_id, category));
        let (at_stake, is_believed) = standing.at_stake();
        Ok(Some(Expected {
            recovery: standing.expected_recovery(odds)?,
            at_stake,
            not_owed: is_believed.then_some(odds.invalid),
            win: odds.win,
            source: row.source.clone(),
        }))
    }
}
