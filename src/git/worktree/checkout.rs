//! The first checkout of a worktree, which may find what a killed one left.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use anyhow::{Result, bail};

use super::list::Worktree;
use super::place::is_empty_but;
use super::sparse;
use crate::domain::path::RepoPath;
use crate::domain::refusal::Refusal;
use crate::git::bring_up::git;
use crate::git::crash;
use crate::git::file::path_of;
use crate::git::index_lock::IndexLock;
use crate::git::process::Git;

/// What was in the directory when its checkout began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Begun {
    /// Nothing: all that is there comes from the checkout.
    Empty,
    /// Somebody's files.
    Files,
}

/// Gives the worktree its index and the files of HEAD. Files that are there stay as they are, but
/// for those that a killed checkout has begun to write; of those that it leaves out none is written.
/// The index appears when all is there.
pub(super) fn check_out(worktree: &Worktree, begun: Begun, left_out: &[RepoPath]) -> Result<()> {
    let failed = |what: &str| Refusal::WorktreeNotMade {
        worktree: worktree.path.display().to_string(),
        what: what.to_owned(),
    };
    let Some(lock) = IndexLock::take(&worktree.git_dir)? else {
        bail!(failed("another process holds its `index.lock`"));
    };
    let git = || git(worktree).env("GIT_INDEX_FILE", lock.copy()).stdin_file(lock.file());
    if is_empty_but(&worktree.path, Some(".git"))? {
        let read = ["read-tree", "-m", "-u", "--no-recurse-submodules", "HEAD"];
        let output = git().args(read).output()?;
        if output.status != 0 {
            bail!(failed(&output.stderr));
        }
        crash::point("worktree-files");
        return Ok(lock.keep()?);
    }
    git().args(["read-tree", "HEAD"]).run()?;
    git().args(["update-index", "-q", "--refresh"]).output()?;
    if begun == Begun::Empty {
        take_back(worktree, &git)?;
    }
    for path in left_out {
        // It is an error if HEAD has no such file.
        let skip = ["update-index", "--skip-worktree", "--"].map(OsString::from);
        let path = path_of(path.as_bytes().to_vec());
        git().args(skip.into_iter().chain([path.into_os_string()])).output()?;
    }
    // It ends with 1 for files that somebody changed, which stay.
    git().args(["checkout-index", "--all", "--quiet", "--index"]).output()?;
    lock.keep()?;
    // The git that follows takes it itself.
    drop(lock);
    if left_out.is_empty() { Ok(()) } else { sparse::reapply(worktree) }
}

/// Removes the files that were cut off in the midst of being written.
fn take_back(worktree: &Worktree, git: &dyn Fn() -> Git) -> Result<()> {
    let changed = git().args(["diff-files", "--name-only", "--diff-filter=M", "-z"]).run()?;
    for name in changed.split(|byte| *byte == 0).filter(|name| !name.is_empty()) {
        let path = path_of(name.to_vec());
        let spec = [b":", name].concat();
        let call =
            git().args(["cat-file".as_ref(), "--filters".as_ref(), path_of(spec).as_os_str()]);
        if is_beginning(&worktree.path.join(&path), &call.run()?) {
            let _ = fs::remove_file(worktree.path.join(path));
        }
    }
    Ok(())
}

fn is_beginning(file: &Path, content: &[u8]) -> bool {
    fs::read(file).is_ok_and(|has| has.len() < content.len() && content.starts_with(&has))
}
