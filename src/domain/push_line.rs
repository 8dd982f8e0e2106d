//! What a `pre-push` hook reads: a line for each ref that is to be pushed (githooks(5), "pre-push").

use super::id::InvalidId;
use super::oid::Oid;
use super::refname::RefName;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushLine {
    /// What the remote's ref shall hold; `None` deletes it.
    pub new: Option<Oid>,
    /// The remote's ref.
    pub remote: RefName,
    /// What the remote itself says that it holds; `None` if it has none.
    pub old: Option<Oid>,
}

impl PushLine {
    /// Reads all lines. The first word of each, what is pushed as it was typed, decides nothing.
    ///
    /// # Errors
    /// If a line is none of git's.
    pub fn parse_all(input: &[u8]) -> Result<Vec<Self>, InvalidId> {
        input
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty())
            .map(Self::parse)
            .collect()
    }

    /// From the end: what was typed may hold spaces (`:/fix the bug`).
    fn parse(line: &[u8]) -> Result<Self, InvalidId> {
        let mut words = line.rsplitn(4, |byte| *byte == b' ');
        let mut word = || words.next().unwrap_or_default();
        let (old, remote, new) = (word(), word(), word());
        Ok(Self { new: value(new)?, remote: RefName::new(remote)?, old: value(old)? })
    }
}

fn value(word: &[u8]) -> Result<Option<Oid>, InvalidId> {
    if matches!(word.len(), 40 | 64) && word.iter().all(|byte| *byte == b'0') {
        return Ok(None);
    }
    String::from_utf8_lossy(word).parse().map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";

    #[test]
    fn each_form_of_a_line_is_read() {
        let zero = "0".repeat(40);
        let input = format!(
            "refs/heads/a {ID} refs/heads/b {zero}\n(delete) {zero} refs/heads/c {ID}\n\
             :/fix the bug {ID} refs/heads/d {ID}\n"
        );
        let id: Option<Oid> = ID.parse().ok();
        let line = |new, remote: &str, old| PushLine { new, remote: remote.parse().unwrap(), old };
        let lines = [
            line(id, "refs/heads/b", None),
            line(None, "refs/heads/c", id),
            line(id, "refs/heads/d", id),
        ];
        assert_eq!(PushLine::parse_all(input.as_bytes()).unwrap(), lines);
        assert!(PushLine::parse_all(b"refs/heads/a x refs/heads/b y").is_err());
        assert!(PushLine::parse_all(format!("{ID} {ID}").as_bytes()).is_err());
    }
}
