//! What readers saw of a mission's logs last, in `kitty/seen/` of the common directory, a file a
//! mission.
//!
//! It names the logs by ids and lengths: a log has grown if as many bytes at its beginning have the
//! id that was seen, and the old log is not needed to know that. A file that is damaged or cannot be
//! written counts as none: whoever looks then sees the logs for the first time. `git kitty install
//! --uninstall` removes the directory.

use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::domain::event::integrity::{ends_a_line, unsorted};
use crate::domain::layout;
use crate::domain::oid::Oid;
use crate::git::Repo;
use crate::git::file::replace_quickly;
use crate::git::shared;

use super::log::{LogFile, LogText};
use super::mission::{Mission, Source, Store};

/// To be raised when the file is written in another way.
const FORMAT: u32 = 1;

/// The logs of a mission as they were seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Seen {
    format: u32,
    /// The tip of the coordination branch.
    tip: Option<String>,
    pub(super) logs: Vec<SeenLog>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SeenLog {
    pub(super) id: String,
    bytes: usize,
    /// How a person would find it.
    pub(super) shown: String,
    /// The first line whose time is before one above it.
    pub(super) unsorted: Option<usize>,
}

impl Seen {
    /// These logs, as they were read.
    pub(super) fn of(mission: &Mission, texts: &[LogText]) -> Self {
        let tip = match &mission.source {
            Source::Coordination { tip, .. } => Some(tip.to_string()),
            Source::Primary => None,
        };
        let log = |text: &LogText| SeenLog {
            id: text.oid.to_string(),
            bytes: text.found.bytes.len(),
            shown: text.found.shown.clone(),
            unsorted: unsorted(&text.found.bytes),
        };
        Self { format: FORMAT, tip, logs: texts.iter().map(log).collect() }
    }

    /// Whether these are the logs that were seen.
    pub(super) fn is_of(&self, logs: &[LogFile]) -> bool {
        let ids = logs.iter().map(|log| log.oid.to_string());
        self.logs.iter().map(|log| &log.id).eq(ids.collect::<Vec<_>>().iter())
    }

    /// The tip of the coordination branch that had them.
    pub(super) fn tip(&self) -> Option<Oid> {
        self.tip.as_ref()?.parse().ok()
    }

    /// The same with the one log that our own write has extended.
    pub(super) fn grown(mut self, commit: Oid, log: (Oid, usize)) -> Option<Self> {
        let [own] = self.logs.as_mut_slice() else { return None };
        (own.id, own.bytes) = (log.0.to_string(), log.1);
        self.tip = Some(commit.to_string());
        Some(self)
    }
}

impl SeenLog {
    /// How many bytes a log has from this one: all of it, if whole lines follow; else none.
    pub(super) fn known_of(&self, repo: &Repo, text: &LogText) -> Result<Option<usize>> {
        let bytes = &text.found.bytes;
        let Some(begin) = bytes.get(..self.bytes).filter(|_| ends_a_line(bytes, self.bytes)) else {
            return Ok(None);
        };
        let same = repo.id_of_blob(begin)?.to_string() == self.id;
        Ok(same.then_some(self.bytes))
    }

    /// What it said, if the repository still has it.
    pub(super) fn text(&self, repo: &Repo) -> Option<Vec<u8>> {
        repo.blob(self.id.parse().ok()?).ok()
    }
}

impl Store<'_> {
    /// What was seen of the mission's logs, if it is known.
    pub(super) fn seen(&self, mission: &Mission) -> Option<Seen> {
        self.seen_of(&mission.dir)
    }

    /// The last tip that was seen of a mission's coordination branch.
    pub(super) fn last_tip(&self, dir: &str) -> Option<Oid> {
        self.seen_of(dir)?.tip()
    }

    fn seen_of(&self, dir: &str) -> Option<Seen> {
        if !self.compares {
            return None;
        }
        let seen: Seen = serde_json::from_slice(&std::fs::read(self.place(dir)?).ok()?).ok()?;
        (seen.format == FORMAT).then_some(seen)
    }

    /// Keeps what was seen; not where git-kitty is not set up.
    ///
    /// # Errors
    /// If it cannot be written.
    pub(super) fn keep(&self, mission: &Mission, seen: &Seen) -> Result<()> {
        let Some(path) = self.place(&mission.dir).filter(|_| self.repo.is_as_it_is()) else {
            return Ok(());
        };
        let Some(directory) = path.parent() else { return Ok(()) };
        if !directory.parent().is_some_and(std::path::Path::is_dir) {
            return Ok(());
        }
        if !directory.is_dir() {
            shared::create_dir(directory)
                .with_context(|| format!("could not create `{}`", directory.display()))?;
        }
        replace_quickly(&path, &serde_json::to_vec(seen)?)
    }

    fn place(&self, dir: &str) -> Option<PathBuf> {
        (!dir.contains(['/', '\\'])).then(|| self.repo.common_dir().join(layout::SEEN).join(dir))
    }
}
