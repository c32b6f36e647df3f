//! Drafts of the rule book that people change together: begun from the book in force, changed file by file, proposed by one and published by another.

pub mod folder;
pub mod publication;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use recoup_rules::edition::{Edition, is_file};
use recoup_rules::sheet::{NoTable, RowChange, Sheet, difference};
use recoup_store::audit::NewEntry;
use recoup_store::deeds::Deed;
use recoup_store::rule_drafts::{DraftState, RuleDraft};
use serde_json::json;

use super::rule_book::{self, Unfit, version_of};
use crate::clock::now_text;
use crate::vault::digest;
use crate::workplace::Workplace;

/// The largest file of a book, in bytes.
pub const LARGEST_FILE: usize = 512 << 10;
/// The most rows of a table.
pub const MOST_ROWS: usize = 5_000;
/// Rows that an entry of the log tells at most.
const TOLD: usize = 50;

/// A draft with the whole edition that it makes.
#[derive(Debug)]
pub struct Draft {
    pub row: RuleDraft,
    /// The edition it began from.
    pub base: Edition,
    pub edition: Edition,
}

/// How an act on a draft ended.
#[derive(Debug)]
pub enum Acted {
    Done,
    /// Somebody changed what was acted on since it was read. Nothing was done.
    Stale,
    Refused(Refusal),
    Missing,
}

/// Why an act on a draft is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    NameMissing,
    /// It waits for publication, or is published or discarded.
    NotOpen(DraftState),
    NotProposed,
    NothingChanged,
    ReasonMissing,
    /// Whoever proposed or changed a draft does not publish it.
    OwnWork,
    /// Another edition was put in force since the draft began.
    BookChanged,
    Unfit(Unfit),
    NoFile(String),
    NoTable(String, NoTable),
    TooLarge(String),
    TooManyRows(String),
    NotText(String),
    /// An archive that can't be opened.
    NoArchive(String),
}

impl From<Unfit> for Refusal {
    fn from(unfit: Unfit) -> Self {
        Self::Unfit(unfit)
    }
}

/// Reads a draft; `None` when there is none.
pub async fn read(workplace: &Workplace, draft_id: &str) -> Result<Option<Draft>> {
    match workplace.store.rule_draft(draft_id).await? {
        Some(row) => with_editions(workplace, row).await.map(Some),
        None => Ok(None),
    }
}

async fn with_editions(workplace: &Workplace, row: RuleDraft) -> Result<Draft> {
    let kept = workplace.store.rule_book(&row.base).await?.with_context(|| format!("the edition {} of draft {} is not kept", row.base, row.draft_id))?;
    let base = Edition::with(kept.files).0;
    let edition = base.overlaid(row.files.clone()).0;
    Ok(Draft { row, base, edition })
}

/// Begins a draft from the book in force.
pub async fn start(workplace: &Workplace, login: &str, draft_id: &str, name: &str) -> Result<Acted> {
    let name = name.trim();
    if name.is_empty() {
        return Ok(Acted::Refused(Refusal::NameMissing));
    }
    let rules = workplace.renew_rules().await?;
    let at = now_text();
    let draft = RuleDraft {
        draft_id: draft_id.to_owned(),
        name: name.to_owned(),
        base: rules.version.clone(),
        files: BTreeMap::new(),
        state: DraftState::Draft,
        made_by: login.to_owned(),
        made_at: at.clone(),
        editors: BTreeSet::new(),
        changed_by: login.to_owned(),
        changed_at: at.clone(),
        proposed_by: None,
        note: String::new(),
        published_as: None,
        version: 1,
    };
    let mut work = workplace.store.begin().await?;
    work.keep_rule_book(&rule_book::kept(&rules.edition), &at).await?;
    work.add_rule_draft(&draft).await?;
    let detail = json!({ "name": name, "book": draft.base }).to_string();
    work.append_audit(vec![NewEntry { at, actor: login.to_owned(), action: Deed::DraftBegun.into(), subject: draft.draft_id, detail }], digest).await?;
    work.commit().await?;
    Ok(Acted::Done)
}

