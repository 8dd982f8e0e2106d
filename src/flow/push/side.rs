//! On which side of a push one judges, and what differs there.

use std::ffi::OsString;

use anyhow::Result;

use super::super::branch_judge::BranchJudge;
use super::super::refs::{Refs, Vouching};
use crate::domain::oid::Oid;
use crate::domain::ref_update::{RefUpdate, Value};
use crate::domain::refname::RefName;
use crate::git::Repo;

/// Where a push goes, as git tells it to `pre-push`.
#[derive(Debug, Clone)]
pub struct Remote {
    /// Its name, or its URL if it has none.
    pub name: String,
    /// Its URL.
    pub url: OsString,
    /// What its branches hold, as far as it was asked: no refs remember that of one without a name.
    pub heads: Vec<(RefName, Oid)>,
}

/// On which side one judges.
pub(super) enum Side<'a> {
    /// Before anything is sent.
    Pusher(&'a Remote),
    /// Where it is received.
    Server,
}

/// A push.
pub(super) struct Push<'a> {
    pub(super) side: Side<'a>,
    /// All of it.
    pub(super) updates: &'a [RefUpdate],
}

impl Push<'_> {
    /// How the remote is called in a command.
    pub(super) fn remote(&self) -> &str {
        match self.side {
            Side::Pusher(remote) => typed(&remote.name),
            Side::Server => typed(""),
        }
    }

    /// Which refs vouch.
    pub(super) const fn vouching(&self) -> Vouching<'_> {
        match self.side {
            Side::Pusher(remote) => Vouching::Pushed(remote),
            Side::Server => Vouching::Received,
        }
    }

    /// Whether the remote has no branch yet.
    pub(super) fn is_first(&self, repo: &Repo) -> Result<bool> {
        if self.updates.iter().any(|update| matches!(update.old, Value::Object(_))) {
            return Ok(false);
        }
        match self.side {
            Side::Pusher(remote) => repo.is_remote_empty(&remote.url),
            Side::Server => Ok(repo.list("refs/heads/")?.is_empty()),
        }
    }

    /// What the remote's protected branches have, as far as that is known here.
    pub(super) fn protected(&self, refs: &Refs<'_>, judge: &BranchJudge<'_>) -> Result<Vec<Oid>> {
        let mut tips = Vec::new();
        for branch in judge.protected_branches() {
            match self.side {
                Side::Pusher(_) => tips.extend(refs.remotes(&branch)?),
                Side::Server => tips.extend(refs.repo.find(&branch.ref_name()?)?),
            }
        }
        Ok(tips)
    }
}

/// The name of a remote as one types it in a command. One without a name is known by its URL, which may
/// hold a password.
pub(in super::super) fn typed(name: &str) -> &str {
    if name.is_empty() || name.contains([':', '/', '\\', ' ']) { "REMOTE" } else { name }
}
