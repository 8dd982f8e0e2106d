//! Places of worktrees where something else stands, and worktrees that are at another one, or have
//! something else checked out.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use anyhow::Result;

use super::case::Case;
use super::patient::Patient;
use crate::domain::branch::BranchName;
use crate::domain::finding::Kind;
use crate::domain::refusal::{Refusal, WorktreeRole};
use crate::flow::coordination;
use crate::git;
use crate::git::worktree::{astray, check_only_at, is_begun, moved};
use crate::store::{Mission, Source, Workspace};

const TAKEN: Kind =
    Kind::warning("WORKTREE_PATH_TAKEN").left("what it is, and whose, only you can tell");
const MISMATCH: Kind = Kind::error("LANE_WORKTREE_BRANCH_MISMATCH")
    .left("who switched the branch may be working on it");
const ELSEWHERE: Kind = Kind::warning("COORDINATION_WORKTREE_ELSEWHERE")
    .left("somebody may have put it there on purpose");

pub(super) fn look<'p>(patient: &Patient<'p>) -> Result<Vec<Case<'p>>> {
    let (mut own, mut cases) = (Vec::new(), Vec::new());
    for mission in patient.healthy() {
        if let Source::Coordination { .. } = mission.source {
            own.extend(coordination::path(patient.repo, mission)?.file_name().map(OsString::from));
            cases.extend(elsewhere(patient, mission)?);
        }
        for (_, workspace) in patient.workspaces(mission)? {
            own.extend(workspace.path.file_name().map(OsString::from));
            cases.extend(switched(patient, &workspace)?);
        }
    }
    cases.extend(taken(patient, &own));
    Ok(cases)
}

/// What is no directory, and stands where a mission has a worktree.
fn taken<'p>(patient: &Patient<'_>, own: &[OsString]) -> Vec<Case<'p>> {
    let top = &patient.directory;
    if fs::symlink_metadata(top).is_ok_and(|found| !found.is_dir()) {
        return vec![no_directory(top)];
    }
    let entries = fs::read_dir(top).into_iter().flatten().flatten();
    let in_the_way = entries.filter(|entry| {
        entry.file_type().is_ok_and(|kind| !kind.is_dir()) && own.contains(&entry.file_name())
    });
    let mut paths: Vec<_> = in_the_way.map(|entry| entry.path()).collect();
    paths.sort();
    paths.iter().map(|path| no_directory(path)).collect()
}

fn no_directory<'p>(path: &Path) -> Case<'p> {
    let is_link = path.is_symlink();
    let what = if is_link { "a symbolic link" } else { "something that is no directory" };
    let subject = path.display().to_string();
    let refusal = Refusal::WorktreePathTaken { path: subject.clone(), what: what.to_owned() };
    Case::left(TAKEN.found(subject, refusal.to_string(), refusal.hint()))
}

/// That a coordination branch has its worktree in another place than its own, although one is wanted.
fn elsewhere<'p>(patient: &Patient<'_>, mission: &Mission) -> Result<Option<Case<'p>>> {
    let Source::Coordination { branch, .. } = &mission.source else { return Ok(None) };
    let path = coordination::path(patient.repo, mission)?;
    let checkouts = patient.repo.checkouts_of(&branch.ref_name()?)?;
    let is_linked = checkouts.iter().any(|known| known.kind == git::Kind::Linked);
    if !is_linked
        || coordination::is_wanted(patient.repo).is_ok_and(|wanted| !wanted)
        || moved(patient.repo, &path)?.is_some()
    {
        return Ok(None);
    }
    let Err(error) = check_only_at(patient.repo, (&path, branch)) else { return Ok(None) };
    let refusal = error.downcast::<Refusal>()?;
    let subject = path.display().to_string();
    Ok(Some(Case::left(ELSEWHERE.found(subject, refusal.to_string(), refusal.hint()))))
}

/// That the worktree of a lane has another branch checked out, or none, as in the midst of a rebase.
fn switched<'p>(patient: &Patient<'_>, workspace: &Workspace) -> Result<Option<Case<'p>>> {
    let worktree = patient.worktree_at(&workspace.path);
    let switched = worktree.filter(|found| {
        found.path.is_dir() && !is_begun(found) && found.branch.as_ref() != Some(&workspace.branch)
    });
    let (Some(found), Some(branch)) = (switched, BranchName::of_ref(&workspace.branch)) else {
        return Ok(None);
    };
    let subject = found.path.display().to_string();
    let mismatch = astray(patient.repo, found, (&branch, WorktreeRole::Lane));
    let (message, fix) = (mismatch.to_string(), mismatch.hint());
    Ok(Some(Case::left(MISMATCH.found(subject, message, fix).as_of(&mismatch))))
}
