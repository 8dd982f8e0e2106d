//! The arguments of all commands at once, for manual pages and completions.

use super::listing::PREFIX;
use super::run::{NoOptions, command};
use super::{
    commit, doctor, event, forecast, guard, init, install, lane, log, merge, merge_driver, mission,
    outbox, overrides, review, scope, status, undo, verify_landing, why, wp,
};

/// `git-kitty` itself, then each of its commands in the order of [`super::COMMANDS`], named as its
/// program (`git-kitty-wp`) and called as people call it (`git kitty wp`).
#[must_use]
pub fn commands() -> Vec<clap::Command> {
    vec![
        command::<NoOptions>(""),
        named::<init::Options>("git-kitty-init"),
        named::<install::Options>("git-kitty-install"),
        named::<scope::Options>("git-kitty-scope"),
        named::<mission::Options>("git-kitty-mission"),
        named::<wp::Options>("git-kitty-wp"),
        named::<lane::Options>("git-kitty-lane"),
        named::<review::Options>("git-kitty-review"),
        named::<status::Options>("git-kitty-status"),
        named::<status::Options>("git-kitty-ready"),
        named::<log::Options>("git-kitty-log"),
        named::<forecast::Options>("git-kitty-forecast"),
        named::<merge::Options>("git-kitty-merge"),
        named::<verify_landing::Options>("git-kitty-verify-landing"),
        named::<undo::Options>("git-kitty-undo"),
        named::<why::Options>("git-kitty-why"),
        named::<guard::Options>("git-kitty-guard"),
        named::<overrides::Options>("git-kitty-override"),
        named::<commit::Options>("git-kitty-commit"),
        named::<outbox::Options>("git-kitty-outbox"),
        named::<doctor::Options>("git-kitty-doctor"),
        named::<event::Options>("git-kitty-event"),
        named::<merge_driver::Options>("git-kitty-merge-driver"),
    ]
}

fn named<O: clap::Args>(program: &'static str) -> clap::Command {
    command::<O>(program.strip_prefix(PREFIX).unwrap_or(program)).name(program)
}
