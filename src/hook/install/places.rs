//! The hook files that git runs, one for each hooks directory in use.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::occupant::{Hook, Occupant};
use crate::domain::refusal::Refusal;
use crate::git::chain::{SUFFIX, is_reference_guard, sibling};
use crate::git::setup::{self, HooksPath, Repository};
use crate::hook::Door;

/// A hooks directory and the worktrees that use it.
#[derive(Debug, Clone)]
pub(super) struct Directory {
    /// As git names it.
    pub(super) path: PathBuf,
    /// The tops of the worktrees.
    pub(super) worktrees: Vec<PathBuf>,
}

/// The file of one hook in one directory, and the one that was put aside for it.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) door: Door,
    pub(super) directory: PathBuf,
    pub(super) hook: Occupant,
    pub(super) chained: Occupant,
}

/// What git would see of a hook file, if it lies in a work tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Visibility {
    /// It lies in no work tree.
    Outside,
    /// It lies in one, untracked: its path from the top.
    Untracked(PathBuf),
    /// It lies in one, tracked.
    Tracked,
}

impl Place {
    pub(super) fn look(directory: &Path, door: Door, wanted: Option<&Path>) -> Result<Self> {
        let hook = Occupant::at(&directory.join(door.event()), door, wanted)?;
        let chained = put_aside(&chained_path(directory, door), door)?;
        Ok(Self { door, directory: directory.to_owned(), hook, chained })
    }

    pub(super) fn hook_path(&self) -> PathBuf {
        self.directory.join(self.door.event())
    }

    pub(super) fn chained_path(&self) -> PathBuf {
        chained_path(&self.directory, self.door)
    }

    /// Whether Spec Kitty wrote its guard there, as it does at each lane that it opens. It writes it
    /// again whenever it likes, so nothing is lost with it.
    pub(super) fn is_reference_guard(&self) -> bool {
        matches!(&self.hook, Occupant::Foreign(Hook::File(bytes, _)) if is_reference_guard(bytes))
    }

    /// Whether the hook there is the one that was put aside, written again.
    pub(super) fn repeats_chained(&self) -> bool {
        matches!(self.hook, Occupant::Foreign(_)) && self.hook == self.chained
    }
}

/// The hooks directories of all worktrees.
///
/// # Errors
/// [`Refusal::HooksPathForeign`] or [`Refusal::HookPlaceTaken`] where one cannot be ours.
pub(super) fn directories(repository: &Repository) -> Result<Vec<Directory>> {
    let mut found: Vec<Directory> = Vec::new();
    for top in &repository.checkouts {
        let path = directory_of(top, &repository.common)?;
        match found.iter_mut().find(|known| same(&known.path, &path)) {
            Some(known) => known.worktrees.push(top.clone()),
            None => found.push(Directory { path, worktrees: vec![top.clone()] }),
        }
    }
    Ok(found)
}

/// How the hook file `name` of a hooks directory stands to the work trees of the repository.
pub(super) fn visibility(
    directory: &Path,
    name: &str,
    repository: &Repository,
) -> Result<Visibility> {
    let directory = real(directory);
    if directory.starts_with(real(&repository.common)) {
        return Ok(Visibility::Outside);
    }
    let tops = repository.checkouts.iter().map(|top| real(top));
    let around = tops.filter(|top| directory.starts_with(top));
    let Some(top) = around.max_by_key(|top| top.components().count()) else {
        return Ok(Visibility::Outside);
    };
    let path = directory.strip_prefix(&top)?.join(name);
    let tracked = setup::is_tracked(&top, &path)?;
    Ok(if tracked { Visibility::Tracked } else { Visibility::Untracked(path) })
}

fn directory_of(top: &Path, common: &Path) -> Result<PathBuf> {
    let own = common.join("hooks");
    let path = match setup::hooks_path(top)? {
        None => own,
        Some(set) => {
            check_scope(&set, &own)?;
            setup::hooks_directory(top)?
        }
    };
    if path.symlink_metadata().is_ok() && !path.is_dir() {
        return Err(taken(&path, "no directory").into());
    }
    Ok(path)
}

fn check_scope(set: &HooksPath, own: &Path) -> Result<()> {
    if matches!(set.scope.as_str(), "local" | "worktree") {
        let empty = set.value.is_empty();
        return if empty {
            Err(taken(Path::new("core.hooksPath"), "empty").into())
        } else {
            Ok(())
        };
    }
    let (scope, value) = (set.scope.clone(), set.value.clone());
    Err(Refusal::HooksPathForeign { scope, value, own: own.display().to_string() }.into())
}

/// The refusal of a place that holds something else.
pub(super) fn taken(path: &Path, what: &str) -> Refusal {
    Refusal::HookPlaceTaken { path: path.display().to_string(), what: what.to_owned() }
}

/// What was put aside. A link to a hook beside it leads to ours by now, and is none of ours.
fn put_aside(path: &Path, door: Door) -> Result<Occupant> {
    Ok(match (Occupant::at(path, door, None)?, sibling(path)) {
        (Occupant::Ours { .. }, Some(target)) => Occupant::Foreign(Hook::Link(target)),
        (found, _) => found,
    })
}

fn chained_path(directory: &Path, door: Door) -> PathBuf {
    directory.join(format!("{door}{SUFFIX}"))
}

fn same(one: &Path, other: &Path) -> bool {
    real(one) == real(other)
}

/// The path without symlinks, as far as it exists.
fn real(path: &Path) -> PathBuf {
    if let Ok(path) = fs::canonicalize(path) {
        return path;
    }
    match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) => real(parent).join(name),
        (Some(_), None) | (None, _) => path.to_owned(),
    }
}
