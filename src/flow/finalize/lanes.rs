//! The lanes of the plan.

use std::collections::BTreeSet;

use anyhow::Result;

use crate::domain::id::LaneId;
use crate::domain::lanes::{Grouping, Header, Lane, Lanes, Member, Progress, compute};
use crate::domain::layout;
use crate::domain::oid::Oid;
use crate::domain::plan::{Fault, Package, refuse};
use crate::domain::status::Status;
use crate::domain::time::Instant;
use crate::flow::lane_branches::{LaneBranch, lane_branches};
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
    let grouping = group(repo, transaction, &members)?;
    check_dropped(repo, transaction, (&grouping, target))?;
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

/// The lanes. Ids that were given long ago are looked for where new ones are needed.
fn group(repo: &Repo, transaction: &Transaction<'_>, members: &[Member]) -> Result<Grouping> {
    let former = transaction.lanes();
    let mut taken = taken(repo, &transaction.mission().branch())?;
    let grouping = compute(members, former, &taken)?;
    let is_known = |lane: &Lane| {
        lane.id.is_planning() || former.is_some_and(|former| former.lane(&lane.id).is_some())
    };
    if grouping.lanes.iter().all(is_known) {
        return Ok(grouping);
    }
    taken.extend(given(repo, transaction));
    Ok(compute(members, former, &taken)?)
}

/// The ids that any `lanes.json` gave which the coordination branch ever had, as far as its history
/// is there: a shallow clone has a part of it.
fn given(repo: &Repo, transaction: &Transaction<'_>) -> BTreeSet<LaneId> {
    let root = format!("{}/{}", layout::MISSIONS, transaction.mission().dir);
    let versions = repo.versions_below(transaction.tip(), &root.as_str().into());
    let blobs = versions.map(|versions| versions.of(&layout::LANES.into())).unwrap_or_default();
    let texts = blobs.into_iter().filter_map(|blob| repo.blob(blob).ok());
    let plans = texts.filter_map(|text| Lanes::parse(&text, layout::LANES).ok());
    plans.flat_map(|plan| plan.lanes).map(|lane| lane.id).collect()
}

/// Work that has begun in a lane, and that its file takes out of it: it would write planning files.
pub(super) fn taken_out(transaction: &Transaction<'_>, packages: &[Package]) -> Vec<Fault> {
    let fault = |package: &Package| {
        let id = &package.content.id;
        let lane = transaction.lanes()?.lane_of(id).filter(|lane| !lane.id.is_planning())?;
        let is_begun = match progress(transaction, package) {
            Progress::Begun => true,
            Progress::Open | Progress::Settled => false,
        };
        let line = package.content.front_matter.entry("execution_mode").map(|entry| entry.line);
        let what = format!("{id} has begun in {}: its `execution_mode` cannot change now", lane.id);
        (is_begun && !package.changes_code()).then(|| Fault::new(&package.file, line, what))
    };
    packages.iter().filter_map(fault).collect()
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
    for prefix in ["refs/heads/", "refs/remotes/origin/"] {
        taken.extend(lane_branches(repo, branch, prefix)?.into_iter().map(|found| found.lane));
    }
    Ok(taken)
}

/// That no lane is dropped from the plan whose branch has what neither the coordination branch nor
/// the target has.
fn check_dropped(
    repo: &Repo,
    transaction: &Transaction<'_>,
    (grouping, target): (&Grouping, Option<Oid>),
) -> Result<()> {
    let mission = transaction.mission();
    let known: Vec<Oid> = target.into_iter().chain([transaction.tip()]).collect();
    let was_planned = |id: &LaneId| transaction.lanes().is_some_and(|was| was.lane(id).is_some());
    let mut faults = Vec::new();
    for found in lane_branches(repo, &mission.branch(), "refs/heads/")? {
        let is_left = grouping.lanes.iter().any(|lane| lane.id == found.lane);
        if is_left || !was_planned(&found.lane) {
            continue;
        }
        let count = repo.commits_since(found.tip, &known)?.len();
        if count > 0 {
            faults.push(dropped(&mission.dir, &found, count));
        }
    }
    Ok(refuse(faults)?)
}

fn dropped(mission: &str, LaneBranch { lane, branch, .. }: &LaneBranch, count: usize) -> Fault {
    let commits = if count == 1 { "a commit that is" } else { "commits that are" };
    let what = format!(
        "no work package is in {lane} any more, whose branch `{branch}` has {commits} nowhere else: \
         leave it one, even if its work is given up (`git kitty wp move`, to `canceled`)"
    );
    Fault::new(&format!("{}/{mission}/{}", layout::MISSIONS, layout::TASKS), None, what)
}
