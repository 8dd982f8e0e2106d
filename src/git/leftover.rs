//! Locks and journals that a process left behind.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::Result;

use super::index_lock::{IndexLock, hold};
use super::repo::Repo;
use super::worktree::Worktree;

/// A lock file, and what is known of its taker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leftover {
    /// The file.
    pub path: PathBuf,
    /// When it was written.
    pub modified: Option<SystemTime>,
    /// The directory that it is in, if it is ours and its taker is dead.
    pub ours: Option<PathBuf>,
}

/// Files of the common directory that git locks, besides refs.
const SHARED: [&str; 4] = ["HEAD", "packed-refs", "config", "shallow"];
/// And those of each worktree.
const OWN: [&str; 3] = ["HEAD", "index", "config.worktree"];

impl Leftover {
    /// How old it is at `now`; nothing if that lies before.
    #[must_use]
    pub fn age(&self, now: Duration) -> Duration {
        let written = self.modified.and_then(|at| at.duration_since(SystemTime::UNIX_EPOCH).ok());
        now.saturating_sub(written.unwrap_or(now))
    }

    /// Removes it if it still is ours, and nobody's.
    ///
    /// # Errors
    /// If the lock cannot be taken over.
    pub fn remove(&self) -> Result<bool> {
        let Some(git_dir) = &self.ours else { return Ok(false) };
        if self.path.file_name() == Some(OsStr::new("index.lock")) {
            return Ok(IndexLock::take(git_dir)?.is_some());
        }
        let held = hold(&self.path.with_added_extension("kitty"), &self.path)?;
        if held.is_some() {
            fs::remove_file(&self.path)?;
        }
        Ok(held.is_some())
    }
}

/// The locks on refs, indexes and settings that are there now.
///
/// # Errors
/// If the worktrees cannot be listed.
pub fn locks(repo: &Repo) -> Result<Vec<Leftover>> {
    let common = repo.common_dir();
    let mut paths: Vec<PathBuf> = SHARED.iter().map(|name| lock(common, name)).collect();
    for Worktree { git_dir, .. } in repo.worktrees()? {
        paths.extend(OWN.iter().map(|name| lock(&git_dir, name)));
    }
    add_locks_below(&common.join("refs"), &mut paths);
    paths.sort();
    paths.dedup();
    Ok(paths.into_iter().filter_map(leftover).collect())
}

/// The journals of processes that are dead.
#[must_use]
pub fn journals(repo: &Repo) -> Vec<PathBuf> {
    super::publish::abandoned(repo)
}

fn lock(directory: &Path, name: &str) -> PathBuf {
    directory.join(format!("{name}.lock"))
}

fn leftover(path: PathBuf) -> Option<Leftover> {
    let modified = fs::symlink_metadata(&path).ok()?.modified().ok();
    let git_dir = path.parent().filter(|_| IndexLock::is_abandoned(&path));
    let ours = git_dir.map(Path::to_owned);
    Some(Leftover { path, modified, ours })
}

fn add_locks_below(directory: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            add_locks_below(&path, paths);
        } else if path.extension() == Some(OsStr::new("lock")) {
            paths.push(path);
        }
    }
}
