//! What guarded branches held when a door let them pass, in `kitty/judged/` of the common directory,
//! a file a branch: its name, then one id a line, the latest last.
//!
//! Git moves some branches without asking any hook (`git branch -C`, `git reflog delete
//! --updateref`, every hook switched off, other implementations). A branch that holds what is not
//! written here was moved so, and the next door judges from the last value that is. A file that is
//! missing or cannot be read counts as none: then what the branch holds is believed.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::domain::branch::BranchName;
use crate::domain::layout;
use crate::domain::oid::Oid;
use crate::git::Repo;
use crate::git::file::replace_quickly;

/// How many values of a branch are kept at least: a move that was let pass and then not made leaves one
/// that the branch never had.
const KEPT: usize = 16;

/// How many there may be before the oldest are dropped.
const FULL: usize = 64;

/// The value that a branch was judged at last, if it holds another one that was never judged.
///
/// # Errors
/// If the branch's name cannot be hashed.
pub fn last_judged(repo: &Repo, branch: &BranchName, held: Oid) -> Result<Option<Oid>> {
    let judged = read(repo, branch)?;
    Ok(judged.last().copied().filter(|_| !judged.contains(&held)))
}

/// Writes down that `branch`, which held `held`, may hold `new`.
///
/// # Errors
/// If that cannot be written.
pub fn let_pass(repo: &Repo, branch: &BranchName, held: Option<Oid>, new: Oid) -> Result<()> {
    let judged = read(repo, branch)?;
    let path = path(repo, branch)?;
    if !judged.is_empty() && judged.len() < FULL {
        return append(&path, &format!("{new}\n"));
    }
    if let Some(directory) = path.parent()
        && !directory.is_dir()
    {
        std::fs::create_dir_all(directory)
            .with_context(|| format!("could not create `{}`", directory.display()))?;
    }
    let latest = judged.get(judged.len().saturating_sub(KEPT)..).unwrap_or_default();
    let before = held.filter(|_| judged.is_empty());
    let ids = latest.iter().chain(&before).chain([&new]).map(|id| format!("{id}\n"));
    replace_quickly(&path, format!("{branch}\n{}", ids.collect::<String>()).as_bytes())
}

/// Adds a line, so that of two processes that do so at once neither takes the other's away.
fn append(path: &Path, line: &str) -> Result<()> {
    let append = || OpenOptions::new().append(true).open(path)?.write_all(line.as_bytes());
    append().with_context(|| format!("could not write `{}`", path.display()))
}

/// Writes down what git-kitty is about to do itself with a branch. What came past the doors before
/// stays unjudged.
///
/// # Errors
/// As [`let_pass`].
pub fn let_own_pass(repo: &Repo, branch: &BranchName, held: Option<Oid>, new: Oid) -> Result<()> {
    let judged = read(repo, branch)?;
    let is_known = judged.is_empty() || held.is_none_or(|held| judged.contains(&held));
    if is_known { let_pass(repo, branch, held, new) } else { Ok(()) }
}

/// Whether just this move was let pass a moment ago: no other was since.
///
/// # Errors
/// If the branch's name cannot be hashed.
pub fn was_let_pass(repo: &Repo, branch: &BranchName, held: Option<Oid>, new: Oid) -> Result<bool> {
    Ok(match (read(repo, branch)?.as_slice(), held) {
        ([.., before, last], Some(held)) => (*before, *last) == (held, new),
        ([.., last], None) => *last == new,
        ([_], Some(_)) | ([], _) => false,
    })
}

/// Every branch that was judged, with the last value that it was judged at, sorted.
///
/// # Errors
/// If the records cannot be listed.
pub fn all(repo: &Repo) -> Result<Vec<(BranchName, Oid)>> {
    let directory = repo.common_dir().join(layout::JUDGED);
    let context = || format!("could not list `{}`", directory.display());
    let entries = match std::fs::read_dir(&directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).with_context(context),
    };
    let mut found = Vec::new();
    for entry in entries {
        let text = std::fs::read_to_string(entry.with_context(context)?.path()).unwrap_or_default();
        let mut lines = text.lines();
        let branch = lines.next().and_then(|name| name.parse().ok());
        let last = lines.filter_map(|line| line.parse().ok()).next_back();
        found.extend(branch.zip(last));
    }
    found.sort();
    Ok(found)
}

/// Forgets a branch that goes.
///
/// # Errors
/// If the branch's name cannot be hashed.
pub fn forget(repo: &Repo, branch: &BranchName) -> Result<()> {
    let _ = std::fs::remove_file(path(repo, branch)?);
    Ok(())
}

fn read(repo: &Repo, branch: &BranchName) -> Result<Vec<Oid>> {
    let text = std::fs::read_to_string(path(repo, branch)?).unwrap_or_default();
    let mut lines = text.lines();
    let is_its_own = lines.next() == Some(branch.as_str());
    Ok(lines.filter_map(|line| line.parse().ok()).filter(|_| is_its_own).collect())
}

/// A branch's name may be longer than a file's.
fn path(repo: &Repo, branch: &BranchName) -> Result<PathBuf> {
    let name = repo.id_of_blob(branch.as_str().as_bytes())?;
    Ok(repo.common_dir().join(layout::JUDGED).join(name.to_string()))
}
