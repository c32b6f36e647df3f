//! What is on file in an example, as sentences of plain words.
//!
//! `billed` holds the invoice INV-1: `2026-03-02: BEANS12 10 case @ 24.00; SOUP6 5 case @ 12.00 tax 20`, the total being the lines with their tax unless
//! `total 240.00` ends it; `po PO-1` and `note L-1` before the colon name its order and delivery note. Dates are ISO, quantities carry their unit.
//!
//! `on_file` holds sentences parted by ` | `; words in brackets may be left out:
//!
//! - `invoice INV-2 2026-03-09 [po PO-1] [note L-1] [by C2]: BEANS12 10 case @ 24.00`
//! - `delivery 2026-03-05 BEANS12 9 case [damaged 1] [refused 1] [for SOUP6] [signed Jones]`, `shipment 2026-03-04 BEANS12 9 case`
//! - `paper BEANS12 9 case [damaged 1] [shipped 10] [signed Jones] [remark 1 case short]`
//! - `order PO-1 2026-02-20 BEANS12 10 case [@ 24.00] [requested 2026-03-05]`, `price BEANS12 23.00 case 2026-01-01 [to 2026-06-30] [by C1] [in EUR]`
//! - `agreement PA-1 off_invoice 5 percent 2026-03-01..2026-03-31 confirmed [skus BEANS12+SOUP6] [cap 50.00] [stores 12] [by P1] [in EUR] [ref D-77] [needs photographs]
//!   [named spring flyer]`
//! - `credit CM-1 50.00 2026-03-08 [on INV-1] [for shortage] [ref RMA-1] [by C2]`, `return RMA-1 BEANS12 2 case [authorised 2026-03-10] [received 2026-03-15] [credited 4.00]`
//! - `scan BEANS12 2026-03-02 120`, `sales PA-1 10000.00`: units of the week, net sales in an agreement's window
//! - `settled DN-1 50.00 2026-02-01 credited [on INV-1] [as shortage] [under PA-1] [by C2] [in EUR]`: before this system
//! - `taken shortage 50.00 [ref DN-1] [on INV-1] [under PA-1] [owed 50.00] [took BEANS12:120@INV-1] [words short 2 case]`: an earlier deduction, and the
//!   base units that it was paid for, of an invoice or (`BEANS12:100@2026-03-02+BEANS12:90@2026-03-09`) of weeks

use std::str::FromStr;

use jiff::civil::Date;
use recoup_engine::agreement::{Agreement, ScanWeek};
use recoup_engine::consumption::{Lot, Source, Taken};
use recoup_engine::facts::{DeliveryOnPaper, Facts};
use recoup_engine::history::{EarlierDeduction, History};
use recoup_engine::invoice::{CreditMemo, Invoice, InvoiceLine, SettledDeduction};
use recoup_engine::money::{Currency, Money};
use recoup_engine::party::Customer;
use recoup_engine::reference::confusable_form;
use recoup_engine::shipment::{Delivery, OrderLine, Price, ReturnAuthorisation, Shipment};
use recoup_engine::supporting::{DeliveryDocument, DeliveryLine};
use recoup_engine::units::Product;
use rust_decimal::Decimal;

/// The invoice of `billed`.
pub(super) const INVOICE: &str = "INV-1";

/// Customers of the cast: id, parent, country, currency.
const CUSTOMERS: [(&str, Option<&str>, &str, &str); 7] = [
    ("P1", None, "US", "USD"),
    ("C1", Some("P1"), "US", "USD"),
    ("C2", Some("P1"), "US", "USD"),
    ("C3", Some("P1"), "US", "USD"),
    ("FR1", None, "FR", "EUR"),
    ("NL1", None, "NL", "EUR"),
    ("DE1", None, "DE", "EUR"),
];

type Result<T> = std::result::Result<T, String>;

pub(super) fn currency_of(customer_id: &str) -> Currency {
    let code = CUSTOMERS.iter().find(|(id, ..)| *id == customer_id).map_or("USD", |(.., currency)| currency);
    code.parse().expect("a currency of the cast")
}

