//! `git kitty guard`: judge a change by hand.

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use super::{Answer, Context, run};
use crate::domain::branch::BranchName;
use crate::domain::path::RepoPath;
use crate::domain::refusal::Exit;
use crate::flow::explain;
use crate::flow::guard::{Judgement, Subject, guard};
use crate::git::Repo;
use crate::policy::{Decision, Outcome, Violation};

/// The options of `guard`.
#[derive(Debug, Clone, Args)]
pub(super) struct Options {
    /// Judge the staged change (the default)
    #[arg(long, conflicts_with = "paths")]
    staged: bool,
    /// Judge paths, from the top of the repository, as if each were changed
    #[arg(long, num_args = 1.., value_name = "PATH")]
    paths: Vec<OsString>,
    /// Judge for this branch instead of the one that is checked out
    #[arg(long, value_name = "B")]
    branch: Option<BranchName>,
    /// Show for each path the rule that decided
    #[arg(long)]
    explain: bool,
}

#[derive(Debug, Serialize)]
struct Document {
    verdict: &'static str,
    branch: Option<String>,
    mission_dir: Option<String>,
    lane_id: Option<String>,
    violations: Vec<ViolationEntry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decisions: Option<Vec<DecisionEntry>>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    refusal: Option<Refusal>,
}

#[derive(Debug, Serialize)]
struct Refusal {
    error_code: &'static str,
    message: String,
    next_step: Option<String>,
    destination_ref: Option<String>,
    wp_id: Option<String>,
    paths: Vec<String>,
}

#[derive(Debug, Serialize)]
struct ViolationEntry {
    error_code: &'static str,
    path: Option<String>,
    commit: Option<String>,
    active_wp: Option<String>,
    owned_files: Vec<String>,
    owners: Vec<String>,
    message: String,
    next_step: String,
}

#[derive(Debug, Serialize)]
struct DecisionEntry {
    path: String,
    rule: &'static str,
    reason: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    only_in_reference: Option<String>,
}

/// The command.
#[must_use]
pub fn main() -> ExitCode {
    run("guard", answer)
}

fn answer(options: Options, context: &Context) -> Result<Answer<Document>> {
    let repo = Repo::discover(&context.directory)?;
    let subject = match options.paths.as_slice() {
        [] => Subject::Staged,
        paths => Subject::Paths(paths.iter().map(repo_path).collect()),
    };
    let judgement = guard(&repo, options.branch, &subject)?;
    let verdict = &judgement.verdict;
    let human = if options.explain { explanation(&judgement) } else { String::new() };
    let exit = if verdict.outcome == Outcome::Refused { Exit::Refused } else { Exit::Yes };
    Ok(Answer::new(document(&judgement, options.explain), human)
        .with_story(explain::reasons(&judgement))
        .with_warnings(verdict.warnings.clone())
        .with_exit(exit))
}

/// A path as typed: bytes on Unix.
pub(super) fn repo_path(path: &OsString) -> RepoPath {
    let bytes = path.as_encoded_bytes();
    RepoPath::new(bytes.strip_prefix(b"./").unwrap_or(bytes))
}

/// The name of an outcome in JSON.
pub(super) const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Allowed => "allowed",
        Outcome::Refused => "refused",
        Outcome::Warned => "warned",
    }
}

fn document(judgement: &Judgement, explain: bool) -> Document {
    let verdict = &judgement.verdict;
    let decisions = || verdict.decisions.iter().map(decision).collect();
    Document {
        verdict: outcome(verdict.outcome),
        branch: judgement.branch.as_ref().map(ToString::to_string),
        mission_dir: judgement.mission_dir.clone(),
        lane_id: judgement.lane_id.as_ref().map(ToString::to_string),
        violations: verdict.violations.iter().map(|v| violation(judgement, v)).collect(),
        decisions: explain.then(decisions),
        refusal: verdict.violations.first().map(|first| refusal(judgement, first)),
    }
}

fn refusal(judgement: &Judgement, first: &Violation) -> Refusal {
    let paths = judgement.verdict.violations.iter().filter_map(|v| v.path.as_ref());
    Refusal {
        error_code: first.code.as_str(),
        message: explain::summary(judgement),
        next_step: explain::next_step(judgement),
        destination_ref: judgement.branch.as_ref().map(ToString::to_string),
        wp_id: judgement.verdict.active_wp.as_ref().map(ToString::to_string),
        paths: paths.map(ToString::to_string).collect(),
    }
}

fn violation(judgement: &Judgement, violation: &Violation) -> ViolationEntry {
    ViolationEntry {
        error_code: violation.code.as_str(),
        path: violation.path.as_ref().map(ToString::to_string),
        commit: None,
        active_wp: judgement.verdict.active_wp.as_ref().map(ToString::to_string),
        owned_files: judgement.verdict.owned_files.clone(),
        owners: violation.owners.iter().map(|owner| owner.wp_id.to_string()).collect(),
        message: violation.fact.clone(),
        next_step: violation.next_step.clone(),
    }
}

fn decision(decision: &Decision) -> DecisionEntry {
    DecisionEntry {
        path: decision.path.to_string(),
        rule: decision.rule.name(),
        reason: decision.rule.to_string(),
        only_in_reference: decision.only_in_reference.clone(),
    }
}

/// One line a path: the rule that decided, and where the reference would decide otherwise.
fn explanation(judgement: &Judgement) -> String {
    let decisions = &judgement.verdict.decisions;
    if decisions.is_empty() {
        return "nothing is staged\n".to_owned();
    }
    decisions.iter().map(explained).collect()
}

fn explained(decision: &Decision) -> String {
    let Decision { path, rule, only_in_reference } = decision;
    let aside = only_in_reference.as_ref().map_or_else(String::new, |entry| {
        format!(" (Spec Kitty would let it pass through `{entry}`, which matches more there)")
    });
    format!("{path}: {rule}{aside}\n")
}
