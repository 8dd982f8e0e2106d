//! `git kitty merge`: lanes come together, and the mission lands.

use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use serde_json::{Value, json};

use super::mission::Handle;
use super::progress::Progress;
use super::request::{commit_lines, commits_made, host, ref_moves};
use super::{Answer, Context, Printable, run};
use crate::domain::merging::{Certificate, Landing};
use crate::domain::refusal::Exit;
use crate::flow::merging::{
    Aborted, Continued, Merged, Opened, Request, Skipped, Stage, Step, StepOutcome, abort,
    carry_on, dry_run, merge, resolve,
};
use crate::flow::status::mission;
use crate::flow::transaction::Receipt;
use crate::git::Repo;
use crate::policy::config::MergeStrategy;

/// The options of `merge`.
#[derive(Debug, Clone, Args)]
pub(super) struct Options {
    #[command(flatten)]
    handle: Handle,
    /// How the mission lands (default: `merge.strategy` of the policy, else ff, and merge where the
    /// target has moved on)
    #[arg(long, value_name = "HOW", value_parser = strategy())]
    strategy: Option<String>,
    /// Tell what would be done, and do nothing of it
    #[arg(long)]
    dry_run: bool,
    /// Bring the finished lanes to the coordination branch, and no further
    #[arg(long, conflicts_with_all = ["strategy", "pr"])]
    lanes_only: bool,
    /// Land on a branch for a pull request, and leave the target as it is
    #[arg(long)]
    pr: bool,
    /// Open a worktree with the conflict at which the merge stops
    #[arg(long, conflicts_with_all = ["dry_run", "resume", "abort"])]
    resolve: bool,
    /// Take what was resolved there, and go on
    #[arg(long = "continue", conflicts_with_all = HOW)]
    resume: bool,
    /// Give the resolution up; the merge has changed nothing
    #[arg(long, conflicts_with_all = HOW, conflicts_with = "resume")]
    abort: bool,
    /// Merge although the latest review of a work package asks for changes
    #[arg(long, requires = "note")]
    skip_review_check: bool,
    /// Why the review does not count; goes on record
    #[arg(long, value_name = "T", requires = "skip_review_check")]
    note: Option<String>,
}

/// What a plan that is written down says already.
const HOW: [&str; 7] =
    ["strategy", "dry_run", "lanes_only", "pr", "resolve", "skip_review_check", "note"];

fn strategy() -> clap::builder::PossibleValuesParser {
    MergeStrategy::ALL.map(MergeStrategy::as_str).into()
}

/// The command.
#[must_use]
pub fn main() -> ExitCode {
    run("merge", answer)
}

fn answer(options: Options, context: &Context) -> Result<Answer<Value>> {
    let repo = Repo::discover(&context.directory)?;
    let mission = mission(&repo, options.handle.as_deref())?;
    let host = host(&repo, context, "merge")?;
    let action = options.action();
    let request = options.request();
    let _progress = Progress::of("merging", context);
    match action {
        Action::DryRun => told(&repo, dry_run(&repo, &host, &mission, &request)?, true),
        Action::Merge => told(&repo, merge(&repo, &host, &mission, &request)?, false),
        Action::Resolve => Ok(opened(&mission.dir, &resolve(&repo, &host, &mission, &request)?)),
        Action::Continue => match carry_on(&repo, &host, &mission)? {
            Continued::Merged(merged) => told(&repo, *merged, false),
            Continued::Stopped(next) => Ok(opened(&mission.dir, &next).with_exit(Exit::Conflict)),
        },
        Action::Abort => Ok(aborted(&mission.dir, &abort(&repo, &host, &mission)?)),
    }
}

/// What is to be done.
enum Action {
    Merge,
    DryRun,
    Resolve,
    Continue,
    Abort,
}

fn told(
    repo: &Repo,
    (merged, receipt): (Merged, Receipt),
    is_dry_run: bool,
) -> Result<Answer<Value>> {
    let document = document(repo, (&merged, &receipt), is_dry_run)?;
    let human = human(&merged, is_dry_run) + &commit_lines(repo, &receipt, is_dry_run)?;
    Ok(Answer::new(document, human).with_warnings(receipt.warnings))
}

fn opened(dir: &str, Opened { worktree, conflicts }: &Opened) -> Answer<Value> {
    let place = worktree.display().to_string();
    let document = json!({
        "mission_slug": dir,
        "worktree": place,
        "stages": [],
        "refs": [],
        "certificate": null,
        "conflicts": conflicts,
        "commits": [],
    });
    let mut human = String::new();
    for conflict in conflicts {
        let _ = writeln!(human, "conflict: {}", Printable(&conflict.line()));
    }
    let _ = writeln!(human, "resolve it in {}", Printable(&place));
    let _ = writeln!(human, "then: `git add` the files, and `git kitty merge {dir} --continue`");
    Answer::new(document, human)
}

fn aborted(dir: &str, Aborted { worktree, paths }: &Aborted) -> Answer<Value> {
    let place = worktree.as_ref().map(|path| path.display().to_string());
    let document = json!({
        "mission_slug": dir,
        "worktree": place,
        "paths": paths,
        "stages": [],
        "refs": [],
        "certificate": null,
        "conflicts": [],
        "commits": [],
    });
    let human = match &place {
        Some(place) => format!("given up; {} is removed\n", Printable(place)),
        None => "no conflict is being resolved\n".to_owned(),
    };
    Answer::new(document, human)
}

