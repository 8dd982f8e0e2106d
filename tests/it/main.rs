//! Tests that run the real git. One binary, a file an area.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, also in its helpers"
)]

mod file;
mod merge;
mod objects;
mod random;
mod refs;
mod repo;
mod sandbox;
mod staged;
mod staged_forms;
mod staged_hooks;
mod worktree;
