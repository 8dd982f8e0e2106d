//! One ref as a file, and the lock on it, as git's files backend has them.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::domain::oid::Oid;
use crate::domain::refname::RefName;
use crate::domain::refusal::Refusal;
use crate::git::durability::Durability;
use crate::git::file::path_of;
use crate::git::object::from_gix;
use crate::git::repo::{Repo, unexpected};
use crate::git::{shared, unwritable};

/// Where a ref is kept.
#[derive(Debug, Clone)]
pub(super) struct RefFile {
    name: RefName,
    path: PathBuf,
}

/// A lock on a ref; given up when it is dropped.
#[derive(Debug)]
pub(super) struct RefLock {
    path: PathBuf,
    held: bool,
}

/// Packed refs of more bytes than this are mapped instead of read.
const MAPPED: u64 = 32 << 10;
/// See [`patience`].
pub(super) const PATIENCE_KEY: &str = "core.filesRefLockTimeout";

impl RefFile {
    /// For names that all worktrees share.
    pub(super) fn new(repo: &Repo, name: &RefName) -> Self {
        let path = repo.common_dir().join(path_of(name.as_bytes().to_vec()));
        Self { name: name.clone(), path }
    }

    pub(super) fn lock_path(&self) -> PathBuf {
        let mut path = self.path.clone().into_os_string();
        path.push(".lock");
        PathBuf::from(path)
    }

    /// Takes git's lock on the ref, with `value`, a file of what the ref shall hold, as its content.
    /// A hard link does it: it fails if the lock is there, and no reader sees an unfinished one.
    pub(super) fn lock(&self, value: &Path, patience: Duration) -> Result<RefLock> {
        let path = self.lock_path();
        let start = Instant::now();
        let mut pause = Duration::from_millis(1);
        loop {
            match link(value, &path) {
                Ok(()) => return Ok(RefLock { path, held: true }),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                    if start.elapsed() >= patience {
                        return Err(self.locked(&path));
                    }
                    std::thread::sleep(pause.min(patience.saturating_sub(start.elapsed())));
                    pause = (pause * 2).min(Duration::from_millis(20));
                }
                Err(error) if error.kind() == ErrorKind::NotFound => self.make_parents()?,
                Err(error) => {
                    return Err(unwritable::told(&path, error)).with_context(|| self.not_locked());
                }
            }
        }
    }

    /// What the ref holds: its own file, else the line in `packed-refs`, read anew. Holds for as
    /// long as the lock is held.
    pub(super) fn read(&self, repo: &Repo) -> Result<Option<Oid>> {
        if fs::read_link(&self.path).is_ok() {
            return Err(self.symbolic());
        }
        let text = match fs::read(&self.path) {
            Ok(text) => text,
            Err(error) if is_no_file(error.kind()) => return self.read_packed(repo),
            Err(error) => {
                return Err(error).with_context(|| format!("could not read `{}`", self.name));
            }
        };
        if text.starts_with(b"ref:") {
            return Err(self.symbolic());
        }
        let digits = text.split(u8::is_ascii_whitespace).next().unwrap_or_default();
        match std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok()) {
            Some(oid) => Ok(Some(oid)),
            None => bail!("the ref `{}` is damaged", self.name),
        }
    }

    /// Directories that deleted refs left where this ref shall be.
    pub(super) fn clear_way(&self) -> Result<()> {
        if self.path.is_dir() && remove_empty(&self.path).is_err() {
            let (name, existing) = (self.name.to_string(), format!("{}/…", self.name));
            return Err(Refusal::RefNameConflict { name, existing }.into());
        }
        Ok(())
    }

    /// Makes sure of the ref's name, where that is asked for.
    pub(super) fn sync(&self, repo: &Repo, is_new: bool, durability: Durability) -> Result<()> {
        let top = repo.common_dir();
        let parents = self.path.ancestors().skip(1).take_while(|parent| *parent != top);
        for directory in parents.take(if is_new { usize::MAX } else { 1 }) {
            let synced = durability.sync_directory(directory);
            synced.with_context(|| format!("could not sync `{}`", directory.display()))?;
        }
        Ok(())
    }

    fn read_packed(&self, repo: &Repo) -> Result<Option<Oid>> {
        let path = repo.common_dir().join("packed-refs");
        if !path.exists() {
            return Ok(None);
        }
        let packed = gix::refs::packed::Buffer::open(path, MAPPED, repo.inner.object_hash());
        let packed = match packed {
            Ok(packed) => packed,
            Err(error) if error.is_not_found() => return Ok(None),
            Err(error) => return Err(unexpected(error)),
        };
        let name: &gix::bstr::BStr = self.name.as_bytes().into();
        let name: &gix::refs::FullNameRef =
            name.try_into().with_context(|| format!("cannot read the ref `{}`", self.name))?;
        let found = packed.try_find(name.as_partial_name()).map_err(unexpected)?;
        Ok(found.and_then(|found| from_gix(&found.target())))
    }

    fn make_parents(&self) -> Result<()> {
        let parent = self.path.parent().context("a ref without a directory")?;
        match shared::create_dir_all(parent) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(error).with_context(|| self.not_locked())
            }
            Err(_) | Ok(()) => Ok(()),
        }
    }

    fn locked(&self, lock: &Path) -> anyhow::Error {
        let (name, lock) = (self.name.to_string(), lock.display().to_string());
        Refusal::RefLocked { name, lock }.into()
    }

    fn symbolic(&self) -> anyhow::Error {
        Refusal::RefSymbolic { name: self.name.to_string() }.into()
    }

    fn not_locked(&self) -> String {
        format!("could not lock `{}`", self.name)
    }
}

