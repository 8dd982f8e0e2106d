//! Where a mission is read that has no coordination branch: in the primary checkout, else on the branch
//! that it names as its target.

use anyhow::Result;

use crate::domain::branch::BranchName;
use crate::domain::layout;
use crate::domain::refusal::Refusal;
use crate::git::Kind;

use super::files::Place;
use super::mission::{Prefers, Store, parse_meta};

impl Store<'_> {
    /// The mission's directory in the primary checkout. If that is none, has another branch checked
    /// out or nothing but planning files that somebody wrote: on the branch that the mission's own
    /// `meta.json` there names as its target. Anyone can write such a branch, so that of several none
    /// is taken.
    pub(super) fn primary_place(&self, dir: &str) -> Result<Option<Place>> {
        if let Some(place) = self.checked_out(dir)?
            && place.read(self.repo, layout::META)?.is_some()
        {
            return Ok(Some(place));
        }
        match self.target_place(dir)? {
            Some(place) => Ok(Some(place)),
            None => self.in_checkout(dir),
        }
    }

    /// The mission's directory in the primary checkout, if that counts before its branches.
    pub(super) fn checked_out(&self, dir: &str) -> Result<Option<Place>> {
        let counts = match self.prefers {
            Prefers::Checkout => true,
            Prefers::Branches => self.primary_branch()?.is_some(),
        };
        if counts { self.in_checkout(dir) } else { Ok(None) }
    }

    fn in_checkout(&self, dir: &str) -> Result<Option<Place>> {
        let checkout = self.repo.primary_work_tree()?;
        Ok(checkout.and_then(|checkout| Place::in_checkout(&checkout, dir)))
    }

    /// The branch that the primary checkout has; `None` if its HEAD is detached, or there is none.
    ///
    /// # Errors
    /// If the worktrees cannot be read.
    pub fn primary_branch(&self) -> Result<Option<BranchName>> {
        let worktrees = self.repo.worktrees()?;
        let main = worktrees.first().filter(|main| main.kind == Kind::Main);
        Ok(main.and_then(|main| main.branch.as_ref()).and_then(BranchName::of_ref))
    }

    fn target_place(&self, dir: &str) -> Result<Option<Place>> {
        let primary = self.primary_branch()?;
        let mut found = Vec::new();
        for (branch, tip) in self.heads()? {
            if Some(branch) == primary.as_ref() {
                continue;
            }
            let Some(place) = Place::in_commit(self.repo, *tip, dir, branch.as_str())? else {
                continue;
            };
            let Some(meta) = place.read(self.repo, layout::META)? else { continue };
            if parse_meta(&meta).is_ok_and(|meta| meta.target_branch == branch.as_str()) {
                found.push((branch.to_string(), place));
            }
        }
        if found.len() > 1 {
            let branches = found.into_iter().map(|(branch, _)| branch).collect();
            return Err(
                Refusal::MissionOnSeveralBranches { mission: dir.to_owned(), branches }.into()
            );
        }
        Ok(found.pop().map(|(_, place)| place))
    }
}
