//! Why a path may or may not be changed: whose it is, and what the judge would say.

use anyhow::Result;

use crate::domain::branch::BranchName;
use crate::domain::path::RepoPath;
use crate::domain::refusal::Warning;
use crate::git::Repo;
use crate::policy::{Decision, Outcome, Owner};
use crate::store::{Mission, Record, Store, View};

use super::guard::{Judgement, Subject, guard};
use super::lane;
use super::overriding::Overriding;

/// An owner of a path, with the mission and the last event about it.
#[derive(Debug)]
pub struct MissionOwner {
    /// The mission's directory.
    pub mission_dir: String,
    /// The work package.
    pub owner: Owner,
    /// The last event about it; none before the first.
    pub last: Option<Record>,
}

/// What is to be said about one path.
#[derive(Debug)]
pub struct PathAnswer {
    /// The path and the rule that decides.
    pub decision: Decision,
    /// Every work package that owns it: of the branch's mission, or else of all missions.
    pub owners: Vec<MissionOwner>,
}

/// The answers for some paths, and the judgement that they rest on.
#[derive(Debug)]
pub struct Answer {
    /// For which branch, and with which verdict.
    pub judgement: Judgement,
    /// One for each path, in their order.
    pub paths: Vec<PathAnswer>,
    /// What speaks against the logs that the owners' statuses are read from.
    pub doubts: Vec<Warning>,
}

impl Answer {
    /// What the judge says of a path: `allowed`, `refused`, or `warned` where the mode is warn.
    #[must_use]
    pub fn verdict_on(&self, answer: &PathAnswer) -> Outcome {
        match answer.decision.rule.refusal() {
            Some(_) => self.judgement.verdict.outcome,
            None => Outcome::Allowed,
        }
    }
}

/// Judges each path as if it were changed on `branch`, and finds its owners.
///
/// # Errors
/// As [`guard`].
pub fn why(repo: &Repo, branch: Option<BranchName>, paths: Vec<RepoPath>) -> Result<Answer> {
    let judgement = guard(repo, branch, &Subject::Paths(paths), Overriding::Ignored)?;
    let store = Store::of_one_moment(repo);
    let views = views(&store, judgement.mission_dir.as_deref())?;
    let answer = |decision: &Decision| PathAnswer {
        owners: views
            .iter()
            .flat_map(|view| owners(view, &decision.path, judgement.fold_case))
            .collect(),
        decision: decision.clone(),
    };
    let paths = judgement.verdict.decisions.iter().map(answer).collect();
    let mut doubts: Vec<Warning> =
        views.iter().flat_map(|view| view.statuses.evidence().warnings()).collect();
    doubts.retain(|doubt| !judgement.verdict.warnings.contains(doubt));
    Ok(Answer { judgement, paths, doubts })
}

/// The missions that may own a path; damaged ones own nothing that could be said.
fn views(store: &Store<'_>, mission_dir: Option<&str>) -> Result<Vec<View>> {
    let missions: Vec<Mission> = match mission_dir {
        Some(dir) => store.open(dir).ok().flatten().into_iter().collect(),
        None => store.all()?.into_iter().filter_map(|(_, mission)| mission.ok()).collect(),
    };
    Ok(missions.into_iter().filter_map(|mission| store.view(mission).ok()).collect())
}

fn owners(view: &View, path: &RepoPath, fold_case: bool) -> Vec<MissionOwner> {
    let found = lane::owners(&view.files, view.lanes.as_ref(), &view.statuses, fold_case, path);
    found
        .into_iter()
        .map(|owner| MissionOwner {
            mission_dir: view.mission.dir.clone(),
            last: view.statuses.record(&owner.wp_id).cloned(),
            owner,
        })
        .collect()
}
