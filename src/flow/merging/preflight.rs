//! What is in the way of a merge, all of it at once.

use std::collections::BTreeSet;

use anyhow::Result;

use super::ground::Ground;
use super::order::{Ready, Reason};
use crate::domain::id::WpId;
use crate::domain::oid::Oid;
use crate::domain::refusal::{MergeRefusal, Refusal, Warning};
use crate::domain::status::Status;
use crate::flow::branch_judge::{BranchJudge, Counting};
use crate::flow::by_lanes::by_lanes;
use crate::flow::commits::{Judged, one_by_one};
use crate::flow::innocent::Vouchers;
use crate::flow::overriding::Overriding;
use crate::flow::refs::{Refs, Vouching};
use crate::git::worktree::refuse_busy;
use crate::git::{Graph, Worktree, uncommitted};
use crate::store::{Store, verdicts_at};

/// What the work packages, their reviews, the lanes and the target say against a merge, in the order in
/// which it is best dealt with; and what is worth telling.
///
/// # Errors
/// If something that decides cannot be read.
pub(super) fn preflight(ground: &Ground<'_>) -> Result<(Vec<Refusal>, Vec<Warning>)> {
    let mut found: Vec<Refusal> = Vec::new();
    if let Some(worktree) = ground.resolutions.in_progress() {
        let (mission, worktree) = (ground.mission.dir.clone(), worktree.display().to_string());
        found.push(MergeRefusal::InProgress { mission, worktree }.into());
    }
    if !ground.request.lanes_only {
        found.extend(unfinished(ground));
    }
    found.extend(dependencies(ground));
    found.extend(reviews(ground)?);
    found.extend(not_open(ground));
    let mut warnings = Vec::new();
    found.extend(out_of_scope(ground, &mut warnings)?);
    let worktrees = ground.repo.worktrees()?;
    for lane in &ground.order.ready {
        for worktree in worktrees.iter().filter(|one| one.is_checkout_of(&lane.site.name)) {
            found.extend(unclean(lane, worktree)?);
        }
    }
    if !ground.request.lanes_only {
        found.extend(target(ground)?);
    }
    Ok((found, warnings))
}

/// Work packages that are not approved, done or canceled.
fn unfinished(ground: &Ground<'_>) -> Vec<Refusal> {
    let packages = ground.board.packages().iter().filter(|one| !one.status.is_settled());
    let refusal = |one: &crate::domain::board::Package| {
        MergeRefusal::Unfinished {
            mission: ground.mission.dir.clone(),
            wp_id: one.wp_id.to_string(),
            status: one.status.to_string(),
            lane: one.lane_id.as_ref().map(ToString::to_string),
        }
        .into()
    };
    packages.map(refusal).collect()
}

/// Work packages that would be merged without what they depend on.
fn dependencies(ground: &Ground<'_>) -> Vec<Refusal> {
    let merged = merged_packages(ground);
    let mut found = Vec::new();
    for package in ground.board.packages().iter().filter(|one| merged.contains(&one.wp_id)) {
        for dependency in &package.dependencies {
            let status = ground.board.package(dependency).map(|one| one.status);
            if status.is_some_and(Status::is_settled) {
                continue;
            }
            let status = status.map_or_else(|| "unknown".to_owned(), |one| one.to_string());
            let (mission, wp_id) = (ground.mission.dir.clone(), package.wp_id.to_string());
            let dependency = dependency.to_string();
            let refusal = MergeRefusal::DependencyUnfinished { mission, wp_id, dependency, status };
            found.push(refusal.into());
        }
    }
    found
}

/// The work packages that come together: those of lanes that are ready, and where all lands, every one.
fn merged_packages(ground: &Ground<'_>) -> BTreeSet<WpId> {
    let good = |wp: &&WpId| {
        let status = ground.board.package(wp).map(|package| package.status);
        matches!(status, Some(Status::Approved | Status::Done))
    };
    let of_lanes = ground.order.ready.iter().flat_map(|one| &one.site.lane.wp_ids);
    let all = ground.board.packages().iter().map(|package| &package.wp_id);
    match ground.request.lanes_only {
        true => of_lanes.filter(good).cloned().collect(),
        false => all.filter(good).cloned().collect(),
    }
}

/// Work packages that count as good, and of which the latest review asks for changes.
fn reviews(ground: &Ground<'_>) -> Result<Vec<Refusal>> {
    if ground.request.review_note.is_some() {
        return Ok(Vec::new());
    }
    let verdicts = verdicts_at(ground.repo, ground.tip, &ground.mission.dir)?;
    let merged = merged_packages(ground);
    let mut found = Vec::new();
    for (wp_id, latest) in verdicts {
        let status = ground.board.package(&wp_id).map(|package| package.status);
        if merged.contains(&wp_id) && status.is_some_and(|status| latest.contradicts(status)) {
            found.push(
                MergeRefusal::ReviewContradicts {
                    mission: ground.mission.dir.clone(),
                    wp_id: wp_id.to_string(),
                    reviewer: latest.reviewer,
                    reference: latest.reference,
                }
                .into(),
            );
        }
    }
    Ok(found)
}

