//! Refs as they are, and as the transaction that is judged would leave them.

use anyhow::Result;

use super::push::Remote;
use crate::domain::branch::BranchName;
use crate::domain::oid::Oid;
use crate::domain::ref_update::{RefUpdate, Value};
use crate::domain::refname::RefName;
use crate::git::Repo;
use crate::store::judged;

/// The refs of a repository, of which some are about to move.
#[derive(Clone, Copy)]
pub(super) struct Refs<'a> {
    pub(super) repo: &'a Repo,
    pub(super) updates: &'a [RefUpdate],
    pub(super) vouching: Vouching<'a>,
}

/// Which refs vouch for the commits that they have.
#[derive(Clone, Copy)]
pub(super) enum Vouching<'a> {
    /// Where branches move here: branches at what doors let pass, and what one remote has of them.
    Here,
    /// The same, for a branch that becomes a coordination branch: what a remote has of it was judged as
    /// what it was before.
    Turning,
    /// Before a push: what that remote has.
    Pushed(&'a Remote),
    /// Where branches are pushed to, or CI fetched them: what is there.
    Received,
}

impl Refs<'_> {
    /// Whether remote-tracking refs tell what a remote has: not where the remote itself has told.
    pub(super) const fn believes_tracking(&self) -> bool {
        matches!(self.vouching, Vouching::Here)
    }

    /// What a branch has that was judged, and what it shall have: the transaction is made as a whole or
    /// not at all, and each branch in it that is guarded is judged.
    ///
    /// # Errors
    /// If the ref is damaged.
    pub(super) fn own(&self, branch: &BranchName) -> Result<Vec<Oid>> {
        let mut tips = self.standing(branch)?;
        tips.extend(self.coming(&branch.ref_name()?));
        Ok(tips)
    }

    /// What the transaction makes of a branch: nothing if it leaves that alone.
    ///
    /// # Errors
    /// If the branch's ref cannot be named.
    pub(super) fn arriving(&self, branch: &BranchName) -> Result<Vec<Oid>> {
        Ok(self.coming(&branch.ref_name()?).collect())
    }

    /// What a branch has that was judged. Which one a door has never seen is believed here, and none is
    /// before a push: what nobody judged could be brought out by another branch.
    ///
    /// # Errors
    /// If the ref is damaged.
    pub(super) fn standing(&self, branch: &BranchName) -> Result<Vec<Oid>> {
        let held = || self.repo.find(&branch.ref_name()?);
        let tip = match self.vouching {
            Vouching::Pushed(_) => None,
            Vouching::Received => held()?,
            Vouching::Here | Vouching::Turning => match held()? {
                Some(held) => match judged::last_judged(self.repo, branch, held)? {
                    Some(last) => Some(last).filter(|last| self.repo.has_object(*last)),
                    None => Some(held),
                },
                None => None,
            },
        };
        Ok(tip.into_iter().collect())
    }

    /// What a branch and its counterparts on remotes have, and shall have.
    ///
    /// # Errors
    /// If a ref is damaged.
    pub(super) fn branch_and_remotes(&self, branch: &BranchName) -> Result<Vec<Oid>> {
        let mut tips = self.remotes(branch)?;
        tips.extend(self.own(branch)?);
        Ok(tips)
    }

    /// What the remote has of a branch that counts: here the one that the branch follows, before a push
    /// the one that is pushed to. Others anybody may add.
    ///
    /// # Errors
    /// If a ref is damaged.
    pub(super) fn remotes(&self, branch: &BranchName) -> Result<Vec<Oid>> {
        match self.vouching {
            Vouching::Here | Vouching::Turning => self.upstream(branch),
            Vouching::Received => self.on_any_remote(branch),
            Vouching::Pushed(remote) => {
                let mut tips = self.tracking(remote.name.as_bytes(), branch)?;
                let name = branch.ref_name()?;
                tips.extend(remote.heads.iter().filter(|head| head.0 == name).map(|head| head.1));
                let own = self.updates.iter().filter(|update| update.name == name);
                tips.extend(own.filter_map(|update| object(&update.old)));
                tips.retain(|tip| self.repo.has_object(*tip));
                Ok(tips)
            }
        }
    }

    /// What the remote has that the branch follows.
    ///
    /// # Errors
    /// If a ref is damaged.
    pub(super) fn upstream(&self, branch: &BranchName) -> Result<Vec<Oid>> {
        match followed_remote(self.repo, branch) {
            Some(remote) => self.tracking(&remote, branch),
            None => Ok(Vec::new()),
        }
    }

    /// What any remote has of a branch, as last fetched.
    ///
    /// # Errors
    /// If a ref is damaged.
    pub(super) fn on_any_remote(&self, branch: &BranchName) -> Result<Vec<Oid>> {
        let mut tips = Vec::new();
        for remote in self.repo.local_config_subsections("remote") {
            tips.extend(self.tracking(&remote, branch)?);
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

    fn tracking(&self, remote: &[u8], branch: &BranchName) -> Result<Vec<Oid>> {
        let name = [b"refs/remotes/", remote, b"/", branch.as_str().as_bytes()].concat();
        let Ok(name) = RefName::new(name) else { return Ok(Vec::new()) };
        let mut tips: Vec<Oid> = self.repo.find(&name)?.into_iter().collect();
        tips.extend(self.coming(&name));
        Ok(tips)
    }

    fn coming(&self, name: &RefName) -> impl Iterator<Item = Oid> {
        self.updates.iter().filter(move |update| update.name == *name).filter_map(new)
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
    object(&update.new)
}

const fn object(value: &Value) -> Option<Oid> {
    match value {
        Value::Object(oid) => Some(*oid),
        Value::Nothing | Value::Symbolic(_) => None,
    }
}

/// The remote that a branch follows: the one that is configured, else `origin`, else the only one.
pub(super) fn followed_remote(repo: &Repo, branch: &BranchName) -> Option<Vec<u8>> {
    let remotes = repo.local_config_subsections("remote");
    let configured = repo.local_config_strings(format!("branch.{branch}.remote")).pop();
    let configured = configured.map(String::into_bytes).filter(|name| remotes.contains(name));
    let origin = || remotes.iter().find(|name| name.as_slice() == b"origin").cloned();
    let only = || <[Vec<u8>; 1]>::try_from(remotes.clone()).ok().map(|[only]| only);
    configured.or_else(origin).or_else(only)
}
