//! Judging a push before anything is sent.
//!
//! What the remote holds is known from the remote itself. A protected branch takes nothing new by a
//! push but what it takes by a commit; a coordination branch only grows; of lanes and branches with a
//! scope each new commit is judged by itself, which also finds what a bypassed door let through.

use anyhow::Result;

use super::branch_judge::{BranchJudge, Counting, Found};
use super::commits::{Judged, Passage, commits};
use super::refs::Refs;
use super::rewind;
use crate::domain::branch::BranchName;
use crate::domain::oid::Oid;
use crate::domain::push_line::PushLine;
use crate::git::Repo;
use crate::policy::GuardCode;
use crate::store::{Mission, Store};

/// Judges each branch that is pushed; what may pass unsaid is left out.
///
/// # Errors
/// If what is needed cannot be read: the push must not go on then.
pub fn judge_push(repo: &Repo, lines: &[PushLine]) -> Result<Vec<Judged>> {
    let mut all = Vec::new();
    for line in lines {
        if let Some(branch) = BranchName::of_ref(&line.remote) {
            all.extend(judge_line(repo, branch, line)?);
        }
    }
    all.retain(|judged| !judged.judgement.verdict.is_silent());
    Ok(all)
}

fn judge_line(repo: &Repo, branch: BranchName, line: &PushLine) -> Result<Vec<Judged>> {
    let store = Store::new(repo);
    let judge = BranchJudge::find(&store, repo, branch, Counting::EverClaimed)?;
    let Some(new) = line.new else { return Ok(deletion(&judge)) };
    if line.old == Some(new) {
        return Ok(Vec::new());
    }
    if let Some(refused) = lane_onto_target(repo, &judge, new)? {
        return Ok(vec![refused]);
    }
    if matches!(judge.found, Found::Free) {
        return Ok(Vec::new());
    }
    if let Some(refused) = divergence(repo, &judge, (line.old, new))? {
        return Ok(vec![refused]);
    }
    let refs = Refs { repo, updates: &[], believes_tracking: false };
    let passage = Passage { old: line.old, unseen: None, new };
    let mut judged = rewind::backwards(&refs, &judge, passage)?;
    judged.extend(commits(&refs, &judge, passage)?);
    Ok(judged)
}

/// A protected branch is not deleted on a remote either. Those of a mission are, once it is closed.
fn deletion(judge: &BranchJudge<'_>) -> Vec<Judged> {
    match judge.found {
        Found::Protected | Found::Unreadable(_) => {
            let fact = format!("`{}` is a protected branch, and would be deleted", judge.branch);
            let step = "leave it: a protected branch is there for everybody";
            vec![judge.refuse(GuardCode::BranchDeletionRefused, fact, step)]
        }
        Found::Free | Found::Scoped(_) | Found::Lane(_) | Found::Coordination(_) => Vec::new(),
    }
}

/// That the remote has commits that would be lost, or that are not even here.
fn divergence(
    repo: &Repo,
    judge: &BranchJudge<'_>,
    (old, new): (Option<Oid>, Oid),
) -> Result<Option<Judged>> {
    let counts = match judge.found {
        Found::Protected | Found::Unreadable(_) | Found::Coordination(_) => old,
        Found::Free | Found::Scoped(_) | Found::Lane(_) => None,
    };
    let Some(old) = counts else { return Ok(None) };
    let branch = &judge.branch;
    if !repo.has_object(old) {
        let fact = format!("the remote's `{branch}` has commits that are not here");
        let step = "`git fetch`, and join them: `git pull`";
        return Ok(Some(judge.refuse(GuardCode::NotSynchronized, fact, step)));
    }
    let ahead = repo.commits_since(new, &[old])?.len();
    let behind = repo.commits_since(old, &[new])?.len();
    if behind == 0 {
        return Ok(None);
    }
    let state = if ahead == 0 { "behind" } else { "diverged from" };
    let fact = format!(
        "what is pushed is {state} the remote's `{branch}`: {ahead} ahead, {behind} behind"
    );
    let step = match (ahead, &judge.found) {
        (0, _) => "there is nothing to push: `git pull` brings the branch up".to_owned(),
        (_, Found::Coordination(_)) => {
            "join both logs first: `git pull --no-rebase` merges them by their events".to_owned()
        }
        (_, _) => format!(
            "`git pull` first; or push it as a branch of its own for a pull request: `git push REMOTE \
             {new:.12}:refs/heads/NAME`"
        ),
    };
    Ok(Some(judge.refuse(GuardCode::NotSynchronized, fact, &step)))
}

/// That the commits of a lane would come to its mission's target without the coordination branch.
fn lane_onto_target(repo: &Repo, judge: &BranchJudge<'_>, new: Oid) -> Result<Option<Judged>> {
    for (_, mission) in judge.store.all()? {
        let Ok(mission) = mission else { continue };
        if mission.meta.target_branch != judge.branch.as_str() {
            continue;
        }
        if let Some(lane) = lane_within(repo, judge, &mission, new)? {
            let fact = format!("`{lane}` would come to `{}` by itself", judge.branch);
            let step = format!(
                "a lane goes to the coordination branch first: `git kitty merge {}`",
                mission.dir
            );
            return Ok(Some(judge.refuse(GuardCode::LaneOntoTarget, fact, &step)));
        }
    }
    Ok(None)
}

/// The lane of a mission that `new` has and the coordination branch has not.
fn lane_within(
    repo: &Repo,
    judge: &BranchJudge<'_>,
    mission: &Mission,
    new: Oid,
) -> Result<Option<BranchName>> {
    let own: BranchName = mission.branch().parse()?;
    let Some(coordination) = repo.find(&own.ref_name()?)? else { return Ok(None) };
    for (name, tip) in repo.list(&format!("refs/heads/{own}-lane-"))? {
        let is_new = repo.is_ancestor(tip, new)? && !repo.is_ancestor(tip, coordination)?;
        let target = repo.find(&judge.branch.ref_name()?)?;
        let has_landed = target.map_or(Ok(false), |target| repo.is_ancestor(tip, target))?;
        if is_new && (!has_landed || target == Some(new)) {
            return Ok(BranchName::of_ref(&name));
        }
    }
    Ok(None)
}
