//! Every change of a mission's log is one transaction, and this is all of it.
//!
//! Why nothing can be lost: the mission's lock keeps others of our kind away; a decision is made
//! against the tip that was read; blobs, trees and commit are built where nothing reaches them yet;
//! then one ref moves, from exactly that tip, or nothing does. Before: nothing happened. After: all
//! of it did, and success is said only after reading it back from the ref. A lost race starts again
//! at the reading, so that no stale decision is ever published.
//!
//! Operations compose: they take `&mut Transaction`, see what it holds already, and never publish.
//! Only [`run`] does, once.

mod content;
mod receipt;

use std::collections::{BTreeMap, VecDeque};

use anyhow::Result;

use crate::domain::change::Mode;
use crate::domain::id::WpId;
use crate::domain::lanes::Lanes;
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::domain::refname::RefName;
use crate::domain::refusal::{Refusal, Warning};
use crate::git::{Durability, MissionLock, Move, Published, Repo, Taken, Worktree, crash, recover};
use crate::store::outbox::Prepared;
use crate::store::{Mission, Store};

use super::base::{Base, Built, Origin};
use super::following::{self, Following};
use super::gate::Writes;
use super::host::Host;
use super::outbound::{Patience, deliver};

pub use receipt::{Pending, Receipt};

/// How often a lost race is run again before we give up.
const ATTEMPTS: usize = 16;

/// A transaction on one mission: what is there, and what will be.
pub struct Transaction<'r> {
    repo: &'r Repo,
    host: &'r Host,
    base: Base,
    pending: Vec<Pending>,
    /// Files beside the log, as they shall be.
    files: BTreeMap<RepoPath, Put>,
    announcement: Option<Announcement>,
    /// Uncommitted changes of a checkout that are among these files.
    taken: Option<Taken>,
    /// Other refs: what they hold, and what they shall hold.
    moves: Vec<(RefName, Option<Oid>, Option<Tip>)>,
    /// What moves because of the commit that the transaction makes.
    derivation: Option<Derivation>,
    /// Whether the destination is to be deleted.
    ends: bool,
    steps: Vec<String>,
    effects: Vec<Effect>,
    /// Ids for the events to come; when there are none, new ones are drawn.
    ids: VecDeque<String>,
}

/// What a file shall be; without a mode it keeps the one that it has.
pub(super) type Put = Option<(Vec<u8>, Option<Mode>)>;

/// Something that is on disk, with the commit that the transaction makes, before the destination has
/// that: it counts only if the destination does.
pub(super) type Announcement = Box<dyn FnOnce(&Repo, Oid) -> Result<()>>;

/// Moves of other refs that lead to the commit that the transaction makes, or come of it. What it
/// builds is reached by nothing until these moves are made, together with that of the destination.
pub(super) type Derivation = Box<dyn FnOnce(&Repo, &Host, Oid) -> Result<Vec<Move>>>;

/// Where another ref goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tip {
    /// To the commit that the transaction makes; if it makes none, to the destination's tip.
    Own,
    /// To a commit that is there, durably.
    Commit(Oid),
}

/// Something that is to happen outside once the transaction is published, and never otherwise. It
/// cannot fail the transaction: what goes wrong is a warning.
pub type Effect = Box<dyn FnOnce(&Receipt) -> Vec<Warning>>;

