//! Work packages that are claimed, and have no place to be worked on.

use anyhow::Result;

use super::case::Case;
use super::patient::{Patient, readable};
use crate::domain::branch::BranchName;
use crate::domain::finding::{Finding, Kind};
use crate::domain::id::{LaneId, WpId};
use crate::domain::refname::RefName;
use crate::domain::refusal::Refusal;
use crate::domain::status::Status;
use crate::git::worktree::check_only_at;
use crate::store::{Mission, Workspace};

const INTERRUPTED: Kind =
    Kind::warning("CLAIM_INTERRUPTED").left("who claimed it finishes that, by claiming it again");
const MISSING: Kind =
    Kind::warning("LANE_WORKTREE_MISSING").left("a worktree is opened for who works in it");

const ELSEWHERE: Kind =
    Kind::warning("LANE_WORKTREE_ELSEWHERE").left("somebody may have put it there on purpose");

pub(super) fn look<'p>(patient: &Patient<'p>) -> Result<Vec<Case<'p>>> {
    // A server has branches of lanes, and nobody works there.
    if patient.repo.primary_work_tree()?.is_none() {
        return Ok(Vec::new());
    }
    let mut cases = Vec::new();
    for mission in patient.healthy() {
        for (lane, workspace) in patient.workspaces(mission)? {
            if let Some(finding) = elsewhere(patient, mission, (&lane, &workspace))? {
                cases.push(Case::left(finding));
            } else if let Some(lack) = lack(patient, &workspace)? {
                cases.extend(case(patient, mission, (&lane, &workspace), lack)?);
            }
        }
    }
    Ok(cases)
}

/// That the branch of a lane is checked out in another place than the lane's own.
fn elsewhere(
    patient: &Patient<'_>,
    mission: &Mission,
    (lane, workspace): (&LaneId, &Workspace),
) -> Result<Option<Finding>> {
    let Some(branch) = BranchName::of_ref(&workspace.branch) else { return Ok(None) };
    let Err(error) = check_only_at(patient.repo, (&workspace.path, &branch)) else {
        return Ok(None);
    };
    let refusal = error.downcast::<Refusal>()?;
    let subject = format!("{} {lane}", mission.dir);
    Ok(Some(ELSEWHERE.found(subject, refusal.to_string(), refusal.hint())))
}

/// What a lane lacks to be worked on here; nothing if it is on another machine.
fn lack(patient: &Patient<'_>, workspace: &Workspace) -> Result<Option<&'static str>> {
    if patient.repo.find(&workspace.branch)?.is_none() {
        let is_elsewhere = is_elsewhere(patient, &workspace.branch)?;
        return Ok((!is_elsewhere).then_some("its lane has no branch"));
    }
    let is_open = patient.worktree_at(&workspace.path).is_some() && workspace.path.is_dir();
    Ok((!is_open).then_some("its lane has no worktree"))
}

fn is_elsewhere(patient: &Patient<'_>, branch: &RefName) -> Result<bool> {
    let short = branch.branch().unwrap_or_default();
    let remote = patient.repo.list("refs/remotes/")?;
    Ok(remote.iter().any(|(name, _)| {
        name.as_bytes().strip_suffix(short).is_some_and(|before| before.ends_with(b"/"))
    }))
}

/// The finding, if the log says that somebody works in the lane, or Git that somebody did.
fn case<'p>(
    patient: &Patient<'p>,
    mission: &Mission,
    (lane, workspace): (&LaneId, &Workspace),
    lack: &str,
) -> Result<Option<Case<'p>>> {
    let subject = format!("{} {lane}", mission.dir);
    let way_back = |fix| patient.way_back(&workspace.path, &workspace.branch, fix);
    if let Some((wp_id, status)) = working(patient, mission, lane)? {
        let message = format!("{wp_id} is {status}, but {lack}");
        let fix = way_back(format!("`git kitty wp claim {wp_id} --mission {}`", mission.dir))?;
        return Ok(Some(Case::left(INTERRUPTED.found(subject, message, fix))));
    }
    if patient.worktree_at(&workspace.path).is_none() {
        return Ok(None);
    }
    let message = format!("Git has a record of `{}`, and it is gone", workspace.path.display());
    let fix = way_back(format!("`git kitty lane open {lane} --mission {}`", mission.dir))?;
    Ok(Some(Case::left(MISSING.found(subject, message, fix))))
}

/// The first work package of a lane that is claimed or in progress.
fn working(
    patient: &Patient<'_>,
    mission: &Mission,
    lane: &LaneId,
) -> Result<Option<(WpId, Status)>> {
    let (statuses, lanes) =
        (patient.statuses(mission)?, readable(patient.store().lanes(mission))?.flatten());
    let own = lanes.as_ref().and_then(|lanes| lanes.lane(lane));
    let own = own.into_iter().flat_map(|lane| &lane.wp_ids);
    let mut found = own.filter_map(|id| Some((id.clone(), statuses.record(id)?.status)));
    Ok(found.find(|(_, status)| matches!(status, Status::Claimed | Status::InProgress)))
}
