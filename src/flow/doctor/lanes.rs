//! Work packages that are claimed, and have no place to be worked on.

use anyhow::Result;

use super::case::Case;
use super::patient::{Patient, readable};
use crate::domain::branch::BranchName;
use crate::domain::finding::{Finding, Kind};
use crate::domain::id::{LaneId, WpId};
use crate::domain::oid::Oid;
use crate::domain::refname::RefName;
use crate::domain::refusal::Refusal;
use crate::domain::status::Status;
use crate::git::worktree::{check_only_at, is_begun, moved};
use crate::store::{Mission, Workspace, judged};

const INTERRUPTED: Kind =
    Kind::warning("CLAIM_INTERRUPTED").left("who claimed it finishes that, by claiming it again");
const MISSING: Kind =
    Kind::warning("LANE_WORKTREE_MISSING").left("a worktree is opened for who works in it");
const BRANCH_GONE: Kind =
    Kind::error("LANE_BRANCH_GONE").left("with which commit it is to come back, only you can tell");
const ELSEWHERE: Kind =
    Kind::warning("LANE_WORKTREE_ELSEWHERE").left("somebody may have put it there on purpose");

pub(super) fn look<'p>(patient: &Patient<'p>) -> Result<Vec<Case<'p>>> {
    // A server has branches of lanes, and nobody works there.
    if patient.repo.primary_work_tree()?.is_none() {
        return Ok(Vec::new());
    }
    let mut cases = Vec::new();
    for mission in patient.healthy() {
        // Of one that was given up the log may say anything.
        if patient.store().is_closed(&mission.meta)? {
            continue;
        }
        for (lane, workspace) in patient.workspaces(mission)? {
            // That is said of the directory.
            if moved(patient.repo, &workspace.path)?.is_some() {
                continue;
            }
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
    let worktree = patient.worktree_at(&workspace.path).filter(|_| workspace.path.is_dir());
    Ok(match worktree {
        None => Some("its lane has no worktree"),
        Some(begun) if is_begun(begun) => Some("the worktree of its lane was not finished"),
        Some(_whole) => None,
    })
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
    let is_gone = patient.repo.find(&workspace.branch)?.is_none();
    let branch = String::from_utf8_lossy(workspace.branch.branch().unwrap_or_default());
    if is_gone && let Some((wp_id, status)) = first_with(patient, (mission, lane), is_reviewed)? {
        let message = format!("{wp_id} is {status}, but {lack}");
        let fix = match seen_last(patient, &workspace.branch)? {
            Some(last) => {
                format!("bring it back as a hook saw it last: `git branch {branch} {last}`")
            }
            None => format!(
                "bring it back with its last commit: `git branch {branch} COMMIT`; `git fsck \
                 --lost-found` shows those that no branch has"
            ),
        };
        return Ok(Some(Case::left(BRANCH_GONE.found(subject, message, fix).for_want_of(branch))));
    }
    if let Some((wp_id, status)) = first_with(patient, (mission, lane), is_worked_on)? {
        let message = format!("{wp_id} is {status}, but {lack}");
        let again = way_back(format!("`git kitty wp claim {wp_id} --mission {}`", mission.dir))?;
        if !is_gone {
            return Ok(Some(Case::left(INTERRUPTED.found(subject, message, again))));
        }
        let fix = match unkept(patient, &workspace.branch)? {
            Some(last) => {
                format!("`git branch {branch} {last}`, which no ref has any more, then {again}")
            }
            None => again,
        };
        let found = INTERRUPTED.found(subject, message, fix);
        return Ok(Some(Case::left(found.for_want_of(branch))));
    }
    let Some(worktree) = patient.worktree_at(&workspace.path) else { return Ok(None) };
    let path = workspace.path.display();
    let message = if worktree.path.is_dir() {
        format!("the worktree `{path}` was not finished")
    } else {
        format!("Git has a record of `{path}`, and it is gone")
    };
    let fix = way_back(format!("`git kitty lane open {lane} --mission {}`", mission.dir))?;
    Ok(Some(Case::left(MISSING.found(subject, message, fix))))
}

/// The commit that a door let a branch pass with last, if it is still there.
fn seen_last(patient: &Patient<'_>, branch: &RefName) -> Result<Option<Oid>> {
    let Some(branch) = BranchName::of_ref(branch) else { return Ok(None) };
    let last = judged::values(patient.repo, &branch)?.last().copied();
    Ok(last.filter(|last| patient.repo.has_object(*last)))
}

/// The same, if no ref has it.
fn unkept(patient: &Patient<'_>, branch: &RefName) -> Result<Option<Oid>> {
    let Some(last) = seen_last(patient, branch)? else { return Ok(None) };
    let tips: Vec<Oid> = patient.repo.list("")?.into_iter().map(|(_, tip)| tip).collect();
    Ok((!patient.repo.is_in_any(last, &tips)?).then_some(last))
}

fn is_worked_on(status: Status) -> bool {
    matches!(status, Status::Claimed | Status::InProgress)
}

fn is_reviewed(status: Status) -> bool {
    matches!(status, Status::ForReview | Status::InReview)
}

/// The first work package of a lane with such a status.
fn first_with(
    patient: &Patient<'_>,
    (mission, lane): (&Mission, &LaneId),
    is_such: impl Fn(Status) -> bool,
) -> Result<Option<(WpId, Status)>> {
    let (statuses, lanes) =
        (patient.statuses(mission)?, readable(patient.store().lanes(mission))?.flatten());
    let own = lanes.as_ref().and_then(|lanes| lanes.lane(lane));
    let own = own.into_iter().flat_map(|lane| &lane.wp_ids);
    let mut found = own.filter_map(|id| Some((id.clone(), statuses.record(id)?.status)));
    Ok(found.find(|(_, status)| is_such(*status)))
}
