//! What people and papers add to what was read: confirmed layouts, corrected facts, proposed agreements, receiving advices.

use recoup_tests::Place;
use serde_json::{Value as Json, json};

const CUSTOMERS: &str = "customer_id,name,currency,country\nHARB,Harbour Stores Ltd,GBP,GB\nQUAY,Quay Markets Ltd,GBP,GB\n";
const PRODUCTS: &str = "sku,description,customer_skus,unit,case_pack\nQ10,Granola 500 g,HARB:314010,each,10\n";

/// A folder of our own with six open invoices of 100 to 600 pounds for ten cases each.
struct Desk {
    folder: tempfile::TempDir,
    place: Place,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place::embedded(&folder.path().join("data"));
        let desk = Self { folder, place };
        let mut invoices = "invoice_number,customer_id,issue_date,currency,total_amount,purchase_order\n".to_owned();
        let mut lines = "invoice_number,line_number,sku,quantity,unit,unit_price,line_amount\n".to_owned();
        for number in 1..=6 {
            invoices.push_str(&format!("INV-100{number},HARB,2026-06-01,GBP,{number}00.00,PO800{number}\n"));
            lines.push_str(&format!("INV-100{number},1,Q10,10,case,{number}0.00,{number}00.00\n"));
        }
        for (name, content) in [("customers.csv", CUSTOMERS), ("products.csv", PRODUCTS), ("invoices.csv", &invoices), ("invoice_lines.csv", &lines)] {
            desk.file(name, content);
            desk.place.must(&["import", &desk.path(name)]);
        }
        desk
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_string_lossy().into_owned()
    }

    fn file(&self, name: &str, content: &str) {
        std::fs::write(self.folder.path().join(name), content).expect("written");
    }

    fn ingest(&self, name: &str, content: &str) {
        self.file(name, content);
        self.place.must(&["ingest", &self.path(name)]);
    }

    fn document(&self, name: &str) -> Json {
        let documents = self.place.export("documents");
        documents.into_iter().find(|row| row["document"] == name).unwrap_or_else(|| panic!("{name} is lost"))
    }

    fn problem(&self, name: &str) -> String {
        self.document(name)["problem"].as_str().unwrap_or_default().to_owned()
    }

    /// Amount and date of the payments that were posted from a document.
    fn payments(&self, name: &str) -> Vec<Json> {
        let posted = self.place.export("payments").into_iter().filter(|row| row["document"] == name);
        posted.map(|row| json!([row["amount"], row["payment_date"]])).collect()
    }
}

/// A paper whose two last columns nothing but a person can tell apart.
fn advice(number: &str, first: u32, headings: &str) -> String {
    let gross = [first * 100, (first + 1) * 100].map(|gross| (gross / 10, gross * 9 / 10, gross));
    let rows = gross
        .iter()
        .enumerate()
        .map(|(index, (tenth, rest, gross))| format!("INV-100{}          {gross}.00          {tenth}.00         {rest}.00\n", first as usize + index));
    format!(
        "Harbour Stores Ltd\n\nREMITTANCE ADVICE\n\nPayment No.: {number}\nPayment date: 12/06/2026\nCurrency: GBP\n\nInvoice     Gross amount     {headings}\n{}",
        rows.collect::<String>()
    )
}

