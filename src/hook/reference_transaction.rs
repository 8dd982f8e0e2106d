//! The `reference-transaction` hook: every move of a guarded branch, also past `--no-verify`.
//!
//! Git runs it several times for each transaction, most of them about refs that nobody guards; so
//! what has nothing to judge ends before the repository is opened.

use std::env;
use std::io::{Read, Write, stderr, stdin};
use std::process::ExitCode;

use anyhow::{Context, Result};

use super::refused::story;
use super::{Door, Entry, blocked, canary, enter, pass, visitor};
use crate::domain::branch::BranchName;
use crate::domain::layout;
use crate::domain::oid::Oid;
use crate::domain::ref_update::{RefUpdate, Value};
use crate::flow::commits::Judged;
use crate::flow::guard::Moment;
use crate::flow::moves::{judge_moves, note_made};
use crate::git::Repo;
use crate::git::process::Input;

/// The only state in which a refusal can be told and changes nothing (githooks(5)). In `preparing`
/// (git 2.54) names are not resolved yet, and the others come too late.
const JUDGED_STATE: &str = "prepared";

/// The state after which refs have moved: nothing can be refused any more.
const MADE_STATE: &str = "committed";

/// The names under which refs begin that are looked at: branches, and those that are git-kitty's own.
const LOOKED_AT: [&[u8]; 2] = [b"refs/heads/", b"refs/kitty/"];

/// Answers git: 0 lets the transaction pass, anything else stops it. What cannot be decided is
/// stopped.
#[must_use]
pub fn main() -> ExitCode {
    let state = env::args_os().nth(1).unwrap_or_default();
    if state == MADE_STATE {
        after().unwrap_or(ExitCode::SUCCESS)
    } else if state == JUDGED_STATE {
        before().unwrap_or_else(|error| blocked("the move of a branch", &error))
    } else {
        match pass(Door::ReferenceTransaction, Input::Inherited) {
            Ok(status) => ExitCode::from(status),
            Err(error) => blocked("the transaction", &error),
        }
    }
}

/// Judges what is about to move.
fn before() -> Result<ExitCode> {
    let lines = lines()?;
    if !is_looked_at(&lines) {
        return Ok(ExitCode::from(pass(Door::ReferenceTransaction, Input::Bytes(&lines))?));
    }
    match enter(Door::ReferenceTransaction, Input::Bytes(&lines))? {
        Entry::Leave(status) => Ok(ExitCode::from(status)),
        Entry::Judge { .. } => judge(&lines),
    }
}

/// Notes what has moved. What git does with an answer now is say that it was bad.
fn after() -> Result<ExitCode> {
    let lines = lines()?;
    // What cannot be read is not noted; the hook from before reads it for itself.
    let updates = RefUpdate::parse_all(&lines).unwrap_or_default();
    if !updates.iter().any(is_noted) {
        return Ok(ExitCode::from(pass(Door::ReferenceTransaction, Input::Bytes(&lines))?));
    }
    match enter(Door::ReferenceTransaction, Input::Bytes(&lines))? {
        Entry::Leave(status) => return Ok(ExitCode::from(status)),
        Entry::Judge { .. } => {
            let directory = env::current_dir().context("could not tell the current directory")?;
            note_made(&Repo::discover(&directory)?, &updates)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Whether it is written down that this was made.
fn is_noted(update: &RefUpdate) -> bool {
    BranchName::of_ref(&update.name).is_some_and(|branch| branch.may_coordinate())
}

/// What git says of the transaction: for most of them a line or two, read at once.
fn lines() -> Result<Vec<u8>> {
    let mut lines = Vec::with_capacity(1024);
    stdin().read_to_end(&mut lines).context("could not read what git says")?;
    Ok(lines)
}

fn is_looked_at(lines: &[u8]) -> bool {
    let mut names =
        lines.split(|byte| *byte == b'\n').filter_map(|line| line.rsplit(|b| *b == b' ').next());
    names.any(|name| LOOKED_AT.iter().any(|beginning| name.starts_with(beginning)))
}

fn judge(lines: &[u8]) -> Result<ExitCode> {
    let updates = RefUpdate::parse_all(lines).context("could not read what git says")?;
    let directory = env::current_dir().context("could not tell the current directory")?;
    let repo = Repo::discover(&directory)?;
    for update in &updates {
        if makes_reserved(&repo, update)? {
            return Ok(ExitCode::from(canary::refuse(&update.name.to_string())));
        }
    }
    let host = visitor(&repo, Door::ReferenceTransaction.event())?;
    let mut judged = judge_moves(&repo, &updates, &host)?;
    let refused = judged.iter().any(Judged::is_refused);
    let way_back = if refused { way_back(&repo, &updates) } else { None };
    if refused {
        place_in_time(&repo, &updates, &mut judged)?;
    }
    let _ = stderr().write_all(story(&repo, &judged, way_back.as_deref()).as_bytes());
    Ok(if refused { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Tells commits that are being made from those that come from elsewhere, where nothing is staged.
fn place_in_time(repo: &Repo, updates: &[RefUpdate], judged: &mut [Judged]) -> Result<()> {
    let moved = updates.iter().find_map(new_tip);
    for one in judged.iter_mut().filter(|one| one.judgement.moment == Moment::Commit) {
        let Some(commit) = one.commit.or(moved) else { continue };
        if repo.was_there_before(commit)? {
            one.judgement.moment = Moment::Brought;
        } else if !repo.staged(Some(repo.tree_of_commit(commit)?))?.changes.is_empty() {
            one.judgement.moment = Moment::OwnIndex;
        } else if repo.is_picking(commit)? {
            one.judgement.moment = Moment::Picked;
        }
    }
    Ok(())
}

/// What a branch shall hold.
fn new_tip(update: &RefUpdate) -> Option<Oid> {
    match update.new {
        Value::Object(new) if BranchName::of_ref(&update.name).is_some() => Some(new),
        Value::Object(_) | Value::Nothing | Value::Symbolic(_) => None,
    }
}

/// How to get back to where one was. What cannot be found out is not told.
fn way_back(repo: &Repo, updates: &[RefUpdate]) -> Option<String> {
    let ahead = |new| repo.way_back_from(new).ok().flatten().map(str::to_owned);
    repo.way_back().or_else(|| updates.iter().filter_map(new_tip).find_map(ahead))
}

/// Whether a reserved ref would be made or moved. One that is there all the same may be packed, and go.
fn makes_reserved(repo: &Repo, RefUpdate { name, new, .. }: &RefUpdate) -> Result<bool> {
    if !name.as_bytes().starts_with(layout::CANARY.as_bytes()) {
        return Ok(false);
    }
    match new {
        Value::Nothing => Ok(false),
        Value::Symbolic(_) => Ok(true),
        Value::Object(new) => Ok(repo.find(name)? != Some(*new)),
    }
}
