//! A conflict of a merge in the hands of a person: opened in a worktree, taken back into the merge, or
//! given up.
//!
//! Nothing is merged while a conflict is resolved. The plan is written down once; `--continue` takes
//! what the worktree has for the very conflict that was laid out there, and merges again from the
//! start, with all that was resolved.

use std::path::PathBuf;

use anyhow::Result;

use super::merge::{Merged, Request, find_stop, merge_with};
use super::resolutions::{Resolutions, resolution};
use super::together::Stopped;
use crate::domain::change::Change;
use crate::domain::merging::PathConflict;
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::domain::refusal::{MergeRefusal, Refusal};
use crate::flow::branch_judge::{BranchJudge, Counting, Share};
use crate::flow::guard::Judgement;
use crate::flow::host::Host;
use crate::flow::lanes::{Site, worktree_root};
use crate::git::worktree::{
    Place, Resolving, conclude, give_up, index_tree, lay_out, open_conflict, remove_conflict,
    resolving,
};
use crate::git::{
    CommitSpec, Durability, MissionLock, Repo, Signed, Worktree, Writer, crash,
};
use crate::policy::Outcome;
use crate::policy::config::MergeStrategy;
use crate::store::merge_plan::{MergePlan, MergePlans, Stop};
use crate::store::{Mission, Store};

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
    Merged(Box<Merged>),
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
/// [`Refusal::WorktreePathTaken`].
pub fn resolve(repo: &Repo, host: &Host, mission: &Mission, request: &Request) -> Result<Opened> {
    let _lock = MissionLock::acquire(repo, &mission.meta.mission_slug, &host.purpose())?;
    let plans = MergePlans::of(repo, &mission.dir);
    let plan = match plans.plan()? {
        Some(plan) => plan,
        None => {
            let stopped = stop(repo, host, mission, (request, Resolutions::default()))?;
            let plan = plan(host, request, &stopped);
            plans.begin(&plan)?;
            crash::point("resolve-planned");
            plan
        }
    };
    let request = request_of(&plan);
    let resolutions = Resolutions::new(plans.resolved()?);
    let stopped = stop(repo, host, mission, (&request, resolutions))?;
    check_drift(&plan, mission, &stopped)?;
    open(repo, mission, &plans, &stopped)
}

/// Takes what the worktree has for the conflict, and merges.
///
/// # Errors
/// [`MergeRefusal::NoPlan`], [`MergeRefusal::PlanDrifted`], [`MergeRefusal::Unresolved`],
/// [`MergeRefusal::ResolutionOutOfScope`]; as [`super::merge()`].
pub fn carry_on(repo: &Repo, host: &Host, mission: &Mission) -> Result<Continued> {
    let plans = MergePlans::of(repo, &mission.dir);
    let request = {
        let _lock = MissionLock::acquire(repo, &mission.meta.mission_slug, &host.purpose())?;
        let plan = plans.plan()?.ok_or_else(|| no_plan(mission))?;
        let request = request_of(&plan);
        take(repo, host, mission, (&plans, &plan))?;
        request
    };
    crash::point("continue-recorded");
    match merge_with(repo, host, mission, (&request, &plans.resolved()?)) {
        Ok(merged) => {
            end(repo, host, mission)?;
            Ok(Continued::Merged(Box::new(merged)))
        }
        Err(error) if is_conflict(&error) => {
            resolve(repo, host, mission, &request).map(Continued::Stopped)
        }
        Err(error) => Err(error),
    }
}