#[test]
fn a_confirmed_reading_serves_its_document_and_the_senders_next_papers() {
    let desk = Desk::new();
    desk.ingest("earlier.csv", &ADVICE.replace("INV-1003", "INV-1006").replace("300.00", "600.00").replace("280.00", "580.00"));
    // It carries the number of an earlier payment of another amount, so nothing is posted from it.
    desk.ingest("first.txt", &advice("PAY-7001", 1, "Net amount     Deduction"));
    assert_eq!(desk.document("first.txt")["status"], "needs_review", "{}", desk.document("first.txt"));
    let correct = |name: &str, correction: Json| {
        desk.file(name, &correction.to_string());
        desk.place.run(&["confirm", "first.txt", "--correct", &desk.path(name)])
    };
    let refused = correct("wrong.json", json!({"fields": {"payment_date": "31.03.2026"}}));
    assert_eq!(refused.status.code(), Some(1));
    let says = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(says.contains("payment_date: `31.03.2026` is no date"), "{says}");
    desk.ingest("letter.txt", "Dear Sir,\nthank you for your call.\nKind regards\n");

    assert!(correct("date.json", json!({"fields": {"payment_date": "2026-06-30"}})).status.success());
    assert_eq!(desk.payments("first.txt"), Vec::<Json>::new(), "its number is still taken");
    let columns = json!({"Net amount": "deduction", "Deduction": "net"});
    let corrected = correct("rest.json", json!({"columns": columns, "fields": {"reference": "PAY-7002", "total_amount": "270.00"}}));
    assert!(corrected.status.success(), "{}", String::from_utf8_lossy(&corrected.stderr));
    assert_eq!(desk.payments("first.txt"), [json!(["270.00", "2026-06-30"])], "the date corrected before stays: {}", desk.document("first.txt"));
    assert!(correct("late.json", json!({"fields": {"payment_date": "2026-06-29"}})).status.success());
    assert_eq!(desk.payments("first.txt"), [json!(["270.00", "2026-06-29"])], "what was posted from the reading before is taken back");
    assert!(desk.place.must(&["verify", "--json"]).contains("\"clean\":true"));

    desk.ingest("second.txt", &advice("PAY-7003", 3, "Net amount     Deduction"));
    assert_eq!(desk.payments("second.txt"), [json!(["630.00", "2026-06-12"])], "{}", desk.document("second.txt"));
    assert!(!desk.problem("second.txt").contains("layout_changed"));
    desk.ingest("third.txt", &advice("PAY-7004", 5, "Amount paid     Deduction"));
    assert!(desk.problem("third.txt").contains("layout_changed"), "{}", desk.document("third.txt"));
    desk.place.must(&["verify"]);
}

#[test]
fn an_advice_that_does_not_add_up_waits_until_a_person_corrects_or_confirms_it() {
    let desk = Desk::new();
    let settled = |name: &str| {
        let rows = desk.place.export("allocations").into_iter().filter(|row| row["document"] == name);
        rows.map(|row| format!("{} {}", row["invoice_number"], row["paid_amount"]).replace('"', "")).collect::<Vec<_>>()
    };
    let rows = "INV-1003,300.00,20.00,280.00,Bill back promotion\nINV-1004,400.00,0.00,400.00,\nDN-77,,,-90.00,Pallets\n";
    let text = ADVICE.split_inclusive("Reason\n").next().expect("a heading").replace("280.00", "600.00");
    desk.ingest("apart.csv", &format!("{text}{rows}"));
    assert_eq!(desk.document("apart.csv")["status"], "needs_review", "{}", desk.document("apart.csv"));
    assert!(desk.problem("apart.csv").contains("add up to 590.00, the stated total is 600.00, the difference is 10.00"), "{}", desk.problem("apart.csv"));
    assert_eq!(settled("apart.csv"), Vec::<String>::new(), "the two invoices alone pay more than was announced");
    desk.file("right.json", &json!({"fields": {"line_3.net": "-80.00"}}).to_string());
    desk.place.must(&["confirm", "apart.csv", "--correct", &desk.path("right.json")]);
    assert_eq!(desk.document("apart.csv")["status"], "processed", "{}", desk.document("apart.csv"));
    assert_eq!(settled("apart.csv"), ["INV-1003 280.00", "INV-1004 400.00"]);

    // Less than the total: what open items prove is posted, what the customer charges waits.
    let rows = "INV-1005,500.00,0.00,500.00,\nDN-88,,,-10.00,Pallets\n";
    desk.ingest("less.csv", &format!("{}{rows}", text.replace("PAY-7001", "PAY-7009")));
    assert_eq!((&desk.document("less.csv")["status"], settled("less.csv")), (&json!("needs_review"), vec!["INV-1005 500.00".to_owned()]));
    let held_back = |name: &str| desk.place.export("deductions").iter().filter(|row| row["document"] == name).count();
    assert_eq!(held_back("less.csv"), 0);
    desk.place.must(&["confirm", "less.csv"]);
    assert_eq!((&desk.document("less.csv")["status"], held_back("less.csv")), (&json!("processed"), 1), "{}", desk.document("less.csv"));
    assert!(desk.place.must(&["verify", "--json"]).contains("\"clean\":true"));
}

