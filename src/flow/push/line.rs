//! Judging one branch of a push.

use anyhow::Result;

use super::super::branch_judge::BranchJudge;
use super::super::commits::{Judged, Passage, commits};
use super::super::explain;
use super::super::found::Found;
use super::super::kept::kept_for_good;
use super::super::landed::Landed;
use super::super::refs::Refs;
use super::super::rewind;
use super::super::whole::whole;
use super::pull::pull;
use super::side::{Push, Side};
use super::target::Onto;
use crate::domain::branch::BranchName;
use crate::domain::oid::Oid;
use crate::domain::ref_update::{RefUpdate, Value};
use crate::git::Repo;
use crate::policy::GuardCode;

/// A branch that a push moves.
pub(super) struct Line {
    pub(super) branch: BranchName,
    /// What the remote has.
    pub(super) old: Option<Oid>,
    /// What it shall have.
    pub(super) new: Option<Oid>,
}

impl Line {
    /// The branches among what is pushed. Tags and other refs are free.
    pub(super) fn all(updates: &[RefUpdate]) -> Vec<Self> {
        let value = |value: &Value| match value {
            Value::Object(oid) => Some(*oid),
            Value::Nothing | Value::Symbolic(_) => None,
        };
        let line = |update: &RefUpdate| {
            let branch = BranchName::of_ref(&update.name)?;
            Some(Self { branch, old: value(&update.old), new: value(&update.new) })
        };
        updates.iter().filter_map(line).collect()
    }
}

/// Judges one branch.
///
/// # Errors
/// If what is needed cannot be read.
pub(super) fn judge_line(
    push: &Push<'_>,
    judge: &BranchJudge<'_>,
    line: &Line,
) -> Result<Vec<Judged>> {
    let refs = Refs { repo: judge.repo, updates: push.updates, vouching: push.vouching() };
    let Some(new) = line.new else { return deletion(push, &refs, judge, line.old) };
    if line.old == Some(new) {
        return Ok(Vec::new());
    }
    let onto = Onto::find(judge)?;
    if matches!(judge.found, Found::Free) && onto.is_empty() {
        return Ok(Vec::new());
    }
    if let Some(refused) = unknown(push, judge, line.old)? {
        return Ok(vec![refused]);
    }
    let passage = Passage { old: line.old, unseen: None, new };
    match judge.found {
        Found::Protected | Found::Unreadable(_) => protected(push, &refs, judge, (&onto, passage)),
        Found::Free | Found::Scoped(_) | Found::Lane(_) | Found::Coordination(_) => {
            if let Some(refused) = lane_onto(&refs, judge, (&onto, passage))? {
                return Ok(vec![refused]);
            }
            let only_forward = !onto.is_empty() || matches!(judge.found, Found::Coordination(_));
            if only_forward && let Some(refused) = divergence(push, judge, (&onto, passage))? {
                return Ok(vec![refused]);
            }
            // What it had before was judged as something else.
            let old = passage.old.filter(|_| !judge.turns);
            whole(&refs, judge, Passage { old, ..passage })
        }
    }
}

/// A protected branch takes the first push of all, and what a protected branch of the remote has
/// already; of new commits those that add the first policy or mend it. The rest is told at once.
fn protected(
    push: &Push<'_>,
    refs: &Refs<'_>,
    judge: &BranchJudge<'_>,
    (onto, passage): (&Onto, Passage),
) -> Result<Vec<Judged>> {
    if passage.old.is_none() {
        let known = push.protected(refs, judge)?;
        let has_all = !known.is_empty() && !refs.repo.is_ahead(passage.new, &known)?;
        if has_all || push.is_first(refs.repo)? {
            return Ok(Vec::new());
        }
    }
    if let Some(refused) = lane_onto(refs, judge, (onto, passage))? {
        return Ok(vec![refused]);
    }
    if let Some(refused) = divergence(push, judge, (onto, passage))? {
        return Ok(vec![refused]);
    }
    let mut judged = commits(refs, judge, passage)?;
    let told = judged.iter().filter(|one| one.is_refused());
    let (refused, may_be_overridden) =
        (told.clone().count(), told.clone().all(|one| one.judgement.verdict.may_be_overridden));
    if refused == 0 {
        return Ok(judged);
    }
    judged.retain(|one| !one.judgement.verdict.can_be_overridden());
    let commits = explain::commits(refused);
    let fact =
        format!("`{}` is a protected branch, and would get {commits} by a push", judge.branch);
    let step = onto.way_around(push, judge, passage)?;
    let mut whole = judge.refuse(GuardCode::ProtectedBranchRefused, fact, &step);
    Landed::among(refs, judge, passage)?.explain(&mut whole.judgement.verdict);
    whole.judgement.verdict.may_be_overridden = may_be_overridden;
    judged.push(whole);
    Ok(judged)
}

