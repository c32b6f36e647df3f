//! Pending documents through the guarded children; what they contain arrives as documents of its own.

use anyhow::{Context, Result};
use futures_util::StreamExt;
use futures_util::stream;
use recoup_extractors::{Hints, KnownLayout};
use recoup_store::documents::{ARRIVAL_STEP, Arrival, DocumentRow};

use crate::clock::now_text;
use crate::desk::{Progress, layouts};
use crate::jobs::readers::Readers;
use crate::vault::{digest, sha256};
use crate::workplace::Workplace;

/// Readings under way or waiting to be written; bounds memory, and what a crash reads again.
const IN_FLIGHT: usize = 16;

/// Reads everything that waits, and what that contained; returns how many documents were read.
///
/// Readings run on all cores and are written in order of arrival, each in its own unit of work: a crash loses none and doubles none.
pub async fn read_pending(workplace: &Workplace) -> Result<usize> {
    let own_names =
        workplace.store.legal_entities().await?.into_iter().flat_map(|entity| std::iter::once(entity.name).chain(entity.aliases)).collect::<Vec<_>>();
    let known_layouts = known_layouts(workplace).await?;
    let readers = Readers::new()?;
    let progress = Progress::new("reading", 0);
    let mut count = 0;
    loop {
        let pending = workplace.store.pending_documents().await?;
        if pending.is_empty() {
            break;
        }
        progress.extend(pending.len() as u64);
        let mut readings = stream::iter(pending)
            .map(|document| {
                let hints = Hints { file_name: Some(document.name.clone()), own_names: own_names.clone(), layouts: known_layouts.clone() };
                let path = workplace.vault.path(&document.sha256);
                let readers = &readers;
                async move { (readers.read(path, hints).await, document) }
            })
            .buffered(IN_FLIGHT);
        while let Some((mut extraction, document)) = readings.next().await {
            if let Some(correction) = workplace.store.correction(&document.document_id).await? {
                layouts::correct_again(&mut extraction.reading, &correction);
            }
            let mut arrivals = Vec::with_capacity(extraction.members.len());
            for (position, member) in extraction.members.iter().enumerate() {
                workplace.vault.keep(&member.bytes)?;
                arrivals.push(Arrival {
                    name: format!("{}!{}", document.name, member.name),
                    sha256: sha256(&member.bytes),
                    byte_count: i64::try_from(member.bytes.len())?,
                    container_id: Some(document.document_id.clone()),
                    sequence: Some(member_sequence(&document, position)),
                    received_at: now_text(),
                });
            }
            let mut work = workplace.store.begin().await?;
            work.save_reading(&document.document_id, &extraction.reading).await?;
            for arrival in &arrivals {
                work.receive(arrival, digest).await?;
            }
            work.commit().await?;
            count += 1;
            progress.advance(1);
        }
    }
    progress.finish();
    Ok(count)
}

/// What people confirmed, for the readers.
async fn known_layouts(workplace: &Workplace) -> Result<Vec<KnownLayout>> {
    let rows = workplace.store.known_layouts().await?;
    // The newest word about a sender's layout comes first.
    let newest_first = rows.into_iter().rev();
    newest_first.map(|row| Ok(KnownLayout { sender: row.sender, layout: serde_json::from_str(&row.layout).context("a confirmed layout")? })).collect()
}

/// The arrival number of a member: right behind its container, a thousandth of the container's own step apart.
fn member_sequence(container: &DocumentRow, position: usize) -> i64 {
    let mut step = ARRIVAL_STEP;
    while step > 1 && container.sequence % step != 0 {
        step /= 1000;
    }
    container.sequence + (i64::try_from(position).unwrap_or(0) + 1) * (step / 1000).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_stand_behind_their_container_at_every_depth() {
        let at = |sequence| {
            DocumentRow { sequence, ..serde_json::from_value(serde_json::json!({
            "document_id": "", "sequence": 0, "name": "", "sha256": "", "byte_count": 0, "received_at": "", "status": "", "kind": "", "kind_confidence": 0, "format": "", "pages": 1, "text_source": "",
            "fields": "", "doubts": "", "attempts": 0, "settled": false
        })).expect("a row") }
        };
        let top = 7 * ARRIVAL_STEP;
        let first = member_sequence(&at(top), 0);
        assert_eq!(first, top + ARRIVAL_STEP / 1000);
        let nested = member_sequence(&at(first), 4);
        assert_eq!(nested, first + 5 * ARRIVAL_STEP / 1_000_000);
        assert!(nested < member_sequence(&at(top), 1));
    }
}
