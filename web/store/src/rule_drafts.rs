//! Drafts of the rule book as people change them together: every write names the version it was read at.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::documents::to_json;
use crate::{Result, Store, StoreError, Work};

/// Where a draft stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DraftState {
    /// Being changed.
    Draft,
    /// Waits for another person to publish it; nobody changes it meanwhile.
    Proposed,
    Published,
    Discarded,
}

impl DraftState {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Proposed => "proposed",
            Self::Published => "published",
            Self::Discarded => "discarded",
        }
    }
}

/// A draft as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleDraft {
    pub draft_id: String,
    pub name: String,
    /// The edition it began from.
    pub base: String,
    /// Text by file name, of the files that differ from that edition.
    pub files: BTreeMap<String, String>,
    pub state: DraftState,
    pub made_by: String,
    pub made_at: String,
    /// Everybody who changed it, in one version or another.
    pub editors: BTreeSet<String>,
    pub changed_by: String,
    pub changed_at: String,
    pub proposed_by: Option<String>,
    /// What the proposer says of it, or why it was sent back.
    pub note: String,
    pub published_as: Option<String>,
    pub version: i64,
}

#[derive(Deserialize)]
struct Row {
    draft_id: String,
    name: String,
    base: String,
    files: String,
    state: DraftState,
    made_by: String,
    made_at: String,
    editors: String,
    changed_by: String,
    changed_at: String,
    proposed_by: Option<String>,
    note: String,
    published_as: Option<String>,
    version: i64,
}

const COLUMNS: &str = "draft_id, name, base, files, state, made_by, made_at, editors, changed_by, changed_at, proposed_by, note, published_as, version";

impl Row {
    fn draft(self) -> Result<RuleDraft> {
        let corrupt = |error: serde_json::Error| StoreError::Corrupt { table: "rule_drafts".to_owned(), problem: format!("{}: {error}", self.draft_id) };
        let files = serde_json::from_str(&self.files).map_err(corrupt)?;
        let editors = serde_json::from_str(&self.editors).map_err(corrupt)?;
        Ok(RuleDraft {
            files,
            editors,
            draft_id: self.draft_id,
            name: self.name,
            base: self.base,
            state: self.state,
            made_by: self.made_by,
            made_at: self.made_at,
            changed_by: self.changed_by,
            changed_at: self.changed_at,
            proposed_by: self.proposed_by,
            note: self.note,
            published_as: self.published_as,
            version: self.version,
        })
    }
}

impl Work {
    pub async fn add_rule_draft(&mut self, draft: &RuleDraft) -> Result<()> {
        let columns: Vec<&str> = COLUMNS.split(", ").collect();
        let row = vec![
            draft.draft_id.as_str().into(),
            draft.name.as_str().into(),
            draft.base.as_str().into(),
            to_json(&draft.files).into(),
            draft.state.word().into(),
            draft.made_by.as_str().into(),
            draft.made_at.as_str().into(),
            to_json(&draft.editors).into(),
            draft.changed_by.as_str().into(),
            draft.changed_at.as_str().into(),
            draft.proposed_by.clone().into(),
            draft.note.as_str().into(),
            draft.published_as.clone().into(),
            draft.version.into(),
        ];
        self.insert("rule_drafts", &columns, vec![row], "").await
    }

    /// A draft as it stands in this unit of work.
    pub async fn rule_draft(&mut self, draft_id: &str) -> Result<Option<RuleDraft>> {
        let row: Option<Row> = self.row(&format!("select {COLUMNS} from rule_drafts where draft_id = $1"), vec![draft_id.into()]).await?;
        row.map(Row::draft).transpose()
    }

    /// Writes a draft over the version that it was read at; false when somebody was faster.
    pub async fn change_rule_draft(&mut self, draft: &RuleDraft) -> Result<bool> {
        let sql = "update rule_drafts set base = $3, files = $4, state = $5, editors = $6, changed_by = $7, changed_at = $8, proposed_by = $9, note = $10, \
            published_as = $11, version = version + 1 where draft_id = $1 and version = $2";
        let values = vec![
            draft.draft_id.as_str().into(),
            draft.version.into(),
            draft.base.as_str().into(),
            to_json(&draft.files).into(),
            draft.state.word().into(),
            to_json(&draft.editors).into(),
            draft.changed_by.as_str().into(),
            draft.changed_at.as_str().into(),
            draft.proposed_by.clone().into(),
            draft.note.as_str().into(),
            draft.published_as.clone().into(),
        ];
        Ok(self.execute(sql, values).await? == 1)
    }
}

impl Store {
    pub async fn rule_draft(&self, draft_id: &str) -> Result<Option<RuleDraft>> {
        let row: Option<Row> = self.row(&format!("select {COLUMNS} from rule_drafts where draft_id = $1"), vec![draft_id.into()]).await?;
        row.map(Row::draft).transpose()
    }

    /// Drafts that are worked on or wait, the last changed first.
    pub async fn open_rule_drafts(&self) -> Result<Vec<RuleDraft>> {
        let sql = format!("select {COLUMNS} from rule_drafts where state in ('draft', 'proposed') order by changed_at desc, draft_id");
        self.rows::<Row>(&sql, vec![]).await?.into_iter().map(Row::draft).collect()
    }

    /// How many drafts wait for publication.
    pub async fn proposed_rule_drafts(&self) -> Result<i64> {
        self.count("select count(*) as value from rule_drafts where state = 'proposed'", vec![]).await
    }
}
