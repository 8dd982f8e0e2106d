//! `git kitty status`: the board of a mission, or of all.

use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use serde_json::{Map, Value, json};

use super::watch::watch;
use super::{Answer, Context, Printable, run};
use crate::domain::board::{Board, Package};
use crate::domain::status::Status;
use crate::flow::overview::overview;
use crate::git::Repo;
use crate::store::{Store, View};

/// The options of `status` and `ready`.
#[derive(Debug, Clone, Args)]
pub(super) struct Options {
    /// The mission: ULID, mid8, slug or directory (default: all)
    #[arg(value_name = "MISSION", conflicts_with = "mission")]
    handle: Option<String>,
    /// The mission, as the argument
    #[arg(long, value_name = "HANDLE")]
    mission: Option<String>,
    /// Show it again whenever it changes
    #[arg(long)]
    watch: bool,
}

/// The command.
#[must_use]
pub fn main() -> ExitCode {
    run("status", answer)
}

fn answer(options: Options, context: &Context) -> Result<Answer<Value>> {
    shown(options, context, board)
}

/// What `look` sees of the mission that is asked for, or of all; with `--watch` until nobody reads it.
pub(super) fn shown(
    options: Options,
    context: &Context,
    look: fn(&Repo, Option<&str>) -> Result<Answer<Value>>,
) -> Result<Answer<Value>> {
    let repo = Repo::discover(&context.directory)?;
    let handle = options.handle.or(options.mission);
    if options.watch {
        watch(context, || Store::new(&repo).state(), || look(&repo, handle.as_deref()))?;
        return Ok(Answer::raw(Vec::new()));
    }
    Ok(look(&repo, handle.as_deref())?.in_pager())
}

fn board(repo: &Repo, handle: Option<&str>) -> Result<Answer<Value>> {
    let found = overview(repo, handle)?;
    let missions: Vec<Value> = found.views.iter().map(document).collect();
    let boards: Vec<String> = found.views.iter().map(human).collect();
    let human = if boards.is_empty() { "no missions\n".to_owned() } else { boards.join("\n") };
    let warnings =
        found.warnings.into_iter().chain(found.views.into_iter().flat_map(|v| v.warnings));
    Ok(Answer::new(json!({ "missions": missions }), human).with_warnings(warnings))
}

fn document(view: &View) -> Value {
    let board = view.board();
    let counts: Map<String, Value> = Status::ALL
        .iter()
        .map(|status| (status.to_string(), board.count(*status).into()))
        .collect();
    let packages: Vec<Value> = board.packages().iter().map(|p| package(&board, p)).collect();
    json!({
        "mission_id": view.mission.meta.id.as_ref().map(ToString::to_string),
        "mission_slug": view.mission.dir,
        "friendly_name": view.mission.meta.friendly_name,
        "state": board.state().as_str(),
        "percent": board.percent_hundredths().map(percent),
        "counts": counts,
        "lanes": lanes(view),
        "work_packages": packages,
    })
}

/// Hundredths of a percent as the number that JSON carries.
fn percent(hundredths: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "at most 10,000")]
    let number = hundredths as f64;
    number / 100.0
}

fn lanes(view: &View) -> Vec<Value> {
    let lanes = view.lanes.iter().flat_map(|lanes| &lanes.lanes);
    let entry = |lane: &crate::domain::lanes::Lane| {
        json!({
            "lane_id": lane.id.to_string(),
            "wp_ids": lane.wp_ids.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "depends_on_lanes": lane.depends_on_lanes.iter().map(ToString::to_string).collect::<Vec<_>>(),
        })
    };
    lanes.map(entry).collect()
}

/// A work package as JSON has it, with its blockers.
pub(super) fn package(board: &Board, package: &Package) -> Value {
    json!({
        "wp_id": package.wp_id.to_string(),
        "title": package.title,
        "status": package.status.as_str(),
        "lane_id": package.lane_id.as_ref().map(ToString::to_string),
        "actor": package.actor,
        "last_transition_at": package.last_transition_at,
        "dependencies": package.dependencies.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "blockers": board.blockers(package).to_json(),
    })
}

fn human(view: &View) -> String {
    let board = view.board();
    let progress = match board.percent_hundredths() {
        Some(hundredths) => format!("{}.{:02} % done", hundredths / 100, hundredths % 100),
        None => "nothing to do".to_owned(),
    };
    let state = board.state().as_str().replace('_', " ");
    let title = Printable(&view.mission.meta.friendly_name).to_string();
    let mut text = format!("{} ({title}): {state}, {progress}\n", Printable(&view.mission.dir));
    for status in Status::ALL {
        let packages = board.packages().iter().filter(|package| shown_status(package) == status);
        for (place, package) in packages.enumerate() {
            let heading = if place == 0 { status.as_str() } else { "" };
            let _ = writeln!(text, "  {heading:<12} {}", row(&board, package));
        }
    }
    text
}

/// Statuses that are not displayed stand with what is planned.
fn shown_status(package: &Package) -> Status {
    if package.status.is_displayed() { package.status } else { Status::Planned }
}

fn row(board: &Board, package: &Package) -> String {
    let lane = package.lane_id.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
    let title = package.title.as_deref().unwrap_or("(no title)");
    let mut row = format!("{:<6} {lane:<14} {}", package.wp_id.as_str(), Printable(title));
    if let Some(actor) = &package.actor
        && !matches!(shown_status(package), Status::Planned)
    {
        let _ = write!(row, "  [{}]", Printable(actor));
    }
    let reasons = board.blockers(package).reasons();
    if !reasons.is_empty() {
        let _ = write!(row, "  ({})", Printable(&reasons.join("; ")));
    }
    row
}
