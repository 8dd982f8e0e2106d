//! Files in the way of a branch's move that may go, since what they say is kept elsewhere.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::bring_up::{staged, unstaged, untracked};
use super::file::path_of;
use super::repo::Repo;
use super::shared;
use super::worktree::Worktree;
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;

/// Whether what a file at a path says is kept elsewhere.
pub type IsKept<'a> = &'a dyn Fn(&RepoPath, &[u8]) -> Result<bool>;

/// The files of a worktree that stand in the way of a move from one tree to another, untracked or
/// changed, and say what is kept elsewhere.
///
/// # Errors
/// If git, a tree or a file cannot be read.
pub fn replaceable(
    repo: &Repo,
    worktree: &Worktree,
    [old, new]: [Oid; 2],
    is_kept: IsKept<'_>,
) -> Result<BTreeSet<RepoPath>> {
    let mut found = BTreeSet::new();
    if !worktree.path.is_dir() {
        return Ok(found);
    }
    let changes = repo.diff(Some(old), Some(new))?;
    let paths: BTreeSet<&[u8]> = changes.iter().map(|change| change.path.as_bytes()).collect();
    // What somebody has staged is his.
    let staged = staged(worktree, old, &paths)?;
    let mut hinder = untracked(worktree, &changes);
    hinder.extend(unstaged(worktree, &paths)?);
    for path in hinder.into_iter().filter(|path| !staged.contains(path)) {
        if let Some(bytes) = plain(&place(worktree, &path))?
            && is_kept(&path, &bytes)?
        {
            found.insert(path);
        }
    }
    Ok(found)
}

/// Takes such a file out of the way. What was written to it meanwhile stays where it is.
///
/// # Errors
/// If it cannot be moved.
pub fn clear(repo: &Repo, worktree: &Worktree, path: &RepoPath, is_kept: IsKept<'_>) -> Result<()> {
    let (place, aside) = (place(worktree, path), aside(repo)?);
    let moved = fs::rename(&place, &aside);
    moved.with_context(|| format!("could not move `{}` away", place.display()))?;
    let is_kept = plain(&aside)?.map_or(Ok(false), |bytes| is_kept(path, &bytes))?;
    let done = if is_kept { fs::remove_file(&aside) } else { fs::rename(&aside, &place) };
    done.with_context(|| format!("could not clear `{}`", aside.display()))
}

fn place(worktree: &Worktree, path: &RepoPath) -> PathBuf {
    worktree.path.join(path_of(path.as_bytes().to_vec()))
}

/// A place beside the repository's own files, for one that is looked at once more.
fn aside(repo: &Repo) -> Result<PathBuf> {
    let directory = repo.kitty_dir().join("aside");
    shared::create_dir_all(&directory)?;
    Ok(directory.join(std::process::id().to_string()))
}

/// What a regular file says; `None` for anything else.
fn plain(path: &Path) -> Result<Option<Vec<u8>>> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_file() => Ok(Some(fs::read(path)?)),
        Ok(_) => Ok(None),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(None)
        }
        Err(error) => Err(error).with_context(|| format!("could not read `{}`", path.display())),
    }
}
