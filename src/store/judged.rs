//! What guarded branches held when a door let them pass, in `kitty/judged/` of the common directory,
//! a file a branch: its name, then one id a line, the latest last. `made` stands after one that the
//! branch is known to have got, `gone` where it was deleted: a name that comes back past every door is
//! judged from where it was.
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
use crate::git::shared;

/// How many values of a branch are kept at least: a move that was let pass and then not made leaves one
/// that the branch never had.
const KEPT: usize = 16;

/// How many there may be before the oldest are dropped.
const FULL: usize = 64;

/// That the branch has got the value before.
const MADE: &str = "made";

/// That the branch was let go.
const GONE: &str = "gone";

/// What is known of a branch.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Known {
    /// Its name.
    pub branch: BranchName,
    /// What it was judged at last.
    pub last: Oid,
    /// Whether a door let it go since.
    pub is_gone: bool,
}

/// The value that a branch was judged at last, if it holds another one that was never judged.
///
/// # Errors
/// If the branch's name cannot be hashed.
pub fn last_judged(repo: &Repo, branch: &BranchName, held: Oid) -> Result<Option<Oid>> {
    let judged = read(repo, branch)?;
    Ok(judged.last().copied().filter(|_| !judged.contains(&held)))
}

/// All values that are on record of a branch, the latest last.
///
/// # Errors
/// If the branch's name cannot be hashed.
pub fn values(repo: &Repo, branch: &BranchName) -> Result<Vec<Oid>> {
    read(repo, branch)
}

/// The last value that the branch is known to have got by a door.
///
/// # Errors
/// If the branch's name cannot be hashed.
pub fn last_made(repo: &Repo, branch: &BranchName) -> Result<Option<Oid>> {
    let lines = lines(repo, branch)?;
    let mut pairs = lines.iter().zip(lines.iter().skip(1)).rev();
    Ok(pairs.find(|(_, mark)| *mark == MADE).and_then(|(id, _)| id.parse().ok()))
}

/// Writes down that the branch has got the value that it was let pass with last, if that is `new`.
///
/// # Errors
/// If that cannot be written.
pub fn was_made(repo: &Repo, branch: &BranchName, new: Oid) -> Result<()> {
    let is_last = lines(repo, branch)?.last().is_some_and(|last| last.parse() == Ok(new));
    if is_last { append(&path(repo, branch)?, &format!("{MADE}\n")) } else { Ok(()) }
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
        shared::create_dir_all(directory)
            .with_context(|| format!("could not create `{}`", directory.display()))?;
    }
    let latest = judged.get(judged.len().saturating_sub(KEPT)..).unwrap_or_default();
    let before = held.filter(|_| judged.is_empty());
    let ids = latest.iter().chain(&before).chain([&new]).map(|id| format!("{id}\n"));
    replace_quickly(&path, format!("{branch}\n{}", ids.collect::<String>()).as_bytes())
}

/// Adds a line, so that of two processes that do so at once neither takes the other's away.
fn append(path: &Path, line: &str) -> Result<()> {
    let append = || shared::open(OpenOptions::new().append(true), path)?.write_all(line.as_bytes());
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
    let lines = lines(repo, branch)?;
    if lines.last().is_some_and(|last| last == GONE) {
        return Ok(false);
    }
    Ok(match (ids(&lines).as_slice(), held) {
        ([.., before, last], Some(held)) => (*before, *last) == (held, new),
        ([.., last], None) => *last == new,
        ([_], Some(_)) | ([], _) => false,
    })
}

/// Every branch that was judged, sorted.
///
/// # Errors
/// If the records cannot be listed.
pub fn all(repo: &Repo) -> Result<Vec<Known>> {
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
        found.extend(known(&text));
    }
    found.sort();
    Ok(found)
}

fn known(text: &str) -> Option<Known> {
    let mut lines = text.lines();
    let branch = lines.next()?.parse().ok()?;
    let last = lines.clone().filter_map(|line| line.parse().ok()).next_back()?;
    Some(Known { branch, last, is_gone: lines.next_back() == Some(GONE) })
}

/// Forgets a branch that goes, with all that was around it.
///
/// # Errors
/// If the branch's name cannot be hashed.
pub fn forget(repo: &Repo, branch: &BranchName) -> Result<()> {
    let _ = std::fs::remove_file(path(repo, branch)?);
    Ok(())
}

/// Writes down that a branch goes, which holds `held`, and what it was judged at last.
///
/// # Errors
/// If that cannot be written.
pub fn let_go(repo: &Repo, branch: &BranchName, held: Option<Oid>) -> Result<()> {
    if let (true, Some(held)) = (read(repo, branch)?.is_empty(), held) {
        let_pass(repo, branch, None, held)?;
    }
    match path(repo, branch)? {
        path if path.exists() => append(&path, &format!("{GONE}\n")),
        _ => Ok(()),
    }
}

fn read(repo: &Repo, branch: &BranchName) -> Result<Vec<Oid>> {
    Ok(ids(&lines(repo, branch)?))
}

fn ids(lines: &[String]) -> Vec<Oid> {
    lines.iter().filter_map(|line| line.parse().ok()).collect()
}

/// What is written below the branch's name.
fn lines(repo: &Repo, branch: &BranchName) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(path(repo, branch)?).unwrap_or_default();
    let mut lines = text.lines();
    let is_its_own = lines.next() == Some(branch.as_str());
    Ok(lines.filter(|_| is_its_own).map(str::to_owned).collect())
}

/// A branch's name may be longer than a file's.
fn path(repo: &Repo, branch: &BranchName) -> Result<PathBuf> {
    let name = repo.id_of_blob(branch.as_str().as_bytes())?;
    Ok(repo.common_dir().join(layout::JUDGED).join(name.to_string()))
}
