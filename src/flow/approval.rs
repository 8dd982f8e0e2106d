//! Leaving a note of what the doors before a commit let pass with a warning, where the policy only
//! warns or by an override: what comes to the branch without it came past them, and was not told.

use anyhow::Result;

use super::guard::Judgement;
use crate::domain::oid::Oid;
use crate::git::Repo;
use crate::store::approved;

/// Notes the tree that the next commit would have, and those of `others` that it brings along.
///
/// # Errors
/// If the index or a commit cannot be read, or the note cannot be written.
pub(super) fn approve(repo: &Repo, judgement: &Judgement, others: &[Oid]) -> Result<()> {
    let is_told = judgement.only_warns || judgement.verdict.overridden.is_some();
    let Some(branch) = judgement.branch.as_ref().filter(|_| is_told) else {
        return Ok(());
    };
    let mut trees = Vec::new();
    for other in others {
        trees.push(repo.tree_of_commit(*other)?);
    }
    trees.push(next_tree(repo)?);
    approved::leave(repo, branch, &trees)
}

fn next_tree(repo: &Repo) -> Result<Oid> {
    let base = repo.head()?.tip().map(|tip| repo.tree_of_commit(tip)).transpose()?;
    repo.id_of_changed(base, &repo.staged(base)?.changes)
}
