//! What a hook cannot decide it refuses, with the way out.

use std::io::{Write, stderr};
use std::process::ExitCode;

use crate::git::unwritable;

const WAY_OUT: &str =
    "`git kitty install` mends the hooks, `git kitty install --uninstall` removes them";

/// Says why `what` cannot be judged, and stops it.
pub(super) fn blocked(what: &str, error: &anyhow::Error) -> ExitCode {
    let (code, hint) = match unwritable::refusal(error) {
        Some(refusal) => (format!(" [{}]", refusal.code()), refusal.hint()),
        None => (String::new(), WAY_OUT.to_owned()),
    };
    let _ = writeln!(stderr(), "error: {what} cannot be judged: {error:#}{code}\nhint: {hint}");
    ExitCode::FAILURE
}
