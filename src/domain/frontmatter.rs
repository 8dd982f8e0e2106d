//! The YAML block at the head of a Markdown file, found by bytes and never re-encoded.
//!
//! A line of exactly `---` (blanks after it do not count) opens it, which has to be the first line
//! of the file; the next such line closes it. A byte order mark before it belongs to that line.

use super::source::line_ends;

/// A file in four pieces that are, one after the other, the file again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrontMatter<'a> {
    /// The line that opens the block, with its line end.
    pub opening: &'a [u8],
    /// The YAML between.
    pub yaml: &'a [u8],
    /// The line that closes the block, with its line end if there is one.
    pub closing: &'a [u8],
    /// Everything after it.
    pub body: &'a [u8],
}

/// The block was opened in line 1 and not closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unclosed;

impl FrontMatter<'_> {
    /// The line of the file on which the YAML begins.
    pub const YAML_LINE: usize = 2;

    /// The line of the file on which the body begins.
    #[must_use]
    pub fn body_line(&self) -> usize {
        Self::YAML_LINE + line_ends(self.yaml) + 1
    }
}

/// Splits a file; `None` if it has no such block.
///
/// # Errors
/// [`Unclosed`], as nobody can tell then where the body begins.
pub fn split(bytes: &[u8]) -> Result<Option<FrontMatter<'_>>, Unclosed> {
    let (opening, rest) = first_line(bytes);
    if !is_fence(opening.strip_prefix(b"\xef\xbb\xbf").unwrap_or(opening)) {
        return Ok(None);
    }
    let mut at = 0;
    while let Some((yaml, tail)) = rest.split_at_checked(at).filter(|(_, tail)| !tail.is_empty()) {
        let (line, body) = first_line(tail);
        if is_fence(line) {
            return Ok(Some(FrontMatter { opening, yaml, closing: line, body }));
        }
        at += line.len();
    }
    Err(Unclosed)
}

/// The first line with its line end, and what follows.
fn first_line(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| at + 1);
    bytes.split_at_checked(end).unwrap_or((bytes, b""))
}

fn is_fence(line: &[u8]) -> bool {
    line.strip_prefix(b"---").is_some_and(|rest| rest.trim_ascii().is_empty())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pieces(text: &str) -> Result<Option<[String; 4]>, Unclosed> {
        let text_of = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        split(text.as_bytes()).map(|found| {
            found
                .map(|f| [text_of(f.opening), text_of(f.yaml), text_of(f.closing), text_of(f.body)])
        })
    }

    #[test]
    fn the_first_fence_after_the_head_closes() {
        let found = pieces("---\na: 1\n---\nb\n---\n").unwrap().unwrap();
        assert_eq!(found, ["---\n", "a: 1\n", "---\n", "b\n---\n"]);
        let found = pieces("\u{feff}--- \r\na: |\r\n  ---\r\n---").unwrap().unwrap();
        assert_eq!(found, ["\u{feff}--- \r\n", "a: |\r\n  ---\r\n", "---", ""]);
        assert_eq!(pieces("---\n---\n").unwrap().unwrap(), ["---\n", "", "---\n", ""]);
    }

    #[test]
    fn none_and_unclosed_are_different() {
        for text in ["", "# Title\n---\n", "\n---\na\n---\n", "----\n---\n", "--- a\n---\n"] {
            assert_eq!(pieces(text), Ok(None), "{text:?}");
        }
        for text in ["---", "---\n", "---\na: 1\n ---\n----\n"] {
            assert_eq!(pieces(text), Err(Unclosed), "{text:?}");
        }
    }

    #[test]
    fn the_body_knows_its_line() {
        let found = split(b"---\na: 1\nb: 2\n---\nbody").unwrap().unwrap();
        assert_eq!(found.body_line(), 5);
    }

    fn any_file() -> impl Strategy<Value = Vec<u8>> {
        let line = prop_oneof![
            Just(b"---\n".to_vec()),
            Just(b"---".to_vec()),
            Just(b"--- \t\r\n".to_vec()),
            Just(b"\xef\xbb\xbf".to_vec()),
            prop::collection::vec(any::<u8>(), 0..12),
        ];
        prop::collection::vec(line, 0..8).prop_map(|lines| lines.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn the_pieces_are_the_file_again(bytes in any_file()) {
            if let Ok(Some(found)) = split(&bytes) {
                let whole = [found.opening, found.yaml, found.closing, found.body].concat();
                prop_assert_eq!(&whole, &bytes);
                prop_assert!(is_fence(found.closing));
                let again = split(&whole).unwrap().unwrap();
                prop_assert_eq!(again, found);
            }
        }
    }
}
