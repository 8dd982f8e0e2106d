//! Judging a transaction of refs before it is made.
//!
//! What a line says that a branch held proves nothing (git often writes zeros): the ref itself does,
//! which still has its value. So a branch that is set to what it holds passes, and so does every line
//! about refs that are no branches, or that nobody guards.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Error, Result};

use super::account::Pass;
use super::branch_judge::{BranchJudge, Counting};
use super::commits::{Judged, Passage};
use super::formerly::coordinating_at;
use super::found::Found;
use super::host::Host;
use super::kept::{is_kept_for_good, unkept};
use super::landing::name_the_way;
use super::oplog_door::forged;
use super::overriding::Overriding;
use super::refs::{Refs, Vouching};
use super::rewind;
use super::unjudged::last_judged;
use super::whole::whole;
use crate::domain::branch::BranchName;
use crate::domain::oid::Oid;
use crate::domain::ref_update::{RefUpdate, Value};
use crate::domain::refusal::Refusal;
use crate::git::{Repo, Told};
use crate::policy::GuardCode;
use crate::store::{Store, judged};

/// Judges every branch that a transaction moves; what may pass unsaid is left out.
///
/// # Errors
/// If what is needed cannot be read, or written down: a door must refuse then.
pub fn judge_moves(repo: &Repo, updates: &[RefUpdate], host: &Host) -> Result<Vec<Judged>> {
    let changes = changes(repo, updates)?;
    let mut unkept = unkept_of(repo, updates)?;
    unkept.extend(forged(repo, updates)?);
    judge_changes((repo, host), &changes, (updates, unkept))
}

/// Judges a move of one branch that git-kitty is about to make itself: no lock of git's tells it from a
/// mere packing of refs.
///
/// # Errors
/// As [`judge_moves`].
pub(super) fn judge_own_move(repo: &Repo, update: &RefUpdate, host: &Host) -> Result<Vec<Judged>> {
    let Some(branch) = BranchName::of_ref(&update.name) else { return Ok(Vec::new()) };
    let change = BranchMove { branch, held: repo.find(&update.name)?, new: &update.new };
    judge_changes((repo, host), &[change], (std::slice::from_ref(update), Vec::new()))
}

fn judge_changes(
    (repo, host): (&Repo, &Host),
    changes: &[BranchMove<'_>],
    (updates, unkept): (&[RefUpdate], Vec<Judged>),
) -> Result<Vec<Judged>> {
    let overriding = Overriding::At(host.now());
    let mut guarded = Vec::new();
    for change in changes {
        if let Some(judged) = judge_one(repo, change, updates, overriding)? {
            guarded.push((change, judged));
        }
    }
    let mut all = unkept;
    if !guarded.iter().flat_map(|(_, judged)| judged).chain(&all).any(Judged::is_refused) {
        for (change, judged) in &guarded {
            change.pass(repo, host).to_move(judged)?;
        }
        for (change, judged) in &mut guarded {
            change.let_pass(repo)?;
            // What is odd about a lane the doors of commits and pushes tell, and what they let pass with
            // a warning: it would be said twice.
            for one in judged.iter_mut() {
                one.judgement.verdict.warnings.clear();
                if change.pass(repo, host).was_approved(one.commit)? {
                    one.judgement.verdict.violations.clear();
                }
            }
        }
    }
    all.extend(guarded.into_iter().flat_map(|(_, judged)| judged));
    all.retain(|judged| !judged.judgement.verdict.is_silent());
    Ok(all)
}

/// Notes which coordination branches have got what they were let pass with: back from there past the
/// doors, their logs would lose lines.
///
/// # Errors
/// If a ref cannot be read, or that cannot be written.
pub fn note_made(repo: &Repo, updates: &[RefUpdate]) -> Result<()> {
    for RefUpdate { name, new, .. } in updates {
        let Some(branch) = BranchName::of_ref(name) else { continue };
        if let (true, Value::Object(new)) = (branch.may_coordinate(), new)
            && repo.find(name)? == Some(*new)
        {
            judged::was_made(repo, &branch, *new)?;
        }
    }
    Ok(())
}

/// A branch that is about to hold something else.
struct BranchMove<'a> {
    branch: BranchName,
    held: Option<Oid>,
    new: &'a Value,
}

