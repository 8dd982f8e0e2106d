//! Overrides where something is judged, and how they are granted and taken back.
//!
//! Only the doors of this machine know them: what CI or a server judges is judged without. Every
//! step is written down before it counts: see [`super::account`].

use std::cell::OnceCell;
use std::time::Duration;

use anyhow::Result;

use super::account;
use super::branch_judge::{BranchJudge, Counting};
use super::found::Found;
use super::growth::loses_log_lines;
use super::host::Host;
use super::refs::{Refs, Vouching};
use crate::domain::branch::BranchName;
use crate::domain::change::Change;
use crate::domain::overriding::{Override, lasting};
use crate::domain::refusal::{Refusal, Warning};
use crate::domain::time::Instant;
use crate::git::{Repo, crash};
use crate::policy::config::Mode;
use crate::policy::{GuardCode, Verdict, Violation};
use crate::store::Store;
use crate::store::overrides::{self, Desk};

/// Whether overrides count where something is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overriding {
    /// They do not.
    Ignored,
    /// Those that are in force at this moment.
    At(Instant),
}

/// The overrides that a judge has to know, read when the first refusal is at hand.
#[derive(Debug)]
pub(super) struct Leniency {
    overriding: Overriding,
    found: OnceCell<Covering>,
}

/// What there is for one branch.
#[derive(Debug)]
struct Covering {
    by: Option<Override>,
    warning: Option<Warning>,
}

impl Leniency {
    pub(super) const fn new(overriding: Overriding) -> Self {
        Self { overriding, found: OnceCell::new() }
    }

    pub(super) const fn overriding(&self) -> Overriding {
        self.overriding
    }

    fn covering(&self, repo: &Repo, branch: &BranchName, now: Instant) -> &Covering {
        self.found.get_or_init(|| {
            let found = overrides::in_force(repo, now);
            let covers = |one: &Override| one.covers(branch, now);
            let by = found.in_force.into_iter().filter(covers).max_by_key(|one| one.until);
            Covering { by, warning: found.damage.as_ref().map(damaged) }
        })
    }
}

impl BranchJudge<'_> {
    /// The verdict, let pass if an override says so and may. What would take lines from a log is
    /// refused all the same, and then says so.
    ///
    /// # Errors
    /// If a log among the changes cannot be read.
    pub(super) fn leniently(&self, mut verdict: Verdict, changes: &[Change]) -> Result<Verdict> {
        let Overriding::At(now) = self.leniency.overriding else { return Ok(verdict) };
        if !verdict.can_be_overridden() || !self.may_be_overridden() {
            return Ok(verdict);
        }
        let Covering { by, warning } = self.leniency.covering(self.repo, &self.branch, now);
        verdict.warnings.extend(warning.clone());
        let Some(by) = by else {
            verdict.may_be_overridden = is_there(self.repo, &self.branch)?;
            return Ok(verdict);
        };
        if loses_log_lines(self.repo, changes)? {
            verdict.violations.push(final_violation(&self.branch));
            return Ok(verdict);
        }
        Ok(verdict.let_pass(by.clone()))
    }
}

fn final_violation(branch: &BranchName) -> Violation {
    Violation {
        code: GuardCode::LogNotAppendOnly,
        path: None,
        owners: Vec::new(),
        fact: format!("an event log on `{branch}` would lose or change lines that it has"),
        next_step: "leave the log out: no override lets it lose lines".to_owned(),
    }
}

/// An override that somebody asks for.
#[derive(Debug, Clone)]
pub struct Wish<'w> {
    /// The branch.
    pub branch: BranchName,
    /// Why.
    pub reason: &'w str,
    /// For how long, as typed.
    pub span: &'w str,
}

/// The overrides that are in force now, and what is worth telling.
#[derive(Debug)]
pub struct Listed {
    /// In the order in which they were granted.
    pub in_force: Vec<Override>,
    /// That the file cannot be read.
    pub warnings: Vec<Warning>,
}

/// Which overrides are to be taken back.
#[derive(Debug, Clone)]
pub enum Which {
    /// All that are in force.
    All,
    /// Those of a branch.
    Branch(BranchName),
    /// The one with this id.
    Id(String),
}

