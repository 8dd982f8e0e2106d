//! The event log of a mission, wherever it stands.

use std::fs;
use std::time::SystemTime;

use anyhow::Result;

use crate::domain::branch::MISSION_PREFIX;
use crate::domain::layout;
use crate::domain::oid::Oid;

use super::files::{Found, Place};
use super::mission::{Mission, Source, Store};

/// What is different whenever a log of a mission is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogState {
    tips: Vec<Oid>,
    file: Option<(u64, Option<SystemTime>)>,
}

impl Store<'_> {
    /// The state of the files that [`Self::logs`] reads, without reading them.
    ///
    /// # Errors
    /// If the refs cannot be read.
    pub fn log_state(&self, mission: &Mission) -> Result<LogState> {
        let tips = match &mission.source {
            Source::Coordination { branch, .. } => self.tip(branch)?.into_iter().collect(),
            Source::Primary => {
                let lanes = self.repo.list(&lane_prefix(mission))?;
                lanes.into_iter().map(|(_, tip)| tip).collect()
            }
        };
        let file = match &mission.status {
            Some(Place::Directory(directory)) => {
                fs::metadata(directory.join(layout::EVENT_LOG)).ok()
            }
            Some(Place::Tree { .. }) | None => None,
        };
        Ok(LogState { tips, file: file.map(|file| (file.len(), file.modified().ok())) })
    }

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

    fn add_lane_logs(&self, mission: &Mission, logs: &mut Vec<Found>) -> Result<()> {
        let mut seen = Vec::new();
        for (name, tip) in self.repo.list(&lane_prefix(mission))? {
            let short = name.to_string().replacen("refs/heads/", "", 1);
            let Some(Place::Tree { tree, shown }) =
                Place::in_commit(self.repo, tip, &mission.dir, &short)?
            else {
                continue;
            };
            let Some(entry) = self.repo.entry(tree, &layout::EVENT_LOG.into())? else { continue };
            if seen.contains(&entry.oid) {
                continue;
            }
            seen.push(entry.oid);
            let bytes = self.repo.blob(entry.oid)?;
            if !logs.iter().any(|log| log.bytes.starts_with(&bytes)) {
                logs.push(Found { bytes, shown: format!("{shown}/{}", layout::EVENT_LOG) });
            }
        }
        Ok(())
    }
}

fn lane_prefix(mission: &Mission) -> String {
    format!("refs/heads/{MISSION_PREFIX}{}-lane-", mission.dir)
}
