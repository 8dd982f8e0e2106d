//! Taking back the last operation.
//!
//! The coordination branch goes to a commit beside the one that is taken back, not on top of it: with
//! the lanes among what came before, git would say at the next merge that they are merged already. The
//! log keeps all its lines, and gets what takes them back.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::number::meta_path;
use super::oplog::{self, Said};
use crate::domain::branch::BranchName;
use crate::domain::event::{Event, Log};
use crate::domain::id::WpId;
use crate::domain::json::Object;
use crate::domain::layout;
use crate::domain::merging::{Kind, Operation, RefMove, UNDONE};
use crate::domain::oid::Oid;
use crate::domain::refname::RefName;
use crate::domain::refusal::{MergeRefusal, Refusal};
use crate::domain::status::Status;
use crate::domain::transition::{Request, plan};
use crate::flow::following::in_the_way;
use crate::flow::host::Host;
use crate::flow::transaction::{Receipt, Transaction, rehearse, run};
use crate::git::{Durability, Move, Repo, check, check_hidden, recover};

/// An operation that was taken back, or would be.
#[derive(Debug, Clone)]
pub struct Undone {
    /// It.
    pub operation: Operation,
    /// The operation that takes it back.
    pub by: String,
    /// Refs and commits.
    pub receipt: Receipt,
}

/// Takes back the last operation of the operation log that was not taken back.
///
/// # Errors
/// [`MergeRefusal::NothingToUndo`]; [`MergeRefusal::Blocked`] with [`MergeRefusal::UndoMoved`],
/// [`MergeRefusal::UndoPushed`], [`MergeRefusal::UndoBuiltUpon`] and checkouts that could not follow;
/// as [`run`]. Nothing has changed then.
pub fn undo(repo: &Repo, host: &Host, is_dry_run: bool) -> Result<Undone> {
    if !is_dry_run {
        // Of one that was killed in the midst the rest is done first, and is not the last then.
        recover(repo, Durability::of(repo)?)?;
    }
    let operation = oplog::last(repo)?.ok_or_else(|| Refusal::from(MergeRefusal::NothingToUndo))?;
    let by = host.ulid()?;
    let work = |transaction: &mut Transaction<'_>| prepare(transaction, repo, (&operation, &by));
    let dir = operation.mission_slug.clone();
    refuse_moved_alone(repo, &operation)?;
    let ((), receipt) = match is_dry_run {
        true => rehearse(repo, host, &dir, work)?,
        false => run(repo, host, (&dir, None), work)?,
    };
    Ok(Undone { operation: operation.clone(), by, receipt })
}

/// A mission that is closed by now has no coordination branch to write to: said before that is looked
/// for.
fn refuse_moved_alone(repo: &Repo, operation: &Operation) -> Result<()> {
    for one in &operation.refs {
        if repo.find(&one.name.parse()?)?.is_none() && one.new.is_some() {
            return Err(moved(operation, one, None).into());
        }
    }
    Ok(())
}

fn prepare(
    transaction: &mut Transaction<'_>,
    repo: &Repo,
    (operation, by): (&Operation, &str),
) -> Result<()> {
    let own = transaction.mission().branch().parse::<BranchName>()?.ref_name()?;
    let before = operation.moved(&own.to_string()).and_then(|one| one.old.as_deref());
    let before: Oid = before.context("an operation that moved no coordination branch")?.parse()?;
    let blockers = blockers(repo, operation)?;
    if !blockers.is_empty() {
        let mission = operation.mission_slug.clone();
        return Err(Refusal::from(MergeRefusal::Blocked { mission, blockers }).into());
    }
    transaction.rest_on(before)?;
    let dir = transaction.mission().dir.clone();
    let meta = meta_path(&dir);
    if let Some(bytes) = transaction.file(&meta)? {
        // The number goes with the landing.
        transaction.put_meta(meta, bytes)?;
    }
    transaction.describe(format!("Undo {} of {dir}", operation.id));
    compensate(transaction, (repo, before), operation)?;
    derive(transaction, (own, operation), by.to_owned());
    Ok(())
}

/// Appends what takes the operation's events back.
fn compensate(
    transaction: &mut Transaction<'_>,
    (repo, before): (&Repo, Oid),
    operation: &Operation,
) -> Result<()> {
    if let Some(certificate) = &operation.certificate {
        let payload = json!({ "certificate": certificate, "operation": operation.id });
        let mut fields = Object::from_iter([
            ("event_type".to_owned(), Value::from(UNDONE)),
            ("actor".to_owned(), transaction.actor().into()),
            ("payload".to_owned(), payload),
        ]);
        transaction.name_mission(&mut fields);
        transaction.append_fields(fields)?;
    }
    let path = layout::event_log(&transaction.mission().dir);
    let old = repo.blob_at(repo.tree_of_commit(before)?, &path)?.unwrap_or_default();
    for wp_id in done_since(&old, transaction.log())? {
        let request = Request {
            to: Status::Approved.to_string(),
            actor: transaction.actor().to_owned(),
            force: true,
            reason: Some(format!("undo of {}", operation.id)),
            ..Request::default()
        };
        let transition = plan(Status::Done, &request)?;
        transaction.append(&wp_id, transition)?;
    }
    Ok(())
}

