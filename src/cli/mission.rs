//! `git kitty mission`: the missions of a repository.

mod adopt;
mod close;
mod create;
mod finalize;
mod worktree;

use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::status::package;
use super::{Answer, Context, Printable, run};
use crate::domain::board::State;
use crate::flow::overview::everything;
use crate::flow::status::{mission, view};
use crate::git::Repo;
use crate::store::{Mission, Source, Store, View};

/// The options of `mission`.
#[derive(Debug, Clone, Args)]
pub(super) struct Options {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Clone, Subcommand)]
enum Action {
    /// Make a mission: id, coordination branch and first files; no checkout is touched
    Create(create::Options),
    /// Make a plan hold: check it, compute its lanes, begin its log
    Finalize(finalize::Options),
    /// Give an older mission a coordination branch
    Adopt(Handle),
    /// Remove the worktrees and branches of a mission that has landed
    Close(close::Options),
    /// List the missions that are neither complete nor given up
    List {
        /// List these too
        #[arg(long)]
        all: bool,
    },
    /// Show a mission: identity, branches, lanes, work packages
    Show(Handle),
    /// Find or make the coordination worktree, a view of the mission's branch, or remove it
    Worktree {
        #[command(flatten)]
        handle: Handle,
        /// Remove it, if nobody's work is in it
        #[arg(long)]
        remove: bool,
    },
}

/// The mission that a command is about.
#[derive(Debug, Clone, Args)]
pub(super) struct Handle {
    /// The mission: ULID, mid8, slug or directory (default: that of the branch, or the only open one)
    #[arg(value_name = "MISSION", conflicts_with = "mission")]
    handle: Option<String>,
    /// The mission, as the argument
    #[arg(long, value_name = "HANDLE")]
    mission: Option<String>,
}

impl Handle {
    /// What was given, if anything.
    pub(super) fn as_deref(&self) -> Option<&str> {
        self.handle.as_deref().or(self.mission.as_deref())
    }
}

/// The command.
#[must_use]
pub fn main() -> ExitCode {
    run("mission", answer)
}

fn answer(options: Options, context: &Context) -> Result<Answer<Value>> {
    let repo = Repo::discover(&context.directory)?;
    match options.action {
        Action::Create(options) => create::answer(&repo, options, context),
        Action::Finalize(options) => finalize::answer(&repo, options, context),
        Action::Close(options) => close::answer(&repo, &options, context),
        Action::List { all } => list(&repo, all),
        Action::Adopt(handle) => adopt::answer(&repo, handle.as_deref(), context),
        Action::Show(handle) => show(&repo, handle.as_deref()),
        Action::Worktree { handle, remove } => worktree::answer(&repo, handle.as_deref(), remove),
    }
}

fn list(repo: &Repo, all: bool) -> Result<Answer<Value>> {
    let found = everything(repo)?;
    let is_over = |view: &View| view.is_given_up || view.board().state() == State::Complete;
    let shown: Vec<&View> = found.views.iter().filter(|view| all || !is_over(view)).collect();
    let missions: Vec<Value> = shown.iter().map(|view| entry(view)).collect();
    let lines: String = shown.iter().map(|view| line(view)).collect();
    let human = match (lines.is_empty(), found.views.len()) {
        (true, 0) => "no missions\n".to_owned(),
        (true, hidden) => {
            format!("no open missions; {hidden} complete or given up (`--all` shows them)\n")
        }
        (false, _) => lines,
    };
    let doubts = found.views.iter().flat_map(|view| view.statuses.evidence().warnings());
    let warnings: Vec<_> = found.warnings.into_iter().chain(doubts).collect();
    Ok(Answer::new(json!({ "missions": missions }), human).with_warnings(warnings))
}

fn line(view: &View) -> String {
    let board = view.board();
    let done =
        board.percent_hundredths().map_or_else(|| "-".to_owned(), |h| format!("{} %", h / 100));
    let state = match view.is_given_up {
        true => "given up".to_owned(),
        false => board.state().as_str().replace('_', " "),
    };
    let place = place(&view.mission);
    format!("{}  {state}, {done}, read from {place}\n", Printable(&view.mission.dir))
}

fn place(mission: &Mission) -> String {
    match &mission.source {
        Source::Coordination { branch, .. } => branch.to_string(),
        Source::Primary => "the primary checkout".to_owned(),
    }
}

fn show(repo: &Repo, handle: Option<&str>) -> Result<Answer<Value>> {
    let mut view = view(repo, &Store::new(repo), mission(repo, handle)?)?;
    let warnings = std::mem::take(&mut view.warnings);
    let human = human(&view);
    Ok(Answer::new(entry(&view), human).with_warnings(warnings))
}

fn entry(view: &View) -> Value {
    let Mission { dir, meta, source, .. } = &view.mission;
    let (source, branch, tip) = match source {
        Source::Coordination { branch, tip } => {
            ("coordination", Some(branch.to_string()), Some(tip.to_string()))
        }
        Source::Primary => ("primary", None, None),
    };
    let board = view.board();
    let packages: Vec<Value> = board.packages().iter().map(|p| package(&board, p)).collect();
    let lanes = view.lanes.iter().flat_map(|lanes| &lanes.lanes).map(|lane| {
        json!({
            "lane_id": lane.id.to_string(),
            "branch": format!("{}-{}", view.mission.branch(), lane.id),
            "wp_ids": lane.wp_ids.iter().map(ToString::to_string).collect::<Vec<_>>(),
        })
    });
    json!({
        "mission_id": meta.id.as_ref().map(ToString::to_string),
        "mid8": view.mission.mid8().map(|mid8| mid8.to_string()),
        "mission_slug": dir,
        "friendly_name": meta.friendly_name,
        "coordination_branch": branch,
        "target_branch": meta.target_branch,
        "mission_dir": format!("{}/{dir}", crate::domain::layout::MISSIONS),
        "mission_number": meta.number,
        "topology": meta.topology.map(crate::domain::meta::Topology::as_str),
        "source": source,
        "tip": tip,
        "state": board.state().as_str(),
        "lanes": lanes.collect::<Vec<_>>(),
        "work_packages": packages,
    })
}

fn human(view: &View) -> String {
    let Mission { dir, meta, .. } = &view.mission;
    let id = meta.id.as_ref().map_or_else(|| "no id".to_owned(), ToString::to_string);
    let mut text = format!("{} ({})\n", Printable(dir), Printable(&meta.friendly_name));
    let _ = writeln!(text, "  id: {id}");
    let _ = writeln!(text, "  target: {}", Printable(&meta.target_branch));
    let _ = writeln!(text, "  read from: {}", place(&view.mission));
    for lane in view.lanes.iter().flat_map(|lanes| &lanes.lanes) {
        let ids = lane.wp_ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let _ = writeln!(text, "  {}: {ids}", lane.id);
    }
    text
}
