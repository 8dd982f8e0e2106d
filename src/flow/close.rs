//! Closing a mission: its worktrees go, then its branches, and nothing that only they have.
//!
//! All is looked at before anything goes. A branch goes only with the tip that was looked at; the
//! coordination branch's last one stays at a ref of ours, from which others can prove the landing,
//! and those of a mission that is given up stay so that it can be taken back.

use std::path::PathBuf;

use anyhow::Result;

use crate::domain::branch::BranchName;
use crate::domain::layout;
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::domain::refname::RefName;
use crate::domain::refusal::{MergeRefusal, Refusal, WorktreeRole};
use crate::git::worktree::{PathLock, Removed, check_only_at, check_removable, remove_under};
use crate::git::{Environment, Repo, crash};
use crate::store::{Mission, Source, Store};

use super::coordination;
use super::host::Host;
use super::lane_branches::{LaneBranch, lane_branches};
use super::lanes::{Site, forget, worktree_root};
use super::merging::{in_progress, verify};
use super::transaction::{Receipt, Tip, Transaction, run_moves};

/// How a mission is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// It has landed: its branches are part of the target.
    Landed,
    /// It is given up, whatever was merged of it.
    Discarded,
    /// Only the worktrees go.
    KeepBranches,
}

/// A branch with its tip.
type Tipped = (BranchName, Oid);

/// What is gone.
#[derive(Debug, Default)]
pub struct Closed {
    /// The branches, with the tips that they had.
    pub branches: Vec<Tipped>,
    /// The worktrees, each with what git ignored in it.
    pub worktrees: Vec<(PathBuf, Vec<RepoPath>)>,
    /// The refs that keep the tips.
    pub kept: Vec<RefName>,
    /// What was written.
    pub receipt: Option<Receipt>,
}

/// A branch of the mission and where its worktree would be.
struct Part {
    branch: BranchName,
    path: PathBuf,
    role: WorktreeRole,
    /// Its name below the refs of a discarded mission.
    name: String,
    /// The lane, if it is one.
    site: Option<Site>,
}

/// Closes a mission. Of one that is closed nothing is left to go.
///
/// # Errors
/// [`MergeRefusal::InProgress`]; [`Refusal::MissionNotLanded`] with what the target lacks; as [`remove_under`], before anything has
/// gone; [`Refusal::NoCoordinationBranch`] for an older mission; as
/// [`super::transaction::run`]: then worktrees are gone, and no branch.
pub fn close(repo: &Repo, host: &Host, mission: &Mission, how: How) -> Result<Closed> {
    // One may stand in a worktree that goes.
    let repo = &Repo::open(repo.common_dir(), Environment::default())?;
    if mission.source == Source::Primary {
        if Store::new(repo).is_over(mission)? {
            return Ok(Closed::default());
        }
        return Err(Refusal::NoCoordinationBranch { mission: mission.dir.clone() }.into());
    }
    if let Some(worktree) = in_progress(repo, mission)? {
        let (mission, worktree) = (mission.dir.clone(), worktree.display().to_string());
        return Err(Refusal::from(MergeRefusal::InProgress { mission, worktree }).into());
    }
    let parts = parts(repo, mission)?;
    // Held until the branches are gone too: else a claim could make a worktree in between.
    let locks = parts.iter().map(|part| PathLock::wait(repo, &part.path));
    let locks = locks.collect::<Result<Vec<_>>>()?;
    if how == How::Landed {
        landed(repo, mission, &parts)?;
    }
    for part in &parts {
        if how != How::KeepBranches {
            check_only_at(repo, (&part.path, &part.branch))?;
        }
        check_removable(repo, (&part.path, &part.branch), part.role)?;
    }
    let mut worktrees = Vec::new();
    for (part, lock) in parts.iter().zip(&locks) {
        match remove_under(lock, repo, (&part.path, &part.branch), part.role)? {
            Removed::Removed { ignored } => worktrees.push((part.path.clone(), ignored)),
            Removed::Absent => {}
        }
    }
    crash::point("worktrees-removed");
    // Spec Kitty's records of the lanes go with their worktrees.
    for site in parts.iter().filter_map(|part| part.site.as_ref()) {
        forget(repo, mission, site)?;
    }
    if how == How::KeepBranches {
        let (branches, kept) = (Vec::new(), Vec::new());
        return Ok(Closed { branches, worktrees, kept, receipt: None });
    }
    let ((branches, kept), receipt) =
        run_moves(repo, host, &mission.dir, |transaction| delete(transaction, repo, &parts, how))?;
    Ok(Closed { branches, worktrees, kept, receipt: Some(receipt) })
}

