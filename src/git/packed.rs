//! The file `packed-refs`, as it is now.

use std::cell::Cell;
use std::fs::Metadata;
use std::time::SystemTime;

use anyhow::Result;

use super::repo::{Repo, unexpected};

/// What tells a `packed-refs` from the one before, which is another file: Git's `stat_validity`. gix
/// goes by the time alone, and only by a later one: of two that are written in one tick of the file
/// system's clock it would go on with the first, and who decides by that loses each race.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PackedVersion {
    modified: Option<SystemTime>,
    len: u64,
    inode: Option<u64>,
}

impl PackedVersion {
    fn of(file: &Metadata) -> Self {
        Self { modified: file.modified().ok(), len: file.len(), inode: inode(file) }
    }
}

/// Which one was read last; `None` if none was.
pub(super) type LastPacked = Cell<Option<PackedVersion>>;

impl Repo {
    /// gix's refs, whose `packed-refs` is the one that is there.
    ///
    /// # Errors
    /// If `packed-refs` is damaged.
    pub(super) fn refs_now(&self) -> Result<&gix::refs::file::Store> {
        let file = self.common_dir().join("packed-refs");
        let now = std::fs::metadata(file).ok().map(|file| PackedVersion::of(&file));
        if now.is_some() && self.last_packed.replace(now) != now {
            self.inner.refs.force_refresh_packed_buffer().map_err(unexpected)?;
        }
        Ok(&self.inner.refs)
    }
}

#[cfg(unix)]
fn inode(file: &Metadata) -> Option<u64> {
    Some(std::os::unix::fs::MetadataExt::ino(file))
}

#[cfg(not(unix))]
fn inode(_: &Metadata) -> Option<u64> {
    None
}
