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

use std::collections::VecDeque;

use anyhow::Result;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::domain::event::write::line;
use crate::domain::id::WpId;
use crate::domain::lanes::Lanes;
use crate::domain::refusal::{Refusal, Warning};
use crate::domain::time::after;
use crate::domain::transition::Transition;
use crate::git::{Durability, MissionLock, Published, Repo, crash, recover};
use crate::store::outbox::Prepared;
use crate::store::{Mission, Record, Store};

use super::base::{Base, Origin};
use super::host::Host;
use super::outbound::{Patience, deliver};

/// How often a lost race is run again before we give up.
const ATTEMPTS: usize = 16;

/// A transaction on one mission: what is there, and what will be.
pub struct Transaction<'r> {
    repo: &'r Repo,
    host: &'r Host,
    base: Base,
    pending: Vec<Pending>,
    steps: Vec<String>,
    effects: Vec<Effect>,
    /// Ids for the events to come; when there are none, new ones are drawn.
    ids: VecDeque<String>,
}

/// Something that is to happen outside once the transaction is published, and never otherwise. It
/// cannot fail the transaction: what goes wrong is a warning.
pub type Effect = Box<dyn FnOnce(&Receipt) -> Vec<Warning>>;

/// An event that will be there when the transaction is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// Its id.
    pub event_id: String,
    /// Its time, as the log will have it.
    pub at: String,
    /// The work package it is about.
    pub wp_id: String,
    /// The line, without its end.
    pub line: String,
}

impl Pending {
    /// The event that a line of a log has.
    pub(super) fn of_line(line: &str) -> Result<Self> {
        let fields: Map<String, Value> = serde_json::from_str(line)?;
        let text =
            |key: &str| fields.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let line = line.to_owned();
        Ok(Self { event_id: text("event_id"), at: text("at"), wp_id: text("wp_id"), line })
    }
}

/// What a published transaction did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The branch that moved.
    pub branch: String,
    /// The commit, and the first line of its message; `None` if there was nothing to do.
    pub commit: Option<(String, String)>,
    /// The events, in order.
    pub events: Vec<Pending>,
    /// The log, from the top of the repository.
    pub log_path: String,
    /// What is worth telling.
    pub warnings: Vec<Warning>,
}

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
    run_under(lock, (repo, host), (dir, wp_id), work, |_| ())
}

