//! Checkouts of branches that move: whether they can follow, and following.
//!
//! A branch has moved by the time its checkouts follow. Where that is part of a larger transaction it
//! is written down before, so that the next command on the mission does what a killed one could not.

use anyhow::Result;

use crate::domain::oid::Oid;
use crate::domain::refname::RefName;
use crate::domain::refusal::{Refusal, Warning};
use crate::git::worktree::refuse_busy;
use crate::git::{Move, Repo, Worktree, bring_up, catch_up_from, is_up, refuse_locked_index};
use crate::store::behind::{self, Behind};

use super::kept_files::Kept;

/// How the reflog tells our own moves.
const OURS: &str = "kitty: ";

/// Branches that are about to move, with their checkouts.
pub(super) struct Following {
    /// The mission's directory.
    dir: String,
    /// The commit of its coordination branch that the moves come of.
    tip: Oid,
    branches: Vec<Behind>,
    /// The coordination branch, whose checkouts follow by themselves, unless that is killed.
    own: Option<Behind>,
}

impl Following {
    /// Those of the moves that have checkouts to follow. Where there are any moves, that of the
    /// coordination branch is one of many commits, which nobody would recognise later.
    pub(super) fn of((dir, tip): (&str, Oid), own: Option<&Move>, moves: &[Move]) -> Self {
        let moved = |one: &Move| {
            let (old, new) = (one.old?, one.new?);
            let follows = one.name.branch().is_some() && old != new;
            follows.then(|| Behind { name: one.name.clone(), old, new })
        };
        Self {
            dir: dir.to_owned(),
            tip,
            branches: moves.iter().filter_map(moved).collect(),
            own: own.filter(|_| !moves.is_empty()).and_then(moved),
        }
    }

    /// That each checkout can follow.
    ///
    /// # Errors
    /// As [`check`].
    pub(super) fn check(&self, repo: &Repo) -> Result<()> {
        let kept = Kept::new(repo, &self.dir, self.tip);
        let check = |one: &Behind| check_clearing(repo, &one.name, (one.old, one.new), &kept);
        self.branches.iter().try_for_each(check)
    }

    /// Writes down what is to follow, before anything has moved.
    ///
    /// # Errors
    /// If that cannot be written.
    pub(super) fn announce(&self, repo: &Repo) -> Result<()> {
        let all: Vec<&Behind> = self.own.iter().chain(&self.branches).collect();
        match all.as_slice() {
            [] => Ok(()),
            all => behind::write(repo, &self.dir, (self.tip, all)),
        }
    }

    /// Lets each checkout follow. What hinders one is a warning, since its branch has moved.
    pub(super) fn follow(&self, repo: &Repo) -> Vec<Warning> {
        let mut warnings = Vec::new();
        let kept = Kept::new(repo, &self.dir, self.tip);
        for one in &self.branches {
            match follow_clearing(repo, &one.name, (one.old, one.new), &kept) {
                Ok(told) => warnings.extend(told),
                Err(error) => warnings.push(Warning {
                    code: "CHECKOUT_BEHIND",
                    message: format!("`{}` has moved, and a checkout has not: {error:#}", one.name),
                }),
            }
        }
        // Who could not follow is brought up by the next command.
        if warnings.is_empty() && (self.own.is_some() || !self.branches.is_empty()) {
            behind::forget(repo, &self.dir);
        }
        warnings
    }
}

/// Does what a killed command on the mission could not: brings up checkouts of branches that it had
/// moved. To be called under the mission's lock. What somebody has changed there since stays.
///
/// # Errors
/// If what was written down, a ref or a worktree cannot be read.
pub(super) fn catch_up(repo: &Repo, dir: &str) -> Result<Vec<Warning>> {
    let mut warnings = Vec::new();
    let Some((tip, branches)) = behind::read(repo, dir)? else { return Ok(warnings) };
    let kept = Kept::new(repo, dir, tip);
    for one in &branches {
        let Some(tip) = repo.find(&one.name)? else { continue };
        if !has_moved(repo, one, tip)? {
            continue;
        }
        for checkout in repo.checkouts_of(&one.name)? {
            if is_up(repo, &checkout, (one.old, tip))? {
                continue;
            }
            kept.clear(&checkout, (one.old, tip))?;
            let told = catch_up_from(repo, &checkout, (one.old, tip))?;
            if told.is_some() || !is_up(repo, &checkout, (one.old, tip))? {
                warnings.push(told.unwrap_or_else(|| still_behind(&checkout)));
            }
        }
    }
    if warnings.is_empty() {
        behind::forget(repo, dir);
    }
    Ok(warnings)
}

