//! `git kitty scope`: what a branch without a mission may touch.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};
use serde::Serialize;

use super::{Answer, Context, Printable, run};
use crate::domain::branch::BranchName;
use crate::flow::scope;
use crate::git::Repo;

/// The options of `scope`.
#[derive(Debug, Clone, Args)]
pub(super) struct Options {
    #[command(subcommand)]
    action: Action,
    /// The branch (default: the one that is checked out)
    #[arg(long, value_name = "B", global = true)]
    branch: Option<BranchName>,
}

#[derive(Debug, Clone, Subcommand)]
enum Action {
    /// Add globs: the branch may touch what one of them matches
    Add {
        /// Globs from the top of the repository, quoted for the shell
        #[arg(required = true, value_name = "GLOB")]
        globs: Vec<String>,
    },
    /// Show the globs
    List,
    /// Remove all globs: the branch is free again
    Clear,
}

#[derive(Debug, Serialize)]
struct Document {
    branch: String,
    globs: Vec<String>,
}

/// The command.
#[must_use]
pub fn main() -> ExitCode {
    run("scope", answer)
}

fn answer(options: Options, context: &Context) -> Result<Answer<Document>> {
    let repo = Repo::discover(&context.directory)?;
    let branch = match options.branch {
        Some(branch) => branch,
        None => scope::current_branch(&repo)?,
    };
    let globs = match options.action {
        Action::Add { globs } => scope::add(&repo, &branch, &globs)?,
        Action::List => scope::globs(&repo, &branch),
        Action::Clear => {
            scope::clear(&repo, &branch)?;
            Vec::new()
        }
    };
    let human = human(&branch, &globs);
    Ok(Answer::new(Document { branch: branch.to_string(), globs }, human))
}

fn human(branch: &BranchName, globs: &[String]) -> String {
    if globs.is_empty() {
        return format!("{branch} has no scope: it may touch everything\n");
    }
    let lines = globs.iter().map(|glob| format!("  {}\n", Printable(glob)));
    [format!("{branch} may touch:\n")].into_iter().chain(lines).collect()
}