impl BranchMove<'_> {
    fn pass<'p>(&'p self, repo: &'p Repo, host: &'p Host) -> Pass<'p> {
        let new = match self.new {
            Value::Object(new) => Some(*new),
            Value::Nothing | Value::Symbolic(_) => None,
        };
        Pass { repo, host, branch: &self.branch, old: self.held, new }
    }

    fn let_pass(&self, repo: &Repo) -> Result<()> {
        match self.new {
            Value::Object(new) => judged::let_pass(repo, &self.branch, self.held, *new),
            Value::Nothing if self.branch.mission_parts().is_some() => {
                judged::let_go(repo, &self.branch, self.held)
            }
            Value::Nothing => judged::forget(repo, &self.branch),
            Value::Symbolic(_) => Ok(()),
        }
    }
}

/// The branches that a transaction really moves.
fn changes<'a>(repo: &Repo, updates: &'a [RefUpdate]) -> Result<Vec<BranchMove<'a>>> {
    let mut moves = Vec::new();
    let mut seen = BTreeSet::new();
    for update in updates {
        let Some(branch) = BranchName::of_ref(&update.name) else { continue };
        if seen.insert(branch.clone())
            && let Some(Moved { held }) = moved_really(repo, update)?
        {
            moves.push(BranchMove { branch, held, new: &update.new });
        }
    }
    Ok(moves)
}

/// A ref that comes to hold something else.
pub(super) struct Moved {
    /// What it holds before.
    pub(super) held: Option<Oid>,
}

/// Whether a line is a move: `None` if it leaves the ref as it is.
///
/// # Errors
/// If the ref cannot be read.
pub(super) fn moved_really(
    repo: &Repo,
    RefUpdate { name, old, new }: &RefUpdate,
) -> Result<Option<Moved>> {
    let held = repo.find(name)?;
    // Git has refused that line already (it says so later, when others of its batch are made).
    let is_stale = matches!(old, Value::Object(old) if Some(*old) != held);
    let is_same = matches!(new, Value::Object(new) if Some(*new) == held);
    let is_nothing =
        *new == Value::Nothing && held.is_none_or(|held| !repo.is_about_to_go(name, held));
    let is_only_packed = held.is_some() && repo.is_only_packed(name, new);
    let is_moved = !is_stale && !is_same && !is_nothing && !is_only_packed;
    Ok(is_moved.then_some(Moved { held }))
}

/// That refs which keep something would go or move.
fn unkept_of(repo: &Repo, updates: &[RefUpdate]) -> Result<Vec<Judged>> {
    let mut refused = Vec::new();
    for update in updates.iter().filter(|update| is_kept_for_good(&update.name)) {
        if matches!(moved_really(repo, update)?, Some(Moved { held: Some(_) })) {
            refused.push(unkept((&update.name, &update.new)));
        }
    }
    Ok(refused)
}

/// Judges one branch; `None` if nobody guards it, or a door has let just this move pass already.
fn judge_one(
    repo: &Repo,
    change: &BranchMove<'_>,
    updates: &[RefUpdate],
    overriding: Overriding,
) -> Result<Option<Vec<Judged>>> {
    if let Value::Object(new) = change.new
        && judged::was_let_pass(repo, &change.branch, change.held, *new)?
    {
        return Ok(None);
    }
    match judged_in(repo, change, updates, overriding) {
        Err(error) if is_gone(&error, &change.branch) => {
            brought_back(&error, change, (updates, overriding), repo)
        }
        judged => judged,
    }
}

/// Whether the branch is a coordination branch that should be there.
pub(super) fn is_gone(error: &Error, branch: &BranchName) -> bool {
    matches!(
        error.downcast_ref::<Refusal>(),
        Some(Refusal::CoordinationBranchDeleted { branch: gone, .. }) if gone == branch.as_str()
    )
}

