//! What a pattern asks of a path component by component: a cheap test that most pairs of patterns
//! fail, so that few need their automata.
//!
//! Shapes are wider than their patterns, never narrower: shapes that cannot meet are a proof,
//! shapes that can say nothing.

use super::pattern::{Meaning, Pattern};

/// The components that a pattern asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shape(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// Any number of components, none included.
    Any,
    /// One component of this name.
    Exactly(String),
    /// One component that begins and ends so.
    Around(String, String),
}

/// Longer shapes are cut: what follows is anything.
const MAX_PARTS: usize = 16;

impl Shape {
    pub(super) fn of(pattern: &Pattern) -> Self {
        let fold_case = pattern.folds_case();
        let mut parts = match pattern.meaning() {
            Meaning::Path(own) | Meaning::Below(own) => {
                own.split('/').map(|name| Part::of(name, fold_case)).chain([Part::Any]).collect()
            }
            Meaning::Glob { glob, .. } => parts_of(glob, fold_case),
        };
        if parts.len() > MAX_PARTS {
            parts.truncate(MAX_PARTS);
            parts.push(Part::Any);
        }
        Self(parts)
    }

    /// Whether a path may have both shapes.
    pub(super) fn may_meet(&self, other: &Self) -> bool {
        let mut after = vec![false; other.0.len() + 1];
        for (at, part) in [None].into_iter().chain(self.0.iter().rev().map(Some)).enumerate() {
            after = row(part, &other.0, &after, at == 0);
        }
        after.first().copied().unwrap_or(true)
    }
}

/// For each end of `others`, whether the rest of the one shape that begins with `part` can meet it;
/// `after` says so for the rest without `part`. The row of the shape's very end has no part.
fn row(part: Option<&Part>, others: &[Part], after: &[bool], is_end: bool) -> Vec<bool> {
    let mut row = vec![false; others.len() + 1];
    let at = |row: &[bool], index: usize| row.get(index).copied().unwrap_or(false);
    for index in (0..=others.len()).rev() {
        let other = others.get(index);
        let meets = match (part, other) {
            (None, None) => is_end,
            (Some(Part::Any), None) => at(after, index),
            (Some(Part::Any), Some(_)) => at(after, index) || at(&row, index + 1),
            (None, Some(Part::Any)) => at(&row, index + 1),
            (Some(_), Some(Part::Any)) => at(&row, index + 1) || at(after, index),
            (Some(part), Some(other)) => at(after, index + 1) && part.may_be(other),
            (None, Some(_)) | (Some(_), None) => false,
        };
        if let Some(place) = row.get_mut(index) {
            *place = meets;
        }
    }
    row
}

/// The parts of a glob; where braces, classes or escapes may hold slashes nothing is known.
fn parts_of(glob: &str, fold_case: bool) -> Vec<Part> {
    const HARD: [char; 5] = ['{', '}', '[', ']', '\\'];
    let part = |name: &str| Part::of(name, fold_case);
    let Some(first) = glob.find(HARD).filter(|_| !keeps_components(glob)) else {
        return glob.split('/').map(part).collect();
    };
    // An escaped slash is a slash, and an escaped character is no wildcard.
    let last = glob.rfind(HARD).map_or(first, |last| last + 1);
    let (before, after) = (glob.get(..first), glob.get(last..));
    let before = before.and_then(|text| text.rsplit_once('/')).map(|(text, _)| text);
    let after = after.and_then(|text| text.split_once('/')).map(|(_, text)| text);
    let mut parts: Vec<Part> =
        before.into_iter().flat_map(|text| text.split('/')).map(part).collect();
    parts.push(Part::Any);
    parts.extend(after.into_iter().flat_map(|text| text.split('/')).map(part));
    parts
}

/// Whether all braces and classes are each within one component.
fn keeps_components(glob: &str) -> bool {
    let mut rest = glob;
    while let Some(at) = rest.find(['{', '}', '[', ']', '\\']) {
        let end = match rest.as_bytes().get(at) {
            Some(b'{') => '}',
            Some(b'[') => ']',
            _ => return false,
        };
        let Some((inside, after)) = rest.get(at + 1..).and_then(|rest| rest.split_once(end)) else {
            return false;
        };
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let is_tame = match end {
            '}' => !inside.contains(['/', '{', '[', ']', '\\']) && !inside.contains("**"),
            _ => inside.chars().all(is_plain) && !inside.starts_with('-') && !inside.contains("--"),
        };
        if !is_tame {
            return false;
        }
        rest = after;
    }
    true
}

