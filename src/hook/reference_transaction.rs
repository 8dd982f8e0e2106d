//! The `reference-transaction` hook: every move of a guarded branch, also past `--no-verify`.
//!
//! Git runs it several times for each transaction, most of them about refs that nobody guards; so
//! what has nothing to judge ends before the repository is opened.

use std::env;
use std::ffi::OsStr;
use std::io::{Read, Write, stderr, stdin};
use std::process::ExitCode;

use anyhow::{Context, Result};

use super::refused::story;
use super::{Door, Entry, blocked, enter, visitor};
use crate::domain::ref_update::RefUpdate;
use crate::flow::commits::Judged;
use crate::flow::moves::judge_moves;
use crate::git::Repo;
use crate::git::process::Input;

/// The only state in which a refusal can be told and changes nothing (githooks(5)). In `preparing`
/// (git 2.54) names are not resolved yet, and the others come too late.
const JUDGED_STATE: &str = "prepared";

/// The name under which every branch begins.
const BRANCHES: &[u8] = b" refs/heads/";

/// Answers git: 0 lets the transaction pass, anything else stops it. What cannot be decided is
/// stopped.
#[must_use]
pub fn main() -> ExitCode {
    if env::args_os().nth(1).as_deref() != Some(OsStr::new(JUDGED_STATE)) {
        return match enter(Door::ReferenceTransaction, Input::Inherited) {
            Ok(Entry::Leave(status)) => ExitCode::from(status),
            Ok(Entry::Judge { .. }) => ExitCode::SUCCESS,
            Err(error) => blocked("the transaction", &error),
        };
    }
    let answer = || -> Result<ExitCode> {
        let mut lines = Vec::new();
        stdin().read_to_end(&mut lines).context("could not read what git says")?;
        match enter(Door::ReferenceTransaction, Input::Bytes(&lines))? {
            Entry::Leave(status) => Ok(ExitCode::from(status)),
            Entry::Judge { .. } if !names_a_branch(&lines) => Ok(ExitCode::SUCCESS),
            Entry::Judge { .. } => judge(&lines),
        }
    };
    answer().unwrap_or_else(|error| blocked("the move of a branch", &error))
}

fn names_a_branch(lines: &[u8]) -> bool {
    lines.windows(BRANCHES.len()).any(|window| window == BRANCHES)
}

fn judge(lines: &[u8]) -> Result<ExitCode> {
    let updates = RefUpdate::parse_all(lines).context("could not read what git says")?;
    let directory = env::current_dir().context("could not tell the current directory")?;
    let repo = Repo::discover(&directory)?;
    let host = visitor(&repo, Door::ReferenceTransaction.event())?;
    let judged = judge_moves(&repo, &updates, &host)?;
    let _ = stderr().write_all(story(&repo, &judged).as_bytes());
    let refused = judged.iter().any(Judged::is_refused);
    Ok(if refused { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
