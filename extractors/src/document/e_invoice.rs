//! Electronic invoices and credit notes: UBL and the cross-industry format, the few facts that evidence needs.

use recoup_engine::reading::{Confidence, Content, DocumentFormat, DocumentKind, Doubt, Reading};
use recoup_engine::remittance::PartyNamed;
use recoup_engine::supporting::SupportingDocument;
use rust_decimal::Decimal;

use super::references;
use crate::language::{exact_number, parse_date};
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
            Some(checked(
                ubl_sums(root),
                paper(DocumentFormat::Ubl, credit, root.value("ID"), root.value("IssueDate"), total, root.value("DocumentCurrencyCode"), issuer, billed, words),
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
            Some(checked(
                cii_sums(root),
                paper(
                    DocumentFormat::Cii,
                    credit,
                    document.value("ID"),
                    document.value("IssueDateTime/DateTimeString"),
                    total,
                    currency,
                    issuer,
                    billed,
                    words,
                ),
            ))
        }
        _ => None,
    }
}

fn checked(doubts: Vec<Doubt>, mut reading: Reading) -> Reading {
    reading.doubts.extend(doubts);
    reading
}

/// The sums that a UBL invoice states: lines, then total with tax, then what is left to pay.
fn ubl_sums(root: &Node) -> Vec<Doubt> {
    let Some(totals) = root.at("LegalMonetaryTotal") else { return Vec::new() };
    let lines = root.children.iter().filter(|child| matches!(child.name.as_str(), "InvoiceLine" | "CreditNoteLine"));
    let of_lines = lines.map(|line| decimal(line.at("LineExtensionAmount"))).sum::<Option<Decimal>>();
    let tax = root.all("TaxTotal").next().and_then(|tax| decimal(tax.at("TaxAmount")));
    let stated = |name: &str| decimal(totals.at(name));
    let or_zero = |name: &str| stated(name).unwrap_or_default();
    let with_tax = stated("TaxExclusiveAmount").zip(tax).map(|(net, tax)| net + tax);
    let payable = stated("TaxInclusiveAmount").map(|total| total - or_zero("PrepaidAmount") + or_zero("PayableRoundingAmount"));
    [
        differs("lines", of_lines, stated("LineExtensionAmount")),
        differs("total with tax", with_tax, stated("TaxInclusiveAmount")),
        differs("amount to pay", payable, stated("PayableAmount")),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The sums that a cross-industry invoice states.
fn cii_sums(root: &Node) -> Vec<Doubt> {
    let Some(totals) = root.find("SpecifiedTradeSettlementHeaderMonetarySummation").or_else(|| root.find("SpecifiedTradeSettlementMonetarySummation")) else {
        return Vec::new();
    };
    let mut lines = Vec::new();
    collect(root, "IncludedSupplyChainTradeLineItem", &mut lines);
    let of_lines = lines.iter().map(|line| decimal(line.find("LineTotalAmount"))).sum::<Option<Decimal>>().filter(|_| !lines.is_empty());
    let stated = |name: &str| decimal(totals.at(name));
    let or_zero = |name: &str| stated(name).unwrap_or_default();
    let with_tax = stated("TaxBasisTotalAmount").zip(stated("TaxTotalAmount")).map(|(net, tax)| net + tax);
    let payable = stated("GrandTotalAmount").map(|total| total - or_zero("TotalPrepaidAmount") + or_zero("RoundingAmount"));
    [
        differs("lines", of_lines, stated("LineTotalAmount")),
        differs("total with tax", with_tax.map(|sum| sum + or_zero("RoundingAmount")), stated("GrandTotalAmount").map(|sum| sum + or_zero("RoundingAmount"))),
        differs("amount to pay", payable, stated("DuePayableAmount")),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn collect<'tree>(node: &'tree Node, name: &str, found: &mut Vec<&'tree Node>) {
    if node.name == name {
        found.push(node);
    }
    node.children.iter().for_each(|child| collect(child, name, found));
}

fn decimal(node: Option<&Node>) -> Option<Decimal> {
    exact_number(&node?.text)
}

/// A note when a stated sum isn't what its parts make.
fn differs(what: &str, made: Option<Decimal>, stated: Option<Decimal>) -> Option<Doubt> {
    let (made, stated) = made.zip(stated)?;
    // Parts are often rounded line by line.
    let says = || format!("The {what} should be {made}, the invoice says {stated}.");
    ((made - stated).abs() > Decimal::new(1, 2)).then(|| Doubt::note("unbalanced", says()))
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
    let amount = total.and_then(|node| exact_number(&node.text));
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
        ..SupportingDocument::default()
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
        let reading = read(&crate::xml::parse(ubl).unwrap().root).unwrap();
        assert_eq!((reading.kind, reading.number.as_deref(), reading.total), (DocumentKind::CreditMemo, Some("CN7"), Some(Decimal::new(1250, 2))));
        let wrong = ubl.replace("<LegalMonetaryTotal>", "<LegalMonetaryTotal><TaxInclusiveAmount>13.00</TaxInclusiveAmount>");
        assert_eq!(read(&crate::xml::parse(&wrong).unwrap().root).unwrap().doubts[0].code, "unbalanced");
        let cii = "<CrossIndustryInvoice><ExchangedDocument><ID>R1</ID><TypeCode>380</TypeCode><IssueDateTime><DateTimeString>20260503</DateTimeString></IssueDateTime></ExchangedDocument>\
            <X><ApplicableHeaderTradeSettlement><InvoiceCurrencyCode>EUR</InvoiceCurrencyCode><S><GrandTotalAmount>9.00</GrandTotalAmount></S></ApplicableHeaderTradeSettlement></X></CrossIndustryInvoice>";
        let reading = read(&crate::xml::parse(cii).unwrap().root).unwrap();
        assert_eq!(
            (reading.kind, reading.date.map(|date| date.to_string()).as_deref(), reading.total),
            (DocumentKind::Invoice, Some("2026-05-03"), Some(Decimal::new(900, 2)))
        );
    }
}
