//! Whose commits a branch may take without asking: they were judged where they come from.

use std::cell::RefCell;
use std::collections::BTreeMap;

use anyhow::Result;

use super::branch_judge::BranchJudge;
use super::found::{Found, Lane as LaneBranch};
use super::lane::LaneFacts;
use super::refs::Refs;
use crate::domain::branch::BranchName;
use crate::domain::id::{LaneId, WpId};
use crate::domain::lanes::{Lane, Lanes};
use crate::domain::oid::Oid;
use crate::domain::refusal::Refusal;
use crate::store::{Mission, Statuses, judged};

/// The tips of the branches whose commits this one may take.
///
/// # Errors
/// If a ref is damaged.
pub(super) fn innocent(refs: &Refs<'_>, judge: &BranchJudge<'_>) -> Result<Vec<Oid>> {
    Vouchers::new(refs).of(judge)
}

/// The branches whose commits others may take, each asked for once: for who judges many lanes.
pub(super) struct Vouchers<'r> {
    refs: &'r Refs<'r>,
    /// What lanes have.
    lanes: Asked,
    /// What missions' lanes begin with.
    missions: Asked,
}

/// Tips by what they were asked for.
type Asked = RefCell<BTreeMap<String, Vec<Oid>>>;

fn ask(asked: &Asked, name: &str, find: impl FnOnce() -> Result<Vec<Oid>>) -> Result<Vec<Oid>> {
    if let Some(known) = asked.borrow().get(name) {
        return Ok(known.clone());
    }
    let found = find()?;
    asked.borrow_mut().insert(name.to_owned(), found.clone());
    Ok(found)
}

impl<'r> Vouchers<'r> {
    pub(super) const fn new(refs: &'r Refs<'r>) -> Self {
        Self { refs, lanes: RefCell::new(BTreeMap::new()), missions: RefCell::new(BTreeMap::new()) }
    }

    /// As [`innocent()`].
    pub(super) fn of(&self, judge: &BranchJudge<'_>) -> Result<Vec<Oid>> {
        let refs = self.refs;
        let mut tips = Vec::new();
        match &judge.found {
            Found::Free => {}
            Found::Unreadable(_) | Found::Protected if refs.believes_tracking() => {
                tips.extend(refs.remotes(&judge.branch)?);
            }
            Found::Unreadable(_) | Found::Protected => {}
            Found::Scoped(_) => tips.extend(protected(refs, judge)?),
            Found::Coordination(mission) => {
                tips.extend(target(refs, mission)?);
                if refs.believes_tracking() {
                    tips.extend(refs.remotes(&judge.branch)?);
                }
                tips.extend(self.lanes(&finished_branches(judge, mission)?)?);
            }
            Found::Lane(lane) => tips.extend(self.around(lane)?),
        }
        Ok(tips)
    }

    /// The branches that a lane is cut from and synced with.
    fn around(&self, lane: &LaneBranch<'_>) -> Result<Vec<Oid>> {
        let Ok(LaneFacts { mission, .. }) = &lane.facts else { return Ok(Vec::new()) };
        let begin = || Ok([target(self.refs, mission)?, cut_from(self.refs, mission)?].concat());
        let mut tips = ask(&self.missions, &mission.dir, begin)?;
        tips.extend(self.lanes(&branches_around(lane)?)?);
        Ok(tips)
    }

    /// What lanes have, here and on remotes. What a transaction makes of them does not count, since two
    /// could vouch for each other: see [`super::by_lanes`].
    fn lanes(&self, branches: &[BranchName]) -> Result<Vec<Oid>> {
        let mut tips = Vec::new();
        for branch in branches {
            let held = || Ok([self.refs.remotes(branch)?, self.refs.standing(branch)?].concat());
            tips.extend(ask(&self.lanes, branch.as_str(), held)?);
        }
        Ok(tips)
    }
}

/// What a mission says; `None` if it is damaged: no lane is known to be finished then, and what mends
/// it can still be judged.
pub(super) fn readable<T>(found: Result<T>) -> Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(error) => match error.downcast_ref() {
            Some(Refusal::Damaged { .. } | Refusal::EventConflict { .. }) => Ok(None),
            Some(_) | None => Err(error),
        },
    }
}

/// From where a branch may begin.
pub(super) enum Begun {
    /// From these tips, besides those that it may take anyway.
    From(Vec<Oid>),
    /// From anywhere: nothing that is protected is there yet.
    Anywhere,
}

/// From where a branch that is not there yet may begin: a protected one, and a lane of which nobody
/// knows, from what protected branches have; a coordination branch whose target is not here, anywhere.
/// What a transaction makes of these does not count, since two new ones could vouch for each other.
///
/// # Errors
/// If a ref is damaged.
pub(super) fn begun(refs: &Refs<'_>, judge: &BranchJudge<'_>) -> Result<Begun> {
    let is_protected = match &judge.found {
        Found::Protected | Found::Unreadable(_) => true,
        Found::Lane(lane) if lane.facts.is_err() => false,
        Found::Coordination(mission) => return begun_coordination(refs, judge, mission),
        Found::Lane(_) | Found::Free | Found::Scoped(_) => return Ok(Begun::From(Vec::new())),
    };
    if !refs.believes_tracking() {
        return Ok(Begun::From(Vec::new()));
    }
    let mut tips = Vec::new();
    for branch in judge.protected_branches() {
        tips.extend(refs.standing(&branch)?);
        tips.extend(refs.remotes(&branch)?);
    }
    if tips.is_empty() && is_protected {
        // It may have been renamed, which no hook sees.
        let last = judged::values(refs.repo, &judge.branch)?.pop();
        return Ok(last.map_or(Begun::Anywhere, |last| Begun::From(vec![last])));
    }
    Ok(Begun::From(tips))
}

