//! What is written down of a merge in which a person resolves conflicts, and what it was asked for.

use anyhow::Result;

use super::merged::Request;
use super::together::Stopped;
use crate::domain::oid::Oid;
use crate::domain::refusal::{MergeRefusal, Refusal};
use crate::flow::host::Host;
use crate::flow::lanes::Site;
use crate::flow::policy::{For, governing};
use crate::git::Repo;
use crate::policy::config::MergeStrategy;
use crate::store::merge_plan::MergePlan;
use crate::store::{Mission, Store};

/// What is to be written down of a merge that stopped.
pub(super) fn plan(host: &Host, request: &Request, stopped: &Stopped) -> MergePlan {
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
pub(super) fn request_of(plan: &MergePlan) -> Request {
    let named = |name: &String| MergeStrategy::ALL.into_iter().find(|one| one.as_str() == name);
    Request {
        strategy: plan.strategy.as_ref().and_then(named),
        lanes_only: plan.lanes_only,
        pr: plan.pr,
        review_note: plan.review_note.clone(),
    }
}

/// Whether a request, as far as it says how, is what the plan was written for.
pub(super) fn is_asked_for(plan: &MergePlan, request: &Request) -> bool {
    let planned = request_of(plan);
    let is_note = request.review_note.is_none() || request.review_note == planned.review_note;
    (request.strategy.is_none() || request.strategy == planned.strategy)
        && (planned.lanes_only || !request.lanes_only)
        && (planned.pr || !request.pr)
        && is_note
}

/// That the lanes still are where the plan has them.
///
/// # Errors
/// [`MergeRefusal::PlanDrifted`]; if a lane cannot be read.
pub(super) fn check_drift(repo: &Repo, mission: &Mission, plan: &MergePlan) -> Result<()> {
    let lanes = Store::new(repo).lanes(mission)?;
    for (id, tip) in &plan.lanes {
        let site = Site::of(repo, mission, lanes.as_ref(), &id.parse()?)?;
        let found = repo.find(&site.name)?;
        let found = found.map_or_else(|| "gone".to_owned(), |found| found.to_string());
        if found != *tip {
            let what = format!("{id} was at {tip:.12}, and is at {found:.12}");
            let mission = mission.dir.clone();
            return Err(Refusal::from(MergeRefusal::PlanDrifted { mission, what }).into());
        }
    }
    Ok(())
}

/// How the mission is to land, if somebody has said so; written down with the plan, so that a policy
/// which changes meanwhile does not change what is resolved.
///
/// # Errors
/// [`MergeRefusal::RebaseResolved`]; if the policy cannot be read.
pub(super) fn strategy(
    repo: &Repo,
    mission: &Mission,
    (request, stopped): (&Request, &Stopped),
) -> Result<Option<MergeStrategy>> {
    if request.lanes_only {
        return Ok(None);
    }
    let policy = governing(repo, For::Mission(Some(&mission.meta.target_branch)))?;
    let strategy = request.strategy.or(policy.config.strategy);
    if strategy != Some(MergeStrategy::Rebase) {
        return Ok(strategy);
    }
    let paths = stopped.conflicts.iter().map(|one| one.path.clone()).collect();
    Err(rebase(mission, paths, false).into())
}

fn rebase(mission: &Mission, paths: Vec<String>, is_begun: bool) -> Refusal {
    MergeRefusal::RebaseResolved { mission: mission.dir.clone(), paths, is_begun }.into()
}

/// Where a plan is open another strategy takes another plan.
pub(super) fn told_of_rebase(mission: &Mission, error: anyhow::Error) -> anyhow::Error {
    if let Some(Refusal::Merge(refusal)) = error.downcast_ref::<Refusal>()
        && let MergeRefusal::RebaseConflict { paths, .. } = &**refusal
    {
        return rebase(mission, paths.clone(), true).into();
    }
    error
}
