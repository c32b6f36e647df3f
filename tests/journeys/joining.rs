//! Advices and the money that comes for them: whichever arrives first, the books are the same.

use std::path::Path;

use recoup_tests::Place;
use serde_json::Value as Json;

fn text<'row>(row: &'row Json, column: &str) -> &'row str {
    row[column].as_str().unwrap_or_default()
}

/// A customer, its invoices and whatever else a story needs.
fn small_place(folder: &Path, files: &[(&str, &str)]) -> Place {
    let reference = folder.join("reference");
    std::fs::create_dir_all(&reference).expect("a folder");
    std::fs::write(reference.join("customers.csv"), "customer_id,name,currency,payment_terms\nC1,Greenfield Foods Ltd,GBP,net 30\n").expect("written");
    for (name, text) in files {
        std::fs::write(reference.join(name), text).expect("written");
    }
    let place = Place::embedded(&folder.join("data"));
    place.must(&["import", &reference.to_string_lossy()]);
    place
}

const INVOICES: &str = "invoice_number,customer_id,issue_date,currency,total_amount\nINV-10001,C1,2026-05-01,GBP,490.00\nINV-10002,C1,2026-05-02,GBP,700.00\n";

#[test]
fn two_bank_lines_of_one_amount_are_two_payments() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = small_place(folder.path(), &[("invoices.csv", INVOICES)]);
    let advice = folder.path().join("advice.csv");
    std::fs::write(&advice, "Payer,Greenfield Foods Ltd\nPayment reference,ADV-7781\nTotal paid,490.00,GBP\n\nInvoice,Gross,Net\nINV-10001,490.00,490.00\n")
        .expect("written");
    place.must(&["ingest", &advice.to_string_lossy()]);
    let payments = folder.path().join("payments.csv");
    std::fs::write(&payments, "payment_id,received_on,payer_name,amount,currency\nPAY-1,2026-06-10,Greenfield Foods Ltd,490.00,GBP\nPAY-2,2026-06-11,Greenfield Foods Ltd,490.00,GBP\n").expect("written");
    place.must(&["import", &payments.to_string_lossy()]);
    place.must(&["process"]);
    let amounts: Vec<String> =
        place.export("payments").iter().map(|row| format!("{} on account {}", text(row, "amount"), text(row, "on_account_amount"))).collect();
    assert_eq!(amounts, ["490.00 on account 0.00", "490.00 on account 490.00"]);
    place.must(&["verify"]);
}

#[test]
fn an_advice_after_its_money_takes_the_place_of_what_was_guessed() {
    let folder = tempfile::tempdir().expect("a folder");
    let payments = "payment_id,received_on,payer_name,amount,currency,reference\nPAY-1,2026-06-10,Greenfield Foods Ltd,680.00,GBP,INV-10002 ADV-7790\n";
    let place = small_place(folder.path(), &[("invoices.csv", INVOICES), ("payments.csv", payments)]);
    place.must(&["process"]);
    assert_eq!(text(&place.export("deductions")[0], "category"), "unknown", "nobody said why 20.00 is missing");
    let advice = folder.path().join("advice.csv");
    let told = "Payer,Greenfield Foods Ltd\nPayment reference,ADV-7790\nPayment date,2026-06-10\nTotal paid,680.00,GBP\n\nInvoice,Gross,Deduction,Net,Reason\nINV-10002,700.00,20.00,680.00,Freight charge\n";
    std::fs::write(&advice, told).expect("written");
    place.must(&["ingest", &advice.to_string_lossy()]);
    let deductions = place.export("deductions");
    assert_eq!(deductions.len(), 1);
    assert_eq!((text(&deductions[0], "category"), text(&deductions[0], "amount"), text(&deductions[0], "document")), ("freight_charge", "20.00", "advice.csv"));
    let payments = place.export("payments");
    assert_eq!(payments.len(), 1, "one sum of money, one standing payment");
    assert_eq!(text(&payments[0], "on_account_amount"), "0.00");
    place.must(&["verify"]);
}

const ADVICE_OF_1190: &str = "Payer,Greenfield Foods Ltd\nPayment reference,ADV-7801\nPayment date,2026-06-09\nTotal paid,1190.00,GBP\n\nInvoice,Gross,Net\nINV-10001,490.00,490.00\nINV-10002,700.00,700.00\n";

/// Reads a document of this text.
fn ingest(place: &Place, folder: &Path, name: &str, content: &str) {
    let path = folder.join(name);
    std::fs::write(&path, content).expect("written");
    place.must(&["ingest", &path.to_string_lossy()]);
}

fn receive_money(place: &Place, folder: &Path, rows: &str) {
    let path = folder.join("payments.csv");
    std::fs::write(&path, format!("payment_id,received_on,payer_name,amount,currency,reference\n{rows}")).expect("written");
    place.must(&["import", &path.to_string_lossy()]);
    place.must(&["process"]);
}

