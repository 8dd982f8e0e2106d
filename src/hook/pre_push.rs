//! The `pre-push` hook: what is about to be sent, with the values that the remote itself gave.

use std::env;
use std::io::{Read, Write, stderr, stdin};
use std::process::ExitCode;

use anyhow::{Context, Result};

use super::refused::story;
use super::{Door, Entry, blocked, enter, visitor};
use crate::domain::push_line::PushLine;
use crate::flow::commits::Judged;
use crate::flow::push::{Remote, judge_push};
use crate::git::Repo;
use crate::git::process::Input;

/// Answers git: 0 lets the push go on, anything else stops it. What cannot be decided is stopped.
#[must_use]
pub fn main() -> ExitCode {
    let answer = || -> Result<ExitCode> {
        let mut lines = Vec::new();
        stdin().read_to_end(&mut lines).context("could not read what git says")?;
        match enter(Door::PrePush, Input::Bytes(&lines))? {
            Entry::Leave(status) => Ok(ExitCode::from(status)),
            Entry::Judge { .. } => judge(&lines),
        }
    };
    answer().unwrap_or_else(|error| blocked("the push", &error))
}

fn judge(lines: &[u8]) -> Result<ExitCode> {
    let lines = PushLine::parse_all(lines).context("could not read what git says")?;
    let directory = env::current_dir().context("could not tell the current directory")?;
    let repo = Repo::discover(&directory)?;
    let host = visitor(&repo, Door::PrePush.event())?;
    let judged = judge_push(&repo, &remote(), &lines, &host)?;
    let _ = stderr().write_all(story(&repo, &judged, None).as_bytes());
    let refused = judged.iter().any(Judged::is_refused);
    Ok(if refused { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Where the push goes (githooks(5), "pre-push").
fn remote() -> Remote {
    let mut words = env::args_os().skip(1);
    let name = words.next().unwrap_or_default().to_string_lossy().into_owned();
    Remote { name, url: words.next().unwrap_or_default(), heads: Vec::new() }
}
