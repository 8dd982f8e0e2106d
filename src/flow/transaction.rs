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

use anyhow::Result;
use serde_json::{Map, Value};

use crate::domain::event::write::line;
use crate::domain::id::WpId;
use crate::domain::refusal::{Refusal, Warning};
use crate::domain::time::after;
use crate::domain::transition::Transition;
use crate::git::{Durability, MissionLock, Published, Purpose, Repo, crash, recover};
use crate::store::outbox::Prepared;
use crate::store::{Mission, Record, Store};

use super::base::Base;
use super::host::Host;
use super::outbound::{Patience, deliver};

/// How often a lost race is run again before we give up.
const ATTEMPTS: usize = 16;

/// A transaction on one mission: what is there, and what will be.
pub struct Transaction<'h> {
    host: &'h Host,
    base: Base,
    pending: Vec<Pending>,
    message: Option<String>,
    effects: Vec<Effect>,
}

/// Something that is to happen outside once the transaction is published, and never otherwise. It
/// cannot fail the transaction: what goes wrong is a warning.
pub type Effect = Box<dyn FnOnce(&Receipt) -> Vec<Warning>>;

/// An event that will be there when the transaction is published.
#[derive(Debug, Clone, PartialEq, Eq)]
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

/// What a published transaction did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The branch that moved.
    pub branch: String,
    /// The commit, and its message; `None` if there was nothing to do.
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
    mut work: impl FnMut(&mut Transaction<'_>) -> Result<T>,
) -> Result<(T, Receipt)> {
    let store = Store::new(repo);
    let purpose = Purpose { actor: &host.actor, command: host.command, since: host.now() };
    let slug = store.open(dir)?.ok_or_else(|| not_found(dir))?.meta.mission_slug;
    let lock = MissionLock::acquire(repo, &slug, &purpose)?;
    recover(repo, Durability::of(repo)?)?;
    for _ in 0..ATTEMPTS {
        let mission = store.open(dir)?.ok_or_else(|| not_found(dir))?;
        let base = Base::read(&store, repo, mission, wp_id)?;
        let (pending, effects) = (Vec::new(), Vec::new());
        let mut transaction = Transaction { host, base, pending, message: None, effects };
        let answer = match work(&mut transaction) {
            Ok(answer) => answer,
            Err(refused) => {
                transaction.base.mend(repo)?;
                return Err(refused);
            }
        };
        if let Some((receipt, effects)) = transaction.publish(repo)? {
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

impl Transaction<'_> {
    /// The mission.
    #[must_use]
    pub fn mission(&self) -> &Mission {
        &self.base.mission
    }

    /// Where a work package is, what this transaction appended included.
    #[must_use]
    pub fn record(&self, wp_id: &WpId) -> Option<&Record> {
        self.base.statuses.record(wp_id)
    }

    /// The message of the commit, unless an operation gave one before.
    pub fn describe(&mut self, message: String) {
        self.message.get_or_insert(message);
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
        let pending = self.append_fields(fields)?;
        self.describe(format!("{wp_id}: {from} -> {to}"));
        let record = Record {
            status: to,
            actor: self.host.actor.clone(),
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
            Some(id) => id.to_owned(),
            None => self.host.ulid()?,
        };
        if self.base.has_event(&event_id) || self.pending.iter().any(|p| p.event_id == event_id) {
            return Err(Refusal::DoubleEventId { event_id }.into());
        }
        let at = after(self.host.now(), self.base.greatest_at.as_deref())?;
        fields.insert("event_id".to_owned(), event_id.clone().into());
        fields.insert("at".to_owned(), at.clone().into());
        let wp_id = fields.get("wp_id").and_then(Value::as_str).unwrap_or_default().to_owned();
        let pending = Pending { event_id, at: at.clone(), wp_id, line: line(&fields) };
        self.base.greatest_at = Some(at);
        self.pending.push(pending.clone());
        Ok(pending)
    }

    /// Builds, publishes and reads back. `None` if others were faster: then nothing has changed.
    fn publish(self, repo: &Repo) -> Result<Option<(Receipt, Vec<Effect>)>> {
        let Self { host, base, pending, message, effects } = self;
        if pending.is_empty() {
            return Ok(Some((base.unchanged(), effects)));
        }
        let message = message.unwrap_or_else(|| format!("{} events", pending.len()));
        let built = base.build(repo, host, (&pending, &message))?;
        crash::point("after-build");
        base.check_checkouts(repo, &built)?;
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
                let transition = message;
                return Err(Refusal::PublishRefused { branch, transition, message: said }.into());
            }
        }
        crash::point("after-confirm");
        base.read_back(repo, &pending)?;
        let warnings = base.settle(repo, &built, &pending)?;
        crash::point("after-settle");
        let receipt = base.receipt(&built, message, pending);
        Ok(Some((Receipt { warnings, ..receipt }, effects)))
    }
}