fn standing(place: &Place) -> Vec<String> {
    let payments = place.export("payments");
    payments.iter().map(|row| ["amount", "allocated_amount", "on_account_amount", "status"].map(|column| text(row, column)).join(" ")).collect()
}

#[test]
fn money_that_is_less_than_announced_is_one_payment_whichever_comes_first() {
    let folder = tempfile::tempdir().expect("a folder");
    let (first, second) = (folder.path().join("first"), folder.path().join("second"));
    let less = "PAY-1,2026-06-10,Greenfield Foods Ltd,1175.00,GBP,ADV-7801\n";
    let money_first = small_place(&first, &[("invoices.csv", INVOICES)]);
    receive_money(&money_first, &first, less);
    ingest(&money_first, &first, "advice.csv", ADVICE_OF_1190);
    let advice_first = small_place(&second, &[("invoices.csv", INVOICES)]);
    ingest(&advice_first, &second, "advice.csv", ADVICE_OF_1190);
    assert_eq!(standing(&advice_first), ["1190.00 1190.00 0.00 announced"]);
    receive_money(&advice_first, &second, less);
    assert_eq!(standing(&advice_first).len(), 1, "one sum of money, one payment");
    assert_eq!(standing(&advice_first), standing(&money_first));
    let said = |place: &Place| text(&place.export("documents")[0], "problem").to_owned();
    assert!(said(&advice_first).contains("the bank received 1175.00"), "{}", said(&advice_first));
    assert_eq!(said(&advice_first), said(&money_first));
    for place in [&money_first, &advice_first] {
        place.must(&["verify"]);
    }
}

#[test]
fn a_correction_takes_over_the_money_of_what_it_corrects() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = small_place(folder.path(), &[("invoices.csv", INVOICES)]);
    receive_money(&place, folder.path(), "PAY-1,2026-06-10,Greenfield Foods Ltd,1190.00,GBP,ADV-7801\n");
    ingest(&place, folder.path(), "advice.csv", ADVICE_OF_1190);
    let corrected = ADVICE_OF_1190
        .replace("Payer,", "Corrected payment advice\nPayer,")
        .replace("INV-10002,700.00,700.00", "INV-10002,700.00,650.00")
        .replace("1190.00", "1140.00");
    ingest(&place, folder.path(), "corrected.csv", &corrected);
    let payments = place.export("payments");
    assert_eq!(payments.len(), 1, "the money is there once: {payments:?}");
    assert_eq!((text(&payments[0], "amount"), text(&payments[0], "document")), ("1190.00", "corrected.csv"));
    assert_eq!(text(&place.export("deductions")[0], "amount"), "50.00");
    place.must(&["verify"]);
}

#[test]
fn a_correction_of_one_line_is_no_repeated_advice() {
    let folder = tempfile::tempdir().expect("a folder");
    let numbers = 20_001..20_011;
    let invoices: String = numbers.clone().map(|number| format!("INV-{number},C1,2026-05-01,GBP,100.00\n")).collect();
    let place = small_place(folder.path(), &[("invoices.csv", &format!("invoice_number,customer_id,issue_date,currency,total_amount\n{invoices}"))]);
    let advice = |title: &str, last: &str, total: &str| {
        let lines: String = numbers
            .clone()
            .map(|number| if number == 20_010 { format!("INV-{number},100.00,{last}\n") } else { format!("INV-{number},100.00,100.00\n") })
            .collect();
        format!("{title}\nPayer,Greenfield Foods Ltd\nPayment reference,ADV-7810\nTotal paid,{total},GBP\n\nInvoice,Gross,Net\n{lines}DN-77,,-30.00\n")
    };
    ingest(&place, folder.path(), "advice.csv", &advice("Payment advice", "100.00", "970.00"));
    ingest(&place, folder.path(), "corrected.csv", &advice("Corrected payment advice", "90.00", "960.00"));
    let payments = place.export("payments");
    assert_eq!((payments.len(), text(&payments[0], "document"), text(&payments[0], "amount")), (1, "corrected.csv", "960.00"));
    place.must(&["verify"]);
}

