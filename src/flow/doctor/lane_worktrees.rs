//! Worktrees, their records, and the missions and lanes that they are for.

use std::path::Path;

use anyhow::Result;

use super::case::{Case, left, mended};
use super::husks::directories;
use super::patient::Patient;
use crate::domain::branch::BranchName;
use crate::domain::finding::{Kind, Outcome};
use crate::domain::refusal::Refusal;
use crate::flow::coordination;
use crate::git::{Repo, Worktree, link_of};

const UNRECORDED: Kind = Kind::warning("WORKTREE_UNRECORDED")
    .left("the files in it may be somebody's work, and Git does not know it");
const GONE: Kind = Kind::warning("WORKTREE_GONE");
const ORPHANED: Kind =
    Kind::warning("WORKTREE_ORPHANED").left("the work in it may not be anywhere else");

pub(super) fn look<'p>(patient: &Patient<'p>) -> Result<Vec<Case<'p>>> {
    let paths = directories(&patient.directory);
    let mut cases: Vec<Case<'p>> =
        paths.iter().filter_map(|path| unrecorded(patient, path)).collect();
    for worktree in patient.of_missions() {
        if worktree.path.is_dir() {
            cases.extend(orphaned(patient, worktree)?);
        } else if !is_wanted(patient, worktree)? {
            cases.push(gone(patient.repo, worktree)?);
        }
    }
    Ok(cases)
}

/// A directory that was a worktree, but Git has no record of it there.
fn unrecorded<'p>(patient: &Patient<'_>, path: &Path) -> Option<Case<'p>> {
    let link = link_of(path)?;
    if is_foreign(patient.repo, &link) {
        return None;
    }
    let known = patient.worktree_at(path).is_some_and(|worktree| same(&worktree.git_dir, &link));
    if known {
        return None;
    }
    let subject = path.display().to_string();
    // `git worktree repair` would take the record away from the worktree that it is of.
    let is_copy = link.join("gitdir").exists() && patient.has_living(&link);
    let (message, fix) = if is_copy {
        let message = format!("it has the record `{}` of another worktree", link.display());
        (message, "a copy: take out what you need, and remove the directory".to_owned())
    } else {
        let message = format!("its record `{}` is gone", link.display());
        let fix =
            format!("`git worktree repair {subject}`; without record, take out what you need");
        (message, fix)
    };
    Some(Case::left(UNRECORDED.found(subject, message, fix)))
}

/// Whether a Git directory is there that another repository has: what it is of is theirs to say.
fn is_foreign(repo: &Repo, git_dir: &Path) -> bool {
    let records = repo.common_dir().join("worktrees");
    git_dir.join("HEAD").exists() && !git_dir.parent().is_some_and(|own| same(own, &records))
}

/// A worktree of a mission or a lane that is not there.
fn orphaned<'p>(patient: &Patient<'_>, worktree: &Worktree) -> Result<Option<Case<'p>>> {
    let branch = worktree.branch.as_ref().and_then(BranchName::of_ref);
    let Some(branch) = branch.filter(|branch| branch.mission_parts().is_some()) else {
        return Ok(None);
    };
    let message = match patient.store().by_branch(&branch) {
        Ok(Some(_)) => return Ok(None),
        Ok(None) => format!("its branch `{branch}` is of no mission that is here"),
        Err(error) => match error.downcast::<Refusal>()? {
            missing if matches!(missing, Refusal::MissionOfBranchMissing { .. }) => {
                missing.to_string()
            }
            // What is wrong with its mission, other checks say.
            _damage => return Ok(None),
        },
    };
    let subject = worktree.path.display().to_string();
    let fix = format!("once its work is elsewhere, `git worktree remove {subject}`");
    Ok(Some(Case::left(ORPHANED.found(subject, message, fix))))
}

/// Whether a worktree whose directory is gone is one that a mission has: then it can come back.
fn is_wanted(patient: &Patient<'_>, worktree: &Worktree) -> Result<bool> {
    for mission in patient.healthy() {
        let mut paths = vec![coordination::path(patient.repo, mission)?];
        paths.extend(patient.workspaces(mission)?.into_iter().map(|(_, own)| own.path));
        if paths.iter().any(|path| path.file_name() == worktree.path.file_name()) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn gone<'p>(repo: &'p Repo, worktree: &Worktree) -> Result<Case<'p>> {
    let message = "Git has a record of this worktree, and its directory is gone";
    let forgets = "`git kitty doctor --fix` forgets it, unless its record has something of its own";
    let fix = match worktree.lost_head(repo)? {
        Some(head) => format!("keep its commit: `git branch KEEP {head}`; then {forgets}"),
        None => forgets.to_owned(),
    };
    let finding = GONE.found(worktree.path.display().to_string(), message, fix);
    let worktree = worktree.clone();
    Ok(Case::mended_by(finding, move || forget(repo, &worktree)))
}

/// Forgets it, unless it is locked, or something would be lost with it.
fn forget(repo: &Repo, worktree: &Worktree) -> Result<Outcome> {
    if worktree.locked.is_some() {
        return left("it is locked: its disk may come back");
    }
    if let Some(own) = worktree.keeps(repo)? {
        return left(own);
    }
    repo.forget_worktree(worktree)?;
    mended("Git has forgotten it")
}

fn same(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| path.canonicalize().ok();
    one == other || real(one).is_some_and(|one| real(other) == Some(one))
}
