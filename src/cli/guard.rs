//! `git kitty guard`: judge a change by hand.

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use super::{Answer, Context, agent_hook, run};
use crate::domain::agent::Tool;
use crate::domain::branch::BranchName;
use crate::domain::path::RepoPath;
use crate::domain::refusal::{Exit, Refusal};
use crate::flow::explain;
use crate::flow::guard::{Judgement, Subject, guard};
use crate::git::{Repo, by_words};
use crate::policy::{Decision, Outcome, Violation};

/// The options of `guard`.
#[derive(Debug, Clone, Args)]
pub(super) struct Options {
    /// Judge the staged change (the default)
    #[arg(long, conflicts_with = "paths")]
    staged: bool,
    /// Judge paths as if each were changed; they need not exist
    #[arg(long, num_args = 1.., value_name = "PATH")]
    paths: Vec<OsString>,
    /// Judge for this branch instead of the one that is checked out
    #[arg(long, value_name = "B")]
    branch: Option<BranchName>,
    /// Show for each path the rule that decided
    #[arg(long)]
    explain: bool,
    /// Answer this tool, whose event is read from standard input, before it edits a file: claude, codex, cursor
    #[arg(long, value_name = "NAME", conflicts_with_all = ["staged", "paths", "branch", "explain"])]
    agent_hook: Option<Tool>,
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
    refusal: Option<RefusalFields>,
}

#[derive(Debug, Serialize)]
struct RefusalFields {
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
    agent_hook::find_a_footing();
    run("guard", answer)
}

fn answer(options: Options, context: &Context) -> Result<Answer<Document>> {
    if let Some(tool) = options.agent_hook {
        return agent_hook::answer(tool, context);
    }
    let repo = Repo::discover(&context.directory)?;
    let subject = match options.paths.as_slice() {
        [] => Subject::Staged,
        paths => Subject::Paths(repo_paths(&repo, context, paths)?),
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

/// Paths as typed, seen from the top of the repository: they count from where one stands, as git's
/// own do, and need not exist. In a bare repository they count from the top.
///
/// # Errors
/// [`Refusal::PathOutside`] for a path that leads out of the work tree, or is its top.
pub(super) fn repo_paths(
    repo: &Repo,
    context: &Context,
    typed: &[OsString],
) -> Result<Vec<RepoPath>> {
    let top = repo.work_tree().map(Path::canonicalize).transpose()?;
    let start = context.directory.canonicalize()?;
    let inside = |typed: &OsString| {
        let whole = match &top {
            Some(_) => by_words(&start.join(typed)),
            None => by_words(Path::new(typed)),
        };
        let own = whole.strip_prefix(top.as_deref().unwrap_or(Path::new(""))).ok();
        let bytes = own.map(|own| own.as_os_str().as_encoded_bytes()).unwrap_or_default();
        let outside = bytes.is_empty() || bytes.starts_with(b"..") || bytes.starts_with(b"/");
        let name = || typed.to_string_lossy().into_owned();
        if outside {
            Err(Refusal::PathOutside { path: name() }.into())
        } else {
            Ok(RepoPath::new(bytes))
        }
    };
    typed.iter().map(inside).collect()
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

fn refusal(judgement: &Judgement, first: &Violation) -> RefusalFields {
    let paths = judgement.verdict.violations.iter().filter_map(|v| v.path.as_ref());
    RefusalFields {
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