/// What a file of a draft was read as: the next change names it.
pub fn seen(text: &str) -> String {
    digest(text)[..16].to_owned()
}

/// What a change was made on: nothing is overwritten that its author has not seen.
#[derive(Clone, Copy, Debug)]
pub enum Seen<'text> {
    /// One file, by what [`seen`] says of its text: others may change the other files meanwhile.
    File(&'text str),
    /// The draft as a whole, by its version.
    Draft(i64),
}

/// Puts texts in place of files of a draft.
pub async fn change(workplace: &Workplace, login: &str, draft_id: &str, files: BTreeMap<String, String>, seen_as: Seen<'_>) -> Result<Acted> {
    let Some(read) = read(workplace, draft_id).await? else { return Ok(Acted::Missing) };
    let mut texts = Vec::new();
    for (name, text) in files {
        match admitted(&name, &text) {
            Ok(text) => texts.push((name, text)),
            Err(refusal) => return Ok(Acted::Refused(refusal)),
        }
    }
    let is_fresh = match seen_as {
        Seen::File(seen_as) => texts.iter().all(|(name, _)| seen(read.edition.file(name).unwrap_or_default()) == seen_as),
        Seen::Draft(version) => read.row.version == version,
    };
    if !is_fresh {
        return Ok(Acted::Stale);
    }
    let changes: Vec<_> = texts.iter().map(|(name, text)| (name, differs(name, read.edition.file(name).unwrap_or_default(), text))).collect();
    let detail = json!({
        "name": read.row.name,
        "files": changes.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", "),
        "rows": changes.iter().map(|(name, rows)| json!({ "file": name, "changes": rows.iter().take(TOLD).collect::<Vec<_>>() })).collect::<Vec<_>>(),
    });
    let edition = read.edition.overlaid(texts).0;
    let files = changed_files(&edition, &read.base);
    alter(workplace, login, draft_id, read.row.version, Deed::DraftChanged, |draft| {
        edit(draft, login)?;
        draft.files = files;
        Ok(detail)
    })
    .await
}

/// Gives a file its text in the edition that the draft began from.
pub async fn restore(workplace: &Workplace, login: &str, draft_id: &str, version: i64, name: &str) -> Result<Acted> {
    alter(workplace, login, draft_id, version, Deed::DraftChanged, |draft| {
        edit(draft, login)?;
        draft.files.remove(name).ok_or(Refusal::NothingChanged)?;
        Ok(json!({ "name": draft.name, "files": name, "restored": true }))
    })
    .await
}

/// Takes a draft onto the book in force: files that it left alone are those of that book, its own stay as they are.
pub async fn renew(workplace: &Workplace, login: &str, draft_id: &str, version: i64) -> Result<Acted> {
    let Some(read) = read(workplace, draft_id).await? else { return Ok(Acted::Missing) };
    let rules = workplace.renew_rules().await?;
    let files = changed_files(&rules.edition.overlaid(read.row.files.clone()).0, &rules.edition);
    let mut work = workplace.store.begin().await?;
    work.keep_rule_book(&rule_book::kept(&rules.edition), &now_text()).await?;
    work.commit().await?;
    alter(workplace, login, draft_id, version, Deed::DraftRenewed, |draft| {
        edit(draft, login)?;
        let before = std::mem::replace(&mut draft.base, rules.version.clone());
        draft.files = files;
        Ok(json!({ "name": draft.name, "before": { "book": before }, "after": { "book": rules.version } }))
    })
    .await
}

/// Sets a draft aside; it stays in the log.
pub async fn discard(workplace: &Workplace, login: &str, draft_id: &str, version: i64) -> Result<Acted> {
    alter(workplace, login, draft_id, version, Deed::DraftDiscarded, |draft| {
        is_open(draft)?;
        draft.state = DraftState::Discarded;
        Ok(json!({ "name": draft.name }))
    })
    .await
}

