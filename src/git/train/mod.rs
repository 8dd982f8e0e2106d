//! Several commits merged one after the other.

mod ahead;
mod run;

use anyhow::Result;

use self::run::Run;
use super::merge::AutoMerge;
use super::write::{Signed, Writer};
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;

/// A commit to be merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wagon {
    /// What people call it, e.g. the lane's id.
    pub name: String,
    /// The commit.
    pub tip: Oid,
}

/// How the merge of a wagon ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is merged.
    Merged {
        /// The merge commit.
        commit: Oid,
    },
    /// The train had it already.
    Contained,
    /// A person is needed; nothing of it is in the train.
    Conflict(AutoMerge),
}

/// A wagon with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The wagon.
    pub wagon: Wagon,
    /// What became of it.
    pub outcome: Outcome,
}

/// What a train came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Train {
    /// The steps, in order; the last one is a conflict where the train stopped.
    pub steps: Vec<Step>,
    /// The last merge commit; where it started, if there is none.
    pub tip: Oid,
}

/// What happens at a wagon that conflicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AtConflict {
    /// No other is looked at.
    Stop,
    /// It is left out, and the train goes on.
    Skip,
}

/// What settles conflicts that need no person after all: it is given a merge with its two commits,
/// what is merged into first.
pub type Settle<'a> = &'a dyn Fn(&Writer<'_>, AutoMerge, Oid, Oid) -> Result<AutoMerge>;

/// How a train is made.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// Where it starts.
    pub start: Oid,
    /// Paths that stay as the start has them: files, and directories with all below them.
    pub kept: &'a [RepoPath],
    /// Files in such directories that are merged all the same.
    pub but: &'a [RepoPath],
    /// What settles conflicts.
    pub settle: Settle<'a>,
    /// The message of the commit that merges a wagon.
    pub message: &'a dyn Fn(&Wagon) -> String,
    /// Who makes the commits, and when.
    pub signed: Signed<'a>,
    /// What happens at a conflict.
    pub at_conflict: AtConflict,
}

/// Merges the wagons into the start, one after the other, as Git would without a person. Writes
/// objects that nothing reaches; moves no ref and touches no work tree.
///
/// What a merge comes to is predicted where that is sure, and git proves all of it in one process;
/// where it says otherwise, it is right.
///
/// # Errors
/// If a commit is missing, if git fails, as [`Writer::commit`], or what `settle` returns.
pub fn train(writer: &Writer<'_>, wagons: &[Wagon], request: &Request<'_>) -> Result<Train> {
    let mut run = Run::begin(writer, wagons, request)?;
    run.go()?;
    writer.sync()?;
    Ok(run.into_train())
}
