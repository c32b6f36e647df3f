//! Electronic invoices and credit notes: UBL and the cross-industry format, the few facts that evidence needs.

use recoup_engine::reading::{Confidence, Content, DocumentFormat, DocumentKind, Reading};
use recoup_engine::remittance::PartyNamed;
use recoup_engine::supporting::SupportingDocument;
use rust_decimal::Decimal;

use super::references;
use crate::language::parse_date;
use crate::structured;
use crate::xml::Node;

/// Reads an invoice or a credit note; `None` when the tree is neither.
pub fn read(root: &Node) -> Option<Reading> {
    let words = root.words();
    match root.name.as_str() {
        "Invoice" | "CreditNote" => {
            let credit = root.name == "CreditNote" || root.value("InvoiceTypeCode").is_some_and(|code| code == "381");
            let total = root.at("LegalMonetaryTotal/PayableAmount").or_else(|| root.at("LegalMonetaryTotal/TaxInclusiveAmount"));
            let issuer = root
                .at("AccountingSupplierParty/Party")
                .and_then(|party| party.value("PartyLegalEntity/RegistrationName").or_else(|| party.value("PartyName/Name")));
            let billed = root.value("BillingReference/InvoiceDocumentReference/ID");
            Some(paper(
                DocumentFormat::Ubl,
                credit,
                root.value("ID"),
                root.value("IssueDate"),
                total,
                root.value("DocumentCurrencyCode"),
                issuer,
                billed,
                words,
            ))
        }
        "CrossIndustryInvoice" | "CrossIndustryDocument" => {
            let document = root.find("ExchangedDocument").or_else(|| root.find("HeaderExchangedDocument"))?;
            let settlement = root.find("ApplicableHeaderTradeSettlement").or_else(|| root.find("ApplicableSupplyChainTradeSettlement"));
            let credit = document.value("TypeCode").is_some_and(|code| code == "381");
            let total = settlement.and_then(|settlement| settlement.find("GrandTotalAmount").or_else(|| settlement.find("DuePayableAmount")));
            let currency = settlement.and_then(|settlement| settlement.value("InvoiceCurrencyCode"));
            let issuer = root.find("SellerTradeParty").and_then(|party| party.value("Name"));
            let billed = settlement.and_then(|settlement| settlement.value("InvoiceReferencedDocument/IssuerAssignedID"));
            Some(paper(
                DocumentFormat::Cii,
                credit,
                document.value("ID"),
                document.value("IssueDateTime/DateTimeString"),
                total,
                currency,
                issuer,
                billed,
                words,
            ))
        }
        _ => None,
    }
}

#[expect(clippy::too_many_arguments, reason = "the facts of one paper, named where they are found")]
fn paper(
    format: DocumentFormat,
    credit: bool,
    number: Option<String>,
    date: Option<String>,
    total: Option<&Node>,
    currency: Option<String>,
    issuer: Option<String>,
    billed: Option<String>,
    words: String,
) -> Reading {
    let amount = total.and_then(|node| node.text.trim().parse::<Decimal>().ok());
    let currency = currency.as_deref().or_else(|| total.and_then(|node| node.attribute("currencyID"))).and_then(|code| code.parse().ok());
    let date = date.and_then(|text| parse_date(&text, None)).map(|parsed| parsed.date);
    let mut references: Vec<String> = billed.into_iter().collect();
    references.extend(references::in_text(&words));
    let supporting = SupportingDocument {
        number: number.clone(),
        issuer: PartyNamed { name: issuer, ..PartyNamed::default() },
        date,
        amount,
        currency,
        references,
        text: None,
    };
    Reading {
        kind: if credit { DocumentKind::CreditMemo } else { DocumentKind::Invoice },
        kind_confidence: Confidence::from_thousandths(990),
        number,
        date,
        total: amount,
        currency,
        content: Content::Supporting(supporting),
        ..structured::base(format, Vec::new(), words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_date_and_total_of_both_formats() {
        let ubl = "<CreditNote><ID>CN7</ID><IssueDate>2026-05-03</IssueDate><DocumentCurrencyCode>EUR</DocumentCurrencyCode><LegalMonetaryTotal><PayableAmount currencyID=\"EUR\">12.50</PayableAmount></LegalMonetaryTotal></CreditNote>";
        let reading = read(&crate::xml::parse(ubl).unwrap()).unwrap();
        assert_eq!((reading.kind, reading.number.as_deref(), reading.total), (DocumentKind::CreditMemo, Some("CN7"), Some(Decimal::new(1250, 2))));
        let cii = "<CrossIndustryInvoice><ExchangedDocument><ID>R1</ID><TypeCode>380</TypeCode><IssueDateTime><DateTimeString>20260503</DateTimeString></IssueDateTime></ExchangedDocument>\
            <X><ApplicableHeaderTradeSettlement><InvoiceCurrencyCode>EUR</InvoiceCurrencyCode><S><GrandTotalAmount>9.00</GrandTotalAmount></S></ApplicableHeaderTradeSettlement></X></CrossIndustryInvoice>";
        let reading = read(&crate::xml::parse(cii).unwrap()).unwrap();
        assert_eq!(
            (reading.kind, reading.date.map(|date| date.to_string()).as_deref(), reading.total),
            (DocumentKind::Invoice, Some("2026-05-03"), Some(Decimal::new(900, 2)))
        );
    }
}
