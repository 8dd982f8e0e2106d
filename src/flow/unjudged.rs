//! What a branch holds since a door has judged it last.

use anyhow::Result;

use super::branch_judge::{BranchJudge, Counting};
use super::commits::{Judged, Passage};
use super::formerly::coordinating_at;
use super::found::Found;
use super::refs::{Refs, Vouching};
use super::rewind::keeps_log;
use super::whole::whole;
use crate::domain::branch::BranchName;
use crate::domain::oid::Oid;
use crate::domain::refusal::Refusal;
use crate::git::Repo;
use crate::policy::GuardCode;
use crate::store::{Mission, Source, Store, judged};

/// What was judged last of a branch that holds something else since, and what the next door will
/// refuse of that; `None` if a door has judged what it holds, or none ever looked.
///
/// # Errors
/// If what is needed cannot be read.
pub(super) fn unjudged(
    store: &Store<'_>,
    repo: &Repo,
    (branch, held): (&BranchName, Oid),
) -> Result<Option<(Oid, Vec<Judged>)>> {
    let Some(judge) = judge(store, repo, branch)? else { return Ok(None) };
    if !matches!(judge.found, Found::Free) {
        return since(&judge, held);
    }
    let last = judged::last_judged(repo, branch, held)?;
    let once = (branch, last);
    Ok(coordinating_at(repo, once, Counting::EverClaimed, |judge| since(&judge, held))?.flatten())
}

fn since(judge: &BranchJudge<'_>, held: Oid) -> Result<Option<(Oid, Vec<Judged>)>> {
    let repo = judge.repo;
    let last = last_judged(repo, judge, held)?.filter(|last| repo.has_object(*last));
    let Some(last) = last else { return Ok(None) };
    let refs = present(repo);
    let passage = Passage { old: Some(last), unseen: None, new: held };
    let mut refused = whole(&refs, judge, passage)?;
    refused.retain(Judged::is_refused);
    Ok(Some((last, refused)))
}

/// From where what a branch holds has to be judged; `None` if a door has let just that pass. A
/// coordination branch never goes back to where its log had fewer lines, also if it was there once.
///
/// # Errors
/// If a commit or a log cannot be read.
pub(super) fn last_judged(repo: &Repo, judge: &BranchJudge<'_>, held: Oid) -> Result<Option<Oid>> {
    let branch = &judge.branch;
    let last = judged::last_judged(repo, branch, held)?;
    let (None, Found::Coordination(mission)) = (last, &judge.found) else { return Ok(last) };
    match judged::last_made(repo, branch)? {
        Some(made) if made != held && repo.has_object(made) => {
            Ok(Some(made).filter(|_| !keeps_log(repo, &mission.dir, (made, held)).unwrap_or(true)))
        }
        Some(_) | None => Ok(None),
    }
}

/// Lets a coordination branch count as judged whose log was accepted as it is, if nothing else speaks
/// against it.
///
/// # Errors
/// As [`unjudged()`].
pub(super) fn accept_log(repo: &Repo, mission: &Mission) -> Result<()> {
    let Source::Coordination { branch, tip } = &mission.source else { return Ok(()) };
    let found = unjudged(&Store::new(repo), repo, (branch, *tip))?;
    let Some((_, refused)) = found else { return Ok(()) };
    let violations = refused.iter().flat_map(|one| &one.judgement.verdict.violations);
    if violations.map(|violation| violation.code).all(|code| code == GuardCode::LogNotAppendOnly) {
        judged::let_pass(repo, branch, None, *tip)?;
        judged::was_made(repo, branch, *tip)?;
    }
    Ok(())
}

/// The judge of a branch, every work package of a lane counting that was ever claimed; `None` where
/// nothing can be judged.
pub(super) fn judge<'r>(
    store: &'r Store<'r>,
    repo: &'r Repo,
    branch: &BranchName,
) -> Result<Option<BranchJudge<'r>>> {
    match BranchJudge::find(store, repo, branch.clone(), Counting::EverClaimed) {
        Ok(judge) => Ok(Some(judge)),
        Err(error) if error.is::<Refusal>() => Ok(None),
        Err(error) => Err(error),
    }
}

/// The refs as they are.
pub(super) const fn present(repo: &Repo) -> Refs<'_> {
    Refs { repo, updates: &[], vouching: Vouching::Here }
}
