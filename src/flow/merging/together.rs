//! Stage 1: lanes come to the coordination branch, one after the other.

use anyhow::Result;

use super::ground::Ground;
use super::order::Ready;
use super::resolutions::Resolutions;
use super::settle::settle;
use crate::domain::id::LaneId;
use crate::domain::merging::{PathConflict, Resolved};
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::git::train::{self, AtConflict, Outcome, Train, Wagon, train};
use crate::git::{AutoMerge, Repo, Signed, Unplaced, Writer};

/// A lane with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The lane.
    pub lane_id: LaneId,
    /// Its branch.
    pub branch: String,
    /// Its tip.
    pub tip: Oid,
    /// What became of it.
    pub outcome: StepOutcome,
}

/// What became of a lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepOutcome {
    /// This commit merges it.
    Merged(Oid),
    /// The coordination branch had it already.
    Contained,
}

/// What the lanes come to.
pub(super) struct Together {
    /// The lanes that came, in order.
    pub(super) steps: Vec<Step>,
    /// The coordination branch with all of them.
    pub(super) tip: Oid,
    /// What stopped the train, if something did.
    pub(super) stopped: Option<Stopped>,
    /// Merges that a person concluded.
    pub(super) resolved: Vec<Resolved>,
}

/// A conflict that needs a person.
#[derive(Debug, Clone)]
pub(super) struct Stopped {
    /// The lane that was to come next; none where the mission was to land.
    pub(super) lane: Option<String>,
    /// What it was to come to.
    pub(super) ours: Oid,
    pub(super) theirs: Oid,
    /// What needed no person.
    pub(super) merge: AutoMerge,
    /// Each path, and whose work it is between.
    pub(super) conflicts: Vec<PathConflict>,
    /// All lanes that are ready, with their tips.
    pub(super) lanes: Vec<(String, Oid)>,
}

/// Lanes that are to come together.
#[derive(Clone, Copy)]
pub(super) struct Coming<'a> {
    pub(super) repo: &'a Repo,
    /// The tip of the branch that they come to.
    pub(super) start: Oid,
    /// That branch.
    pub(super) branch: &'a str,
    /// The lanes, in order.
    pub(super) lanes: &'a [Ready],
    /// What a person made of conflicts before.
    pub(super) resolutions: &'a Resolutions,
    pub(super) signed: Signed<'a>,
    pub(super) at_conflict: AtConflict,
}

impl Coming<'_> {
    /// Merges them one after the other, as far as that needs no person.
    ///
    /// # Errors
    /// If a commit cannot be read or written, or git fails.
    pub(super) fn together(&self, writer: &Writer<'_>) -> Result<Train> {
        let Self { repo, branch, resolutions, .. } = *self;
        let wagon = |one: &Ready| Wagon { name: one.site.lane.id.to_string(), tip: one.tip };
        let wagons: Vec<Wagon> = self.lanes.iter().map(wagon).collect();
        let kept = self.lanes.first().map(|one| one.site.left_out.as_slice());
        train(
            writer,
            &wagons,
            &train::Request {
                start: self.start,
                kept: kept.unwrap_or_default(),
                but: &[],
                settle: &|writer, merge, ours, theirs| {
                    let merge = settle(writer, repo, merge, [ours, theirs])?;
                    resolutions.take((writer, repo), merge, [ours, theirs])
                },
                message: &|wagon| format!("Merge {} into {branch}\n", wagon.name),
                signed: self.signed,
                at_conflict: self.at_conflict,
            },
        )
    }
}

/// Merges the lanes that are ready into the coordination branch, as far as that needs no person.
///
/// # Errors
/// If a commit cannot be read or written, or git fails.
pub(super) fn together(ground: &Ground<'_>, writer: &Writer<'_>) -> Result<Together> {
    let coming = Coming {
        repo: ground.repo,
        start: ground.tip,
        branch: &ground.mission.branch(),
        lanes: &ground.order.ready,
        resolutions: ground.resolutions,
        signed: Signed { who: &ground.host.identity, at: ground.host.now() },
        at_conflict: AtConflict::Stop,
    };
    let made = coming.together(writer)?;
    let stopped = stopped(ground, &made)?;
    let lanes = ground.order.ready.iter().zip(&made.steps);
    let steps: Vec<Step> = lanes.filter_map(|(ready, step)| Step::of(ready, step)).collect();
    let resolved = |step: &Step| {
        let paths = ground.resolutions.taken(step.tip)?;
        Some(Resolved { commit: step.commit()?.to_string(), paths })
    };
    let resolved = steps.iter().filter_map(resolved).collect();
    Ok(Together { steps, tip: made.tip, stopped, resolved })
}

