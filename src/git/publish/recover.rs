//! Finishing or forgetting what a killed process was about to publish.

use std::ffi::OsStr;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, bail};

use super::journal::{self, Record};
use super::ref_file::{RefFile, RefLock, content};
use super::reflog::Reflog;
use super::{Move, heads, orphan, publish};
use crate::domain::refname::RefName;
use crate::domain::refusal::Refusal;
use crate::git::durability::Durability;
use crate::git::lock::MissionLock;
use crate::git::repo::{RefBackend, Repo};

/// What was done about a dead process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovered {
    /// The process, as it saw itself.
    pub pid: u32,
    /// The refs that it was about to move.
    pub names: Vec<RefName>,
    /// What became of them.
    pub outcome: Outcome,
}

/// What became of an unfinished publishing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Its first ref had moved, so now all have.
    Finished,
    /// Its first ref had not moved, so none has.
    Dropped,
}

/// A file without lock that nobody has finished for this long is a dead process's.
const ABANDONED: Duration = Duration::from_secs(60);

/// Deals with all publishings of dead processes: finishes those whose first ref has moved, forgets
/// the others, and removes the locks that they left on refs. To be called under the mission lock,
/// before a tip is read; costs one look into a directory if there is nothing to do.
///
/// # Errors
/// If a ref or the journal cannot be read or written. What is left is dealt with the next time.
pub fn recover(repo: &Repo, durability: Durability) -> Result<Vec<Recovered>> {
    let directory = journal::directory(repo);
    let entries = match fs::read_dir(&directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).context("could not look for journals"),
    };
    let mut all = Vec::new();
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        let extension = path.extension().and_then(OsStr::to_str);
        if extension == Some(journal::UNFINISHED) && is_abandoned(&path) {
            journal::remove(&path, 0);
        } else if extension == Some(journal::SUFFIX) {
            let settled = settle(repo, &path, durability);
            all.extend(settled.with_context(|| format!("could not recover `{}`", path.display()))?);
        }
    }
    Ok(all)
}

/// The journals of dead processes, with which [`recover()`] has to deal.
pub(in crate::git) fn abandoned(repo: &Repo) -> Vec<PathBuf> {
    let entries = fs::read_dir(journal::directory(repo)).into_iter().flatten();
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let is_dead = |path: &PathBuf| match path.extension().and_then(OsStr::to_str) {
        Some(journal::SUFFIX) => !journal::is_held(path) && path.exists(),
        Some(journal::UNFINISHED) => is_abandoned(path),
        Some(_) | None => false,
    };
    let mut dead: Vec<PathBuf> = paths.filter(is_dead).collect();
    dead.sort();
    dead
}

/// Waits, as long as for a lock, while another process is about to move the ref. To be called under
/// the mission's lock: then that can only be a `git` whose starter was killed.
///
/// # Errors
/// As [`recover()`], which deals with what is left.
pub fn wait_for_orphan(repo: &Repo, name: &RefName) -> Result<()> {
    if !has_orphan(repo, name) {
        return Ok(());
    }
    let (start, patience) = (std::time::Instant::now(), MissionLock::patience(repo)?);
    while has_orphan(repo, name) && start.elapsed() < patience {
        std::thread::sleep(Duration::from_millis(5));
    }
    recover(repo, Durability::of(repo)?).map(drop)
}

fn has_orphan(repo: &Repo, name: &RefName) -> bool {
    let entries = fs::read_dir(journal::directory(repo)).into_iter().flatten();
    let mut paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    paths.any(|path| {
        path.extension().and_then(OsStr::to_str) == Some(journal::SUFFIX)
            && journal::is_held(&path)
            && journal::read(&path).is_ok_and(|record| record.moves.iter().any(|m| m.name == *name))
    })
}

fn is_abandoned(path: &Path) -> bool {
    let age = fs::metadata(path).and_then(|metadata| metadata.modified()).map(|at| at.elapsed());
    matches!(age, Ok(Ok(age)) if age > ABANDONED)
}

