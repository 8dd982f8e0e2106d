//! What was found out about merges to come, in `kitty/cache/` of the common directory.
//!
//! All of it is known by the ids of commits, so none can be stale. A file that is damaged counts for
//! nothing, as with [`super::cache`].

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::domain::layout;
use crate::domain::merging::{Meeting, PathConflict, Turn};

use super::mission::Store;

/// To be raised when merges are made in another way, or this is written in another one.
const FORMAT: u32 = 2;
/// Below the cache; names that begin with a dot are no mission's.
const DIRECTORY: &str = ".forecasts";

/// What is known of the merges of one mission.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forecasts {
    format: u32,
    /// What becomes of two commits.
    pub meetings: BTreeMap<String, Meeting>,
    /// What was touched between two commits, where that can be written down.
    pub sides: BTreeMap<String, Paths>,
    /// What becomes of several lanes, by the id of what names all of their commits.
    pub trains: BTreeMap<String, Train>,
}

/// Paths that were touched.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paths {
    /// All of them.
    pub touched: Vec<String>,
    /// Those that were not there before.
    pub added: Vec<String>,
    /// Those that are not there any more.
    pub deleted: Vec<String>,
    /// Directories that are not there any more.
    pub gone: Vec<String>,
}

/// What becomes of several lanes, one behind the other.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Train {
    /// Each lane.
    pub turns: Vec<Turn>,
    /// Where the target conflicts with all that came together, if that was looked at.
    pub landing: Option<Vec<PathConflict>>,
}

impl Store<'_> {
    /// What is known of the merges of the mission in the directory `dir`.
    #[must_use]
    pub fn forecasts(&self, dir: &str) -> Forecasts {
        let text = self.forecasts_file(dir).and_then(|path| self.read_sealed(&path));
        let known = text.and_then(|text| serde_json::from_slice(&text).ok());
        known.filter(|known: &Forecasts| known.format == FORMAT).unwrap_or_default()
    }

    /// Keeps it for the next time. Nothing is said if that fails: it is no more than time that is
    /// lost then.
    pub fn keep_forecasts(&self, dir: &str, known: Forecasts) {
        let known = Forecasts { format: FORMAT, ..known };
        let Some(path) = self.forecasts_file(dir) else { return };
        let Ok(text) = serde_json::to_vec(&known) else { return };
        self.write_sealed(&path, &text);
    }

    fn forecasts_file(&self, dir: &str) -> Option<PathBuf> {
        let home = self.repo.common_dir().join(layout::CACHE).join(DIRECTORY);
        (self.repo.is_as_it_is() && !dir.contains(['/', '\\'])).then(|| home.join(dir))
    }
}
