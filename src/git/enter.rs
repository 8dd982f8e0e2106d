//! Putting entries into an index, whatever the files are.

use std::ffi::OsString;

use anyhow::Result;

use super::file::path_of;
use super::index_lock::IndexLock;
use super::process::Git;
use crate::domain::change::Entry;
use crate::domain::path::RepoPath;

/// So many paths are handed to one git.
const MANY: usize = 500;

/// A path, and what an index is to have there; `None` takes it out.
pub(super) type Entered = (RepoPath, Option<Entry>);

/// Enters these into the copy of the index, with calls of `git` that are about its worktree. All other
/// entries stay, but that git looks again at files that may have changed.
///
/// # Errors
/// If git fails.
pub(super) fn enter(lock: &IndexLock, git: &dyn Fn() -> Git, entries: &[Entered]) -> Result<()> {
    let git = || git().env("GIT_INDEX_FILE", lock.copy()).stdin_file(lock.file());
    enter_into(&git, entries)?;
    git().args(["update-index", "-q", "--refresh"]).output()?;
    Ok(())
}

/// The same, into the index that the calls of `git` are about, and no file is looked at.
///
/// # Errors
/// If git fails.
pub(super) fn enter_into(git: &dyn Fn() -> Git, entries: &[Entered]) -> Result<()> {
    let call = |first: &[&str], words: &[OsString]| -> Result<()> {
        git().args(["update-index"]).args(first).args(words).run()?;
        Ok(())
    };
    let (mut present, mut absent) = (Vec::new(), Vec::new());
    for (path, entry) in entries {
        let place = path_of(path.as_bytes().to_vec()).into_os_string();
        match entry {
            None => absent.push(place),
            Some(entry) => {
                let mut word = OsString::from(format!("{},{},", entry.mode.octal(), entry.oid));
                word.push(place);
                present.extend(["--cacheinfo".into(), word]);
            }
        }
    }
    for words in absent.chunks(MANY) {
        call(&["--force-remove", "--"], words)?;
    }
    for words in present.chunks(2 * MANY) {
        call(&["--add", "--replace"], words)?;
    }
    Ok(())
}
