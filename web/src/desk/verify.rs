//! Every invariant over the whole database and the originals, each with its count.

mod consumption;

use anyhow::Result;
use recoup_store::exports::Wanted;
use recoup_store::verify::Finding;

use crate::desk::Progress;
use crate::vault::digest;
use crate::workplace::Workplace;

/// Checks everything; a finding with `broken` above zero is a fault.
pub async fn verify(workplace: &Workplace) -> Result<Vec<Finding>> {
    let mut findings = workplace.store.verify().await?;
    findings.push(workplace.store.verify_audit(digest).await?);
    findings.push(originals(workplace).await?);
    findings.push(boxes(workplace).await?);
    findings.push(consumption::consumption(workplace).await?);
    Ok(findings)
}

/// The bytes of every document are there and have their hash.
async fn originals(workplace: &Workplace) -> Result<Finding> {
    let documents = workplace.store.export_documents(&Wanted::default()).await?;
    let progress = Progress::new("checking originals", documents.len() as u64);
    let mut finding =
        Finding { invariant: "originals", says: "the original bytes of every document are kept and unchanged", checked: 0, broken: 0, examples: Vec::new() };
    for document in documents {
        finding.checked += 1;
        if !workplace.vault.is_intact(&document.sha256) {
            finding.broken += 1;
            finding.examples.push(format!("{} ({})", document.name, document.sha256));
        }
        progress.advance(1);
    }
    finding.examples.truncate(10);
    progress.finish();
    Ok(finding)
}

/// Every value that was read lies on a page its document has.
async fn boxes(workplace: &Workplace) -> Result<Finding> {
    let mut finding = Finding { invariant: "places", says: "every value read lies on a page of its document", checked: 0, broken: 0, examples: Vec::new() };
    for document in workplace.store.export_documents(&Wanted::default()).await? {
        let fields: Vec<recoup_engine::reading::Field> = serde_json::from_str(&document.fields)?;
        for place in fields.iter().filter_map(|field| field.place) {
            finding.checked += 1;
            let inside = place.page >= 1
                && i64::from(place.page) <= document.pages
                && place.area.is_none_or(|area| area.left <= area.right && area.top <= area.bottom && area.right <= 10_000 && area.bottom <= 10_000);
            if !inside {
                finding.broken += 1;
                finding.examples.push(document.name.clone());
            }
        }
    }
    finding.examples.truncate(10);
    Ok(finding)
}
