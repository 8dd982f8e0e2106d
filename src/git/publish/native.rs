//! Moving refs in process, file by file as git's files backend does it.

use std::time::Duration;

use anyhow::{Context, Result};

use super::journal::Journal;
use super::ref_file::{RefFile, RefLock, content, patience, write_new};
use super::reflog::{Added, Reflog};
use super::{LogEntry, Move, Published, heads};
use crate::git::crash;
use crate::git::durability::Durability;
use crate::git::repo::Repo;

/// What went wrong once all refs have moved.
pub(super) const UNSURE: &str = "the refs have moved, but may come back after a power cut";

/// A move, and the file that it is about.
struct Step<'m> {
    change: &'m Move,
    file: RefFile,
}

/// What is taken back if the move does not come about, in this order.
struct Held {
    reflog: Option<Added>,
    lock: RefLock,
}

/// Locks all, checks all, then moves one after the other. Until the first has moved, whatever fails
/// is taken back.
pub(super) fn publish(
    repo: &Repo,
    moves: &[Move],
    entry: &LogEntry<'_>,
    durability: Durability,
) -> Result<Published> {
    let steps: Vec<Step<'_>> = moves
        .iter()
        .map(|change| Step { change, file: RefFile::new(repo, &change.name) })
        .collect();
    let mut journal = Journal::begin(repo, moves, entry, durability)?;
    crash::point("after-journal");
    write_values(&steps, &journal, durability)?;
    crash::point("after-values");
    // -1 is for ever.
    let patience = u64::try_from(patience(repo)).map_or(Duration::MAX, Duration::from_millis);
    let locks = lock_all(&steps, &journal, patience)?;
    crash::point("after-locks");
    for Step { change, file } in &steps {
        let found = file.read(repo)?;
        if found != change.old {
            return Ok(Published::Lost { name: change.name.clone(), found });
        }
        if found.is_none() {
            file.clear_way()?;
        }
    }
    crash::point("after-check");
    let reflogs = log_all(repo, &steps, entry)?;
    crash::point("after-reflogs");
    let held = locks.into_iter().zip(reflogs).map(|(lock, reflog)| Held { reflog, lock });
    commit_all(&steps, held.collect(), &mut journal)?;
    crash::point("after-renames");
    for Step { change, file } in &steps {
        file.sync(repo, change.old.is_none(), durability).context(UNSURE)?;
    }
    heads::log(repo, moves, entry);
    journal.end();
    Ok(Published::Done)
}

fn write_values(steps: &[Step<'_>], journal: &Journal, durability: Durability) -> Result<()> {
    for (index, Step { change, .. }) in steps.iter().enumerate() {
        let Some(new) = change.new else { continue };
        write_new(&journal.value(index), &content(new))
            .and_then(|file| durability.sync_file(&file))
            .with_context(|| format!("could not write `{}`", change.name))?;
    }
    Ok(())
}

/// Takes the locks in the order of the names, so that two that move the same refs never wait for
/// each other; returns them in the order of the moves.
fn lock_all(steps: &[Step<'_>], journal: &Journal, patience: Duration) -> Result<Vec<RefLock>> {
    let mut order: Vec<(usize, &Step<'_>)> = steps.iter().enumerate().collect();
    order.sort_by_key(|(_, step)| &step.change.name);
    let mut locks = Vec::new();
    for (index, step) in order {
        locks.push((index, step.file.lock(&journal.value(index), patience)?));
        if locks.len() == 1 {
            crash::point("after-first-lock");
        }
    }
    locks.sort_by_key(|(index, _)| *index);
    Ok(locks.into_iter().map(|(_, lock)| lock).collect())
}

/// Adds to the reflogs before anything has moved: a full disk is found out here.
fn log_all(repo: &Repo, steps: &[Step<'_>], entry: &LogEntry<'_>) -> Result<Vec<Option<Added>>> {
    let mut reflogs = Vec::new();
    for Step { change, .. } in steps {
        let added = if change.is_check_only() {
            None
        } else {
            Reflog::of_ref(repo, &change.name).add(change.old, change.new, entry)?
        };
        reflogs.push(added);
        if reflogs.len() == 1 {
            crash::point("after-first-reflog");
        }
    }
    Ok(reflogs)
}

fn commit_all(steps: &[Step<'_>], held: Vec<Held>, journal: &mut Journal) -> Result<()> {
    for (step, mut held) in steps.iter().zip(held) {
        if step.change.is_check_only() {
            continue;
        }
        held.lock.commit(&step.file).with_context(|| match journal.is_left() {
            true => "some refs have moved, and the next command moves the others",
            false => "nothing has moved",
        })?;
        if let Some(added) = held.reflog.take() {
            added.keep();
        }
        journal.leave();
        crash::point("after-first-rename");
    }
    Ok(())
}
