//! A log that is no lawful successor of the one that was seen last, and the ways out.

use std::fmt;

use super::integrity::Kind;

/// What speaks against a mission's log, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regression {
    /// What kind.
    pub kind: Kind,
    /// The mission's directory.
    pub mission: String,
    /// The file, as a person would look for it.
    pub file: String,
    /// The line, counted from 1: of the log that was seen for lines that are gone, else of the present
    /// one. `None` if what was seen is in the repository no more.
    pub line: Option<usize>,
    /// The event there, where it has an id.
    pub event_id: Option<String>,
    /// The id of what was seen, as a blob.
    pub seen: String,
    /// The id of what is there now; `None` if nothing is, or no object.
    pub present: Option<String>,
    /// How the lines come back.
    pub way_back: WayBack,
}

/// How lost lines come back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WayBack {
    /// The branch went back to an earlier commit and nothing was added: it moves forward again.
    Forward {
        /// Its full name.
        name: String,
        /// The commit that was seen.
        seen: String,
        /// Where the branch is.
        present: String,
    },
    /// The branch went another way: the commit that was seen is merged.
    Merge {
        /// The branch.
        branch: String,
        /// That commit.
        seen: String,
    },
    /// A later commit did it, and is to be reverted.
    Revert {
        /// The commit that was seen.
        seen: String,
        /// Where the branch is.
        present: String,
        /// The log, from the top of the repository.
        path: String,
    },
    /// In the primary checkout, perhaps by switching back to another branch.
    Checkout,
    /// None that Git knows.
    Unknown,
}

impl Regression {
    /// What shows the difference, what takes the lines back, and what accepts the log as it is.
    #[must_use]
    pub fn next_step(&self) -> String {
        let look = match &self.present {
            Some(present) => format!("`git diff {} {present}` shows what changed", self.seen),
            None => format!("`git cat-file -p {}` shows what was there", self.seen),
        };
        let accept =
            format!("`git kitty log --mission {} --accept` takes it as it is", self.mission);
        match (self.kind, &self.way_back, self.line) {
            (Kind::DoubledId, _, _) => {
                format!("find out with `git log -p` which of the two is right; {accept}")
            }
            (Kind::Shrank | Kind::Forked | Kind::Reordered, way, Some(_)) => {
                format!("{look}; {way} brings the lines back; {accept}")
            }
            (Kind::Shrank | Kind::Forked | Kind::Reordered, way, None) => {
                format!("{way} may still have the lines; {accept}")
            }
        }
    }
}

impl fmt::Display for Regression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, file, event_id, seen, .. } = self;
        match self.line {
            Some(line) => {
                write!(f, "{file}:{line}: since it was last seen, the log {}", kind.what())?;
            }
            None => write!(
                f,
                "{file}: the log does not go on from the one that was last seen (`{seen}`), which is gone"
            )?,
        }
        event_id.iter().try_for_each(|id| write!(f, " (event `{id}`)"))
    }
}

impl fmt::Display for WayBack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Forward { name, seen, present } => {
                write!(f, "`git update-ref {name} {seen} {present}`")
            }
            Self::Merge { branch, seen } => {
                write!(f, "`git merge {seen}` in a worktree of `{branch}`")
            }
            Self::Revert { seen, present, path } => write!(
                f,
                "reverting the commit that `git log -p {seen}..{present} -- {path}` shows"
            ),
            Self::Checkout => write!(f, "the branch that was checked out in the primary checkout"),
            Self::Unknown => write!(f, "the branch in another clone"),
        }
    }
}
