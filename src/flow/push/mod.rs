//! Judging a push, before anything is sent and before the server takes it.
//!
//! Both doors give the same verdicts. Before sending, the remote's values are known from the remote
//! itself, and what is pushed is judged by the policy as the remote has it, as far as branches are
//! pushed that may hold one. On the server it is judged by the server's own refs at their old values,
//! but for branches that are new there and coordination branches that go forward: what passes in one
//! push would pass in several. See `docs/doors.md`.

mod alias;
mod line;
mod pull;
pub(super) mod side;
pub(super) mod target;

use std::collections::BTreeMap;

use anyhow::Result;

use self::alias::{resolved, resolved_there};
use self::line::{Line, judge_line};
pub use self::side::Remote;
use self::side::{Push, Side};
use super::account::Pass;
use super::branch_judge::{BranchJudge, Counting};
use super::commits::Judged;
use super::formerly::formerly;
use super::found::Found;
use super::guard::Moment;
use super::host::Host;
use super::kept::{is_kept_for_good, unkept};
use super::moves::is_gone;
use super::overriding::Overriding;
use crate::domain::oid::Oid;
use crate::domain::push_line::PushLine;
use crate::domain::ref_update::{RefUpdate, Value};
use crate::domain::refname::RefName;
use crate::git::{Repo, Told};
use crate::store::Store;

/// Judges each branch that is about to be sent to a remote; what may pass unsaid is left out.
///
/// # Errors
/// If what is needed cannot be read, or written down: the push must not go on then.
pub fn judge_push(
    repo: &Repo,
    remote: &Remote,
    lines: &[PushLine],
    host: &Host,
) -> Result<Vec<Judged>> {
    let overriding = Overriding::At(host.now());
    let updates: Vec<RefUpdate> = lines.iter().map(update).collect();
    let updates = resolved_there(&Store::new(repo), (repo, remote), &updates)?;
    let lines = Line::all(&updates);
    let known = known_at_remote(repo, &lines)?;
    let told;
    let repo = if known.is_empty() {
        repo
    } else {
        told = repo.told(Told { refs: known.clone(), no_remotes: false })?;
        &told
    };
    let remote = &asked(repo, remote)?;
    let push = Push { side: Side::Pusher(remote), updates: &updates };
    let store = Store::new(repo);
    let mut guarded = Vec::new();
    for line in &lines {
        let judge = find(&store, repo, line)?;
        let former = line.new.map(|_| formerly(repo, known.clone(), (&line.branch, line.old)));
        let judged = match former.transpose()?.flatten() {
            None => judge_line(&push, &judge.with(overriding), line)?,
            Some(former) => {
                let store = Store::new(&former);
                let judge = judge.knowing(find(&store, &former, line))?;
                judge_line(&push, &judge.with(overriding), line)?
            }
        };
        guarded.push((line, judged));
    }
    let mut all = unkept_of(&updates);
    if !guarded.iter().flat_map(|(_, judged)| judged).chain(&all).any(Judged::is_refused) {
        for (Line { branch, old, new }, judged) in &guarded {
            let seen: Vec<_> = judged.iter().map(|one| (one.commit, &one.judgement)).collect();
            Pass { repo, host, branch, old: *old, new: *new }.by_override(&seen)?;
        }
    }
    all.extend(guarded.into_iter().flat_map(|(_, judged)| judged));
    Ok(told_after(all))
}

