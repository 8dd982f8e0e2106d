//! Why `git kitty commit` says no. The codes are the reference's (`formats.md` section 5), but for the
//! first.

mod sentence;

use serde_json::json;

use super::{Exit, Facts, UnderWay, quoted};

/// A commit of some paths that was not made; the last but one was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommitRefusal {
    /// No branch was named.
    DestinationRequired,
    /// No branch was named, and the one that is checked out was to be taken, but there is none.
    DestinationDetached,
    /// What was named is no short name of a branch.
    Shape {
        /// The name.
        name: String,
    },
    /// There is no such local branch.
    NotFound {
        /// The name.
        name: String,
        /// What there is of that name instead.
        instead: Option<String>,
    },
    /// Another branch is checked out, or none.
    HeadMismatch {
        /// The branch that was named.
        branch: String,
        /// The one that is checked out.
        head: Option<String>,
    },
    /// There is no work tree to commit from.
    NotAWorktree {
        /// The repository.
        path: String,
    },
    /// The paths are as HEAD has them, or match nothing.
    Empty {
        /// The paths that were named.
        paths: Vec<String>,
    },
    /// The judge refuses the change for the branch.
    Judged {
        /// The branch.
        branch: String,
        /// Whether that is because the branch is protected.
        is_protected: bool,
        /// Why, in one sentence.
        why: String,
        /// What to do about it.
        step: String,
        /// Each reason: its code, and the path.
        violations: Vec<(&'static str, Option<String>)>,
    },
    /// The commit would change more than the paths that were named.
    Backstop {
        /// What else.
        paths: Vec<String>,
    },
    /// A hook said no.
    Hook {
        /// Its name.
        hook: &'static str,
        /// What it wrote.
        said: String,
    },
    /// Something is begun in the worktree that a commit would end.
    UnderWay(UnderWay),
    /// Paths in conflict.
    Unmerged {
        /// The paths.
        paths: Vec<String>,
    },
    /// Git does not take the files.
    NotAdded {
        /// Its words.
        said: String,
    },
    /// A repository of its own that git would take for a submodule.
    Embedded {
        /// Where it is.
        path: String,
    },
    /// Git makes no commit of them.
    NotMade {
        /// Its words.
        said: String,
    },
    /// Nothing remains of the message.
    MessageEmpty,
    /// A hook did not leave the file of the message so that it can be read.
    MessageUnread {
        /// The file.
        file: String,
        /// Why not.
        why: String,
    },
    /// The commit was made, and the index could not follow.
    RecoveryFailed {
        /// The commit.
        commit: String,
        /// The paths that were named.
        paths: Vec<String>,
        /// Why not.
        why: String,
    },
}

