//! The version of the `git` on PATH, as far as decisions depend on it.

use std::fmt;
use std::str::FromStr;

use super::id::InvalidId;

/// A version of git. Prints as git itself wrote it, e.g. `2.47.3` or `2.39.5.windows.1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GitVersion {
    major: u32,
    minor: u32,
    text: String,
}

impl GitVersion {
    /// Whether git-kitty works with it.
    #[must_use]
    pub fn is_supported(&self) -> bool {
        self.at_least(2, 38)
    }

    /// Whether hooks can be named in the configuration (`hook.<name>.command`).
    #[must_use]
    pub fn has_config_hooks(&self) -> bool {
        self.at_least(2, 54)
    }

    /// Whether it is this release or a later one.
    #[must_use]
    pub fn at_least(&self, major: u32, minor: u32) -> bool {
        (self.major, self.minor) >= (major, minor)
    }
}

/// Extensions of repositories that came after the oldest git we support, in small letters, with the
/// release that knows them (git's RelNotes).
const EXTENSIONS: [(&str, (u32, u32)); 3] =
    [("compatobjectformat", (2, 45)), ("refstorage", (2, 45)), ("relativeworktrees", (2, 48))];

/// The first release that knows all of these extensions, as far as is known.
#[must_use]
pub fn first_with(extensions: &[String]) -> Option<(u32, u32)> {
    let release = |name: &String| EXTENSIONS.iter().find(|(known, _)| known == name);
    let releases = extensions.iter().map(|name| release(name).map(|(_, release)| *release));
    releases.collect::<Option<Vec<_>>>()?.into_iter().max()
}

/// Reads what `git version` prints: `git version 2.47.3`, at times with words after it.
impl FromStr for GitVersion {
    type Err = InvalidId;

    fn from_str(line: &str) -> Result<Self, InvalidId> {
        let invalid = || InvalidId { kind: "git version", text: line.to_owned() };
        let text = line.strip_prefix("git version ").unwrap_or(line);
        let text = text.split_whitespace().next().ok_or_else(invalid)?;
        let mut numbers = text.split(['.', '-']).map(str::parse);
        match (numbers.next(), numbers.next()) {
            (Some(Ok(major)), Some(Ok(minor))) => Ok(Self { major, minor, text: text.to_owned() }),
            (None | Some(_), _) => Err(invalid()),
        }
    }
}

impl fmt::Display for GitVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(line: &str) -> GitVersion {
        line.parse().unwrap()
    }

    #[test]
    fn reads_what_the_builds_of_git_print() {
        for (line, text) in [
            ("git version 2.47.3", "2.47.3"),
            ("git version 2.39.5 (Apple Git-154)", "2.39.5"),
            ("git version 2.39.5.windows.1", "2.39.5.windows.1"),
            ("git version 2.54-rc1", "2.54-rc1"),
        ] {
            assert_eq!(version(line).to_string(), text);
            assert_eq!(version(text), version(line), "what is printed can be read again");
        }
        for line in ["", "git version", "git version two", "2"] {
            assert!(line.parse::<GitVersion>().is_err(), "{line:?}");
        }
    }

    #[test]
    fn what_knows_several_extensions_is_the_last_release() {
        let first =
            |names: &[&str]| first_with(&names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>());
        assert_eq!(first(&["refstorage", "relativeworktrees"]), Some((2, 48)));
        assert_eq!(first(&["refstorage"]), Some((2, 45)));
        assert_eq!(first(&["refstorage", "unheard-of"]), None);
    }

    #[test]
    fn compares_numbers_and_not_text() {
        assert!(!version("git version 2.9.0").is_supported());
        assert!(version("git version 2.38.0").is_supported());
        assert!(version("git version 3.0.1").has_config_hooks());
        assert!(version("git version 2.100.1").has_config_hooks());
        assert!(!version("git version 2.53.9").has_config_hooks());
    }
}
