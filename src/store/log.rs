//! The event log of a mission, wherever it stands.

use anyhow::Result;

use crate::domain::branch::MISSION_PREFIX;
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
    /// The files whose union is the mission's log: of a coordinated mission the one on its branch;
    /// of an older mission that of the primary checkout and those on its lane branches. A file that
    /// the first one begins with is left out.
    ///
    /// # Errors
    /// If one cannot be found out.
    pub(super) fn logs(&self, mission: &Mission) -> Result<Vec<LogFile>> {
        let own = match &mission.status {
            Some(place) => self.log_at(place)?,
            None => None,
        };
        let mut logs: Vec<LogFile> = own.into_iter().collect();
        match mission.source {
            Source::Coordination { .. } => {}
            Source::Primary => self.add_lane_logs(mission, &mut logs)?,
        }
        Ok(logs)
    }

    /// What the files say whose union is the mission's log, the deciding one first.
    ///
    /// # Errors
    /// If one cannot be read.
    pub fn log_texts(&self, mission: &Mission) -> Result<Vec<Found>> {
        self.logs(mission)?.into_iter().map(|log| self.read_log(log)).collect()
    }

    /// What a log says.
    ///
    /// # Errors
    /// If it cannot be read.
    pub(super) fn read_log(&self, log: LogFile) -> Result<Found> {
        let bytes = match log.bytes {
            Some(bytes) => bytes,
            None => self.repo.blob(log.oid)?,
        };
        Ok(Found { bytes, shown: log.shown })
    }

    fn log_at(&self, place: &Place) -> Result<Option<LogFile>> {
        if let Place::Tree { tree, shown } = place {
            let entry = self.repo.entry(*tree, &layout::EVENT_LOG.into())?;
            let shown = format!("{shown}/{}", layout::EVENT_LOG);
            return Ok(entry.map(|entry| LogFile { oid: entry.oid, shown, bytes: None }));
        }
        let Some(Found { bytes, shown }) = place.read(self.repo, layout::EVENT_LOG)? else {
            return Ok(None);
        };
        let oid = self.repo.id_of_blob(&bytes)?;
        Ok(Some(LogFile { oid, shown, bytes: Some(bytes) }))
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

    /// Adds the log at a place, unless it is known or the first one begins with it.
    fn add_log(&self, place: &Place, logs: &mut Vec<LogFile>) -> Result<()> {
        let Some(log) = self.log_at(place)? else { return Ok(()) };
        let known = logs.iter().any(|known| known.oid == log.oid);
        let first = logs.first().and_then(|first| first.bytes.as_deref());
        let begun = || first.map_or(Ok(false), |text| self.repo.begins_with_blob(text, log.oid));
        if !known && !begun()? {
            logs.push(log);
        }
        Ok(())
    }
}
