//! What is said of a commit that was not made.

use std::fmt;

use super::CommitRefusal;

impl fmt::Display for CommitRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DestinationRequired => write!(f, "no branch was named to commit to"),
            Self::DestinationDetached => {
                write!(f, "HEAD is detached here, so no branch is checked out to commit to")
            }
            Self::Shape { name } => write!(f, "`{name}` is no short name of a branch"),
            Self::NotFound { name, instead: None } => write!(f, "there is no branch `{name}`"),
            Self::NotFound { name, instead: Some(instead) } => {
                write!(f, "there is no branch `{name}` here, only {instead}")
            }
            Self::HeadMismatch { branch, head: Some(head) } => {
                write!(f, "`{head}` is checked out here, not `{branch}`")
            }
            Self::HeadMismatch { branch, head: None } => {
                write!(f, "HEAD is detached here, not on `{branch}`")
            }
            Self::NotAWorktree { path } => write!(f, "`{path}` has no work tree"),
            Self::Empty { paths } => {
                write!(f, "there is nothing to commit at {}", listed(paths))
            }
            Self::Judged { why, violations, .. } => {
                let paths = violations.iter().filter_map(|(_, path)| path.clone());
                let paths = paths.collect::<Vec<_>>();
                write!(f, "{why}{}{}", if paths.is_empty() { "" } else { ": " }, listed(&paths))
            }
            Self::Backstop { paths } => {
                write!(f, "the commit would also change {}, which was not named", listed(paths))
            }
            Self::Hook { hook, said } if said.is_empty() => {
                write!(f, "the `{hook}` hook refused the commit")
            }
            Self::Hook { hook, said } => write!(f, "the `{hook}` hook refused the commit: {said}"),
            Self::UnderWay(begun) => {
                write!(f, "a `git {}` is not finished here", begun.command())
            }
            Self::Unmerged { paths } => write!(f, "{} is in conflict", listed(paths)),
            Self::NotAdded { said } => write!(f, "git does not take the files: {said}"),
            Self::NotMade { said } => write!(f, "git makes no commit of it: {said}"),
            Self::Embedded { path } => {
                write!(f, "`{path}` is a repository of its own, and no submodule")
            }
            Self::MessageEmpty => write!(f, "the message is empty"),
            Self::MessageUnread { file, why } => {
                write!(f, "the message in `{file}` cannot be read: {why}")
            }
            Self::RecoveryFailed { commit, why, .. } => {
                write!(f, "{commit} was committed, but the index could not follow: {why}")
            }
        }
    }
}

/// The first paths, and how many more there are.
fn listed(paths: &[String]) -> String {
    const SHOWN: usize = 5;
    let shown: Vec<String> = paths.iter().take(SHOWN).map(|path| format!("`{path}`")).collect();
    match paths.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