/// That a lane would come to its target by itself: not where a landing brings it.
fn lane_onto(
    refs: &Refs<'_>,
    judge: &BranchJudge<'_>,
    (onto, passage): (&Onto, Passage),
) -> Result<Option<Judged>> {
    let Some(mut refused) = onto.lane(judge, passage, &[])? else { return Ok(None) };
    let landed = Landed::among(refs, judge, passage)?;
    landed.explain(&mut refused.judgement.verdict);
    match landed.commits() {
        [] => Ok(Some(refused)),
        commits => onto.lane(judge, passage, commits),
    }
}

/// A protected branch is not deleted on a remote either. A coordination branch is once something
/// that stays has its commits, and a lane once a guarded branch has them: before a push any that is here.
fn deletion(
    push: &Push<'_>,
    refs: &Refs<'_>,
    judge: &BranchJudge<'_>,
    held: Option<Oid>,
) -> Result<Vec<Judged>> {
    let is_guarded = matches!(judge.found, Found::Lane(_) | Found::Coordination(_));
    if is_guarded && let Some(refused) = unknown(push, judge, held)? {
        return Ok(vec![refused]);
    }
    if let (Found::Lane(_), Some(held)) = (&judge.found, held) {
        let there = match push.side {
            Side::Pusher(_) => Refs { updates: &[], ..*refs }.kept_below("refs/heads/")?,
            Side::Server => guarded(refs, judge)?,
        };
        let kept = [there, kept_for_good(refs)?].concat();
        if !kept.is_empty() && !refs.repo.is_ahead(held, &kept)? {
            return Ok(Vec::new());
        }
    }
    rewind::deletion(refs, judge, held)
}

/// What the protected branches have, and the other branches of a lane's mission: they do not go either
/// before something has their commits.
fn guarded(refs: &Refs<'_>, judge: &BranchJudge<'_>) -> Result<Vec<Oid>> {
    let mut names = judge.protected_branches();
    if let Found::Lane(lane) = &judge.found
        && let Ok(facts) = &lane.facts
    {
        let own = facts.mission.branch();
        let lanes = facts.lanes().into_iter().flat_map(|lanes| &lanes.lanes);
        names.extend(lanes.filter_map(|lane| facts.mission.lane_branch(&lane.id).parse().ok()));
        names.extend([own.parse(), facts.mission.meta.target_branch.parse()].into_iter().flatten());
    }
    let kept = refs.kept_with_names("refs/heads/")?.into_iter();
    let kept =
        kept.filter(|(name, _)| BranchName::of_ref(name).is_some_and(|it| names.contains(&it)));
    Ok(kept.map(|(_, tip)| tip).collect())
}

/// That the remote has commits which are not here: what would become of them cannot be said.
fn unknown(push: &Push<'_>, judge: &BranchJudge<'_>, old: Option<Oid>) -> Result<Option<Judged>> {
    if old.is_none_or(|old| judge.repo.has_object(old)) {
        return Ok(None);
    }
    let fact = format!("the remote's `{}` has commits that are not here", judge.branch);
    let remote = push.remote();
    let step = format!(
        "`git fetch {remote}` brings them; then join them ({}), or push again",
        pull(push, judge)?
    );
    Ok(Some(judge.refuse(GuardCode::NotSynchronized, fact, &step)))
}

/// That the remote has commits that would be lost.
fn divergence(
    push: &Push<'_>,
    judge: &BranchJudge<'_>,
    (onto, passage): (&Onto, Passage),
) -> Result<Option<Judged>> {
    let Some(old) = passage.old else { return Ok(None) };
    let branch = &judge.branch;
    let [ahead, behind] = apart(judge.repo, passage.new, old)?;
    if behind == 0 {
        return Ok(None);
    }
    let state = if ahead == 0 { "behind" } else { "diverged from" };
    let fact = format!(
        "what is pushed is {state} the remote's `{branch}`: {ahead} ahead, {behind} behind"
    );
    let pull = pull(push, judge)?;
    let step = match (ahead, &judge.found) {
        (0, _) => format!("there is nothing to push: {pull} brings the branch up"),
        (_, Found::Coordination(_)) => {
            format!("join both logs first: {pull} merges them by their events")
        }
        (_, Found::Protected | Found::Unreadable(_)) => onto.way_around(push, judge, passage)?,
        (_, Found::Free | Found::Scoped(_) | Found::Lane(_)) => {
            format!("join both first: {pull}; or {}", onto.way_around(push, judge, passage)?)
        }
    };
    Ok(Some(judge.refuse(GuardCode::NotSynchronized, fact, &step)))
}

/// How many commits each has that the other has not.
fn apart(repo: &Repo, new: Oid, old: Oid) -> Result<[usize; 2]> {
    Ok([repo.commits_since(new, &[old])?.len(), repo.commits_since(old, &[new])?.len()])
}
