//! Statuses that were read before, in `kitty/cache/` of the common directory, a file a mission.
//!
//! An entry counts only for logs of exactly the ids that it names, so none can be stale; and only
//! if its first line is the id of the rest, so none that is damaged is taken. Whatever goes wrong
//! here, the logs are read. `git kitty install --uninstall` removes the directory.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::domain::layout;
use crate::domain::oid::Oid;
use crate::git::file::replace_quickly;
use crate::git::shared;

use super::digest::Rest;
use super::mission::{Mission, Store};
use super::statuses::{Record, Statuses};

/// To be raised when logs are read in another way, or entries are written in another one.
const FORMAT: u32 = 3;

#[derive(Serialize, Deserialize)]
struct Entry {
    format: u32,
    logs: Vec<String>,
    statuses: Vec<(String, Record)>,
    rest: Option<Rest>,
}

impl Store<'_> {
    /// The statuses that these logs have, if they were read before, and what else was kept then.
    pub(super) fn recall(
        &self,
        mission: &Mission,
        logs: &[Oid],
    ) -> Option<(Statuses, Option<Rest>)> {
        let text = self.read_sealed(&self.cached(&mission.dir)?)?;
        let entry: Entry = serde_json::from_slice(&text).ok()?;
        let fits = entry.format == FORMAT && entry.logs == names(logs);
        let statuses =
            || entry.statuses.into_iter().map(|(id, record)| Some((id.parse().ok()?, record)));
        fits.then(|| Some((statuses().collect::<Option<Statuses>>()?, entry.rest)))?
    }

    /// Keeps the statuses for the next time. Not where git-kitty is not set up, and nothing is said
    /// if it fails: it is no more than time that is lost then.
    pub(super) fn remember(
        &self,
        mission: &Mission,
        logs: &[Oid],
        statuses: &Statuses,
        rest: Option<Rest>,
    ) {
        if !self.repo.is_as_it_is() {
            return;
        }
        let statuses = statuses.rows().collect();
        let entry = Entry { format: FORMAT, logs: names(logs), statuses, rest };
        let Some(path) = self.cached(&mission.dir) else { return };
        let Ok(text) = serde_json::to_vec(&entry) else { return };
        self.write_sealed(&path, &text);
    }

    /// What a file in the cache holds, if its first line is the id of the rest: the rest.
    pub(super) fn read_sealed(&self, path: &Path) -> Option<Vec<u8>> {
        let mut bytes = std::fs::read(path).ok()?;
        let text = bytes.split_off(bytes.iter().position(|byte| *byte == b'\n')? + 1);
        let own = self.repo.id_of_blob(&text).ok()?;
        (bytes.trim_ascii_end() == own.to_string().as_bytes()).then_some(text)
    }

    /// Writes a file that [`Self::read_sealed`] takes, where git-kitty is set up.
    pub(super) fn write_sealed(&self, path: &Path, text: &[u8]) {
        let Ok(id) = self.repo.id_of_blob(text) else { return };
        let cache = self.repo.common_dir().join(layout::CACHE);
        let _ = shared::create_dir(&cache);
        if let Some(directory) = path.parent().filter(|directory| *directory != cache) {
            let _ = shared::create_dir(directory);
        }
        let _ = replace_quickly(path, &[format!("{id}\n").as_bytes(), text].concat());
    }

    /// The file of what is known of the mission in the directory `dir`.
    pub(super) fn cached(&self, dir: &str) -> Option<PathBuf> {
        (!dir.contains(['/', '\\'])).then(|| self.repo.common_dir().join(layout::CACHE).join(dir))
    }
}

fn names(logs: &[Oid]) -> Vec<String> {
    logs.iter().map(Oid::to_string).collect()
}
