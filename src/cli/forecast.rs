//! `git kitty forecast`: what a merge would come to now.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use serde_json::{Value, json};

use super::mission::Handle;
use super::progress::Progress;
use super::watch::watch;
use super::{Answer, Context, Printable, run};
use crate::domain::id::LaneId;
use crate::domain::merging::{Meeting, PathConflict, Turn};
use crate::flow::merging::{Forecast, forecast};
use crate::flow::status::mission;
use crate::git::Repo;
use crate::store::Store;

/// The options of `forecast`.
#[derive(Debug, Clone, Args)]
pub(super) struct Options {
    #[command(flatten)]
    handle: Handle,
    /// Show it again whenever it changes
    #[arg(long)]
    watch: bool,
}

/// The command.
#[must_use]
pub fn main() -> ExitCode {
    run("forecast", answer)
}

fn answer(options: Options, context: &Context) -> Result<Answer<Value>> {
    let repo = Repo::discover(&context.directory)?;
    let look = || {
        let found = forecast(&repo, mission(&repo, options.handle.as_deref())?)?;
        let (document, human) = (document(&found), human(&found));
        Ok(Answer::new(document, human).with_warnings(found.warnings))
    };
    if options.watch {
        watch(context, || Store::new(&repo).state(), look)?;
        return Ok(Answer::raw(Vec::new()));
    }
    let _progress = Progress::of("looking", context);
    look()
}

fn document(found: &Forecast) -> Value {
    let target = found.lanes.iter().filter_map(|lane| {
        let meeting = lane.target.as_ref()?;
        Some(json!({
            "lane_id": lane.lane_id.as_str(),
            "branch": lane.branch,
            "tip": lane.tip.to_string(),
            "clean": meeting.clean,
            "paths": meeting.paths(),
        }))
    });
    let pairs = found.pairs.iter().map(|(one, other, meeting)| {
        json!({
            "lane_a": one.as_str(),
            "lane_b": other.as_str(),
            "clean": meeting.clean,
            "paths": meeting.paths(),
        })
    });
    json!({
        "mission_slug": found.mission,
        "coordination_branch": found.coordination,
        "target_branch": found.target,
        "target": target.collect::<Vec<_>>(),
        "pairs": pairs.collect::<Vec<_>>(),
        "train": train(found),
        "landing": found.landing.as_ref().map(|conflicts| json!({
            "clean": conflicts.is_empty(),
            "paths": paths(conflicts),
            "with": with(conflicts),
        })),
        "order": found.train.iter().map(|turn| turn.lane_id.as_str()).collect::<Vec<_>>(),
        "best_order": found.best_order.iter().map(LaneId::as_str).collect::<Vec<_>>(),
        "drivers": drivers(found)
            .iter()
            .map(|(path, driver)| json!({ "path": path, "driver": driver }))
            .collect::<Vec<_>>(),
        "cached": found.cached,
        "computed": found.computed,
    })
}

fn train(found: &Forecast) -> Vec<Value> {
    let turn = |turn: &Turn| {
        json!({
            "lane_id": turn.lane_id,
            "clean": turn.conflicts.is_empty(),
            "paths": paths(&turn.conflicts),
            "with": with(&turn.conflicts),
            "skipped": turn.is_contained.then_some("contained"),
        })
    };
    let left_out = |lane: &str, why: &str| json!({ "lane_id": lane, "clean": true, "paths": [], "with": [], "skipped": why });
    let contained = found.contained.iter().map(|lane| left_out(lane.as_str(), "contained"));
    let skipped =
        found.skipped.iter().map(|one| left_out(one.lane_id.as_str(), one.reason.as_str()));
    contained.chain(found.train.iter().map(turn)).chain(skipped).collect()
}

fn paths(conflicts: &[PathConflict]) -> Vec<&str> {
    conflicts.iter().map(|conflict| conflict.path.as_str()).collect()
}

