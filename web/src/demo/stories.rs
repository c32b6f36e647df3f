//! What is told: invoices that were delivered, and what the customer holds back of them, each with the records that speak for or against it.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;

use super::chance::Chance;
use super::papers::{self, Receipt};
use super::world::{ARTICLES, CODES, COMPANY, CUSTOMERS, Customer, SIGNATURES};

/// A remittance advice.
#[derive(Debug)]
pub struct Remittance {
    pub number: String,
    pub paid_on: Date,
    pub lines: Vec<Line>,
}

/// A line of a remittance; amounts in minor units.
#[derive(Debug)]
pub struct Line {
    pub invoice: String,
    pub gross: i64,
    pub discount: i64,
    pub deducted: i64,
    pub code: &'static str,
    pub words: String,
}

/// A remittance and the papers that came with it.
pub struct Told {
    pub remittance: Remittance,
    pub papers: Vec<(String, Vec<u8>)>,
}

/// An invoice line: article, cases, minor units a case.
#[derive(Clone, Copy, Debug)]
struct Billed {
    article: &'static (&'static str, &'static str, i64, i64),
    cases: i64,
    price: i64,
}

impl Billed {
    fn amount(self) -> i64 {
        self.cases * self.price
    }
}

/// An invoice while its story is told.
struct Invoice {
    number: String,
    order: String,
    issued: Date,
    delivered: Date,
    lines: Vec<Billed>,
}

/// How a delivery went on record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Proof {
    /// In the records, as it was billed less what was short or damaged.
    OnRecord { short: i64, damaged: i64 },
    /// On a paper only; written in by hand, which only a person reads.
    OnPaper { short: i64, by_hand: bool },
    /// Nowhere.
    Missing,
}

/// The rows that the stories need, by reference file.
pub struct Stories {
    monday: Date,
    next: i64,
    files: BTreeMap<&'static str, Vec<Vec<String>>>,
}

const HEADERS: [(&str, &str); 13] = [
    ("company.csv", "legal_entity,name,country,currency,bank_accounts"),
    ("customers.csv", "customer_id,name,country,currency,language,email,payment_terms,discount_grace_days,dispute_window_days,tolerance_amount"),
    ("products.csv", "sku,description,unit,case_pack"),
    ("reason_codes.csv", "customer_id,code,description,category"),
    ("price_list.csv", "customer_id,sku,unit,unit_price,currency,valid_from,valid_to"),
    ("invoices.csv", "invoice_number,customer_id,issue_date,due_date,currency,total_amount,purchase_order,delivery_note,legal_entity"),
    ("invoice_lines.csv", "invoice_number,line_number,sku,description,quantity,unit,unit_price,line_amount,tax_rate"),
    ("orders.csv", "purchase_order,customer_id,order_date,requested_delivery_date,sku,quantity,unit,unit_price"),
    ("shipments.csv", "shipment_id,invoice_number,purchase_order,sku,shipped_quantity,unit,shipped_on,carrier,bill_of_lading"),
    ("deliveries.csv", "delivery_id,invoice_number,sku,received_quantity,damaged_quantity,unit,delivered_on,pod_reference,signed_by"),
    (
        "agreements.csv",
        "agreement_id,customer_id,kind,description,customer_reference,skus,starts_on,ends_on,rate_type,rate,cap_amount,currency,status,contact_email",
    ),
    ("returns.csv", "return_id,customer_id,invoice_number,sku,quantity,unit,authorised_on,received_on"),
    ("dispute_windows.csv", "customer_id,category,days,counted_from,source,verified_on"),
];

impl Stories {
    /// The company as it stands when the last week begins.
    pub fn new(monday: Date) -> Self {
        let mut stories = Self { monday, next: 0, files: HEADERS.iter().map(|(file, _)| (*file, Vec::new())).collect() };
        for (entity, name, country, currency, account) in COMPANY {
            stories.row("company.csv", &[entity, name, country, currency, account]);
        }
        let verified = stories.ago(120);
        stories.row("dispute_windows.csv", &["", "", "60", "payment_date", "our general terms of sale, section 9", &verified]);
        for (sku, description, pack, _) in ARTICLES {
            stories.row("products.csv", &[sku, description, "each", &pack.to_string()]);
        }
        for customer in &CUSTOMERS {
            stories.customer(customer);
        }
        stories
    }