/// The customers and articles that every example knows. `terms` are those of the customer at hand, with days of grace after a plus: `2/10 net 30 +3`.
pub(super) fn cast(customer_id: &str, terms: &str) -> Facts {
    let (terms, grace) = terms.split_once('+').map_or((terms, None), |(terms, grace)| (terms, grace.trim().parse().ok()));
    let customers = CUSTOMERS.iter().map(|(id, parent, country, currency)| {
        let own = *id == customer_id;
        Customer {
            customer_id: (*id).to_owned(),
            name: format!("Customer {id}"),
            aliases: Vec::new(),
            parent_customer_id: parent.map(str::to_owned),
            tax_id: None,
            gln: None,
            bank_accounts: Vec::new(),
            country: Some((*country).to_owned()),
            currency: currency.parse().expect("a currency of the cast"),
            language: None,
            email: None,
            email_domains: Vec::new(),
            payment_terms: Some(terms.trim().to_owned()).filter(|terms| own && !terms.is_empty()),
            discount_grace_days: grace.filter(|_| own),
            dispute_window_days: None,
            debit_note_prefixes: Vec::new(),
            tolerance_amount: None,
        }
    });
    let mut facts = Facts::of_customers(customers);
    for (sku, case_pack, pallet_pack) in [("BEANS12", Some(12), Some(480)), ("SOUP6", Some(6), None), ("SALT1", None, None)] {
        let product = Product {
            sku: sku.to_owned(),
            description: format!("{} of the example", sku.to_lowercase()),
            gtin: None,
            customer_skus: Vec::new(),
            unit: "each".to_owned(),
            case_pack: case_pack.map(Decimal::from),
            pallet_pack: pallet_pack.map(Decimal::from),
        };
        facts.products.insert(sku.to_owned(), product);
    }
    facts
}

/// Reads `billed` as the invoice INV-1.
pub(super) fn bill(facts: &mut Facts, customer_id: &str, text: &str) -> Result<()> {
    if text.is_empty() {
        return Ok(());
    }
    invoice(facts, customer_id, &format!("{INVOICE} {text}"))
}

/// Reads one sentence and puts the record on file.
pub(super) fn put_on_file(facts: &mut Facts, earlier: &mut History, customer_id: &str, sentence: &str) -> Result<()> {
    let (kind, rest) = sentence.split_once(' ').ok_or_else(|| format!("`{sentence}` says nothing"))?;
    let words = &mut Words::of(rest, customer_id);
    match kind {
        "invoice" => return invoice(facts, customer_id, rest),
        "delivery" => facts.deliveries.entry(INVOICE.to_owned()).or_default().push(delivery(words)?),
        "paper" => facts.deliveries_on_paper.entry(confusable_form(INVOICE)).or_default().push(paper(words)?),
        "shipment" => facts.shipments.entry(INVOICE.to_owned()).or_default().push(shipment(words)?),
        "order" => {
            let line = order(words)?;
            facts.orders.entry(line.purchase_order.clone()).or_default().push(line);
        }
        "price" => {
            let price = price(words)?;
            facts.prices.entry(price.sku.clone()).or_default().push(price);
        }
        "agreement" => {
            let agreement = agreement(words)?;
            facts.agreements.entry(agreement.customer_id.clone()).or_default().push(agreement);
        }
        "credit" => {
            let memo = credit(words)?;
            facts.credit_memos.entry(memo.customer_id.clone()).or_default().push(memo);
        }
        "return" => {
            let authorised = return_authorisation(words)?;
            facts.returns.entry(authorised.customer_id.clone()).or_default().push(authorised);
        }
        "scan" => {
            let week = ScanWeek { sku: words.next()?, week_starting: words.parse()?, units: words.parse()?, store_count: None, customer_id: words.owner() };
            facts.scans.entry(week.customer_id.clone()).or_default().push(week);
        }
        "sales" => {
            facts.period_sales.insert(words.next()?, words.minor()?);
        }
        "settled" => {
            let settled = settled(words)?;
            facts.settled.entry(settled.customer_id.clone()).or_default().push(settled);
        }
        "taken" => earlier.remember(taken(words)?),
        other => return Err(format!("`{other}` is no kind of record")),
    }
    words.finish()
}

