//! Lanes that come to their coordination branch too early.
//!
//! Each of their commits is refused there by itself; what is missing are the work packages, and that is
//! told once for a lane.

use std::collections::BTreeSet;

use anyhow::Result;

use super::branch_judge::BranchJudge;
use super::commits::{Judged, Passage};
use super::explain;
use super::found::Found;
use super::innocent::{is_finished, readable};
use super::refs::Refs;
use crate::domain::branch::BranchName;
use crate::domain::lanes::Lane;
use crate::domain::oid::Oid;
use crate::store::{Mission, Statuses};

/// The same, but the refused commits of a lane that is not finished are one refusal.
///
/// # Errors
/// If a ref, a commit or the mission cannot be read.
pub(super) fn lanes_as_one(
    refs: &Refs<'_>,
    judge: &BranchJudge<'_>,
    passage: Passage,
    mut judged: Vec<Judged>,
) -> Result<Vec<Judged>> {
    let Found::Coordination(mission) = &judge.found else { return Ok(judged) };
    // Where the branch is new here, what a lane begins with may be missing: that is none of its own.
    let is_new_here = passage.old.is_none() && refs.believes_tracking();
    if is_new_here || !judged.iter().any(Judged::is_refused) {
        return Ok(judged);
    }
    let (lanes, statuses) = (judge.store.lanes(mission), judge.store.statuses(mission));
    let (Some(Some(lanes)), Some(statuses)) = (readable(lanes)?, readable(statuses)?) else {
        return Ok(judged);
    };
    for lane in lanes.lanes.iter().filter(|lane| !is_finished(lane, &statuses)) {
        let own = own_commits(refs, (mission, lane), passage)?;
        let is_own =
            |one: &Judged| one.is_refused() && one.commit.is_some_and(|it| own.contains(&it));
        let (of_lane, others): (Vec<Judged>, Vec<Judged>) = judged.into_iter().partition(is_own);
        judged = others;
        if let Some(code) = of_lane.first().and_then(Judged::code) {
            let (fact, step) = story(lane, &statuses, of_lane.len());
            judged.insert(0, judge.refuse(code, fact, &step));
        }
    }
    Ok(judged)
}

/// The commits of a lane among those that come.
fn own_commits(
    refs: &Refs<'_>,
    (mission, lane): (&Mission, &Lane),
    passage: Passage,
) -> Result<BTreeSet<Oid>> {
    let branch: BranchName = mission.lane_branch(&lane.id).parse()?;
    let known: Vec<Oid> = passage.old.into_iter().collect();
    let mut own = BTreeSet::new();
    for tip in refs.branch_and_remotes(&branch)? {
        own.extend(refs.repo.commits_since(tip, &known)?);
    }
    Ok(own)
}

fn story(lane: &Lane, statuses: &Statuses, count: usize) -> (String, String) {
    let is_open = |wp_id: &&_| statuses.record(wp_id).is_none_or(|it| !it.status.is_settled());
    let told = |wp_id| match statuses.record(wp_id) {
        Some(record) => format!("{wp_id} is {}", record.status),
        None => format!("{wp_id} has no status"),
    };
    let open: Vec<String> = lane.wp_ids.iter().filter(is_open).map(told).collect();
    let commits = explain::commits(count);
    let fact =
        format!("{commits} of `{}` would come before it is finished: {}", lane.id, open.join(", "));
    let step = "a lane comes when all its work packages are approved, done or canceled: `git kitty \
                wp move`";
    (fact, step.to_owned())
}
