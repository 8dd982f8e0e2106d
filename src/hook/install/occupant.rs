//! What stands at the place of a hook.

use std::fs::{self, File, Metadata};
use std::io::{BufRead, BufReader, ErrorKind};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::binary::version_of;
use crate::git::file::is_executable;
use crate::hook::Door;

/// What stands where git looks for a hook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Occupant {
    /// Nothing.
    Nothing,
    /// A copy of our program, or a symlink to one.
    Ours {
        /// The version in its mark.
        version: String,
        /// Whether it is byte for byte what would be installed, and can run.
        current: bool,
    },
    /// A hook of someone else, or nobody's yet.
    Foreign(Hook),
    /// No file and no symlink: what it is, e.g. `a directory`.
    Odd(&'static str),
}

/// A hook that is not ours, as far as two can be told apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Hook {
    /// A file: its bytes, and whether it can run.
    File(Vec<u8>, bool),
    /// A symlink: its target.
    Link(PathBuf),
}

impl Occupant {
    /// Looks at `path`. `wanted` is the program that would be installed there; without it (a program that is
    /// not at hand) the version alone decides what is current.
    pub(super) fn at(path: &Path, door: Door, wanted: Option<&Path>) -> Result<Self> {
        let context = || format!("could not look at `{}`", path.display());
        let metadata = match fs::symlink_metadata(path) {
            Ok(metadata) => metadata,
            Err(error) if is_absence(error.kind()) => return Ok(Self::Nothing),
            Err(error) => return Err(error).with_context(context),
        };
        if metadata.is_symlink() {
            return Self::behind_link(path, door).with_context(context);
        }
        if !metadata.is_file() {
            return Ok(Self::Odd(if metadata.is_dir() { "a directory" } else { "a special file" }));
        }
        if let Some(wanted) = wanted
            && is_copy(path, wanted).with_context(context)?
        {
            let version = env!("CARGO_PKG_VERSION").to_owned();
            return Ok(Self::Ours { version, current: is_executable(&metadata) });
        }
        let bytes = fs::read(path).with_context(context)?;
        Ok(Self::from_bytes(bytes, &metadata, door, wanted))
    }

    /// What a file is that does not hold what is wanted.
    fn from_bytes(bytes: Vec<u8>, metadata: &Metadata, door: Door, wanted: Option<&Path>) -> Self {
        let executable = is_executable(metadata);
        match version_of(&bytes, door) {
            Some(version) => {
                let current =
                    wanted.is_none() && version == env!("CARGO_PKG_VERSION") && executable;
                Self::Ours { version, current }
            }
            None => Self::Foreign(Hook::File(bytes, executable)),
        }
    }

    fn behind_link(path: &Path, door: Door) -> std::io::Result<Self> {
        let ours = fs::read(path).ok().and_then(|bytes| version_of(&bytes, door));
        Ok(match ours {
            Some(version) => Self::Ours { version, current: false },
            None => Self::Foreign(Hook::Link(fs::read_link(path)?)),
        })
    }
}

/// Whether two files hold the same, compared part by part: programs are large.
fn is_copy(one: &Path, other: &Path) -> std::io::Result<bool> {
    let (one, other) = (File::open(one)?, File::open(other)?);
    if one.metadata()?.len() != other.metadata()?.len() {
        return Ok(false);
    }
    let [mut one, mut other] = [one, other].map(|file| BufReader::with_capacity(1 << 16, file));
    loop {
        let (a, b) = (one.fill_buf()?, other.fill_buf()?);
        let length = a.len().min(b.len());
        if length == 0 {
            return Ok(a.is_empty() && b.is_empty());
        }
        if a.get(..length) != b.get(..length) {
            return Ok(false);
        }
        one.consume(length);
        other.consume(length);
    }
}

/// A parent that is a file is reported where the directory is looked at.
fn is_absence(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::NotFound | ErrorKind::NotADirectory)
}