/// Judges each branch that a push would move here, in a repository that others push to. Nothing is
/// written, also not what readers remember.
///
/// # Errors
/// As [`judge_push`].
pub fn judge_received(repo: &Repo, updates: &[RefUpdate]) -> Result<Vec<Judged>> {
    let updates = &resolved(repo, updates)?;
    let lines = Line::all(updates);
    let own = repo.told(Told { refs: BTreeMap::new(), no_remotes: true })?;
    let pushed = repo.told(Told { refs: as_pushed(&own, &lines)?, no_remotes: true })?;
    let stores = (Store::new(&own), Store::new(&pushed));
    let push = Push { side: Side::Server, updates };
    let mut all = unkept_of(updates);
    for line in &lines {
        let was = find(&stores.0, &own, line);
        let is_protected = |judge: &BranchJudge<'_>| matches!(judge.found, Found::Protected);
        let judge = match was {
            Ok(was) if line.branch.mission_parts().is_none() || is_protected(&was) => was,
            // It comes after the landing that names it.
            Err(error) if !is_gone(&error, &line.branch) => return Err(error),
            was => find(&stores.1, &pushed, line)?.knowing(was)?,
        };
        all.extend(match forced(&own, &judge, line)? {
            None => judge_line(&push, &judge, line)?,
            Some(forced) => {
                let store = Store::new(&forced);
                judge_line(&push, &find(&store, &forced, line)?.knowing(Ok(judge))?, line)?
            }
        });
    }
    Ok(told_after(all))
}

/// That refs of the remote which keep something would go or move.
fn unkept_of(updates: &[RefUpdate]) -> Vec<Judged> {
    let is_moved = |update: &&RefUpdate| {
        is_kept_for_good(&update.name)
            && matches!(update.old, Value::Object(_))
            && update.new != update.old
    };
    updates.iter().filter(is_moved).map(|update| unkept((&update.name, &update.new))).collect()
}

/// The repository as a forced push of a branch that nobody guards leaves it: it may make it a
/// coordination branch.
fn forced(own: &Repo, judge: &BranchJudge<'_>, line: &Line) -> Result<Option<Repo>> {
    let may_turn = matches!(judge.found, Found::Free) && line.branch.may_coordinate();
    let (true, Some(new)) = (may_turn, line.new) else { return Ok(None) };
    let refs = BTreeMap::from([(line.branch.ref_name()?, Some(new))]);
    own.told(Told { refs, no_remotes: true }).map(Some)
}

/// What is to be told, for somebody who has made these commits already.
fn told_after(mut all: Vec<Judged>) -> Vec<Judged> {
    all.retain(|judged| !judged.judgement.verdict.is_silent());
    for judged in &mut all {
        judged.judgement.moment = Moment::Committed;
    }
    all
}

/// The judge of a branch that is pushed.
fn find<'r>(store: &'r Store<'r>, repo: &'r Repo, line: &Line) -> Result<BranchJudge<'r>> {
    BranchJudge::find(store, repo, line.branch.clone(), Counting::EverClaimed)
}

/// The remote with what it has, which it is asked if no refs remember it.
fn asked(repo: &Repo, remote: &Remote) -> Result<Remote> {
    let is_named = repo.config_subsections("remote").contains(&remote.name.clone().into_bytes());
    let heads = if is_named { Vec::new() } else { repo.heads_at_remote(&remote.url)? };
    Ok(Remote { heads, ..remote.clone() })
}

/// What the remote has of branches that may hold a policy, where the own ones go further.
fn known_at_remote(repo: &Repo, lines: &[Line]) -> Result<BTreeMap<RefName, Option<Oid>>> {
    let mut known = BTreeMap::new();
    for line in lines.iter().filter(|line| line.branch.mission_parts().is_none()) {
        if let Some(old) = line.old.filter(|old| line.new.is_some() && repo.has_object(*old)) {
            known.insert(line.branch.ref_name()?, Some(old));
        }
    }
    Ok(known)
}

/// The values that count before they are there: of branches that are new, and of those that go
/// forward and are named as coordination branches are.
fn as_pushed(own: &Repo, lines: &[Line]) -> Result<BTreeMap<RefName, Option<Oid>>> {
    let mut refs = BTreeMap::new();
    for line in lines {
        let Some(new) = line.new else { continue };
        let counts = match line.old {
            None => true,
            Some(old) => line.branch.may_coordinate() && own.is_ancestor(old, new)?,
        };
        if counts {
            refs.insert(line.branch.ref_name()?, Some(new));
        }
    }
    Ok(refs)
}

fn update(line: &PushLine) -> RefUpdate {
    let value = |oid: Option<Oid>| oid.map_or(Value::Nothing, Value::Object);
    RefUpdate { name: line.remote.clone(), old: value(line.old), new: value(line.new) }
}