    fn customer(&mut self, customer: &Customer) {
        let language = match customer.country {
            "NL" => "nl",
            "DE" => "de",
            "FR" => "fr",
            _ => "en",
        };
        let mail = format!("payables@{}.example", customer.id.to_lowercase());
        let days = customer.dispute_days.to_string();
        self.row("customers.csv", &[customer.id, customer.name, customer.country, customer.currency, language, &mail, customer.terms, "2", &days, "1.00"]);
        for (code, description, category) in CODES {
            self.row("reason_codes.csv", &[customer.id, code, description, category]);
        }
        let from = self.ago(365);
        for (sku, _, _, price) in ARTICLES {
            self.row("price_list.csv", &[customer.id, sku, "case", &decimal(price), customer.currency, &from, ""]);
        }
        let (start, end, id) = (self.ago(330), self.ahead(30), customer.id);
        let agreement = |number: &str| format!("AG-{id}-{number}");
        let rows = [
            (agreement("1"), "bill_back", "Autumn bill-back", "PR-1", "B1010|B1070", "per_case", "1.50", "", "confirmed"),
            (agreement("2"), "coop_advertising", "Leaflet feature", "AD-2", "", "amount", "450", "", "confirmed"),
            (agreement("3"), "compliance_program", "Missing ship notice, per shipment", "VC-3", "", "amount", "150", "", "confirmed"),
            (agreement("4"), "bill_back", "Basket weeks", "PR-4", "", "per_case", "1.20", "800", "proposed"),
            (agreement("5"), "volume_rebate", "Rebate on what is bought in the year", "VR-5", "", "percent", "0.75", "", "confirmed"),
        ];
        for (agreement, kind, description, reference, skus, rate_type, rate, cap, status) in rows {
            let (reference, currency) = (format!("{reference}-{id}"), customer.currency);
            self.row(
                "agreements.csv",
                &[&agreement, id, kind, description, &reference, skus, &start, &end, rate_type, rate, cap, currency, status, "sales@brightmeadow.example"],
            );
        }
    }

    /// One payment: some invoices, most of them paid in full, some short for a reason.
    pub fn remittance(&mut self, customer: &'static Customer, paid_on: Date, chance: &mut Chance) -> Told {
        let mut lines = Vec::new();
        let mut papers = Vec::new();
        let short = customer.appetite - 1 + chance.below(3);
        for position in 0..short + 3 + chance.below(4) {
            let invoice = self.invoice(customer, paid_on, chance);
            let (line, proof) =
                if position < short { self.held_back(customer, &invoice, chance) } else { (paid(&invoice, customer, paid_on, chance), whole()) };
            papers.extend(self.deliver(customer, &invoice, proof, chance));
            lines.push(line);
        }
        Told { remittance: Remittance { number: format!("{}-{}", customer.id, paid_on.strftime("%y%m%d")), paid_on, lines }, papers }
    }

    /// An invoice that was delivered whole and that nobody has paid: its number and what is open on it, in minor units.
    pub fn unpaid(&mut self, customer: &'static Customer, day: Date, chance: &mut Chance) -> (String, i64) {
        let invoice = self.invoice(customer, day, chance);
        self.deliver(customer, &invoice, whole(), chance);
        let total = invoice.lines.iter().map(|line| line.amount()).sum();
        (invoice.number, total)
    }

    fn invoice(&mut self, customer: &'static Customer, paid_on: Date, chance: &mut Chance) -> Invoice {
        self.next += 1;
        let number = format!("BM{}", 240_100 + self.next);
        // Half pay early for the discount, the others when it is due.
        let issued = paid_on.saturating_sub((if chance.percent(50) { 8 + chance.below(4) } else { 30 + chance.below(9) }).days());
        let first = chance.below(12);
        let lines = (0..2 + chance.below(2)).map(|line| {
            let article = &ARTICLES[usize::try_from((first + line * 5) % 12).unwrap_or_default()];
            Billed { article, cases: 12 + chance.below(40), price: article.3 }
        });
        let invoice =
            Invoice { order: format!("PO{}", 710_000 + self.next), issued, delivered: issued.saturating_add(2.days()), lines: lines.collect(), number };
        let total: i64 = invoice.lines.iter().map(|line| line.amount()).sum();
        let note = format!("DN{}", 50_000 + self.next);
        let (issued, due, order) = (invoice.issued.to_string(), invoice.issued.saturating_add(net_days(customer).days()).to_string(), invoice.order.clone());
        self.row("invoices.csv", &[&invoice.number, customer.id, &issued, &due, customer.currency, &decimal(total), &order, &note, customer.entity]);
        let ordered = invoice.issued.saturating_sub(6.days()).to_string();
        // What leaves for one customer on one day travels together.
        let truck = format!("BL-{}-{}", customer.id, invoice.issued.strftime("%y%m%d"));
        let wanted = invoice.delivered.to_string();
        for (number, line) in (1..).zip(&invoice.lines) {
            let (sku, description, ..) = *line.article;
            let (cases, price) = (line.cases.to_string(), decimal(line.price));
            let row = [&invoice.number, &i64::to_string(&number), sku, description, &cases, "case", &price, &decimal(line.amount()), "0"];
            self.row("invoice_lines.csv", &row);
            self.row("orders.csv", &[&order, customer.id, &ordered, &wanted, sku, &cases, "case", &price]);
            let shipment = format!("S{}", 30_000 + self.next);
            self.row("shipments.csv", &[&shipment, &invoice.number, &order, sku, &cases, "case", &issued, "Fosse Way Haulage", &truck]);
        }
        invoice
    }

