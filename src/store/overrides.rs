//! The overrides of a repository: `kitty/overrides.json` in the common directory, replaced as a whole
//! under a lock. `docs/design/overrides.md` has the format.
//!
//! A file that cannot be understood holds no override.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::domain::branch::BranchName;
use crate::domain::layout;
use crate::domain::overriding::Override;
use crate::domain::refname::RefName;
use crate::domain::refusal::{Document, Refusal};
use crate::domain::time::Instant;
use crate::git::Repo;
use crate::git::file::{read_if_present, replace_under_lock};
use crate::git::flock::Flock;
use crate::git::shared;

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// The overrides that are in force, in the order in which they were granted.
    pub in_force: Vec<Override>,
    /// Why none can be told: [`Refusal::Damaged`].
    pub damage: Option<Refusal>,
}

/// The right to change the overrides, held by one process at a time.
#[derive(Debug)]
pub struct Desk {
    path: PathBuf,
    _lock: Flock,
}

#[derive(Serialize, Deserialize)]
struct File {
    schema: u32,
    overrides: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    id: String,
    #[serde(rename = "ref")]
    ref_name: String,
    reason: String,
    actor: String,
    from: String,
    until: String,
}

const SCHEMA: u32 = 1;

/// The overrides that are in force now.
#[must_use]
pub fn in_force(repo: &Repo, now: Instant) -> Found {
    read(&path(repo), now)
}

impl Desk {
    /// Waits for it.
    ///
    /// # Errors
    /// If it cannot be locked.
    pub fn take(repo: &Repo) -> Result<Self> {
        let path = path(repo);
        let lock = path.with_extension("lock");
        let taken = || -> std::io::Result<Flock> {
            path.parent().map_or(Ok(()), shared::create_dir_all)?;
            let mut options = OpenOptions::new();
            Flock::wait(shared::open(options.write(true).create(true).truncate(false), &lock)?)
        };
        let lock = taken().with_context(|| format!("could not lock `{}`", lock.display()))?;
        Ok(Self { path, _lock: lock })
    }

    /// The overrides that are in force now.
    #[must_use]
    pub fn in_force(&self, now: Instant) -> Found {
        read(&self.path, now)
    }

    /// Makes these the only ones; durable when it returns.
    ///
    /// # Errors
    /// If that cannot be written: then all is as before.
    pub fn replace(&self, overrides: &[Override]) -> Result<()> {
        let overrides = overrides.iter().map(Entry::of).collect();
        let mut bytes = serde_json::to_vec(&File { schema: SCHEMA, overrides })
            .context("could not write the overrides")?;
        bytes.push(b'\n');
        replace_under_lock(&self.path, &bytes)
    }
}

impl Entry {
    fn of(one: &Override) -> Self {
        Self {
            id: one.id.clone(),
            ref_name: format!("refs/heads/{}", one.branch),
            reason: one.reason.clone(),
            actor: one.actor.clone(),
            from: one.from.to_log(),
            until: one.until.to_log(),
        }
    }

    fn parse(self) -> Option<Override> {
        let branch = BranchName::of_ref(&RefName::new(self.ref_name).ok()?)?;
        let (from, until) = (Instant::from_log(&self.from)?, Instant::from_log(&self.until)?);
        let Self { id, reason, actor, .. } = self;
        (!reason.trim().is_empty()).then_some(Override { id, branch, reason, actor, from, until })
    }
}

fn read(path: &Path, now: Instant) -> Found {
    match parse(path) {
        Ok(all) => {
            let in_force = all.into_iter().filter(|one| one.is_in_force(now)).collect();
            Found { in_force, damage: None }
        }
        Err(what) => {
            let file = path.display().to_string();
            let damage = Refusal::damaged(Document::Overrides, &file, None, what);
            Found { in_force: Vec::new(), damage: Some(damage) }
        }
    }
}

fn parse(path: &Path) -> Result<Vec<Override>, String> {
    let bytes = read_if_present(path).map_err(|error| error.root_cause().to_string())?;
    let Some(bytes) = bytes else { return Ok(Vec::new()) };
    let file: File = serde_json::from_slice(&bytes).map_err(|error| error.to_string())?;
    if file.schema != SCHEMA {
        return Err(format!("its schema is {}, not {SCHEMA}", file.schema));
    }
    let parsed = file.overrides.into_iter().map(Entry::parse).collect::<Option<Vec<_>>>();
    parsed.ok_or_else(|| "an override in it is incomplete".to_owned())
}

fn path(repo: &Repo) -> PathBuf {
    repo.common_dir().join(layout::OVERRIDES)
}
