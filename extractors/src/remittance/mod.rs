//! Payment advices and bank statements of every format.

pub mod advice;
