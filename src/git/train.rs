//! Several commits merged one after the other.

use anyhow::Result;

use super::joining::Joining;
use super::merge::{AutoMerge, Kept, automatic_merge};
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
/// # Errors
/// If a commit is missing, if git fails, as [`Writer::commit`], or what `settle` returns.
pub fn train(writer: &Writer<'_>, wagons: &[Wagon], request: &Request<'_>) -> Result<Train> {
    let tree = writer.repo.tree_of_commit(request.start)?;
    let kept = Kept { tree, paths: request.kept, but: request.but };
    let mut train = Train { steps: Vec::new(), tip: request.start };
    for wagon in wagons {
        let outcome = step(writer, (&train, wagon), (kept, request))?;
        if let Outcome::Merged { commit } = outcome {
            train.tip = commit;
        }
        let stops =
            matches!(outcome, Outcome::Conflict(_)) && request.at_conflict == AtConflict::Stop;
        train.steps.push(Step { wagon: wagon.clone(), outcome });
        if stops {
            break;
        }
    }
    Ok(train)
}

fn step(
    writer: &Writer<'_>,
    (train, wagon): (&Train, &Wagon),
    (kept, request): (Kept<'_>, &Request<'_>),
) -> Result<Outcome> {
    let (ours, theirs) = (train.tip, wagon.tip);
    if writer.repo.is_ancestor(theirs, ours)? {
        return Ok(Outcome::Contained);
    }
    let merge = automatic_merge(writer.repo, ours, &[theirs])?.keeping(writer, &kept)?;
    let merge = (request.settle)(writer, merge, ours, theirs)?;
    let message = &(request.message)(wagon);
    let joining = Joining { ours, theirs, kept, signed: request.signed, message };
    Ok(match joining.finish(writer, merge)? {
        Ok(commit) => Outcome::Merged { commit },
        Err(merge) => Outcome::Conflict(merge),
    })
}