impl Options {
    const fn action(&self) -> Action {
        match self {
            Self { dry_run: true, .. } => Action::DryRun,
            Self { resolve: true, .. } => Action::Resolve,
            Self { resume: true, .. } => Action::Continue,
            Self { abort: true, .. } => Action::Abort,
            Self { .. } => Action::Merge,
        }
    }

    fn request(self) -> Request {
        let named = |name: String| MergeStrategy::ALL.into_iter().find(|one| one.as_str() == name);
        Request {
            strategy: self.strategy.and_then(named),
            lanes_only: self.lanes_only,
            pr: self.pr,
            review_note: self.note,
        }
    }
}

fn document(
    repo: &Repo,
    (merged, receipt): (&Merged, &Receipt),
    is_dry_run: bool,
) -> Result<Value> {
    let mut stages = Vec::new();
    if merged.operation.is_some() {
        let events = receipt.events.iter().map(|event| event.event_id.as_str());
        stages.push(json!({
            "stage": 1,
            "branch": merged.coordination,
            "lanes": merged.steps.iter().map(lane).collect::<Vec<_>>(),
            "events": events.collect::<Vec<_>>(),
        }));
    }
    if let Some(stage) = &merged.landing {
        stages.push(stage_two(receipt, stage));
    }
    let number = merged.landing.as_ref().and_then(|stage| stage.mission_number);
    let number_key = if is_dry_run { "would_assign_mission_number" } else { "mission_number" };
    Ok(json!({
        "mission_slug": merged.mission,
        "target_branch": merged.target,
        "dry_run": is_dry_run,
        "strategy": merged.landing.as_ref().map(|stage| stage.strategy.as_str()),
        "stages": stages,
        "skipped": merged.skipped.iter().map(skipped).collect::<Vec<_>>(),
        "refs": ref_moves(receipt),
        "certificate": merged.certificate.as_ref().map(certificate),
        "conflicts": [],
        number_key: number,
        "operation": merged.operation,
        "commits": commits_made(repo, receipt, is_dry_run)?,
    }))
}

fn lane(step: &Step) -> Value {
    json!({
        "lane_id": step.lane_id.as_str(),
        "branch": step.branch,
        "tip": step.tip.to_string(),
        "outcome": match step.outcome {
            StepOutcome::Merged(_) => "merged",
            StepOutcome::Contained => "contained",
        },
        "commit": step.commit().map(|commit| commit.to_string()),
    })
}

fn stage_two(receipt: &Receipt, stage: &Stage) -> Value {
    let name = format!("refs/heads/{}", stage.branch);
    let moved = receipt.moves.iter().find(|one| one.name.to_string() == name);
    let commit = moved.and_then(|one| one.new).map(|commit| commit.to_string());
    json!({
        "stage": 2,
        "branch": stage.branch,
        "strategy": stage.strategy.as_str(),
        "commit": commit,
        "pr_branch": stage.is_pr.then_some(stage.branch.as_str()),
    })
}

fn skipped(one: &Skipped) -> Value {
    json!({
        "lane_id": one.lane_id.as_str(),
        "branch": one.branch,
        "reason": one.reason.as_str(),
        "wp_ids": one.wp_ids.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}

/// A certificate as JSON has it: what it says, with the id of its event.
pub(super) fn certificate(landing: &Landing) -> Value {
    let Landing { event_id, certificate } = landing;
    let mut document = serde_json::to_value::<&Certificate>(certificate).unwrap_or_default();
    if let Value::Object(keys) = &mut document {
        keys.insert("event_id".to_owned(), event_id.as_str().into());
    }
    document
}

fn human(merged: &Merged, is_dry_run: bool) -> String {
    let mission = Printable(&merged.mission);
    let mut text = String::new();
    let would = if is_dry_run { "would be " } else { "" };
    for step in &merged.steps {
        let _ = match step.outcome {
            StepOutcome::Merged(_) => {
                writeln!(
                    text,
                    "{}: {would}merged into {}",
                    step.lane_id,
                    Printable(&merged.coordination)
                )
            }
            StepOutcome::Contained => writeln!(text, "{}: is merged already", step.lane_id),
        };
    }
    for one in &merged.skipped {
        let ids: Vec<&str> = one.wp_ids.iter().map(|id| id.as_str()).collect();
        let why = one.reason.as_str().replace('_', " ");
        let _ = writeln!(text, "{}: left out, {why} ({})", one.lane_id, ids.join(", "));
    }
    let _ = match (&merged.landing, &merged.certificate, &merged.operation) {
        (Some(stage), _, _) if stage.is_pr => writeln!(
            text,
            "{mission} {would}ready on {branch}: push that, and open a pull request for {}",
            Printable(&merged.target),
            branch = Printable(&stage.branch),
        ),
        (Some(stage), _, _) => writeln!(
            text,
            "{mission} {} on {} ({})",
            if is_dry_run { "would land" } else { "has landed" },
            Printable(&stage.branch),
            stage.strategy.as_str()
        ),
        (None, Some(_), _) => {
            writeln!(text, "{mission} has landed on {} already", Printable(&merged.target))
        }
        (None, None, None) => writeln!(text, "nothing to merge"),
        (None, None, Some(_)) => Ok(()),
    };
    text
}
