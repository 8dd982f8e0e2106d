//! Merges between the branches of one mission.

use anyhow::Result;

use super::branch_judge::BranchJudge;
use super::found::Found;
use super::lanes::Site;
use super::refs::{Refs, Vouching};
use crate::domain::branch::BranchName;
use crate::domain::oid::Oid;
use crate::domain::refname::RefName;
use crate::git::Repo;
use crate::store::Store;

/// Whether `branch` is a lane, and each of the commits is in another lane of its mission or in the
/// branch that lanes are cut from, here or on the remote. What cannot be read is no mission: the
/// judge says so.
///
/// # Errors
/// If the refs or commits cannot be read.
pub(super) fn is_within_mission(
    repo: &Repo,
    store: &Store<'_>,
    (branch, others): (&BranchName, &[Oid]),
) -> Result<bool> {
    let Ok(Some((mission, Some(id)))) = store.by_branch(branch) else { return Ok(false) };
    let Ok(lanes) = store.lanes(&mission) else { return Ok(false) };
    let Ok(site) = Site::of(repo, &mission, lanes.as_ref(), &id) else { return Ok(false) };
    let ids = lanes.iter().flat_map(|lanes| &lanes.lanes).map(|lane| &lane.id);
    let ids = ids.filter(|other| !other.is_planning() && **other != id);
    let names = ids.map(|id| mission.lane_branch(id)).chain([site.base]);
    let mut tips = Vec::new();
    for name in names {
        for place in ["refs/heads", "refs/remotes/origin"] {
            tips.extend(repo.find(&format!("{place}/{name}").parse::<RefName>()?)?);
        }
    }
    for other in others {
        if !repo.is_in_any(*other, &tips)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The parents of a merge on a lane that are in its coordination branch, here or on a remote, without
/// those that come before another of them: the side whose mission files count.
///
/// # Errors
/// As [`is_within_mission`].
pub(super) fn coordination_side(judge: &BranchJudge<'_>, parents: &[Oid]) -> Result<Vec<Oid>> {
    let Found::Lane(lane) = &judge.found else { return Ok(Vec::new()) };
    let Ok(facts) = &lane.facts else { return Ok(Vec::new()) };
    let Ok(branch) = facts.mission.branch().parse::<BranchName>() else { return Ok(Vec::new()) };
    let refs = Refs { repo: judge.repo, updates: &[], vouching: Vouching::Here };
    let tips = refs.branch_and_remotes(&branch)?;
    let mut side = Vec::new();
    for parent in parents {
        if judge.repo.is_in_any(*parent, &tips)? {
            side.push(*parent);
        }
    }
    let mut latest = side.clone();
    for parent in &side {
        let others: Vec<Oid> = side.iter().copied().filter(|other| other != parent).collect();
        if judge.repo.is_in_any(*parent, &others)? {
            latest.retain(|one| one != parent);
        }
    }
    Ok(latest)
}