fn still_behind(checkout: &Worktree) -> Warning {
    let path = checkout.path.display();
    Warning {
        code: "WORKTREE_BEHIND",
        message: format!(
            "the worktree `{path}` is not where its branch is, and somebody has changed it or holds its index: \
             `git -C '{path}' status` shows as changes what the branch has got since"
        ),
    }
}

/// Whether a branch that is at `tip` now has made the move that was written down. Others may have gone
/// on from there, or from where it was before.
fn has_moved(repo: &Repo, one: &Behind, tip: Oid) -> Result<bool> {
    if tip == one.old || tip == one.new {
        return Ok(tip == one.new);
    }
    if !repo.has_object(one.new) {
        return Ok(false);
    }
    match repo.is_ancestor(one.new, one.old)? {
        true => Ok(!repo.is_ancestor(one.old, tip)?),
        false => repo.is_ancestor(one.new, tip),
    }
}

/// Brings a worktree of the branch up that a killed call left where the branch was before, by its
/// reflog.
///
/// # Errors
/// If the branch or the worktrees cannot be read.
pub(super) fn catch_up_with_log(repo: &Repo, name: &RefName) -> Result<Vec<Warning>> {
    let mut warnings = Vec::new();
    if let (Some(tip), Some(before)) = (repo.find(name)?, repo.previous(name, OURS)?) {
        for checkout in repo.checkouts_of(name)? {
            warnings.extend(catch_up_from(repo, &checkout, (before, tip))?);
        }
    }
    Ok(warnings)
}

/// That nothing in a checkout of the branch would be lost if it moved from one commit to another. One
/// that a killed call left behind is brought up first.
///
/// # Errors
/// [`Refusal::WorktreeBusy`] in the midst of a merge or the like, [`Refusal::WorktreeDirty`] with the
/// paths.
pub(super) fn check(repo: &Repo, name: &RefName, (old, new): (Oid, Oid)) -> Result<()> {
    if old != new {
        repo.checkouts_of(name)?.iter().try_for_each(can_follow)?;
    }
    catch_up_with_log(repo, name)?;
    let [old, new] = [old, new].map(|commit| repo.tree_of_commit(commit));
    let (old, new) = (Some(old?), Some(new?));
    let checkouts = repo.checkouts_of(name)?;
    checkouts.iter().try_for_each(|checkout| crate::git::check(repo, checkout, old, new))
}

/// What `look` says against a move of the checkouts of a branch; one that cannot follow now says so
/// itself.
///
/// # Errors
/// If the worktrees cannot be listed, or looked at.
pub(super) fn in_the_way(
    repo: &Repo,
    name: &RefName,
    look: impl Fn(&Worktree) -> Result<()>,
) -> Result<Vec<Refusal>> {
    let mut found = Vec::new();
    for checkout in repo.checkouts_of(name)? {
        if let Err(error) = can_follow(&checkout).and_then(|()| look(&checkout)) {
            found.push(error.downcast::<Refusal>()?);
        }
    }
    Ok(found)
}

/// That nobody is at something in a checkout, and none holds its index.
fn can_follow(checkout: &Worktree) -> Result<()> {
    refuse_busy(checkout)?;
    refuse_locked_index(checkout)
}

/// As [`check`], but for files of the mission that may go, since its history has them.
fn check_clearing(
    repo: &Repo,
    name: &RefName,
    (old, new): (Oid, Oid),
    kept: &Kept<'_>,
) -> Result<()> {
    repo.checkouts_of(name)?.iter().try_for_each(can_follow)?;
    catch_up_with_log(repo, name)?;
    let [from, to] = [repo.tree_of_commit(old)?, repo.tree_of_commit(new)?];
    repo.checkouts_of(name)?.iter().try_for_each(|checkout| kept.check(checkout, [from, to]))
}

/// As [`follow`], after such files have gone.
fn follow_clearing(
    repo: &Repo,
    name: &RefName,
    (old, new): (Oid, Oid),
    kept: &Kept<'_>,
) -> Result<Vec<Warning>> {
    for checkout in repo.checkouts_of(name)? {
        kept.clear(&checkout, (old, new))?;
    }
    follow(repo, name, (old, new))
}

/// Lets the checkouts of a branch that has moved follow. What hinders one is a warning.
///
/// # Errors
/// If a tree or the worktrees cannot be read.
pub(super) fn follow(repo: &Repo, name: &RefName, (old, new): (Oid, Oid)) -> Result<Vec<Warning>> {
    let mut warnings = Vec::new();
    if old != new {
        let [old, new] = [old, new].map(|commit| repo.tree_of_commit(commit));
        let (old, new) = (Some(old?), Some(new?));
        for checkout in repo.checkouts_of(name)? {
            warnings.extend(bring_up(repo, &checkout, old, new)?);
        }
    }
    Ok(warnings)
}