impl Step {
    fn of(ready: &Ready, step: &train::Step) -> Option<Self> {
        let outcome = match step.outcome {
            Outcome::Merged { commit } => StepOutcome::Merged(commit),
            Outcome::Contained => StepOutcome::Contained,
            Outcome::Conflict(_) => return None,
        };
        let (lane_id, branch) = (ready.site.lane.id.clone(), ready.site.branch.to_string());
        Some(Self { lane_id, branch, tip: ready.tip, outcome })
    }

    /// The commit that merges the lane; `None` if nothing had to be merged.
    #[must_use]
    pub const fn commit(&self) -> Option<Oid> {
        match self.outcome {
            StepOutcome::Merged(commit) => Some(commit),
            StepOutcome::Contained => None,
        }
    }
}

/// Where the train stopped, if it did.
fn stopped(ground: &Ground<'_>, made: &Train) -> Result<Option<Stopped>> {
    let Some((last, before)) = made.steps.split_last() else { return Ok(None) };
    let Outcome::Conflict(merge) = &last.outcome else { return Ok(None) };
    let mut merged = Vec::new();
    for step in before {
        if let Outcome::Merged { .. } = step.outcome {
            let paths = changed(ground.repo, ground.tip, step.wagon.tip)?;
            merged.push((step.wagon.name.clone(), paths));
        }
    }
    Ok(Some(Stopped {
        lane: Some(last.wagon.name.clone()),
        ours: made.tip,
        theirs: last.wagon.tip,
        merge: merge.clone(),
        conflicts: conflicts(&merged, (&last.wagon.name, merge)),
        lanes: ground.lanes(),
    }))
}

/// Whose work is in conflict at each path where a lane comes behind those that were `merged`.
pub(super) fn conflicts(
    merged: &[Changed],
    (lane, merge): (&String, &AutoMerge),
) -> Vec<PathConflict> {
    let sides = |path: &RepoPath| [authors(merged, path), vec![lane.clone()]];
    each(merge, (1, Some(lane)), sides)
}

/// A lane with the paths that it changed.
pub(super) type Changed = (String, Vec<RepoPath>);

/// The lanes that changed a path, what is below it or was in its place, else the coordination branch
/// that they came to.
pub(super) fn authors(lanes: &[Changed], path: &RepoPath) -> Vec<String> {
    let plain = without_commit(path);
    let is_it = |own: &RepoPath| own == path || *own == plain || own.is_below(path.as_bytes());
    let has = |(_, paths): &&Changed| paths.iter().any(is_it);
    let authors: Vec<String> = lanes.iter().filter(has).map(|(lane, _)| lane.clone()).collect();
    if authors.is_empty() { vec!["coordination".to_owned()] } else { authors }
}

/// The path that a file had before git put it beside what stands there, as `path~<commit>`.
fn without_commit(path: &RepoPath) -> RepoPath {
    let is_id = |tail: &&[u8]| tail.len() >= 40 && tail.iter().all(u8::is_ascii_hexdigit);
    let bytes = path.as_bytes();
    let tilde = bytes.iter().rposition(|byte| *byte == b'~');
    let parts = tilde.and_then(|at| Some((bytes.get(..at)?, bytes.get(at + 1..)?)));
    match parts.filter(|(_, tail)| is_id(tail)) {
        Some((plain, _)) => RepoPath::new(plain),
        None => path.clone(),
    }
}

/// The paths that `tip` changed since it left `from`.
pub(super) fn changed(repo: &Repo, from: Oid, tip: Oid) -> Result<Vec<RepoPath>> {
    let base = repo.merge_base(from, tip)?.map(|base| repo.tree_of_commit(base)).transpose()?;
    let changes = repo.diff(base, Some(repo.tree_of_commit(tip)?))?;
    Ok(changes.into_iter().map(|change| change.path).collect())
}

/// The conflicts of a merge, a path each.
pub(super) fn each(
    merge: &AutoMerge,
    (stage, lane): (u8, Option<&String>),
    sides: impl Fn(&RepoPath) -> [Vec<String>; 2],
) -> Vec<PathConflict> {
    let driver = |path: &RepoPath| {
        merge.drivers.iter().find(|(own, _)| own == path).map(|(_, name)| name.clone())
    };
    let one = |path: &RepoPath| PathConflict {
        stage,
        lane_id: lane.cloned(),
        path: path.to_string(),
        sides: sides(path),
        driver: driver(path),
        message: None,
    };
    let unplaced = |found: &Unplaced| {
        let message = Some(found.message.clone());
        found.paths.first().map(|path| PathConflict { message, ..one(path) })
    };
    let paths = merge.conflicted.iter().map(one);
    paths.chain(merge.unplaced.iter().filter_map(unplaced)).collect()
}
