//! What a coordination branch was before the move that is judged: a branch does not decide itself what
//! it is, and what its mission is known by.

use std::collections::BTreeMap;

use anyhow::Result;

use super::branch_judge::{BranchJudge, Counting};
use super::found::Found;
use crate::domain::branch::BranchName;
use crate::domain::oid::Oid;
use crate::domain::refname::RefName;
use crate::domain::refusal::Refusal;
use crate::git::{Repo, Told};
use crate::store::Store;

/// The repository with the branch at what it held, if the branch may coordinate a mission.
///
/// # Errors
/// As [`Repo::told`].
pub(super) fn formerly(
    repo: &Repo,
    mut refs: BTreeMap<RefName, Option<Oid>>,
    (branch, old): (&BranchName, Option<Oid>),
) -> Result<Option<Repo>> {
    let Some(old) = old.filter(|old| branch.may_coordinate() && repo.has_object(*old)) else {
        return Ok(None);
    };
    refs.insert(branch.ref_name()?, Some(old));
    repo.told(Told { refs, no_remotes: false }).map(Some)
}

/// What `then` says of the branch with `at` in it, if it coordinates a mission so. What cannot be read
/// there does not count.
///
/// # Errors
/// If the repository cannot be read; and what `then` fails with.
pub(super) fn coordinating_at<T>(
    repo: &Repo,
    (branch, at): (&BranchName, Option<Oid>),
    counting: Counting,
    then: impl FnOnce(BranchJudge<'_>) -> Result<T>,
) -> Result<Option<T>> {
    let Some(told) = formerly(repo, BTreeMap::new(), (branch, at))? else { return Ok(None) };
    let store = Store::new(&told);
    match BranchJudge::find(&store, &told, branch.clone(), counting) {
        Ok(judge) if matches!(judge.found, Found::Coordination(_)) => then(judge).map(Some),
        Ok(_) => Ok(None),
        Err(error) if error.is::<Refusal>() => Ok(None),
        Err(error) => Err(error),
    }
}

impl BranchJudge<'_> {
    /// The judge of what the branch was, if it coordinated a mission and does not any more; else this
    /// one, who knows by what the mission was known, and whether there was none. What cannot be read of
    /// former times does not count.
    ///
    /// # Errors
    /// If the repository cannot be read.
    pub(super) fn knowing(mut self, was: Result<Self>) -> Result<Self> {
        let was = match was {
            Ok(was) => was,
            Err(error) if error.is::<Refusal>() => return Ok(self),
            Err(error) => return Err(error),
        };
        match (&was.found, &self.found) {
            (Found::Coordination(was), Found::Coordination(_)) => {
                self.identity = Some(Box::new(was.meta.clone()));
                Ok(self)
            }
            (Found::Coordination(_), Found::Free | Found::Scoped(_) | Found::Lane(_)) => Ok(was),
            (Found::Free | Found::Scoped(_) | Found::Lane(_), Found::Coordination(_)) => {
                self.turns = true;
                Ok(self)
            }
            (Found::Coordination(_), Found::Protected | Found::Unreadable(_))
            | (
                Found::Free
                | Found::Scoped(_)
                | Found::Lane(_)
                | Found::Protected
                | Found::Unreadable(_),
                _,
            ) => Ok(self),
        }
    }
}
