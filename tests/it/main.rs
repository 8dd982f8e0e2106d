//! The tests that run real programs in real repositories.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test fails by panicking, and makes its own world"
)]

mod chain;
mod dispatch;
mod install;
mod install_config;
mod install_kit;
mod install_refused;
