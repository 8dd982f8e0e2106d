//! The refs that missions are found by.

use std::collections::BTreeSet;

use anyhow::Result;

use super::mission::{Prefers, Store};
use crate::domain::branch::BranchName;
use crate::domain::oid::Oid;
use crate::domain::refname::RefName;

impl Store<'_> {
    /// What a ref leads to, as [`crate::git::Repo::find`].
    ///
    /// # Errors
    /// If the ref is damaged.
    pub fn find(&self, name: &RefName) -> Result<Option<Oid>> {
        match &self.moment {
            Some(moment) => moment.find(self.repo, name),
            None => self.repo.find(name),
        }
    }

    /// The refs whose full name begins with `prefix`, as [`crate::git::Repo::list`].
    pub(super) fn list(&self, prefix: &str) -> Result<Vec<(RefName, Oid)>> {
        match &self.moment {
            Some(moment) => moment.list(self.repo, prefix),
            None => self.repo.list(prefix),
        }
    }

    /// The branch's tip; in a clone that has not checked it out yet, the remote-tracking one.
    pub(super) fn tip(&self, branch: &BranchName) -> Result<Option<Oid>> {
        if let Some(tip) = self.find(&branch.ref_name()?)? {
            return Ok(Some(tip));
        }
        self.find(&branch.remote_ref()?)
    }

    /// The branches whose names begin so, where checkouts count for less also those that are on the
    /// remote only.
    pub(super) fn branches_below(&self, prefix: &str) -> Result<Vec<(BranchName, Oid)>> {
        let own = self.list(&format!("refs/heads/{prefix}"))?;
        let own = own.iter().filter_map(|(name, tip)| Some((BranchName::of_ref(name)?, *tip)));
        let mut branches: Vec<_> = own.collect();
        if self.prefers == Prefers::Branches {
            branches.extend(self.repo.remote_branches(prefix)?);
            let mut seen = BTreeSet::new();
            branches.retain(|(branch, _)| seen.insert(branch.clone()));
        }
        Ok(branches)
    }

    /// All branches, as [`Self::branches_below`], listed once.
    pub(super) fn heads(&self) -> Result<&[(BranchName, Oid)]> {
        if self.heads.get().is_none() {
            let _ = self.heads.set(self.branches_below("")?);
        }
        Ok(self.heads.get().map(Vec::as_slice).unwrap_or_default())
    }
}
