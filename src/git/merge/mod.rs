//! The merge that Git makes by itself, computed without a work tree.
//!
//! Everyone gets the same tree from the same commits, since a merge commit is judged by what differs
//! from it: the settings are fixed, attributes come from the commit that is merged into, and the
//! place is one of our own. A merge driver cannot be trusted to be everywhere: the paths that have
//! one are conflicts, unless only one side changed them. So are submodules that both sides moved:
//! which of two commits is the later one, only a checkout of the submodule knows.

mod answer;
mod attributes;
mod batch;
mod place;
mod predict;
mod settings;

use anyhow::Result;

pub use self::answer::{AutoMerge, Conflicted, Kept, Unplaced};
pub(super) use self::batch::merge_two;
pub use self::batch::{Pair, merge_all};
pub use self::predict::{Footprint, predict};
use super::repo::Repo;
use crate::domain::oid::Oid;

/// Merges the commits `theirs` into `ours`, one after the other, as Git would without a person.
/// Histories without a common commit are merged too, as if all were added.
///
/// Writes objects that nothing reaches; moves no ref and touches no work tree.
///
/// # Errors
/// If a commit is missing, or `git` fails.
pub fn automatic_merge(repo: &Repo, ours: Oid, theirs: &[Oid]) -> Result<AutoMerge> {
    let mut merged = AutoMerge::of_tree(repo.tree_of_commit(ours)?);
    let mut tip = ours;
    for (place, other) in theirs.iter().enumerate() {
        merged = merged.then(merge_two(repo, tip, *other)?);
        if place + 1 < theirs.len() {
            tip = commit(repo, merged.tree, [tip, *other])?;
        }
    }
    Ok(merged)
}

/// What `fuzz/` reaches of the private parts.
#[cfg(fuzzing)]
pub(super) fn fuzz(bytes: &[u8]) {
    drop(answer::parse(bytes));
    drop(answer::parse_one(true, bytes));
}

/// A commit between two steps, that only serves to find the next merge base.
fn commit(repo: &Repo, tree: Oid, parents: [Oid; 2]) -> Result<Oid> {
    let mut git = repo.git().args(["commit-tree", &tree.to_string(), "-m", "octopus"]);
    for parent in parents {
        git = git.args(["-p", &parent.to_string()]);
    }
    for role in ["AUTHOR", "COMMITTER"] {
        git = git
            .env(&format!("GIT_{role}_NAME"), "git-kitty")
            .env(&format!("GIT_{role}_EMAIL"), "git-kitty@invalid")
            .env(&format!("GIT_{role}_DATE"), "@0 +0000");
    }
    Ok(git.line()?.parse()?)
}
