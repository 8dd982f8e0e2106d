//! Directories of worktrees that are none any more.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::case::{Case, left, mended};
use super::patient::Patient;
use crate::domain::finding::{Kind, Outcome};
use crate::git::link_of;

const HUSK: Kind = Kind::warning("WORKTREE_HUSK");

pub(super) fn look<'p>(patient: &Patient<'p>) -> Result<Vec<Case<'p>>> {
    // What is behind a link is not the repository's.
    if patient.directory.is_symlink() {
        return Ok(Vec::new());
    }
    let all = directories(&patient.directory).into_iter();
    let husks = all.filter(|path| !is_of_git(path));
    let husks = husks.filter(|path| !patient.has_worktree_below(path));
    Ok(husks.map(|path| husk(patient, path)).collect())
}

/// Whether it has what a worktree, or a repository of its own, has.
fn is_of_git(path: &Path) -> bool {
    link_of(path).is_some() || path.join(".git/HEAD").symlink_metadata().is_ok()
}

fn husk<'p>(patient: &Patient<'_>, path: PathBuf) -> Case<'p> {
    let files = files_below(&path);
    let message = match files.as_slice() {
        [] => "a directory without files, and no worktree".to_owned(),
        [only] => format!("no worktree, but it holds `{}`", only.display()),
        [first, rest @ ..] => {
            format!("no worktree, but it holds `{}` and {} more", first.display(), rest.len())
        }
    };
    let is_registered = patient.worktree_at(&path).is_some();
    let then = if is_registered { ", then `git worktree prune`" } else { "" };
    let fix = format!("take out what you need, and remove the directory{then}");
    let finding = HUSK.found(path.display().to_string(), message, fix);
    let holds_files = !files.is_empty();
    Case::mended_by(finding, move || mend(&path, is_registered, holds_files))
}

fn mend(path: &Path, is_registered: bool, holds_files: bool) -> Result<Outcome> {
    if holds_files {
        return left("the files in it may be somebody's work");
    }
    if is_registered {
        return left("Git still has a record of a worktree there");
    }
    remove_empty(path)?;
    mended("removed it")
}

/// Fails at the first directory that is not empty: a file that came meanwhile stays.
fn remove_empty(path: &Path) -> std::io::Result<()> {
    for directory in directories(path) {
        remove_empty(&directory)?;
    }
    fs::remove_dir(path)
}

/// The directories in a directory, sorted; symbolic links are none.
pub(super) fn directories(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    let own = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    let mut found: Vec<PathBuf> = own.map(|entry| entry.path()).collect();
    found.sort();
    found
}

fn files_below(path: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(path).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            found.extend(files_below(&entry.path()));
        } else {
            found.push(entry.path());
        }
    }
    found.sort();
    found
}