    /// Writes down how the delivery went; a paper when only that tells.
    fn deliver(&mut self, customer: &Customer, invoice: &Invoice, proof: Proof, chance: &mut Chance) -> Option<(String, Vec<u8>)> {
        let signed_by = *chance.one_of(&SIGNATURES);
        let pod = format!("POD{}", invoice.number.trim_start_matches("BM"));
        match proof {
            Proof::Missing => None,
            Proof::OnPaper { short, by_hand } => {
                let lines = invoice
                    .lines
                    .iter()
                    .enumerate()
                    .map(|(at, line)| (line.article.0, line.article.1, line.cases, line.cases - if at == 0 { short } else { 0 }));
                let receipt =
                    Receipt { pod: &pod, invoice: &invoice.number, order: &invoice.order, on: invoice.delivered, signed_by, by_hand, lines: lines.collect() };
                Some(papers::proof_of_delivery(customer, &receipt))
            }
            Proof::OnRecord { short, damaged } => {
                for (at, line) in invoice.lines.iter().enumerate() {
                    let (short, damaged) = if at == 0 { (short, damaged) } else { (0, 0) };
                    let (received, damaged, day) = ((line.cases - short).to_string(), damaged.to_string(), invoice.delivered.to_string());
                    let delivery = format!("D{}", invoice.number.trim_start_matches("BM"));
                    self.row("deliveries.csv", &[&delivery, &invoice.number, line.article.0, &received, &damaged, "case", &day, &pod, signed_by]);
                }
                None
            }
        }
    }