/// Files that the draft and the book in force both changed since the draft began: taking the draft onto that book undoes the book's.
pub fn changed_by_both(draft: &Draft, in_force: &Edition) -> Vec<String> {
    draft.row.files.keys().filter(|name| draft.base.file(name) != in_force.file(name) && draft.edition.file(name) != in_force.file(name)).cloned().collect()
}

/// What differs between two editions, by file; a text that is no table counts as one row.
pub fn differences(before: &Edition, after: &Edition) -> BTreeMap<String, Vec<RowChange>> {
    let changed = after.changes_from(before);
    changed
        .into_iter()
        .map(|(name, text)| (name.clone(), differs(&name, before.file(&name).unwrap_or_default(), &text)))
        .filter(|(_, rows)| !rows.is_empty())
        .collect()
}

/// The rows that differ; lines of a text that is no table are its rows.
fn differs(name: &str, before: &str, after: &str) -> Vec<RowChange> {
    let sheet = |text: &str| if name.ends_with(".csv") { Sheet::read(text) } else { Sheet::lines(text) };
    difference(&sheet(before), &sheet(after))
}

/// One act on a draft: its next row and its entry of the log in one unit of work, unless the draft changed since `version` was read.
async fn alter(
    workplace: &Workplace,
    login: &str,
    draft_id: &str,
    version: i64,
    action: Deed,
    how: impl FnOnce(&mut RuleDraft) -> Result<serde_json::Value, Refusal>,
) -> Result<Acted> {
    let mut work = workplace.store.begin().await?;
    let Some(mut draft) = work.rule_draft(draft_id).await? else { return Ok(Acted::Missing) };
    if draft.version != version {
        return Ok(Acted::Stale);
    }
    let detail = match how(&mut draft) {
        Ok(detail) => detail,
        Err(refusal) => return Ok(Acted::Refused(refusal)),
    };
    if !work.change_rule_draft(&draft).await? {
        return Ok(Acted::Stale);
    }
    let entry = NewEntry { at: now_text(), actor: login.to_owned(), action: action.into(), subject: draft.draft_id, detail: detail.to_string() };
    work.append_audit(vec![entry], digest).await?;
    work.commit().await?;
    Ok(Acted::Done)
}

fn is_open(draft: &RuleDraft) -> Result<(), Refusal> {
    if draft.state == DraftState::Draft { Ok(()) } else { Err(Refusal::NotOpen(draft.state)) }
}

/// Marks who changed it and when.
fn edit(draft: &mut RuleDraft, login: &str) -> Result<(), Refusal> {
    is_open(draft)?;
    draft.editors.insert(login.to_owned());
    login.clone_into(&mut draft.changed_by);
    draft.changed_at = now_text();
    Ok(())
}

/// The text as a file of a book holds it: tables with commas, whatever the spreadsheet wrote.
fn admitted(name: &str, text: &str) -> Result<String, Refusal> {
    if !is_file(name) {
        return Err(Refusal::NoFile(name.to_owned()));
    }
    if text.len() > LARGEST_FILE {
        return Err(Refusal::TooLarge(name.to_owned()));
    }
    if !name.ends_with(".csv") {
        return Ok(text.replace("\r\n", "\n"));
    }
    let sheet = Sheet::taken(name, text).map_err(|problem| Refusal::NoTable(name.to_owned(), problem))?;
    if sheet.rows.len() > MOST_ROWS { Err(Refusal::TooManyRows(name.to_owned())) } else { Ok(sheet.write()) }
}

/// The files of an edition that say something else than those of its base: quotes and line ends say nothing.
fn changed_files(edition: &Edition, base: &Edition) -> BTreeMap<String, String> {
    let changed = edition.changes_from(base).into_iter();
    changed.filter(|(name, text)| base.file(name).is_none_or(|before| !differs(name, before, text).is_empty())).collect()
}

/// The content of a draft that decides: what a backtest of it is about.
pub fn content(draft: &Draft) -> String {
    version_of(&draft.edition)
}

#[cfg(test)]
pub(crate) mod tests;
