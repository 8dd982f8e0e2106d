//! `git kitty install`: the hooks.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use super::{Answer, Context, Printable, run};
use crate::hook::Door;
use crate::hook::install::{HookRow, HookState, Report, install, status, uninstall};

/// The options of `install`.
#[derive(Debug, Clone, Args)]
pub(super) struct Options {
    /// Take the hooks away, and restore what was there before
    #[arg(long, conflicts_with_all = ["status", "doors"])]
    uninstall: bool,
    /// Show how the hooks stand, and change nothing
    #[arg(long, conflicts_with = "doors")]
    status: bool,
    /// The hooks to install, separated by commas (default: all)
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    doors: Vec<Door>,
}

#[derive(Debug, Serialize)]
struct Body {
    hooks: Vec<HookRow>,
}

/// The command.
#[must_use]
pub fn main() -> ExitCode {
    run("install", answer)
}

fn answer(options: Options, context: &Context) -> Result<Answer<Body>> {
    let start = &context.directory;
    let report = match (options.uninstall, options.status) {
        (true, _) => uninstall(start)?,
        (false, true) => status(start)?,
        (false, false) if options.doors.is_empty() => install(start, Door::ALL)?,
        (false, false) => install(start, &wished(options.doors))?,
    };
    let human = human(&report);
    Ok(Answer::new(Body { hooks: report.rows }, human).with_warnings(report.warnings))
}

fn wished(mut doors: Vec<Door>) -> Vec<Door> {
    doors.sort();
    doors.dedup();
    doors
}

fn human(report: &Report) -> String {
    let changes = report.changed.iter().map(|change| format!("{}\n", Printable(change)));
    changes.chain([table(&report.rows)]).collect()
}

/// The rows as lines of text.
pub(super) fn table(rows: &[HookRow]) -> String {
    rows.iter().map(line).collect()
}

fn line(row: &HookRow) -> String {
    let HookRow { event, worktree, state, path, version } = row;
    let version = version.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
    let (worktree, path) = (Printable(worktree), Printable(path));
    match state {
        HookState::Missing => format!("{event}: {} in {worktree}\n", state.word()),
        HookState::Installed | HookState::Outdated | HookState::Replaced | HookState::Foreign => {
            format!("{event}: {}{version} in {worktree} ({path})\n", state.word())
        }
    }
}
