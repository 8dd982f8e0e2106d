//! Commits that come to one branch of a mission as the work of a lane, judged as on that lane.
//!
//! A lane that is judged in the same transaction proves nothing by its new tip: two branches could
//! vouch for each other. And a coordination branch that is pushed may bring lanes that the server has
//! never seen, or that are gone by now. So each such commit is judged by itself, by what the lane's
//! work packages own: as if it had been pushed to the lane before.

use anyhow::Result;

use super::branch_judge::{BranchJudge, Counting, Share};
use super::commits::{Judged, own_changes};
use super::found::Found;
use super::guard::Judgement;
use super::innocent::vouching_lanes;
use super::refs::Refs;
use crate::domain::branch::BranchName;
use crate::domain::change::Change;
use crate::domain::oid::Oid;
use crate::git::AutoMerge;
use crate::policy::{Outcome, Verdict};

/// The same, but what a lane may have that this branch takes commits from passes.
///
/// # Errors
/// If a ref, a commit or the mission cannot be read.
pub(super) fn by_lanes(
    refs: &Refs<'_>,
    judge: &BranchJudge<'_>,
    mut judged: Vec<Judged>,
) -> Result<Vec<Judged>> {
    let speaks = |one: &Judged| !one.judgement.verdict.violations.is_empty();
    if !judged.iter().any(speaks) {
        return Ok(judged);
    }
    let lanes = lanes(refs, judge)?;
    for one in judged.iter_mut().filter(|one| speaks(one)) {
        let Some(commit) = one.commit else { continue };
        if may_come(refs, (judge, &lanes), commit)? {
            let warnings = std::mem::take(&mut one.judgement.verdict.warnings);
            one.judgement.verdict = Verdict { warnings, ..Verdict::default() };
        }
    }
    Ok(judged)
}

/// A lane with what it is about to hold.
type Coming<'r> = (BranchJudge<'r>, Vec<Oid>);

/// Whether a branch may get the commits of lanes that do not come with it themselves: a coordination
/// branch that is pushed.
fn comes_alone(refs: &Refs<'_>, judge: &BranchJudge<'_>) -> bool {
    !refs.believes_tracking() && matches!(judge.found, Found::Coordination(_))
}

/// The lanes that this branch takes commits from.
fn lanes<'r>(refs: &Refs<'_>, judge: &BranchJudge<'r>) -> Result<Vec<Coming<'r>>> {
    let mut lanes = Vec::new();
    for branch in vouching_lanes(judge)? {
        let tips = refs.arriving(&branch)?;
        if tips.is_empty() && !comes_alone(refs, judge) {
            continue;
        }
        lanes.extend(lane_judge(judge, branch)?.map(|lane| (lane, tips)));
    }
    Ok(lanes)
}

/// The changes of a merge on a coordination branch that no conflict has asked for. Whoever brings
/// finished lanes together, or the target to them, settles what conflicts, as far as the work packages
/// of such lanes own it.
///
/// # Errors
/// If a ref, a blob or the mission cannot be read.
pub(super) fn unresolved(
    judge: &BranchJudge<'_>,
    changes: Vec<Change>,
    merge: &AutoMerge,
) -> Result<Vec<Change>> {
    if !changes.iter().any(|change| merge.is_in_conflict(&change.path)) {
        return Ok(changes);
    }
    let mut lanes = Vec::new();
    for branch in vouching_lanes(judge)? {
        lanes.push(lane_judge(judge, branch)?);
    }
    let lanes: Vec<BranchJudge<'_>> = lanes.into_iter().flatten().collect();
    let mut unresolved = Vec::new();
    for change in changes {
        if !merge.is_in_conflict(&change.path) || !is_of_any(lanes.iter(), &change)? {
            unresolved.push(change);
        }
    }
    Ok(unresolved)
}

/// Whether a change is one that one of the lanes may make.
fn is_of_any<'j, 'r: 'j>(
    lanes: impl Iterator<Item = &'j BranchJudge<'r>>,
    change: &Change,
) -> Result<bool> {
    for lane in lanes {
        let verdict = Judgement::of(lane, (std::slice::from_ref(change), Share::Part))?.verdict;
        if verdict.outcome == Outcome::Allowed {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The judge of a lane; `None` if the branch is none.
fn lane_judge<'r>(judge: &BranchJudge<'r>, branch: BranchName) -> Result<Option<BranchJudge<'r>>> {
    let lane = BranchJudge::find(judge.store, judge.repo, branch, Counting::EverClaimed)?;
    Ok(matches!(lane.found, Found::Lane(_)).then_some(lane))
}

/// Whether one of the lanes may have a commit. Where the lane does not come itself, a merge is looked
/// at as on this branch, so that what somebody has settled there is judged by whose it is.
fn may_come(
    refs: &Refs<'_>,
    (judge, lanes): (&BranchJudge<'_>, &[Coming<'_>]),
    commit: Oid,
) -> Result<bool> {
    for (lane, tips) in lanes {
        let as_on = if refs.repo.is_in_any(commit, tips)? {
            lane
        } else if comes_alone(refs, judge) {
            judge
        } else {
            continue;
        };
        let changes = own_changes(refs.repo, as_on, commit)?;
        let judgement = Judgement::of(lane, (&changes, Share::Part))?;
        if judgement.verdict.outcome == Outcome::Allowed {
            return Ok(true);
        }
    }
    // What several lanes come to may be the work of each of them.
    if !comes_alone(refs, judge) || refs.repo.commit(commit)?.parents.len() < 2 {
        return Ok(false);
    }
    for change in own_changes(refs.repo, judge, commit)? {
        if !is_of_any(lanes.iter().map(|(lane, _)| lane), &change)? {
            return Ok(false);
        }
    }
    Ok(!lanes.is_empty())
}
