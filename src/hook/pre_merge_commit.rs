//! The `pre-merge-commit` hook: a merge that went through without a person, before it is committed.
//! One that did not ends in `git commit`, and so at `pre-commit`.

use std::env;
use std::io::{Write, stderr};
use std::process::ExitCode;

use anyhow::{Context, Result};

use super::refused::story;
use super::{Door, Entry, blocked, enter, visitor};
use crate::domain::oid::Oid;
use crate::flow::commits::Judged;
use crate::flow::guard::guard_merge;
use crate::git::Repo;
use crate::git::process::Input;

/// How git names the commits that are being merged: `MERGE_HEAD` is written only later.
const MERGED: &str = "GITHEAD_";

/// Answers git: 0 lets the merge pass, anything else stops it. What cannot be decided is stopped.
#[must_use]
pub fn main() -> ExitCode {
    match enter(Door::PreMergeCommit, Input::Inherited) {
        Ok(Entry::Leave(status)) => ExitCode::from(status),
        Ok(Entry::Judge { .. }) => judge().unwrap_or_else(|error| blocked("the merge", &error)),
        Err(error) => blocked("the merge", &error),
    }
}

fn judge() -> Result<ExitCode> {
    let directory = env::current_dir().context("could not tell the current directory")?;
    let repo = Repo::discover(&directory)?;
    let mut others = repo.merge_heads()?;
    if others.is_empty() {
        others = merged();
    }
    let judged = guard_merge(&repo, &others, &visitor(&repo, Door::PreMergeCommit.event())?)?;
    let _ = stderr().write_all(story(&repo, &judged, Some("`git merge --abort`")).as_bytes());
    let refused = judged.iter().any(Judged::is_refused);
    Ok(if refused { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn merged() -> Vec<Oid> {
    let names = env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    names.filter_map(|name| name.strip_prefix(MERGED)?.parse().ok()).collect()
}
