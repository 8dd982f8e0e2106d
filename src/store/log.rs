//! The event log of a mission, wherever it stands.

use anyhow::Result;

use crate::domain::branch::{BranchName, MISSION_PREFIX};
use crate::domain::layout;
use crate::domain::oid::Oid;

use super::files::{Found, Place};
use super::mission::{Mission, Source, Store};

impl Store<'_> {
    /// The files whose union is the mission's log: of a coordinated mission the one on its branch;
    /// of an older mission that of the primary checkout and those on its lane branches. A file that
    /// another one begins with is left out.
    ///
    /// # Errors
    /// If one cannot be read.
    pub fn logs(&self, mission: &Mission) -> Result<Vec<Found>> {
        let own = match &mission.status {
            Some(place) => place.read(self.repo, layout::EVENT_LOG)?,
            None => None,
        };
        match mission.source {
            Source::Coordination { .. } => Ok(own.into_iter().collect()),
            Source::Primary => {
                let mut logs: Vec<Found> = own.into_iter().collect();
                self.add_lane_logs(mission, &mut logs)?;
                Ok(logs)
            }
        }
    }

    /// Only branches that are judged as lanes count: on any other one, everybody may write a log.
    fn add_lane_logs(&self, mission: &Mission, logs: &mut Vec<Found>) -> Result<()> {
        let mut seen = Vec::new();
        let prefix = format!("refs/heads/{MISSION_PREFIX}{}-lane-", mission.dir);
        for (name, tip) in self.repo.list(&prefix)? {
            let is_lane = |branch: &BranchName| {
                let lane = branch.mission_parts().and_then(|parts| parts.lane);
                lane.is_some_and(|(dir, _)| dir == mission.dir)
            };
            let Some(branch) = BranchName::of_ref(&name).filter(is_lane) else { continue };
            let place = Place::in_commit(self.repo, tip, &mission.dir, branch.as_str())?;
            let Some(Place::Tree { tree, shown }) = place else { continue };
            if !seen.contains(&tree) {
                seen.push(tree);
                self.add_log(tree, &shown, logs)?;
            }
        }
        Ok(())
    }

    /// Adds the log in a mission's tree, unless one that is known begins with it.
    fn add_log(&self, tree: Oid, shown: &str, logs: &mut Vec<Found>) -> Result<()> {
        let Some(entry) = self.repo.entry(tree, &layout::EVENT_LOG.into())? else { return Ok(()) };
        for log in logs.iter() {
            if self.repo.begins_with_blob(&log.bytes, entry.oid)? {
                return Ok(());
            }
        }
        let bytes = self.repo.blob(entry.oid)?;
        logs.push(Found { bytes, shown: format!("{shown}/{}", layout::EVENT_LOG) });
        Ok(())
    }
}