/// The words of a sentence, taken from the front; options are found anywhere by their name.
struct Words<'text> {
    words: Vec<&'text str>,
    customer_id: String,
    currency: Currency,
}

impl<'text> Words<'text> {
    /// Reads `by CUSTOMER` and `in CURRENCY`, which any record may say, at once.
    fn of(text: &'text str, customer_id: &str) -> Self {
        let mut words = Self { words: text.split_whitespace().collect(), customer_id: customer_id.to_owned(), currency: currency_of(customer_id) };
        if let Some(owner) = words.option("by") {
            words.customer_id = owner.to_owned();
        }
        if let Some(currency) = words.option("in").and_then(|code| code.parse().ok()) {
            words.currency = currency;
        }
        words
    }

    fn owner(&self) -> String {
        self.customer_id.clone()
    }

    fn next(&mut self) -> Result<String> {
        if self.words.is_empty() { Err("a word is missing at the end".to_owned()) } else { Ok(self.words.remove(0).to_owned()) }
    }

    fn parse<T: FromStr>(&mut self) -> Result<T> {
        let word = self.next()?;
        word.parse().map_err(|_| format!("`{word}` can't be read"))
    }

    fn minor(&mut self) -> Result<i64> {
        let word = self.next()?;
        Money::parse(&word, self.currency).map(|money| money.minor).map_err(|error| error.to_string())
    }

    fn option(&mut self, name: &str) -> Option<&'text str> {
        let position = self.words.iter().position(|word| *word == name)?;
        let value = self.words.get(position + 1).copied()?;
        self.words.drain(position..=position + 1);
        Some(value)
    }

    fn option_parsed<T: FromStr>(&mut self, name: &str) -> Result<Option<T>> {
        self.option(name).map(|word| word.parse().map_err(|_| format!("`{word}` after `{name}` can't be read"))).transpose()
    }

    fn option_minor(&mut self, name: &str) -> Result<Option<i64>> {
        let currency = self.currency;
        self.option(name).map(|word| Money::parse(word, currency).map(|money| money.minor).map_err(|error| error.to_string())).transpose()
    }

    /// Everything after the name.
    fn rest(&mut self, name: &str) -> Option<String> {
        let position = self.words.iter().position(|word| *word == name)?;
        let rest: Vec<&str> = self.words.drain(position..).skip(1).collect();
        Some(rest.join(" "))
    }

    fn finish(&self) -> Result<()> {
        if self.words.is_empty() { Ok(()) } else { Err(format!("`{}` is not understood", self.words.join(" "))) }
    }
}

fn invoice(facts: &mut Facts, customer_id: &str, text: &str) -> Result<()> {
    let (head, lines) = text.split_once(": ").ok_or_else(|| "a colon parts the invoice from its lines".to_owned())?;
    let words = &mut Words::of(head, customer_id);
    let (purchase_order, delivery_note) = (words.option("po").map(str::to_owned), words.option("note").map(str::to_owned));
    let (number, issue_date): (String, Date) = (words.next()?, words.parse()?);
    words.finish()?;
    let (mut total, mut stated, mut billed) = (0, None, Vec::new());
    for (position, line) in lines.split(';').map(str::trim).enumerate() {
        let words = &mut Words { words: line.split_whitespace().collect(), ..Words::of("", customer_id) };
        stated = words.option_minor("total")?.or(stated);
        if words.words.is_empty() {
            continue;
        }
        let tax_rate: Option<Decimal> = words.option_parsed("tax")?;
        let unit_price: Decimal = words.option_parsed("@")?.ok_or_else(|| format!("`{line}` has no price"))?;
        let (sku, quantity, unit): (String, Decimal, String) = (words.next()?, words.parse()?, words.next()?);
        words.finish()?;
        let net = Money::from_decimal_rounded(quantity * unit_price, words.currency).map_err(|error| error.to_string())?;
        total += net.minor + tax_rate.map_or(Ok(0), |rate| net.percent(rate).map(|tax| tax.minor)).map_err(|error| error.to_string())?;
        let (line_number, unit) = ((position + 1).to_string(), Some(unit));
        billed.push(InvoiceLine {
            invoice_number: number.clone(),
            line_number,
            sku: Some(sku),
            description: None,
            quantity,
            unit,
            unit_price,
            line_amount: net.minor,
            tax_rate,
        });
    }
    facts.invoice_lines.insert(number.clone(), billed);
    let invoice = Invoice {
        invoice_number: number.clone(),
        customer_id: words.owner(),
        issue_date,
        due_date: None,
        currency: words.currency,
        total_amount: stated.unwrap_or(total),
        tax_amount: None,
        purchase_order,
        delivery_note,
        payment_terms: None,
        paid_amount: None,
        legal_entity: None,
    };
    facts.invoices.insert(number, invoice);
    Ok(())
}

