//! Judging the commits that a branch is about to take, whatever moves it there.
//!
//! What was judged elsewhere is not judged again: the commits of the coordination branch and of the
//! target, those of lanes that this one depends on, and on a protected branch those that its
//! remote has. Every other commit is judged by itself, by what it changes against its parent, or
//! (a merge) against the automatic merge of its parents.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use anyhow::{Context, Error, Result};

use super::branch_judge::{BranchJudge, Counting, Share};
use super::by_lanes::unresolved;
use super::found::Found;
use super::guard::{Judgement, Moment};
use super::innocent::{Begun, begun, innocent};
use super::landed::without_landed;
use super::merged::Merged;
use super::moved::carried_paths;
use super::refs::Refs;
use super::siblings::{coordination_side, is_within_mission};
use crate::domain::change::Change;
use crate::domain::oid::Oid;
use crate::domain::refusal::Refusal;
use crate::git::{Repo, automatic_merge};
use crate::policy::{GuardCode, Outcome};

/// A branch that is about to move.
#[derive(Debug, Clone, Copy)]
pub(super) struct Passage {
    /// What it was judged at last; `None` if it is not there yet.
    pub(super) old: Option<Oid>,
    /// What it holds instead, if it got there past every door.
    pub(super) unseen: Option<Oid>,
    /// What it shall hold.
    pub(super) new: Oid,
}

/// A commit with what the judge says of it.
#[derive(Debug)]
pub struct Judged {
    /// The commit; `None` where the move itself is refused.
    pub commit: Option<Oid>,
    /// The verdict.
    pub judgement: Judgement,
}

impl Judged {
    /// Whether it may not pass.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.judgement.verdict.outcome == Outcome::Refused
    }

    /// What the commit is made anew on, as one names it to `git rebase`; `None` where the move itself
    /// was judged.
    #[must_use]
    pub fn base(&self, repo: &Repo) -> Option<String> {
        let commit = self.commit?;
        let has_parent = repo.commit(commit).is_ok_and(|found| !found.parents.is_empty());
        Some(if has_parent { format!("{commit:.10}~") } else { "--root".to_owned() })
    }

    /// What kind of reason speaks against it, the first of several.
    pub(super) fn code(&self) -> Option<GuardCode> {
        self.judgement.verdict.violations.first().map(|violation| violation.code)
    }
}

/// Judges each of these commits by itself.
///
/// # Errors
/// As [`commits()`].
pub(super) fn one_by_one(
    repo: &Repo,
    judge: &BranchJudge<'_>,
    commits: Vec<Oid>,
) -> Result<Vec<Judged>> {
    let judged = |commit: Oid| {
        let changes = own_changes(repo, judge, commit).with_context(|| unreadable(commit))?;
        Ok(Judged {
            commit: Some(commit),
            judgement: Judgement::of(judge, (&changes, Share::Part))?,
        })
    };
    commits.into_iter().map(judged).collect()
}

fn unreadable(commit: Oid) -> String {
    format!("the commit {commit} cannot be judged")
}

/// Judges each commit that is new to the branch and was judged nowhere else, parents first.
///
/// # Errors
/// If a commit, the policy or the mission cannot be read: a door must refuse then.
pub(super) fn commits(
    refs: &Refs<'_>,
    judge: &BranchJudge<'_>,
    passage: Passage,
) -> Result<Vec<Judged>> {
    let repo = refs.repo;
    if matches!(judge.found, Found::Free) {
        return Ok(Vec::new());
    }
    let mut known = innocent(refs, judge)?;
    if passage.old.is_none() {
        match begun(refs, judge)? {
            Begun::From(tips) => known.extend(tips),
            Begun::Anywhere => return Ok(Vec::new()),
        }
    }
    known.extend(passage.old);
    let new = introduced(repo, passage.new, &known)?;
    let new = without_landed(refs, judge, (passage, &known), new)?;
    let carried = OnceCell::new();
    let own = own_commits(refs, judge, (passage, &known))?;
    let whole_lane = own.as_ref().map(|_| judge.again(Counting::EverClaimed)).transpose()?;
    let judged = |commit: Oid| {
        if judge.is_cut_off(commit)? && !was_fetched(refs, judge, commit)? {
            return Err(Error::new(Refusal::ShallowRepository)).with_context(|| unreadable(commit));
        }
        let judge = match (&whole_lane, &own) {
            (Some(whole), Some(own)) if !own.contains(&commit) => whole,
            (Some(_) | None, _) => judge,
        };
        let changes = own_changes(repo, judge, commit).with_context(|| unreadable(commit))?;
        let mut judgement = Judgement::of(judge, (&changes, Share::Part))?;
        if judgement.verdict.outcome != Outcome::Allowed {
            let carried = remember(&carried, || carried_paths(repo, judge, passage))?;
            let own = changes.into_iter().filter(|change| !carried.contains(&change.path));
            judgement = Judgement::of(judge, (&own.collect::<Vec<Change>>(), Share::Part))?;
        }
        if let Some(held) = passage.unseen
            && repo.is_ancestor(commit, held)?
        {
            judgement.moment = Moment::Committed;
        }
        Ok(Judged { commit: Some(commit), judgement })
    };
    new.into_iter().map(judged).collect()
}

