//! `git kitty outbox`: what waits to be delivered to the sinks.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use serde::Serialize;
use serde_json::Value;

use super::clock::now;
use super::{Answer, Context, Printable, run};
use crate::domain::refusal::Exit;
use crate::flow::outbound::{Patience, deliver, give_up};
use crate::git::Repo;
use crate::store::outbox::{Batch, Delivery, Outbox};

/// The options of `outbox`.
#[derive(Debug, Clone, Args)]
pub(super) struct Options {
    /// Try to deliver all that waits, now
    #[arg(long, conflicts_with = "drop")]
    retry: bool,
    /// Give a delivery up
    #[arg(long, value_name = "ID")]
    drop: Option<String>,
}

#[derive(Debug, Serialize)]
struct Document {
    deliveries: Vec<Entry>,
}

/// A delivery that waits.
#[derive(Debug, Serialize)]
struct Entry {
    id: String,
    sink: String,
    branch: String,
    commit: String,
    /// Their ids, in order.
    events: Vec<String>,
    attempts: u32,
    last_attempt: Option<String>,
    last_error: Option<String>,
    since: String,
}

/// The command.
#[must_use]
pub fn main() -> ExitCode {
    run("outbox", answer)
}

fn answer(options: Options, context: &Context) -> Result<Answer<Document>> {
    let repo = Repo::discover(&context.directory)?;
    if let Some(id) = &options.drop {
        give_up(&repo, id)?;
    }
    let warnings = if options.retry { deliver(&repo, Patience::Retry, now()) } else { Vec::new() };
    let batches = Outbox::of(repo.common_dir()).waiting()?;
    let deliveries: Vec<Entry> = batches.iter().flat_map(entries).collect();
    let exit = if warnings.is_empty() { Exit::Yes } else { Exit::Refused };
    let human = human(&deliveries);
    Ok(Answer::new(Document { deliveries }, human).with_warnings(warnings).with_exit(exit))
}

fn entries(batch: &Batch) -> impl Iterator<Item = Entry> {
    batch.deliveries.iter().map(|delivery| entry(batch, delivery))
}

fn entry(batch: &Batch, delivery: &Delivery) -> Entry {
    Entry {
        id: delivery.id.clone(),
        sink: delivery.sink.clone(),
        branch: batch.branch.clone(),
        commit: batch.commit.clone(),
        events: batch.events.iter().filter_map(|line| event_id(line)).collect(),
        attempts: delivery.attempts,
        last_attempt: delivery.last_attempt.clone(),
        last_error: delivery.last_error.clone(),
        since: batch.since.clone(),
    }
}

fn event_id(line: &str) -> Option<String> {
    let value: Value = serde_json::from_str(line).ok()?;
    value.get("event_id")?.as_str().map(str::to_owned)
}

fn human(deliveries: &[Entry]) -> String {
    if deliveries.is_empty() {
        return "nothing waits to be delivered\n".to_owned();
    }
    let line = |entry: &Entry| {
        let events = entry.events.len();
        let plural = if events == 1 { "" } else { "s" };
        let failed = match &entry.last_error {
            Some(error) => format!(", tried {} times, {}", entry.attempts, Printable(error)),
            None => String::new(),
        };
        let (id, branch) = (Printable(&entry.id), Printable(&entry.branch));
        format!("{id}: {events} event{plural} of {branch} since {}{failed}\n", entry.since)
    };
    deliveries.iter().map(line).collect()
}
