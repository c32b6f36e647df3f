//! What a reader makes of a document: its kind, its values with their places, its doubts.
//!
//! Reading never fails: whatever can't be understood becomes a [`Doubt`], and the bytes stay where they are.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::money::Currency;
use crate::remittance::{BankStatement, RemittanceAdvice};
use crate::supporting::{DebitNote, DeliveryDocument, SupportingDocument};

/// Declares a vocabulary of the contract: an enum whose words are final.
#[macro_export]
macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$word_doc])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// Every word, in the order of the contract.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The words of [`Self::ALL`].
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// The word that stands in files, in the database and on screens.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(self.word())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::reading::UnknownWord;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($crate::reading::UnknownWord { word: word.to_owned(), expected: &[$($word),+] }),
                }
            }
        }
    };
}

/// A word that its vocabulary doesn't hold.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{word}` is none of {}", .expected.join(", "))]
pub struct UnknownWord {
    pub word: String,
    pub expected: &'static [&'static str],
}

vocabulary! {
    /// What a document is.
    DocumentKind {
        RemittanceAdvice = "remittance_advice",
        DebitNote = "debit_note",
        ProofOfDelivery = "proof_of_delivery",
        BillOfLading = "bill_of_lading",
        PromotionAgreement = "promotion_agreement",
        Invoice = "invoice",
        CreditMemo = "credit_memo",
        BankStatement = "bank_statement",
        StatementOfAccount = "statement_of_account",
        Order = "order",
        DespatchAdvice = "despatch_advice",
        ReceivingAdvice = "receiving_advice",
        DisputeNotice = "dispute_notice",
        Correspondence = "correspondence",
        Other = "other",
    }
}

vocabulary! {
    /// How a document's bytes are written.
    DocumentFormat {
        Csv = "csv", Text = "text", Xlsx = "xlsx", Xls = "xls", Ods = "ods", Html = "html", Pdf = "pdf", Png = "png", Jpeg = "jpeg", Tiff = "tiff",
        Eml = "eml", Msg = "msg", Zip = "zip", X12820 = "x12_820", X12812 = "x12_812", X12810 = "x12_810", X12856 = "x12_856", X12861 = "x12_861",
        EdifactRemadv = "edifact_remadv", EdifactInvoic = "edifact_invoic", EdifactComdis = "edifact_comdis", EdifactDesadv = "edifact_desadv",
        EdifactRecadv = "edifact_recadv", Camt053 = "camt_053", Camt054 = "camt_054", Remt001 = "remt_001", Pain001 = "pain_001", Mt940 = "mt940",
        Bai2 = "bai2", Cfonb120 = "cfonb120", Ubl = "ubl", Cii = "cii", Facturx = "facturx", Unknown = "unknown",
    }
}

vocabulary! {
    /// Where the words of a document come from.
    TextSource { TextLayer = "text_layer", Ocr = "ocr", Structured = "structured" }
}

vocabulary! {
    /// The four languages that documents are read in.
    Language { English = "en", French = "fr", Dutch = "nl", German = "de" }
}

/// A rectangle on a page in hundredths of a percent of its width and height: 0 is the left or top edge, 10,000 the right or bottom one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Area {
    pub left: u16,
    pub top: u16,
    pub right: u16,
    pub bottom: u16,
}

impl Area {
    /// Clips to the page and orders the edges, so that an area always lies inside its page.
    pub fn new(left: i64, top: i64, right: i64, bottom: i64) -> Self {
        let clip = |value: i64| u16::try_from(value.clamp(0, 10_000)).unwrap_or(10_000);
        Self { left: clip(left.min(right)), top: clip(top.min(bottom)), right: clip(left.max(right)), bottom: clip(top.max(bottom)) }
    }

    /// The smallest area that holds both.
    pub fn union(self, other: Self) -> Self {
        Self { left: self.left.min(other.left), top: self.top.min(other.top), right: self.right.max(other.right), bottom: self.bottom.max(other.bottom) }
    }

    /// The contract's form: `[left, top, right, bottom]` in percent with two decimals.
    pub fn percents(self) -> [Decimal; 4] {
        [self.left, self.top, self.right, self.bottom].map(|value| Decimal::new(i64::from(value), 2))
    }
}

