//! What was finalized last, in `kitty/planning/` of the common directory, a file a mission: for each
//! place that planning files came from, the versions that it and the branch agreed on.
//!
//! It is the base of the next three-way merge. A record that is damaged, of another mission or of a
//! later version counts as none: then the history of the branch has to tell.
//!
//! What a commit takes is written before the branch has it, with its id: it counts once the branch
//! contains the commit. So who is killed behind the publishing has told from what people went on.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::domain::change::{Entry, Mode};
use crate::domain::layout;
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::git::Repo;
use crate::git::file::replace_under_lock;
use crate::git::shared;

/// To be raised when the file is written in another way.
const FORMAT: u32 = 1;

/// The versions by the paths from the mission's directory.
pub type Bases = BTreeMap<RepoPath, Entry>;

/// What was finalized of a mission, by place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    format: u32,
    mission: String,
    places: Places,
    /// What a commit takes that the branch may have or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    announced: Option<Announced>,
}

/// Versions by place. Paths are bytes, and stand there a character (U+0000 to U+00FF) a byte;
/// versions are an id, behind `x` for an executable file.
type Places = BTreeMap<String, BTreeMap<String, String>>;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Announced {
    commit: String,
    places: Places,
}

impl Record {
    /// The record of the mission in `directory` whose identity is `mission`, with what the commits
    /// took that `tip` contains; an empty one if there is none.
    ///
    /// # Errors
    /// If git cannot be asked what `tip` contains.
    pub fn of(repo: &Repo, (directory, mission): (&str, &str), tip: Oid) -> Result<Self> {
        let mut record = Self::read(repo, directory, mission);
        if let Some(Announced { commit, places }) = record.announced.take()
            && let Ok(commit) = commit.parse()
            && (commit == tip || repo.is_ancestor(commit, tip)?)
        {
            record.places.extend(places);
        }
        Ok(record)
    }

    fn read(repo: &Repo, directory: &str, mission: &str) -> Self {
        let read = || -> Option<Self> {
            serde_json::from_slice(&std::fs::read(place(repo, directory)).ok()?).ok()
        };
        let fits = |record: &Self| record.format == FORMAT && record.mission == mission;
        let (format, mission_) = (FORMAT, mission.to_owned());
        let (places, announced) = (BTreeMap::new(), None);
        read().filter(fits).unwrap_or(Self { format, mission: mission_, places, announced })
    }

    /// What was finalized from a place; `None` if nothing ever was.
    #[must_use]
    pub fn bases(&self, place: &str) -> Option<Bases> {
        let entries = self.places.get(place)?.iter();
        entries.map(|(path, version)| Some((decoded(path)?, parsed(version)?))).collect()
    }

    /// Sets what was finalized from a place.
    pub fn set(&mut self, place: &str, bases: &Bases) {
        self.places.insert(place.to_owned(), versions(bases));
    }

    /// Forgets what was finalized from a place.
    pub fn forget(&mut self, place: &str) {
        self.places.remove(place);
    }

    /// The same record with what `commit` is about to take from places.
    #[must_use]
    pub fn announcing(mut self, commit: Oid, taken: &BTreeMap<String, Bases>) -> Self {
        let places = taken.iter().map(|(place, bases)| (place.clone(), versions(bases))).collect();
        self.announced = Some(Announced { commit: commit.to_string(), places });
        self
    }

    /// Writes it for the mission in `directory`, whose lock is held.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, repo: &Repo, directory: &str) -> Result<()> {
        let path = place(repo, directory);
        if let Some(parent) = path.parent() {
            shared::create_dir_all(parent)
                .with_context(|| format!("could not create `{}`", parent.display()))?;
        }
        let mut bytes = serde_json::to_vec(self)?;
        bytes.push(b'\n');
        replace_under_lock(&path, &bytes)
    }
}

fn place(repo: &Repo, directory: &str) -> PathBuf {
    repo.common_dir().join(layout::PLANNING).join(format!("{directory}.json"))
}

fn versions(bases: &Bases) -> BTreeMap<String, String> {
    bases.iter().map(|(path, entry)| (encoded(path), told(*entry))).collect()
}

fn encoded(path: &RepoPath) -> String {
    path.as_bytes().iter().map(|byte| char::from(*byte)).collect()
}

fn decoded(text: &str) -> Option<RepoPath> {
    let bytes = text.chars().map(|c| u8::try_from(u32::from(c)).ok());
    Some(RepoPath::new(bytes.collect::<Option<Vec<u8>>>()?))
}

fn told(entry: Entry) -> String {
    let executable = if entry.mode == Mode::Executable { "x" } else { "" };
    format!("{executable}{}", entry.oid)
}

fn parsed(text: &str) -> Option<Entry> {
    let (mode, id) = match text.strip_prefix('x') {
        Some(id) => (Mode::Executable, id),
        None => (Mode::File, text),
    };
    Some(Entry { mode, oid: id.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_versions_come_back() {
        let oid = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391".parse().unwrap();
        let paths = [&b"a/b"[..], b"\xff\xfe", "d\u{e9}\n\"".as_bytes()].map(RepoPath::new);
        let modes = [Mode::File, Mode::Executable, Mode::File];
        let bases: Bases =
            paths.into_iter().zip(modes).map(|(path, mode)| (path, Entry { mode, oid })).collect();
        let (mission, places) = (String::new(), BTreeMap::new());
        let mut record = Record { format: FORMAT, mission, places, announced: None };
        record.set("primary", &bases);
        let text = serde_json::to_vec(&record).unwrap();
        let again: Record = serde_json::from_slice(&text).unwrap();
        assert_eq!(again.bases("primary"), Some(bases));
        assert_eq!(again.bases("other"), None);
    }
}
