//! Refs and missions as a reader of many of them sees them: at one moment, each asked for once.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;

use anyhow::Result;

use super::mission::{Mission, Source};
use super::statuses::Statuses;
use crate::domain::lanes::Lanes;
use crate::domain::oid::Oid;
use crate::domain::refname::RefName;
use crate::git::{RefBackend, Repo};

/// What was asked for so far.
#[derive(Debug, Default)]
pub(super) struct Moment {
    asked: RefCell<BTreeMap<RefName, Option<Oid>>>,
    /// All refs, where each question would cost a process.
    all: OnceCell<BTreeMap<RefName, Oid>>,
    pub(super) lanes: Known<Option<Lanes>>,
    pub(super) statuses: Known<Statuses>,
}

/// What was read of missions, by their directories and the tips at which they were read.
#[derive(Debug)]
pub(super) struct Known<T>(RefCell<BTreeMap<Key, T>>);

type Key = (String, Option<Oid>);

impl<T> Default for Known<T> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<T: Clone> Known<T> {
    /// What is known of the mission, else what is read now.
    pub(super) fn of(&self, mission: &Mission, read: impl FnOnce() -> Result<T>) -> Result<T> {
        let tip = match &mission.source {
            Source::Coordination { tip, .. } => Some(*tip),
            Source::Primary => None,
        };
        let key = (mission.dir.clone(), tip);
        if let Some(known) = self.0.borrow().get(&key) {
            return Ok(known.clone());
        }
        let found = read()?;
        self.0.borrow_mut().insert(key, found.clone());
        Ok(found)
    }
}

impl Moment {
    /// As [`Repo::find`].
    pub(super) fn find(&self, repo: &Repo, name: &RefName) -> Result<Option<Oid>> {
        if name.as_bytes().starts_with(b"refs/")
            && let Some(all) = self.all(repo)?
        {
            return Ok(all.get(name).copied());
        }
        if let Some(known) = self.asked.borrow().get(name) {
            return Ok(*known);
        }
        let found = repo.find(name)?;
        self.asked.borrow_mut().insert(name.clone(), found);
        Ok(found)
    }

    /// As [`Repo::list`].
    pub(super) fn list(&self, repo: &Repo, prefix: &str) -> Result<Vec<(RefName, Oid)>> {
        if let Some(all) = self.all(repo)? {
            let below = all.iter().filter(|(name, _)| starts_with(name, prefix));
            return Ok(below.map(|(name, tip)| (name.clone(), *tip)).collect());
        }
        let listed = repo.list(prefix)?;
        let known = listed.iter().map(|(name, tip)| (name.clone(), Some(*tip)));
        self.asked.borrow_mut().extend(known);
        Ok(listed)
    }

    fn all(&self, repo: &Repo) -> Result<Option<&BTreeMap<RefName, Oid>>> {
        if repo.ref_backend() == RefBackend::Files {
            return Ok(None);
        }
        if self.all.get().is_none() {
            let _ = self.all.set(repo.list("refs/")?.into_iter().collect());
        }
        Ok(self.all.get())
    }
}

fn starts_with(name: &RefName, prefix: &str) -> bool {
    name.as_bytes().starts_with(prefix.as_bytes())
}
