//! `kitty/setup.json` in the common directory: that the repository is set up, and what was added.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::addition::Addition;
use crate::domain::layout;
use crate::domain::refusal::{Document, Refusal};
use crate::git::file::{path_of, read_if_present};
use crate::hook::Door;

const SCHEMA: u32 = 1;

/// The directory of git-kitty below the common directory.
pub(super) const DIRECTORY: &str = "kitty";

/// Whether git-kitty was set up in the repository with this common directory. Takes one `stat`.
#[must_use]
pub fn is_set_up(common_dir: &Path) -> bool {
    fs::metadata(path(common_dir)).is_ok_and(|metadata| metadata.is_file())
}

/// The hooks that were asked for where git-kitty was set up.
///
/// # Errors
/// If the record of it is damaged.
pub fn recorded_doors(common_dir: &Path) -> Result<Option<Vec<Door>>> {
    Ok(Setup::load(common_dir)?.map(|setup| setup.doors))
}

/// What was added to a repository, so that it can be taken away again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Setup {
    schema: u32,
    /// The version that wrote it.
    pub(super) version: String,
    /// The hooks that were asked for.
    pub(super) doors: Vec<Door>,
    /// Hook files that are copies of our programs.
    pub(super) hooks: Vec<PlacedHook>,
    /// Those of them that were there before: uninstalling leaves them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) found: Vec<PlacedHook>,
    /// Directories that were made, parents first.
    pub(super) directories: Vec<StoredPath>,
    /// Lines at the end of files that are not ours.
    pub(super) additions: Vec<Addition>,
}

/// A hook file that we put somewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PlacedHook {
    /// Its directory.
    pub(super) directory: StoredPath,
    /// Its event.
    pub(super) event: Door,
}

/// A path: relative to the common directory where it lies below it, so that a moved repository
/// finds its own; as bytes where it is no UTF-8.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum StoredPath {
    Text(String),
    Bytes(Vec<u8>),
}

impl Setup {
    pub(super) fn new(doors: Vec<Door>) -> Self {
        Self {
            schema: SCHEMA,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            doors,
            hooks: Vec::new(),
            found: Vec::new(),
            directories: Vec::new(),
            additions: Vec::new(),
        }
    }

    /// Reads it, if the repository is set up.
    pub(super) fn load(common_dir: &Path) -> Result<Option<Self>> {
        let path = path(common_dir);
        let Some(bytes) = read_if_present(&path)? else { return Ok(None) };
        let file = path.display().to_string();
        let damaged = |line, what| Refusal::damaged(Document::Setup, &file, line, what);
        let setup: Self = serde_json::from_slice(&bytes)
            .map_err(|error| damaged(Some(error.line()), error.to_string()))?;
        if setup.schema != SCHEMA {
            return Err(damaged(None, format!("schema {} is not {SCHEMA}", setup.schema)).into());
        }
        Ok(Some(setup))
    }

    /// Its bytes on disk.
    pub(super) fn to_bytes(&self) -> Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec_pretty(self).context("could not write `setup.json`")?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}

impl StoredPath {
    pub(super) fn new(path: &Path, common_dir: &Path) -> Self {
        let path = path.strip_prefix(common_dir).unwrap_or(path);
        match path.to_str() {
            Some(text) => Self::Text(text.to_owned()),
            None => Self::Bytes(path.as_os_str().as_encoded_bytes().to_vec()),
        }
    }

    pub(super) fn resolve(&self, common_dir: &Path) -> PathBuf {
        match self {
            Self::Text(text) => common_dir.join(text),
            Self::Bytes(bytes) => common_dir.join(path_of(bytes.clone())),
        }
    }
}

/// Where it lies.
pub(super) fn path(common_dir: &Path) -> PathBuf {
    common_dir.join(layout::SETUP)
}