fn delivery(words: &mut Words<'_>) -> Result<Delivery> {
    Ok(Delivery {
        delivery_id: "D-1".to_owned(),
        shipment_id: None,
        invoice_number: Some(INVOICE.to_owned()),
        purchase_order: None,
        damaged_quantity: words.option_parsed("damaged")?,
        refused_quantity: words.option_parsed("refused")?,
        substituted_for_sku: words.option("for").map(str::to_owned),
        signed_by: words.option("signed").map(str::to_owned),
        pod_reference: None,
        note: None,
        delivered_on: words.parse()?,
        sku: words.next()?,
        received_quantity: words.parse()?,
        unit: Some(words.next()?),
    })
}

fn paper(words: &mut Words<'_>) -> Result<DeliveryOnPaper> {
    let remarks = words.rest("remark");
    let line = DeliveryLine { damaged: words.option_parsed("damaged")?, shipped: words.option_parsed("shipped")?, ..DeliveryLine::default() };
    let signed_by = words.option("signed").map(str::to_owned);
    let article = Some(words.next()?);
    let received = words.next()?;
    let unit = Some(words.next()?);
    let received = if received == "?" { None } else { Some(received.parse().map_err(|_| format!("`{received}` can't be read"))?) };
    let line = DeliveryLine { article, received, unit, ..line };
    let delivery = DeliveryDocument { invoice_number: Some(INVOICE.to_owned()), lines: vec![line], remarks, signed_by, ..DeliveryDocument::default() };
    Ok(DeliveryOnPaper { document: "pod.pdf".to_owned(), place: None, delivery })
}

fn shipment(words: &mut Words<'_>) -> Result<Shipment> {
    Ok(Shipment {
        shipment_id: "S-1".to_owned(),
        invoice_number: Some(INVOICE.to_owned()),
        purchase_order: None,
        shipped_on: Some(words.parse()?),
        sku: words.next()?,
        shipped_quantity: words.parse()?,
        unit: Some(words.next()?),
        carrier: None,
        bill_of_lading: None,
    })
}

fn order(words: &mut Words<'_>) -> Result<OrderLine> {
    Ok(OrderLine {
        unit_price: words.option_parsed("@")?,
        requested_delivery_date: words.option_parsed("requested")?,
        purchase_order: words.next()?,
        customer_id: words.owner(),
        order_date: words.parse()?,
        sku: words.next()?,
        quantity: words.parse()?,
        unit: Some(words.next()?),
    })
}

fn price(words: &mut Words<'_>) -> Result<Price> {
    Ok(Price {
        valid_to: words.option_parsed("to")?,
        // A price without `by` is everyone's.
        customer_id: None,
        currency: words.currency,
        sku: words.next()?,
        unit_price: words.parse()?,
        unit: Some(words.next()?),
        valid_from: words.parse()?,
    })
}

