//! The event log of a mission, wherever it stands.

use std::fs;
use std::time::SystemTime;

use anyhow::Result;

use crate::domain::branch::{BranchName, MISSION_PREFIX};
use crate::domain::change::Mode;
use crate::domain::layout;
use crate::domain::oid::Oid;

use super::files::{Found, Place};
use super::mission::{Mission, Source, Store};

/// One of the files that a mission's log is made of, found but not read.
#[derive(Debug)]
pub(super) struct LogFile {
    /// The id of its content as a blob, which tells what it says.
    pub(super) oid: Oid,
    place: Place,
}

/// What a log said when it was read.
#[derive(Debug)]
pub(super) struct LogText {
    /// The id of the content that was read.
    pub(super) oid: Oid,
    /// The content.
    pub(super) found: Found,
}

/// What is different whenever a log of a mission is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogState {
    tips: Vec<Oid>,
    file: Option<(u64, Option<SystemTime>)>,
}

impl Store<'_> {
    /// The state of the files that [`Self::log_texts`] reads, without reading them.
    ///
    /// # Errors
    /// If the refs cannot be read.
    pub fn log_state(&self, mission: &Mission) -> Result<LogState> {
        let tips = match &mission.source {
            Source::Coordination { branch, .. } => self.tip(branch)?.into_iter().collect(),
            Source::Primary => {
                let lanes = self.list(&lane_prefix(mission))?;
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

    /// What the files say whose union is the mission's log, the deciding one first.
    ///
    /// # Errors
    /// If one cannot be read.
    pub fn log_texts(&self, mission: &Mission) -> Result<Vec<Found>> {
        let texts = self.read_logs(&self.logs(mission)?)?;
        Ok(texts.into_iter().map(|text| text.found).collect())
    }

    /// The mission's snapshot, where its log is.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn snapshot_text(&self, mission: &Mission) -> Result<Option<Found>> {
        let Some(place) = &mission.status else { return Ok(None) };
        place.read(self.repo, layout::SNAPSHOT)
    }

    /// What logs say now. A file in a checkout may have changed since it was found: the ids are
    /// those of what was read.
    ///
    /// # Errors
    /// If one cannot be read.
    pub(super) fn read_logs(&self, logs: &[LogFile]) -> Result<Vec<LogText>> {
        let mut texts = Vec::new();
        for log in logs {
            let Some(found) = log.place.read(self.repo, layout::EVENT_LOG)? else { continue };
            let oid = match log.place {
                Place::Tree { .. } => log.oid,
                Place::Directory(_) => self.repo.id_of_blob(&found.bytes)?,
            };
            texts.push(LogText { oid, found });
        }
        Ok(texts)
    }

    /// Only branches that are judged as lanes count: on any other one, everybody may write a log.
    fn add_lane_logs(&self, mission: &Mission, logs: &mut Vec<LogFile>) -> Result<()> {
        let mut seen = Vec::new();
        for (name, tip) in self.list(&lane_prefix(mission))? {
            let is_lane = |branch: &BranchName| {
                let lane = branch.mission_parts().and_then(|parts| parts.lane);
                lane.is_some_and(|(dir, _)| dir == mission.dir)
            };
            let Some(branch) = BranchName::of_ref(&name).filter(is_lane) else { continue };
            let place = Place::in_commit(self.repo, tip, &mission.dir, branch.as_str())?;
            let Some(place @ Place::Tree { tree, .. }) = place else { continue };
            if !seen.contains(&tree) {
                seen.push(tree);
                self.add_log(&place, logs)?;
            }
        }
        Ok(())
    }

    fn add_log(&self, place: &Place, logs: &mut Vec<LogFile>) -> Result<()> {
        let oid = match place {
            Place::Tree { tree, .. } => self
                .repo
                .entry(*tree, &layout::EVENT_LOG.into())?
                .filter(|entry| !matches!(entry.mode, Mode::Tree | Mode::Gitlink))
                .map(|entry| entry.oid),
            Place::Directory(path) => {
                let found = self.repo.id_of_file(&path.join(layout::EVENT_LOG));
                // Reading it says what it is instead of a log.
                found.or_else(|error| place.read(self.repo, layout::EVENT_LOG).and(Err(error)))?
            }
        };
        let new = oid.filter(|oid| logs.iter().all(|known| known.oid != *oid));
        logs.extend(new.map(|oid| LogFile { oid, place: place.clone() }));
        Ok(())
    }
}

fn lane_prefix(mission: &Mission) -> String {
    format!("refs/heads/{MISSION_PREFIX}{}-lane-", mission.dir)
}
