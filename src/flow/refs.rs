//! Refs as they are, and as the transaction that is judged would leave them.

use anyhow::Result;

use crate::domain::branch::BranchName;
use crate::domain::oid::Oid;
use crate::domain::ref_update::{RefUpdate, Value};
use crate::domain::refname::RefName;
use crate::git::Repo;

/// The refs of a repository, of which some are about to move.
#[derive(Clone, Copy)]
pub(super) struct Refs<'a> {
    pub(super) repo: &'a Repo,
    pub(super) updates: &'a [RefUpdate],
    /// Whether remote-tracking refs tell what a remote has: not where the remote itself has told.
    pub(super) believes_tracking: bool,
}

impl Refs<'_> {
    /// What a ref holds, and what it shall hold: the transaction is made as a whole or not at all, and
    /// each branch in it that is guarded is judged.
    ///
    /// # Errors
    /// If the ref is damaged.
    pub(super) fn tips(&self, name: &RefName) -> Result<Vec<Oid>> {
        let mut tips: Vec<Oid> = self.repo.find(name)?.into_iter().collect();
        tips.extend(self.updates.iter().filter(|update| update.name == *name).filter_map(new));
        Ok(tips)
    }

    /// What a branch and its counterparts on remotes, as last fetched, hold and shall hold.
    ///
    /// # Errors
    /// If a ref is damaged.
    pub(super) fn branch_and_remotes(&self, branch: &BranchName) -> Result<Vec<Oid>> {
        let mut tips = self.remotes(branch)?;
        tips.extend(self.tips(&branch.ref_name()?)?);
        Ok(tips)
    }

    /// What the remotes have of a branch, as last fetched.
    ///
    /// # Errors
    /// If a ref is damaged.
    pub(super) fn remotes(&self, branch: &BranchName) -> Result<Vec<Oid>> {
        let mut tips = Vec::new();
        for remote in self.repo.local_config_subsections("remote") {
            let name = [b"refs/remotes/", remote.as_slice(), b"/", branch.as_str().as_bytes()];
            if let Ok(name) = RefName::new(name.concat()) {
                tips.extend(self.tips(&name)?);
            }
        }
        Ok(tips)
    }

    /// What refs whose names begin with `prefix` hold once the transaction is made.
    ///
    /// # Errors
    /// If a ref is damaged.
    pub(super) fn kept_below(&self, prefix: &str) -> Result<Vec<Oid>> {
        let moved = |name: &RefName| self.updates.iter().any(|update| update.name == *name);
        let own = |name: &RefName| name.as_bytes().starts_with(prefix.as_bytes());
        let mut kept: Vec<Oid> = self
            .repo
            .list(prefix)?
            .into_iter()
            .filter(|(name, _)| !moved(name))
            .map(|(_, tip)| tip)
            .collect();
        kept.extend(self.updates.iter().filter(|update| own(&update.name)).filter_map(new));
        Ok(kept)
    }

    /// What a ref holds once the transaction is made.
    ///
    /// # Errors
    /// If the ref is damaged.
    pub(super) fn kept(&self, name: &RefName) -> Result<Option<Oid>> {
        match self.updates.iter().rfind(|update| update.name == *name) {
            Some(update) => Ok(new(update)),
            None => self.repo.find(name),
        }
    }
}

fn new(update: &RefUpdate) -> Option<Oid> {
    match update.new {
        Value::Object(new) => Some(new),
        Value::Nothing | Value::Symbolic(_) => None,
    }
}
