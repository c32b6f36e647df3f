//! Payment advices and bank statements of every format.

pub mod balance;
pub mod columns;
pub mod grid;
mod line;
pub mod sheet;
pub mod workbook;