impl RefLock {
    /// The lock that a dead process left there.
    pub(super) fn inherited(path: PathBuf) -> Self {
        Self { path, held: true }
    }

    /// Lets the ref hold what the lock does.
    pub(super) fn commit(&mut self, file: &RefFile) -> Result<()> {
        let mut renamed = fs::rename(&self.path, &file.path);
        if renamed.as_ref().is_err_and(|error| error.kind() == ErrorKind::IsADirectory) {
            file.clear_way()?;
            renamed = fs::rename(&self.path, &file.path);
        }
        renamed.with_context(|| format!("could not write `{}`", file.name))?;
        self.held = false;
        Ok(())
    }
}

impl Drop for RefLock {
    fn drop(&mut self) {
        if self.held {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// The bytes of a file that holds a ref.
pub(super) fn content(oid: Oid) -> Vec<u8> {
    format!("{oid}\n").into_bytes()
}

/// How long to wait for the lock of a ref, in milliseconds (`core.filesRefLockTimeout`; -1 is for
/// ever). Git's default of 100 is too short beside a `git gc` on a busy machine, which keeps a
/// branch locked while it expires its reflog.
pub(super) fn patience(repo: &Repo) -> i64 {
    repo.inner.config_snapshot().integer(PATIENCE_KEY).unwrap_or(1000)
}

/// Removes a directory that holds nothing but directories.
pub(super) fn remove_empty(directory: &Path) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        if !entry.file_type()?.is_dir() {
            return Err(ErrorKind::DirectoryNotEmpty.into());
        }
        remove_empty(&entry.path())?;
    }
    fs::remove_dir(directory)
}

/// A hard link, or a new file with the same bytes where the file system has no links.
pub(in crate::git) fn link(from: &Path, to: &Path) -> io::Result<()> {
    match fs::hard_link(from, to) {
        Err(error) if has_no_links(error.kind()) => write_new(to, &fs::read(from)?).map(drop),
        linked => linked,
    }
}

const fn has_no_links(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::CrossesDevices | ErrorKind::Unsupported | ErrorKind::PermissionDenied)
}

/// Whether there is nothing, or a directory.
pub(super) const fn is_no_file(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::IsADirectory)
}

/// A new file with these bytes; removed again if they cannot be written.
pub(super) fn write_new(path: &Path, bytes: &[u8]) -> io::Result<File> {
    let mut options = OpenOptions::new();
    let mut file = shared::open(options.read(true).write(true).create_new(true), path)?;
    match file.write_all(bytes) {
        Ok(()) => Ok(file),
        Err(error) => {
            let _ = fs::remove_file(path);
            Err(error)
        }
    }
}
