//! The rule book in force, drafts in folders, and the editions that decided something.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use recoup_engine::party::ReasonCode;
use recoup_engine::recovery::TrackRecords;
use recoup_rules::book::Book;
use recoup_rules::check::{Finding, check};
use recoup_rules::decide::Policy;
use recoup_rules::edition::Edition;
use recoup_rules::examples::Differs;
use recoup_rules::table::RuleError;
use recoup_store::audit::NewEntry;
use recoup_store::deeds::Deed;
use recoup_store::rule_books::KeptBook;
use recoup_store::rule_drafts::RuleDraft;
use recoup_store::verdicts::DecidedBy;
use recoup_store::{Store, Work};
use thiserror::Error;

use super::learn::Learnt;
use crate::clock::now_text;
use crate::vault::digest;
use crate::workplace::Workplace;

/// Name and content of an edition: what decisions store.
pub fn version_of(edition: &Edition) -> String {
    let name = if *edition == Edition::compiled_in() { "default" } else { "own" };
    let content: Vec<String> = edition.files().filter(|(name, _)| !name.starts_with("examples/")).map(|(name, text)| format!("{name}\u{1e}{text}")).collect();
    format!("{name}@{}", &digest(&content.join("\u{1f}"))[..8])
}

/// The rule book that decides, with what was learnt from decisions.
#[derive(Debug)]
pub struct InForce {
    pub edition: Edition,
    pub book: Book,
    /// Name and content of the book: what decisions store.
    pub version: String,
    /// `None` before the first `recoup learn`.
    pub learnt: Option<Learnt>,
}

impl InForce {
    /// The edition that was published last, else the compiled-in one.
    pub async fn read(store: &Store) -> Result<Self> {
        let edition = store.rule_book_in_force().await?.map_or_else(Edition::compiled_in, |kept| Edition::with(kept.files).0);
        let learnt = store.model_in_force().await?.map(Learnt::read).transpose()?;
        Ok(Self { book: edition.book().context("the rule book in force")?, version: version_of(&edition), edition, learnt })
    }

    /// What gave a verdict, by the versions that the verdict names; an edition that was never kept is that of now.
    pub async fn that_gave(store: &Store, verdict: Option<&DecidedBy>) -> Result<Self> {
        let mut then = Self::read(store).await?;
        let Some(verdict) = verdict else { return Ok(then) };
        if let Some(kept) = store.rule_book(&verdict.book).await? {
            then.edition = Edition::with(kept.files).0;
            then.book = then.edition.book().with_context(|| format!("the rule book {} can't be read any more", verdict.book))?;
            then.version.clone_from(&verdict.book);
        }
        then.learnt = match &verdict.learnt {
            Some(version) => store.model(version).await?.map(Learnt::read).transpose()?,
            None => None,
        };
        Ok(then)
    }

    pub fn policy<'policy>(&'policy self, own_codes: &'policy [ReasonCode], records: &'policy TrackRecords) -> Policy<'policy> {
        Policy { book: &self.book, own_codes, records, learnt: self.learnt.as_ref().map(|learnt| &learnt.model) }
    }
}

/// Reads a draft: the files of a folder take the place of those of the compiled-in book.
pub fn draft(folder: &Path) -> Result<Edition> {
    let mut files = BTreeMap::new();
    for (folder, prefix) in [(folder.to_owned(), ""), (folder.join("examples"), "examples/")] {
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(_) if !prefix.is_empty() => continue,
            Err(error) => return Err(error).with_context(|| format!("the folder {} can't be read", folder.display())),
        };
        for entry in entries {
            let path = entry?.path();
            if path.is_file() {
                let name = format!("{prefix}{}", path.file_name().unwrap_or_default().to_string_lossy());
                let text = std::fs::read_to_string(&path).with_context(|| format!("{} can't be read as UTF-8 text", path.display()))?;
                files.insert(name, text);
            }
        }
    }
    if files.is_empty() {
        bail!("{} holds no file of a rule book; `recoup rules write` makes one to begin with", folder.display());
    }
    let (edition, unknown) = Edition::with(files);
    if !unknown.is_empty() {
        bail!("{} holds what is no file of a rule book: {}", folder.display(), unknown.join(", "));
    }
    Ok(edition)
}

