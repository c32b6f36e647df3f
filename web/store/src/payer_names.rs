//! Names of payers, kept folded beside what papers and banks say: found by any part of them, and by no more reads than there are names.

use recoup_engine::reference::fold;
use serde::Deserialize;

use crate::screens::folded_pattern;
use crate::{Result, Store, Work};

#[derive(Deserialize)]
struct Name {
    name: String,
}

/// The next name behind each, beginning with the first: an index of many payments by few payers is walked in as many steps as there are payers.
const EVERY_NAME: &str = "with recursive names (name) as (select min(payer_folded) from payments where payer_folded is not null union all \
    select (select min(p.payer_folded) from payments p where p.payer_folded > names.name) from names where names.name is not null) ";

impl Store {
    /// Folded names of payers that hold these words, at most so many.
    pub(crate) async fn payers_named(&self, words: &str, most: i64) -> Result<Vec<String>> {
        let sql = format!("{EVERY_NAME} select name from names where name like $1 order by name limit $2");
        let names: Vec<Name> = self.rows(&sql, vec![folded_pattern(words).into(), most.into()]).await?;
        Ok(names.into_iter().map(|row| row.name).collect())
    }
}

impl Work {
    /// Folds the names of payments that were kept before names were folded.
    pub async fn fold_payer_names(&mut self) -> Result<()> {
        let names: Vec<Name> = self
            .rows("select distinct payer_name as name from payments where payer_name is not null and payer_folded is null order by payer_name", vec![])
            .await?;
        for Name { name } in names {
            let folded = fold(&name);
            self.execute("update payments set payer_folded = $1 where payer_name = $2 and payer_folded is null", vec![folded.into(), name.into()]).await?;
        }
        Ok(())
    }
}
