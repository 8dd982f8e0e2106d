//! Everything we expect to say no to: one enum, with its code, sentence, next step and exit status.
//!
//! What is not in here is a bug or a broken machine, and travels as `anyhow::Error`. Codes that the
//! reference has keep its names (`formats.md` sections 4, 5 and 8). `docs/codes.md` explains each,
//! and a test compares the two.

use std::fmt;

/// How a process ends. The numbers are promised in `cli.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done, allowed, nothing found.
    Yes = 0,
    /// Refused, or findings.
    Refused = 1,
    /// Usage, or input that cannot be parsed.
    Usage = 2,
    /// A conflict in content.
    Conflict = 3,
    /// Lost a race for good, lock timeout, remote refused.
    Race = 4,
    /// Not a repository, not set up, git too old.
    NotSetUp = 5,
    /// A bug of ours.
    Bug = 70,
}

/// A kind of document, for [`Refusal::Damaged`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Document {
    /// `meta.json`.
    Meta,
    /// `lanes.json`.
    Lanes,
    /// `tasks/WP*.md`.
    WorkPackage,
    /// `status.events.jsonl`.
    EventLog,
    /// `status.json`.
    Snapshot,
    /// `review-cycle-N.md`.
    ReviewCycle,
    /// `.kittify/workspaces/*.json`.
    WorkspaceContext,
    /// `.kittify/config.yaml`.
    Policy,
}

impl Document {
    const fn code(self) -> &'static str {
        match self {
            Self::Meta => "META_INVALID",
            Self::Lanes => "LANES_CORRUPT",
            Self::WorkPackage => "WP_FILE_INVALID",
            Self::EventLog => "EVENT_LOG_INVALID",
            Self::Snapshot => "SNAPSHOT_INVALID",
            Self::ReviewCycle => "REVIEW_CYCLE_INVALID",
            Self::WorkspaceContext => "WORKSPACE_CONTEXT_INVALID",
            Self::Policy => "POLICY_CONFIG_INVALID",
        }
    }
}

/// An expected "no".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// A document that cannot be read as what it should be.
    Damaged {
        /// What it should be.
        document: Document,
        /// Where it stands, as a person would look for it.
        file: String,
        /// The line, counted from 1, where one can be named.
        line: Option<usize>,
        /// What is wrong there.
        what: String,
    },
    /// The directory is in no Git repository.
    NotARepository {
        /// Where the search began.
        start: String,
    },
    /// Git itself would refuse the repository: it belongs to another user.
    UntrustedRepository {
        /// The repository.
        path: String,
    },
    /// The `git` on PATH is older than what we support.
    GitTooOld {
        /// What `git version` said.
        found: String,
    },
}

impl Refusal {
    /// A damaged document, with the line where one is known.
    #[must_use]
    pub fn damaged(
        document: Document,
        file: &str,
        line: Option<usize>,
        what: impl Into<String>,
    ) -> Self {
        Self::Damaged { document, file: file.to_owned(), line, what: what.into() }
    }

    /// The stable code, explained in `docs/codes.md`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Damaged { document, .. } => document.code(),
            Self::NotARepository { .. } => "NOT_A_GIT_REPOSITORY",
            Self::UntrustedRepository { .. } => "UNTRUSTED_REPOSITORY",
            Self::GitTooOld { .. } => "GIT_VERSION_TOO_OLD",
        }
    }

    /// The exit status.
    #[must_use]
    pub const fn exit(&self) -> Exit {
        match self {
            Self::Damaged { .. } => Exit::Usage,
            Self::NotARepository { .. }
            | Self::UntrustedRepository { .. }
            | Self::GitTooOld { .. } => Exit::NotSetUp,
        }
    }

    /// What to do next, as a command where there is one.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Damaged { file, .. } => format!("mend `{file}`, or restore it from Git, and try again"),
            Self::NotARepository { .. } => "go to a repository, or name one with `-C PATH`".to_owned(),
            Self::UntrustedRepository { path } => {
                format!("if you trust it: `git config --global --add safe.directory {path}`")
            }
            Self::GitTooOld { .. } => "install git 2.38 or later".to_owned(),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Damaged { file, line: Some(line), what, .. } => write!(f, "{file}:{line}: {what}"),
            Self::Damaged { file, line: None, what, .. } => write!(f, "{file}: {what}"),
            Self::NotARepository { start } => write!(f, "`{start}` is in no Git repository"),
            Self::UntrustedRepository { path } => {
                write!(f, "the repository at `{path}` belongs to another user")
            }
            Self::GitTooOld { found } => write!(f, "`{found}` is too old"),
        }
    }
}

impl std::error::Error for Refusal {}

/// Something worth telling that stops nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The stable code, explained in `docs/codes.md`.
    pub code: &'static str,
    /// One sentence.
    pub message: String,
}
