//! Worktrees that a killed process left behind their branch.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;

use anyhow::Result;

use super::bring_up::{check, git, merge, staged, unstaged, untracked};
use super::file::path_of;
use super::index_lock::IndexLock;
use super::repo::Repo;
use super::worktree::Worktree;
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::domain::refusal::{Refusal, Warning};

/// How many commits a worktree may be behind and still be recognised.
const STEPS: usize = 4;

/// Brings a worktree to the tip of its branch that one of the last commits left behind: whoever
/// moved the branch was killed before it could, or while it did. Only if index and files are just as
/// that commit has them, where the two differ, or files have begun to be what the tip has; anything
/// else is somebody's work, and stays.
///
/// # Errors
/// If git or a commit cannot be read.
pub fn catch_up(repo: &Repo, worktree: &Worktree, tip: Oid) -> Result<Option<Warning>> {
    // Of a merge whose git outlived it the end is waited for.
    let lock = match worktree.path.is_dir() {
        true => IndexLock::take(&worktree.git_dir),
        false => Ok(None),
    };
    let Ok(Some(lock)) = lock else { return Ok(None) };
    let mut commit = repo.commit(tip)?;
    let new = commit.tree;
    for step in 0..STEPS {
        let Some(parent) = commit.parents.first() else { break };
        commit = repo.commit(*parent)?;
        if step == 0 && has(repo, worktree, commit.tree, new)? {
            break;
        }
        if is_behind(repo, worktree, commit.tree, new)? {
            return merge(repo, worktree, lock, [Some(commit.tree), Some(new)]);
        }
    }
    Ok(None)
}

/// As [`catch_up`], of a branch that moved from one commit to another, wherever that lies.
///
/// # Errors
/// If git or a commit cannot be read.
pub fn catch_up_from(
    repo: &Repo,
    worktree: &Worktree,
    (from, tip): (Oid, Oid),
) -> Result<Option<Warning>> {
    if is_up(repo, worktree, (from, tip))? {
        return Ok(None);
    }
    let [old, new] = [repo.tree_of_commit(from)?, repo.tree_of_commit(tip)?];
    let Ok(Some(lock)) = IndexLock::take(&worktree.git_dir) else { return Ok(None) };
    if is_behind(repo, worktree, old, new)? {
        return merge(repo, worktree, lock, [Some(old), Some(new)]);
    }
    Ok(None)
}

/// Whether nothing is left to be brought up where two commits differ: index and files are as `tip` has
/// them, or there are none.
///
/// # Errors
/// If git or a commit cannot be read.
pub fn is_up(repo: &Repo, worktree: &Worktree, (from, tip): (Oid, Oid)) -> Result<bool> {
    let [old, new] = [repo.tree_of_commit(from)?, repo.tree_of_commit(tip)?];
    Ok(old == new || !worktree.path.is_dir() || has(repo, worktree, old, new)?)
}

/// Whether a worktree is as `old` has it, where the two differ. A merge that was killed is taken
/// back.
fn is_behind(repo: &Repo, worktree: &Worktree, old: Oid, new: Oid) -> Result<bool> {
    match check(repo, worktree, Some(old), Some(new)) {
        Ok(()) => Ok(true),
        Err(error) if error.is::<Refusal>() => take_back(repo, worktree, old, new),
        Err(error) => Err(error),
    }
}

/// Takes a merge back that was killed: the index is as `old` has it still, and a file either too, or
/// it is gone, or it has all or the beginning of what `new` has, as filters make it (`git help
/// attributes`) all of it. `false` if it was something else.
fn take_back(repo: &Repo, worktree: &Worktree, old: Oid, new: Oid) -> Result<bool> {
    let changes = repo.diff(Some(old), Some(new))?;
    let paths: BTreeSet<&[u8]> = changes.iter().map(|change| change.path.as_bytes()).collect();
    if !staged(worktree, old, &paths)?.is_empty() {
        return Ok(false);
    }
    let mut begun = unstaged(worktree, &paths)?;
    begun.extend(untracked(worktree, &changes));
    let place = |path: &RepoPath| worktree.path.join(path_of(path.as_bytes().to_vec()));
    for path in &begun {
        let will_have = repo.blob_at(new, path)?.unwrap_or_default();
        let is_begun = match fs::read(place(path)) {
            Ok(has) => will_have.starts_with(&has) || is_filtered(repo, worktree, (path, new))?,
            Err(error) => matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory),
        };
        if !is_begun {
            return Ok(false);
        }
    }
    for path in &begun {
        let _ = fs::remove_file(place(path));
    }
    let known =
        begun.iter().filter(|path| changes.iter().any(|c| c.path == **path && c.old.is_some()));
    let input: Vec<u8> = known.flat_map(|path| [path.as_bytes(), b"\0"].concat()).collect();
    git(worktree).args(["checkout-index", "-f", "-z", "--stdin"]).stdin(input).run()?;
    Ok(true)
}

/// Whether the file at a path is what a filter makes of what a tree has there.
fn is_filtered(repo: &Repo, worktree: &Worktree, (path, tree): (&RepoPath, Oid)) -> Result<bool> {
    let file = path_of(path.as_bytes().to_vec());
    let options = ["hash-object".as_ref(), "--path".as_ref(), file.as_os_str(), "--".as_ref()];
    let output = git(worktree).args(options).args([&file]).output()?;
    let id = String::from_utf8_lossy(&output.stdout).trim().parse::<Oid>();
    let entry = repo.entry(tree, path)?;
    Ok(output.status == 0 && id.is_ok_and(|id| entry.is_some_and(|entry| entry.oid == id)))
}

/// Whether index and files are as `new` has them, where that differs from `old`.
fn has(repo: &Repo, worktree: &Worktree, old: Oid, new: Oid) -> Result<bool> {
    let changes = repo.diff(Some(old), Some(new))?;
    let paths: BTreeSet<&[u8]> = changes.iter().map(|change| change.path.as_bytes()).collect();
    Ok(staged(worktree, new, &paths)?.is_empty() && unstaged(worktree, &paths)?.is_empty())
}
