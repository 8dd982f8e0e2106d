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
use crate::domain::oid::Oid;
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
        let lane = BranchJudge::find(judge.store, judge.repo, branch, Counting::EverClaimed)?;
        if matches!(lane.found, Found::Lane(_)) {
            lanes.push((lane, tips));
        }
    }
    Ok(lanes)
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
    Ok(false)
}
