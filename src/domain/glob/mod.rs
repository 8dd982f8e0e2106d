//! Sets of globs that say which paths somebody owns (`design.md` section 6).
//!
//! `*` and `?` stop at `/`, `**` crosses; `dir/` and `dir/**` are everything below; braces and
//! classes are globset's. An entry that equals the path's own bytes always matches, and one without
//! wildcards also owns everything below a directory of that name. Nothing else matches: this is
//! stricter than the reference, whose wider rule [`mod@reference`] keeps for explanations.

mod automaton;
mod component;
mod hint;
mod overlap;
mod pattern;
mod place;
mod product;
pub mod reference;
mod shape;

pub use overlap::{Common, Overlap, overlaps};
pub use pattern::{InvalidPattern, Pattern};
pub use place::Place;

use super::path::RepoPath;

/// The globs of one owner, in the order in which they were written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Globs {
    patterns: Vec<Pattern>,
}

impl Globs {
    /// The set of these entries. An entry that is no valid glob still matches its own bytes.
    #[must_use]
    pub fn new<I: IntoIterator<Item = S>, S: AsRef<str>>(entries: I, fold_case: bool) -> Self {
        let pattern = |entry: S| Pattern::new(entry.as_ref(), fold_case);
        Self { patterns: entries.into_iter().map(pattern).collect() }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// The entries as they were written.
    pub fn entries(&self) -> impl Iterator<Item = &str> {
        self.patterns.iter().map(Pattern::as_str)
    }

    /// The first entry that matches the path.
    #[must_use]
    pub fn matching(&self, path: &RepoPath) -> Option<&str> {
        self.patterns.iter().find(|pattern| pattern.matches(path)).map(Pattern::as_str)
    }

    /// The first entry that would match the path in the reference and does not here.
    #[must_use]
    pub fn matching_in_reference(&self, path: &RepoPath) -> Option<&str> {
        let mut entries = self.entries();
        entries.find(|entry| reference::matches(entry.as_bytes(), path.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owns(entry: &str, path: &str) -> bool {
        Globs::new([entry], false).matching(&path.into()).is_some()
    }

    #[test]
    fn the_documented_rules() {
        for (entry, path) in [
            ("src/a.rs", "src/a.rs"),
            ("src", "src/deep/a.rs"),
            ("src/", "src/deep/a.rs"),
            ("src/**", "src/deep/a.rs"),
            ("./src/**", "src/deep/a.rs"),
            ("src/*", "src/a.rs"),
            ("src/?.rs", "src/a.rs"),
            ("src/**/x.rs", "src/x.rs"),
            ("src/**/x.rs", "src/a/b/x.rs"),
            ("**/x.rs", "x.rs"),
            ("*.{rs,toml}", "a.toml"),
            ("src/[ab].rs", "src/b.rs"),
            ("app/[id].ts", "app/[id].ts"),
            ("app/[id].ts", "app/i.ts"),
            ("app/[id.ts", "app/[id.ts"),
            ("./app/[id].ts", "app/[id].ts"),
            ("src/*/", "src/a/deep/b.rs"),
            ("**", "anything/at/all"),
            ("dé/**", "dé/ü.txt"),
            ("a b/**", "a b/c"),
        ] {
            assert!(owns(entry, path), "{entry} owns {path}");
        }
        for (entry, path) in [
            ("src/*", "src/deep/a.rs"),
            ("src/?.rs", "src/ab.rs"),
            ("src", "srcx/a.rs"),
            ("src/foo", "src/foobar"),
            ("src/**", "src"),
            ("src/**", "srcx/a"),
            ("SRC/**", "src/a"),
            ("a/**/b", "a/b/c"),
            ("*.rs", "src/a.rs"),
            ("src/?", "src//"),
            ("", "a"),
            ("/src", "src/a"),
        ] {
            assert!(!owns(entry, path), "{entry} does not own {path}");
        }
    }

    #[test]
    fn globs_beyond_all_measure_match_their_own_bytes_only() {
        for glob in [
            format!("{}a,b{}", "{".repeat(300), "}".repeat(300)),
            format!("{}*", "a".repeat(5000)),
            format!("a{}", "[a-z]".repeat(1000)),
        ] {
            assert!(owns(&glob, &glob));
            assert!(!owns(&glob, "a"));
            assert!(Pattern::new(&glob, false).check().is_err());
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_matched_as_bytes() {
        let path = RepoPath::new(b"src/\xff\xfe.rs".to_vec());
        assert_eq!(Globs::new(["src/*.rs"], false).matching(&path), Some("src/*.rs"));
        assert_eq!(Globs::new(["src"], false).matching(&path), Some("src"));
        assert_eq!(Globs::new(["src/?.rs"], false).matching(&path), None);
    }

    #[test]
    fn case_is_folded_only_when_the_policy_says_so() {
        let path = RepoPath::from("Src/Ä.RS");
        for entry in ["src/ä.rs", "src/", "src/*.rs", "src"] {
            assert!(Globs::new([entry], false).matching(&path).is_none(), "{entry}");
            assert!(Globs::new([entry], true).matching(&path).is_some(), "{entry}");
        }
    }

    #[test]
    fn what_the_reference_would_let_pass_is_known() {
        let globs = Globs::new(["src/*", "lib/a.rs"], false);
        assert_eq!(globs.matching_in_reference(&"src/deep/x".into()), Some("src/*"));
        assert_eq!(globs.matching_in_reference(&"other/x".into()), None);
    }
}
