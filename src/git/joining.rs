//! A merge that becomes a commit, computed without a work tree.

use anyhow::Result;

use super::merge::{AutoMerge, Kept, automatic_merge};
use super::write::{CommitSpec, Signed, Writer};
use crate::domain::oid::Oid;

/// Two commits to be brought together.
#[derive(Debug, Clone, Copy)]
pub struct Joining<'a> {
    /// What is merged into.
    pub ours: Oid,
    /// What is merged.
    pub theirs: Oid,
    /// What stays as one side has it.
    pub kept: Kept<'a>,
    /// Who does it, and when.
    pub signed: Signed<'a>,
    /// The message of the commit.
    pub message: &'a str,
}

/// Merges and makes the commit, which nothing reaches yet; or gives the merge back, if it needs a
/// person.
///
/// # Errors
/// If a commit is missing, if git fails, or as [`Writer::commit`].
pub fn merge_commit(writer: &Writer<'_>, joining: &Joining<'_>) -> Result<Result<Oid, AutoMerge>> {
    let merge = automatic_merge(writer.repo, joining.ours, &[joining.theirs])?;
    writer.adopt_tree(writer.repo.tree_of_commit(joining.ours)?, merge.tree)?;
    let merge = merge.keeping(writer, &joining.kept)?;
    let made = joining.finish(writer, merge)?;
    writer.sync()?;
    Ok(made)
}

impl Joining<'_> {
    /// The commit of a merge that was made, if that is clean; as durable as chance has it.
    pub(super) fn finish(
        &self,
        writer: &Writer<'_>,
        merge: AutoMerge,
    ) -> Result<Result<Oid, AutoMerge>> {
        if !merge.clean {
            return Ok(Err(merge));
        }
        let commit = writer.commit_unsynced(&CommitSpec {
            tree: merge.tree,
            parents: vec![self.ours, self.theirs],
            author: self.signed,
            committer: self.signed,
            message: self.message,
        })?;
        Ok(Ok(commit))
    }
}
