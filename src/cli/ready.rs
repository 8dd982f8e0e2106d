//! `git kitty ready`: what can be started now, and what keeps the rest.

use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::Result;
use serde_json::{Value, json};

use super::status::{Options, package, shown};
use super::{Answer, Context, Printable, run};
use crate::domain::board::{Blockers, Package};
use crate::flow::overview::overview;
use crate::flow::ready::Outlook;
use crate::git::Repo;

/// The command.
#[must_use]
pub fn main() -> ExitCode {
    run("ready", answer)
}

fn answer(options: Options, context: &Context) -> Result<Answer<Value>> {
    shown(options, context, look)
}

fn look(repo: &Repo, handle: Option<&str>) -> Result<Answer<Value>> {
    let found = overview(repo, handle)?;
    let outlooks: Vec<Outlook<'_>> = found.views.iter().map(Outlook::of).collect();
    let answer = Answer::new(document(&outlooks), human(&outlooks));
    let warnings = found.views.iter().flat_map(|view| view.warnings.clone());
    Ok(answer.with_warnings(found.warnings.iter().cloned().chain(warnings)))
}

fn document(outlooks: &[Outlook<'_>]) -> Value {
    let ready = outlooks.iter().flat_map(|outlook| {
        outlook.ready().map(|wp| of_mission(outlook, package(&outlook.board, wp)))
    });
    let blocked = outlooks.iter().flat_map(|outlook| {
        outlook.blocked().map(|(wp, found)| of_mission(outlook, waiting(wp, &found)))
    });
    let (ready, blocked): (Vec<Value>, Vec<Value>) = (ready.collect(), blocked.collect());
    json!({ "summary": summary(outlooks), "ready": ready, "blocked": blocked })
}

fn of_mission(outlook: &Outlook<'_>, entry: Value) -> Value {
    with(entry, [("mission_slug", outlook.view.mission.dir.clone().into())])
}

fn waiting(package: &Package, found: &Blockers) -> Value {
    let lane_id = package.lane_id.as_ref().map(ToString::to_string);
    let own = [
        ("wp_id", package.wp_id.to_string().into()),
        ("title", package.title.clone().into()),
        ("lane_id", lane_id.into()),
    ];
    with(Value::Object(found.to_json()), own)
}

/// An object with more keys.
fn with<const N: usize>(mut object: Value, more: [(&str, Value); N]) -> Value {
    if let Value::Object(fields) = &mut object {
        fields.extend(more.map(|(key, value)| (key.to_owned(), value)));
    }
    object
}

/// How many are ready, and how many have a blocker of each kind: one may have several.
fn summary(outlooks: &[Outlook<'_>]) -> Value {
    let blocked: Vec<Blockers> =
        outlooks.iter().flat_map(|outlook| outlook.blocked().map(|(_, found)| found)).collect();
    let counted = |has: fn(&Blockers) -> bool| blocked.iter().filter(|found| has(found)).count();
    json!({
        "ready": outlooks.iter().map(|outlook| outlook.ready().count()).sum::<usize>(),
        "blocked": blocked.len(),
        "dependency_blockers": counted(|found| !found.dependency.is_empty()),
        "ownership_blockers": counted(|found| !found.ownership.is_empty()),
        "workspace_blockers": counted(|found| !found.workspace.is_empty()),
        "policy_blockers": counted(|found| !found.policy.is_empty()),
    })
}

fn human(outlooks: &[Outlook<'_>]) -> String {
    let waiting = outlooks.iter().filter(|outlook| outlook.board.unstarted().next().is_some());
    let boards: Vec<String> = waiting.map(board).collect();
    if boards.is_empty() { "nothing waits to be started\n".to_owned() } else { boards.join("\n") }
}

fn board(outlook: &Outlook<'_>) -> String {
    let mut text = format!("{}\n", Printable(&outlook.view.mission.dir));
    for package in outlook.ready() {
        let _ = writeln!(text, "  {:<8} {}", "ready", row(package));
    }
    for (package, found) in outlook.blocked() {
        let why = found.reasons().join("; ");
        let _ = writeln!(text, "  {:<8} {}  ({})", "blocked", row(package), Printable(&why));
    }
    text
}

fn row(package: &Package) -> String {
    let lane = package.lane_id.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
    let title = package.title.as_deref().unwrap_or("(no title)");
    format!("{:<6} {lane:<14} {}", package.wp_id.as_str(), Printable(title))
}