/// Lanes with approved work and no branch that has it.
fn not_open(ground: &Ground<'_>) -> Vec<Refusal> {
    let lost = ground.order.skipped.iter().filter(|one| one.reason == Reason::NotOpen);
    let refusal = |one: &super::order::Skipped| Refusal::LaneNotOpen {
        mission: ground.mission.dir.clone(),
        lane: one.lane_id.to_string(),
        branch: one.branch.clone(),
    };
    lost.filter(|one| !one.wp_ids.is_empty()).map(refusal).collect()
}

/// What the lanes have that none of their work packages may have, each commit judged by itself, as where
/// a lane is pushed.
fn out_of_scope(ground: &Ground<'_>, warnings: &mut Vec<Warning>) -> Result<Vec<Refusal>> {
    let repo = ground.repo;
    let store = Store::of_one_moment(repo);
    let refs = Refs { repo, updates: &[], vouching: Vouching::Here };
    let vouchers = Vouchers::new(&refs);
    let mut lanes = Vec::new();
    for lane in &ground.order.ready {
        let branch = lane.site.branch.clone();
        let judge = BranchJudge::find(&store, repo, branch, Counting::EverClaimed)?;
        let judge = judge.with(Overriding::At(ground.host.now()));
        lanes.push((lane, vouchers.of(&judge)?, judge));
    }
    let mut tips: Vec<Oid> = lanes.iter().flat_map(|(_, known, _)| known).copied().collect();
    tips.extend(lanes.iter().map(|(lane, ..)| lane.tip));
    tips.sort();
    tips.dedup();
    // Where it cannot tell, git is asked.
    let graph = Graph::of(repo, &tips).unwrap_or_default();
    let mut found = Vec::new();
    for (lane, known, judge) in &lanes {
        let own = match graph.own(lane.tip, known) {
            Some(own) => own,
            None => repo.commits_since(lane.tip, known)?,
        };
        let judged = by_lanes(&refs, judge, one_by_one(repo, judge, own)?)?;
        found.extend(refused(ground, lane, &judged, warnings));
    }
    Ok(found)
}

/// The refusals of one lane's commits; what is allowed all the same is told.
fn refused(
    ground: &Ground<'_>,
    lane: &Ready,
    judged: &[Judged],
    warnings: &mut Vec<Warning>,
) -> Vec<Refusal> {
    let mut found = Vec::new();
    for one in judged {
        let verdict = &one.judgement.verdict;
        let Some(first) = verdict.violations.first() else { continue };
        let commit = one.commit.map(|commit| commit.to_string()).unwrap_or_default();
        if !Judged::is_refused(one) {
            let message = format!("{} in {}: {}", commit, lane.site.lane.id, first.fact);
            warnings.push(Warning { code: "LANE_OUT_OF_SCOPE_ALLOWED", message });
            continue;
        }
        let paths = verdict.violations.iter().filter_map(|one| one.path.as_ref());
        found.push(
            MergeRefusal::LaneOutOfScope {
                mission: ground.mission.dir.clone(),
                lane: lane.site.lane.id.to_string(),
                commit,
                paths: paths.map(ToString::to_string).collect(),
                fact: first.fact.clone(),
            }
            .into(),
        );
    }
    found
}

/// What somebody has begun in a lane's worktree.
fn unclean(lane: &Ready, worktree: &Worktree) -> Result<Option<Refusal>> {
    if !worktree.path.is_dir() {
        return Ok(None);
    }
    if let Err(error) = refuse_busy(worktree) {
        return error.downcast::<Refusal>().map(Some);
    }
    let changes = uncommitted(worktree, ".")?;
    if changes.is_empty() {
        return Ok(None);
    }
    let paths = changes.iter().map(|change| change.path.to_string()).collect();
    let worktree = worktree.path.display().to_string();
    let lane = lane.site.lane.id.to_string();
    Ok(Some(MergeRefusal::LaneDirty { lane, worktree, paths }.into()))
}

/// That the target is not in step with what it follows.
fn target(ground: &Ground<'_>) -> Result<Option<Refusal>> {
    if let Err(error) = ground.onto() {
        return error.downcast::<Refusal>().map(Some);
    }
    let behind = ground.target.tracking.as_ref().filter(|one| one.behind > 0);
    let Some(tracking) = behind.filter(|_| !ground.request.pr) else { return Ok(None) };
    let refusal = MergeRefusal::NotSynchronized {
        mission: ground.mission.dir.clone(),
        target: ground.target.branch.to_string(),
        tracking: tracking.shown.clone(),
        ahead: tracking.ahead,
        behind: tracking.behind,
    };
    Ok(Some(refusal.into()))
}
