//! What a merge tells besides, and nobody has to do anything about.

use anyhow::Result;

use super::ground::Ground;
use super::order::{Ready, Reason, Skipped};
use super::stage_two::StageTwo;
use super::together::Together;
use crate::domain::branch::BranchName;
use crate::domain::event::Log;
use crate::domain::layout;
use crate::domain::oid::Oid;
use crate::domain::refusal::Warning;
use crate::domain::review::{Recorded, Reviewed};
use crate::flow::doctor::has_drifted;

/// What is worth telling of what comes together: work that nobody wants or has reviewed, and a landing
/// that changes nothing.
///
/// # Errors
/// If a commit, a tree or the log cannot be read.
pub(super) fn told(
    ground: &Ground<'_>,
    log: &[u8],
    (lanes, stage_two): (&Together, Option<&StageTwo>),
) -> Result<Vec<Warning>> {
    let mut warnings = Vec::new();
    let parsed = Log::parse(layout::EVENT_LOG, log)?;
    for lane in &ground.order.ready {
        warnings.extend(unreviewed(ground, &parsed, lane)?);
    }
    for lane in ground.order.skipped.iter().filter(|one| one.reason == Reason::Canceled) {
        warnings.extend(canceled(ground, lane, lanes.tip)?);
    }
    warnings.extend(drifted(ground, log)?);
    if let Some(stage_two) = stage_two
        && !lanes.steps.is_empty()
        && stage_two.is_empty(ground)?
    {
        warnings.push(nothing(ground));
    }
    Ok(warnings)
}

/// Commits that came to a lane after the reviews of its work packages.
fn unreviewed(ground: &Ground<'_>, log: &Log, lane: &Ready) -> Result<Option<Warning>> {
    let mut others = vec![ground.tip];
    for wp_id in &lane.site.lane.wp_ids {
        match Reviewed::in_logs([log], wp_id) {
            Recorded::Ids(reviewed) => others.push(reviewed.tip),
            Recorded::Nothing | Recorded::NeverBegun => return Ok(None),
        }
    }
    others.retain(|tip| ground.repo.has_object(*tip));
    if others.contains(&lane.tip) {
        return Ok(None);
    }
    others.extend(other_tips(ground, |one| one.tip != lane.tip));
    let new = ground.repo.commits_outside(lane.tip, &others, layout::MISSIONS)?;
    Ok(new.first().map(|first| {
        let (count, lane) = (new.len(), &lane.site.lane.id);
        let message = format!("{lane} has commits that no review was of: {count}, from {first} on");
        Warning { code: "LANE_CHANGED_SINCE_REVIEW", message }
    }))
}

/// Work of a canceled lane that comes with others, or has come before.
fn canceled(ground: &Ground<'_>, lane: &Skipped, tip: Oid) -> Result<Option<Warning>> {
    let repo = ground.repo;
    let Some(own) = repo.find(&lane.branch.parse::<BranchName>()?.ref_name()?)? else {
        return Ok(None);
    };
    if !repo.is_ancestor(own, tip)? {
        return Ok(None);
    }
    let mut others = Vec::new();
    for other in other_tips(ground, |_| true) {
        if !repo.is_ancestor(own, other)? {
            others.push(other);
        }
    }
    let comes = repo.commits_outside(own, &others, layout::MISSIONS)?;
    Ok((!comes.is_empty()).then(|| {
        let lane = &lane.lane_id;
        let message = format!(
            "{lane} is canceled, and its work comes along: another lane was built on it, or it was merged before"
        );
        Warning { code: "CANCELED_WORK_COMES", message }
    }))
}

/// The tips of the target and of lanes.
fn other_tips<'g>(
    ground: &'g Ground<'_>,
    wanted: impl Fn(&Ready) -> bool + 'g,
) -> impl Iterator<Item = Oid> + 'g {
    let lanes = ground.order.ready.iter().filter(move |one| wanted(one)).map(|one| one.tip);
    lanes.chain(ground.target.tip)
}

fn drifted(ground: &Ground<'_>, log: &[u8]) -> Result<Option<Warning>> {
    let [_, snapshot] = layout::status_files(&ground.mission.dir);
    let repo = ground.repo;
    let found = repo.blob_at(repo.tree_of_commit(ground.tip)?, &snapshot)?;
    if !has_drifted(&ground.mission, log, found.as_deref())? {
        return Ok(None);
    }
    let message = format!("`{snapshot}` was not what its log adds up to; it is written anew");
    Ok(Some(Warning { code: "SNAPSHOT_DRIFT", message }))
}

fn nothing(ground: &Ground<'_>) -> Warning {
    let target = &ground.target.branch;
    let message = format!(
        "nothing but the mission's own files changes on `{target}`: it has all of the lanes already, or has \
         taken it back; what was reverted comes again by `git revert` of the revert"
    );
    Warning { code: "LANDING_CHANGES_NOTHING", message }
}
