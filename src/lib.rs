//! git-kitty guards the work of people and agents that share one Git repository.
//!
//! The layers, each free to use those to its left only:
//!
//! ```text
//! domain <- policy          domain <- git <- store
//!          flow joins the two; hook and cli stand on flow
//! ```
//!
//! `tests/it/layers.rs` reads the `use` lines of every file to prove it. The map of the house is
//! `docs/architecture.md`.

pub mod cli;
pub mod domain;
pub mod flow;
pub mod git;
pub mod hook;
pub mod policy;
pub mod store;