/// Where a value stands: page from 1 and, when the format has pages that can be shown, the area on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Place {
    pub page: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<Area>,
}

/// A probability in thousandths, 0 to 1,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Confidence(u16);

impl Confidence {
    pub const CERTAIN: Self = Self(1000);

    pub const fn from_thousandths(value: u16) -> Self {
        Self(if value > 1000 { 1000 } else { value })
    }

    pub const fn thousandths(self) -> u16 {
        self.0
    }

    /// Both hold: the product.
    pub fn and(self, other: Self) -> Self {
        Self(u16::try_from(u32::from(self.0) * u32::from(other.0) / 1000).unwrap_or(1000))
    }
}

impl std::fmt::Display for Confidence {
    /// `0.940`
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}.{:03}", self.0 / 1000, self.0 % 1000)
    }
}

/// One value read from a document, with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// The field's name in the contract's words: `reference`, `payment_date`, `total_amount`, `invoice_number`, …
    pub name: String,
    /// The value in the contract's notation (ISO dates, point decimals) or the literal words.
    pub value: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    pub confidence: Confidence,
}

/// Something a reader isn't sure of, in words a person can act on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubt {
    /// Stable code: `unbalanced`, `low_quality`, `password_needed`, `ambiguous_amount`, …
    pub code: String,
    /// One plain sentence that names what and where.
    pub says: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// A blocking doubt sends the document to a person before anything is posted from it.
    pub blocking: bool,
}

impl Doubt {
    pub fn blocking(code: &str, says: impl Into<String>) -> Self {
        Self { code: code.to_owned(), says: says.into(), place: None, blocking: true }
    }

    pub fn note(code: &str, says: impl Into<String>) -> Self {
        Self { code: code.to_owned(), says: says.into(), place: None, blocking: false }
    }

    pub fn at(self, place: Place) -> Self {
        Self { place: Some(place), ..self }
    }
}

/// What the document says, in the nouns of the trade.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// One or more payments with the invoices they pay.
    Advices(Vec<RemittanceAdvice>),
    Statement(BankStatement),
    DebitNote(DebitNote),
    /// A proof of delivery or a bill of lading.
    Delivery(DeliveryDocument),
    /// Any other paper that names numbers of ours: credit memo, agreement, invoice copy, letter, …
    Supporting(SupportingDocument),
    /// Nothing that could be understood.
    Nothing,
}

/// The tables of a paper with what their columns were taken to mean: what a person confirms once serves for the sender's next paper of the kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    pub tables: Vec<TableLayout>,
}

/// One table: its headings from left to right, as printed, and the meaning of each column in the reader's words (`document`, `gross`, `net`, …).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableLayout {
    pub headings: Vec<String>,
    pub meanings: Vec<String>,
}

/// Everything a reader made of one document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    pub kind: DocumentKind,
    pub kind_confidence: Confidence,
    pub format: DocumentFormat,
    pub language: Option<Language>,
    /// Pages that can be shown; 1 for formats without pages.
    pub pages: u32,
    pub text_source: TextSource,
    pub number: Option<String>,
    pub date: Option<Date>,
    pub total: Option<Decimal>,
    pub currency: Option<Currency>,
    pub fields: Vec<Field>,
    pub doubts: Vec<Doubt>,
    pub content: Content,
    /// How its tables are laid out, for advices read from columns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layout: Option<Layout>,
    /// The words of the document for search, cut at 200,000 characters.
    pub text: String,
}

impl Reading {
    /// A reading that understood nothing, with the reason.
    pub fn not_understood(format: DocumentFormat, doubt: Doubt) -> Self {
        Self {
            kind: DocumentKind::Other,
            kind_confidence: Confidence::from_thousandths(0),
            format,
            language: None,
            pages: 1,
            text_source: TextSource::Structured,
            number: None,
            date: None,
            total: None,
            currency: None,
            fields: Vec::new(),
            doubts: vec![doubt],
            content: Content::Nothing,
            layout: None,
            text: String::new(),
        }
    }
}
