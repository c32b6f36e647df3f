//! Claims chosen for one act, and lists kept under a name.

use serde::{Deserialize, Serialize};

use crate::{Result, Store, Work};

/// Claims chosen for one act. The numbers are frozen with the versions that the person saw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelectionRow {
    pub selection_id: String,
    pub login: String,
    /// The action, JSON.
    pub action: String,
    /// Pairs of claim and version, JSON.
    pub claims: String,
    pub created_at: String,
    /// What became of each claim, JSON; absent until it ran.
    pub report: Option<String>,
}

/// A list under a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedView {
    pub view_id: String,
    /// The login it belongs to; nobody's is the team's.
    pub owner: Option<String>,
    pub name: String,
    /// The query of the list.
    pub query: String,
}

impl Work {
    pub async fn add_selection(&mut self, selection: &SelectionRow) -> Result<()> {
        self.insert(
            "selections",
            &["selection_id", "login", "action", "claims", "created_at"],
            vec![vec![
                selection.selection_id.as_str().into(),
                selection.login.as_str().into(),
                selection.action.as_str().into(),
                selection.claims.as_str().into(),
                selection.created_at.as_str().into(),
            ]],
            "",
        )
        .await
    }

    /// Takes a selection to run it, until this unit of work ends: false when it has run already.
    pub async fn take_selection(&mut self, selection_id: &str) -> Result<bool> {
        let taken = self.execute("update selections set report = null where selection_id = $1 and report is null", vec![selection_id.into()]).await?;
        Ok(taken == 1)
    }

    /// Keeps what became of a selection.
    pub async fn finish_selection(&mut self, selection_id: &str, report: &str) -> Result<()> {
        self.execute("update selections set report = $2 where selection_id = $1", vec![selection_id.into(), report.into()]).await?;
        Ok(())
    }

    pub async fn save_view(&mut self, view: &SavedView) -> Result<()> {
        self.insert(
            "saved_views",
            &["view_id", "owner", "name", "query"],
            vec![vec![view.view_id.as_str().into(), view.owner.clone().into(), view.name.as_str().into(), view.query.as_str().into()]],
            "on conflict (view_id) do update set name = excluded.name, query = excluded.query",
        )
        .await
    }

    /// Forgets a view of one's own or of the team; false when there is none.
    pub async fn forget_view(&mut self, view_id: &str, login: &str) -> Result<bool> {
        let values = vec![view_id.into(), login.into()];
        Ok(self.execute("delete from saved_views where view_id = $1 and (owner is null or owner = $2)", values).await? == 1)
    }
}

impl Store {
    /// A selection of this person.
    pub async fn selection(&self, selection_id: &str, login: &str) -> Result<Option<SelectionRow>> {
        self.row(
            "select selection_id, login, action, claims, created_at, report from selections where selection_id = $1 and login = $2",
            vec![selection_id.into(), login.into()],
        )
        .await
    }

    /// The team's views and a person's own, by name.
    pub async fn saved_views(&self, login: &str) -> Result<Vec<SavedView>> {
        self.rows("select view_id, owner, name, query from saved_views where owner is null or owner = $1 order by name, view_id", vec![login.into()]).await
    }
}
