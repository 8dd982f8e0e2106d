//! Tests with real git: one binary, a file for each command, hook or property.

#[path = "../kit/mod.rs"]
mod kit;

mod guard_context;
mod guard_lane;
mod kit_itself;
mod scene;
mod staged;
