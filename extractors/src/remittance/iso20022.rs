//! ISO 20022: camt.052/053/054 statements, remt.001 advices and pain.001 orders, by local names and whatever version.

use jiff::civil::Date;
use recoup_engine::reading::{DocumentFormat, Doubt, Reading};
use recoup_engine::remittance::{Adjustment, AdviceLine, BankEntry, BankStatement, LineSubject, PartyNamed, RemittanceAdvice};
use rust_decimal::Decimal;

use crate::language::{exact_number, parse_date};
use crate::structured;
use crate::xml::Node;

/// Codes of balances (ISO 20022 external code set, balance type): booked before, available where nothing booked is stated.
const OPENING: &[&str] = &["OPBD", "PRCD", "OPAV"];
const CLOSING: &[&str] = &["CLBD", "CLAV"];

/// Reads a message; `None` when the tree is none of the known ones.
pub fn read(root: &Node) -> Option<Reading> {
    let words = root.words();
    if let Some(report) = root.find("BkToCstmrStmt") {
        return Some(statement(report, DocumentFormat::Camt053, words));
    }
    if let Some(report) = root.find("BkToCstmrAcctRpt") {
        return Some(statement(report, DocumentFormat::Camt053, words));
    }
    if let Some(report) = root.find("BkToCstmrDbtCdtNtfctn") {
        return Some(statement(report, DocumentFormat::Camt054, words));
    }
    if let Some(advice) = root.find("RmtAdvc") {
        return Some(remittance_advices(advice, words));
    }
    if let Some(order) = root.find("CstmrCdtTrfInitn") {
        return Some(payment_order(order, words));
    }
    None
}

/// A bank's report. One that explains its entries in structure is a remittance advice too, and is read as that.
fn statement(report: &Node, format: DocumentFormat, words: String) -> Reading {
    let mut doubts = Vec::new();
    let mut statement = BankStatement::default();
    let mut parts = report.children.iter().filter(|child| matches!(child.name.as_str(), "Stmt" | "Rpt" | "Ntfctn"));
    if let Some(first) = parts.next() {
        head(first, &mut statement);
        part(first, &mut statement, &mut doubts);
    }
    for next in parts {
        let mut further = BankStatement::default();
        head(next, &mut further);
        part(next, &mut statement, &mut doubts);
        if further.account == statement.account {
            statement.last_number = further.number;
            statement.closing_balance = further.closing_balance;
        }
    }
    if let Some(entry) = statement.entries.first() {
        statement.currency = statement.currency.or(entry.currency);
    }
    let advices: Vec<RemittanceAdvice> = statement.entries.iter().filter_map(|entry| entry.advice.clone()).collect();
    if !advices.is_empty() && advices.len() == statement.entries.len() {
        for advice in &advices {
            super::balance::check(advice, &mut doubts);
        }
        return structured::advices(format, advices, doubts, words);
    }
    structured::statement(format, statement, doubts, words)
}

/// What a statement says of itself.
fn head(part: &Node, statement: &mut BankStatement) {
    statement.account = part.value("Acct/Id/IBAN").or_else(|| part.value("Acct/Id/Othr/Id"));
    statement.number = part.value("ElctrncSeqNb").or_else(|| part.value("LglSeqNb")).or_else(|| part.value("Id"));
    statement.currency = part.value("Acct/Ccy").and_then(|code| code.parse().ok());
    (statement.opening_balance, statement.closing_balance) = (balance(part, OPENING), balance(part, CLOSING));
}

/// The entries of one statement of the report; each is checked on its own.
fn part(part: &Node, statement: &mut BankStatement, doubts: &mut Vec<Doubt>) {
    let before = statement.entries.len();
    for entry in part.all("Ntry") {
        entries(entry, statement, doubts);
    }
    let sum: Decimal = statement.entries[before..].iter().map(|entry| entry.amount).sum();
    if let (Some(opening), Some(closing)) = (balance(part, OPENING), balance(part, CLOSING))
        && opening + sum != closing
    {
        doubts.push(Doubt::note("statement_gap", format!("Opening balance {opening} and entries {sum} don't reach the closing balance {closing}.")));
    }
}

