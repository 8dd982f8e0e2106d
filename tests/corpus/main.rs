//! What holds for all missions of the corpus, which is real, large, and no part of this repository.
//!
//! `cargo test --test corpus -- --ignored`, with the corpus at `GIT_KITTY_CORPUS` or at
//! `../shared/corpus`. A corpus that is missing fails these tests.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, in its helpers too"
)]

mod commands;
mod documents;
mod lanes;
mod missions;
mod reduce;
mod write;