fn settle(repo: &Repo, path: &Path, durability: Durability) -> Result<Option<Recovered>> {
    let Some(_lock) = journal::inherit(path)? else { return Ok(None) };
    let Ok(record) = journal::read(path) else {
        // A power cut; nothing was locked before the journal was whole.
        journal::remove(path, 0);
        return Ok(None);
    };
    if let Some(since) = record.gits {
        for change in &record.moves {
            unlock(repo, change, since)?;
        }
    }
    let outcome = if has_moved(repo, &record)? {
        for change in record.moves.iter().filter(|change| !change.is_check_only()) {
            finish(repo, change, &record, durability)?;
        }
        heads::log(repo, &record.moves, &record.entry());
        Outcome::Finished
    } else {
        Outcome::Dropped
    };
    for change in &record.moves {
        give_up(repo, change, outcome)?;
    }
    journal::remove(path, record.moves.len());
    let names = record.moves.iter().map(|change| change.name.clone()).collect();
    Ok(Some(Recovered { pid: record.pid, names, outcome }))
}

/// Whether the first ref is where it was to go, or went on from there.
fn has_moved(repo: &Repo, record: &Record) -> Result<bool> {
    let Some(first) = record.moves.iter().find(|change| !change.is_check_only()) else {
        return Ok(false);
    };
    let found = repo.find(&first.name)?;
    match (first.new, found) {
        (new, found) if new == found => Ok(true),
        (Some(new), Some(found)) if Some(found) != first.old => {
            let call = ["merge-base", "--is-ancestor", &new.to_string(), &found.to_string()];
            let output = repo.git().args(call).output()?;
            match output.status {
                0 => Ok(true),
                1 => Ok(false),
                _ => bail!("`git merge-base` failed: {}", output.stderr),
            }
        }
        (_, _) => Ok(false),
    }
}

/// Moves a ref that was left behind: with the lock that is still on it, else anew.
fn finish(repo: &Repo, change: &Move, record: &Record, durability: Durability) -> Result<()> {
    let entry = record.entry();
    if let Some(lock) = left_lock(repo, change)? {
        let file = RefFile::new(repo, &change.name);
        if file.read(repo)? == change.old {
            let added = Reflog::of_ref(repo, &change.name).add(change.old, change.new, &entry)?;
            RefLock::inherited(lock).commit(&file)?;
            if let Some(added) = added {
                added.keep();
            }
            return file.sync(repo, change.old.is_none(), durability);
        }
    }
    if repo.find(&change.name)? != change.old {
        return Ok(());
    }
    // Another process may be at the ref: then it goes its own way, and ours would be lost anyway.
    match publish(repo, std::slice::from_ref(change), &entry, durability) {
        Err(error) if !matches!(error.downcast_ref(), Some(Refusal::RefLocked { .. })) => {
            Err(error)
        }
        Err(_) | Ok(_) => Ok(()),
    }
}

/// Removes the lock of a dead process, and what it wrote into the reflog under it for nothing.
fn give_up(repo: &Repo, change: &Move, outcome: Outcome) -> Result<()> {
    let Some(lock) = left_lock(repo, change)? else { return Ok(()) };
    let lock = RefLock::inherited(lock);
    if outcome == Outcome::Dropped && !change.is_check_only() {
        Reflog::of_ref(repo, &change.name).strike(change.old, change.new)?;
    }
    drop(lock);
    Ok(())
}

/// Removes what a killed git left locked without a word: the ref, and HEADs that name it. Who else
/// moves the ref holds its lock, and then has those of the HEADs as well.
fn unlock(repo: &Repo, change: &Move, since: SystemTime) -> Result<()> {
    let lock = RefFile::new(repo, &change.name).lock_path();
    orphan::remove(&lock, since);
    if left_lock(repo, change)?.is_some() || !lock.exists() {
        let heads = heads::locks(repo, &change.name);
        heads.iter().for_each(|head| orphan::remove(head, since));
    }
    Ok(())
}

/// The lock file, if it holds what this move was to write: then no one else's process put it there.
fn left_lock(repo: &Repo, change: &Move) -> Result<Option<PathBuf>> {
    let (RefBackend::Files, Some(new)) = (repo.ref_backend(), change.new) else { return Ok(None) };
    let lock = RefFile::new(repo, &change.name).lock_path();
    match fs::read(&lock) {
        Ok(bytes) => Ok((bytes == content(new)).then_some(lock)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(None)
        }
        Err(error) => Err(error).with_context(|| format!("could not read `{}`", lock.display())),
    }
}