fn balance(part: &Node, codes: &[&str]) -> Option<Decimal> {
    let found = part.all("Bal").find(|balance| balance.value("Tp/CdOrPrtry/Cd").is_some_and(|code| codes.contains(&code.as_str())))?;
    let amount: Decimal = exact_number(&found.value("Amt")?)?;
    Some(if found.value("CdtDbtInd").as_deref() == Some("DBIT") { -amount } else { amount })
}

/// One booked entry: one movement, or a batch whose transactions are movements of their own.
fn entries(entry: &Node, statement: &mut BankStatement, doubts: &mut Vec<Doubt>) {
    let credit = entry.value("CdtDbtInd").as_deref() != Some("DBIT");
    let reversal = matches!(entry.value("RvslInd").as_deref(), Some("true" | "1"));
    let total = entry.value("Amt").and_then(|text| exact_number(&text)).unwrap_or_default();
    let currency = entry.child("Amt").and_then(|amount| amount.attribute("Ccy")).and_then(|code| code.parse().ok());
    let value_date = date(entry, "ValDt").or_else(|| date(entry, "BookgDt"));
    let details: Vec<&Node> = entry.all("NtryDtls").flat_map(|details| details.all("TxDtls")).collect();
    let signed = |amount: Decimal| if credit { amount } else { -amount };
    let base = BankEntry {
        value_date,
        currency,
        bank_reference: entry.value("AcctSvcrRef").or_else(|| entry.value("NtryRef")),
        is_customer_payment: credit && !reversal && !is_internal(entry),
        ..BankEntry::default()
    };
    if details.is_empty() {
        if entry.at("NtryDtls/Btch").is_some() {
            doubts.push(Doubt::note("batch_without_details", format!("A batch of {total} is booked without its transactions.")));
        }
        let text = entry.value("AddtlNtryInf").unwrap_or_default();
        statement.entries.push(BankEntry { amount: signed(total), text, ..base });
        return;
    }
    let single = details.len() == 1;
    let mut sum = Decimal::ZERO;
    for transaction in details {
        let stated = ["AmtDtls/TxAmt/Amt", "Amt", "AmtDtls/InstdAmt/Amt"].iter().find_map(|path| transaction.at(path));
        let own = stated.and_then(|amount| exact_number(&amount.text));
        let other = stated.and_then(|amount| amount.attribute("Ccy")).filter(|code| code.parse().ok() != currency);
        let own_credit = transaction.value("CdtDbtInd").map_or(credit, |indicator| indicator != "DBIT");
        if let Some(other) = other.filter(|_| !single && doubts.iter().all(|doubt| doubt.code != "currency_mismatch")) {
            let says = format!("A transaction of the batch of {total} is in {other}; its amount in the account's currency is missing.");
            doubts.push(Doubt::blocking("currency_mismatch", says));
        }
        let amount = if single { total } else { own.unwrap_or_default() };
        let amount = if own_credit { amount } else { -amount };
        sum += amount;
        let side = if credit { "Dbtr" } else { "Cdtr" };
        let payer = party(transaction.child("RltdPties"), side);
        let remittance = transaction.child("RmtInf");
        let mut text = remittance.map(unstructured).unwrap_or_default();
        if text.is_empty() {
            text = transaction.value("AddtlTxInf").or_else(|| entry.value("AddtlNtryInf")).unwrap_or_default();
        }
        let reference = ["Refs/EndToEndId", "Refs/InstrId", "Refs/TxId", "RmtInf/Strd/CdtrRefInf/Ref"]
            .iter()
            .find_map(|path| transaction.value(path))
            .filter(|reference| reference != "NOTPROVIDED");
        let advice = remittance.filter(|node| credit && node.all("Strd").any(|strd| strd.child("RfrdDocInf").is_some())).map(|node| RemittanceAdvice {
            reference: reference.clone(),
            payer: payer.clone(),
            payee: PartyNamed { account: statement.account.clone(), ..party(transaction.child("RltdPties"), "Cdtr") },
            payment_date: value_date,
            currency,
            total: Some(amount),
            lines: prove(lines(node), Some(amount)),
            corrects_earlier: false,
        });
        statement.entries.push(BankEntry {
            amount,
            payer,
            reference,
            text,
            advice,
            bank_reference: transaction.value("Refs/AcctSvcrRef").or_else(|| base.bank_reference.clone()),
            ..base.clone()
        });
    }
    if sum != signed(total) {
        doubts.push(Doubt::note("batch_difference", format!("The transactions of an entry add up to {sum}, the entry is {}.", signed(total))));
    }
}

