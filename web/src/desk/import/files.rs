//! The reference files of the contract: their columns, keys and what they refer to, in the order in which they can be imported.

use recoup_engine::agreement::{AgreementKind, AgreementStatus, RateType};
use recoup_engine::reading::Language;
use recoup_engine::taxonomy::Category;

/// How a cell is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Date,
    /// Kept in minor units of the row's currency.
    Money,
    /// A rate, a price or a quantity: kept exactly as a decimal.
    Decimal,
    Count,
    Currency,
    /// One word of a fixed list.
    Word(&'static [&'static str]),
}

impl Kind {
    /// Whether the database keeps it as a whole number.
    pub fn is_integer(self) -> bool {
        matches!(self, Self::Money | Self::Count)
    }
}

/// One column of a file.
#[derive(Debug)]
pub struct Column {
    pub name: &'static str,
    pub kind: Kind,
    pub required: bool,
    /// Table and column where the value must stand.
    pub refers_to: Option<(&'static str, &'static str)>,
}

/// Where the currency of a row's amounts is written.
#[derive(Clone, Copy, Debug)]
pub enum CurrencySource {
    /// The file has no amounts.
    Nowhere,
    /// In its own column `currency`.
    Own,
    /// In the row of `table` whose `key` is the value of `column`.
    Of { column: &'static str, table: &'static str, key: &'static str },
}

/// One file of the contract.
#[derive(Debug)]
pub struct FileSpec {
    /// Name without `.csv`.
    pub file: &'static str,
    pub table: &'static str,
    /// The columns that identify a row.
    pub key: &'static [&'static str],
    pub currency: CurrencySource,
    pub columns: &'static [Column],
}

const fn optional(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, required: false, refers_to: None }
}

const fn required(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, required: true, refers_to: None }
}

const fn of(column: Column, table: &'static str, key: &'static str) -> Column {
    Column { refers_to: Some((table, key)), ..column }
}

