//! The `pre-commit` hook.

use std::io::{Write, stderr};
use std::process::ExitCode;

use super::{Door, Entry, enter};
use crate::git::process::Input;

/// Answers git: 0 lets the commit pass, anything else stops it. What cannot be decided is stopped.
#[must_use]
pub fn main() -> ExitCode {
    match enter(Door::PreCommit, Input::Inherited) {
        Ok(Entry::Leave(status)) => ExitCode::from(status),
        Ok(Entry::Judge { .. }) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(stderr(), "error: {error:#}");
            let _ = writeln!(
                stderr(),
                "hint: `git kitty install` mends the hooks, `git kitty install --uninstall` removes them"
            );
            ExitCode::FAILURE
        }
    }
}
