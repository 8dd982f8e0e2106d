//! Moving refs: all of a transaction or none, each by compare-and-swap.
//!
//! Two ways that tests prove interchangeable: `git update-ref` where git would run a
//! reference-transaction hook that is not ours, for deletions, and where the backend is not files;
//! else natively, file by file as git's files backend does it, without a process and without
//! `packed-refs.lock`. Our own hook is not asked either way, unless it stands before that of others:
//! what moves here was judged by who moves it. A journal names what is under way, so that [`recover()`] can finish or forget
//! what a killed process left. Nothing else in git-kitty moves a ref.

mod check;
mod heads;
mod hooks;
mod journal;
mod native;
mod orphan;
mod recover;
mod ref_file;
mod reflog;
mod through_git;

use anyhow::Result;

use super::crash;
use super::durability::Durability;
use super::repo::{RefBackend, Repo};
use super::shared::Shared;
use super::write::Signed;
use crate::domain::oid::Oid;
use crate::domain::refname::RefName;
use crate::domain::refusal::Refusal;

pub(super) use recover::abandoned;
pub use recover::{Outcome, Recovered, recover, wait_for_orphan};
pub(super) use ref_file::link;

/// A ref that moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// Its full name.
    pub name: RefName,
    /// What it must hold; `None` if it must not be there.
    pub old: Option<Oid>,
    /// What it shall hold; `None` deletes it. Equal to `old`, it is only checked.
    pub new: Option<Oid>,
}

/// What the reflogs shall say.
#[derive(Debug, Clone, Copy)]
pub struct LogEntry<'a> {
    /// Who moves the refs, and when.
    pub signed: Signed<'a>,
    /// Why, in one line.
    pub message: &'a str,
}

/// How a publishing ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Published {
    /// All refs have moved.
    Done,
    /// A ref did not hold what it should; nothing has moved.
    Lost {
        /// The ref.
        name: RefName,
        /// What it held.
        found: Option<Oid>,
    },
    /// A hook of others said no; nothing has moved.
    Refused {
        /// What the hook wrote to its standard error.
        message: String,
    },
}

impl Move {
    fn is_check_only(&self) -> bool {
        self.old == self.new
    }
}

/// Moves all these refs, or none. The first one is the one that decides, should this process be
/// killed in the midst (see [`recover()`]). With [`Durability::Full`] the move survives a power cut.
///
/// Reflogs are written as git writes them (`core.logAllRefUpdates`), that of HEAD in every worktree
/// that has a moved branch checked out. The worktrees themselves are left behind:
/// [`super::bring_up()`].
///
/// # Errors
/// [`Refusal::Quarantined`], [`Refusal::RefSymbolic`], [`Refusal::RefNameConflict`],
/// [`Refusal::RefLocked`] after `core.filesRefLockTimeout`, or a second; else for a damaged ref, or a disk that
/// cannot be written. Nothing has moved then, unless the error says so.
pub fn publish(
    repo: &Repo,
    moves: &[Move],
    entry: &LogEntry<'_>,
    durability: Durability,
) -> Result<Published> {
    if repo.environment().quarantine.is_some() {
        return Err(Refusal::Quarantined.into());
    }
    check::names(repo, moves)?;
    crash::point("before-journal");
    let asks = hooks::others_listen(repo)?;
    let published = if !asks && is_native(repo, moves) {
        native::publish(repo, moves, entry, durability)?
    } else {
        through_git::publish(repo, moves, entry, (durability, asks))?
    };
    if published == Published::Done {
        crash::point("after-publish");
    }
    Ok(published)
}

/// Whether we know how git would do it.
fn is_native(repo: &Repo, moves: &[Move]) -> bool {
    let known = |name: &RefName| {
        let own = [&b"refs/bisect/"[..], b"refs/worktree/", b"refs/rewritten/"];
        let name = name.as_bytes();
        name.starts_with(b"refs/") && !own.iter().any(|own| name.starts_with(own))
    };
    repo.ref_backend() == RefBackend::Files
        && moves.iter().all(|change| change.new.is_some() && known(&change.name))
        && Shared::of(repo).is_umask()
}
