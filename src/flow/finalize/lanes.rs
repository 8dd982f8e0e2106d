//! The lanes of the plan.

use std::collections::BTreeSet;

use anyhow::Result;

use crate::domain::branch::{BranchName, MISSION_PREFIX};
use crate::domain::id::LaneId;
use crate::domain::lanes::{Grouping, Header, Lanes, Member, Progress, compute};
use crate::domain::oid::Oid;
use crate::domain::plan::Package;
use crate::domain::status::Status;
use crate::domain::time::Instant;
use crate::flow::transaction::Transaction;
use crate::git::Repo;

use super::packages::status;

/// What the lanes become.
pub(super) struct Planned {
    pub(super) grouping: Grouping,
    pub(super) lanes: Lanes,
    /// Whether they differ from those on the branch by more than their time.
    pub(super) is_new: bool,
}

/// Computes the lanes. What they were planned on is the target's tip: that alone is no reason to
/// write them again.
pub(super) fn lanes(
    repo: &Repo,
    transaction: &Transaction<'_>,
    (packages, fold_case): (&[Package], bool),
    (target, now): (Option<Oid>, Instant),
) -> Result<Planned> {
    let members: Vec<Member> = packages
        .iter()
        .map(|package| Member::new(&package.content, fold_case, progress(transaction, package)))
        .collect();
    let former = transaction.lanes();
    let grouping = compute(&members, former, &taken(repo, &transaction.mission().branch())?)?;
    let meta = &transaction.mission().meta;
    let header = |planning_commit_sha| Header {
        mission_slug: meta.mission_slug.clone(),
        mission_id: meta.id.clone(),
        mission_branch: transaction.mission().branch(),
        target_branch: meta.target_branch.clone(),
        computed_at: now.to_log(),
        planning_commit_sha,
    };
    let of = |sha| Lanes::of(grouping.clone(), &members, header(sha), former);
    if let Some(former) = former {
        let lanes = of(former.planning_commit_sha.clone());
        if lanes.is_same_but_for_time(former) {
            return Ok(Planned { lanes: former.clone(), grouping, is_new: false });
        }
    }
    let lanes = of(target.map(|tip| tip.to_string()));
    Ok(Planned { lanes, grouping, is_new: true })
}

/// How far the work is: whoever claimed it has begun, wherever it is now.
fn progress(transaction: &Transaction<'_>, package: &Package) -> Progress {
    let record = transaction.record(&package.content.id);
    let is_claimed = record.is_some_and(|record| record.claim.is_some());
    match status(transaction, &package.content) {
        Status::Done | Status::Canceled => Progress::Settled,
        Status::Genesis | Status::Uninitialized | Status::Planned | Status::Blocked
            if !is_claimed =>
        {
            Progress::Open
        }
        Status::Genesis
        | Status::Uninitialized
        | Status::Planned
        | Status::Blocked
        | Status::Claimed
        | Status::InProgress
        | Status::ForReview
        | Status::InReview
        | Status::Approved => Progress::Begun,
    }
}

/// The lanes that have branches, here or on the remote, whoever made them.
fn taken(repo: &Repo, branch: &str) -> Result<BTreeSet<LaneId>> {
    let mut taken = BTreeSet::new();
    let own = branch.strip_prefix(MISSION_PREFIX);
    for prefix in ["refs/heads/", "refs/remotes/origin/"] {
        for (name, _) in repo.list(&format!("{prefix}{branch}-lane-"))? {
            let short = std::str::from_utf8(name.as_bytes()).ok();
            let short = short.and_then(|name| name.strip_prefix(prefix));
            let name: Option<BranchName> = short.and_then(|name| name.parse().ok());
            let parts = name.as_ref().and_then(BranchName::mission_parts);
            let lane = parts.and_then(|parts| parts.lane);
            taken.extend(lane.filter(|(mission, _)| Some(*mission) == own).map(|(_, lane)| lane));
        }
    }
    Ok(taken)
}