fn agreement(words: &mut Words<'_>) -> Result<Agreement> {
    let description = words.rest("named");
    let performance_required = words.rest("needs");
    let skus = words.option("skus").map_or(Vec::new(), |skus| skus.split('+').map(str::to_owned).collect());
    let (cap_amount, committed_stores, customer_reference) =
        (words.option_minor("cap")?, words.option_parsed("stores")?, words.option("ref").map(str::to_owned));
    let (agreement_id, kind, rate, rate_type, window, status) = (words.next()?, words.parse()?, words.parse()?, words.parse()?, words.next()?, words.parse()?);
    let (starts_on, ends_on) = window.split_once("..").ok_or_else(|| format!("`{window}` is no window"))?;
    let day = |text: &str| text.parse().map_err(|_| format!("`{text}` is no date"));
    Ok(Agreement {
        agreement_id,
        customer_id: words.owner(),
        kind,
        description,
        customer_reference,
        skus,
        starts_on: day(starts_on)?,
        ends_on: day(ends_on)?,
        rate_type,
        rate,
        committed_stores,
        cap_amount,
        currency: words.currency,
        status,
        performance_required,
        contact_email: None,
    })
}

fn credit(words: &mut Words<'_>) -> Result<CreditMemo> {
    Ok(CreditMemo {
        invoice_number: words.option("on").map(str::to_owned),
        reason: words.option("for").map(str::to_owned),
        reference: words.option("ref").map(str::to_owned),
        credit_memo_number: words.next()?,
        customer_id: words.owner(),
        amount: words.minor()?,
        currency: words.currency,
        issue_date: words.parse()?,
    })
}

fn return_authorisation(words: &mut Words<'_>) -> Result<ReturnAuthorisation> {
    Ok(ReturnAuthorisation {
        authorised_on: words.option_parsed("authorised")?,
        received_on: words.option_parsed("received")?,
        credit_amount: words.option_minor("credited")?,
        return_id: words.next()?,
        customer_id: words.owner(),
        invoice_number: Some(INVOICE.to_owned()),
        sku: words.next()?,
        quantity: words.parse()?,
        unit: Some(words.next()?),
    })
}

fn settled(words: &mut Words<'_>) -> Result<SettledDeduction> {
    Ok(SettledDeduction {
        invoice_number: words.option("on").map(str::to_owned),
        category: words.option_parsed("as")?,
        agreement_id: words.option("under").map(str::to_owned),
        customer_id: words.owner(),
        reference: Some(words.next()?).filter(|reference| reference != "-"),
        amount: words.minor()?,
        currency: words.currency,
        settled_on: words.parse()?,
        outcome: Some(words.next()?),
        note: None,
    })
}

fn taken(words: &mut Words<'_>) -> Result<EarlierDeduction> {
    let text = words.rest("words").unwrap_or_default();
    let reference = words.option("ref").map(str::to_owned);
    let (invoice_number, agreement_id) = (words.option("on").map(str::to_owned), words.option("under").map(str::to_owned));
    let valid_amount = words.option_minor("owed")?.unwrap_or(0);
    let took = words.option("took").map_or(Ok(Vec::new()), |lots| lots.split('+').map(lot_taken).collect())?;
    Ok(EarlierDeduction {
        deduction_id: "X-earlier".to_owned(),
        position: (0, 0, 0),
        customer_id: words.owner(),
        reference,
        invoice_number,
        agreement_id,
        category: words.parse()?,
        amount: words.minor()?,
        valid_amount,
        took,
        text,
    })
}

/// `BEANS12:120@INV-1` or `BEANS12:100@2026-03-02`: base units of an article, of an invoice or of a week.
fn lot_taken(text: &str) -> Result<Taken> {
    let parts = text.split_once(':').and_then(|(sku, rest)| Some((sku, rest.split_once('@')?)));
    let (sku, (units, source)) = parts.ok_or_else(|| format!("`{text}` is no lot like BEANS12:120@INV-1"))?;
    let source = source.parse().map_or_else(|_| Source::Invoice(source.to_owned()), Source::Week);
    let units = units.parse().map_err(|_| format!("`{units}` is not a number"))?;
    Ok(Taken { lot: Lot { sku: sku.to_owned(), source }, units })
}
