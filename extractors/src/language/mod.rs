//! Numbers, dates and label words of English, French, Dutch and German.
