//! Git's index file, read for one question: which tree would it commit? ([`listing()`] asks git for more.)
//!
//! Where the `TREE` extension is wholly valid (after `git commit`, `git write-tree`, and in a
//! pre-commit hook) the answer is one id, found from the file's end without reading the entries.
//! Else the entries are streamed once, and only the directories that `TREE` does not know become
//! [`Built`] ones. What this reader does not understand it leaves to `git` ([`Unread`]): split and
//! sparse indexes, unknown mandatory extensions, damage. Like Git, it does not verify the checksum.
//! Format: `git help gitformat-index`.

mod built;
mod cache_tree;
mod entries;
mod file;
mod listing;

pub(crate) use built::{Built, Content};
pub(crate) use file::{Contents, lists_any, read};
pub(crate) use listing::{Listed, listing, pathspecs};

/// Why an index is left to `git`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unread(pub(crate) &'static str);

impl From<std::io::Error> for Unread {
    fn from(_: std::io::Error) -> Self {
        Self("it cannot be read, or ends too early")
    }
}

/// Reads the bytes of an index, for `fuzz/` alone.
#[cfg(fuzzing)]
pub(super) fn fuzz(bytes: &[u8], hash_size: usize) {
    let _ = file::read_from(&mut std::io::Cursor::new(bytes), hash_size);
}
