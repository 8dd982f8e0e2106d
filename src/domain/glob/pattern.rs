//! One entry of `owned_files` or of a scope.

use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;

use globset::{Candidate, Glob, GlobBuilder, GlobMatcher};

use crate::domain::path::RepoPath;

/// An entry as it was written, and what it means.
#[derive(Clone)]
pub struct Pattern {
    text: String,
    fold_case: bool,
    meaning: Meaning,
}

#[derive(Clone)]
pub(super) enum Meaning {
    /// No wildcards: the path itself, and everything below a directory of that name.
    Path(String),
    /// Everything below a directory without wildcards in its name.
    Below(String),
    /// Wildcards: compiled when the first path asks, since most entries never have to be.
    Glob { glob: String, compiled: OnceLock<Option<GlobMatcher>> },
}

/// An entry that globset cannot read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidPattern {
    /// The entry.
    pub text: String,
    /// What is wrong with it.
    pub what: String,
}

impl Pattern {
    /// The meaning of `text`. Never fails: what is no valid glob matches its own bytes only.
    #[must_use]
    pub fn new(text: &str, fold_case: bool) -> Self {
        let path = from_the_top(text);
        let has_wildcard = |text: &str| text.contains(['*', '?', '[', '{', '\\']);
        let below = path.strip_suffix("/**").or_else(|| path.strip_suffix('/'));
        let meaning = match below {
            Some(directory) if !directory.is_empty() && !has_wildcard(directory) => {
                Meaning::Below(directory.to_owned())
            }
            _ if !has_wildcard(path) => Meaning::Path(path.to_owned()),
            Some(directory) if path.ends_with('/') => Meaning::glob(format!("{directory}/**")),
            _ => Meaning::glob(path.to_owned()),
        };
        Self { text: text.to_owned(), fold_case, meaning }
    }

    /// The entry as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the entry is a glob that can be read, or has no wildcards.
    ///
    /// # Errors
    /// If it has wildcards that globset cannot read.
    pub fn check(&self) -> Result<(), InvalidPattern> {
        let Meaning::Glob { glob, .. } = &self.meaning else { return Ok(()) };
        let invalid = |what| InvalidPattern { text: self.text.clone(), what };
        compile(glob, self.fold_case).map(|_| ()).map_err(invalid)
    }

    /// Whether the entry owns the path.
    #[must_use]
    pub fn matches(&self, path: &RepoPath) -> bool {
        let fold_case = self.fold_case;
        let bytes = fold(path.as_bytes(), fold_case);
        let same_bytes = || *fold(self.path().as_bytes(), fold_case) == *bytes;
        match &self.meaning {
            Meaning::Below(directory) => is_below(&bytes, &fold(directory.as_bytes(), fold_case)),
            Meaning::Path(own) => {
                let own = fold(own.as_bytes(), fold_case);
                !own.is_empty() && (*own == *bytes || is_below(&bytes, &own))
            }
            Meaning::Glob { glob, compiled } => {
                let matcher = || compile(glob, fold_case).ok().map(|glob| glob.compile_matcher());
                same_bytes()
                    || compiled.get_or_init(matcher).as_ref().is_some_and(|m| {
                        m.is_match_candidate(&Candidate::from_bytes(path.as_bytes()))
                    })
            }
        }
    }
}

impl Pattern {
    /// The entry, counted from the top.
    pub(super) fn path(&self) -> &str {
        from_the_top(&self.text)
    }

    pub(super) const fn meaning(&self) -> &Meaning {
        &self.meaning
    }

    pub(super) const fn folds_case(&self) -> bool {
        self.fold_case
    }

    /// The regular expression over bytes that globset matches with; none for what is no glob.
    pub(super) fn expression(&self) -> Option<String> {
        let Meaning::Glob { glob, .. } = &self.meaning else { return None };
        compile(glob, self.fold_case).ok().map(|glob| glob.regex().to_owned())
    }
}

fn from_the_top(text: &str) -> &str {
    text.strip_prefix("./").unwrap_or(text)
}

impl Meaning {
    fn glob(glob: String) -> Self {
        Self::Glob { glob, compiled: OnceLock::new() }
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text && self.fold_case == other.fold_case
    }
}

impl Eq for Pattern {}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.text)
    }
}

/// No path is longer: what is below becomes automata, and those have to stay small.
const MAX_LENGTH: usize = 4096;
/// Expressions are read recursively.
const MAX_DEPTH: usize = 64;

fn compile(glob: &str, fold_case: bool) -> Result<Glob, String> {
    if glob.len() > MAX_LENGTH {
        return Err(format!("longer than {MAX_LENGTH} bytes"));
    }
    if glob.bytes().filter(|byte| *byte == b'{').count() > MAX_DEPTH {
        return Err(format!("more than {MAX_DEPTH} braces"));
    }
    GlobBuilder::new(glob)
        .literal_separator(true)
        .backslash_escape(true)
        .case_insensitive(fold_case)
        .build()
        .map_err(|error| error.kind().to_string())
}

fn is_below(path: &[u8], directory: &[u8]) -> bool {
    path.strip_prefix(directory).is_some_and(|rest| rest.first() == Some(&b'/'))
}

fn fold(bytes: &[u8], fold_case: bool) -> Cow<'_, [u8]> {
    match std::str::from_utf8(bytes) {
        _ if !fold_case => Cow::Borrowed(bytes),
        Ok(text) => Cow::Owned(text.to_lowercase().into_bytes()),
        Err(_) => Cow::Owned(bytes.to_ascii_lowercase()),
    }
}
