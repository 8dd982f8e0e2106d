//! Tests that run the real git. One binary, a file an area.

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