/// The branches of the mission, the coordination branch first, with their worktrees: also those of
/// lanes that are in no plan any more.
fn parts(repo: &Repo, mission: &Mission) -> Result<Vec<Part>> {
    let mut parts = vec![Part {
        branch: mission.branch().parse()?,
        path: coordination::path(repo, mission)?,
        role: WorktreeRole::Coordination,
        name: "coordination".to_owned(),
        site: None,
    }];
    let lanes = Store::new(repo).lanes(mission)?;
    let ids = lanes.iter().flat_map(|lanes| &lanes.lanes).map(|lane| &lane.id);
    for id in ids.filter(|id| !id.is_planning()) {
        let site = Site::of(repo, mission, lanes.as_ref(), id)?;
        parts.push(Part {
            branch: site.branch.clone(),
            path: site.path.clone(),
            role: WorktreeRole::Lane,
            name: id.to_string(),
            site: Some(site),
        });
    }
    parts.extend(unplanned(repo, mission, &parts)?);
    Ok(parts)
}

/// The branches of lanes that the plan has dropped: whoever worked there may not know.
fn unplanned(repo: &Repo, mission: &Mission, planned: &[Part]) -> Result<Vec<Part>> {
    let root = worktree_root(repo)?;
    let part = |found: LaneBranch| Part {
        path: root.join(format!("{}-{}", mission.dir, found.lane)),
        branch: found.branch,
        role: WorktreeRole::Lane,
        name: found.lane.to_string(),
        site: None,
    };
    let mut found = lane_branches(repo, &mission.branch(), "refs/heads/")?;
    found.retain(|found| planned.iter().all(|part| part.branch != found.branch));
    Ok(found.into_iter().map(part).collect())
}

/// That the target has all commits of the branches, or what they add up to, by a certificate that
/// holds: after a squash it has none of the commits.
fn landed(repo: &Repo, mission: &Mission, parts: &[Part]) -> Result<()> {
    let name = mission.meta.target_branch.clone();
    let missing = || Refusal::DestinationMissing { name: name.clone() };
    let target = repo.find(&RefName::of_branch(&name)?)?.ok_or_else(missing)?;
    let mut open = Vec::new();
    for part in parts {
        let Some(tip) = repo.find(&part.branch.ref_name()?)? else { continue };
        let count = repo.commits_since(tip, &[target])?.len();
        if count > 0 {
            open.push((part.branch.to_string(), count));
        }
    }
    if open.is_empty() || is_certified(repo, mission, parts)? {
        return Ok(());
    }
    let (mission, target) = (mission.dir.clone(), name.clone());
    Err(Refusal::MissionNotLanded { mission, target, branches: open }.into())
}

/// Whether a landing is proven that has all that the branches have.
fn is_certified(repo: &Repo, mission: &Mission, parts: &[Part]) -> Result<bool> {
    let verified = match verify(repo, mission) {
        Ok(verified) => verified,
        Err(error) if error.is::<Refusal>() => return Ok(false),
        Err(error) => return Err(error),
    };
    for part in parts {
        if let Some(tip) = repo.find(&part.branch.ref_name()?)?
            && !repo.is_ancestor(tip, verified.landed)?
        {
            return Ok(false);
        }
    }
    Ok(verified.holds())
}

/// Deletes all branches in one transaction, and keeps their tips.
fn delete(
    transaction: &mut Transaction<'_>,
    repo: &Repo,
    parts: &[Part],
    how: How,
) -> Result<(Vec<Tipped>, Vec<RefName>)> {
    let mission = transaction.mission().clone();
    if how == How::Landed {
        landed(repo, &mission, parts)?;
    }
    let (mut branches, mut kept) = (Vec::new(), Vec::new());
    for part in parts {
        let name = part.branch.ref_name()?;
        let Some(tip) = repo.find(&name)? else { continue };
        check_only_at(repo, (&part.path, &part.branch))?;
        branches.push((part.branch.clone(), tip));
        if part.role == WorktreeRole::Lane {
            transaction.also(name, Some(tip), None);
        }
        let Some(keep) = keep(repo, &mission, (part, tip), how)? else { continue };
        let old = repo.find(&keep)?;
        transaction.also(keep.clone(), old, Some(Tip::Commit(tip)));
        kept.push(keep);
    }
    transaction.describe(format!("Close mission {}", mission.dir));
    transaction.end();
    Ok((branches, kept))
}

/// The ref that keeps a tip: for a mission that has landed one, else one for each branch. What it
/// keeps already stays: a mission that was taken back may be given up again.
fn keep(
    repo: &Repo,
    mission: &Mission,
    (part, tip): (&Part, Oid),
    how: How,
) -> Result<Option<RefName>> {
    let Some(id) = &mission.meta.id else { return Ok(None) };
    let name = match (how, part.role) {
        (How::Landed, WorktreeRole::Coordination) => format!("{}/{id}", layout::LANDED),
        (How::Discarded, _) => format!("{}/{id}/{}", layout::DISCARDED, part.name),
        (How::Landed | How::KeepBranches, _) => return Ok(None),
    };
    let numbered = (2_u32..).map(|number| format!("{name}-{number}"));
    for candidate in std::iter::once(name.clone()).chain(numbered) {
        let candidate: RefName = candidate.parse()?;
        let is_free = match repo.find(&candidate)? {
            Some(kept) => repo.is_ancestor(kept, tip)?,
            None => true,
        };
        if is_free {
            return Ok(Some(candidate));
        }
    }
    Ok(None)
}
