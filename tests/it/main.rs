//! Tests with real git: one binary, a file for each command, hook or property.

#[path = "../kit/mod.rs"]
mod kit;

mod kit_itself;