/// A coordination branch that is fetched into a clone which has only a lane: nothing here tells what of
/// it is the target's.
fn begun_coordination(
    refs: &Refs<'_>,
    judge: &BranchJudge<'_>,
    mission: &Mission,
) -> Result<Begun> {
    let is_unknown = refs.believes_tracking()
        && target(refs, mission)?.is_empty()
        && refs.on_any_remote(&judge.branch)?.is_empty();
    Ok(if is_unknown { Begun::Anywhere } else { Begun::From(Vec::new()) })
}

/// The finished lanes, and those that this one depends on. What it is about to hold itself proves
/// nothing, also where it is finished.
fn branches_around(lane: &LaneBranch<'_>) -> Result<Vec<BranchName>> {
    let Ok(facts) = &lane.facts else { return Ok(Vec::new()) };
    let mut ids = finished(facts.lanes(), facts.statuses());
    ids.extend(facts.lanes().map(|lanes| dependencies(lanes, &facts.lane_id)).unwrap_or_default());
    ids.retain(|id| **id != facts.lane_id);
    named(&facts.mission, &ids)
}

/// The branches of a mission's finished lanes.
fn finished_branches(judge: &BranchJudge<'_>, mission: &Mission) -> Result<Vec<BranchName>> {
    let (lanes, statuses) = (judge.store.lanes(mission), judge.store.statuses(mission));
    match (readable(lanes)?, readable(statuses)?) {
        (Some(lanes), Some(statuses)) => named(mission, &finished(lanes.as_ref(), &statuses)),
        (None, _) | (_, None) => Ok(Vec::new()),
    }
}

/// The lanes whose commits this branch takes.
///
/// # Errors
/// If the mission cannot be read.
pub(super) fn vouching_lanes(judge: &BranchJudge<'_>) -> Result<Vec<BranchName>> {
    match &judge.found {
        Found::Coordination(mission) => finished_branches(judge, mission),
        Found::Lane(lane) => branches_around(lane),
        Found::Free | Found::Unreadable(_) | Found::Protected | Found::Scoped(_) => Ok(Vec::new()),
    }
}

/// What lanes are cut from; in a clone that has not checked it out yet, as last fetched.
fn cut_from(refs: &Refs<'_>, mission: &Mission) -> Result<Vec<Oid>> {
    let branch = mission.branch();
    let Ok(branch) = branch.parse::<BranchName>() else { return Ok(Vec::new()) };
    match refs.own(&branch)? {
        own if own.is_empty() => refs.remotes(&branch),
        own => Ok(own),
    }
}

/// Every lane that this one depends on, also through others.
fn dependencies<'l>(lanes: &'l Lanes, id: &LaneId) -> Vec<&'l LaneId> {
    let direct = |id: &LaneId| lanes.lane(id).map(|lane| lane.depends_on_lanes.as_slice());
    let mut found: Vec<&LaneId> = direct(id).unwrap_or_default().iter().collect();
    let mut next = 0;
    while let Some(&id) = found.get(next) {
        for further in direct(id).unwrap_or_default() {
            if !found.contains(&further) {
                found.push(further);
            }
        }
        next += 1;
    }
    found
}

/// The lanes that may be merged.
fn finished<'l>(lanes: Option<&'l Lanes>, statuses: &Statuses) -> Vec<&'l LaneId> {
    let lanes = lanes.iter().flat_map(|lanes| &lanes.lanes);
    lanes.filter(|lane| is_finished(lane, statuses)).map(|lane| &lane.id).collect()
}

/// Whether all work packages of a lane are approved, done or canceled: it may be merged then.
pub(super) fn is_finished(lane: &Lane, statuses: &Statuses) -> bool {
    let is_settled =
        |wp_id: &WpId| statuses.record(wp_id).is_some_and(|record| record.status.is_settled());
    !lane.wp_ids.is_empty() && lane.wp_ids.iter().all(is_settled)
}

fn named(mission: &Mission, ids: &[&LaneId]) -> Result<Vec<BranchName>> {
    let name = |id: &&LaneId| Ok(mission.lane_branch(id).parse()?);
    ids.iter().map(name).collect()
}

/// The mission's target, here and as last fetched, from where it comes: a push may go to a copy of that
/// which has not everything yet.
fn target(refs: &Refs<'_>, mission: &Mission) -> Result<Vec<Oid>> {
    match mission.meta.target_branch.parse::<BranchName>() {
        Ok(target) => Ok([refs.branch_and_remotes(&target)?, refs.upstream(&target)?].concat()),
        Err(_) => Ok(Vec::new()),
    }
}

/// What the protected branches hold, here and as last fetched.
fn protected(refs: &Refs<'_>, judge: &BranchJudge<'_>) -> Result<Vec<Oid>> {
    let mut tips = Vec::new();
    for branch in judge.protected_branches() {
        tips.extend(refs.branch_and_remotes(&branch)?);
    }
    Ok(tips)
}