impl Part {
    fn of(name: &str, fold_case: bool) -> Self {
        // Folding is not letter by letter everywhere: a Kelvin sign too becomes a `k`.
        let is_plain = |c: char| c.is_ascii() && !matches!(c, 'k' | 'K' | 'i' | 'I');
        if name == "**" {
            return Self::Any;
        }
        if fold_case && !name.chars().all(is_plain) {
            return Self::Around(String::new(), String::new());
        }
        let name = if fold_case { name.to_ascii_lowercase() } else { name.to_owned() };
        match (name.find(['*', '?', '[', '{']), name.rfind(['*', '?', ']', '}'])) {
            (Some(first), Some(last)) => Self::Around(
                name.get(..first).unwrap_or_default().to_owned(),
                name.get(last + 1..).unwrap_or_default().to_owned(),
            ),
            (None, _) | (_, None) => Self::Exactly(name),
        }
    }

    fn may_be(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, _) | (_, Self::Any) => true,
            (Self::Exactly(name), Self::Exactly(other)) => name == other,
            (Self::Exactly(name), Self::Around(begins, ends))
            | (Self::Around(begins, ends), Self::Exactly(name)) => {
                // The entry itself may be the name: wildcards stand for themselves too.
                name.starts_with(begins.as_str()) && name.ends_with(ends.as_str())
            }
            (Self::Around(begins, ends), Self::Around(other_begins, other_ends)) => {
                (begins.starts_with(other_begins.as_str())
                    || other_begins.starts_with(begins.as_str()))
                    && (ends.ends_with(other_ends.as_str()) || other_ends.ends_with(ends.as_str()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meet(a: &str, b: &str) -> bool {
        let shape = |text| Shape::of(&Pattern::new(text, false));
        let meet = shape(a).may_meet(&shape(b));
        assert_eq!(meet, shape(b).may_meet(&shape(a)), "{a} {b}");
        meet
    }

    #[test]
    fn components_tell_patterns_apart() {
        for (a, b) in [
            ("src/**/test_1*.py", "src/**/test_2*.py"),
            ("src/**/*.py", "src/**/*.rs"),
            ("docs/**/part-1/*.md", "docs/**/part-2/*.md"),
            ("a/*", "a/*/*"),
            ("a/b", "a/c/**"),
            ("{a,b}/x/*.rs", "c/*.py"),
            ("src/[a-z]1/*.rs", "src/[a-z]2/*.rs"),
            ("src/**/a{1,2}.rs", "src/**/b*.rs"),
            ("**/a", "**/b"),
        ] {
            assert!(!meet(a, b), "{a} {b}");
        }
        for (a, b) in [
            ("src/**/test_1*.py", "src/**/test_*y"),
            ("docs/**/part-1/*.md", "docs/**/part-2/**"),
            ("src/**/{a/b,c}", "src/**/*.rs"),
            ("src/**/a[/]b", "src/**/c"),
            ("src/a[!b]c", "src/a/c"),
            ("src/a[--0]c", "src/a/c"),
            ("src/{**,b}c", "src/a/c"),
            ("src/a[.-0]c", "src/a/c"),
            ("src/**/**", "src/**/c"),
            ("src/*", "src/a"),
            ("src", "src/**/a"),
            ("src/a", "src"),
            ("**", "a"),
            ("a/**/b", "a/b"),
            ("a\\/b*", "a/b"),
        ] {
            assert!(meet(a, b), "{a} {b}");
        }
    }

    #[test]
    fn long_shapes_are_cut_and_stay_wide() {
        let deep = "a/".repeat(100);
        assert!(meet(&format!("{deep}*"), &format!("{deep}b")));
        assert!(meet(&format!("{deep}x*"), &format!("{deep}y*")), "cut: nothing is known");
    }
}
