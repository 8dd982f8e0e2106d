//! The `pre-receive` hook: what a server is about to take, all of it at once, with the true old values.
//! The objects are in quarantine until the hook has said yes.

use std::env;
use std::io::{Read, Write, stderr, stdin};
use std::process::ExitCode;

use anyhow::{Context, Result};

use super::refused::story;
use super::{Door, Entry, blocked, enter};
use crate::domain::ref_update::RefUpdate;
use crate::flow::commits::Judged;
use crate::flow::push::judge_received;
use crate::git::Repo;
use crate::git::process::Input;

/// Answers git: 0 takes the push, anything else refuses all of it. What cannot be decided is refused.
#[must_use]
pub fn main() -> ExitCode {
    let answer = || -> Result<ExitCode> {
        let mut lines = Vec::new();
        stdin().read_to_end(&mut lines).context("could not read what git says")?;
        match enter(Door::PreReceive, Input::Bytes(&lines))? {
            Entry::Leave(status) => Ok(ExitCode::from(status)),
            Entry::Judge { .. } => judge(&lines),
        }
    };
    answer().unwrap_or_else(|error| blocked("the push", &error))
}

fn judge(lines: &[u8]) -> Result<ExitCode> {
    let updates = RefUpdate::parse_all(lines).context("could not read what git says")?;
    let directory = env::current_dir().context("could not tell the current directory")?;
    let repo = Repo::discover(&directory)?;
    let judged = judge_received(&repo, &updates)?;
    let _ = stderr().write_all(story(&repo, &judged, None).as_bytes());
    let refused = judged.iter().any(Judged::is_refused);
    Ok(if refused { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