/// The work packages that came from approved to done in `new` and not in `old`.
fn done_since(old: &[u8], new: &[u8]) -> Result<Vec<WpId>> {
    let (old, new) = (Log::parse(layout::EVENT_LOG, old)?, Log::parse(layout::EVENT_LOG, new)?);
    let known: BTreeSet<&str> = old.lines().iter().filter_map(|one| one.event.event_id()).collect();
    let mut found = Vec::new();
    for line in new.lines() {
        let Event::Lane(event) = &line.event else { continue };
        let is_done = (event.from, event.to) == (Status::Approved, Status::Done);
        if is_done && !known.contains(&*event.event_id) {
            found.push(event.wp_id.parse()?);
        }
    }
    Ok(found)
}

/// The moves of the other refs, and of the operation log.
fn derive(transaction: &mut Transaction<'_>, (own, operation): (RefName, &Operation), by: String) {
    let (mission, tip) = (transaction.mission().clone(), transaction.tip());
    let (undone, refs) = (operation.id.clone(), operation.refs.clone());
    transaction.derive(Box::new(move |repo, host, commit| {
        let mut moves = Vec::new();
        for one in refs.iter().filter(|one| one.name.as_bytes() != own.as_bytes()) {
            let value = |hex: &Option<String>| hex.as_deref().map(str::parse::<Oid>).transpose();
            // Back: what it held before is what it shall hold.
            moves.push(Move {
                name: one.name.parse()?,
                old: value(&one.new)?,
                new: value(&one.old)?,
            });
        }
        let mut all = vec![Move { name: own, old: Some(tip), new: Some(commit) }];
        all.extend(moves.iter().cloned());
        let said = Said { id: by, kind: Kind::Undo, certificate: None, undoes: Some(undone) };
        moves.push(oplog::entry(repo, host, &mission, (said, &all))?);
        Ok(moves)
    }));
}

/// All that speaks against taking an operation back.
fn blockers(repo: &Repo, operation: &Operation) -> Result<Vec<Refusal>> {
    let mut found = Vec::new();
    let (mut remote, mut built) = (BTreeSet::new(), BTreeSet::new());
    for one in &operation.refs {
        let name: RefName = one.name.parse()?;
        let held = repo.find(&name)?;
        if held.map(|oid| oid.to_string()) != one.new {
            found.push(moved(operation, one, held));
            continue;
        }
        let Some(new) = held else { continue };
        for holder in repo.refs_with(new)? {
            let text = holder.to_string();
            if text.starts_with("refs/remotes/") {
                remote.insert(text);
            } else if operation.moved(&text).is_none() && !text.starts_with("refs/kitty/") {
                built.insert(text);
            }
        }
        found.extend(checkouts(repo, &name, (new, one.old.as_deref()))?);
    }
    let id = operation.id.clone();
    if !remote.is_empty() {
        let refs = remote.into_iter().collect();
        found.push(MergeRefusal::UndoPushed { operation: id.clone(), refs }.into());
    }
    if !built.is_empty() {
        let branches = built.into_iter().collect();
        found.push(MergeRefusal::UndoBuiltUpon { operation: id, branches }.into());
    }
    Ok(found)
}

fn moved(operation: &Operation, one: &RefMove, found: Option<Oid>) -> Refusal {
    let nothing = || "nothing".to_owned();
    MergeRefusal::UndoMoved {
        operation: operation.id.clone(),
        name: one.name.clone(),
        expected: one.new.clone().unwrap_or_else(nothing),
        found: found.map_or_else(nothing, |oid| oid.to_string()),
    }
    .into()
}

/// Checkouts of a ref that could not go back with it.
fn checkouts(repo: &Repo, name: &RefName, (new, old): (Oid, Option<&str>)) -> Result<Vec<Refusal>> {
    in_the_way(repo, name, |checkout| match old {
        Some(old) => {
            let [new, old] = [new, old.parse()?].map(|commit| repo.tree_of_commit(commit));
            let (new, old) = (new?, old?);
            check_hidden(repo, checkout, [new, old])?;
            check(repo, checkout, Some(new), Some(old))
        }
        None => Err(Refusal::BranchCheckedOut {
            branch: name.to_string(),
            worktree: checkout.path.display().to_string(),
            place: None,
        }
        .into()),
    })
}
