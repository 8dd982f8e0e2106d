//! Moves of the operation log, `refs/kitty/oplog`: it grows by an entry that names exactly what else the
//! transaction moves, and by nothing else. `undo` believes it.

use anyhow::Result;

use super::commits::Judged;
use super::guard::Judgement;
use super::merging::read_entry;
use super::moves::{Moved, moved_really};
use crate::domain::branch::BranchName;
use crate::domain::layout;
use crate::domain::merging::{Operation, RefMove};
use crate::domain::oid::Oid;
use crate::domain::ref_update::{RefUpdate, Value};
use crate::git::Repo;
use crate::policy::{GuardCode, Outcome, Verdict, Violation};

/// That the operation log would get what is no entry of this transaction, or lose one.
///
/// # Errors
/// If a ref cannot be read.
pub(super) fn forged(repo: &Repo, updates: &[RefUpdate]) -> Result<Vec<Judged>> {
    let mut refused = Vec::new();
    for update in updates.iter().filter(|one| one.name.as_bytes() == layout::OPLOG.as_bytes()) {
        let Some(Moved { held }) = moved_really(repo, update)? else { continue };
        let why = match &update.new {
            Value::Nothing => Some("would be deleted"),
            Value::Symbolic(_) => Some("would lead elsewhere"),
            Value::Object(new) => unproven(repo, updates, (held, *new))?,
        };
        refused.extend(why.map(refusal));
    }
    Ok(refused)
}

/// Why a value is no entry that stands on the last one.
fn unproven(
    repo: &Repo,
    updates: &[RefUpdate],
    (held, new): (Option<Oid>, Oid),
) -> Result<Option<&'static str>> {
    let Ok(Some(entry)) = read_entry(repo, new) else {
        return Ok(Some("would get a commit that is no entry of it"));
    };
    if let Some(held) = held
        && repo.commit(new)?.parents.first() != Some(&held)
    {
        return Ok(Some("would lose entries"));
    }
    // Each operation moves a coordination branch.
    let coordinates = |one: &RefMove| {
        let branch = one.name.strip_prefix("refs/heads/").map(str::parse::<BranchName>);
        branch.is_some_and(|branch| branch.is_ok_and(|branch| branch.may_coordinate()))
    };
    let is_whole = entry.refs.iter().any(coordinates) && names_all(repo, updates, &entry)?;
    Ok((!is_whole).then_some("would get an entry about other moves than come with it"))
}

/// Whether an entry names each ref that moves, as it moves, and no other.
fn names_all(repo: &Repo, updates: &[RefUpdate], entry: &Operation) -> Result<bool> {
    let mut named: Vec<&RefMove> = entry.refs.iter().collect();
    for update in updates {
        let name = update.name.to_string();
        if !name.starts_with("refs/") || name == layout::OPLOG {
            continue;
        }
        let Some(Moved { held }) = moved_really(repo, update)? else { continue };
        let hex = |oid: Oid| oid.to_string();
        let new = match &update.new {
            Value::Object(new) => Some(hex(*new)),
            Value::Nothing => None,
            Value::Symbolic(_) => return Ok(false),
        };
        let is_it = |one: &&RefMove| one.name == name && one.old == held.map(hex) && one.new == new;
        let Some(place) = named.iter().position(is_it) else { return Ok(false) };
        named.swap_remove(place);
    }
    Ok(named.is_empty())
}

fn refusal(why: &str) -> Judged {
    let violation = Violation {
        code: GuardCode::OplogForged,
        path: None,
        owners: Vec::new(),
        fact: format!("`{}` {why}", layout::OPLOG),
        next_step:
            "leave it to `git kitty merge` and `git kitty undo`: what they did is taken back by \
                    it"
            .to_owned(),
    };
    let (outcome, violations) = (Outcome::Refused, vec![violation]);
    let verdict = Verdict { outcome, violations, ..Verdict::default() };
    Judged { commit: None, judgement: Judgement { verdict, ..Judgement::default() } }
}
