//! The test kit: hermetic sandboxes, repositories, missions, and the state of a repository as text.
//!
//! A test binary takes it in with `#[path = "../kit/mod.rs"] mod kit;`. Nothing in here reads the
//! machine's git configuration, clock or home; the same test makes the same object ids everywhere.
//! What a builder cannot do panics: it is a broken test, not a result.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "each test binary uses a part of the kit, and a builder that fails should panic"
)]

pub mod approved;
pub mod call;
pub mod checkout;
pub mod disk;
pub mod documents;
pub mod history;
pub mod json;
pub mod library;
pub mod log;
pub mod mission;
pub mod plan;
pub mod project;
pub mod repo;
pub mod sandbox;
pub mod snapshot;
pub mod state;
pub mod wp;