/// Writes the files of an edition into a folder, for editing; an existing file is never overwritten.
pub fn write(edition: &Edition, folder: &Path) -> Result<usize> {
    std::fs::create_dir_all(folder.join("examples")).with_context(|| format!("the folder {} can't be made", folder.display()))?;
    let mut count = 0;
    for (name, text) in edition.files() {
        let path = folder.join(name);
        if path.exists() {
            bail!("{} exists; write the book into an empty folder", path.display());
        }
        std::fs::write(&path, text).with_context(|| format!("{} can't be written", path.display()))?;
        count += 1;
    }
    Ok(count)
}

/// Why an edition can't be put in force.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unfit {
    #[error("the draft can't be published: {0}")]
    Unreadable(RuleError),
    #[error("the draft can't be published: {count} of its examples are decided otherwise, the first is {first}")]
    ExamplesDiffer {
        count: usize,
        /// Its file, line and name.
        first: String,
    },
}

/// What the check says of an edition, and how its examples are decided.
#[derive(Debug)]
pub struct Examined {
    pub findings: Vec<Finding>,
    /// None are decided while a cell can't be read.
    pub examples: usize,
    pub differing: Vec<Differs>,
}

impl Examined {
    pub fn of(edition: &Edition) -> Self {
        let mut findings = check(edition);
        let (examples, differing) = if findings.iter().any(|finding| finding.stops) {
            (0, Vec::new())
        } else {
            edition.run_examples().unwrap_or_else(|place| {
                findings.push(Finding { place, stops: true });
                (0, Vec::new())
            })
        };
        Self { findings, examples, differing }
    }

    /// Whether the edition can be put in force.
    ///
    /// # Errors
    /// A cell can't be read, or an example is decided otherwise than it expects.
    pub fn fit(&self) -> Result<(), Unfit> {
        if let Some(finding) = self.findings.iter().find(|finding| finding.stops) {
            return Err(Unfit::Unreadable(finding.place.clone()));
        }
        match self.differing.first() {
            Some(first) => Err(Unfit::ExamplesDiffer { count: self.differing.len(), first: format!("{}:{} \"{}\"", first.file, first.line, first.case) }),
            None => Ok(()),
        }
    }
}

/// Puts an edition in force once it is fit for it; returns its version. Whoever may run the command answers for it alone.
pub async fn publish(workplace: &Workplace, edition: &Edition, by: &str) -> Result<String> {
    Examined::of(edition).fit()?;
    let mut work = workplace.store.begin().await?;
    work.lock_publications().await?;
    let version = put_in_force(&mut work, edition, by, None).await?;
    work.commit().await?;
    Ok(version)
}

/// Writes a publication with its entry of the log. The caller has the lock of publications and knows that the edition is fit.
pub(super) async fn put_in_force(work: &mut Work, edition: &Edition, by: &str, draft: Option<&RuleDraft>) -> Result<String> {
    let before = work.version_in_force().await?.unwrap_or_else(|| version_of(&Edition::compiled_in()));
    let book = kept(edition);
    work.publish_rule_book(&book, &now_text(), by).await?;
    let mut detail = serde_json::json!({ "before": before });
    if let Some(draft) = draft {
        detail["draft"] = draft.draft_id.as_str().into();
        detail["proposed_by"] = draft.proposed_by.clone().into();
    }
    let entry =
        NewEntry { at: now_text(), actor: by.to_owned(), action: Deed::BookPublished.into(), subject: book.version.clone(), detail: detail.to_string() };
    work.append_audit(vec![entry], digest).await?;
    Ok(book.version)
}

/// An edition as it is kept in the database.
pub fn kept(edition: &Edition) -> KeptBook {
    KeptBook { version: version_of(edition), files: edition.files().map(|(name, text)| (name.to_owned(), text.to_owned())).collect() }
}
