//! `git kitty commit`: commit some paths to the branch that is checked out, past the index.

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use serde::Serialize;
use serde_json::{Value, json};

use super::globals::variable;
use super::guard::paths_or_top;
use super::request::host;
use super::{Answer, Context, Printable, run};
use crate::domain::branch::BranchName;
use crate::domain::refusal::{CommitRefusal, Refusal, Warning};
use crate::flow::commit_to::{CommitTo, Committed, commit_to};
use crate::git::Repo;

/// The options of `commit`.
#[derive(Debug, Clone, Args)]
pub(super) struct Options {
    /// The branch, which must be the one that is checked out
    #[arg(long, value_name = "B")]
    to_branch: Option<String>,
    /// The message; each further one is a paragraph of its own
    #[arg(short, long, required = true, value_name = "M")]
    message: Vec<String>,
    /// Files and directories: what they are now is committed, whatever is staged
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<OsString>,
}

#[derive(Debug, Serialize)]
struct Document {
    commit: String,
    branch: String,
    paths: Vec<String>,
    commits: Vec<Value>,
}

/// Either of these lets the branch be the one that is checked out, where none is named.
const INFERRING: [&str; 2] =
    ["GIT_KITTY_INFER_DESTINATION_REF", "SPEC_KITTY_INFER_DESTINATION_REF"];

/// The command.
#[must_use]
pub fn main() -> ExitCode {
    run("commit", answer)
}

fn answer(options: Options, context: &Context) -> Result<Answer<Document>> {
    let repo = Repo::discover(&context.directory)?;
    let (branch, inferred) = match options.to_branch {
        Some(branch) => (branch, None),
        None => inferred(&repo)?,
    };
    let paths = paths_or_top(&repo, context, &options.paths)?;
    let host = host(&repo, context, "commit")?;
    let message = options.message.join("\n\n");
    let request = CommitTo { branch: &branch, message: &message, paths: &paths };
    let made = commit_to(&repo, &host, request)?;
    let human = human(&made);
    let story = story(&made.said);
    let warnings = inferred.into_iter().chain(made.warnings.iter().cloned());
    let warnings: Vec<Warning> = warnings.collect();
    Ok(Answer::new(Document::of(made), human).with_story(story).with_warnings(warnings))
}

/// The branch that is checked out, if the environment allows to take it for the one that is meant.
fn inferred(repo: &Repo) -> Result<(String, Option<Warning>)> {
    let is_set = |name: &str| {
        let value = variable(name).unwrap_or_default().to_ascii_lowercase();
        matches!(value.as_str(), "1" | "true" | "yes")
    };
    let by = INFERRING.into_iter().find(|name| is_set(name));
    let by = by.ok_or_else(|| Refusal::from(CommitRefusal::DestinationRequired))?;
    let head = repo.head()?;
    let branch = head.branch().map(BranchName::of_ref);
    let branch = branch.ok_or_else(|| Refusal::from(CommitRefusal::DestinationDetached))?;
    let branch = branch.ok_or_else(|| Refusal::from(CommitRefusal::DestinationRequired))?;
    let message = format!("no branch was named: {by} takes `{branch}`, which is checked out");
    Ok((branch.to_string(), Some(Warning { code: "DESTINATION_REF_INFERRED", message })))
}

impl Document {
    fn of(made: Committed) -> Self {
        let commit = made.commit.to_string();
        let entry = json!({"commit": commit, "branch": made.branch, "message": made.subject, "outcome": "committed"});
        Self {
            commit,
            branch: made.branch,
            paths: made.paths.iter().map(ToString::to_string).collect(),
            commits: vec![entry],
        }
    }
}

/// What hooks wrote, which may be anything.
fn story(said: &str) -> String {
    let shown = |line: &str| {
        let parts = line.split('\t').map(|part| Printable(part).to_string());
        parts.collect::<Vec<_>>().join("\t")
    };
    said.lines().map(|line| format!("{}\n", shown(line))).collect()
}

fn human(made: &Committed) -> String {
    let Committed { branch, commit, subject, paths, .. } = made;
    let short: String = commit.to_string().chars().take(12).collect();
    let line = format!("committed {short} to {}: {}\n", Printable(branch), Printable(subject));
    paths.iter().map(|path| format!("  {path}\n")).fold(line, |text, path| text + &path)
}
