//! A merge that a person is resolving: `kitty/merge/<mission>/` in the common directory.
//!
//! `plan.json` says what is merged and how, is written once and never changed. `stop.json` is the
//! conflict that is worked on, and `resolved.json` what was resolved before, by the very blobs that
//! were in conflict: events that others append meanwhile spoil nothing, and other content never gets a
//! resolution that was not made for it.

use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::domain::merging::PathConflict;
use crate::git::file::{read_if_present, replace_under_lock};
use crate::git::{Repo, shared};

/// What is merged, and how. Ids are hex.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergePlan {
    /// The version of this document.
    pub schema: u32,
    /// Who began it.
    pub actor: String,
    /// When, as the log writes times.
    pub started_at: String,
    /// How the mission is to land, if that was said.
    pub strategy: Option<String>,
    /// Whether only the finished lanes come to the coordination branch.
    pub lanes_only: bool,
    /// Whether it lands on a branch for a pull request.
    pub pr: bool,
    /// Why reviews that speak against it do not count.
    pub review_note: Option<String>,
    /// The lanes with their tips, in order.
    pub lanes: Vec<(String, String)>,
}

/// The conflict that is worked on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// The lane that was to come; none where the mission was to land.
    pub lane: Option<String>,
    /// What is merged into.
    pub ours: String,
    /// What is merged.
    pub theirs: String,
    /// Each path.
    pub conflicts: Vec<PathConflict>,
}

/// What a person made of one merge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resolution {
    /// The commit that concludes it.
    pub commit: String,
    /// What was in conflict, and what came of it.
    pub paths: Vec<ResolvedPath>,
    /// What git said of conflicts that no path shows.
    #[serde(default)]
    pub said: Vec<String>,
    /// What was changed besides: what the automatic merge had there, and what came of it.
    pub more: Vec<ChangedPath>,
}

/// A path that was in conflict. Entries are a mode in octal and an id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResolvedPath {
    /// The bytes of the path, `~` and a NUL at the end for the id of what was merged into.
    pub path: Vec<u8>,
    /// What the sides had: base, ours, theirs.
    pub sides: [Option<(String, String)>; 3],
    /// What it became.
    pub result: Option<(String, String)>,
}

/// A path that was not in conflict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedPath {
    /// The bytes of the path.
    pub path: Vec<u8>,
    /// What the automatic merge had.
    pub automatic: Option<(String, String)>,
    /// What it became.
    pub result: Option<(String, String)>,
}

impl Resolution {
    fn is_of(&self, other: &Self) -> bool {
        let conflict = |one: &Self| -> Vec<_> {
            one.paths.iter().map(|one| (one.path.clone(), one.sides.clone())).collect()
        };
        conflict(self) == conflict(other) && self.said == other.said
    }
}

impl MergePlan {
    /// The version that is written.
    pub const SCHEMA: u32 = 1;
}

/// The files of the merge of one mission. To be changed under the mission's lock only.
pub struct MergePlans {
    directory: PathBuf,
}

impl MergePlans {
    /// Those of the mission in a directory.
    #[must_use]
    pub fn of(repo: &Repo, dir: &str) -> Self {
        Self { directory: repo.kitty_dir().join("merge").join(dir) }
    }

    /// The plan, if a merge is being resolved.
    ///
    /// # Errors
    /// If it is there and cannot be read.
    pub fn plan(&self) -> Result<Option<MergePlan>> {
        self.read("plan.json")
    }

    /// The conflict that is worked on.
    ///
    /// # Errors
    /// As [`MergePlans::plan`].
    pub fn stop(&self) -> Result<Option<Stop>> {
        self.read("stop.json")
    }

    /// What was resolved before.
    ///
    /// # Errors
    /// As [`MergePlans::plan`].
    pub fn resolved(&self) -> Result<Vec<Resolution>> {
        Ok(self.read("resolved.json")?.unwrap_or_default())
    }

    /// Writes the plan, which was not there.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn begin(&self, plan: &MergePlan) -> Result<()> {
        self.write("plan.json", plan)
    }

    /// Writes the conflict that is worked on.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn stop_at(&self, stop: &Stop) -> Result<()> {
        self.write("stop.json", stop)
    }

    /// Adds what was resolved, in place of what was made of the same conflict before.
    ///
    /// # Errors
    /// If it cannot be read or written.
    pub fn resolve(&self, resolution: Resolution) -> Result<()> {
        let mut all = self.resolved()?;
        all.retain(|one| !one.is_of(&resolution));
        all.push(resolution);
        self.write("resolved.json", &all)
    }

    /// Forgets all of it; the plan goes last.
    ///
    /// # Errors
    /// If a file is there and cannot be removed.
    pub fn end(&self) -> Result<()> {
        for name in ["stop.json", "resolved.json", "plan.json"] {
            let path = self.directory.join(name);
            match std::fs::remove_file(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    let what = || format!("could not remove `{}`", path.display());
                    return Err(error).with_context(what);
                }
                Ok(()) | Err(_) => {}
            }
        }
        let _ = std::fs::remove_dir(&self.directory);
        Ok(())
    }

    fn read<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>> {
        let path = self.directory.join(name);
        let Some(bytes) = read_if_present(&path)? else { return Ok(None) };
        let read = serde_json::from_slice(&bytes);
        read.with_context(|| format!("`{}` is damaged", path.display())).map(Some)
    }

    fn write(&self, name: &str, document: &impl Serialize) -> Result<()> {
        shared::create_dir_all(&self.directory)?;
        let bytes = serde_json::to_vec_pretty(document)?;
        replace_under_lock(&self.directory.join(name), &bytes)
    }
}
