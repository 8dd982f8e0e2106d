//! The only code that names `gix` or starts a process.
//!
//! Reading goes through gix where gix is right and fast; reftable, partial clones and
//! everything that changes a worktree go through the `git` that is on PATH.

mod ancestry;
mod bounded;
mod bring_up;
pub mod canary;
mod catch_up;
pub mod chain;
mod commit_hooks;
mod config;
pub mod crash;
mod deletion;
mod denied;
mod destination;
mod diff;
mod durability;
mod enter;
mod environment;
mod extension;
pub mod file;
pub mod flock;
mod graph;
mod holders;
mod ignored;
mod index;
mod index_lock;
mod inspect;
mod joining;
mod lately;
mod left_commit;
mod leftover;
pub mod locate;
mod lock;
mod locked;
mod loose;
mod merge;
mod message;
mod object;
mod open;
mod operation;
mod packed;
mod pager;
mod patch;
mod pending;
mod private_index;
pub mod process;
mod publish;
mod put_off;
mod raw;
mod refs;
mod remote;
mod replaceable;
mod replay;
mod repo;
mod revision;
mod scratch;
pub(crate) mod setup;
pub mod shared;
mod size_limit;
mod staged;
mod taken;
mod temporary;
mod three_way;
mod told;
pub mod train;
mod tree_edit;
mod trust;
pub mod unwritable;
mod versions;
pub mod worktree;
mod write;

pub use bounded::Ended;
pub use bring_up::{bring_up, check, check_but, check_hidden};
pub use catch_up::{catch_up, catch_up_from, is_up};
pub use commit_hooks::{Author, HookSaid, after_commit};
pub use denied::Denied;
pub use destination::{by_words, destinations};
pub use durability::Durability;
pub use environment::Environment;
pub use graph::Graph;
pub use holders::Holders;
pub use ignored::ignored;
pub use index_lock::refuse_locked_index;
pub use inspect::link_of;
pub use joining::{Joining, merge_commit};
pub use leftover::{Leftover, journals, locks};
pub use lock::{MissionLock, Purpose, Turn};
pub use merge::{
    AutoMerge, Conflicted, Footprint, Kept, Pair, Unplaced, automatic_merge, merge_all, predict,
};
pub use object::{Authorship, Commit, TreeEntry};
pub use pager::page;
pub use patch::sha256;
pub use private_index::{Added, PrivateIndex, finish_left_commit};
pub use publish::{
    LogEntry, Move, Outcome, Published, Recovered, publish, recover, wait_for_orphan,
};
pub use refs::{Head, RefsState};
pub use replaceable::{IsKept, clear, replaceable};
pub use replay::{Replay, Replayed, replay, replayed_trees};
pub use repo::{ObjectHash, RefBackend, Repo};
pub use scratch::Scratch;
pub use size_limit::fail_past_size_limit;
pub use staged::{Staged, Way};
pub use taken::{Taken, Uncommitted, uncommitted};
pub use three_way::{Texts, merge_texts};
pub use told::Told;
pub use versions::Versions;
pub use worktree::{Kind, Worktree};
pub use write::{CommitSpec, Signed, Writer};

/// What `fuzz/` reaches of the private parts.
#[cfg(fuzzing)]
pub mod fuzz {
    /// Reads the bytes of an index file, with ids of `hash_size` bytes.
    pub fn index(bytes: &[u8], hash_size: usize) {
        crate::git::index::fuzz(bytes, hash_size);
    }

    /// Reads the bytes of an answer of `git merge-tree`.
    pub fn merge_tree(bytes: &[u8]) {
        crate::git::merge::fuzz(bytes);
    }
}