/// Charges, interest and transfers among own accounts by the bank's codes.
fn is_internal(entry: &Node) -> bool {
    let code = |path: &str| entry.value(path).unwrap_or_default();
    matches!(code("BkTxCd/Domn/Fmly/SubFmlyCd").as_str(), "CHRG" | "COMM" | "FEES" | "INTR" | "TAXE" | "ZABA" | "SWEP" | "ZBAL")
        || matches!(code("BkTxCd/Domn/Cd").as_str(), "ACMT" | "CAMT" | "LDAS")
}

fn date(node: &Node, name: &str) -> Option<Date> {
    let text = node.value(&format!("{name}/Dt")).or_else(|| node.value(&format!("{name}/DtTm"))).or_else(|| node.value(name))?;
    parse_date(&text, None).map(|parsed| parsed.date)
}

fn party(parties: Option<&Node>, side: &str) -> PartyNamed {
    let Some(parties) = parties else { return PartyNamed::default() };
    let node = parties.child(side);
    let name = node.and_then(|node| node.value("Nm").or_else(|| node.value("Pty/Nm"))).or_else(|| parties.value(&format!("Ultmt{side}/Nm")));
    let account = parties.value(&format!("{side}Acct/Id/IBAN")).or_else(|| parties.value(&format!("{side}Acct/Id/Othr/Id")));
    let mut identifiers = Vec::new();
    if let Some(identification) = node.and_then(|node| node.find("Id")) {
        identifiers.extend(["OrgId/LEI", "OrgId/AnyBIC", "OrgId/Othr/Id"].iter().filter_map(|path| identification.value(path)));
    }
    PartyNamed { name, account, identifiers, email: None }
}

/// Free text, re-joined: pieces that banks cut at a fixed width join without a gap.
fn unstructured(remittance: &Node) -> String {
    let mut text = String::new();
    let mut cut = false;
    for piece in remittance.all("Ustrd") {
        if !text.is_empty() && !cut {
            text.push(' ');
        }
        text.push_str(piece.text.trim_start_matches(['\n', '\r']));
        cut = matches!(piece.text.chars().count(), 35 | 140);
    }
    text.trim().to_owned()
}

/// The documents that structured remittance information names.
fn lines(remittance: &Node) -> Vec<AdviceLine> {
    remittance.all("Strd").filter_map(line).collect()
}

