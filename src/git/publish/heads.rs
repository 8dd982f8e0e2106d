//! The reflogs of HEAD in the worktrees that have a moved branch checked out.

use std::path::{Path, PathBuf};

use super::reflog::Reflog;
use super::{LogEntry, Move};
use crate::domain::refname::RefName;
use crate::git::repo::{RefBackend, Repo};

/// Adds the moves to them. Git does so for the worktree that it stands in; we do for all, so that
/// `git reflog` in each of them tells how its branch came where it is. The refs have moved by now,
/// so what cannot be written is left out.
pub(super) fn log(repo: &Repo, moves: &[Move], entry: &LogEntry<'_>) {
    if repo.ref_backend() != RefBackend::Files {
        return;
    }
    let moved = || moves.iter().filter(|change| !change.is_check_only());
    if !moved().any(|change| change.name.branch().is_some()) {
        return;
    }
    for git_dir in git_dirs(repo) {
        let Some(head) = branch(&git_dir) else { continue };
        for change in moved().filter(|change| change.name.as_bytes() == head) {
            let added = Reflog::of_head(repo, &git_dir).add(change.old, change.new, entry);
            if let Ok(Some(added)) = added {
                added.keep();
            }
        }
    }
}

/// Where the locks are of the HEADs that name this branch.
pub(super) fn locks(repo: &Repo, name: &RefName) -> Vec<PathBuf> {
    let names = |git_dir: &PathBuf| branch(git_dir).as_deref() == Some(name.as_bytes());
    git_dirs(repo).into_iter().filter(names).map(|git_dir| git_dir.join("HEAD.lock")).collect()
}

fn git_dirs(repo: &Repo) -> Vec<PathBuf> {
    let linked = std::fs::read_dir(repo.common_dir().join("worktrees")).into_iter().flatten();
    let linked = linked.filter_map(|entry| Some(entry.ok()?.path()));
    std::iter::once(repo.common_dir().to_owned()).chain(linked).collect()
}

fn branch(git_dir: &Path) -> Option<Vec<u8>> {
    let text = std::fs::read(git_dir.join("HEAD")).ok()?;
    Some(text.strip_prefix(b"ref:")?.trim_ascii().to_vec())
}