/// With whose work.
fn with(conflicts: &[PathConflict]) -> Vec<&str> {
    let mut all: Vec<&str> = Vec::new();
    for side in conflicts.iter().flat_map(|conflict| conflict.sides.first()).flatten() {
        if !all.contains(&side.as_str()) {
            all.push(side);
        }
    }
    all
}

/// The paths in conflict that have a merge driver, which is not run.
fn drivers(found: &Forecast) -> BTreeMap<&str, &str> {
    let with_target = found.lanes.iter().filter_map(|lane| lane.target.as_ref());
    let meetings = found.pairs.iter().map(|(_, _, meeting)| meeting).chain(with_target);
    let clashes = meetings.flat_map(|meeting| &meeting.clashes);
    let conflicts = found.train.iter().flat_map(|turn| &turn.conflicts);
    let conflicts = conflicts.chain(found.landing.iter().flatten());
    let of_conflicts =
        conflicts.filter_map(|one| Some((one.path.as_str(), one.driver.as_deref()?)));
    let of_clashes = clashes.filter_map(|one| Some((one.path.as_str(), one.driver.as_deref()?)));
    of_clashes.chain(of_conflicts).collect()
}

fn human(found: &Forecast) -> String {
    let mut text = String::new();
    let target = Printable(&found.target);
    if found.lanes.is_empty() {
        let _ = writeln!(text, "{}: no lane has anything to merge", Printable(&found.mission));
    }
    let drivers = drivers(found);
    let mut tell = |what: String, paths: &[&str]| {
        let _ = writeln!(text, "{what}");
        for path in paths {
            let why = drivers.get(path).map_or_else(String::new, |driver| {
                format!("  (its merge driver `{}` is not run)", Printable(driver))
            });
            let _ = writeln!(text, "  {}{why}", Printable(path));
        }
    };
    let conflicting = |meeting: &&Meeting| !meeting.clean;
    for (one, other, meeting) in &found.pairs {
        if !meeting.clean {
            tell(format!("conflict: {one} and {other}"), &meeting.paths());
        }
    }
    for lane in &found.lanes {
        if let Some(meeting) = lane.target.as_ref().filter(conflicting) {
            tell(format!("conflict: {} and {target}", lane.lane_id), &meeting.paths());
        }
    }
    for turn in found.train.iter().filter(|turn| !turn.conflicts.is_empty()) {
        let others = with(&turn.conflicts).join(", ");
        let what = format!("in the train: {} behind {}", turn.lane_id, Printable(&others));
        tell(what, &paths(&turn.conflicts));
    }
    if let Some(conflicts) = found.landing.as_ref().filter(|conflicts| !conflicts.is_empty()) {
        tell(format!("on landing: {target}"), &paths(conflicts));
    }
    text + &summary(found)
}

/// How many conflicts there are, and the orders.
fn summary(found: &Forecast) -> String {
    let mut text = String::new();
    let lanes = found.lanes.len();
    let pairs = found.pairs.iter().filter(|(_, _, meeting)| !meeting.clean).count();
    if lanes > 0 {
        let _ = writeln!(
            text,
            "{lanes} lane{}, {} pair{}, {pairs} in conflict",
            plural(lanes),
            found.pairs.len(),
            plural(found.pairs.len())
        );
        let order = found.train.iter().map(|turn| turn.lane_id.as_str()).collect::<Vec<_>>();
        let best = found.best_order.iter().map(LaneId::as_str).collect::<Vec<_>>();
        let _ = writeln!(text, "train: {}", order.join(", "));
        if best != order {
            let _ = writeln!(text, "fewest conflicts: {}", best.join(", "));
        }
    }
    for lane in &found.contained {
        let _ = writeln!(text, "{lane}: is merged already");
    }
    for one in &found.skipped {
        let why = one.reason.as_str().replace('_', " ");
        let _ = writeln!(text, "{}: left out, {why}", one.lane_id);
    }
    text
}

const fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}
