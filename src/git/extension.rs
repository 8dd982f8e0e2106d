//! Repositories that the `git` on PATH cannot read, since it is older than how they are kept.

use crate::domain::refusal::Refusal;

/// How git begins to say so (`verify_repository_format`); the extensions follow, a line each.
const UNKNOWN: &[&str] =
    &["fatal: unknown repository extension found:", "fatal: unknown repository extensions found:"];

/// The refusal of a repository with extensions that git does not know, if that is what it said.
pub(super) fn refusal(stderr: &str) -> Option<Refusal> {
    let extensions = UNKNOWN.iter().find_map(|begin| stderr.trim_start().strip_prefix(begin))?;
    let extensions = extensions.split_whitespace().map(str::to_ascii_lowercase).collect();
    Some(Refusal::ExtensionUnknown { extensions })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_that_git_does_not_know_are_named() {
        for (said, names) in [
            ("fatal: unknown repository extension found:\n\trefstorage", vec!["refstorage"]),
            (
                "fatal: unknown repository extensions found:\n\trefStorage\n\tother",
                vec!["refstorage", "other"],
            ),
        ] {
            let extensions = names.into_iter().map(str::to_owned).collect();
            assert_eq!(refusal(said), Some(Refusal::ExtensionUnknown { extensions }));
        }
        assert_eq!(refusal("fatal: not a git repository"), None);
    }
}
