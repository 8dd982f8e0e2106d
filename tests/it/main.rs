//! Tests with real git: one binary, a file for each command, hook or property.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test fails by panicking, and makes its own world"
)]

#[path = "../kit/mod.rs"]
mod kit;

mod adoption;
mod bring_up;
mod chain;
mod dispatch;
mod guard_context;
mod guard_lane;
mod install;
mod install_config;
mod install_kit;
mod install_refused;
mod kit_itself;
mod lock;
mod merge;
mod objects;
mod publish;
mod random;
mod refs;
mod repo;
mod sandbox;
mod scene;
mod staged;
mod staged_forms;
mod staged_hooks;
mod worker;
mod worktree;
mod write;
