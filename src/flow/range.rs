//! Judging commits that were made already, wherever: in CI, or to look at a branch as a whole.
//!
//! Each commit of the range is judged by itself, so that what a later one takes back is found all the
//! same. As where a lane is pushed, every work package counts that was ever claimed, and commits that
//! came from where the branch may take them without asking are left out. Missions, policy and the
//! branch itself may be on remote-tracking refs only.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use super::branch_judge::{BranchJudge, Counting};
use super::by_lanes::by_lanes;
use super::commits::{Judged, Passage, one_by_one};
use super::formerly::formerly;
use super::found::Found;
use super::guard::{Judgement, Moment, own_branch};
use super::innocent::innocent;
use super::landed::{Landed, without_landed};
use super::refs::{Refs, Vouching};
use super::rewind;
use super::whole::outcome;
use crate::domain::branch::BranchName;
use crate::domain::oid::Oid;
use crate::domain::range::CommitRange;
use crate::domain::refusal::Refusal;
use crate::git::Repo;
use crate::policy::Verdict;
use crate::store::Store;

/// A range that was judged.
#[derive(Debug)]
pub struct RangeJudgement {
    /// The branch that it was judged for, without a verdict.
    pub branch: Judgement,
    /// The commit whose history was left out; `None` if nothing was.
    pub from: Option<Oid>,
    /// The commit that it ends with.
    pub to: Oid,
    /// What was judged, parents first; a move that takes something away comes before its commits.
    pub judged: Vec<Judged>,
}

/// Judges each commit of `range` for `branch`; if none is named, for the one that the range's end
/// names, for HEAD's if that is the end, or for the only one whose tip it is.
///
/// # Errors
/// [`Refusal::ShallowRepository`], [`Refusal::RangeCommitMissing`], [`Refusal::RangeUnrelated`],
/// [`Refusal::RangeBranchUnknown`]; and if the repository or the policy cannot be read.
pub fn judge_range(
    repo: &Repo,
    range: &CommitRange,
    branch: Option<BranchName>,
) -> Result<RangeJudgement> {
    if repo.is_shallow() {
        return Err(Refusal::ShallowRepository.into());
    }
    let (from, to) = ends(repo, range)?;
    let branch = branch.map_or_else(|| branch_of(repo, &range.to, to), Ok)?;
    let store = Store::of_branches(repo);
    let find = |store, repo| BranchJudge::find(store, repo, branch.clone(), Counting::EverClaimed);
    let former = formerly(repo, BTreeMap::new(), (&branch, from))?;
    let former = former.as_ref().map(|former| (Store::of_branches(former), former));
    let mut judge = find(&store, repo)?;
    if let Some((store, former)) = &former {
        judge = judge.knowing(find(store, former))?;
    }
    let refs = Refs { repo, updates: &[], vouching: Vouching::Received };
    let passage = Passage { old: from, unseen: None, new: to };
    let lost = lost_lines(&refs, &judge, passage)?;
    let mut known = innocent(&refs, &judge)?;
    known.extend(from);
    let commits = repo.commits_since(to, &known)?;
    let commits = without_landed(&refs, &judge, (passage, &known), commits)?;
    let each = one_by_one(repo, &judge, commits)?;
    let mut each = by_lanes(&refs, &judge, each)?;
    if each.iter().any(Judged::is_refused) {
        let landed = Landed::find(&refs, &judge, (passage, &known))?;
        each.iter_mut().for_each(|one| landed.explain(&mut one.judgement.verdict));
    }
    let mut judged = rewind::joined(lost, each);
    if judged.iter().all(|one| one.judgement.verdict.violations.is_empty()) {
        judged.extend(outcome(&judge, passage)?);
    }
    for one in &mut judged {
        one.judgement.moment = Moment::Committed;
    }
    let branch = Judgement::told(&judge, Verdict::default());
    Ok(RangeJudgement { branch, from, to, judged })
}

fn ends(repo: &Repo, range: &CommitRange) -> Result<(Option<Oid>, Oid)> {
    let commit = |name: &String| {
        let missing = || Refusal::RangeCommitMissing { name: name.clone() };
        Ok::<_, anyhow::Error>(repo.commit_named(name)?.ok_or_else(missing)?)
    };
    let from = range.from.as_ref().map(commit).transpose()?;
    let to = commit(&range.to)?;
    if let (true, Some(from), Some(name)) = (range.is_joined, from, &range.from)
        && repo.merge_base(from, to)?.is_none()
    {
        let ends = [name.clone(), range.to.clone()];
        return Err(Refusal::RangeUnrelated { ends }.into());
    }
    Ok((from, to))
}

/// That a coordination branch lost lines of its log since the range's beginning: no commit need show
/// that.
fn lost_lines(refs: &Refs<'_>, judge: &BranchJudge<'_>, passage: Passage) -> Result<Vec<Judged>> {
    match judge.found {
        Found::Coordination(_) => rewind::backwards(refs, judge, passage),
        Found::Free
        | Found::Unreadable(_)
        | Found::Protected
        | Found::Scoped(_)
        | Found::Lane(_) => Ok(Vec::new()),
    }
}

/// The branch that the commits before `tip` are for.
fn branch_of(repo: &Repo, name: &str, tip: Oid) -> Result<BranchName> {
    if let Some(branch) = repo.branch_named(name)? {
        return Ok(branch);
    }
    let head = repo.head()?;
    let own = own_branch(repo, &head)?;
    if let Some(own) = own.clone().filter(|_| head.tip() == Some(tip)) {
        return Ok(own);
    }
    let here = repo.list("refs/heads/")?;
    let here = here.iter().filter_map(|(name, tip)| Some((BranchName::of_ref(name)?, *tip)));
    let all = here.chain(repo.remote_branches("")?);
    let mut found: BTreeSet<BranchName> =
        all.filter(|(_, held)| *held == tip).map(|(branch, _)| branch).collect();
    if found.is_empty() {
        found.extend(own);
    }
    let branches = found.iter().map(ToString::to_string).collect();
    match found.pop_first() {
        Some(only) if found.is_empty() => Ok(only),
        Some(_) | None => {
            Err(Refusal::RangeBranchUnknown { tip: tip.to_string(), branches }.into())
        }
    }
}