/// Gives up what is being resolved. Without any nothing happens.
///
/// # Errors
/// [`MergeRefusal::Unresolved`] if the worktree has files that are in no commit and no part of the
/// conflict: nothing has changed then.
pub fn abort(repo: &Repo, host: &Host, mission: &Mission) -> Result<Aborted> {
    let _lock = MissionLock::acquire(repo, &mission.meta.mission_slug, &host.purpose())?;
    let plans = MergePlans::of(repo, &mission.dir);
    if plans.plan()?.is_none() {
        return Ok(Aborted::default());
    }
    let stop = plans.stop()?;
    let mut aborted = Aborted::default();
    if let Some(worktree) = present(repo, mission)? {
        let found = resolving(&worktree)?;
        let conflicts: Vec<&str> =
            stop.iter().flat_map(|stop| &stop.conflicts).map(|one| one.path.as_str()).collect();
        let foreign = found.unstaged.iter().map(ToString::to_string);
        let foreign: Vec<String> = foreign.filter(|path| !conflicts.contains(&&**path)).collect();
        if !foreign.is_empty() {
            let what = "files in the worktree are in no commit, and no part of the conflict";
            return Err(unresolved(mission, &worktree, foreign, what).into());
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

/// Clears away what a merge leaves that is done.
///
/// # Errors
/// If the worktree or the plan cannot be removed.
pub(super) fn end(repo: &Repo, host: &Host, mission: &Mission) -> Result<()> {
    let _lock = MissionLock::acquire(repo, &mission.meta.mission_slug, &host.purpose())?;
    let plans = MergePlans::of(repo, &mission.dir);
    if let Some(worktree) = present(repo, mission)? {
        remove_conflict(repo, &worktree)?;
    }
    crash::point("merge-worktree-removed");
    plans.end()
}

/// Where a conflict of the mission is being resolved, if one is.
///
/// # Errors
/// If what is written down of it cannot be read.
pub(in crate::flow) fn in_progress(repo: &Repo, mission: &Mission) -> Result<Option<PathBuf>> {
    let is_begun = MergePlans::of(repo, &mission.dir).plan()?.is_some();
    is_begun.then(|| place(repo, mission)).transpose()
}

/// Where conflicts of a mission are resolved.
fn place(repo: &Repo, mission: &Mission) -> Result<PathBuf> {
    Ok(worktree_root(repo)?.join(format!("{}-merge", mission.dir)))
}

fn present(repo: &Repo, mission: &Mission) -> Result<Option<Worktree>> {
    Ok(match repo.place(&place(repo, mission)?)? {
        Place::Worktree(found) => Some(found),
        Place::Absent | Place::Gone(_) | Place::Unrecorded | Place::Husk | Place::File => None,
    })
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

/// Where the merge stops.
fn stop(
    repo: &Repo,
    host: &Host,
    mission: &Mission,
    (request, resolutions): (&Request, Resolutions),
) -> Result<Stopped> {
    let found = find_stop(repo, host, mission, (request, resolutions))?;
    found.ok_or_else(|| no_plan(mission).into())
}

fn plan(host: &Host, request: &Request, stopped: &Stopped) -> MergePlan {
    let lane = |(id, tip): &(String, Oid)| (id.clone(), tip.to_string());
    MergePlan {
        schema: MergePlan::SCHEMA,
        actor: host.actor.clone(),
        started_at: host.now().to_log(),
        strategy: request.strategy.map(|strategy| strategy.as_str().to_owned()),
        lanes_only: request.lanes_only,
        pr: request.pr,
        review_note: request.review_note.clone(),
        lanes: stopped.lanes.iter().map(lane).collect(),
    }
}

/// What was asked for when the plan was written.
fn request_of(plan: &MergePlan) -> Request {
    let named = |name: &String| MergeStrategy::ALL.into_iter().find(|one| one.as_str() == name);
    Request {
        strategy: plan.strategy.as_ref().and_then(named),
        lanes_only: plan.lanes_only,
        pr: plan.pr,
        review_note: plan.review_note.clone(),
    }
}

/// That the lanes still are where the plan has them.
fn check_drift(plan: &MergePlan, mission: &Mission, stopped: &Stopped) -> Result<(), Refusal> {
    for (id, tip) in &plan.lanes {
        let lane = stopped.lanes.iter().find(|(lane, _)| lane == id);
        let found = lane.map_or_else(|| "gone".to_owned(), |(_, tip)| tip.to_string());
        if found != *tip {
            let what = format!("{id} was at {tip:.12}, and is at {found:.12}");
            let mission = mission.dir.clone();
            return Err(MergeRefusal::PlanDrifted { mission, what }.into());
        }
    }
    Ok(())
}

/// Lays the conflict out, if it is not there yet.
fn open(repo: &Repo, mission: &Mission, plans: &MergePlans, stopped: &Stopped) -> Result<Opened> {
    let Stopped { ours, theirs, merge, conflicts, .. } = stopped;
    plans.stop_at(&Stop {
        ours: ours.to_string(),
        theirs: theirs.to_string(),
        conflicts: conflicts.clone(),
    })?;
    let worktree = open_conflict(repo, &place(repo, mission)?, *ours)?;
    crash::point("resolve-worktree");
    let found = resolving(&worktree)?;
    if found.merge_heads != [*theirs] {
        if !found.merge_heads.is_empty() || !found.unstaged.is_empty() {
            let what = "the worktree for conflicts has something else in it";
            let paths = found.unstaged.iter().map(ToString::to_string).collect();
            return Err(unresolved(mission, &worktree, paths, what).into());
        }
        let message = format!("Merge {} of {}\n", stopped.name, mission.dir);
        lay_out(repo, &worktree, (*ours, *theirs), (merge, &message))?;
        crash::point("resolve-laid-out");
    }
    Ok(Opened { worktree: worktree.path, conflicts: conflicts.clone() })
}

fn unresolved(
    mission: &Mission,
    worktree: &Worktree,
    paths: Vec<String>,
    what: &'static str,
) -> Refusal {
    let (mission, worktree) = (mission.dir.clone(), worktree.path.display().to_string());
    MergeRefusal::Unresolved { mission, worktree, paths, what }.into()
}

/// Takes the resolution out of the worktree, judged as a merge is.
fn take(
    repo: &Repo,
    host: &Host,
    mission: &Mission,
    (plans, plan): (&MergePlans, &MergePlan),
) -> Result<()> {
    let resolutions = Resolutions::new(plans.resolved()?);
    let Some(stopped) = find_stop(repo, host, mission, (&request_of(plan), resolutions))? else {
        // A call that was killed behind this has taken it already, or nothing conflicts any more.
        return Ok(());
    };
    check_drift(plan, mission, &stopped)?;
    let (Some(stop), Some(worktree)) = (plans.stop()?, present(repo, mission)?) else {
        return Err(no_plan(mission).into());
    };
    let (ours, theirs): (Oid, Oid) = (stop.ours.parse()?, stop.theirs.parse()?);
    let found = resolving(&worktree)?;
    let is_committed =
        found.merge_heads.is_empty() && repo.commit(found.head)?.parents == [ours, theirs];
    if !is_committed && (found.head, &*found.merge_heads) != (ours, &[theirs]) {
        let what = "the worktree for conflicts has something else in it";
        return Err(unresolved(mission, &worktree, Vec::new(), what).into());
    }
    let result = result(repo, mission, (&worktree, &found), is_committed)?;
    check(repo, mission, (&worktree, &stopped), result)?;
    plans.resolve(resolution(repo, &stopped.merge, (stopped.theirs, result))?)?;
    if !is_committed {
        let signed = Signed { who: &host.identity, at: host.now() };
        let commit = Writer::new(repo, Durability::of(repo)?).commit(&CommitSpec {
            tree: result,
            parents: vec![ours, theirs],
            author: signed,
            committer: signed,
            message: &format!("Merge {} of {}\n", stopped.name, mission.dir),
        })?;
        conclude(&worktree, commit)?;
    }
    Ok(())
}

/// The tree that the person made, all of it staged or committed.
fn result(
    repo: &Repo,
    mission: &Mission,
    (worktree, found): (&Worktree, &Resolving),
    is_committed: bool,
) -> Result<Oid> {
    let named = |paths: &[RepoPath]| paths.iter().map(ToString::to_string).collect();
    if !found.unmerged.is_empty() {
        let what = "not resolved yet";
        return Err(unresolved(mission, worktree, named(&found.unmerged), what).into());
    }
    if !found.unstaged.is_empty() {
        let what = "changed, and not staged";
        return Err(unresolved(mission, worktree, named(&found.unstaged), what).into());
    }
    let staged = index_tree(worktree)?;
    let head = repo.tree_of_commit(found.head)?;
    if is_committed && staged != head {
        let differs = repo.diff(Some(head), Some(staged))?;
        let paths = differs.iter().map(|change| change.path.to_string()).collect();
        return Err(unresolved(mission, worktree, paths, "staged, and not committed").into());
    }
    Ok(staged)
}

/// That the result has no conflict markers left, and nothing that is no part of the conflict but what a
/// work package of the lanes owns.
fn check(
    repo: &Repo,
    mission: &Mission,
    (worktree, stopped): (&Worktree, &Stopped),
    result: Oid,
) -> Result<()> {
    let mut marked = Vec::new();
    for conflict in &stopped.merge.stages {
        let text = repo.entry(result, &conflict.path)?.map(|entry| entry.oid);
        let text = text.filter(|oid| repo.has_object(*oid)).map(|oid| repo.blob(oid));
        if text.transpose().is_ok_and(|text| text.is_some_and(|text| has_markers(&text))) {
            marked.push(conflict.path.to_string());
        }
    }
    if !marked.is_empty() {
        let what = "conflict markers are left";
        return Err(unresolved(mission, worktree, marked, what).into());
    }
    let changes = repo.diff(Some(stopped.merge.tree), Some(result))?;
    let beside = |change: &Change| !stopped.merge.is_in_conflict(&change.path);
    let beside: Vec<Change> = changes.into_iter().filter(beside).collect();
    let strange = foreign(repo, mission, stopped, beside)?;
    if strange.is_empty() {
        return Ok(());
    }
    let paths = strange.iter().map(|change| change.path.to_string()).collect();
    let (mission, worktree) = (mission.dir.clone(), worktree.path.display().to_string());
    Err(Refusal::from(MergeRefusal::ResolutionOutOfScope { mission, worktree, paths }).into())
}

/// Those of the changes that no lane of the merge may make.
fn foreign(
    repo: &Repo,
    mission: &Mission,
    stopped: &Stopped,
    changes: Vec<Change>,
) -> Result<Vec<Change>> {
    if changes.is_empty() {
        return Ok(changes);
    }
    let store = Store::new(repo);
    let lanes = store.lanes(mission)?;
    let mut judges = Vec::new();
    for (id, _) in &stopped.lanes {
        let site = Site::of(repo, mission, lanes.as_ref(), &id.parse()?)?;
        judges.push(BranchJudge::find(&store, repo, site.branch, Counting::EverClaimed)?);
    }
    let mut strange = Vec::new();
    for change in changes {
        let one = std::slice::from_ref(&change);
        let mut is_owned = false;
        for judge in &judges {
            let verdict = Judgement::of(judge, (one, Share::Part))?.verdict;
            is_owned |= verdict.outcome == Outcome::Allowed;
        }
        if !is_owned {
            strange.push(change);
        }
    }
    Ok(strange)
}

/// Whether a text has the lines that git writes around two sides.
fn has_markers(text: &[u8]) -> bool {
    let mut lines = text.split(|byte| *byte == b'\n');
    let mut next = |marker: &[u8]| lines.any(|line| line.starts_with(marker));
    next(b"<<<<<<< ") && next(b"=======") && next(b">>>>>>> ")
}

#[cfg(test)]
mod tests {
    use super::has_markers;

    #[test]
    fn markers_are_those_of_git_in_their_order() {
        assert!(has_markers(b"a\n<<<<<<< ours\nb\n=======\nc\n>>>>>>> theirs\n"));
        assert!(!has_markers(b"a title\n=======\n"));
        assert!(!has_markers(b">>>>>>> x\n=======\n<<<<<<< y\n"));
        assert!(!has_markers(b"<<<<<<<\n=======\n>>>>>>>\n"), "git names the sides");
    }
}
