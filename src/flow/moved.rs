//! History that is written anew: a rebase of a lane makes the commits of work packages again that
//! are not active any more.

use std::collections::BTreeSet;

use anyhow::Result;

use super::branch_judge::BranchJudge;
use super::commits::{Passage, own_changes};
use super::found::Found;
use crate::domain::path::RepoPath;
use crate::git::Repo;

/// The paths that commits changed which the branch has now and will not have any more, as far as
/// work packages of its lane own them: who makes these commits again may.
///
/// # Errors
/// If a commit cannot be read.
pub(super) fn carried_paths(
    repo: &Repo,
    judge: &BranchJudge<'_>,
    passage: Passage,
) -> Result<BTreeSet<RepoPath>> {
    let (Found::Lane(lane), Some(old)) = (&judge.found, passage.old) else {
        return Ok(BTreeSet::new());
    };
    if repo.commit(passage.new)?.parents.contains(&old) || repo.is_ancestor(old, passage.new)? {
        return Ok(BTreeSet::new());
    }
    let Some(everybody) = lane.facts.as_ref().ok().and_then(|facts| facts.ever_claimed().ok())
    else {
        return Ok(BTreeSet::new());
    };
    let mut paths = BTreeSet::new();
    for commit in repo.commits_since(old, &[passage.new])? {
        paths.extend(own_changes(repo, judge, commit)?.into_iter().map(|change| change.path));
    }
    paths.retain(|path| everybody.codebase_wide || everybody.owned.matching(path).is_some());
    Ok(paths)
}