const ADVICE: &str = "Payment No.,PAY-7001\nPayment Date,2026-06-30\nPayer,Harbour Stores Ltd\nCurrency,GBP\nTotal Payment,280.00\n\n\
    Invoice No.,Gross Amount,Deduction,Net Amount,Reason\nINV-1003,300.00,20.00,280.00,Bill back promotion 10 cases item Q10\n";

fn deal(customer: &str, closing: &str) -> String {
    format!(
        "PROMOTION AGREEMENT          {customer}\nNo. DL-2207\n\nOur reference:    DL-2207\nDescription:      Summer granola bill back\n\
         Valid:            01/06/2026 - 30/06/2026\nAllowance:        2.00 GBP per case\n\n{closing}\n"
    )
}

#[test]
fn a_deal_sheet_says_the_same_before_and_after_the_advice_that_uses_it() {
    let (before, after) = (Desk::new(), Desk::new());
    before.ingest("deal.txt", &deal("Harbour Stores Ltd", "Agreed"));
    before.ingest("advice.csv", ADVICE);
    after.ingest("advice.csv", ADVICE);
    assert_eq!(after.place.export("deductions")[0]["rule"], "agreement.none");
    after.ingest("deal.txt", &deal("Harbour Stores Ltd", "Agreed"));
    let judged = before.place.export("deductions");
    assert_eq!(
        (&judged[0]["rule"], &judged[0]["validity"], &judged[0]["agreement_id"]),
        (&json!("agreement.proposed"), &json!("unknown"), &json!("PROPOSED-HARB-DL-2207"))
    );
    assert_eq!(judged, after.place.export("deductions"));
    after.place.must(&["verify"]);
}

#[test]
fn two_customers_may_number_their_deals_alike_and_a_repeated_sheet_says_so() {
    let desk = Desk::new();
    desk.ingest("harbour.txt", &deal("Harbour Stores Ltd", "Agreed"));
    desk.ingest("quay.txt", &deal("Quay Markets Ltd", "Agreed"));
    desk.ingest("again.txt", &deal("Harbour Stores Ltd", "Agreed and signed"));
    assert_eq!([desk.problem("harbour.txt"), desk.problem("quay.txt")], ["", ""]);
    assert!(desk.problem("again.txt").contains("Agreement DL-2207 with HARB is on file already"), "{}", desk.document("again.txt"));
    let audit = desk.place.export("audit");
    let proposed: Vec<&str> = audit.iter().filter(|entry| entry["action"] == "propose_agreement").filter_map(|entry| entry["subject"].as_str()).collect();
    assert_eq!(proposed, ["PROPOSED-HARB-DL-2207", "PROPOSED-QUAY-DL-2207"]);
}

#[test]
fn a_receiving_advice_is_evidence_of_delivery() {
    let desk = Desk::new();
    let short =
        ADVICE.replace("Bill back promotion 10 cases item Q10", "Short delivery 5 cases item Q10").replace("280.00", "150.00").replace("20.00", "150.00");
    desk.ingest("advice.csv", &short);
    assert_eq!(desk.place.export("deductions")[0]["validity"], "unknown", "nothing tells what was delivered");
    desk.ingest(
        "861.edi",
        "ISA*00*          *00*          *ZZ*HARBOUR        *ZZ*OURSELVES      *260605*0000*U*00401*000000001*0*P*>~GS*RC*A*B*20260605*0000*1*X*004010~\
         ST*861*0001~BRA*R9*20260604*00*1~REF*PO*PO8003~RCD**5*CA~LIN**VN*Q10~SE*6*0001~GE*1*1~IEA*1*000000001~",
    );
    assert_eq!(desk.document("861.edi")["kind"], "receiving_advice");
    let judged = &desk.place.export("deductions")[0];
    assert_eq!(judged["validity"], "valid", "{judged}");
    assert!(judged["evidence"].to_string().contains("861.edi"), "{judged}");
}
