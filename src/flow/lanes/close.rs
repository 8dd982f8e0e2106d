//! Closing a lane: its worktree goes, then its branch, if nothing is lost by that.

use anyhow::Result;

use super::context;
use super::site::Site;
use crate::domain::id::LaneId;
use crate::domain::oid::Oid;
use crate::domain::refname::RefName;
use crate::domain::refusal::{Refusal, WorktreeRole};
use crate::flow::host::Host;
use crate::flow::transaction::{Receipt, run_moves};
use crate::git::worktree::{PathLock, Removed, check_only_at, remove_under};
use crate::git::{Environment, Repo, crash};
use crate::store::{Mission, Store};

/// A lane that is closed.
#[derive(Debug, Clone)]
pub struct Closed {
    /// The lane.
    pub site: Site,
    /// Whether there was a worktree.
    pub worktree: Removed,
    /// The tip of the branch, if there was one.
    pub tip: Option<Oid>,
}

/// How many commits a refusal names.
const NAMED: usize = 5;

/// Removes a lane's worktree, then its branch. A second time there is nothing to do.
///
/// # Errors
/// [`Refusal::LaneNotContained`] with the commits that neither the coordination branch nor the
/// target has, [`Refusal::BranchCheckedOut`] if it is checked out elsewhere, and what [`remove_under`]
/// refuses: nothing has changed then. What `run_moves` refuses: the
/// branch is still there then, its worktree is not.
pub fn close(
    repo: &Repo,
    host: &Host,
    mission: &Mission,
    id: &LaneId,
) -> Result<(Closed, Receipt)> {
    // One may stand in the worktree that goes.
    let repo = &Repo::open(repo.common_dir(), Environment::default())?;
    let lanes = Store::new(repo).lanes(mission)?;
    let site = Site::of(repo, mission, lanes.as_ref(), id)?;
    // Held until the branch is gone too: else a claim could make a worktree of it in between.
    let lock = PathLock::wait(repo, &site.path)?;
    deletable(repo, mission, &site)?;
    check_only_at(repo, (&site.path, &site.branch))?;
    let worktree = remove_under(&lock, repo, (&site.path, &site.branch), WorktreeRole::Lane)?;
    crash::point("worktrees-removed");
    let (tip, receipt) = run_moves(repo, host, &mission.dir, |transaction| {
        let tip = deletable(repo, transaction.mission(), &site)?;
        check_only_at(repo, (&site.path, &site.branch))?;
        if tip.is_some() {
            transaction.also(site.name.clone(), tip, None);
            transaction.describe(format!("{id}: close"));
        }
        Ok(tip)
    })?;
    context::forget(repo, mission, &site)?;
    Ok((Closed { site, worktree, tip }, receipt))
}

/// The tip of the branch, if it exists: coordination branch or target has all of it.
fn deletable(repo: &Repo, mission: &Mission, site: &Site) -> Result<Option<Oid>> {
    let Some(tip) = repo.find(&site.name)? else { return Ok(None) };
    let mut others = Vec::new();
    for branch in [&site.base, &mission.meta.target_branch] {
        others.extend(repo.find(&RefName::of_branch(branch)?)?);
    }
    let mut missing = repo.commits_since(tip, &others)?;
    if missing.is_empty() {
        return Ok(Some(tip));
    }
    missing.reverse();
    let mut commits = Vec::new();
    for commit in missing.iter().take(NAMED) {
        let short: String = commit.to_string().chars().take(12).collect();
        commits.push(format!("{short} {}", repo.subject(*commit)?));
    }
    if missing.len() > NAMED {
        commits.push(format!("and {} more", missing.len() - NAMED));
    }
    Err(Refusal::LaneNotContained { branch: site.branch.to_string(), commits }.into())
}
