//! Layouts nobody has sent yet, one for each way of writing an advice.

use recoup_engine::reading::Doubt;
use recoup_engine::remittance::{AdviceLine, LineSubject, RemittanceAdvice};

use super::{Advice, read};
use crate::text::pages_of_plain_text;
use crate::{Hints, KnownLayout};

fn advice(text: &str) -> (RemittanceAdvice, Vec<Doubt>) {
    let Advice { mut advices, doubts, .. } = read(&pages_of_plain_text(text), &Hints::default());
    assert_eq!(advices.len(), 1, "{doubts:?}");
    (advices.remove(0), doubts)
}

fn nets(advice: &RemittanceAdvice) -> Vec<String> {
    advice.lines.iter().map(|line| format!("{} {}", line.reference.as_deref().unwrap_or("-"), line.paid())).collect()
}

fn line<'a>(advice: &'a RemittanceAdvice, reference: &str) -> &'a AdviceLine {
    advice.lines.iter().find(|line| line.reference.as_deref() == Some(reference)).expect(reference)
}

#[test]
fn rows_under_an_invoice_and_sums_carried_over_pages() {
    let (advice, doubts) = advice(
        "Supermarkt Nordwind GmbH & Co. KG                        Seite 1
Hafenstr. 12, 20457 Hamburg

                 Zahlungsavis Nr. 20260311-77
Valuta 11.03.2026

Ihre Rechnung   vom          Betrag brutto   Skonto    Abzug      Netto
RE-1001         01.02.2026        1.000,00    20,00     0,00     980,00
RE-1002         03.02.2026        2.500,00    50,00   100,00   2.350,00
    Abzug 100,00 Retoure Ref. RT-77
Übertrag                                                       3.330,00
\u{c}Supermarkt Nordwind GmbH & Co. KG   Zahlungsavis Nr. 20260311-77       Seite 2
Übertrag von Seite 1                                           3.330,00
Ihre Rechnung   vom          Betrag brutto   Skonto    Abzug      Netto
RE-1004         05.02.2026          750,00    15,00              735,00
BEL-5501        07.02.2026          -60,00                       -60,00
Zahlbetrag EUR                                                 4.005,00
",
    );
    assert_eq!(doubts, []);
    assert_eq!(nets(&advice), ["RE-1001 980.00", "RE-1002 2350.00", "RE-1004 735.00", "BEL-5501 -60.00"]);
    let deducted = &line(&advice, "RE-1002").adjustments;
    assert_eq!((deducted.len(), deducted[0].amount.to_string(), deducted[0].text.as_deref()), (1, "-100.00".to_owned(), Some("Retoure Ref. RT-77")));
    assert_eq!(line(&advice, "BEL-5501").subject, LineSubject::Adjustment);
    assert_eq!(advice.reference.as_deref(), Some("20260311-77"));
    assert_eq!(advice.payment_date.map(|date| date.to_string()).as_deref(), Some("2026-03-11"));
    assert_eq!(advice.payer.name.as_deref(), Some("Supermarkt Nordwind GmbH & Co. KG"));
}

#[test]
fn several_columns_of_deductions_keep_every_amount() {
    let (advice, doubts) = advice(
        "Nordwind Märkte GmbH
Zahlungsavis Nr. ZA-88112   Valuta 11.03.2026

Rechnung        vom             Brutto       Abzug     Kürzung        Netto
RE-1001         01.02.2026    1.000,00       50,00        0,00       950,00
RE-1002         03.02.2026    2.500,00       30,00       12,50     2.457,50
RE-1003         03.02.2026      800,00        0,00        0,00       800,00
Zahlbetrag EUR                                                     4.207,50
",
    );
    assert_eq!(doubts, []);
    let taken = |number: &str| line(&advice, number).adjustments.iter().map(|taken| taken.amount.to_string()).collect::<Vec<_>>();
    assert_eq!(taken("RE-1001"), ["-50.00"]);
    assert_eq!(taken("RE-1002"), ["-30.00", "-12.50"]);
    assert!(taken("RE-1003").is_empty());
}

#[test]
fn deductions_listed_apart_without_a_sign_reduce_the_payment() {
    let (advice, doubts) = advice(
        "GREENLEAF STORES LTD
Remittance Advice

To: Foods UK Ltd                        Our ref: GL-88231
Date: 12 March 2026                     Payment method: BACS

Your invoice     Invoice date   Amount GBP
SI100001         01/02/2026       1,200.00
SI100002         02/02/2026         800.00
                 Invoices total   2,000.00

Less deductions
Debit note       Invoice          Reason                      Amount GBP
GD-771           SI100001         Short delivery 4 cases           48.00
GD-772           SI100002         Promotional support             120.00
                                  Total deductions                168.00

Net amount paid                                                 1,832.00
",
    );
    assert_eq!(doubts, []);
    assert_eq!(nets(&advice), ["SI100001 1200.00", "SI100002 800.00", "GD-771 -48.00", "GD-772 -120.00"]);
    let claim = line(&advice, "GD-772");
    assert_eq!((claim.invoice_named.as_deref(), claim.text.as_deref()), (Some("SI100002"), Some("Promotional support")));
    assert_eq!(advice.total.map(|total| total.to_string()).as_deref(), Some("1832.00"));
}

