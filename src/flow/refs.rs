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

    /// What the remotes have of any branch, as last fetched, once the transaction is made. Refs of
    /// remotes that are not configured anybody may have made up.
    ///
    /// # Errors
    /// If a ref is damaged.
    pub(super) fn kept_of_remotes(&self) -> Result<Vec<Oid>> {
        let mut kept = Vec::new();
        for remote in self.repo.local_config_subsections("remote") {
            if let Ok(remote) = String::from_utf8(remote) {
                kept.extend(self.kept_below(&format!("refs/remotes/{remote}/"))?);
            }
        }
        Ok(kept)
    }

    /// What refs whose names begin with `prefix` hold once the transaction is made.
    ///
    /// # Errors
    /// If a ref is damaged.
    pub(super) fn kept_below(&self, prefix: &str) -> Result<Vec<Oid>> {
        Ok(self.kept_with_names(prefix)?.into_iter().map(|(_, tip)| tip).collect())
    }

    /// As [`Refs::kept_below`], each with its name.
    ///
    /// # Errors
    /// If a ref is damaged.
    pub(super) fn kept_with_names(&self, prefix: &str) -> Result<Vec<(RefName, Oid)>> {
        let mut kept = self.repo.list(prefix)?;
        kept.retain(|(name, _)| !self.updates.iter().any(|update| update.name == *name));
        let own =
            self.updates.iter().filter(|one| one.name.as_bytes().starts_with(prefix.as_bytes()));
        kept.extend(own.filter_map(|update| Some((update.name.clone(), new(update)?))));
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
