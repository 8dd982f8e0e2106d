//! Full names of refs: bytes, as Git has them.

use std::fmt;
use std::str::FromStr;

use super::id::InvalidId;
use super::path::RepoPath;

/// A full ref name such as `refs/heads/main` or `HEAD`, in any bytes that `git check-ref-format`
/// allows; it need not be UTF-8.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RefName(Vec<u8>);

impl RefName {
    /// The name with these bytes.
    ///
    /// # Errors
    /// If Git would not take it as the full name of a ref.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Result<Self, InvalidId> {
        let bytes = bytes.into();
        if is_valid(&bytes) {
            return Ok(Self(bytes));
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Err(InvalidId { kind: "full ref name", text })
    }

    /// The ref of a branch, from its short name (`main`).
    ///
    /// # Errors
    /// If no branch can have that name.
    pub fn of_branch(short: impl AsRef<[u8]>) -> Result<Self, InvalidId> {
        Self::new([Self::BRANCHES, short.as_ref()].concat())
    }

    /// The raw bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The short name of a branch; `None` for other refs.
    #[must_use]
    pub fn branch(&self) -> Option<&[u8]> {
        self.0.strip_prefix(Self::BRANCHES)
    }

    const BRANCHES: &'static [u8] = b"refs/heads/";
}

impl FromStr for RefName {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        Self::new(text)
    }
}

/// Printed as a path is: unsafe characters and bytes that are no UTF-8 are escaped.
impl fmt::Display for RefName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        RepoPath::new(self.0.as_slice()).fmt(f)
    }
}

/// The rules of `git check-ref-format`; names of one part must look like a pseudo ref.
fn is_valid(name: &[u8]) -> bool {
    let pseudo = !name.contains(&b'/');
    let forbidden = |b: &u8| b.is_ascii_control() || b" ~^:?*[\\".contains(b);
    !name.iter().any(forbidden)
        && !name.windows(2).any(|pair| pair == b".." || pair == b"@{")
        && !name.ends_with(b".")
        && name.split(|b| *b == b'/').all(is_valid_part)
        && (!pseudo || name.iter().all(|b| b.is_ascii_uppercase() || matches!(b, b'_' | b'-')))
}

fn is_valid_part(part: &[u8]) -> bool {
    !part.is_empty() && !part.starts_with(b".") && !part.ends_with(b".lock")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_git_takes() {
        for good in
            ["HEAD", "refs/heads/main", "refs/heads/@", "refs/heads/a.b", "worktrees/x/HEAD"]
        {
            assert_eq!(good.parse::<RefName>().unwrap().to_string(), good);
        }
        for bad in ["", "main", "refs/heads/", "refs//x", "refs/heads/.a", "refs/heads/a.lock"] {
            assert!(bad.parse::<RefName>().is_err(), "{bad}");
        }
        for bad in
            ["refs/a..b", "refs/a@{b", "refs/a b", "refs/a.", "refs/a\\b", "refs/a\x7f", "/refs/a"]
        {
            assert!(bad.parse::<RefName>().is_err(), "{bad}");
        }
    }

    #[test]
    fn branches_keep_any_bytes() {
        let name = RefName::of_branch(b"d\xff").unwrap();
        assert_eq!(name.branch(), Some(&b"d\xff"[..]));
        assert_eq!(name.to_string(), "refs/heads/d\\377");
        assert_eq!("refs/tags/v1".parse::<RefName>().unwrap().branch(), None);
    }
}
