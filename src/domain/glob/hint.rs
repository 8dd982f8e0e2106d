//! What can be said of a pattern without its automaton, to tell most pairs apart at once.

use super::pattern::{Meaning, Pattern};
use super::shape::Shape;

/// Necessary for a path to match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hint {
    /// The path, its case folded if the pattern's is, begins with these bytes.
    pub(super) begins: Vec<u8>,
    shape: Shape,
}

const WILDCARDS: [char; 5] = ['*', '?', '[', '{', '\\'];

impl Hint {
    pub(super) fn of(pattern: &Pattern) -> Self {
        let fold_case = pattern.folds_case();
        let begins = match pattern.meaning() {
            Meaning::Path(own) => own.clone(),
            Meaning::Below(directory) => format!("{directory}/"),
            Meaning::Glob { glob, .. } => {
                glob.split(WILDCARDS).next().unwrap_or_default().to_owned()
            }
        };
        let begins = if fold_case { folded(&begins) } else { begins };
        Self { begins: begins.into_bytes(), shape: Shape::of(pattern) }
    }

    /// Whether a path may have both, given that both may begin alike.
    pub(super) fn may_meet(&self, other: &Self) -> bool {
        self.shape.may_meet(&other.shape)
    }
}

/// As far as folding is the same for each letter by itself: a Kelvin sign too becomes a `k`, and an
/// `i` with what follows it can be one letter.
fn folded(begins: &str) -> String {
    let plain = |c: &char| c.is_ascii() && !matches!(c, 'k' | 'K' | 'i' | 'I');
    begins.chars().take_while(plain).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hint(entry: &str, fold_case: bool) -> Hint {
        Hint::of(&Pattern::new(entry, fold_case))
    }

    #[test]
    fn a_path_begins_with_what_is_before_the_first_wildcard() {
        let begins = |entry, fold_case| String::from_utf8(hint(entry, fold_case).begins).unwrap();
        for (entry, expected) in [
            ("src/a.rs", "src/a.rs"),
            ("./src/", "src/"),
            ("src/**", "src/"),
            ("src/**/x", "src/"),
            ("Src/{a,b}", "Src/"),
            ("a\\*b", "a"),
            ("*", ""),
        ] {
            assert_eq!(begins(entry, false), expected);
        }
        assert_eq!(begins("SRC/Kit", true), "src/");
        assert_eq!(begins("Aö/b", true), "a");
    }
}
