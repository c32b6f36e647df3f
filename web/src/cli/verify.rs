//! `recoup verify`

use anyhow::Result;
use serde_json::json;

use super::{Ended, say};
use crate::desk::verify::verify;
use crate::workplace::Workplace;

pub async fn run(workplace: &Workplace, json: bool) -> Result<Ended> {
    let findings = verify(workplace).await?;
    let broken = findings.iter().any(|finding| finding.broken > 0);
    if json {
        let listed: Vec<_> = findings
            .iter()
            .map(|finding| json!({ "invariant": finding.invariant, "says": finding.says, "checked": finding.checked, "broken": finding.broken, "examples": finding.examples }))
            .collect();
        say!("{}", json!({ "findings": listed, "clean": !broken }));
    } else {
        for finding in &findings {
            let verdict = if finding.broken == 0 { "holds".to_owned() } else { format!("BROKEN {} times: {}", finding.broken, finding.examples.join(", ")) };
            say!("{:24} {:>9} checked  {verdict}  ({})", finding.invariant, finding.checked, finding.says);
        }
    }
    Ok(if broken { Ended::Failed } else { Ended::Done })
}
