//! `git kitty init`: set a repository up.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use super::install::table;
use super::{Answer, Context, Printable, run};
use crate::hook::{InitReport, init};

/// The options of `init`: none of its own.
#[derive(Debug, Clone, Args)]
pub(super) struct Options {}

/// The command.
#[must_use]
pub fn main() -> ExitCode {
    run("init", answer)
}

fn answer(_: Options, context: &Context) -> Result<Answer<InitReport>> {
    let mut report = init(&context.directory)?;
    let warnings = std::mem::take(&mut report.warnings);
    let human = human(&report);
    Ok(Answer::new(report, human).with_warnings(warnings))
}

fn human(report: &InitReport) -> String {
    let repository = Printable(&report.repository);
    let heading = if report.changed.is_empty() {
        format!("{repository} is set up already (git {})\n", report.git_version)
    } else {
        format!("set up {repository} (git {})\n", report.git_version)
    };
    let changes = report.changed.iter().map(|change| format!("  {}\n", Printable(change)));
    [heading].into_iter().chain(changes).chain([table(&report.hooks)]).collect()
}
