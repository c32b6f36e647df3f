//! Payment advices and bank statements of every format.

pub mod advice;
pub mod bai2;
pub mod balance;
mod belonging;
pub mod cfonb;
pub mod columns;
pub mod edifact;
pub mod grid;
pub mod inline;
pub mod iso20022;
pub(crate) mod labelled_cells;
mod layouts;
mod legend;
mod line;
pub mod mt940;
pub mod prose;
pub mod remadv;
pub mod sheet;
pub mod ubl;
pub mod workbook;
pub mod x12;
pub mod x12_820;
