//! The event log of a mission, wherever it stands.

use anyhow::Result;

use crate::domain::branch::MISSION_PREFIX;
use crate::domain::change::Mode;
use crate::domain::layout;
use crate::domain::oid::Oid;

use super::files::{Found, Place};
use super::mission::{Mission, Source, Store};

/// One of the files that a mission's log is made of. Its id tells what it says, read or not.
#[derive(Debug)]
pub(super) struct LogFile {
    /// The id of its content as a blob.
    pub(super) oid: Oid,
    shown: String,
    /// What it says, where that had to be read to know the id.
    bytes: Option<Vec<u8>>,
}

impl Store<'_> {
    /// The files whose union is the mission's log, each content once: of a coordinated mission the
    /// one on its branch; of an older mission that of the primary checkout, then those on its lane
    /// branches.
    ///
    /// # Errors
    /// If one cannot be found out.
    pub(super) fn logs(&self, mission: &Mission) -> Result<Vec<LogFile>> {
        let mut logs = Vec::new();
        if let Some(place) = &mission.status {
            self.add_log(place, &mut logs)?;
        }
        match mission.source {
            Source::Coordination { .. } => {}
            Source::Primary => self.add_lane_logs(mission, &mut logs)?,
        }
        Ok(logs)
    }

    /// What logs say. Those that the first one begins with are left out: they add nothing.
    ///
    /// # Errors
    /// If one cannot be read.
    pub(super) fn read_logs(&self, logs: Vec<LogFile>) -> Result<Vec<Found>> {
        let mut read: Vec<Found> = Vec::new();
        for LogFile { oid, shown, bytes } in logs {
            let bytes = bytes.map_or_else(|| self.repo.blob(oid), Ok)?;
            if !read.first().is_some_and(|first| first.bytes.starts_with(&bytes)) {
                read.push(Found { bytes, shown });
            }
        }
        Ok(read)
    }

    fn add_lane_logs(&self, mission: &Mission, logs: &mut Vec<LogFile>) -> Result<()> {
        let mut seen = Vec::new();
        let prefix = format!("refs/heads/{MISSION_PREFIX}{}-lane-", mission.dir);
        for (name, tip) in self.repo.list(&prefix)? {
            let short = name.to_string().replacen("refs/heads/", "", 1);
            let place = Place::in_commit(self.repo, tip, &mission.dir, &short)?;
            let Some(place @ Place::Tree { tree, .. }) = place else { continue };
            if !seen.contains(&tree) {
                seen.push(tree);
                self.add_log(&place, logs)?;
            }
        }
        Ok(())
    }

    fn add_log(&self, place: &Place, logs: &mut Vec<LogFile>) -> Result<()> {
        let log = self.log_at(place)?;
        logs.extend(log.filter(|log| logs.iter().all(|known| known.oid != log.oid)));
        Ok(())
    }

    fn log_at(&self, place: &Place) -> Result<Option<LogFile>> {
        if let Place::Tree { tree, shown } = place {
            let entry = self.repo.entry(*tree, &layout::EVENT_LOG.into())?;
            let entry = entry.filter(|entry| !matches!(entry.mode, Mode::Tree | Mode::Gitlink));
            let shown = format!("{shown}/{}", layout::EVENT_LOG);
            return Ok(entry.map(|entry| LogFile { oid: entry.oid, shown, bytes: None }));
        }
        let Some(Found { bytes, shown }) = place.read(self.repo, layout::EVENT_LOG)? else {
            return Ok(None);
        };
        let oid = self.repo.id_of_blob(&bytes)?;
        Ok(Some(LogFile { oid, shown, bytes: Some(bytes) }))
    }
}