fn line(structured: &Node) -> Option<AdviceLine> {
    let documents: Vec<(String, Option<String>, Option<Date>)> = structured
        .all("RfrdDocInf")
        .map(|document| {
            let kind = document.value("Tp/CdOrPrtry/Cd").or_else(|| document.value("Tp/CdOrPrtry/Prtry")).unwrap_or_default();
            (kind, document.value("Nb"), date(document, "RltdDt"))
        })
        .collect();
    let amounts = structured.child("RfrdDocAmt");
    let value = |path: &str| amounts.and_then(|amounts| amounts.value(path)).and_then(|text| exact_number(&text));
    let is_invoice = |kind: &str| matches!(kind, "CINV" | "MSIN" | "CNFA" | "SOAC" | "");
    // The document that the amounts belong to is the claim when one is named, else the invoice.
    let (kind, reference, day) = documents.iter().find(|(kind, ..)| !is_invoice(kind)).or_else(|| documents.first()).cloned().unwrap_or_default();
    let other = documents.iter().find(|(_, number, _)| *number != reference).and_then(|(_, number, _)| number.clone());
    let credit = value("CdtNoteAmt");
    let gross = value("DuePyblAmt").or(credit.filter(|_| kind == "CREN"));
    let net = value("RmtdAmt");
    let discounts: Decimal = amounts
        .map(|amounts| {
            amounts
                .all("DscntApldAmt")
                .filter_map(|node| node.value("Amt").or_else(|| Some(node.text.trim().to_owned())).and_then(|text| exact_number(&text)))
                .sum()
        })
        .unwrap_or_default();
    let mut adjustments: Vec<Adjustment> = amounts.map(|amounts| amounts.all("AdjstmntAmtAndRsn").filter_map(adjustment).collect()).unwrap_or_default();
    let information: Vec<String> = structured.all("AddtlRmtInf").map(|node| node.text.trim().to_owned()).filter(|text| !text.is_empty()).collect();
    let text = (!information.is_empty()).then(|| information.join(" "));
    if reference.is_none() && gross.is_none() && net.is_none() && adjustments.is_empty() {
        return None;
    }
    let mut line = AdviceLine { reference, date: day, gross, discount: (!discounts.is_zero()).then_some(discounts), text, ..AdviceLine::default() };
    if is_invoice(&kind) {
        line.subject = LineSubject::Invoice;
        let base = gross.unwrap_or_default() - discounts;
        settle_signs(&mut adjustments, base, net);
        let taken: Decimal = adjustments.iter().map(|adjustment| adjustment.amount).sum();
        // Without what was billed, what was taken off doesn't tell what was paid.
        line.net = net.or_else(|| gross.map(|_| base + taken));
        line.adjustments = adjustments;
        return Some(line);
    }
    // A debit or credit note reduces the payment; amounts are never negative in these messages.
    line.subject = LineSubject::Adjustment;
    line.invoice_named = other;
    if kind != "CREN" {
        line.debit_note = line.reference.clone();
    }
    line.gross = None;
    let amount = net.or(gross).map(|amount| -amount.abs());
    match (&mut adjustments[..], amount) {
        ([only], amount) => {
            line.code = only.code.take();
            line.text = only.text.take().or(line.text);
            line.net = amount.or(Some(only.amount));
        }
        (_, amount) => {
            let sum: Decimal = adjustments.iter().map(|adjustment| adjustment.amount).sum();
            line.net = amount.or(Some(sum));
            line.adjustments = adjustments;
        }
    }
    Some(line)
}

/// DBIT decreases, CRDT increases; without an indicator it is taken to decrease until the sums say otherwise.
fn adjustment(node: &Node) -> Option<Adjustment> {
    let amount: Decimal = exact_number(&node.value("Amt")?)?;
    let increases = node.value("CdtDbtInd").as_deref() == Some("CRDT");
    Some(Adjustment { amount: if increases { amount } else { -amount }, code: node.value("Rsn"), text: node.value("AddtlInf"), ..Adjustment::default() })
}

fn settle_signs(adjustments: &mut [Adjustment], base: Decimal, net: Option<Decimal>) {
    let sum: Decimal = adjustments.iter().map(|adjustment| adjustment.amount).sum();
    if net.is_some_and(|net| base + sum != net && base - sum == net) {
        adjustments.iter_mut().for_each(|adjustment| adjustment.amount = -adjustment.amount);
    }
}

/// The total may prove that debits were meant to increase the payment.
fn prove(mut lines: Vec<AdviceLine>, total: Option<Decimal>) -> Vec<AdviceLine> {
    let sum: Decimal = lines.iter().filter_map(|line| line.net).sum();
    let alone: Decimal = lines.iter().filter(|line| line.subject == LineSubject::Adjustment).filter_map(|line| line.net).sum();
    if total.is_some_and(|total| sum != total && sum - alone - alone == total) {
        for line in lines.iter_mut().filter(|line| line.subject == LineSubject::Adjustment) {
            line.net = line.net.map(|net| -net);
            line.adjustments.iter_mut().for_each(|adjustment| adjustment.amount = -adjustment.amount);
        }
    }
    // What the others leave of the total is paid for the only document without amounts.
    let known: Decimal = lines.iter().filter_map(|line| line.net).sum();
    if let Some(total) = total
        && let [only] = &mut lines.iter_mut().filter(|line| line.net.is_none()).collect::<Vec<_>>()[..]
        && total > known
    {
        only.net = Some(total - known);
    }
    lines
}

