//! `git kitty guard`: judge a change or commits by hand, or in CI.

mod document;
mod forms;
mod report;

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use super::clock::now;
use super::output::json;
use super::{Answer, Context, Format, agent_hook, run};
use crate::domain::agent::Tool;
use crate::domain::branch::BranchName;
use crate::domain::path::RepoPath;
use crate::domain::range::CommitRange;
use crate::domain::refusal::{Exit, Refusal};
use crate::flow::guard::{Subject, guard};
use crate::flow::overriding::Overriding;
use crate::flow::range::judge_range;
use crate::git::{Repo, by_words};
use crate::policy::{Decision, Outcome};

use document::Document;
use report::{Report, Told};

/// The options of `guard`.
#[derive(Debug, Clone, Args)]
pub(super) struct Options {
    /// Judge the staged change (the default)
    #[arg(long, conflicts_with = "paths")]
    staged: bool,
    /// Judge each commit that B has and A has not, by itself
    #[arg(long, value_name = "A..B", conflicts_with_all = ["staged", "paths"])]
    range: Option<CommitRange>,
    /// Judge paths as if each were changed; they need not exist
    #[arg(long, num_args = 1.., value_name = "PATH")]
    paths: Vec<OsString>,
    /// Judge for this branch instead of the one that is checked out, or that the range ends with
    #[arg(long, value_name = "B")]
    branch: Option<BranchName>,
    /// Show for each path the rule that decided
    #[arg(long)]
    explain: bool,
    /// Answer this tool, whose event is read from standard input, before it edits a file: claude, codex, cursor
    #[arg(long, value_name = "NAME", conflicts_with_all = ["staged", "paths", "range", "branch", "explain"])]
    agent_hook: Option<Tool>,
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
    let explain = options.explain;
    let report = report(&repo, options, context)?;
    let exit = if report.outcome() == Outcome::Refused { Exit::Refused } else { Exit::Yes };
    Ok(match context.format {
        Format::Github => Answer::raw(forms::workflow(&report).into_bytes()),
        Format::Sarif => Answer::raw(json(&forms::sarif(&repo, &report)?)?),
        Format::Human | Format::Json => {
            let human = match (explain, exit) {
                (true, _) => report.explanation(),
                (false, Exit::Refused) => String::new(),
                (false, _) => report.sum(),
            };
            Answer::new(Document::of(&report, explain), human)
                .with_story(report.story())
                .with_warnings(report.warnings())
        }
    }
    .with_exit(exit))
}

fn report(repo: &Repo, options: Options, context: &Context) -> Result<Report> {
    if let Some(range) = &options.range {
        return Report::of_range(repo, judge_range(repo, range, options.branch)?);
    }
    let subject = match options.paths.as_slice() {
        [] => Subject::Staged,
        paths => Subject::Paths(repo_paths(repo, context, paths)?),
    };
    Ok(Report::of_change(guard(repo, options.branch, &subject, Overriding::At(now()))?))
}

/// Paths as typed, seen from the top of the repository: they count from where one stands, as git's
/// own do, and need not exist. In a bare repository they count from the top.
///
/// # Errors
/// [`Refusal::PathOutside`] for a path that leads out of the work tree, is its top, or is empty (git
/// refuses that as well).
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
        let outside = typed.is_empty()
            || bytes.is_empty()
            || bytes.starts_with(b"..")
            || bytes.starts_with(b"/");
        let name = || typed.to_string_lossy().into_owned();
        if outside {
            Err(Refusal::PathOutside { path: name() }.into())
        } else {
            Ok(RepoPath::new(bytes))
        }
    };
    typed.iter().map(inside).collect()
}

/// The same, where the top is a path like others: the empty one.
///
/// # Errors
/// [`Refusal::PathOutside`] for a path that leads out of the work tree, or is empty.
pub(super) fn paths_or_top(
    repo: &Repo,
    context: &Context,
    typed: &[OsString],
) -> Result<Vec<RepoPath>> {
    let top = repo.work_tree().map(Path::canonicalize).transpose()?;
    let start = context.directory.canonicalize()?;
    let is_top =
        |typed: &OsString| !typed.is_empty() && top.as_ref() == Some(&by_words(&start.join(typed)));
    let (tops, others): (Vec<_>, Vec<_>) = typed.iter().cloned().partition(is_top);
    let mut paths = repo_paths(repo, context, &others)?;
    paths.extend(tops.first().map(|_| RepoPath::new("")));
    Ok(paths)
}

/// The name of an outcome in JSON.
pub(super) const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Allowed => "allowed",
        Outcome::Refused => "refused",
        Outcome::Warned => "warned",
    }
}

/// One line a path: the rule that decided, and where the reference would decide otherwise.
fn explanation(told: &Told) -> String {
    let decisions = &told.judgement.verdict.decisions;
    if decisions.is_empty() {
        let nothing =
            if told.commit.is_some() { "no work of its own" } else { "nothing is staged" };
        return format!("{nothing}\n");
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
