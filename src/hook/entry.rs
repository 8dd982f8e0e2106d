//! What every hook does first: the hook that was there before, then the question whether this
//! repository is ours to judge. Takes no process of its own and reads no configuration.

use std::env;
use std::ffi::{OsStr, OsString};
use std::hint::black_box;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::install::is_set_up;
use super::{Door, canary};
use crate::domain::refusal::Refusal;
use crate::git;
use crate::git::chain::{Chained, Invocation, VARIABLE};
use crate::git::locate::{GitEnvironment, common_dir};
use crate::git::process::Input;

/// What a hook has to do after the first steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// Leave with this status: the hook that was there before refused, or there is nothing to judge,
    /// or `git kitty doctor` only asked whether we run.
    Leave(u8),
    /// Judge the change, in the repository with this common directory.
    Judge {
        /// The directory that all worktrees share.
        common_dir: PathBuf,
    },
}

/// Runs the hook that was there before, with the arguments of this process and `input`, and says
/// what remains. In a repository that was never set up (a hook out of a template) nothing does.
///
/// # Errors
/// If the hook from before cannot be started, or git's directory is not found: then block.
pub fn enter(door: Door, input: Input<'_>) -> Result<Entry> {
    if let Some(status) = before(door, input)? {
        return Ok(Entry::Leave(status));
    }
    let environment =
        GitEnvironment { git_dir: variable("GIT_DIR"), common_dir: variable("GIT_COMMON_DIR") };
    let directory = env::current_dir().context("could not tell the current directory")?;
    let common_dir = common_dir(&directory, &environment)
        .with_context(|| format!("found no repository at `{}`", directory.display()))?;
    if is_set_up(&common_dir) { Ok(Entry::Judge { common_dir }) } else { Ok(Entry::Leave(0)) }
}

/// As [`enter`], where nothing would be judged in any repository, so that it matters in none whose
/// it is. Returns the status to leave with.
///
/// # Errors
/// If the hook from before cannot be started.
pub fn pass(door: Door, input: Input<'_>) -> Result<u8> {
    Ok(before(door, input)?.unwrap_or(0))
}

/// The status to leave with before anything is judged: that of the hook that was there before, if
/// it refuses, or what `git kitty doctor` waits for.
fn before(door: Door, input: Input<'_>) -> Result<Option<u8>> {
    // Copies in a hooks directory are recognised by this text, so it has to stay in the binary.
    black_box(door.mark());
    if variable(git::canary::VARIABLE).is_some() {
        return Ok(Some(canary::refuse(door.event())));
    }
    let refused = run_chained(door, input)?.filter(|&status| status != 0);
    Ok(refused.map(|status| u8::try_from(status).unwrap_or(u8::MAX)))
}

fn run_chained(door: Door, input: Input<'_>) -> Result<Option<i32>> {
    let mut words = env::args_os();
    let Some(hook) = words.next() else { return Ok(None) };
    let invocation = Invocation {
        event: door.event(),
        hook: invoked_path(&hook),
        arguments: words.collect(),
        running: variable(VARIABLE),
    };
    let Some(chained) = Chained::find(&invocation) else { return Ok(None) };
    let status = chained.run(&invocation.arguments, input);
    Ok(Some(status.map_err(|error| Refusal::HookChainedBroken {
        path: chained.path().display().to_string(),
        why: error.to_string(),
    })?))
}

/// Git names a hook by its path; only a call by hand through PATH has no directory.
fn invoked_path(argument: &OsStr) -> PathBuf {
    let path = Path::new(argument);
    if path.parent().is_some_and(|parent| !parent.as_os_str().is_empty()) {
        return path.to_owned();
    }
    env::current_exe().unwrap_or_else(|_| path.to_owned())
}

#[expect(clippy::disallowed_methods, reason = "a hook gets its repository from the environment")]
fn variable(name: &str) -> Option<OsString> {
    env::var_os(name)
}