/// A coordination branch that was gone comes back: judged from where it was seen last, as what its own
/// files say that it is.
fn brought_back(
    error: &Error,
    change: &BranchMove<'_>,
    (updates, overriding): (&[RefUpdate], Overriding),
    repo: &Repo,
) -> Result<Option<Vec<Judged>>> {
    let Value::Object(new) = change.new else { return Ok(None) };
    let last = match error.downcast_ref::<Refusal>() {
        Some(Refusal::CoordinationBranchDeleted { tip, .. }) => tip.as_deref(),
        Some(_) | None => None,
    };
    let held = last.map(str::parse).transpose()?;
    let refs = BTreeMap::from([(change.branch.ref_name()?, Some(*new))]);
    let told = repo.told(Told { refs, no_remotes: false })?;
    let change = BranchMove { branch: change.branch.clone(), held, new: change.new };
    judged_in(&told, &change, updates, overriding)
}

fn judged_in(
    repo: &Repo,
    change: &BranchMove<'_>,
    updates: &[RefUpdate],
    overriding: Overriding,
) -> Result<Option<Vec<Judged>>> {
    let store = Store::new(repo);
    let judge = BranchJudge::find(&store, repo, change.branch.clone(), Counting::Active)?;
    let judge = judge.with(overriding);
    if matches!(judge.found, Found::Free) {
        return turned(repo, change, updates, overriding);
    }
    moved(&judge, change, updates).map(Some)
}

/// Judges a move of a branch that nobody guards as it is: one that a door knows as a coordination branch
/// came to that past every door, and one that becomes one has nothing that was judged.
fn turned(
    repo: &Repo,
    change: &BranchMove<'_>,
    updates: &[RefUpdate],
    overriding: Overriding,
) -> Result<Option<Vec<Judged>>> {
    let branch = &change.branch;
    if !branch.may_coordinate() {
        return Ok(None);
    }
    let last = change.held.map(|held| judged::last_judged(repo, branch, held)).transpose()?;
    let last = last.flatten().or(change.held);
    let once = coordinating_at(repo, (branch, last), Counting::Active, |judge| {
        let held = if *change.new == Value::Nothing { last } else { change.held };
        let change = BranchMove { branch: branch.clone(), held, new: change.new };
        moved(&judge.with(overriding), &change, updates)
    })?;
    let (None, Value::Object(new)) = (&once, change.new) else { return Ok(once) };
    coordinating_at(repo, (branch, Some(*new)), Counting::Active, |judge| {
        let refs = Refs { repo: judge.repo, updates, vouching: Vouching::Turning };
        whole(&refs, &judge.with(overriding), Passage { old: None, unseen: None, new: *new })
    })
}

fn moved(
    judge: &BranchJudge<'_>,
    change: &BranchMove<'_>,
    updates: &[RefUpdate],
) -> Result<Vec<Judged>> {
    let repo = judge.repo;
    let refs = Refs { repo, updates, vouching: Vouching::Here };
    match change.new {
        Value::Symbolic(target) => {
            let fact = format!("`{}` would lead to `{target}`", change.branch);
            let step = "move the branch itself: `git update-ref REF COMMIT`";
            Ok(vec![judge.refuse(GuardCode::BranchMadeSymbolic, fact, step)])
        }
        Value::Nothing => rewind::deletion(&refs, judge, change.held),
        Value::Object(new) => {
            let last = change.held.map(|held| last_judged(repo, judge, held));
            let last = last.transpose()?.flatten();
            let unseen = last.and(change.held);
            // Where it was may be gone for good: then all that it holds is new.
            let old = match last {
                Some(last) => Some(last).filter(|last| repo.has_object(*last)),
                None => change.held,
            };
            let passage = Passage { old, unseen, new: *new };
            let mut judged = whole(&refs, judge, passage)?;
            let told = judged.iter_mut().map(|one| &mut one.judgement);
            name_the_way(&refs, judge, &[passage], told)?;
            Ok(judged)
        }
    }
}
