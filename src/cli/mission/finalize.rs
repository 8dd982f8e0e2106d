//! `git kitty mission finalize`.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use serde_json::{Value, json};

use super::{Answer, Context, Handle, Printable};
use crate::cli::request::{commits, host, summary};
use crate::domain::lanes::{Cause, Join, Lane, Moved};
use crate::domain::plan::Package;
use crate::domain::status::Status;
use crate::flow::finalize::{Finalized, Wish, finalize};
use crate::flow::status::mission;
use crate::flow::transaction::Receipt;
use crate::git::Repo;

/// The options of `mission finalize`.
#[derive(Debug, Clone, Args)]
pub(super) struct Options {
    #[command(flatten)]
    handle: Handle,
    /// Take planning files from this directory only (default: the primary checkout and the coordination worktree)
    #[arg(long, value_name = "DIR")]
    from: Option<PathBuf>,
    /// Check and tell everything, and write nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn answer(repo: &Repo, options: Options, context: &Context) -> Result<Answer<Value>> {
    let host = host(repo, context, "mission finalize")?;
    let dir = mission(repo, options.handle.as_deref())?.dir;
    let from = options.from.map(|from| context.directory.join(from));
    let wish = Wish { from: from.as_deref(), dry_run: options.dry_run };
    let (finalized, receipt) = finalize(repo, &host, &dir, wish)?;
    let (document, human) =
        (document(&finalized, &receipt), human(&finalized, &receipt, options.dry_run));
    let Finalized { warnings, .. } = finalized;
    Ok(Answer::new(document, human).with_warnings(receipt.warnings).with_warnings(warnings))
}

fn document(finalized: &Finalized, receipt: &Receipt) -> Value {
    let branch = finalized.mission.branch();
    let overlaps = finalized.joins.iter().filter_map(overlap);
    let moved = finalized.moved.iter().map(|Moved { wp, from, to }| {
        json!({ "wp_id": wp, "from": from.to_string(), "to": to.to_string() })
    });
    let files = finalized
        .changes
        .iter()
        .map(|(path, change)| json!({ "path": path.to_string(), "change": change }));
    json!({
        "mission_slug": finalized.mission.dir,
        "lanes": finalized.lanes.lanes.iter().map(|lane| entry(lane, &branch)).collect::<Vec<_>>(),
        "overlaps": overlaps.collect::<Vec<_>>(),
        "moved": moved.collect::<Vec<_>>(),
        "work_packages":
            finalized.packages.iter().map(|row| package(finalized, row)).collect::<Vec<_>>(),
        "files": files.collect::<Vec<_>>(),
        "commits": commits(receipt),
    })
}

fn entry(lane: &Lane, branch: &str) -> Value {
    json!({
        "lane_id": lane.id.to_string(),
        "branch": format!("{branch}-{}", lane.id),
        "wp_ids": lane.wp_ids,
        "depends_on_lanes": lane.depends_on_lanes.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "parallel_group": lane.parallel_group,
        "write_scope": lane.write_scope,
    })
}

fn overlap(join: &Join) -> Option<Value> {
    let Cause::Files { witness, .. } = &join.cause else { return None };
    Some(json!({
        "wp_a": join.first,
        "wp_b": join.second,
        "witness": witness.as_ref().map(ToString::to_string),
    }))
}

fn package(finalized: &Finalized, (package, status): &(Package, Status)) -> Value {
    let content = &package.content;
    let lane = finalized.lanes.lane_of(&content.id);
    json!({
        "wp_id": content.id,
        "title": content.title,
        "status": status.as_str(),
        "lane_id": lane.map(|lane| lane.id.to_string()),
        "dependencies": content.dependencies,
        "owned_files": content.owned_entries().collect::<Vec<_>>(),
    })
}

fn human(finalized: &Finalized, receipt: &Receipt, dry_run: bool) -> String {
    let mut text = String::new();
    for lane in &finalized.lanes.lanes {
        text += &lane_line(lane);
    }
    if finalized.packages.is_empty() {
        text += "no work packages\n";
    }
    for Join { first, second, cause, .. } in &finalized.joins {
        let kind = match cause {
            Cause::Files { .. } => "overlap",
            Cause::CodebaseWide | Cause::SameBranch(_) | Cause::LaneCycle(_) => "together",
        };
        let _ = writeln!(text, "{kind}: {first} and {second}: {}", Printable(&cause.to_string()));
    }
    for (wp, needed) in &finalized.left_out {
        let _ = writeln!(text, "no lane waits for it: {wp} needs {needed}");
    }
    for Moved { wp, from, to } in &finalized.moved {
        let _ = writeln!(text, "moved: {wp} from {from} to {to}");
    }
    for (path, change) in &finalized.changes {
        let _ = match (dry_run, *change) {
            (true, change) => writeln!(text, "would be {change}: {path}"),
            (false, "deleted") => writeln!(text, "deleted: {path}"),
            (false, _) => Ok(()),
        };
    }
    text + &match (dry_run, &receipt.commit) {
        (true, _) => "nothing was written\n".to_owned(),
        (false, None) => "nothing to commit: the plan is as it was\n".to_owned(),
        (false, Some(_)) => summary(receipt),
    }
}

fn lane_line(lane: &Lane) -> String {
    let wps: Vec<String> = lane.wp_ids.iter().map(ToString::to_string).collect();
    let needed: Vec<String> = lane.depends_on_lanes.iter().map(ToString::to_string).collect();
    let waits = match needed.as_slice() {
        [] => String::new(),
        needed => format!(", waits for {}", needed.join(", ")),
    };
    format!("{}: {}{waits}\n", lane.id, wps.join(", "))
}
