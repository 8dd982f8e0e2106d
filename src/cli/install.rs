//! `git kitty install`: the hooks.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use super::{Answer, Context, Printable, run};
use crate::domain::agent::Tool;
use crate::hook::install::{
    AgentReport, AgentRow, HookRow, HookState, Report, agents, install, install_server, status,
    tell, uninstall, untell, untell_all,
};
use crate::hook::{Door, wished_doors};

/// The options of `install`.
#[derive(Debug, Clone, Args)]
pub(super) struct Options {
    /// Take the hooks away, and restore what was there before
    #[arg(long, conflicts_with_all = ["status", "doors"])]
    uninstall: bool,
    /// Show how the hooks stand, and change nothing
    #[arg(long, conflicts_with = "doors")]
    status: bool,
    /// The tools to tell that they must ask before they edit files, or with --uninstall to tell no longer: claude, codex, cursor; the hooks stay as they are
    #[arg(long, value_name = "NAME", value_delimiter = ',', conflicts_with_all = ["status", "doors"])]
    agent: Vec<Tool>,
    /// Install the hook of a server instead, in a bare repository that others push to
    #[arg(long, conflicts_with_all = ["uninstall", "status", "doors", "agent"])]
    server: bool,
    /// The hooks to install, separated by commas (default: those of kitty.doors, else all)
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    doors: Vec<Door>,
}

#[derive(Debug, Serialize)]
struct Body {
    hooks: Vec<HookRow>,
    agents: Vec<AgentRow>,
}

/// The command.
#[must_use]
pub fn main() -> ExitCode {
    run("install", answer)
}

fn answer(options: Options, context: &Context) -> Result<Answer<Body>> {
    let start = &context.directory;
    if !options.agent.is_empty() {
        let tools = wished(options.agent);
        let report = if options.uninstall { untell(start, &tools) } else { tell(start, &tools) }?;
        return Ok(told(Report::default(), report));
    }
    let agents = if options.uninstall {
        untell_all(start)?
    } else {
        AgentReport { rows: agents(start)?, ..AgentReport::default() }
    };
    let report = match (options.uninstall, options.status) {
        (true, _) => uninstall(start)?,
        (false, true) => status(start)?,
        (false, false) if options.server => install_server(start)?,
        (false, false) if options.doors.is_empty() => install(start, &wished_doors(start)?)?,
        (false, false) => install(start, &wished(options.doors))?,
    };
    Ok(told(report, agents))
}

fn told(hooks: Report, agents: AgentReport) -> Answer<Body> {
    let changed = hooks.changed.iter().chain(&agents.changed);
    let changes = changed.map(|change| format!("{}\n", Printable(change)));
    let human: String = changes.chain([table(&hooks.rows), agent_table(&agents.rows)]).collect();
    let warnings = hooks.warnings.into_iter().chain(agents.warnings);
    Answer::new(Body { hooks: hooks.rows, agents: agents.rows }, human).with_warnings(warnings)
}

fn agent_table(rows: &[AgentRow]) -> String {
    let line = |AgentRow { agent, worktree, state, path }: &AgentRow| {
        let (worktree, path) = (Printable(worktree), Printable(path));
        format!("{agent}: {} in {worktree} ({path})\n", state.word())
    };
    rows.iter().map(line).collect()
}

fn wished<T: Ord>(mut names: Vec<T>) -> Vec<T> {
    names.sort();
    names.dedup();
    names
}

/// The rows as lines of text.
pub(super) fn table(rows: &[HookRow]) -> String {
    rows.iter().map(line).collect()
}

fn line(row: &HookRow) -> String {
    let HookRow { event, worktree, state, path, version, .. } = row;
    let version = version.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
    let (worktree, path) = (Printable(worktree), Printable(path));
    match state {
        HookState::Missing => format!("{event}: {} in {worktree}\n", state.word()),
        HookState::Installed
        | HookState::Outdated
        | HookState::Idle
        | HookState::Replaced
        | HookState::Foreign => {
            format!("{event}: {}{version} in {worktree} ({path})\n", state.word())
        }
    }
}
