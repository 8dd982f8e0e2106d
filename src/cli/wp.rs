//! `git kitty wp`: the work packages of a mission.

use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::equip::told_tools;
use super::request::{MoveOptions, commits, host, summary};
use super::status::package;
use super::{Answer, Context, Printable, run};
use crate::domain::board::{Board, Package};
use crate::domain::id::WpId;
use crate::domain::refusal::Refusal;
use crate::domain::wp::WorkPackage;
use crate::flow::claim::{Claimed, claim};
use crate::flow::status::{mission, view};
use crate::flow::transaction::Receipt;
use crate::flow::wp::{Moved, move_wp};
use crate::git::Repo;
use crate::store::{Mission, Store, View};

/// The options of `wp`.
#[derive(Debug, Clone, Args)]
pub(super) struct Options {
    #[command(subcommand)]
    action: Action,
    /// The mission: ULID, mid8, slug or directory (default: that of the branch, or the only open one)
    #[arg(long, value_name = "HANDLE", global = true)]
    mission: Option<String>,
}

#[derive(Debug, Clone, Subcommand)]
enum Action {
    /// List the work packages
    List,
    /// Move a work package to another status
    Move {
        /// The work package, e.g. WP01
        #[arg(value_name = "WP")]
        wp_id: WpId,
        #[command(flatten)]
        options: MoveOptions,
    },
    /// Claim a planned work package: from now on it is the actor's, in the worktree of its lane
    Claim {
        /// The work package, e.g. WP01
        #[arg(value_name = "WP")]
        wp_id: WpId,
        /// Take it over from whoever has it: their commits are refused from then on
        #[arg(long, requires = "reason")]
        takeover: bool,
        /// Why it is taken over
        #[arg(long, value_name = "T", requires = "takeover")]
        reason: Option<String>,
    },
    /// Show a work package: its status, what it owns, what it waits for
    Show {
        /// The work package, e.g. WP01
        #[arg(value_name = "WP")]
        wp_id: WpId,
    },
}

/// The command.
#[must_use]
pub fn main() -> ExitCode {
    run("wp", answer)
}

fn answer(options: Options, context: &Context) -> Result<Answer<Value>> {
    let repo = Repo::discover(&context.directory)?;
    let mission = mission(&repo, options.mission.as_deref())?;
    match options.action {
        Action::List => look(&repo, mission, |view| Ok(list(view))),
        Action::Show { wp_id } => look(&repo, mission, |view| show(view, &wp_id)),
        Action::Move { wp_id, options } => {
            let host = host(&repo, context, "wp move")?;
            let request = options.request(&host.actor);
            let (moved, receipt) = move_wp(&repo, &host, (&mission, &wp_id), &request)?;
            Ok(moved_answer(&moved, receipt))
        }
        Action::Claim { wp_id, reason, .. } => {
            let host = host(&repo, context, "wp claim")?;
            let claimed = claim(&repo, &host, (&mission, &wp_id), reason.as_deref())?;
            let top = claimed.worktree.as_deref();
            let warning = top.and_then(|top| told_tools(&repo, top));
            Ok(claimed_answer(&wp_id, &host.actor, claimed).with_warnings(warning))
        }
    }
}

fn look(
    repo: &Repo,
    mission: Mission,
    answer: impl FnOnce(&View) -> Result<Answer<Value>>,
) -> Result<Answer<Value>> {
    let mut view = view(repo, &Store::new(repo), mission)?;
    let warnings = std::mem::take(&mut view.warnings);
    Ok(answer(&view)?.with_warnings(warnings))
}

fn claimed_answer(wp_id: &WpId, actor: &str, claimed: Claimed) -> Answer<Value> {
    let Claimed { status, lane_id, branch, worktree, epoch, event_id, receipt } = claimed;
    let document = json!({
        "wp_id": wp_id.to_string(),
        "status": status.as_str(),
        "lane_id": lane_id.map(|lane| lane.to_string()),
        "worktree": worktree.as_ref().map(|path| path.display().to_string()),
        "branch": branch,
        "epoch": epoch,
        "event_id": event_id,
        "commits": commits(&receipt),
    });
    let mut human = format!("{wp_id} is {}'s (epoch {epoch})\n", Printable(actor));
    if let Some(path) = &worktree {
        let _ = writeln!(human, "work in {}", Printable(&path.display().to_string()));
    }
    Answer::new(document, human + &summary(&receipt)).with_warnings(receipt.warnings)
}