/// remt.001: one advice per remittance information block.
fn remittance_advices(message: &Node, words: String) -> Reading {
    let mut doubts = Vec::new();
    let mut advices = Vec::new();
    let created =
        date(message, "GrpHdr/CreDtTm").or_else(|| message.value("GrpHdr/CreDtTm").and_then(|text| parse_date(&text, None)).map(|parsed| parsed.date));
    let initiator = message.value("GrpHdr/InitgPty/Nm");
    for remittance in message.all("RmtInf") {
        let original = remittance.child("OrgnlPmtInf");
        let amount_node = original
            .and_then(|original| original.find("InstdAmt").or_else(|| original.find("EqvtAmt")).or_else(|| original.find("Amt")))
            .or_else(|| remittance.at("Amt"));
        let amount_leaf = amount_node.map(|node| node.find("InstdAmt").or_else(|| node.find("Amt")).unwrap_or(node));
        let total = amount_leaf.and_then(|node| exact_number(&node.text));
        let first_amount = remittance.find("RmtdAmt").or_else(|| remittance.find("DuePyblAmt")).or_else(|| remittance.find("Amt"));
        let currency = amount_leaf
            .and_then(|node| node.attribute("Ccy"))
            .or_else(|| first_amount.and_then(|node| node.attribute("Ccy")))
            .and_then(|code| code.parse().ok());
        let mut payer = party(original, "Dbtr");
        payer.name = payer.name.or_else(|| initiator.clone());
        let payment_date =
            original.and_then(|original| ["ReqdExctnDt", "IntrBkSttlmDt", "ValDt", "PmtDt"].iter().find_map(|name| date(original, name))).or(created);
        let reference = original
            .and_then(|original| original.value("Refs/EndToEndId").or_else(|| original.value("PmtInfId")).or_else(|| original.value("EndToEndId")))
            .filter(|reference| reference != "NOTPROVIDED")
            .or_else(|| remittance.value("RmtId"))
            .or_else(|| message.value("GrpHdr/MsgId"));
        let advice = RemittanceAdvice {
            reference,
            payer,
            payee: party(original, "Cdtr"),
            payment_date,
            currency,
            total,
            lines: prove(lines(remittance), total),
            corrects_earlier: false,
        };
        super::balance::check(&advice, &mut doubts);
        advices.push(advice);
    }
    structured::advices(DocumentFormat::Remt001, advices, doubts, words)
}

