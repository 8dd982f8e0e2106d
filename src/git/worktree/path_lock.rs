//! One at a time makes or removes the worktree of a path.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};

use crate::git::crash;
use crate::git::repo::Repo;
use crate::git::shared;

/// The lock, held. A git that is given its file keeps it until it ends, should this process be
/// killed.
pub struct PathLock(Arc<File>);

impl PathLock {
    /// Waits for the lock of the worktree at `path`. Whoever makes that looks, once it has the lock,
    /// whether the branch is still there: so whoever deletes both holds it until both are gone.
    ///
    /// # Errors
    /// If there can be no lock.
    pub fn wait(repo: &Repo, path: &Path) -> Result<Self> {
        Self::named(repo, &Self::of(path))
    }

    /// The lock of the worktree at `path`, if nobody holds it.
    pub(super) fn at_once(repo: &Repo, path: &Path) -> Result<Option<Self>> {
        let file = Self::open(repo, &Self::of(path))?;
        Ok(file.try_lock().is_ok().then(|| Self(Arc::new(file))))
    }

    fn of(path: &Path) -> PathBuf {
        Path::new("worktrees").join(path.file_name().unwrap_or(path.as_os_str()))
    }

    /// Waits for the lock on the settings that all worktrees share.
    pub(super) fn of_settings(repo: &Repo) -> Result<Self> {
        Self::named(repo, Path::new("settings"))
    }

    /// Waits for the lock on the records of worktrees: git fails when it reads one that another git
    /// is just writing.
    pub(super) fn of_records(repo: &Repo) -> Result<Self> {
        Self::named(repo, Path::new("records"))
    }

    fn named(repo: &Repo, name: &Path) -> Result<Self> {
        let file = Self::open(repo, name)?;
        if file.try_lock().is_err() {
            crash::point("worktree-waits");
            file.lock().with_context(|| format!("could not lock `{}`", name.display()))?;
        }
        Ok(Self(Arc::new(file)))
    }

    fn open(repo: &Repo, name: &Path) -> Result<File> {
        let path = repo.kitty_dir().join("locks").join(name).with_added_extension("lock");
        let unlocked = || format!("could not lock `{}`", path.display());
        shared::create_dir_all(path.parent().unwrap_or(&path)).with_context(unlocked)?;
        let mut options = OpenOptions::new();
        let open = shared::open(options.write(true).create(true).truncate(false), &path);
        open.with_context(unlocked)
    }

    /// What a git that must not outlive the lock has to keep open.
    pub(super) fn file(&self) -> Arc<File> {
        Arc::clone(&self.0)
    }
}

impl Drop for PathLock {
    fn drop(&mut self) {
        // Should it fail, closing does the same a moment later.
        let _ = self.0.unlock();
    }
}
