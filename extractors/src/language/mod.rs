//! Numbers, dates and label words of the four languages. Data with the little code that reads it: no rule here knows a sender or a layout.

mod compounds;
pub mod dates;
pub mod detect;
pub mod discounts;
mod headings;
pub mod kinds;
pub mod labels;
pub mod numbers;
pub mod words;

pub use compounds::names_payment;
pub use dates::{DateOrder, ParsedDate, misread_date, order_hint, parse_date, settle_date_order};
pub use detect::detect;
pub use labels::{ColumnRole, HeaderField, column_role, fold, header_field, is_carried_forward, is_total};
pub use numbers::{Notation, Parsed, exact_number, parse_amount, settle_notation};
