//! `git kitty why`: whose a path is, and what would be refused.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use super::guard::{outcome, repo_paths};
use super::{Answer, Context, Printable, run};
use crate::domain::branch::BranchName;
use crate::flow::guard::Judgement;
use crate::flow::why::{Answer as Found, MissionOwner, PathAnswer, why};
use crate::git::Repo;
use crate::policy::GuardCode;

/// The options of `why`.
#[derive(Debug, Clone, Args)]
pub(super) struct Options {
    /// Paths, which need not exist
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<OsString>,
    /// Ask for this branch instead of the one that is checked out
    #[arg(long, value_name = "B")]
    branch: Option<BranchName>,
}

#[derive(Debug, Serialize)]
struct Document {
    branch: Option<String>,
    paths: Vec<Entry>,
}

#[derive(Debug, Serialize)]
struct Entry {
    path: String,
    owners: Vec<String>,
    work_packages: Vec<OwnerEntry>,
    active_wp: Option<String>,
    verdict: &'static str,
    rule: &'static str,
    reason: String,
    error_code: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct OwnerEntry {
    mission_slug: String,
    wp_id: String,
    lane_id: Option<String>,
    status: String,
    entry: String,
    last_event_id: Option<String>,
    last_transition_at: Option<String>,
    actor: Option<String>,
}

/// The command.
#[must_use]
pub fn main() -> ExitCode {
    run("why", answer)
}

fn answer(options: Options, context: &Context) -> Result<Answer<Document>> {
    let repo = Repo::discover(&context.directory)?;
    let paths = repo_paths(&repo, context, &options.paths)?;
    let found = why(&repo, options.branch, paths)?;
    let document = Document {
        branch: found.judgement.branch.as_ref().map(ToString::to_string),
        paths: found.paths.iter().map(|answer| entry(&found, answer)).collect(),
    };
    let human: String = document.paths.iter().map(|entry| human(&document.branch, entry)).collect();
    let Judgement { policy_warnings, verdict, .. } = found.judgement;
    let warnings = policy_warnings.into_iter().chain(verdict.warnings).chain(found.doubts);
    Ok(Answer::new(document, human).with_warnings(warnings))
}

fn entry(found: &Found, answer: &PathAnswer) -> Entry {
    let code = answer.decision.rule.refusal().map(GuardCode::as_str);
    Entry {
        path: answer.decision.path.to_string(),
        owners: answer.owners.iter().map(|found| found.owner.wp_id.to_string()).collect(),
        work_packages: answer.owners.iter().map(owner).collect(),
        active_wp: found.judgement.verdict.active_wp.as_ref().map(ToString::to_string),
        verdict: outcome(found.verdict_on(answer)),
        rule: answer.decision.rule.name(),
        reason: answer.decision.rule.to_string(),
        error_code: code,
    }
}

fn owner(found: &MissionOwner) -> OwnerEntry {
    OwnerEntry {
        mission_slug: found.mission_dir.clone(),
        wp_id: found.owner.wp_id.to_string(),
        lane_id: found.owner.lane_id.as_ref().map(ToString::to_string),
        status: found.owner.status.to_string(),
        entry: found.owner.entry.clone(),
        last_event_id: found.last.as_ref().map(|last| last.event_id.clone()),
        last_transition_at: found.last.as_ref().map(|last| last.at.clone()),
        actor: found.last.as_ref().map(|last| last.actor.clone()),
    }
}

fn human(branch: &Option<String>, entry: &Entry) -> String {
    let mut text = format!("{}\n", entry.path);
    if entry.work_packages.is_empty() {
        text.push_str("  owned by no work package\n");
    }
    for owner in &entry.work_packages {
        let lane = owner.lane_id.as_deref().unwrap_or("no lane");
        let _ = write!(
            text,
            "  owned by {} ({lane}, {}) of {}",
            owner.wp_id,
            owner.status,
            Printable(&owner.mission_slug)
        );
        let _ = writeln!(text, " through `{}`", Printable(&owner.entry));
        if let (Some(at), Some(actor)) = (&owner.last_transition_at, &owner.actor) {
            let _ = writeln!(text, "    last moved at {} by {}", Printable(at), Printable(actor));
        }
    }
    let branch = branch.as_deref().unwrap_or("a detached HEAD");
    let reason = match entry.error_code {
        Some(code) => format!(" [{code}]"),
        None => format!(", {}", entry.reason),
    };
    let _ = writeln!(text, "  a commit on {}: {}{reason}", Printable(branch), entry.verdict);
    text
}
