//! `git kitty merge-driver`: what git calls for the log and the snapshot (gitattributes(5),
//! "Defining a custom merge driver").
//!
//! Success writes the merge over OURS. Anything else leaves OURS as it is, says why on standard
//! error, and ends with a status below 129, which git takes for a conflict.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, ValueEnum};

use super::{Answer, Context, run};
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::domain::refusal::Refusal;
use crate::flow::driver::{Versions, event_log, snapshot};
use crate::git::Repo;
use crate::git::file::replace;

/// The options of `merge-driver`.
#[derive(Debug, Clone, Args)]
pub(super) struct Options {
    /// What is merged
    #[arg(value_enum)]
    kind: Kind,
    /// The common ancestor's version: %O
    #[arg(value_name = "BASE")]
    base: PathBuf,
    /// The current version, which the result replaces: %A
    #[arg(value_name = "OURS")]
    ours: PathBuf,
    /// The other branch's version: %B
    #[arg(value_name = "THEIRS")]
    theirs: PathBuf,
    /// Where the result will stand in the repository: %P
    #[arg(value_name = "PATH")]
    path: Option<OsString>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    /// A file of events: the union of both sides
    EventLog,
    /// A status.json: made anew from the union of the logs
    Snapshot,
}

/// The command.
#[must_use]
pub fn main() -> ExitCode {
    run("merge-driver", answer)
}

fn answer(options: Options, context: &Context) -> Result<Answer<()>> {
    let at = |path: &Path| context.directory.join(path);
    let versions = Versions {
        base: read(&at(&options.base))?,
        ours: read(&at(&options.ours))?,
        theirs: read(&at(&options.theirs))?,
    };
    let path = options.path.map(|path| RepoPath::new(path.as_encoded_bytes()));
    let merged = match options.kind {
        Kind::EventLog => event_log(&versions, path.as_ref())?,
        Kind::Snapshot => {
            snapshot(&Repo::discover(&context.directory)?, &versions, path, &merged_heads())?
        }
    };
    replace(&at(&options.ours), &merged)?;
    Ok(Answer::raw(Vec::new()))
}

fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).map_err(|error| {
        let (file, what) = (file.display().to_string(), error.to_string());
        Refusal::FileUnreadable { file, what }.into()
    })
}

/// The commits that `git merge` merges in: it sets `GITHEAD_<id>` for each.
fn merged_heads() -> Vec<Oid> {
    let names = env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    names.filter_map(|name| name.strip_prefix("GITHEAD_")?.parse().ok()).collect()
}
