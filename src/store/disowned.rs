//! Whether a branch coordinates the mission that its own `meta.json` says.
//!
//! Until a branch is one, anybody may commit to it, also a `meta.json` that says it were. So what is
//! committed where the mission began counts for more; but what once was a coordination branch stays one,
//! whatever others commit anywhere, and no file that is only in a work tree counts.

use anyhow::Result;

use super::files::Place;
use super::judged;
use super::mission::{Mission, Prefers, Store, parse_meta};
use crate::domain::branch::BranchName;
use crate::domain::layout;
use crate::domain::meta::Meta;
use crate::domain::oid::Oid;

/// Where missions begin that name another target only later.
const USUAL_TARGETS: [&str; 2] = ["main", "master"];

impl Store<'_> {
    /// Whether `meta.json` as committed on the mission's target knows of no such coordination branch,
    /// and nothing shows that the branch was one before: neither a ref of ours from its adoption, nor
    /// what a door let pass, nor, where no door writes that down (on a server, in CI), its own history.
    pub(super) fn is_disowned(&self, mission: &Mission, branch: &BranchName) -> Result<bool> {
        if !self.is_doubted(mission, branch)? || self.is_adopted(mission)? {
            return Ok(false);
        }
        if self.was_judged(mission, branch)? {
            return Ok(false);
        }
        let has_record = !self.repo.is_served() && self.prefers == Prefers::Checkout;
        Ok(has_record || !self.began_here(mission, branch)?)
    }

    fn is_adopted(&self, mission: &Mission) -> Result<bool> {
        let Some(id) = &mission.meta.id else { return Ok(false) };
        Ok(self.find(&format!("{}/{id}", layout::ADOPTED).parse()?)?.is_some())
    }

    /// Whether a branch that may be the target has the mission with another coordination branch, or
    /// with none.
    ///
    /// # Errors
    /// If such a branch or what it has of the mission cannot be read.
    pub fn is_doubted(&self, mission: &Mission, branch: &BranchName) -> Result<bool> {
        let named = mission.meta.target_branch.as_str();
        let others = USUAL_TARGETS.into_iter().filter(|usual| *usual != named);
        for target in [named].into_iter().chain(others) {
            let Ok(target) = target.parse::<BranchName>() else { continue };
            let Some(tip) = self.tip(&target)? else { continue };
            let meta = self.meta_at(tip, &mission.dir, target.as_str())?;
            if meta.is_some_and(|meta| !is_of(&meta, branch)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether a door let the branch pass as what it says it is.
    fn was_judged(&self, mission: &Mission, branch: &BranchName) -> Result<bool> {
        for held in judged::values(self.repo, branch)? {
            if self.repo.has_object(held)
                && self.names_itself((held, &mission.dir), branch)?.unwrap_or(false)
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether the first `meta.json` in the branch's own history named it already: a mission that began
    /// elsewhere has one that did not.
    fn began_here(&self, mission: &Mission, branch: &BranchName) -> Result<bool> {
        let mut began_here = false;
        let mut next = self.tip(branch)?;
        while let Some(commit) = next {
            if let Some(names) = self.names_itself((commit, &mission.dir), branch)? {
                began_here = names;
            }
            if self.repo.is_cut_off(commit)? {
                break;
            }
            next = self.repo.commit(commit)?.parents.first().copied();
        }
        Ok(began_here)
    }

    /// Whether the mission's `meta.json` in a commit names the branch as its coordination branch; `None`
    /// if there is none that can be read.
    fn names_itself(
        &self,
        (commit, dir): (Oid, &str),
        branch: &BranchName,
    ) -> Result<Option<bool>> {
        let place = Place::in_commit(self.repo, commit, dir, branch.as_str())?;
        let found = place.map(|place| place.read(self.repo, layout::META)).transpose()?.flatten();
        Ok(found.and_then(|found| parse_meta(&found).ok()).map(|meta| is_of(&meta, branch)))
    }

    fn meta_at(&self, commit: Oid, dir: &str, shown: &str) -> Result<Option<Meta>> {
        let place = Place::in_commit(self.repo, commit, dir, shown)?;
        let found = place.map(|place| place.read(self.repo, layout::META)).transpose()?.flatten();
        Ok(found.map(|found| parse_meta(&found)).transpose()?)
    }
}

fn is_of(meta: &Meta, branch: &BranchName) -> bool {
    meta.coordination_branch.as_deref() == Some(branch.as_str())
}
