//! Where a document comes from, so that whatever is wrong in it can be found.

use super::refusal::{Document, Refusal};

/// What a text should be, and where it stands. Readers pass it down and never open it.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// What the text should be.
    pub document: Document,
    /// Where it stands, as a person would look for it.
    pub file: &'a str,
}

impl<'a> Source<'a> {
    /// A document of this kind in this file.
    #[must_use]
    pub const fn new(document: Document, file: &'a str) -> Self {
        Self { document, file }
    }

    /// The refusal of something wrong in a line, counted from 1.
    #[must_use]
    pub fn damaged(self, line: usize, what: impl Into<String>) -> Refusal {
        Refusal::damaged(self.document, self.file, Some(line), what)
    }

    /// The bytes as UTF-8, of which the first stands in line `first_line`.
    ///
    /// # Errors
    /// A damaged document, with the line of the first byte that is no UTF-8.
    pub fn utf8(self, bytes: &'a [u8], first_line: usize) -> Result<&'a str, Refusal> {
        std::str::from_utf8(bytes).map_err(|error| {
            let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
            self.damaged(first_line + line_ends(good), "not UTF-8")
        })
    }
}

/// How many lines end in these bytes.
#[must_use]
pub fn line_ends(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_that_is_no_utf8_is_found_by_its_line() {
        let source = Source::new(Document::Policy, "config.yaml");
        let refusal = source.utf8(b"a\nb\n\xff\n", 10).unwrap_err();
        assert_eq!(refusal.to_string(), "config.yaml:12: not UTF-8");
        assert_eq!(source.utf8("dé".as_bytes(), 1).unwrap(), "dé");
    }
}
