//! Judging a move of a branch as a whole: what it takes away, each commit that it brings, and on a
//! coordination branch what becomes of the mission's files, however they come there.
//!
//! A merge can take the removal of lines or files from a parent whose commits may come, so that no
//! commit shows it. And what one commit damages the next may mend: only the last counts.

use anyhow::Result;

use super::branch_judge::{BranchJudge, Share};
use super::by_lanes::by_lanes;
use super::commits::{Judged, Passage, commits};
use super::copies::copies_as_one;
use super::found::Found;
use super::guard::Judgement;
use super::refs::{Refs, Vouching};
use super::rewind::{backwards, joined, log_lost};
use super::unfinished::lanes_as_one;
use super::unfit::is_read;
use crate::domain::change::{Change, Mode};
use crate::domain::layout;
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::git::Repo;
use crate::policy::GuardCode;
use crate::store::Mission;

/// Judges a move of a branch to another commit.
///
/// # Errors
/// As [`commits()`].
pub(super) fn whole(
    refs: &Refs<'_>,
    judge: &BranchJudge<'_>,
    passage: Passage,
) -> Result<Vec<Judged>> {
    if let Some(refused) = denied(refs, judge, passage)? {
        return Ok(vec![refused]);
    }
    let back = backwards(refs, judge, passage)?;
    let mut all = joined(back, each(refs, judge, passage)?);
    // An override may let the commits pass, and not what they leave.
    let mut outcome = outcome(judge, passage)?;
    outcome.retain(|left| !all.iter().any(|one| one.is_refused() && one.code() == left.code()));
    all.extend(outcome);
    Ok(all)
}

/// That a server would get a coordination branch of a mission that it has without one: from then on the
/// plan on it would count.
fn denied(refs: &Refs<'_>, judge: &BranchJudge<'_>, passage: Passage) -> Result<Option<Judged>> {
    let Found::Coordination(mission) = &judge.found else { return Ok(None) };
    let is_new = passage.old.is_none() && matches!(refs.vouching, Vouching::Received);
    if !is_new || !judge.store.is_doubted(mission, &judge.branch)? {
        return Ok(None);
    }
    let (branch, dir) = (&judge.branch, &mission.dir);
    let fact = format!("`{branch}` would coordinate `{dir}`, which is there without it");
    let step = "first bring the `meta.json` that names the branch to the mission's target";
    Ok(Some(judge.refuse(GuardCode::MissionIdentityChanged, fact, step)))
}

/// Judges each commit that a move brings, as [`commits()`]; what is wrong with many in the same way is
/// told of the move.
///
/// # Errors
/// As [`commits()`].
pub(super) fn each(
    refs: &Refs<'_>,
    judge: &BranchJudge<'_>,
    passage: Passage,
) -> Result<Vec<Judged>> {
    let each = by_lanes(refs, judge, commits(refs, judge, passage)?)?;
    let each = copies_as_one(refs, judge, passage, each)?;
    lanes_as_one(refs, judge, passage, each)
}

/// Judges what a coordination branch has after a move, against what it had before.
///
/// # Errors
/// If a commit or a blob cannot be read.
pub(super) fn outcome(judge: &BranchJudge<'_>, passage: Passage) -> Result<Vec<Judged>> {
    let (Found::Coordination(mission), repo) = (&judge.found, judge.repo) else {
        return Ok(Vec::new());
    };
    let mut all: Vec<Judged> = match passage.old {
        Some(old) => log_lost(judge, mission, (old, passage.new))?.into_iter().collect(),
        None => Vec::new(),
    };
    let changes = changes(repo, mission, (passage.old, passage.new))?;
    let judgement = Judgement::of(judge, (&changes, Share::Whole))?;
    if !judgement.verdict.violations.is_empty() {
        all.push(Judged { commit: None, judgement });
    }
    Ok(all)
}

/// The files that readers of the mission take for plain ones, or for its work packages, and that differ.
fn changes(repo: &Repo, mission: &Mission, (old, new): (Option<Oid>, Oid)) -> Result<Vec<Change>> {
    let directory = RepoPath::new(format!("{}/{}", layout::MISSIONS, mission.dir));
    let tree = |commit| -> Result<Option<Oid>> {
        let entry = repo.entry(repo.tree_of_commit(commit)?, &directory)?;
        Ok(entry.filter(|entry| entry.mode == Mode::Tree).map(|entry| entry.oid))
    };
    let (old, new) = (old.map_or(Ok(None), tree)?, tree(new)?);
    if old == new {
        return Ok(Vec::new());
    }
    let mut changes = repo.diff(old, new)?;
    changes.retain(|change| is_read(change.path.as_bytes()));
    for change in &mut changes {
        change.path = RepoPath::new([directory.as_bytes(), b"/", change.path.as_bytes()].concat());
    }
    Ok(changes)
}
