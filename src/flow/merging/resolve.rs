//! A conflict of a merge in the hands of a person: opened in a worktree, taken back into the merge, or
//! given up.
//!
//! Nothing is merged while a conflict is resolved. The plan is written down once; `--continue` takes
//! what the worktree has for the very conflict that was laid out there, and merges again from the
//! start, with all that was resolved.

use std::path::PathBuf;

use anyhow::Result;

use super::merge::{find_stop, merge_with};
use super::merged::{Merged, Request};
use super::planned::{check_drift, is_asked_for, plan, request_of, strategy, told_of_rebase};
use super::resolutions::Resolutions;
use super::taking::{Taking, standing};
use super::together::Stopped;
use super::workplace::{clear_left, end, found, make_room, place, present};
use crate::domain::merging::PathConflict;
use crate::domain::oid::Oid;
use crate::domain::refusal::{MergeRefusal, Refusal};
use crate::flow::host::Host;
use crate::flow::transaction::Receipt;
use crate::git::worktree::{
    Resolving, check_conflict_removable, give_up, lay_out, open_conflict, remove_conflict,
    resolving,
};
use crate::git::{MissionLock, Repo, Worktree, crash};
use crate::store::Mission;
use crate::store::merge_plan::{MergePlans, Stop};

/// A conflict that a person can work on.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The worktree that has it.
    pub worktree: PathBuf,
    /// Each path.
    pub conflicts: Vec<PathConflict>,
}

/// What became of a conflict.
#[derive(Debug)]
pub enum Continued {
    /// All is merged.
    Merged(Box<(Merged, Receipt)>),
    /// The next conflict is open.
    Stopped(Opened),
}

/// What was given up.
#[derive(Debug, Clone, Default)]
pub struct Aborted {
    /// The worktree that is gone.
    pub worktree: Option<PathBuf>,
    /// The paths that were in conflict; what was made of them is gone too.
    pub paths: Vec<String>,
}

/// Opens a worktree with the conflict at which a merge stops. Of one that is open nothing changes; one
/// that was begun is finished.
///
/// # Errors
/// As [`super::merge()`], but for the conflict itself; [`MergeRefusal::NoPlan`] if there is none;
/// [`MergeRefusal::RebaseResolved`]; [`MergeRefusal::InProgress`] if one is open that is to land
/// another way;
/// [`Refusal::WorktreePathTaken`], [`Refusal::FileLocked`].
pub fn resolve(repo: &Repo, host: &Host, mission: &Mission, request: &Request) -> Result<Opened> {
    let _lock = MissionLock::acquire(repo, &mission.meta.mission_slug, &host.purpose())?;
    let plans = MergePlans::of(repo, &mission.dir);
    if let Some(plan) = plans.plan()? {
        if !is_asked_for(&plan, request) {
            return Err(being_resolved(repo, mission));
        }
        check_drift(repo, mission, &plan)?;
        let resolutions = Resolutions::new(plans.resolved()?);
        let stopped = find_stop(repo, host, mission, (&request_of(&plan), resolutions))?;
        let stopped = stopped.ok_or_else(|| being_resolved(repo, mission))?;
        return open(repo, mission, &plans, &stopped);
    }
    let stopped = find_stop(repo, host, mission, (request, Resolutions::default()))?;
    let stopped = stopped.ok_or_else(|| no_plan(mission))?;
    let request =
        &Request { strategy: strategy(repo, mission, (request, &stopped))?, ..request.clone() };
    make_room(repo, mission)?;
    plans.begin(&plan(host, request, &stopped))?;
    crash::point("resolve-planned");
    open(repo, mission, &plans, &stopped)
}

/// Takes what the worktree has for the conflict, and merges.
///
/// # Errors
/// [`MergeRefusal::NoPlan`], [`MergeRefusal::PlanDrifted`], [`MergeRefusal::Unresolved`],
/// [`MergeRefusal::ResolutionOutOfScope`], [`Refusal::FileLocked`]; as [`super::merge()`].
pub fn carry_on(repo: &Repo, host: &Host, mission: &Mission) -> Result<Continued> {
    let plans = MergePlans::of(repo, &mission.dir);
    let request = {
        let _lock = MissionLock::acquire(repo, &mission.meta.mission_slug, &host.purpose())?;
        let plan = plans.plan()?.ok_or_else(|| no_plan(mission))?;
        check_drift(repo, mission, &plan)?;
        if let (Some(stop), Some(worktree)) = (plans.stop()?, present(repo, mission)?) {
            Taking { repo, mission, stop: &stop, worktree: &worktree }
                .take(host, (&plans, &plan))?;
        }
        request_of(&plan)
    };
    crash::point("continue-concluded");
    match merge_with(repo, host, mission, (&request, &plans.resolved()?)) {
        Ok((merged, mut receipt)) => {
            receipt.warnings.extend(end(repo, host, mission));
            Ok(Continued::Merged(Box::new((merged, receipt))))
        }
        Err(error) if is_conflict(&error) => {
            resolve(repo, host, mission, &request).map(Continued::Stopped)
        }
        Err(error) => Err(told_of_rebase(mission, error)),
    }
}