    /// A reason to pay less, and what our records say of it.
    fn held_back(&mut self, customer: &'static Customer, invoice: &Invoice, chance: &mut Chance) -> (Line, Proof) {
        let first = invoice.lines[0];
        let (sku, pack) = (first.article.0, first.article.2);
        let cases = 1 + chance.below(5);
        let (start, end) = (invoice.issued, invoice.delivered);
        let goods = |code, words: String| (cases * first.price, code, words);
        let ((deducted, code, words), proof) = match chance.below(16) {
            0 | 1 => (goods("22", format!("Shortage {cases} cs item {sku}")), whole()),
            2 => (goods("22", format!("Carton shortage {cases} cs item {sku}")), Proof::OnRecord { short: cases, damaged: 0 }),
            3 => (goods("22", format!("Short {} ea item {sku}", cases * pack)), Proof::OnPaper { short: 0, by_hand: false }),
            4 => (goods("22", format!("Short {cases} cs item {sku}")), Proof::OnPaper { short: cases / 2, by_hand: chance.percent(60) }),
            5 => (goods("22", format!("Not received {cases} cs item {sku}")), Proof::Missing),
            6 => (goods("28", format!("Damaged {cases} cs item {sku}")), Proof::OnRecord { short: 0, damaged: cases }),
            7 => (goods("28", format!("Crushed {cases} cs item {sku}")), whole()),
            8 => {
                let less = 40 + chance.below(8) * 20;
                if chance.percent(50) {
                    // We had agreed to it and billed the old price.
                    let day = invoice.issued.to_string();
                    self.row("price_list.csv", &[customer.id, sku, "case", &decimal(first.price - less), customer.currency, &day, &day]);
                }
                ((first.cases * less, "40", format!("PPV {} cs item {sku} cost {}", first.cases, decimal(first.price - less))), whole())
            }
            9 | 10 => {
                let rate = if chance.percent(70) { 150 } else { 200 };
                match invoice.lines.iter().find(|line| ["B1010", "B1070"].contains(&line.article.0)) {
                    Some(line) => {
                        let words = format!("Bill-back promotion {} cs item {} ref PR-1-{}", line.cases, line.article.0, customer.id);
                        ((line.cases * rate, "10", words), whole())
                    }
                    None if chance.percent(25) => ((45_000, "55", format!("Leaflet advertising ref AD-2-{}", customer.id)), whole()),
                    None => (goods("22", format!("Shortage {cases} cs item {sku}")), Proof::OnPaper { short: cases, by_hand: false }),
                }
            }
            11 => {
                let bought = first.cases;
                ((bought * 120, "10", format!("Basket weeks promotion {bought} cs item {sku} ref PR-4-{} {start} - {end}", customer.id)), whole())
            }
            12 => (((150 + 25 * chance.below(4)) * 100, "70", format!("ASN missing shipment PO {}", invoice.order)), whole()),
            13 => ((4_500, "75", format!("Late delivery order {}", invoice.order)), whole()),
            14 => {
                let authorised = chance.percent(60);
                let number = format!("RA-{}", invoice.number.trim_start_matches("BM"));
                let on = if authorised { invoice.delivered.to_string() } else { String::new() };
                self.row("returns.csv", &[&number, customer.id, &invoice.number, sku, &cases.to_string(), "case", &on, &invoice.delivered.to_string()]);
                (goods("60", format!("Return {number} {cases} cs item {sku}")), whole())
            }
            _ => ((1_200 + 350 * chance.below(12), "", "ADJ PER BUYER".to_owned()), whole()),
        };
        let gross: i64 = invoice.lines.iter().map(|line| line.amount()).sum();
        (Line { invoice: invoice.number.clone(), gross, discount: 0, deducted: deducted.min(gross), code, words }, proof)
    }

    /// The money of a remittance at the bank: who paid, from which day, how much.
    pub fn money(customer: &Customer, remittance: &Remittance) -> Vec<String> {
        let paid = decimal(papers::total(remittance));
        [&remittance.number, &remittance.paid_on.to_string(), customer.name, &paid, customer.currency, &remittance.number]
            .map(|cell| format!("{cell}"))
            .to_vec()
    }

    fn row(&mut self, file: &'static str, cells: &[&str]) {
        let row: Vec<String> = cells.iter().map(|cell| (*cell).to_owned()).collect();
        let rows = self.files.entry(file).or_default();
        if !rows.contains(&row) {
            rows.push(row);
        }
    }

    fn ago(&self, days: i64) -> String {
        self.monday.saturating_sub(days.days()).to_string()
    }

    fn ahead(&self, days: i64) -> String {
        self.monday.saturating_add(days.days()).to_string()
    }

    /// The reference files with their headers.
    pub fn reference(self) -> BTreeMap<&'static str, String> {
        let written = HEADERS.iter().map(|(file, header)| {
            let mut text = format!("{header}\n");
            for row in &self.files[file] {
                text.push_str(&papers::separated(row));
            }
            (*file, text)
        });
        written.collect()
    }
}

fn whole() -> Proof {
    Proof::OnRecord { short: 0, damaged: 0 }
}

/// The days of `2/10 net 30` until all of it is due.
fn net_days(customer: &Customer) -> i64 {
    customer.terms.rsplit(' ').next().and_then(|days| days.parse().ok()).unwrap_or(30)
}

/// A line without a deduction, with the discount of the terms or one that is taken too late.
fn paid(invoice: &Invoice, customer: &Customer, paid_on: Date, chance: &mut Chance) -> Line {
    let gross: i64 = invoice.lines.iter().map(|line| line.amount()).sum();
    let rate = customer.terms.split('/').next().and_then(|rate| rate.parse::<i64>().ok()).unwrap_or(0);
    let days = invoice.issued.until(paid_on).map_or(0, |span| i64::from(span.get_days()));
    let takes = rate > 0 && (days <= 12 || chance.percent(12));
    let discount = if takes { (gross * rate + 50) / 100 } else { 0 };
    Line { invoice: invoice.number.clone(), gross, discount, deducted: 0, code: "", words: String::new() }
}

/// `1234` as `12.34`.
pub fn decimal(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}
