//! Changes that `git status` does not show, because git was told not to look.

use anyhow::{Result, bail};

use super::list::Worktree;
use crate::domain::path::RepoPath;
use crate::domain::refusal::Refusal;
use crate::git::bring_up::git;
use crate::git::file::path_of;
use crate::git::index_lock::IndexLock;

/// The tracked files that are marked `assume-unchanged` or `skip-worktree` (git-update-index(1)),
/// are there, and differ from the index.
///
/// # Errors
/// If git cannot tell, or another process holds the index.
pub(in crate::git) fn hidden(found: &Worktree) -> Result<Vec<RepoPath>> {
    let marked = marked(found)?;
    if marked.is_empty() {
        return Ok(Vec::new());
    }
    let Some(lock) = IndexLock::take(&found.git_dir)? else {
        let worktree = found.path.display().to_string();
        let what = "another process holds its `index.lock`".to_owned();
        bail!(Refusal::WorktreeNotMade { worktree, what });
    };
    // Looked at through a copy without the marks.
    let git = || git(found).env("GIT_INDEX_FILE", lock.copy());
    let input: Vec<u8> = marked.iter().flat_map(|path| [path.as_bytes(), b"\0"].concat()).collect();
    for mark in ["--no-assume-unchanged", "--no-skip-worktree"] {
        git().args(["update-index", mark, "-z", "--stdin"]).stdin(input.clone()).run()?;
    }
    // It ends with 1 if something has changed.
    git().args(["update-index", "-q", "--refresh"]).output()?;
    let changed = git().args(["diff-files", "--name-only", "-z"]).run()?;
    let changed = changed.split(|byte| *byte == 0).filter(|path| !path.is_empty());
    Ok(changed.map(RepoPath::new).filter(|path| marked.contains(path)).collect())
}

/// The marked files that are there.
fn marked(found: &Worktree) -> Result<Vec<RepoPath>> {
    let listed = git(found).args(["ls-files", "-v", "-z"]).run()?;
    let entries = listed.split(|byte| *byte == 0).filter_map(|entry| entry.split_at_checked(2));
    let is_marked =
        |tag: &[u8]| tag.first().is_some_and(|tag| *tag == b'S' || tag.is_ascii_lowercase());
    let marked = entries.filter(|(tag, _)| is_marked(tag));
    let is_there = |path: &RepoPath| {
        found.path.join(path_of(path.as_bytes().to_vec())).symlink_metadata().is_ok()
    };
    Ok(marked.map(|(_, path)| RepoPath::new(path)).filter(is_there).collect())
}
