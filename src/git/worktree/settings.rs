//! Settings of one worktree: `extensions.worktreeConfig`, and what is in its `config.worktree`.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;

use super::path_lock::PathLock;
use crate::domain::refusal::Refusal;
use crate::git::environment::Environment;
use crate::git::file;
use crate::git::repo::Repo;

/// The extension that makes Git read `config.worktree`.
const EXTENSION: &str = "extensions.worktreeConfig";
/// What git-worktree(1) wants to be moved to the main worktree's own settings with it.
const OF_MAIN: [&str; 2] = ["core.bare", "core.worktree"];
/// How long another process may keep the shared settings locked.
const PATIENCE: Duration = Duration::from_secs(10);

/// Whether worktrees have settings of their own, as this process found it.
pub(super) fn are_own(repo: &Repo) -> bool {
    repo.config_flag(EXTENSION)
}

/// Lets worktrees have settings of their own. One edit of the shared settings: who reads them sees
/// all of it or nothing. Of several processes the first does it.
pub(super) fn make_own(repo: &Repo) -> Result<()> {
    if are_own(repo) {
        return Ok(());
    }
    let _lock = PathLock::of_settings(repo)?;
    if are_own(&Repo::open(repo.common_dir(), Environment::default())?) {
        return Ok(());
    }
    let shared = repo.common_dir().join("config");
    let begin = Instant::now();
    loop {
        match switch_on(repo, &shared) {
            Err(error) if is_locked(&error) && begin.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(10));
            }
            done => return done,
        }
    }
}

fn is_locked(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(Refusal::FileLocked { .. }))
}

fn switch_on(repo: &Repo, shared: &Path) -> Result<()> {
    let mut failure = None;
    file::edit(shared, |old| match switched_on(repo, old) {
        Ok(new) => new,
        Err(error) => {
            failure = Some(error);
            old.to_vec()
        }
    })?;
    failure.map_or(Ok(()), Err)
}

/// The shared settings with the extension, without those of the main worktree, which go into its
/// own.
fn switched_on(repo: &Repo, old: &[u8]) -> Result<Vec<u8>> {
    let copy = repo.kitty_dir().join("locks/settings.config");
    file::replace_quickly(&copy, old)?;
    let own = repo.common_dir().join("config.worktree");
    for key in OF_MAIN {
        let value = repo.config_file(&copy).args(["--get", key]).output()?;
        if value.status == 0 && (key != "core.bare" || value.stdout.trim_ascii() == b"true") {
            let value = String::from_utf8_lossy(value.stdout.trim_ascii_end()).into_owned();
            repo.config_file(&own).args([key, &value]).run()?;
            repo.config_file(&copy).args(["--unset-all", key]).run()?;
        }
    }
    repo.config_file(&copy).args([EXTENSION, "true"]).run()?;
    let new = file::read_if_present(&copy)?.unwrap_or_default();
    let _ = std::fs::remove_file(&copy);
    Ok(new)
}
