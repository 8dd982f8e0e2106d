//! What can be said of a transaction before any lock is taken.

use anyhow::{Result, ensure};

use super::Move;
use crate::domain::refname::RefName;
use crate::domain::refusal::Refusal;
use crate::git::repo::Repo;

/// Refuses names that are symbolic refs, and new names that would be a file and a directory at
/// once.
pub(super) fn names(repo: &Repo, moves: &[Move]) -> Result<()> {
    for (at, change) in moves.iter().enumerate() {
        let name = &change.name;
        ensure!(
            !moves.iter().skip(at + 1).any(|other| other.name == *name),
            "`{name}` moves twice in one transaction"
        );
        if repo.symbolic(name)?.is_some() {
            return Err(Refusal::RefSymbolic { name: name.to_string() }.into());
        }
        if change.old.is_none() {
            let beside = moves.iter().map(|other| &other.name).find(|other| nested(name, other));
            let existing = match beside {
                Some(other) => Some(other.clone()),
                None => obstacle(repo, name)?,
            };
            refuse(name, existing)?;
        }
    }
    Ok(())
}

fn refuse(name: &RefName, existing: Option<RefName>) -> Result<()> {
    match existing {
        None => Ok(()),
        Some(existing) => {
            let (name, existing) = (name.to_string(), existing.to_string());
            Err(Refusal::RefNameConflict { name, existing }.into())
        }
    }
}

/// A ref that is in the way of a new one.
fn obstacle(repo: &Repo, name: &RefName) -> Result<Option<RefName>> {
    let below = format!("{}/", String::from_utf8_lossy(name.as_bytes()));
    if let Some((existing, _)) = repo.list(&below)?.into_iter().next() {
        return Ok(Some(existing));
    }
    let bytes = name.as_bytes();
    let slashes = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at);
    for end in slashes.skip(2) {
        let above = RefName::new(bytes.get(..end).unwrap_or_default())?;
        if repo.find(&above)?.is_some() {
            return Ok(Some(above));
        }
    }
    Ok(None)
}

fn nested(one: &RefName, other: &RefName) -> bool {
    let below = |dir: &RefName, name: &RefName| {
        name.as_bytes().strip_prefix(dir.as_bytes()).is_some_and(|rest| rest.starts_with(b"/"))
    };
    below(one, other) || below(other, one)
}