/// pain.001: one advice per transaction that pays us.
fn payment_order(order: &Node, words: String) -> Reading {
    let mut doubts = Vec::new();
    let mut advices = Vec::new();
    for information in order.all("PmtInf") {
        let payment_date = date(information, "ReqdExctnDt");
        for transaction in information.all("CdtTrfTxInf") {
            let amount = transaction.at("Amt/InstdAmt").or_else(|| transaction.at("Amt/EqvtAmt/Amt"));
            let total = amount.and_then(|node| exact_number(&node.text));
            let remittance = transaction.child("RmtInf");
            let mut payer = party(Some(information), "Dbtr");
            payer.name = payer.name.or_else(|| order.value("GrpHdr/InitgPty/Nm"));
            let mut own = remittance.map(lines).unwrap_or_default();
            if own.is_empty()
                && let Some(text) = remittance.map(unstructured).filter(|text| !text.is_empty())
            {
                own.push(AdviceLine { net: total, text: Some(text), ..AdviceLine::default() });
            }
            let advice = RemittanceAdvice {
                reference: transaction.value("PmtId/EndToEndId").filter(|reference| reference != "NOTPROVIDED").or_else(|| information.value("PmtInfId")),
                payer,
                payee: party(Some(transaction), "Cdtr"),
                payment_date,
                currency: amount.and_then(|node| node.attribute("Ccy")).and_then(|code| code.parse().ok()),
                total,
                lines: prove(own, total),
                corrects_earlier: false,
            };
            super::balance::check(&advice, &mut doubts);
            advices.push(advice);
        }
    }
    structured::advices(DocumentFormat::Pain001, advices, doubts, words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use recoup_engine::reading::Content;

    const STRUCTURED: &str = "<RmtInf><Strd><RfrdDocInf><Tp><CdOrPrtry><Cd>CINV</Cd></CdOrPrtry></Tp><Nb>SI1</Nb><RltdDt>2026-07-22</RltdDt></RfrdDocInf><RfrdDocAmt><DuePyblAmt Ccy=\"GBP\">100.00</DuePyblAmt>\
        <DscntApldAmt><Amt Ccy=\"GBP\">2.00</Amt></DscntApldAmt><AdjstmntAmtAndRsn><Amt Ccy=\"GBP\">8.00</Amt><AddtlInf>Short 4 cs</AddtlInf></AdjstmntAmtAndRsn><RmtdAmt Ccy=\"GBP\">90.00</RmtdAmt></RfrdDocAmt></Strd>\
        <Strd><RfrdDocInf><Tp><CdOrPrtry><Cd>DEBN</Cd></CdOrPrtry></Tp><Nb>DN5</Nb></RfrdDocInf><RfrdDocInf><Tp><CdOrPrtry><Cd>CINV</Cd></CdOrPrtry></Tp><Nb>SI0</Nb></RfrdDocInf><RfrdDocAmt>\
        <AdjstmntAmtAndRsn><Amt Ccy=\"GBP\">10.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><AddtlInf>Listing fee</AddtlInf></AdjstmntAmtAndRsn></RfrdDocAmt></Strd></RmtInf>";

    #[test]
    fn structured_credits_become_advices() {
        let text = format!(
            "<Document><BkToCstmrDbtCdtNtfctn><Ntfctn><Id>N1</Id><Acct><Id><IBAN>GB29</IBAN></Id></Acct><Ntry><Amt Ccy=\"GBP\">80.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><ValDt><Dt>2026-08-25</Dt></ValDt>\
             <NtryDtls><TxDtls><Refs><EndToEndId>PAY1</EndToEndId></Refs><RltdPties><Dbtr><Nm>NORTH</Nm></Dbtr></RltdPties>{STRUCTURED}</TxDtls></NtryDtls></Ntry></Ntfctn></BkToCstmrDbtCdtNtfctn></Document>"
        );
        let reading = read(&crate::xml::parse(&text).unwrap().root).unwrap();
        assert_eq!(reading.doubts, []);
        let Content::Advices(advices) = reading.content else { panic!() };
        let [invoice, claim] = &advices[0].lines[..] else { panic!() };
        assert_eq!((invoice.discount, invoice.adjustments[0].amount), (Some(Decimal::new(200, 2)), Decimal::new(-800, 2)));
        assert_eq!((claim.debit_note.as_deref(), claim.invoice_named.as_deref(), claim.net), (Some("DN5"), Some("SI0"), Some(Decimal::new(-1000, 2))));
    }

    #[test]
    fn entries_without_structure_stay_a_statement() {
        let text = "<Document><BkToCstmrStmt><Stmt><Id>S</Id><Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">10.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>\
            <Ntry><Amt Ccy=\"EUR\">5.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><ValDt><Dt>2026-08-25</Dt></ValDt><AddtlNtryInf>FEE</AddtlNtryInf></Ntry></Stmt></BkToCstmrStmt></Document>";
        let reading = read(&crate::xml::parse(text).unwrap().root).unwrap();
        let Content::Statement(statement) = reading.content else { panic!() };
        assert_eq!(
            (statement.opening_balance, statement.entries[0].amount, statement.entries[0].is_customer_payment),
            (Some(Decimal::new(1000, 2)), Decimal::new(-500, 2), false)
        );
    }
}
