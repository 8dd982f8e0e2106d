//! `git kitty undo`: the last operation is taken back.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use serde_json::{Value, json};

use super::request::{commit_lines, commits_made, host, ref_moves};
use super::{Answer, Context, Printable, run};
use crate::flow::merging::{Undone, undo};
use crate::git::Repo;

/// The options of `undo`.
#[derive(Debug, Clone, Args)]
pub(super) struct Options {
    /// Tell what would be taken back, and do nothing
    #[arg(long)]
    dry_run: bool,
}

/// The command.
#[must_use]
pub fn main() -> ExitCode {
    run("undo", answer)
}

fn answer(options: Options, context: &Context) -> Result<Answer<Value>> {
    let repo = Repo::discover(&context.directory)?;
    let host = host(&repo, context, "undo")?;
    let Undone { operation, by, receipt } = undo(&repo, &host, options.dry_run)?;
    let events: Vec<&str> = receipt.events.iter().map(|event| event.event_id.as_str()).collect();
    let document = json!({
        "mission_slug": operation.mission_slug,
        "dry_run": options.dry_run,
        "operation": by,
        "undone": operation.id,
        "certificate": operation.certificate,
        "refs": ref_moves(&receipt),
        "events": events,
        "commits": commits_made(&repo, &receipt, options.dry_run)?,
    });
    let verb = if options.dry_run { "would be" } else { "is" };
    let human = format!(
        "the merge of {} by {} {verb} taken back\n",
        Printable(&operation.mission_slug),
        Printable(&operation.actor)
    );
    let human = human + &commit_lines(&repo, &receipt, options.dry_run)?;
    Ok(Answer::new(document, human).with_warnings(receipt.warnings))
}