/// Gives up what is being resolved. Without any nothing happens.
///
/// # Errors
/// [`MergeRefusal::Unresolved`] if the worktree has files that are in no commit and no part of the
/// conflict, [`Refusal::FileLocked`], [`Refusal::WorktreeLocked`]: nothing has changed then.
pub fn abort(repo: &Repo, host: &Host, mission: &Mission) -> Result<Aborted> {
    let _lock = MissionLock::acquire(repo, &mission.meta.mission_slug, &host.purpose())?;
    let plans = MergePlans::of(repo, &mission.dir);
    if plans.plan()?.is_none() {
        let worktree = clear_left(repo, mission)?;
        return Ok(Aborted { worktree, paths: Vec::new() });
    }
    let stop = plans.stop()?;
    let mut aborted = Aborted::default();
    if let Some(worktree) = present(repo, mission)? {
        let found = resolving(&worktree)?;
        let conflicts: Vec<&str> =
            stop.iter().flat_map(|stop| &stop.conflicts).map(|one| one.path.as_str()).collect();
        check_conflict_removable(&worktree)?;
        let foreign = found.unstaged.iter().map(ToString::to_string);
        let foreign: Vec<String> = foreign.filter(|path| !conflicts.contains(&&**path)).collect();
        if !foreign.is_empty() {
            let what = "files in the worktree are in no commit, and no part of the conflict";
            let (mission, worktree) = (mission.dir.clone(), worktree.path.display().to_string());
            let paths = foreign;
            let refusal =
                MergeRefusal::Unresolved { mission, worktree, paths, what, is_given_up: true };
            return Err(Refusal::from(refusal).into());
        }
        aborted.paths = conflicts.into_iter().map(str::to_owned).collect();
        if !found.merge_heads.is_empty() {
            give_up(&worktree)?;
        }
        crash::point("abort-given-up");
        remove_conflict(repo, &worktree)?;
        aborted.worktree = Some(worktree.path);
    }
    crash::point("abort-worktree");
    plans.end()?;
    Ok(aborted)
}

fn no_plan(mission: &Mission) -> Refusal {
    MergeRefusal::NoPlan { mission: mission.dir.clone() }.into()
}

fn is_conflict(error: &anyhow::Error) -> bool {
    match error.downcast_ref::<Refusal>() {
        Some(Refusal::Merge(refusal)) => matches!(
            **refusal,
            MergeRefusal::LaneConflict { .. } | MergeRefusal::LandingConflict { .. }
        ),
        Some(_) | None => false,
    }
}

/// Nothing else can be opened, and the merge is not done yet.
fn being_resolved(repo: &Repo, mission: &Mission) -> anyhow::Error {
    let worktree = match found(repo, mission) {
        Ok(path) => path.display().to_string(),
        Err(error) => return error,
    };
    Refusal::from(MergeRefusal::InProgress { mission: mission.dir.clone(), worktree }).into()
}

/// Lays the conflict out, unless somebody works on one that is laid out already: that may be of other
/// tips, and is taken as it is.
fn open(repo: &Repo, mission: &Mission, plans: &MergePlans, stopped: &Stopped) -> Result<Opened> {
    let Stopped { ours, theirs, merge, conflicts, .. } = stopped;
    if let (Some(stop), Some(worktree)) = (plans.stop()?, present(repo, mission)?) {
        let found = standing(repo, &stop, &worktree)?;
        if is_open(&stop, &found)? {
            return Ok(Opened { worktree: worktree.path, conflicts: stop.conflicts });
        }
        check_untouched(mission, (&worktree, &found), plans)?;
    }
    let stop = Stop {
        lane: stopped.lane.clone(),
        ours: ours.to_string(),
        theirs: theirs.to_string(),
        conflicts: conflicts.clone(),
    };
    // Before there is a worktree: whatever it then has is known.
    plans.stop_at(&stop)?;
    let worktree = open_conflict(repo, &place(repo, mission)?, *ours)?;
    crash::point("resolve-worktree");
    lay_out(repo, &worktree, (*ours, *theirs), (merge, &message(mission, &stop)))?;
    crash::point("resolve-laid-out");
    Ok(Opened { worktree: worktree.path, conflicts: conflicts.clone() })
}

/// The message of the commit that concludes a conflict.
pub(super) fn message(mission: &Mission, stop: &Stop) -> String {
    let name = stop.lane.as_deref().unwrap_or(&mission.meta.target_branch);
    format!("Merge {name} of {}\n", mission.dir)
}

/// Whether the worktree has the merge that was laid out for a conflict.
pub(super) fn is_open(stop: &Stop, found: &Resolving) -> Result<bool> {
    let (ours, theirs): (Oid, Oid) = (stop.ours.parse()?, stop.theirs.parse()?);
    Ok(found.head == ours && *found.merge_heads == [theirs])
}

/// That the worktree has nothing which a person made, and which was not taken.
pub(super) fn check_untouched(
    mission: &Mission,
    (worktree, found): (&Worktree, &Resolving),
    plans: &MergePlans,
) -> Result<()> {
    let (head, stop) = (found.head.to_string(), plans.stop()?);
    let is_known = stop.is_some_and(|stop| stop.ours == head)
        || plans.resolved()?.iter().any(|one| one.commit == head);
    let is_clean = found.merge_heads.is_empty() && found.changed().is_empty();
    if is_known && is_clean {
        return Ok(());
    }
    let what = "the worktree for conflicts has something else in it";
    Err(unresolved(mission, worktree, found.changed(), what).into())
}

pub(super) fn unresolved(
    mission: &Mission,
    worktree: &Worktree,
    paths: Vec<String>,
    what: &'static str,
) -> Refusal {
    let (mission, worktree) = (mission.dir.clone(), worktree.path.display().to_string());
    MergeRefusal::Unresolved { mission, worktree, paths, what, is_given_up: false }.into()
}