impl CommitRefusal {
    pub(super) const fn code(&self) -> &'static str {
        match self {
            Self::DestinationRequired | Self::DestinationDetached => "DESTINATION_REF_REQUIRED",
            Self::Shape { .. } => "SAFE_COMMIT_DESTINATION_REF_SHAPE",
            Self::NotFound { .. } => "SAFE_COMMIT_DESTINATION_NOT_FOUND",
            Self::HeadMismatch { .. } => "SAFE_COMMIT_HEAD_MISMATCH",
            Self::NotAWorktree { .. } => "SAFE_COMMIT_NOT_A_WORKTREE",
            Self::Empty { .. } => "SAFE_COMMIT_EMPTY_CHANGESET",
            Self::Judged { is_protected: true, .. } => "SAFE_COMMIT_PROTECTED_BRANCH",
            Self::Judged { is_protected: false, .. } => "SAFE_COMMIT_PATH_POLICY",
            Self::Backstop { .. } => "SAFE_COMMIT_BACKSTOP",
            Self::RecoveryFailed { .. } => "SAFE_COMMIT_RECOVERY_FAILED",
            Self::Hook { .. }
            | Self::UnderWay(_)
            | Self::Unmerged { .. }
            | Self::NotAdded { .. }
            | Self::Embedded { .. }
            | Self::NotMade { .. }
            | Self::MessageEmpty
            | Self::MessageUnread { .. } => "SAFE_COMMIT_GENERIC",
        }
    }

    /// The exit status.
    pub(super) const fn exit(&self) -> Exit {
        match self {
            Self::DestinationRequired | Self::DestinationDetached | Self::Shape { .. } => {
                Exit::Usage
            }
            Self::NotFound { .. }
            | Self::HeadMismatch { .. }
            | Self::Empty { .. }
            | Self::Judged { .. }
            | Self::Backstop { .. }
            | Self::RecoveryFailed { .. }
            | Self::Hook { .. }
            | Self::UnderWay(_)
            | Self::Unmerged { .. }
            | Self::NotAdded { .. }
            | Self::Embedded { .. }
            | Self::NotMade { .. }
            | Self::MessageEmpty
            | Self::MessageUnread { .. } => Exit::Refused,
            Self::NotAWorktree { .. } => Exit::NotSetUp,
        }
    }

    /// What to do next, as a command where there is one.
    pub(super) fn hint(&self) -> String {
        match self {
            Self::DestinationRequired => "say for which branch it is: `--to-branch B`".to_owned(),
            Self::DestinationDetached => {
                "`git switch B` for the branch that it is for (`git switch -c B` for a new one), and \
                 try again with `--to-branch B`"
                    .to_owned()
            }
            Self::Shape { .. } => {
                "give the short name of the branch that is checked out, as in `cart-totals`"
                    .to_owned()
            }
            Self::NotFound { .. } => {
                "`git branch --show-current` tells which branch is checked out".to_owned()
            }
            Self::HeadMismatch { branch, .. } => format!(
                "commit from the worktree that has `{branch}` checked out (`git worktree list`), or \
                 `git switch {branch}`"
            ),
            Self::NotAWorktree { .. } => "go to a worktree: `git worktree list`".to_owned(),
            Self::Empty { .. } => {
                "`git status` tells what has changed; what is ignored is not taken".to_owned()
            }
            Self::Judged { step, .. } => step.clone(),
            Self::Backstop { .. } => {
                "name these paths too, or keep the hook from staging them; nothing was committed"
                    .to_owned()
            }
            Self::Hook { .. } => {
                "satisfy the hook, and try again; nothing was committed".to_owned()
            }
            Self::UnderWay(UnderWay::Bisect) => "end it: `git bisect reset`".to_owned(),
            Self::UnderWay(begun) => {
                let begun = begun.command();
                format!(
                    "finish it or give it up: `git {begun} --continue` or `git {begun} --abort`"
                )
            }
            Self::Unmerged { .. } => "mend the files, `git add` them, and try again".to_owned(),
            Self::NotMade { .. } => "mend that, and try again; nothing was committed".to_owned(),
            Self::NotAdded { .. } => "mend that, or leave the path out".to_owned(),
            Self::Embedded { .. } => {
                "leave it out, or `git submodule add` it and try again".to_owned()
            }
            Self::MessageUnread { .. } => {
                "mend the hook that took it away; nothing was committed".to_owned()
            }
            Self::MessageEmpty => "say what the commit is about: `-m M`".to_owned(),
            Self::RecoveryFailed { paths, .. } => {
                let paths: Vec<String> = paths.iter().map(|path| quoted(path)).collect();
                format!(
                    "the commit stays; from the top of the worktree: `git reset -q -- {}`",
                    paths.join(" ")
                )
            }
        }
    }

    /// What it is about.
    pub(super) fn facts(&self) -> Facts {
        let mut facts = Facts::default();
        match self {
            Self::Shape { name } | Self::NotFound { name, .. } => {
                facts.destination_ref = Some(name.clone());
            }
            Self::HeadMismatch { branch, head } => {
                facts.destination_ref = Some(branch.clone());
                facts.more.insert("head".to_owned(), json!(head));
            }
            Self::Judged { branch, violations, .. } => {
                facts.destination_ref = Some(branch.clone());
                facts.paths = violations.iter().filter_map(|(_, path)| path.clone()).collect();
                let each = violations.iter();
                let each = each.map(|(code, path)| json!({"error_code": code, "path": path}));
                facts.more.insert("violations".to_owned(), each.collect());
            }
            Self::RecoveryFailed { commit, paths, .. } => {
                facts.paths.clone_from(paths);
                facts.more.insert("commit".to_owned(), json!(commit));
            }
            Self::Empty { paths } | Self::Backstop { paths } | Self::Unmerged { paths } => {
                facts.paths.clone_from(paths)
            }
            Self::Hook { hook, .. } => {
                facts.more.insert("hook".to_owned(), json!(hook));
            }
            Self::NotAWorktree { path } | Self::Embedded { path } => {
                facts.paths = vec![path.clone()];
            }
            Self::DestinationRequired
            | Self::DestinationDetached
            | Self::UnderWay(_)
            | Self::NotAdded { .. }
            | Self::NotMade { .. }
            | Self::MessageEmpty
            | Self::MessageUnread { .. } => {}
        }
        facts
    }
}
