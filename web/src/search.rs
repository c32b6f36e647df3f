//! The words of documents and mails, found at once: an index beside the database, made from it and never the other way round.
//!
//! Architecture invariant: the index is a cache. It carries the mark of the database that it covers (how often words changed); where the marks
//! differ it is not asked, and heals itself behind the request. What it can't do is slow, never wrong.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use recoup_engine::reference::fold;
use recoup_store::screens::searching::{Searchable, VersionRow};
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Query, RegexQuery};
use tantivy::schema::{FAST, Field, STORED, STRING, Schema, TEXT, Value};
use tantivy::{DocAddress, Index, IndexReader, IndexWriter, Order, ReloadPolicy, TantivyDocument, Term, doc};

use crate::workplace::Workplace;

/// The field of the order of arrival.
const SEQUENCE: &str = "sequence";
/// The folder of the index in the data folder.
const FOLDER: &str = "search";
/// Memory of a writer, in bytes: the least that the library recommends for one thread, three times over.
const WRITER_BYTES: usize = 45 << 20;
/// Documents that are read from the database at once.
const PART: usize = 500;
/// Words of one search that count.
const MOST_WORDS: usize = 8;

/// The index, and who is renewing it.
pub struct Search {
    index: Index,
    reader: IndexReader,
    document: Field,
    sequence: Field,
    /// The document with how often it was read and how much it is linked to: another reading is another entry.
    version: Field,
    words: Field,
    renewing: tokio::sync::Mutex<()>,
}

impl Search {
    /// Opens the index of a workplace; one that can't be opened is begun anew.
    ///
    /// # Errors
    /// When its folder can't be written.
    pub fn open(data: &Path) -> Result<Self> {
        let folder = data.join(FOLDER);
        let mut schema = Schema::builder();
        let (document, version, words) =
            (schema.add_text_field("document", STRING | STORED), schema.add_text_field("version", STRING), schema.add_text_field("words", TEXT));
        let sequence = schema.add_i64_field(SEQUENCE, FAST);
        let schema = schema.build();
        let known = Index::open_in_dir(&folder).ok().filter(|index| index.schema() == schema);
        let index = match known {
            Some(index) => index,
            None => {
                if folder.exists() {
                    tracing::warn!("the search index can't be opened and is made anew");
                    std::fs::remove_dir_all(&folder).with_context(|| format!("{} can't be emptied", folder.display()))?;
                }
                std::fs::create_dir_all(&folder).with_context(|| format!("{} can't be created", folder.display()))?;
                Index::create_in_dir(&folder, schema)?
            }
        };
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { index, reader, document, sequence, version, words, renewing: tokio::sync::Mutex::default() })
    }

    /// Documents that hold words beginning with each of these, what arrived last first; `None` when the index doesn't cover the database. It is renewed
    /// then, behind whoever asked.
    pub async fn documents(self: &Arc<Self>, workplace: &Arc<Workplace>, words: &str, most: usize) -> Result<Option<Vec<String>>> {
        if !self.covers(workplace).await? {
            let (search, workplace) = (self.clone(), workplace.clone());
            tokio::spawn(async move {
                if let Err(error) = search.renew(&workplace, false).await {
                    tracing::warn!("the search index can't be renewed: {error:#}; searching reads the database");
                }
            });
            return Ok(None);
        }
        self.reader.reload()?;
        let searcher = self.reader.searcher();
        let tokens = tokens(words);
        if tokens.is_empty() {
            return Ok(None);
        }
        let prefixes: Vec<Box<dyn Query>> =
            tokens.iter().map(|token| Ok(Box::new(RegexQuery::from_pattern(&format!("{token}.*"), self.words)?) as Box<dyn Query>)).collect::<Result<_>>()?;
        let newest = TopDocs::with_limit(most.max(1)).order_by_fast_field::<i64>(SEQUENCE, Order::Desc);
        let found: Vec<(Option<i64>, DocAddress)> = searcher.search(&BooleanQuery::intersection(prefixes), &newest)?;
        let mut documents = Vec::with_capacity(found.len());
        for (_, address) in found {
            let entry: TantivyDocument = searcher.doc(address)?;
            documents.extend(entry.get_first(self.document).and_then(|value| value.as_str()).map(str::to_owned));
        }
        Ok(Some(documents))
    }

    /// Takes in what was read since, if anything was.
    pub async fn keep_up(&self, workplace: &Workplace) -> Result<()> {
        if !self.covers(workplace).await? {
            self.renew(workplace, false).await?;
        }
        Ok(())
    }

    async fn covers(&self, workplace: &Workplace) -> Result<bool> {
        Ok(self.index.load_metas()?.payload.as_deref() == Some(mark(workplace).await?.as_str()))
    }

    /// Takes in what was read since, or everything anew; returns how many documents were taken in. Whoever comes while it is renewed goes on without.
    pub async fn renew(&self, workplace: &Workplace, anew: bool) -> Result<usize> {
        let Ok(_alone) = self.renewing.try_lock() else { return Ok(0) };
        // The mark is taken first: what is read meanwhile makes it old, never too new.
        let mark = mark(workplace).await?;
        let mut writer: IndexWriter = self.index.writer_with_num_threads(1, WRITER_BYTES)?;
        let known = if anew { HashSet::new() } else { self.versions()? };
        if anew {
            writer.delete_all_documents()?;
        }
        let versions = workplace.store.document_versions().await?;
        let missing: Vec<String> = versions.into_iter().filter(|row| !known.contains(&row.key())).map(|row| row.document_id).collect();
        for part in missing.chunks(PART) {
            for Searchable { document_id, sequence, attempts, name, number, linked_to, words } in workplace.store.searchable(part).await? {
                writer.delete_term(Term::from_field_text(self.document, &document_id));
                let linked = i64::try_from(linked_to.as_deref().unwrap_or_default().chars().count())?;
                let told: Vec<String> = [Some(&name), number.as_ref(), linked_to.as_ref()].into_iter().flatten().map(|text| fold(text)).collect();
                let words = [told.join(" "), words].join(" ");
                let version = VersionRow { document_id: document_id.clone(), attempts, linked }.key();
                writer.add_document(doc!(self.version => version, self.sequence => sequence, self.document => document_id, self.words => words))?;
            }
        }
        tokio::task::spawn_blocking(move || -> Result<()> {
            let mut prepared = writer.prepare_commit()?;
            prepared.set_payload(&mark);
            prepared.commit()?;
            Ok(())
        })
        .await??;
        self.reader.reload()?;
        Ok(missing.len())
    }

    /// What the index holds, as document and reading.
    fn versions(&self) -> Result<HashSet<String>> {
        self.reader.reload()?;
        let mut known = HashSet::new();
        for segment in self.reader.searcher().segment_readers() {
            let inverted = segment.inverted_index(self.version)?;
            let mut terms = inverted.terms().stream()?;
            while terms.advance() {
                known.insert(String::from_utf8_lossy(terms.key()).into_owned());
            }
        }
        Ok(known)
    }
}

