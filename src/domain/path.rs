//! Paths inside a repository: bytes, as Git has them, and safe to print.

use std::fmt;

/// A path relative to the top of a tree, `/`-separated, any bytes but NUL.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RepoPath(Vec<u8>);

impl RepoPath {
    /// The path with these bytes, taken as they are.
    #[must_use]
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    /// The raw bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Its last part: all of it if it has one only.
    #[must_use]
    pub fn file_name(&self) -> &[u8] {
        self.0.rsplit(|byte| *byte == b'/').next().unwrap_or_default()
    }

    /// The directories that it lies in, the top one first.
    pub fn parents(&self) -> impl Iterator<Item = Self> {
        let bytes = self.as_bytes();
        let ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at);
        ends.filter_map(|end| bytes.get(..end).map(Self::new))
    }

    /// Whether the path lies below the directory `dir` (given without a trailing slash).
    #[must_use]
    pub fn is_below(&self, dir: &[u8]) -> bool {
        self.0.strip_prefix(dir).is_some_and(|rest| rest.first() == Some(&b'/'))
    }
}

impl From<&str> for RepoPath {
    fn from(text: &str) -> Self {
        Self(text.as_bytes().to_vec())
    }
}

/// As people read it: UTF-8 stays, control characters, quotes of the escape itself and bytes that
/// are no UTF-8 become C escapes, as Git's own quoting writes them.
impl fmt::Display for RepoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for chunk in self.0.utf8_chunks() {
            for c in chunk.valid().chars() {
                match c {
                    '\\' => f.write_str("\\\\")?,
                    '\n' => f.write_str("\\n")?,
                    '\t' => f.write_str("\\t")?,
                    '\r' => f.write_str("\\r")?,
                    c if is_unsafe(c) => write_escaped(f, c)?,
                    c => write!(f, "{c}")?,
                }
            }
            chunk.invalid().iter().try_for_each(|byte| write!(f, "\\{byte:03o}"))?;
        }
        Ok(())
    }
}

fn write_escaped(f: &mut fmt::Formatter<'_>, c: char) -> fmt::Result {
    let mut buffer = [0; 4];
    c.encode_utf8(&mut buffer).bytes().try_for_each(|byte| write!(f, "\\{byte:03o}"))
}

/// Control characters and those that change the direction of the text around them.
pub(crate) fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printing_escapes_what_a_terminal_would_obey() {
        let path = RepoPath::new(b"d\xc3\xa9/\x1b[2J\n\xff \"q\"\\".to_vec());
        assert_eq!(path.to_string(), "dé/\\033[2J\\n\\377 \"q\"\\\\");
    }

    #[test]
    fn parents_are_whole_names() {
        let path = RepoPath::from("a/b c/d");
        assert!(path.parents().eq(["a".into(), "a/b c".into()]));
        assert_eq!(RepoPath::from("a").parents().count(), 0);
    }

    #[test]
    fn below_means_the_whole_name() {
        assert!(RepoPath::from("a/b").is_below(b"a"));
        assert!(!RepoPath::from("ab/c").is_below(b"a"));
        assert!(!RepoPath::from("a").is_below(b"a"));
    }
}