/// Runs `work` in a transaction on the mission in `dir`, for a write about `wp_id` (older missions
/// write to its lane), and publishes what it appended.
///
/// `work` may run several times: after a lost race it sees the new state.
///
/// # Errors
/// What `work` refuses; the gate's and the lock's codes; [`Refusal::PublishRefused`] if a foreign
/// hook refuses, [`Refusal::PublishLost`] after 16 lost races. Nothing has changed then.
pub fn run<T>(
    repo: &Repo,
    host: &Host,
    (dir, wp_id): (&str, Option<&WpId>),
    work: impl FnMut(&mut Transaction<'_>) -> Result<T>,
) -> Result<(T, Receipt)> {
    let slug = Store::new(repo).open(dir)?.ok_or_else(|| not_found(dir))?.meta.mission_slug;
    let lock = MissionLock::acquire(repo, &slug, &host.purpose())?;
    run_under(lock, (repo, host), &existing(repo, dir, (wp_id, Writes::Destination)), work, |_| ())
}

/// As [`run`], for work that moves branches of the mission and commits nothing, so that it does not
/// matter whether its destination is protected.
///
/// # Errors
/// As [`run`].
pub(super) fn run_moves<T>(
    repo: &Repo,
    host: &Host,
    dir: &str,
    work: impl FnMut(&mut Transaction<'_>) -> Result<T>,
) -> Result<(T, Receipt)> {
    let slug = Store::new(repo).open(dir)?.ok_or_else(|| not_found(dir))?.meta.mission_slug;
    let lock = MissionLock::acquire(repo, &slug, &host.purpose())?;
    run_under(lock, (repo, host), &existing(repo, dir, (None, Writes::Others)), work, |_| ())
}

/// As [`run`], up to the moment of publishing: what it would do, and nothing of it is done. What was
/// built for that is reached by nothing.
///
/// # Errors
/// As [`run`], but for what comes of locks, hooks and races.
pub(super) fn rehearse<T>(
    repo: &Repo,
    host: &Host,
    dir: &str,
    work: impl FnOnce(&mut Transaction<'_>) -> Result<T>,
) -> Result<(T, Receipt)> {
    let base = existing(repo, dir, (None, Writes::Destination))()?;
    let mut transaction = Transaction::new((repo, host), base);
    let answer = work(&mut transaction)?;
    Ok((answer, transaction.ready()?.receipt()))
}

/// How a transaction comes to what it starts from, each time that it starts.
pub(super) type Start<'s> = dyn Fn() -> Result<Base> + 's;

/// The start from a mission that is there.
pub(super) fn existing<'s>(
    repo: &'s Repo,
    dir: &'s str,
    (wp_id, writes): (Option<&'s WpId>, Writes),
) -> impl Fn() -> Result<Base> + 's {
    move || {
        let store = Store::new(repo);
        let mission = store.open(dir)?.ok_or_else(|| not_found(dir))?;
        Base::read(&store, repo, mission, (wp_id, writes))
    }
}

/// As [`run`], with the lock that the caller has taken. `settled` is told of a success while the
/// lock is still held, so that who gets it next knows of it.
pub(super) fn run_under<T>(
    lock: MissionLock,
    (repo, host): (&Repo, &Host),
    start: &Start<'_>,
    mut work: impl FnMut(&mut Transaction<'_>) -> Result<T>,
    settled: impl FnOnce(&Receipt),
) -> Result<(T, Receipt)> {
    recover(repo, Durability::of(repo)?)?;
    let mut branch = String::new();
    for _ in 0..ATTEMPTS {
        let base = start()?;
        following::catch_up(repo, &base.mission.dir)?;
        branch = base.destination.to_string();
        let mut transaction = Transaction::new((repo, host), base);
        let answer = match work(&mut transaction) {
            Ok(answer) => answer,
            Err(refused) => {
                // What cannot be mended now hinders the next one as well, and is said there.
                let _ = transaction.base.mend(repo);
                return Err(refused);
            }
        };
        if let Some((receipt, effects)) = transaction.publish()? {
            settled(&receipt);
            drop(lock);
            return Ok((answer, outbound(repo, host, receipt, effects)));
        }
    }
    Err(Refusal::PublishLost { branch }.into())
}

/// What happens outside, with the lock released: the effects in their order, then the sinks.
fn outbound(repo: &Repo, host: &Host, mut receipt: Receipt, effects: Vec<Effect>) -> Receipt {
    crash::point("after-release");
    if receipt.commit.is_some() {
        for effect in effects {
            let warnings = effect(&receipt);
            receipt.warnings.extend(warnings);
        }
        receipt.warnings.extend(deliver(repo, Patience::Usual, host.now()));
    }
    receipt
}

fn not_found(dir: &str) -> Refusal {
    Refusal::MissionNotFound { handle: dir.to_owned() }
}

impl<'r> Transaction<'r> {
    pub(super) fn new((repo, host): (&'r Repo, &'r Host), base: Base) -> Self {
        let (pending, steps, effects) = (Vec::new(), Vec::new(), Vec::new());
        let (files, moves, ids) = (BTreeMap::new(), Vec::new(), VecDeque::new());
        Self {
            repo,
            host,
            base,
            pending,
            files,
            announcement: None,
            taken: None,
            moves,
            derivation: None,
            ends: false,
            steps,
            effects,
            ids,
        }
    }

    /// The mission.
    #[must_use]
    pub fn mission(&self) -> &Mission {
        &self.base.mission
    }

    /// Its lanes, if it has a `lanes.json`.
    #[must_use]
    pub const fn lanes(&self) -> Option<&Lanes> {
        self.base.lanes.as_ref()
    }

    /// That events about a work package go where this transaction goes.
    ///
    /// # Errors
    /// [`Refusal::SeveralDestinations`]: only in older missions, each lane of which has its log.
    pub fn check_destination(&self, repo: &Repo, wp_id: &WpId) -> Result<()> {
        self.base.check_destination(repo, wp_id)
    }

    /// Says in the message of the commit what is done; the first step is its subject.
    pub fn describe(&mut self, step: String) {
        self.steps.push(step);
    }

    /// Does `work`, or nothing of it: if it fails, the transaction is as it was before.
    ///
    /// # Errors
    /// As `work`.
    pub fn attempt<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let (statuses, at) = (self.base.statuses.clone(), self.base.greatest_at.clone());
        let files = self.files.clone();
        let lengths = [self.pending.len(), self.steps.len(), self.effects.len(), self.moves.len()];
        let result = work(self);
        if result.is_err() {
            (self.base.statuses, self.base.greatest_at) = (statuses, at);
            self.files = files;
            let [pending, steps, effects, moves] = lengths;
            self.pending.truncate(pending);
            self.steps.truncate(steps);
            self.effects.truncate(effects);
            self.moves.truncate(moves);
            self.ids.clear();
        }
        result
    }

    /// The commit that brought an event into the log, and the event's line; `None` if the log has
    /// no such event.
    ///
    /// # Errors
    /// If a commit or its log cannot be read.
    pub(super) fn origin(&self, event_id: &str) -> Result<Option<Origin>> {
        self.base.origin(self.repo, event_id)
    }

    /// The receipt of a transaction that came before this one.
    pub(super) fn receipt_of(&self, origin: Origin, events: Vec<Pending>) -> Receipt {
        let commit = Some((origin.commit.to_string(), origin.subject));
        Receipt { commit, events, ..self.base.unchanged() }
    }

    /// Registers something that is to happen outside, after what was registered before.
    pub fn afterwards(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    /// Builds, publishes and reads back. `None` if others were faster: then nothing has changed.
    fn publish(self) -> Result<Option<(Receipt, Vec<Effect>)>> {
        self.ready()?.publish()
    }

    /// Builds all objects, which nothing reaches yet, and with them says which refs move.
    fn ready(self) -> Result<Ready<'r>> {
        let message = self.message();
        let Self { repo, host, mut base, pending, files, taken, ends, effects, .. } = self;
        let built =
            if ends { base.ended() } else { base.build(repo, host, (&pending, files), &message)? };
        let mut moves = base.moves(&built, &self.moves)?;
        let derived = match (self.derivation, built.commit()) {
            (Some(derive), Some(commit)) => derive(repo, host, commit)?,
            (Some(_) | None, _) => Vec::new(),
        };
        let tip = built.commit().unwrap_or(base.tip);
        let following = Following::of((&base.mission.dir, tip), moves.first(), &derived);
        moves.extend(derived);
        let announcement = self.announcement;
        let is_nothing = built.is_nothing() && self.moves.is_empty();
        crash::point("after-build");
        Ok(Ready {
            repo,
            host,
            base,
            pending,
            built,
            moves,
            is_nothing,
            following,
            taken,
            announcement,
            effects,
            message,
        })
    }

    /// The message of the commit: what is done, or its first step and then all of them.
    fn message(&self) -> String {
        match self.steps.as_slice() {
            [] if self.pending.is_empty() => "Move branches\n".to_owned(),
            [] => format!("{} events\n", self.pending.len()),
            [only] => format!("{only}\n"),
            [first, rest @ ..] => {
                let steps: String = self.steps.iter().map(|step| format!("{step}\n")).collect();
                format!("{first}, and {} more\n\n{steps}", rest.len())
            }
        }
    }
}

/// A transaction of which all is built, and nothing published.
struct Ready<'r> {
    repo: &'r Repo,
    host: &'r Host,
    base: Base,
    pending: Vec<Pending>,
    built: Built,
    /// All refs that move; the destination's own move is among them.
    moves: Vec<Move>,
    /// Whether there is nothing to publish.
    is_nothing: bool,
    /// Checkouts of other branches.
    following: Following,
    taken: Option<Taken>,
    announcement: Option<Announcement>,
    effects: Vec<Effect>,
    message: String,
}

impl Ready<'_> {
    /// That every checkout of a branch that moves can follow; returns those of the destination.
    fn check(&self) -> Result<Vec<Worktree>> {
        let checkouts = self.base.checkouts(self.repo, &self.built, self.taken.as_ref())?;
        self.following.check(self.repo)?;
        Ok(checkouts)
    }

    /// Publishes and reads back. `None` if others were faster: then nothing has changed.
    fn publish(mut self) -> Result<Option<(Receipt, Vec<Effect>)>> {
        if self.is_nothing {
            return Ok(Some((self.base.unchanged(), self.effects)));
        }
        let (repo, host) = (self.repo, self.host);
        let checkouts = self.check()?;
        if let (Some(announcement), Some(commit)) = (self.announcement.take(), self.built.commit())
        {
            announcement(repo, commit)?;
        }
        self.following.announce(repo)?;
        crash::point("after-announcement");
        let news = self.base.news(repo, host, &self.built, &self.pending)?;
        crash::point("after-outbox");
        match self.base.publish(repo, host, &self.moves, &self.message)? {
            Published::Done => news.map_or(Ok(()), Prepared::confirm)?,
            Published::Lost { .. } => {
                news.map_or(Ok(()), Prepared::discard)?;
                return Ok(None);
            }
            Published::Refused { message: said } => {
                news.map_or(Ok(()), Prepared::discard)?;
                let branch = self.base.destination.to_string();
                let transition = subject(&self.message).to_owned();
                return Err(Refusal::PublishRefused { branch, transition, message: said }.into());
            }
        }
        crash::point("after-confirm");
        self.base.read_back(repo, &self.built, &self.pending)?;
        let mut warnings = self.base.settle(repo, &self.built, &checkouts);
        warnings.extend(self.following.follow(repo));
        self.base.remember(repo, &self.built);
        crash::point("after-settle");
        let effects = std::mem::take(&mut self.effects);
        Ok(Some((Receipt { warnings, ..self.receipt() }, effects)))
    }

    fn receipt(self) -> Receipt {
        let receipt =
            self.base.receipt(&self.built, subject(&self.message).to_owned(), self.pending);
        let is_move = |one: &Move| one.old != one.new;
        Receipt { moves: self.moves.into_iter().filter(is_move).collect(), ..receipt }
    }
}

fn subject(message: &str) -> &str {
    message.lines().next().unwrap_or_default()
}
