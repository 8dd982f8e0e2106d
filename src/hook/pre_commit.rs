//! The `pre-commit` hook.

use std::io::{Write, stderr};
use std::process::ExitCode;

use anyhow::{Context, Result};

use super::refused::brings_back;
use super::{Door, Entry, blocked, enter, visitor};
use crate::flow::explain::{self, Place};
use crate::flow::guard::guard_commit;
use crate::git::Repo;
use crate::git::process::Input;
use crate::policy::Outcome;

/// Answers git: 0 lets the commit pass, anything else stops it. What cannot be decided is stopped.
#[must_use]
pub fn main() -> ExitCode {
    match enter(Door::PreCommit, Input::Inherited) {
        Ok(Entry::Leave(status)) => ExitCode::from(status),
        Ok(Entry::Judge { .. }) => judge().unwrap_or_else(|error| blocked("the commit", &error)),
        Err(error) => blocked("the commit", &error),
    }
}

/// Judges the staged change, and tells what there is to tell.
fn judge() -> Result<ExitCode> {
    let directory = std::env::current_dir().context("could not tell the current directory")?;
    let repo = Repo::discover(&directory)?;
    let judgement = guard_commit(&repo, &visitor(&repo, Door::PreCommit.event())?)?;
    let warnings = judgement.verdict.warnings.iter();
    let warnings = warnings.map(|w| format!("warning: {} [{}]\n", w.message, w.code));
    let refused = judgement.verdict.outcome == Outcome::Refused;
    let back = refused.then(|| repo.way_back_from_conclusion()).flatten();
    let place = Place { back: back.clone(), ..Place::default() };
    let told = [explain::reasons_at(&judgement, &place), explain::last_resort([&judgement])];
    let text: String = warnings.chain(told).chain(back.as_deref().map(brings_back)).collect();
    let _ = stderr().write_all(text.as_bytes());
    Ok(if refused { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
