//! The version of the `git` that is on PATH.

use std::fmt;
use std::path::Path;

use anyhow::Result;

use super::process::Git;
use crate::domain::refusal::Refusal;

/// A version of git, without build suffixes; release candidates count as their release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GitVersion {
    major: u32,
    minor: u32,
    patch: u32,
}

impl GitVersion {
    /// The oldest that git-kitty works with: the first with `git merge-tree --write-tree`.
    pub const MINIMUM: Self = Self::new(2, 38, 0);

    /// That version.
    #[must_use]
    pub const fn new(major: u32, minor: u32, patch: u32) -> Self {
        Self { major, minor, patch }
    }

    /// Reads what `git version` prints: `git version 2.47.3 (Apple Git-1)`, `2.54.0.windows.1`,
    /// `2.48.0-rc1`, `2.39.GIT`.
    #[must_use]
    pub fn parse(line: &str) -> Option<Self> {
        let word = line.trim().strip_prefix("git version ")?.split_whitespace().next()?;
        let mut numbers = word.split(['.', '-']);
        let major = numbers.next()?.parse().ok()?;
        let minor = numbers.next()?.parse().ok()?;
        let patch = numbers.next().and_then(|number| number.parse().ok()).unwrap_or(0);
        Some(Self { major, minor, patch })
    }

    /// The version of the `git` on PATH. Costs a process.
    ///
    /// # Errors
    /// [`Refusal::GitTooOld`] if it is older than [`GitVersion::MINIMUM`] or not to be understood;
    /// an unexpected error if there is no `git` to start.
    pub fn installed() -> Result<Self> {
        let line = Git::new(Path::new(".")).args(["version"]).line()?;
        let found = Self::parse(&line).filter(|version| *version >= Self::MINIMUM);
        Ok(found.ok_or(Refusal::GitTooOld { found: line })?)
    }
}

impl fmt::Display for GitVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_vendor_is_understood() {
        let parse = |line| GitVersion::parse(line).map(|version| version.to_string());
        assert_eq!(parse("git version 2.47.3 (Apple Git-154)").as_deref(), Some("2.47.3"));
        assert_eq!(parse("git version 2.54.0.windows.1\n").as_deref(), Some("2.54.0"));
        assert_eq!(parse("git version 2.48.0-rc1").as_deref(), Some("2.48.0"));
        assert_eq!(parse("git version 2.48-rc1").as_deref(), Some("2.48.0"));
        assert_eq!(parse("git version 2.39.GIT").as_deref(), Some("2.39.0"));
        assert_eq!(parse("git version 2.46.0.vfs.0.2").as_deref(), Some("2.46.0"));
        assert_eq!(parse("hub version 2.14"), None);
        assert_eq!(parse(""), None);
    }

    #[test]
    fn the_minimum_is_a_number_not_a_text() {
        assert!(GitVersion::new(2, 9, 9) < GitVersion::MINIMUM);
        assert!(GitVersion::new(2, 100, 0) > GitVersion::MINIMUM);
    }
}
