//! What a train has beyond where a wagon began.

use anyhow::Result;

use crate::domain::change::Change;
use crate::domain::oid::Oid;
use crate::git::merge::Footprint;
use crate::git::repo::Repo;

/// What the train touched since a commit that most wagons began at.
pub(super) struct Ahead {
    base: Oid,
    footprint: Footprint,
}

impl Ahead {
    /// What the tree `tip` has beyond a commit.
    pub(super) fn of(repo: &Repo, base: Oid, tip: Oid) -> Result<Self> {
        let before = repo.tree_of_commit(base)?;
        let changes = repo.diff(Some(before), Some(tip))?;
        Ok(Self { base, footprint: Footprint::of_changes(repo, tip, &changes)? })
    }

    /// Whether a wagon that began at `base` is apart from the train, whose tree is `tip`. Wagons that
    /// began elsewhere are compared with no less than what the train touched since; a look at all of
    /// that is only taken where it matters.
    pub(super) fn is_apart(
        &self,
        repo: &Repo,
        (base, tip): (Oid, Oid),
        wagon: &Footprint,
    ) -> Result<bool> {
        if self.base == base {
            return Ok(self.footprint.is_apart(wagon));
        }
        let [here, there] = [self.base, base].map(|commit| repo.tree_of_commit(commit));
        let between: Vec<Change> = repo.diff(Some(here?), Some(there?))?;
        if self.footprint.since(repo, tip, &between)?.is_apart(wagon) {
            return Ok(true);
        }
        Ok(Self::of(repo, base, tip)?.footprint.is_apart(wagon))
    }

    /// The train has taken a wagon that is apart and changed this, and its tree is `tip` now.
    pub(super) fn absorb(&mut self, repo: &Repo, tip: Oid, changes: &[Change]) -> Result<()> {
        self.footprint.absorb(repo, tip, changes)
    }
}