pub const FILES: &[FileSpec] = &[
    FileSpec {
        file: "company",
        table: "company",
        key: &["legal_entity"],
        currency: CurrencySource::Nowhere,
        columns: &[
            required("legal_entity", Kind::Text),
            required("name", Kind::Text),
            optional("aliases", Kind::Text),
            optional("country", Kind::Text),
            optional("currency", Kind::Currency),
            optional("tax_id", Kind::Text),
            optional("gln", Kind::Text),
            optional("bank_accounts", Kind::Text),
        ],
    },
    FileSpec {
        file: "customers",
        table: "customers",
        key: &["customer_id"],
        currency: CurrencySource::Nowhere,
        columns: &[
            required("customer_id", Kind::Text),
            required("name", Kind::Text),
            optional("aliases", Kind::Text),
            of(optional("parent_customer_id", Kind::Text), "customers", "customer_id"),
            optional("tax_id", Kind::Text),
            optional("gln", Kind::Text),
            optional("bank_accounts", Kind::Text),
            optional("country", Kind::Text),
            required("currency", Kind::Currency),
            optional("language", Kind::Word(Language::WORDS)),
            optional("email", Kind::Text),
            optional("email_domains", Kind::Text),
            optional("payment_terms", Kind::Text),
            optional("discount_grace_days", Kind::Count),
            optional("dispute_window_days", Kind::Count),
            optional("debit_note_prefixes", Kind::Text),
            optional("tolerance_amount", Kind::Decimal),
        ],
    },
    FileSpec {
        file: "products",
        table: "products",
        key: &["sku"],
        currency: CurrencySource::Nowhere,
        columns: &[
            required("sku", Kind::Text),
            required("description", Kind::Text),
            optional("gtin", Kind::Text),
            optional("customer_skus", Kind::Text),
            required("unit", Kind::Text),
            optional("case_pack", Kind::Decimal),
            optional("pallet_pack", Kind::Decimal),
        ],
    },
    FileSpec {
        file: "reason_codes",
        table: "reason_codes",
        key: &["customer_id", "code"],
        currency: CurrencySource::Nowhere,
        columns: &[
            of(optional("customer_id", Kind::Text), "customers", "customer_id"),
            required("code", Kind::Text),
            optional("description", Kind::Text),
            required("category", Kind::Word(Category::WORDS)),
        ],
    },
    FileSpec {
        file: "invoices",
        table: "invoices",
        key: &["invoice_number"],
        currency: CurrencySource::Own,
        columns: &[
            required("invoice_number", Kind::Text),
            of(required("customer_id", Kind::Text), "customers", "customer_id"),
            required("issue_date", Kind::Date),
            optional("due_date", Kind::Date),
            required("currency", Kind::Currency),
            required("total_amount", Kind::Money),
            optional("tax_amount", Kind::Money),
            optional("purchase_order", Kind::Text),
            optional("delivery_note", Kind::Text),
            optional("payment_terms", Kind::Text),
            optional("paid_amount", Kind::Money),
            optional("legal_entity", Kind::Text),
        ],
    },
    FileSpec {
        file: "invoice_lines",
        table: "invoice_lines",
        key: &["invoice_number", "line_number"],
        currency: CurrencySource::Of { column: "invoice_number", table: "invoices", key: "invoice_number" },
        columns: &[
            of(required("invoice_number", Kind::Text), "invoices", "invoice_number"),
            required("line_number", Kind::Text),
            optional("sku", Kind::Text),
            optional("description", Kind::Text),
            required("quantity", Kind::Decimal),
            optional("unit", Kind::Text),
            required("unit_price", Kind::Decimal),
            required("line_amount", Kind::Money),
            optional("tax_rate", Kind::Decimal),
        ],
    },
    FileSpec {
        file: "agreements",
        table: "agreements",
        key: &["agreement_id"],
        currency: CurrencySource::Own,
        columns: &[
            required("agreement_id", Kind::Text),
            of(required("customer_id", Kind::Text), "customers", "customer_id"),
            required("kind", Kind::Word(AgreementKind::WORDS)),
            optional("description", Kind::Text),
            optional("customer_reference", Kind::Text),
            optional("skus", Kind::Text),
            required("starts_on", Kind::Date),
            required("ends_on", Kind::Date),
            required("rate_type", Kind::Word(RateType::WORDS)),
            required("rate", Kind::Decimal),
            optional("committed_stores", Kind::Count),
            optional("cap_amount", Kind::Money),
            required("currency", Kind::Currency),
            required("status", Kind::Word(AgreementStatus::WORDS)),
            optional("performance_required", Kind::Text),
            optional("contact_email", Kind::Text),
        ],
    },
    FileSpec {
        file: "scan_data",
        table: "scan_data",
        key: &["customer_id", "sku", "week_starting"],
        currency: CurrencySource::Nowhere,
        columns: &[
            of(required("customer_id", Kind::Text), "customers", "customer_id"),
            of(required("sku", Kind::Text), "products", "sku"),
            required("week_starting", Kind::Date),
            required("units", Kind::Decimal),
            optional("store_count", Kind::Count),
        ],
    },
    FileSpec {
        file: "price_list",
        table: "price_list",
        key: &["customer_id", "sku", "unit", "currency", "valid_from"],
        currency: CurrencySource::Nowhere,
        columns: &[
            of(optional("customer_id", Kind::Text), "customers", "customer_id"),
            of(required("sku", Kind::Text), "products", "sku"),
            optional("unit", Kind::Text),
            required("unit_price", Kind::Decimal),
            required("currency", Kind::Currency),
            required("valid_from", Kind::Date),
            optional("valid_to", Kind::Date),
        ],
    },
    FileSpec {
        file: "orders",
        table: "orders",
        key: &["purchase_order", "sku"],
        currency: CurrencySource::Nowhere,
        columns: &[
            required("purchase_order", Kind::Text),
            of(required("customer_id", Kind::Text), "customers", "customer_id"),
            required("order_date", Kind::Date),
            optional("requested_delivery_date", Kind::Date),
            of(required("sku", Kind::Text), "products", "sku"),
            required("quantity", Kind::Decimal),
            optional("unit", Kind::Text),
            optional("unit_price", Kind::Decimal),
        ],
    },
    FileSpec {
        file: "shipments",
        table: "shipments",
        key: &["shipment_id", "sku"],
        currency: CurrencySource::Nowhere,
        columns: &[
            required("shipment_id", Kind::Text),
            of(optional("invoice_number", Kind::Text), "invoices", "invoice_number"),
            optional("purchase_order", Kind::Text),
            of(required("sku", Kind::Text), "products", "sku"),
            required("shipped_quantity", Kind::Decimal),
            optional("unit", Kind::Text),
            optional("shipped_on", Kind::Date),
            optional("carrier", Kind::Text),
            optional("bill_of_lading", Kind::Text),
        ],
    },
    FileSpec {
        file: "deliveries",
        table: "deliveries",
        key: &["delivery_id", "sku"],
        currency: CurrencySource::Nowhere,
        columns: &[
            required("delivery_id", Kind::Text),
            optional("shipment_id", Kind::Text),
            of(optional("invoice_number", Kind::Text), "invoices", "invoice_number"),
            optional("purchase_order", Kind::Text),
            of(required("sku", Kind::Text), "products", "sku"),
            required("received_quantity", Kind::Decimal),
            optional("damaged_quantity", Kind::Decimal),
            optional("refused_quantity", Kind::Decimal),
            of(optional("substituted_for_sku", Kind::Text), "products", "sku"),
            optional("unit", Kind::Text),
            required("delivered_on", Kind::Date),
            optional("pod_reference", Kind::Text),
            optional("signed_by", Kind::Text),
            optional("note", Kind::Text),
        ],
    },
    FileSpec {
        file: "returns",
        table: "returns",
        key: &["return_id", "sku"],
        currency: CurrencySource::Of { column: "customer_id", table: "customers", key: "customer_id" },
        columns: &[
            required("return_id", Kind::Text),
            of(required("customer_id", Kind::Text), "customers", "customer_id"),
            of(optional("invoice_number", Kind::Text), "invoices", "invoice_number"),
            of(required("sku", Kind::Text), "products", "sku"),
            required("quantity", Kind::Decimal),
            optional("unit", Kind::Text),
            optional("authorised_on", Kind::Date),
            optional("received_on", Kind::Date),
            optional("credit_amount", Kind::Money),
        ],
    },
    FileSpec {
        file: "credit_memos",
        table: "credit_memos",
        key: &["credit_memo_number"],
        currency: CurrencySource::Own,
        columns: &[
            required("credit_memo_number", Kind::Text),
            of(required("customer_id", Kind::Text), "customers", "customer_id"),
            optional("invoice_number", Kind::Text),
            required("issue_date", Kind::Date),
            required("amount", Kind::Money),
            required("currency", Kind::Currency),
            optional("reason", Kind::Text),
            optional("reference", Kind::Text),
        ],
    },
    FileSpec {
        file: "settled_deductions",
        table: "settled_deductions",
        key: &["customer_id", "reference", "invoice_number", "agreement_id", "category", "settled_on", "amount"],
        currency: CurrencySource::Own,
        columns: &[
            of(required("customer_id", Kind::Text), "customers", "customer_id"),
            optional("reference", Kind::Text),
            optional("invoice_number", Kind::Text),
            optional("agreement_id", Kind::Text),
            optional("category", Kind::Word(Category::WORDS)),
            required("amount", Kind::Money),
            required("currency", Kind::Currency),
            required("settled_on", Kind::Date),
            optional("outcome", Kind::Word(&["credited", "written_off", "recovered"])),
            optional("note", Kind::Text),
        ],
    },
    FileSpec {
        file: "dispute_windows",
        table: "dispute_windows",
        key: &["customer_id", "category"],
        currency: CurrencySource::Nowhere,
        columns: &[
            of(optional("customer_id", Kind::Text), "customers", "customer_id"),
            optional("category", Kind::Word(Category::WORDS)),
            required("days", Kind::Count),
            optional("counted_from", Kind::Word(&["payment_date", "invoice_date", "delivery_date"])),
            optional("attempts", Kind::Count),
            optional("source", Kind::Text),
            optional("verified_on", Kind::Date),
        ],
    },
    FileSpec {
        file: "payments",
        table: "bank_payments",
        key: &["payment_id"],
        currency: CurrencySource::Own,
        columns: &[
            required("payment_id", Kind::Text),
            required("received_on", Kind::Date),
            required("payer_name", Kind::Text),
            optional("payer_account", Kind::Text),
            of(optional("customer_id", Kind::Text), "customers", "customer_id"),
            required("amount", Kind::Money),
            required("currency", Kind::Currency),
            optional("reference", Kind::Text),
        ],
    },
];
