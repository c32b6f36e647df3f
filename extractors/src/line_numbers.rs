//! On which line of a text a record begins: readers of tables stop before the line break between two records, and before empty lines.

/// Counts lines from the beginning of a text; places are asked for in rising order.
#[derive(Debug)]
pub struct LineNumbers<'text> {
    bytes: &'text [u8],
    line: u32,
    counted: usize,
}

impl<'text> LineNumbers<'text> {
    pub fn new(text: &'text str) -> Self {
        Self { bytes: text.as_bytes(), line: 1, counted: 0 }
    }

    /// The line, from 1, of the record that a reader says begins at this byte.
    pub fn of_record_at(&mut self, byte: u64) -> u32 {
        let place = usize::try_from(byte).unwrap_or(usize::MAX).clamp(self.counted, self.bytes.len());
        let breaks = self.bytes[place..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let first = place + breaks;
        self.line += self.bytes[self.counted..first].iter().filter(|byte| **byte == b'\n').count() as u32;
        self.counted = first;
        self.line
    }
}