#[test]
fn an_advice_explains_money_that_a_person_placed_by_a_strategy() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = small_place(folder.path(), &[("invoices.csv", INVOICES)]);
    let statement = ":20:STMT1\n:25:GB29NWBK60161331926819\n:28C:1/1\n:60F:C260609GBP0,00\n:61:2606100610C1170,00NTRFADV-7801//BANK1\n:86:/ORDP/NAME/Greenfield Foods Ltd/REMI/ADV-7801\n:62F:C260610GBP1170,00\n";
    ingest(&place, folder.path(), "statement.sta", statement);
    let payment = text(&place.export("payments")[0], "payment_id").to_owned();
    place.must(&["allocate", &payment, "--strategy", "oldest"]);
    let told = ADVICE_OF_1190
        .replace("Gross,Net", "Gross,Deduction,Net,Reason")
        .replace("490.00,490.00", "490.00,,490.00,")
        .replace("700.00,700.00", "700.00,20.00,680.00,Freight charge")
        .replace("paid,1190.00", "paid,1170.00");
    ingest(&place, folder.path(), "advice.csv", &told);
    let deductions = place.export("deductions");
    assert_eq!(deductions.len(), 1, "{deductions:?}");
    assert_eq!((text(&deductions[0], "category"), text(&deductions[0], "document")), ("freight_charge", "advice.csv"));
    assert_eq!(standing(&place), ["1170.00 1170.00 0.00 allocated"]);
    place.must(&["verify"]);
}

/// A statement with an entry whose advice the bank passes on in structure and one that tells nothing.
fn camt(structure: &str, amount: &str) -> String {
    let entry = |amount: &str, reference: &str, remittance: &str| {
        format!(
            "<Ntry><Amt Ccy=\"GBP\">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-06-10</Dt></BookgDt><ValDt><Dt>2026-06-10</Dt></ValDt>\
             <NtryDtls><TxDtls><Refs><EndToEndId>{reference}</EndToEndId></Refs><RltdPties><Dbtr><Nm>Greenfield Foods Ltd</Nm></Dbtr></RltdPties><RmtInf>{remittance}</RmtInf>\
             </TxDtls></NtryDtls></Ntry>"
        )
    };
    let entries = entry(amount, "ADV-7830", structure) + &entry("5.00", "ADV-7831", "<Ustrd>see letter</Ustrd>");
    format!(
        "<?xml version=\"1.0\"?><Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt><Stmt><Id>S1</Id><Acct><Id><IBAN>GB29NWBK60161331926819</IBAN></Id>\
         <Ccy>GBP</Ccy></Acct>{entries}</Stmt></BkToCstmrStmt></Document>"
    )
}

#[test]
fn an_advice_that_the_bank_passes_on_beside_other_money_is_used() {
    let named =
        |number: &str, amounts: &str| format!("<Strd><RfrdDocInf><Tp><CdOrPrtry><Cd>CINV</Cd></CdOrPrtry></Tp><Nb>{number}</Nb></RfrdDocInf>{amounts}</Strd>");
    let taken = "<AdjstmntAmtAndRsn><Amt Ccy=\"GBP\">20.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><AddtlInf>Freight charge</AddtlInf></AdjstmntAmtAndRsn>";
    let whole = format!("<RfrdDocAmt><DuePyblAmt Ccy=\"GBP\">700.00</DuePyblAmt>{taken}<RmtdAmt Ccy=\"GBP\">680.00</RmtdAmt></RfrdDocAmt>");
    let billed = "<RfrdDocAmt><DuePyblAmt Ccy=\"GBP\">490.00</DuePyblAmt></RfrdDocAmt>";
    let with_amounts = named("INV-10001", billed) + &named("INV-10002", &whole);
    let without_amounts = named("INV-10001", "") + &named("INV-10002", &format!("<RfrdDocAmt>{taken}</RfrdDocAmt>"));
    for structure in [with_amounts, without_amounts] {
        let folder = tempfile::tempdir().expect("a folder");
        let place = small_place(folder.path(), &[("invoices.csv", INVOICES)]);
        ingest(&place, folder.path(), "statement.xml", &camt(&structure, "1170.00"));
        let deductions = place.export("deductions");
        let told = deductions.iter().map(|row| (text(row, "category"), text(row, "amount"), text(row, "invoice_number"))).collect::<Vec<_>>();
        assert_eq!(told, [("freight_charge", "20.00", "INV-10002")], "{structure}");
        let mut standing = standing(&place);
        standing.sort();
        assert_eq!(standing, ["1170.00 1170.00 0.00 allocated", "5.00 0.00 5.00 received"]);
        place.must(&["verify"]);
    }
}

#[test]
fn amounts_that_nobody_owes_hold_up_their_own_document_only() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = small_place(folder.path(), &[("invoices.csv", INVOICES)]);
    let lines: String = (1..11).map(|number| format!("X-{number},9999999999999999.99,9999999999999999.99\n")).collect();
    ingest(&place, folder.path(), "a.csv", &format!("Payer,Nobody\nPayment reference,X-1\nTotal paid,1.00,EUR\n\nInvoice,Gross,Net\n{lines}"));
    ingest(&place, folder.path(), "b.csv", ADVICE_OF_1190);
    assert_eq!(standing(&place), ["1190.00 1190.00 0.00 announced"]);
    place.must(&["verify"]);
}
