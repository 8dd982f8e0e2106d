//! `git kitty event`: plumbing of event logs.

use std::fs;
use std::io::{BufRead, Read, stdin};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::request::{MoveOptions, host};
use super::{Answer, Context, print, run};
use crate::domain::id::WpId;
use crate::domain::layout;
use crate::domain::meta::Meta;
use crate::domain::refusal::{Document, Exit, Refusal, STANDARD_INPUT};
use crate::domain::snapshot::{MissionFacts, reduce_bytes};
use crate::flow::append::{self, Incoming};
use crate::flow::status::mission;
use crate::flow::transaction::{Pending, Receipt};
use crate::flow::wp;
use crate::git::Repo;

/// The options of `event`.
#[derive(Debug, Clone, Args)]
pub(super) struct Options {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Clone, Subcommand)]
enum Action {
    /// Print the snapshot of an event log: the bytes of its status.json
    Reduce {
        /// The log, or - for standard input
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// The mission's meta.json, for number and type (default: the one beside FILE)
        #[arg(long, value_name = "FILE")]
        meta: Option<PathBuf>,
    },
    /// Say whether a transition would be allowed, and if not what is missing
    Check {
        /// The work package, e.g. WP01
        #[arg(value_name = "WP")]
        wp_id: WpId,
        #[command(flatten)]
        options: MoveOptions,
        /// The mission: ULID, mid8, slug or directory
        #[arg(long, value_name = "HANDLE")]
        mission: Option<String>,
    },
    /// Append events from standard input, a JSON object a line; answers each with a receipt
    Append {
        /// All lines as one commit, or none of them
        #[arg(long)]
        batch: bool,
        /// The mission: ULID, mid8, slug or directory
        #[arg(long, value_name = "HANDLE")]
        mission: Option<String>,
    },
}

/// The command.
#[must_use]
pub fn main() -> ExitCode {
    run("event", answer)
}

fn answer(options: Options, context: &Context) -> Result<Answer<Value>> {
    match options.action {
        Action::Reduce { file, meta } => reduce(&file, meta, context),
        Action::Check { wp_id, options, mission } => {
            check(&wp_id, options, mission.as_deref(), context)
        }
        Action::Append { batch, mission } => append(batch, mission.as_deref(), context),
    }
}

fn check(
    wp_id: &WpId,
    options: MoveOptions,
    handle: Option<&str>,
    context: &Context,
) -> Result<Answer<Value>> {
    let repo = Repo::discover(&context.directory)?;
    let mission = mission(&repo, handle)?;
    let request = options.request(&host(&repo, context, "event check")?.actor);
    let refusal = match wp::check(&repo, &mission, wp_id, &request) {
        Ok(transition) => {
            let document = json!({"allowed": true, "error_code": null, "missing": []});
            let human = format!("{wp_id} may go from {} to {}\n", transition.from, transition.to);
            return Ok(Answer::new(document, human));
        }
        Err(error) => error.downcast::<Refusal>()?,
    };
    let Some(missing) = lacking(&refusal) else { return Err(refusal.into()) };
    let document = json!({
        "allowed": false, "error_code": refusal.code(), "missing": missing,
        "message": refusal.to_string(), "next_step": refusal.hint(),
    });
    let human = format!("no: {refusal} [{}]\nhint: {}\n", refusal.code(), refusal.hint());
    Ok(Answer::new(document, human).with_exit(Exit::Refused))
}

/// What the step lacks, by its names in JSON; `None` if the refusal is not about the step.
fn lacking(refusal: &Refusal) -> Option<Vec<&'static str>> {
    if let Refusal::TransitionGuard { missing, .. } = refusal {
        return Some(missing.iter().map(|missing| missing.as_str()).collect());
    }
    let about = matches!(refusal, Refusal::IllegalTransition { .. } | Refusal::ForceIncomplete);
    about.then(Vec::new)
}

/// Reads line by line and answers line by line, so that who feeds us can wait for each receipt. A
/// line that is refused ends it: what was acknowledged before stays.
fn append(batch: bool, handle: Option<&str>, context: &Context) -> Result<Answer<Value>> {
    let repo = Repo::discover(&context.directory)?;
    let mission = mission(&repo, handle)?;
    let host = host(&repo, context, "event append")?;
    let lines = stdin().lock().lines().enumerate();
    let mut waiting = Vec::new();
    for (number, line) in lines {
        let line = line.map_err(|error| unread(&error, number + 1))?;
        if line.trim().is_empty() {
            continue;
        }
        let incoming = Incoming::parse(&line, number + 1, &host.actor)?;
        if batch {
            waiting.push(incoming);
        } else {
            acknowledge(&append::append(&repo, &host, &mission, &[incoming])?)?;
        }
    }
    if !waiting.is_empty() {
        acknowledge(&append::append(&repo, &host, &mission, &waiting)?)?;
    }
    Ok(Answer::raw(Vec::new()))
}

fn unread(error: &std::io::Error, line: usize) -> anyhow::Error {
    if error.kind() == std::io::ErrorKind::InvalidData {
        return Refusal::damaged(Document::EventLog, STANDARD_INPUT, Some(line), "not UTF-8")
            .into();
    }
    anyhow::anyhow!("could not read standard input: {error}")
}

fn acknowledge((events, receipt): &(Vec<Pending>, Receipt)) -> Result<()> {
    let commit = receipt.commit.as_ref().map(|(commit, _)| commit);
    for event in events {
        let line = json!({"event_id": event.event_id, "at": event.at, "wp_id": event.wp_id, "commit": commit});
        print(format!("{line}\n").as_bytes())?;
    }
    Ok(())
}

fn reduce(file: &Path, meta: Option<PathBuf>, context: &Context) -> Result<Answer<Value>> {
    let facts = match (meta, file.parent()) {
        (Some(meta), _) => Some(named_facts(&context.directory.join(meta))?),
        (None, Some(directory)) if !is_stdin(file) => {
            facts_beside(&context.directory.join(directory).join(layout::META))?
        }
        (None, _) => None,
    };
    let (name, bytes) = log(file, &context.directory)?;
    Ok(Answer::raw(reduce_bytes(&name, &bytes, facts.as_ref())?))
}

fn is_stdin(file: &Path) -> bool {
    file.as_os_str() == "-"
}

fn log(file: &Path, directory: &Path) -> Result<(String, Vec<u8>)> {
    if is_stdin(file) {
        let mut bytes = Vec::new();
        stdin().lock().read_to_end(&mut bytes).context("could not read standard input")?;
        return Ok((STANDARD_INPUT.to_owned(), bytes));
    }
    let bytes = fs::read(directory.join(file)).map_err(|error| unreadable(file, &error))?;
    Ok((file.display().to_string(), bytes))
}

fn named_facts(meta: &Path) -> Result<MissionFacts> {
    facts(meta, &fs::read(meta).map_err(|error| unreadable(meta, &error))?)
}

fn facts_beside(meta: &Path) -> Result<Option<MissionFacts>> {
    match fs::read(meta) {
        Ok(bytes) => facts(meta, &bytes).map(Some),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unreadable(meta, &error).into()),
    }
}

fn facts(file: &Path, bytes: &[u8]) -> Result<MissionFacts> {
    let meta = Meta::parse(bytes, &file.display().to_string())?;
    Ok(MissionFacts::of(&meta))
}

fn unreadable(file: &Path, error: &std::io::Error) -> Refusal {
    Refusal::FileUnreadable { file: file.display().to_string(), what: error.to_string() }
}
