//! All missions of a repository.

use std::collections::BTreeSet;

use anyhow::Result;

use super::files::{Place, file_names, names_in_tree};
use super::mission::{Mission, Store};
use crate::domain::branch::{BranchName, MISSION_PREFIX};
use crate::domain::layout;
use crate::domain::oid::Oid;
use crate::domain::refusal::Refusal;

impl Store<'_> {
    /// Every mission that can be found, in the order of directory names; damaged ones as refusals.
    ///
    /// # Errors
    /// If the repository itself cannot be read.
    pub fn all(&self) -> Result<Vec<(String, Result<Mission, Refusal>)>> {
        let mut missions = Vec::new();
        for dir in self.directories()? {
            if self.is_lane_of_one(&dir, &missions)? {
                continue;
            }
            match self.open(&dir) {
                Ok(Some(mission)) => missions.push((dir, Ok(mission))),
                Ok(None) => {}
                Err(error) => missions.push((dir, Err(error.downcast::<Refusal>()?))),
            }
        }
        Ok(missions)
    }

    /// Whether a name is known from the branch of a lane alone, by the plans of these missions: to
    /// look for a mission of that name would mean to look into every branch.
    fn is_lane_of_one(
        &self,
        dir: &str,
        missions: &[(String, Result<Mission, Refusal>)],
    ) -> Result<bool> {
        let branch = format!("{MISSION_PREFIX}{dir}").parse::<BranchName>().ok();
        let parts = branch.as_ref().and_then(BranchName::mission_parts);
        let Some((name, lane)) = parts.and_then(|parts| parts.lane) else { return Ok(false) };
        let owner = missions.iter().rev().find(|(known, _)| known == name);
        let Some((_, Ok(owner))) = owner else { return Ok(false) };
        let checkout = self.repo.primary_work_tree()?;
        let lanes = self.lanes(owner).ok().flatten();
        Ok(lanes.is_some_and(|lanes| lanes.lane(&lane).is_some())
            && checkout.and_then(|checkout| Place::in_checkout(&checkout, dir)).is_none())
    }

    /// The names of directories that may be missions', from the primary checkout, from branches, and
    /// from what was seen before.
    ///
    /// # Errors
    /// If the repository cannot be read.
    pub fn directories(&self) -> Result<BTreeSet<String>> {
        let mut dirs = BTreeSet::new();
        match self.repo.primary_work_tree()? {
            Some(checkout) => dirs.extend(file_names(&checkout.join(layout::MISSIONS))?),
            None => dirs.extend(self.directories_in_head()?),
        }
        for prefix in ["refs/heads/", "refs/remotes/origin/"] {
            let full = format!("{prefix}{MISSION_PREFIX}");
            let refs = self.list(&full)?;
            let names =
                refs.iter().filter_map(|(name, _)| std::str::from_utf8(name.as_bytes()).ok());
            dirs.extend(names.filter_map(|name| name.strip_prefix(&full)).map(str::to_owned));
        }
        dirs.extend(file_names(&self.repo.common_dir().join(layout::SEEN))?);
        Ok(dirs)
    }

    fn directories_in_head(&self) -> Result<Vec<String>> {
        let Some(head) = self.head()? else { return Ok(Vec::new()) };
        let tree = self.repo.tree_of_commit(head)?;
        let Some(missions) = self.repo.entry(tree, &layout::MISSIONS.into())? else {
            return Ok(Vec::new());
        };
        names_in_tree(self.repo, missions.oid)
    }

    fn head(&self) -> Result<Option<Oid>> {
        Ok(self.repo.head()?.tip())
    }
}
