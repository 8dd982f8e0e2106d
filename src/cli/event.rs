//! `git kitty event`: plumbing of event logs.

use std::fs;
use std::io::{Read, stdin};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};

use super::{Answer, Context, run};
use crate::domain::layout;
use crate::domain::meta::Meta;
use crate::domain::refusal::Refusal;
use crate::domain::snapshot::{MissionFacts, reduce_bytes};

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
}

/// The command.
#[must_use]
pub fn main() -> ExitCode {
    run("event", answer)
}

fn answer(options: Options, context: &Context) -> Result<Answer<()>> {
    let Action::Reduce { file, meta } = options.action;
    let facts = match (meta, file.parent()) {
        (Some(meta), _) => Some(named_facts(&context.directory.join(meta))?),
        (None, Some(directory)) if !is_stdin(&file) => {
            facts_beside(&context.directory.join(directory).join(layout::META))?
        }
        (None, _) => None,
    };
    let (name, bytes) = log(&file, &context.directory)?;
    Ok(Answer::raw(reduce_bytes(&name, &bytes, facts.as_ref())?))
}

fn is_stdin(file: &Path) -> bool {
    file.as_os_str() == "-"
}

fn log(file: &Path, directory: &Path) -> Result<(String, Vec<u8>)> {
    if is_stdin(file) {
        let mut bytes = Vec::new();
        stdin().lock().read_to_end(&mut bytes).context("could not read standard input")?;
        return Ok(("standard input".to_owned(), bytes));
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
    Ok(MissionFacts { number: meta.number.map(i64::from), mission_type: Some(meta.mission_type) })
}

fn unreadable(file: &Path, error: &std::io::Error) -> Refusal {
    Refusal::FileUnreadable { file: file.display().to_string(), what: error.to_string() }
}