/// What `wp move` answers.
pub(super) fn moved_answer(moved: &Moved, receipt: Receipt) -> Answer<Value> {
    let Moved { from, to, event } = moved;
    let document = json!({
        "event_id": event.event_id,
        "wp_id": event.wp_id,
        "from_status": from.as_str(),
        "to_status": to.as_str(),
        "at": event.at,
        "status_events_path": receipt.log_path,
        "commit": receipt.commit.as_ref().map(|(commit, _)| commit),
        "commits": commits(&receipt),
    });
    let step = format!("{}: {from} -> {to}\n", event.wp_id);
    Answer::new(document, step + &summary(&receipt)).with_warnings(receipt.warnings)
}

fn list(view: &View) -> Answer<Value> {
    let board = view.board();
    let packages: Vec<Value> = board.packages().iter().map(|p| document(view, &board, p)).collect();
    let line = |p: &Package| {
        let title = p.title.as_deref().unwrap_or("(no title)");
        format!("{:<6} {:<12} {}\n", p.wp_id.as_str(), p.status.as_str(), Printable(title))
    };
    let human: String = board.packages().iter().map(line).collect();
    Answer::new(json!({ "mission_slug": view.mission.dir, "work_packages": packages }), human)
}

fn show(view: &View, wp_id: &WpId) -> Result<Answer<Value>> {
    let board = view.board();
    let package = board.package(wp_id).ok_or_else(|| Refusal::WpNotFound {
        wp_id: wp_id.to_string(),
        mission: view.mission.dir.clone(),
    })?;
    Ok(Answer::new(document(view, &board, package), human(view, &board, package)))
}

fn content<'v>(view: &'v View, package: &Package) -> Option<&'v WorkPackage> {
    view.file(&package.wp_id).and_then(|file| file.content.as_ref().ok())
}

fn document(view: &View, board: &Board, own: &Package) -> Value {
    let mut document = package(board, own);
    let content = content(view, own);
    let owned = content.map(|c| c.owned_entries().map(str::to_owned).collect::<Vec<_>>());
    let subtasks =
        content.map(|c| c.subtasks.iter().map(|task| task.id.clone()).collect::<Vec<_>>());
    if let Value::Object(fields) = &mut document {
        fields.insert("mission_slug".to_owned(), view.mission.dir.clone().into());
        fields.insert("owned_files".to_owned(), owned.unwrap_or_default().into());
        fields.insert("subtasks".to_owned(), subtasks.unwrap_or_default().into());
        fields.insert("last_event_id".to_owned(), own.last_event_id.clone().into());
        fields
            .insert("file".to_owned(), view.file(&own.wp_id).map(|file| file.name.clone()).into());
    }
    document
}

fn human(view: &View, board: &Board, own: &Package) -> String {
    let title = own.title.as_deref().unwrap_or("(no title)");
    let mut text = format!("{}: {}\n", own.wp_id, Printable(title));
    let lane = own.lane_id.as_ref().map_or_else(|| "no lane".to_owned(), ToString::to_string);
    let _ = writeln!(text, "  status: {} ({lane})", own.status);
    if let (Some(at), Some(actor)) = (&own.last_transition_at, &own.actor) {
        let _ = writeln!(text, "  last moved at {} by {}", Printable(at), Printable(actor));
    }
    let owned = content(view, own).map(|c| c.owned_entries().collect::<Vec<_>>().join(", "));
    match owned.filter(|owned| !owned.is_empty()) {
        Some(owned) => _ = writeln!(text, "  owns: {}", Printable(&owned)),
        None => text += "  owns nothing\n",
    }
    let blockers = board.blockers(own);
    for other in blockers.dependency.iter().chain(&blockers.ownership) {
        let status = other.status.map_or("unknown", |status| status.as_str());
        let _ = writeln!(text, "  blocked by {} ({status})", other.wp_id);
    }
    for (code, message) in &blockers.policy {
        let _ = writeln!(text, "  blocked: {} [{code}]", Printable(message));
    }
    text
}
