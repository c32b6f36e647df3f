//! Payment advices and bank statements of every format.
