//! Pending documents through the guarded children; what they contain arrives as documents of its own.

use anyhow::{Context, Result};
use futures_util::StreamExt;
use futures_util::stream;
use recoup_engine::reading::Doubt;
use recoup_extractors::{Hints, KnownLayout};
use recoup_store::documents::{ARRIVAL_STEP, Arrival, DocumentRow};

use crate::clock::now_text;
use crate::desk::{Progress, corrections};
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
    let numbering = workplace.store.numbering().await?;
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
                let hints = Hints {
                    file_name: Some(document.name.clone()),
                    own_names: own_names.clone(),
                    numbering: numbering.clone(),
                    layouts: known_layouts.clone(),
                };
                let path = workplace.vault.path(&document.sha256);
                let readers = &readers;
                async move { (readers.read(path, hints).await, document) }
            })
            .buffered(IN_FLIGHT);
        while let Some((mut extraction, document)) = readings.next().await {
            if let Some(correction) = workplace.store.correction(&document.document_id).await? {
                corrections::correct_again(&mut extraction.reading, &correction);
            }
            let mut arrivals = Vec::with_capacity(extraction.members.len());
            let places: Vec<i64> = member_sequences(&document).take(extraction.members.len()).collect();
            if places.len() < extraction.members.len() {
                let says = format!("It holds {} documents, {} of which could be taken; split the file.", extraction.members.len(), places.len());
                extraction.reading.doubts.push(Doubt::blocking("too_many_members", says));
            }
            for (sequence, member) in places.into_iter().zip(&extraction.members) {
                workplace.vault.keep(&member.bytes)?;
                arrivals.push(Arrival {
                    name: format!("{}!{}", document.name, member.name),
                    sha256: sha256(&member.bytes),
                    byte_count: i64::try_from(member.bytes.len())?,
                    container_id: Some(document.document_id.clone()),
                    sequence: Some(sequence),
                    received_at: now_text(),
                    purpose: document.purpose.clone(),
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

/// How far apart the members of a container stand, by how deep it lies: 9,999 members in what arrived, 999 in each of these, then 99, 99 and 9.
const STEPS: [i64; 6] = [ARRIVAL_STEP, ARRIVAL_STEP / 10_000, ARRIVAL_STEP / 10_000_000, ARRIVAL_STEP / 1_000_000_000, 10, 1];

/// The arrival numbers of a container's members, as many as there is room for: behind the container and before whatever stands behind it.
fn member_sequences(container: &DocumentRow) -> impl Iterator<Item = i64> {
    let depth = STEPS.iter().position(|step| container.sequence % step == 0).unwrap_or(STEPS.len() - 1);
    let (own, step) = (STEPS[depth], STEPS.get(depth + 1).copied().unwrap_or(1));
    let sequence = container.sequence;
    (1..own / step).map(move |place| sequence + place * step)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn members_stand_behind_their_container_and_before_the_next_at_every_depth() {
        let mut level = vec![7 * ARRIVAL_STEP, 8 * ARRIVAL_STEP];
        let mut seen: BTreeSet<i64> = level.iter().copied().collect();
        for room in [9_999, 999, 99, 99, 9, 0] {
            let mut members = Vec::new();
            for (place, sequence) in level.iter().enumerate() {
                let own: Vec<i64> = member_sequences(&DocumentRow { sequence: *sequence, ..DocumentRow::default() }).collect();
                assert_eq!(own.len(), room);
                assert!(own.iter().all(|member| member > sequence && level.get(place + 1).is_none_or(|next| member < next)));
                assert!(own.iter().all(|member| seen.insert(*member)), "every number is given once");
                // The first two and the last one of each go on.
                members.extend(own.iter().take(2).chain(own.last()).copied());
            }
            members.sort_unstable();
            members.dedup();
            level = members;
        }
    }
}
