//! Which version of a planning file holds: the branch's, the source's, or both merged.

use crate::domain::change::Entry;

/// What to do with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The branch's version holds; also that it has none.
    Keep,
    /// The source's version holds; also that it has none any more.
    Take,
    /// Both changed it: their texts have to be merged.
    Merge,
    /// The source has it no more, but it changed on the branch since: the branch's version holds.
    KeepChanged,
    /// The branch has it no more, but it changed in the source since.
    Conflict,
}

/// What to do with a file of which the source and the branch had `base` when it was finalized last
/// (`None` if that is not known), and have `theirs` and `ours` now.
#[must_use]
pub fn decide(base: Option<Entry>, ours: Option<Entry>, theirs: Option<Entry>) -> Step {
    if theirs == ours || (base.is_some() && theirs == base) {
        return Step::Keep;
    }
    match (base, ours, theirs) {
        (Some(_), _, _) if ours == base => Step::Take,
        (None, None, Some(_)) => Step::Take,
        (Some(_), None, _) => Step::Conflict,
        (Some(_), Some(_), None) => Step::KeepChanged,
        (None, _, None) => Step::Keep,
        (_, Some(_), Some(_)) => Step::Merge,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::change::Mode;

    #[test]
    fn the_side_that_changed_holds() {
        let version = |letter: char| match letter {
            '-' => None,
            letter => {
                let oid = letter.to_string().repeat(40).parse().unwrap();
                Some(Entry { mode: Mode::File, oid })
            }
        };
        for (versions, step) in [
            ("aaa", Step::Keep),
            ("aba", Step::Keep),
            ("a-a", Step::Keep),
            ("aab", Step::Take),
            ("aa-", Step::Take),
            ("abb", Step::Keep),
            ("abc", Step::Merge),
            ("ab-", Step::KeepChanged),
            ("a-b", Step::Conflict),
            ("a--", Step::Keep),
            ("--a", Step::Take),
            ("-a-", Step::Keep),
            ("-ab", Step::Merge),
            ("-aa", Step::Keep),
            ("---", Step::Keep),
        ] {
            let of = |at: usize| version(versions.chars().nth(at).unwrap());
            assert_eq!(decide(of(0), of(1), of(2)), step, "{versions}");
        }
    }
}