/// Whether the remote that counts has this commit on the branch: there it was judged.
fn was_fetched(refs: &Refs<'_>, judge: &BranchJudge<'_>, commit: Oid) -> Result<bool> {
    let tips = [refs.remotes(&judge.branch)?, refs.upstream(&judge.branch)?].concat();
    refs.repo.is_in_any(commit, &tips)
}

fn remember<T>(cell: &OnceCell<T>, find: impl FnOnce() -> Result<T>) -> Result<&T> {
    if let Some(found) = cell.get() {
        return Ok(found);
    }
    let found = find()?;
    Ok(cell.get_or_init(|| found))
}

/// The commits that are made on a lane just now, if there are others among those that come: some that
/// are there past the doors, or that a remote has, or of a lane that only begins here. Who made those,
/// and when, nobody knows, so that every work package of the lane counts.
fn own_commits(
    refs: &Refs<'_>,
    judge: &BranchJudge<'_>,
    (passage, known): (Passage, &[Oid]),
) -> Result<Option<BTreeSet<Oid>>> {
    if !matches!(judge.found, Found::Lane(_)) || !refs.believes_tracking() {
        return Ok(None);
    }
    if passage.old.is_none() {
        return Ok(Some(BTreeSet::new()));
    }
    let mut elsewhere: Vec<Oid> = refs.on_any_remote(&judge.branch)?;
    elsewhere.extend(passage.unseen);
    elsewhere.retain(|tip| !known.contains(tip));
    if elsewhere.is_empty() {
        return Ok(None);
    }
    elsewhere.extend(known);
    introduced(refs.repo, passage.new, &elsewhere).map(|own| Some(own.into_iter().collect()))
}

/// The commits that are `tip` or come before it and are not known, parents first.
///
/// # Errors
/// If the commits cannot be read.
pub(super) fn introduced(repo: &Repo, tip: Oid, known: &[Oid]) -> Result<Vec<Oid>> {
    if known.contains(&tip) {
        return Ok(Vec::new());
    }
    // One commit on top, which most moves are, takes no process to find.
    let parents = repo.commit(tip)?.parents;
    if !parents.is_empty() && parents.iter().all(|parent| known.contains(parent)) {
        return Ok(vec![tip]);
    }
    repo.commits_since(tip, known)
}

/// What a commit changes by itself.
///
/// # Errors
/// If an object is missing or damaged.
pub(super) fn own_changes(
    repo: &Repo,
    judge: &BranchJudge<'_>,
    commit: Oid,
) -> Result<Vec<Change>> {
    let found = repo.commit(commit)?;
    if judge.is_cut_off(commit)? {
        // What it changed is not here: it came with a fetch, from where it was judged.
        return Ok(Vec::new());
    }
    match found.parents.as_slice() {
        [] => repo.diff(None, Some(found.tree)),
        [parent] => repo.diff(Some(repo.tree_of_commit(*parent)?), Some(found.tree)),
        [first, others @ ..] => {
            let automatic = automatic_merge(repo, *first, others)
                .context("could not merge the parents to compare")?;
            let changes = repo.diff(Some(automatic.tree), Some(found.tree))?;
            let conflicts = automatic.clone();
            let merged = Merged::new(repo, *first, others, automatic)?;
            match judge.found {
                Found::Lane(_) => {
                    let is_within = is_within_mission(repo, judge.store, (&judge.branch, others))?;
                    let sides = coordination_side(judge, &found.parents)?;
                    merged.own_work_on_lane(changes, (is_within, &sides))
                }
                Found::Coordination(_) => {
                    let changes = merged.own_work(changes, false)?;
                    unresolved(judge, changes, &conflicts)
                }
                Found::Free | Found::Unreadable(_) | Found::Protected | Found::Scoped(_) => {
                    merged.own_work(changes, false)
                }
            }
        }
    }
}