/// What the index has to cover.
async fn mark(workplace: &Workplace) -> Result<String> {
    Ok(format!("3 {}", workplace.store.search_mark().await?))
}

/// The words that are looked for, as the index keeps words: folded, and cut where no letter or digit stands.
pub fn tokens(words: &str) -> Vec<String> {
    let mut tokens = tokens_of(words);
    tokens.truncate(MOST_WORDS);
    tokens
}

/// Every word of a text, in the same form.
pub fn tokens_of(text: &str) -> Vec<String> {
    fold(text).split(|sign: char| !sign.is_alphanumeric()).filter(|token| !token.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::receive::receive;
    use recoup_store::documents::Conclusion;

    const MOSS: &[u8] = "Dear Sirs, six pallets were short on Grüne Soup.".as_bytes();

    async fn found(search: &Arc<Search>, workplace: &Arc<Workplace>, words: &str) -> Option<usize> {
        search.documents(workplace, words, 10).await.expect("searched").map(|documents| documents.len())
    }

    /// Waits for a renewal that a search began, then renews.
    async fn renewed(search: &Search, workplace: &Workplace) {
        drop(search.renewing.lock().await);
        search.renew(workplace, false).await.expect("renewed");
    }

    #[tokio::test]
    async fn the_index_covers_what_was_read_and_is_not_asked_when_it_does_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let workplace = Arc::new(Workplace::open(folder.path(), None).await.expect("a workplace"));
        let search = Arc::new(Search::open(folder.path()).expect("an index"));
        assert_eq!(found(&search, &workplace, "pallets").await, None, "a new index covers nothing");
        let (document, _) = receive(&workplace, "letter_moss.txt", MOSS).await.expect("kept");
        renewed(&search, &workplace).await;
        assert_eq!(found(&search, &workplace, "letter mos").await, Some(1), "by its name, and by the beginning of a word");
        let mut work = workplace.store.begin().await.expect("work");
        work.save_reading(&document, &recoup_extractors::read(MOSS, &recoup_extractors::Hints::default()).reading).await.expect("read");
        work.commit().await.expect("committed");
        assert_eq!(found(&search, &workplace, "pallets").await, None, "it was read since");
        renewed(&search, &workplace).await;
        assert_eq!(found(&search, &workplace, "Grüne pallets").await, Some(1));
        assert_eq!(found(&search, &workplace, "grüne cases").await, Some(0), "each of the words");
        let (document, _) = receive(&workplace, "letter_moor.txt", b"Six pallets again.").await.expect("kept");
        let mut work = workplace.store.begin().await.expect("work");
        let filed = Conclusion { status: "processed", linked_to: Some("INV-77".to_owned()), ..Conclusion::default() };
        work.conclude_document(&document, &filed).await.expect("filed");
        work.commit().await.expect("committed");
        assert_eq!(found(&search, &workplace, "letter").await, None, "it was linked since");
        renewed(&search, &workplace).await;
        assert_eq!(found(&search, &workplace, "77 inv").await, Some(1), "by what it belongs to, in any order");
        let both = search.documents(&workplace, "letter", 10).await.expect("searched").expect("covered");
        let rows = workplace.store.documents_in_order(&both).await.expect("read");
        assert_eq!(rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["letter_moor.txt", "letter_moss.txt"], "the last first");
        receive(&workplace, "letter_heath.txt", b"Seven pallets.").await.expect("kept");
        search.keep_up(&workplace).await.expect("kept up");
        assert_eq!(found(&search, &workplace, "heath").await, Some(1), "nobody had to search in vain before");
        drop(search);
        std::fs::write(folder.path().join("search/meta.json"), "nonsense").expect("broken");
        let search = Arc::new(Search::open(folder.path()).expect("begun anew"));
        assert_eq!(search.renew(&workplace, true).await.expect("rebuilt"), 3);
        assert_eq!(found(&search, &workplace, "soup").await, Some(1));
    }
}
