//! Words to rows, columns and tables.
