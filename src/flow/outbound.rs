//! Outbound effects: committed events go to the sinks that the git config names, at least once and
//! in order, after the local commit and outside the lock of the mission.
//!
//! What fails is told as a warning, once for each sink, and waits in the outbox together with the
//! later deliveries of that sink. A sink that hangs is ended, and then left alone for a minute, so
//! that not every command waits for it.

mod carrier;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;

use crate::domain::refname::RefName;
use crate::domain::refusal::{Refusal, Warning, outbound};
use crate::domain::time::Instant;
use crate::git::Repo;
use crate::store::outbox::{Batch, Delivery, Outbox, Queue};

pub use carrier::{Carrier, Commands, Failure};

/// Which deliveries are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// Not those to a sink that hung within the last minute.
    Usual,
    /// All.
    Retry,
}

/// How long a sink that hung is left alone, in microseconds.
const REST: u64 = 60_000_000;

/// The sinks that the config names, as `kitty.sink.<name>.command`, sorted.
#[must_use]
pub fn sinks(repo: &Repo) -> Vec<String> {
    let names = repo.config_subsections("kitty").into_iter();
    let names = names.filter_map(|name| String::from_utf8(name).ok());
    let sinks = names.filter_map(|name| name.strip_prefix("sink.").map(str::to_owned));
    sinks.filter(|name| command_of(repo, name).is_some()).collect()
}

/// The command that a sink is, if the config names it.
fn command_of(repo: &Repo, name: &str) -> Option<String> {
    repo.config_string(format!("kitty.sink.{name}.command"))
}

/// Delivers what waits, and says what could not be delivered. It never fails: the commit is made.
#[must_use]
pub fn deliver(repo: &Repo, patience: Patience, now: Instant) -> Vec<Warning> {
    deliver_with(repo, &mut Commands::of(repo), patience, now)
}

/// As [`deliver`], through another carrier.
#[must_use]
pub fn deliver_with(
    repo: &Repo,
    carrier: &mut dyn Carrier,
    patience: Patience,
    now: Instant,
) -> Vec<Warning> {
    let mut round = Round { carrier, patience, now, stopped: BTreeMap::new() };
    let done = round.run(repo, &Outbox::of(repo.common_dir()));
    let broken = done.err().map(|error| Warning {
        code: outbound::OUTBOX_UNUSABLE,
        message: format!("events wait in the outbox: {error:#}"),
    });
    round.stopped.into_values().chain(broken).collect()
}

/// Gives a delivery up.
///
/// # Errors
/// [`Refusal::DeliveryNotFound`]; [`Refusal::FileLocked`] while another process delivers.
pub fn give_up(repo: &Repo, id: &str) -> Result<()> {
    let outbox = Outbox::of(repo.common_dir());
    let published = |batch: &Batch| is_published(repo, batch);
    let lock = || Refusal::FileLocked { lock: outbox.lock_file().display().to_string() };
    let queue = outbox.queue(&published)?.ok_or_else(lock)?;
    for (path, batch) in queue.batches()? {
        if batch.deliveries.iter().any(|delivery| delivery.id == id) {
            return queue.record(&path, id, None);
        }
    }
    Err(Refusal::DeliveryNotFound { id: id.to_owned() }.into())
}

/// The deliveries of one command.
struct Round<'c> {
    carrier: &'c mut dyn Carrier,
    patience: Patience,
    now: Instant,
    /// The sinks that get nothing more in this round, and why.
    stopped: BTreeMap<String, Warning>,
}

impl Round<'_> {
    /// What comes while another process delivers is its to deliver: it looks again after it has
    /// given up the right to, and so do we.
    fn run(&mut self, repo: &Repo, outbox: &Outbox) -> Result<()> {
        let published = |batch: &Batch| is_published(repo, batch);
        loop {
            let Some(queue) = outbox.queue(&published)? else { return Ok(()) };
            while self.pass(&queue)? {}
            drop(queue);
            let waiting = outbox.waiting()?;
            let mut sinks = waiting.iter().flat_map(|batch| &batch.deliveries);
            if sinks.all(|delivery| self.stopped.contains_key(&delivery.sink)) {
                return Ok(());
            }
        }
    }

    /// Goes through all that waits. Whether anything was tried.
    fn pass(&mut self, queue: &Queue<'_>) -> Result<bool> {
        let mut tried = false;
        for (path, batch) in queue.batches()? {
            for delivery in &batch.deliveries {
                if !self.stopped.contains_key(&delivery.sink) {
                    tried = true;
                    self.attempt(queue, &path, &batch, delivery)?;
                }
            }
        }
        Ok(tried)
    }

    fn attempt(
        &mut self,
        queue: &Queue<'_>,
        path: &Path,
        batch: &Batch,
        delivery: &Delivery,
    ) -> Result<()> {
        if self.rests(delivery) {
            self.stop(delivery, &Failure::Resting);
            return Ok(());
        }
        let Err(failure) = self.carrier.carry(delivery, &batch.events) else {
            return queue.record(path, &delivery.id, None);
        };
        self.stop(delivery, &failure);
        let left = Delivery {
            attempts: delivery.attempts + 1,
            last_attempt: Some(self.now.to_log()),
            last_error: Some(failure.to_string()),
            timed_out: matches!(failure, Failure::TimedOut(_)),
            ..delivery.clone()
        };
        queue.record(path, &delivery.id, Some(left))
    }

    fn rests(&self, delivery: &Delivery) -> bool {
        let last = delivery.last_attempt.as_deref().and_then(Instant::from_log);
        let rested = last.map_or(REST, |last| self.now.micros().abs_diff(last.micros()));
        self.patience == Patience::Usual && delivery.timed_out && rested < REST
    }

    fn stop(&mut self, delivery: &Delivery, failure: &Failure) {
        let message = format!(
            "the sink `{}` {failure}; its events wait in the outbox: `git kitty outbox`",
            delivery.sink
        );
        let warning = Warning { code: failure.code(), message };
        self.stopped.insert(delivery.sink.clone(), warning);
    }
}

/// Whether the branch of a batch has its commit.
fn is_published(repo: &Repo, batch: &Batch) -> Result<bool> {
    let Some(tip) = repo.find(&RefName::of_branch(&batch.branch)?)? else { return Ok(false) };
    batch.commit.parse().map_or(Ok(false), |commit| repo.is_ancestor(commit, tip))
}
