//! How sure a write must be before it is answered.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::repo::Repo;
use crate::domain::refusal::Refusal;

/// What must have reached the disk (`kitty.durability`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Objects and their directories before a ref moves, then the ref and its directory: what was
    /// acknowledged survives a power cut.
    Full,
    /// What git itself makes sure of by default (`core.fsync`): not loose objects, nor refs. A
    /// killed process loses nothing, a power cut may.
    Git,
}

/// How many files are synced at the same time.
const AT_ONCE: usize = 6;

impl Durability {
    /// The setting's key.
    pub const KEY: &'static str = "kitty.durability";

    /// What the repository's config asks for; [`Durability::Full`] if it says nothing.
    ///
    /// # Errors
    /// [`Refusal::SettingInvalid`] for any other value than `full` and `git`.
    pub fn of(repo: &Repo) -> Result<Self> {
        match repo.config_string(Self::KEY).as_deref() {
            None | Some("full") => Ok(Self::Full),
            Some("git") => Ok(Self::Git),
            Some(value) => {
                let (value, expected) = (value.to_owned(), "`full` or `git`");
                Err(Refusal::SettingInvalid { key: Self::KEY, value, expected }.into())
            }
        }
    }

    /// Its name in the setting.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Git => "git",
        }
    }

    /// Makes sure of a file's bytes, where that is asked for.
    pub(super) fn sync_file(self, file: &File) -> io::Result<()> {
        match self {
            Self::Full => file.sync_all(),
            Self::Git => Ok(()),
        }
    }

    /// Makes sure of a file or directory by its name, where that is asked for. What is gone was
    /// packed by a `git gc` in the meantime, which makes sure of its packs.
    pub(super) fn sync_path(self, path: &Path) -> io::Result<()> {
        match self {
            Self::Full => match File::open(path).and_then(|file| file.sync_all()) {
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
                synced => synced,
            },
            Self::Git => Ok(()),
        }
    }

    /// Makes sure of files and directories by their names, where that is asked for, several at a
    /// time: what comes together the file system writes together. The error names its path.
    pub(super) fn sync_paths(self, paths: &[PathBuf]) -> Result<(), (PathBuf, io::Error)> {
        if self == Self::Git {
            return Ok(());
        }
        let sync = |share: &[PathBuf]| {
            let mut synced = share.iter().map(|path| (path, self.sync_path(path)));
            let failed = synced.find_map(|(path, result)| Some((path.clone(), result.err()?)));
            failed.map_or(Ok(()), Err)
        };
        std::thread::scope(|scope| {
            let shares: Vec<_> = paths.chunks(paths.len().div_ceil(AT_ONCE).max(1)).collect();
            let Some((own, others)) = shares.split_last() else { return Ok(()) };
            let others: Vec<_> = others.iter().map(|share| scope.spawn(|| sync(share))).collect();
            let own = sync(own);
            let died = |_| Err((PathBuf::new(), io::Error::other("a thread died")));
            let others = others.into_iter().map(|other| other.join().unwrap_or_else(died));
            others.fold(own, Result::and)
        })
    }

    /// Makes sure of the names in a directory, where that is asked for and the system has a way.
    pub(super) fn sync_directory(self, directory: &Path) -> io::Result<()> {
        if cfg!(unix) { self.sync_path(directory) } else { Ok(()) }
    }
}
