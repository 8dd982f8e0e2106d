//! What guarded branches held when a door let them pass, in `kitty/judged/` of the common directory,
//! a file a branch: its name, then one id a line, the latest last.
//!
//! Git moves some branches without asking any hook (`git branch -C`, `git reflog delete
//! --updateref`, every hook switched off, other implementations). A branch that holds what is not
//! written here was moved so, and the next door judges from the last value that is. A file that is
//! missing or cannot be read counts as none: then what the branch holds is believed.

use std::io::ErrorKind;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::domain::branch::BranchName;
use crate::domain::layout;
use crate::domain::oid::Oid;
use crate::git::Repo;
use crate::git::file::replace_quickly;

/// How many values of a branch are kept: a move that was let pass and then not made leaves one that
/// the branch never had.
const KEPT: usize = 16;

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
    let mut judged = read(repo, branch)?;
    if judged.is_empty() {
        judged.extend(held);
    }
    judged.retain(|known| *known != new);
    judged.push(new);
    let path = path(repo, branch)?;
    if let Some(directory) = path.parent()
        && !directory.is_dir()
    {
        std::fs::create_dir_all(directory)
            .with_context(|| format!("could not create `{}`", directory.display()))?;
    }
    let latest = judged.get(judged.len().saturating_sub(KEPT)..).unwrap_or_default();
    let ids: String = latest.iter().map(|id| format!("{id}\n")).collect();
    replace_quickly(&path, format!("{branch}\n{ids}").as_bytes())
}

/// Writes down what a move of our own gave a branch, which no hook saw and which is proven to be lawful:
/// if the branch is new, or held what was judged. On top of anything else nothing is proven.
///
/// # Errors
/// As [`let_pass`].
pub fn follow(repo: &Repo, branch: &BranchName, held: Option<Oid>, new: Oid) -> Result<()> {
    if !repo.common_dir().join(layout::SETUP).is_file() {
        return Ok(());
    }
    match held {
        Some(held) if !read(repo, branch)?.contains(&held) => Ok(()),
        Some(_) | None => let_pass(repo, branch, held, new),
    }
}

/// Writes down what a branch holds when its guarding begins, unless it was judged before: what it got
/// until then is believed.
///
/// # Errors
/// As [`let_pass`].
pub fn begin(repo: &Repo, branch: &BranchName, held: Oid) -> Result<()> {
    if read(repo, branch)?.is_empty() { let_pass(repo, branch, None, held) } else { Ok(()) }
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