/// Grants an override, and writes that down first.
///
/// # Errors
/// [`Refusal::OverrideReasonMissing`], [`Refusal::OverrideSpanInvalid`],
/// [`Refusal::OverrideBranchMissing`], [`Refusal::OverrideNotNeeded`], [`Refusal::OverrideDenied`];
/// if the policy or the mission cannot be read, or nothing can be written.
pub fn grant(repo: &Repo, host: &Host, wish: Wish<'_>) -> Result<Listed> {
    let reason = wish.reason.trim();
    if reason.is_empty() {
        return Err(Refusal::OverrideReasonMissing.into());
    }
    let invalid = |fault| Refusal::OverrideSpanInvalid { text: wish.span.to_owned(), fault };
    let span = lasting(wish.span).map_err(invalid)?;
    check(repo, &wish.branch)?;
    let desk = Desk::take(repo)?;
    let from = host.now();
    let found = desk.in_force(from);
    let new = Override {
        id: host.ulid()?,
        branch: wish.branch,
        reason: reason.to_owned(),
        actor: host.actor.clone(),
        from,
        until: later(from, span),
    };
    account::granted(repo, host, &new)?;
    crash::point("override-written-down");
    let in_force = [found.in_force, vec![new]].concat();
    desk.replace(&in_force)?;
    crash::point("override-granted");
    Ok(Listed { in_force, warnings: found.damage.iter().map(damaged).collect() })
}

/// The overrides that are in force now.
#[must_use]
pub fn list(repo: &Repo, now: Instant) -> Listed {
    let found = overrides::in_force(repo, now);
    Listed { in_force: found.in_force, warnings: found.damage.iter().map(damaged).collect() }
}

/// Takes overrides back, and writes that down. Returns those that are left.
///
/// # Errors
/// [`Refusal::OverrideNotFound`] if there is none, unless all were meant; if nothing can be written.
pub fn revoke(repo: &Repo, host: &Host, which: &Which) -> Result<Listed> {
    let desk = Desk::take(repo)?;
    let found = desk.in_force(host.now());
    let (gone, left): (Vec<_>, Vec<_>) =
        found.in_force.into_iter().partition(|one| which.means(one));
    if gone.is_empty()
        && let Some(which) = which.named()
    {
        return Err(Refusal::OverrideNotFound { which }.into());
    }
    if !gone.is_empty() || found.damage.is_some() {
        desk.replace(&left)?;
    }
    for one in &gone {
        account::revoked(repo, host, one)?;
    }
    Ok(Listed { in_force: left, warnings: found.damage.iter().map(damaged).collect() })
}

impl Which {
    fn means(&self, one: &Override) -> bool {
        match self {
            Self::All => true,
            Self::Branch(branch) => one.branch == *branch,
            Self::Id(id) => one.id == *id,
        }
    }

    fn named(&self) -> Option<String> {
        match self {
            Self::All => None,
            Self::Branch(branch) => Some(format!("on `{branch}`")),
            Self::Id(id) => Some(format!("with the id `{}`", id.escape_debug())),
        }
    }
}

/// That the branch is there, that something is refused on it, and that its policy allows overrides.
fn check(repo: &Repo, branch: &BranchName) -> Result<()> {
    if !is_there(repo, branch)? {
        return Err(Refusal::OverrideBranchMissing { branch: branch.to_string() }.into());
    }
    let store = Store::new(repo);
    let judge = BranchJudge::find(&store, repo, branch.clone(), Counting::Active)?;
    let name = branch.to_string();
    match &judge.found {
        Found::Unreadable(error) => Err(super::branch_judge::again(error)),
        Found::Free => Err(Refusal::OverrideNotNeeded { branch: name }.into()),
        Found::Protected | Found::Scoped(_) | Found::Lane(_) | Found::Coordination(_) => {
            match (judge.mode(), judge.may_be_overridden()) {
                (Mode::Warn | Mode::Off, _) => {
                    Err(Refusal::OverrideNotNeeded { branch: name }.into())
                }
                (Mode::Block, false) => Err(Refusal::OverrideDenied { branch: name }.into()),
                (Mode::Block, true) => Ok(()),
            }
        }
    }
}

/// Whether the branch is here, or on a remote as last fetched.
fn is_there(repo: &Repo, branch: &BranchName) -> Result<bool> {
    let refs = Refs { repo, updates: &[], vouching: Vouching::Here };
    Ok(!refs.branch_and_remotes(branch)?.is_empty())
}

fn later(from: Instant, span: Duration) -> Instant {
    let micros = u64::try_from(span.as_micros()).unwrap_or(u64::MAX);
    Instant::from_micros(from.micros().saturating_add(micros))
}

fn damaged(refusal: &Refusal) -> Warning {
    let message = format!("no override is in force: {refusal}; {}", refusal.hint());
    Warning { code: refusal.code(), message }
}
