//! UBL 2.1 RemittanceAdvice (OASIS): lines with a debit or a credit amount; which side is paid follows from the sums, as payers keep either set of books.

use jiff::civil::Date;
use recoup_engine::reading::{DocumentFormat, Doubt, Reading};
use recoup_engine::remittance::{AdviceLine, LineSubject, PartyNamed, RemittanceAdvice};
use rust_decimal::Decimal;

use crate::language::exact_number;
use crate::structured;
use crate::xml::Node;

/// Reads a remittance advice; `None` when the message is another one.
pub fn read(root: &Node) -> Option<Reading> {
    if root.name != "RemittanceAdvice" {
        return None;
    }
    let mut doubts = Vec::new();
    let mut amount = |node: &Node, name: &str| amount(node, name, &mut doubts);
    let rows: Vec<(Decimal, Decimal, &Node)> = root
        .all("RemittanceAdviceLine")
        .map(|line| (amount(line, "DebitLineAmount").unwrap_or_default(), amount(line, "CreditLineAmount").unwrap_or_default(), line))
        .collect();
    let (debit, credit): (Decimal, Decimal) = (rows.iter().map(|row| row.0).sum(), rows.iter().map(|row| row.1).sum());
    let party = |role: &str| PartyNamed {
        name: root.value(&format!("{role}/Party/PartyName/Name")).or_else(|| root.value(&format!("{role}/Party/PartyLegalEntity/RegistrationName"))),
        ..PartyNamed::default()
    };
    let total = amount(root, "TotalPaymentAmount");
    let advice = RemittanceAdvice {
        reference: root.value("PaymentOrderReference").or_else(|| root.value("ID")),
        payer: party("AccountingCustomerParty"),
        payee: party("AccountingSupplierParty"),
        payment_date: day(root, "PaymentMeans/PaymentDueDate").or_else(|| day(root, "IssueDate")),
        currency: root.value("DocumentCurrencyCode").and_then(|code| code.parse().ok()),
        total,
        lines: rows
            .into_iter()
            .map(|(debit_side, credit_side, row)| line(row, if credit >= debit { credit_side - debit_side } else { debit_side - credit_side }))
            .collect(),
        corrects_earlier: false,
    };
    super::balance::check(&advice, &mut doubts);
    Some(structured::advices(DocumentFormat::Ubl, vec![advice], doubts, root.words()))
}

fn line(row: &Node, net: Decimal) -> AdviceLine {
    let billing = row.child("BillingReference");
    let named = |kind: &str| billing.and_then(|billing| billing.value(&format!("{kind}/ID")));
    let invoice = named("InvoiceDocumentReference").or_else(|| named("SelfBilledInvoiceDocumentReference"));
    let claim = named("DebitNoteDocumentReference").or_else(|| named("CreditNoteDocumentReference"));
    let is_claim = claim.is_some() || net.is_sign_negative();
    AdviceLine {
        subject: if is_claim { LineSubject::Adjustment } else { LineSubject::Invoice },
        invoice_named: invoice.clone().filter(|_| claim.is_some()),
        debit_note: named("DebitNoteDocumentReference"),
        reference: claim.or(invoice),
        date: billing.and_then(|billing| billing.children.iter().find_map(|document| day(document, "IssueDate"))),
        net: Some(net),
        text: row.value("Note"),
        ..AdviceLine::default()
    }
}

/// `None` when none is written; one that can't be read stops the advice.
fn amount(node: &Node, name: &str, doubts: &mut Vec<Doubt>) -> Option<Decimal> {
    let text = node.value(name)?;
    let amount = exact_number(&text);
    if amount.is_none() {
        doubts.push(Doubt::blocking("amount_format", format!("{name}: `{text}` is no amount.")));
    }
    amount
}

fn day(node: &Node, path: &str) -> Option<Date> {
    node.value(path).and_then(|text| text.parse().ok())
}

#[cfg(test)]
mod tests {
    use recoup_engine::reading::Content;

    use super::*;

    #[test]
    fn an_amount_that_cannot_be_read_stops_the_advice() {
        let message =
            "<RemittanceAdvice><ID>RA-78</ID><RemittanceAdviceLine><CreditLineAmount>3.111,10</CreditLineAmount></RemittanceAdviceLine></RemittanceAdvice>";
        let reading = read(&crate::xml::parse(message).expect("a message").root).expect("an advice");
        let blocking: Vec<&str> = reading.doubts.iter().filter(|doubt| doubt.blocking).map(|doubt| doubt.says.as_str()).collect();
        assert_eq!(blocking, ["CreditLineAmount: `3.111,10` is no amount."]);
        assert_eq!(reading.total, None);
        let too_many = message.replace("3.111,10", "70000000000000000000000000000");
        let reading = read(&crate::xml::parse(&too_many).expect("a message").root).expect("an advice");
        assert!(reading.doubts.iter().any(|doubt| doubt.blocking && doubt.code == "amount_format"), "more digits than sums hold");
    }

    #[test]
    fn the_smaller_side_is_taken_off() {
        let message = "<RemittanceAdvice><ID>RA-77</ID><IssueDate>2026-10-28</IssueDate><DocumentCurrencyCode>EUR</DocumentCurrencyCode><TotalPaymentAmount>3011.10</TotalPaymentAmount>\
            <AccountingCustomerParty><Party><PartyName><Name>Nordmarkt GmbH</Name></PartyName></Party></AccountingCustomerParty>\
            <RemittanceAdviceLine><CreditLineAmount>3111.10</CreditLineAmount><BillingReference><InvoiceDocumentReference><ID>R-1</ID><IssueDate>2026-09-21</IssueDate></InvoiceDocumentReference></BillingReference></RemittanceAdviceLine>\
            <RemittanceAdviceLine><Note>Retour R-1</Note><DebitLineAmount>100.00</DebitLineAmount><BillingReference><DebitNoteDocumentReference><ID>DB9</ID></DebitNoteDocumentReference></BillingReference></RemittanceAdviceLine></RemittanceAdvice>";
        let reading = read(&crate::xml::parse(message).expect("a message").root).expect("an advice");
        assert_eq!(reading.doubts, []);
        let Content::Advices(advices) = reading.content else { panic!("no advice") };
        let lines: Vec<_> = advices[0].lines.iter().map(|line| (line.reference.as_deref(), line.net.map(|net| net.to_string()), line.subject)).collect();
        assert_eq!(
            lines,
            [(Some("R-1"), Some("3111.10".to_owned()), LineSubject::Invoice), (Some("DB9"), Some("-100.00".to_owned()), LineSubject::Adjustment)]
        );
        assert_eq!((advices[0].payer.name.as_deref(), advices[0].total), (Some("Nordmarkt GmbH"), "3011.10".parse().ok()));
    }
}
