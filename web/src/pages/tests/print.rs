//! A claim on paper: it may lie beside a letter to the customer, so that nothing of ours alone stands on it.

use recoup_store::Work;

use super::*;
use crate::desk::resolve::tests::worked;

async fn explained(work: &mut Work, deduction: &str, explanation: &str, evidence: &str) {
    let sql = "update deductions set explanation = $2, evidence = $3 where deduction_id = $1";
    work.execute(sql, vec![deduction.into(), explanation.into(), evidence.into()]).await.expect("explained");
}

#[tokio::test]
async fn nothing_of_ours_alone_is_printed() {
    let (workplace, folder) = worked().await;
    let piece = |kind: &str, says: &str| format!("{{\"kind\":\"{kind}\",\"reference\":\"\",\"document\":null,\"place\":null,\"says\":\"{says}\"}}");
    let mut work = workplace.store.begin().await.expect("work");
    let small = format!("[{},{}]", piece("delivery", "signed"), piece("small_claim", "Not worth its work."));
    explained(&mut work, "X-6", "The paper is signed. Not worth its work.", &small).await;
    explained(&mut work, "X-8", "No reason is given; past decisions say shortage.", &format!("[{}]", piece("past_decisions", "9 of 10 speak for it."))).await;
    work.commit().await.expect("committed");
    let site = site_on(workplace, folder).await;
    let held = [("act", "hold"), ("version", "2"), ("until", "2099-01-01"), ("note", "their buyer is weak")];
    assert_eq!(site.send("/claims/C-7/act", "manager", &held).await.0, StatusCode::SEE_OTHER);
    // Assigned, waiting with a note, parked, transferred and held, for approval.
    for (claim, hidden) in [("C-1", "gave it to"), ("C-2", "please"), ("C-4", "on hold"), ("C-5", "signed in full"), ("C-7", "yours"), ("C-7", "buyer")] {
        let page = site.read(&format!("/claims/{claim}"), "manager").await;
        assert!(page.contains(hidden), "{claim} holds {hidden}");
        let print = site.read(&format!("/claims/{claim}/print"), "manager").await;
        assert!(!print.contains(hidden), "{claim} prints {hidden}");
    }
    let print = site.read("/claims/C-6/print", "manager").await;
    assert!(print.contains("The paper is signed.") && print.contains("signed in full"), "our side of the dispute is printed");
    assert!(!print.contains("worth its work"));
    assert!(!site.read("/claims/C-8/print", "manager").await.contains("past decisions"));
}