/// As [`run`], with the lock that the caller has taken. `settled` is told of a success while the
/// lock is still held, so that who gets it next knows of it.
pub(super) fn run_under<T>(
    lock: MissionLock,
    (repo, host): (&Repo, &Host),
    (dir, wp_id): (&str, Option<&WpId>),
    mut work: impl FnMut(&mut Transaction<'_>) -> Result<T>,
    settled: impl FnOnce(&Receipt),
) -> Result<(T, Receipt)> {
    let store = Store::new(repo);
    recover(repo, Durability::of(repo)?)?;
    for _ in 0..ATTEMPTS {
        let mission = store.open(dir)?.ok_or_else(|| not_found(dir))?;
        let base = Base::read(&store, repo, mission, wp_id)?;
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
    Err(Refusal::PublishLost { branch: dir.to_owned() }.into())
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
        Self { repo, host, base, pending, steps, effects, ids: VecDeque::new() }
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

    /// Where a work package is, what this transaction appended included.
    #[must_use]
    pub fn record(&self, wp_id: &WpId) -> Option<&Record> {
        self.base.statuses.record(wp_id)
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
        let lengths = (self.pending.len(), self.steps.len(), self.effects.len());
        let result = work(self);
        if result.is_err() {
            (self.base.statuses, self.base.greatest_at) = (statuses, at);
            self.pending.truncate(lengths.0);
            self.steps.truncate(lengths.1);
            self.effects.truncate(lengths.2);
            self.ids.clear();
        }
        result
    }

    /// Gives ids that were just drawn to the next events, one each.
    pub(super) fn number(&mut self, event_ids: &[String]) {
        self.ids = event_ids.iter().cloned().collect();
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

    /// Appends the event of a planned transition.
    ///
    /// # Errors
    /// [`Refusal::TimeExhausted`] if no time follows those in the log.
    pub fn append(&mut self, wp_id: &WpId, transition: Transition) -> Result<Pending> {
        let (from, to) = (transition.from, transition.to);
        let mut fields = transition.fields;
        let mode = if self.base.has_lane(wp_id) { "worktree" } else { "direct_repo" };
        fields.insert("wp_id".to_owned(), wp_id.as_str().into());
        fields.insert("execution_mode".to_owned(), mode.into());
        fields.entry("policy_metadata").or_insert(Value::Null);
        self.base.name_mission(&mut fields);
        let actor = fields.get("actor").and_then(Value::as_str).unwrap_or_default().to_owned();
        let pending = self.append_fields(fields)?;
        self.describe(format!("{wp_id}: {from} -> {to}"));
        let record = Record {
            status: to,
            actor,
            at: pending.at.clone(),
            event_id: pending.event_id.clone(),
        };
        self.base.statuses.set(wp_id.clone(), record);
        Ok(pending)
    }

    /// Appends an event of any kind; id and time are given if it has none.
    ///
    /// # Errors
    /// [`Refusal::DoubleEventId`] if the log has an event of that id.
    pub fn append_fields(&mut self, mut fields: Map<String, Value>) -> Result<Pending> {
        let event_id = match fields.get("event_id").and_then(Value::as_str) {
            Some(id) => self.unused(id.to_owned())?,
            None => self.ids.pop_front().map_or_else(|| self.host.ulid(), Ok)?,
        };
        let at = after(self.host.now(), self.base.greatest_at.as_deref())?;
        fields.insert("event_id".to_owned(), event_id.clone().into());
        fields.insert("at".to_owned(), at.clone().into());
        let wp_id = fields.get("wp_id").and_then(Value::as_str).unwrap_or_default().to_owned();
        let pending = Pending { event_id, at: at.clone(), wp_id, line: line(&fields) };
        self.base.greatest_at = Some(at);
        self.pending.push(pending.clone());
        Ok(pending)
    }

    /// The id, if no event has it yet.
    fn unused(&self, event_id: String) -> Result<String> {
        let is_pending = self.pending.iter().any(|pending| pending.event_id == event_id);
        if is_pending || self.base.has_event(self.repo, &event_id)? {
            return Err(Refusal::DoubleEventId { event_id }.into());
        }
        Ok(event_id)
    }

    /// Builds, publishes and reads back. `None` if others were faster: then nothing has changed.
    fn publish(self) -> Result<Option<(Receipt, Vec<Effect>)>> {
        let message = self.message();
        let Self { repo, host, mut base, pending, effects, .. } = self;
        if pending.is_empty() {
            return Ok(Some((base.unchanged(), effects)));
        }
        let built = base.build(repo, host, (&pending, &message))?;
        crash::point("after-build");
        let checkouts = base.checkouts(repo, &built)?;
        let news = base.news(repo, host, &built, &pending)?;
        crash::point("after-outbox");
        match base.publish(repo, host, (&built, &message))? {
            Published::Done => news.map_or(Ok(()), Prepared::confirm)?,
            Published::Lost { .. } => {
                news.map_or(Ok(()), Prepared::discard)?;
                return Ok(None);
            }
            Published::Refused { message: said } => {
                news.map_or(Ok(()), Prepared::discard)?;
                let branch = base.destination.to_string();
                let transition = subject(&message).to_owned();
                return Err(Refusal::PublishRefused { branch, transition, message: said }.into());
            }
        }
        crash::point("after-confirm");
        base.read_back(repo, &built, &pending)?;
        let warnings = base.settle(repo, &built, &checkouts);
        base.remember(repo, &built);
        crash::point("after-settle");
        let receipt = base.receipt(&built, subject(&message).to_owned(), pending);
        Ok(Some((Receipt { warnings, ..receipt }, effects)))
    }

    /// The message of the commit: what is done, or its first step and then all of them.
    fn message(&self) -> String {
        match self.steps.as_slice() {
            [] => format!("{} events\n", self.pending.len()),
            [only] => format!("{only}\n"),
            [first, rest @ ..] => {
                let steps: String = self.steps.iter().map(|step| format!("{step}\n")).collect();
                format!("{first}, and {} more\n\n{steps}", rest.len())
            }
        }
    }
}

fn subject(message: &str) -> &str {
    message.lines().next().unwrap_or_default()
}