#[test]
fn headings_on_two_rows_and_reasons_in_the_number_column() {
    let (advice, doubts) = advice(
        "                        PAYMENT ADVICE
Payer: Oakwood Grocery Inc            Check Number: 0099812
Check Date: 03/15/2026                Check Amount: $10,415.25

Invoice      Invoice       PO           Gross       Discount    Net
Number       Date          Number       Amount      Taken       Amount
-----------------------------------------------------------------------
INV-77001    02/01/2026    45001      5,000.00       100.00    4,900.00
INV-77002    02/03/2026    45002      6,000.00       120.00    5,880.00
  REASON: 22 DAMAGED GOODS                                      (250.00)
INV-77003    02/05/2026    45003        185.25         0.00      185.25
CB-4410                                                         (300.00)
  Late delivery fee PO 45002
-----------------------------------------------------------------------
                           TOTALS    11,185.25       220.00   10,415.25
",
    );
    assert_eq!(doubts, []);
    assert_eq!(advice.reference.as_deref(), Some("0099812"));
    assert_eq!(line(&advice, "CB-4410").text.as_deref(), Some("Late delivery fee PO 45002"));
    let damaged = &line(&advice, "INV-77002").adjustments;
    assert_eq!(damaged.iter().map(|taken| taken.text.as_deref()).collect::<Vec<_>>(), [Some("REASON: 22 DAMAGED GOODS")]);
}

#[test]
fn debit_and_credit_columns_of_an_account() {
    let (advice, doubts) = advice(
        "Brasseries du Nord S.A.
Relevé de règlement n° 778812

Vos références     Date          Débit       Crédit
FAC-88001          01/03/26                 4 500,00
FAC-88002          02/03/26                 1 200,00
PEN-16             16/03/26      150,00
                   Totaux        150,00     5 700,00
                   Solde réglé              5 550,00
",
    );
    assert_eq!(doubts, []);
    assert_eq!(nets(&advice), ["FAC-88001 4500.00", "FAC-88002 1200.00", "PEN-16 -150.00"]);
}

#[test]
fn a_letter_without_a_table() {
    let (advice, doubts) = advice(
        "Bonjour,

Nous vous informons du virement VIR-55120 du 14/03/2026 d'un montant de 3 120,50 EUR
en règlement de vos factures :

FA-2210 du 10/02/2026   2 000,00
FA-2214 du 11/02/2026   1 250,50
FA-2214 remise promotionnelle  -130,00

Cordialement,
Les Halles du Midi SAS
",
    );
    assert_eq!(doubts, []);
    assert_eq!(nets(&advice), ["FA-2210 2000.00", "FA-2214 1120.50"]);
    assert_eq!(advice.reference.as_deref(), Some("VIR-55120"));
}

#[test]
fn what_does_not_add_up_is_named() {
    let (_, doubts) = advice(
        "Corner Shops Ltd     Payment No. 771 22
Invoice No.      Gross Amount     Net Amount
SI1001               100.00         100.00
SI1002               200.00         190.00
Total                               310.00
",
    );
    assert_eq!(doubts.len(), 1);
    assert_eq!((doubts[0].code.as_str(), doubts[0].blocking), ("unbalanced", false));
    assert!(doubts[0].says.contains("20.00"), "{}", doubts[0].says);
}

#[test]
fn a_page_without_lines_is_a_blocking_doubt() {
    let Advice { advices, doubts, .. } = read(&pages_of_plain_text("Dear Sir,\nthank you for your call.\nKind regards"), &Hints::default());
    assert!(advices.is_empty());
    assert!(doubts.iter().any(|doubt| doubt.blocking && doubt.code == "no_lines"));
}

#[test]
fn a_confirmed_layout_decides_where_headings_and_sums_leave_it_open() {
    // Nothing tells what the two last columns mean, and no total helps.
    let text = "Harbour Stores Ltd\n\nREMITTANCE ADVICE  No. 77\nPayment date: 12/06/2026\n\nInvoice     Gross amount     Net amount     Deduction\nINV-1001          100.00          10.00         90.00\nINV-1002          200.00          20.00        180.00\n";
    let pages = pages_of_plain_text(text);
    let first = read(&pages, &Hints::default());
    let mut layout = first.layout.expect("a table");
    assert_eq!(
        (&layout.tables[0].headings[..], &layout.tables[0].meanings[..]),
        (&["Invoice", "Gross amount", "Net amount", "Deduction"].map(str::to_owned)[..], &["invoice", "gross", "net", "deduction"].map(str::to_owned)[..])
    );
    assert_eq!(nets(&first.advices[0])[0], "INV-1001 10.00");
    layout.tables[0].meanings = ["invoice", "gross", "deduction", "net"].map(str::to_owned).to_vec();
    let sender = first.advices[0].payer.name.clone().expect("a payer");
    let hints = Hints { layouts: vec![KnownLayout { sender, layout }], ..Hints::default() };
    let again = read(&pages, &hints);
    assert_eq!(nets(&again.advices[0]), ["INV-1001 90.00", "INV-1002 180.00"]);
    assert!(again.doubts.iter().all(|doubt| doubt.code != "layout_changed"));
    let other = read(&pages_of_plain_text(&text.replace("Net amount", "Amount paid")), &hints);
    assert!(other.doubts.iter().any(|doubt| doubt.code == "layout_changed"), "{:?}", other.doubts);
}
