//! `git kitty override`: the one lawful way around the judge, for a while and on record.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use super::clock::now;
use super::request::host;
use super::{Answer, Context, Printable, run};
use crate::domain::branch::BranchName;
use crate::domain::overriding::Override;
use crate::domain::refusal::Refusal;
use crate::flow::overriding::{Listed, Which, Wish, grant, list, revoke};
use crate::git::Repo;

/// The options of `override`.
#[derive(Debug, Clone, Args)]
pub(super) struct Options {
    /// The branch that may take what is refused
    #[arg(long = "ref", value_name = "R", required_unless_present_any = ["list", "revoke"])]
    branch: Option<String>,
    /// Why: it is written down
    #[arg(long, value_name = "T", required_unless_present_any = ["list", "revoke"], conflicts_with_all = ["list", "revoke"])]
    reason: Option<String>,
    /// For how long, as in 90s, 10m, 2h; a day at most
    #[arg(long = "for", value_name = "DURATION", required_unless_present_any = ["list", "revoke"], conflicts_with_all = ["list", "revoke"])]
    span: Option<String>,
    /// Show what is in force
    #[arg(long, conflicts_with = "revoke")]
    list: bool,
    /// End the one with this id, those of --ref, or all
    #[arg(long, value_name = "ID", num_args = 0..=1)]
    revoke: Option<Option<String>>,
}

#[derive(Debug, Serialize)]
struct Document {
    overrides: Vec<Entry>,
}

/// An override that is in force.
#[derive(Debug, Serialize)]
struct Entry {
    id: String,
    #[serde(rename = "ref")]
    ref_name: String,
    reason: String,
    actor: String,
    from: String,
    until: String,
}

/// The command.
#[must_use]
pub fn main() -> ExitCode {
    run("override", answer)
}

fn answer(options: Options, context: &Context) -> Result<Answer<Document>> {
    let repo = Repo::discover(&context.directory)?;
    let branch = options.branch.as_deref().map(branch).transpose()?;
    let Listed { mut in_force, warnings } = match (options.revoke, options.list, &branch) {
        (Some(id), _, _) => {
            revoke(&repo, &host(&repo, context, "override")?, &which(id, branch.clone()))?
        }
        (None, false, Some(branch)) => {
            let (reason, span) = (options.reason, options.span);
            let (reason, span) = (reason.unwrap_or_default(), span.unwrap_or_default());
            let wish = Wish { branch: branch.clone(), reason: &reason, span: &span };
            grant(&repo, &host(&repo, context, "override")?, wish)?
        }
        (None, _, _) => list(&repo, now()),
    };
    if options.list {
        in_force.retain(|one| branch.as_ref().is_none_or(|branch| one.branch == *branch));
    }
    let document = Document { overrides: in_force.iter().map(entry).collect() };
    Ok(Answer::new(document, human(&in_force)).with_warnings(warnings))
}

/// A branch by its short or full name.
fn branch(name: &str) -> Result<BranchName> {
    let short = name.strip_prefix("refs/heads/").unwrap_or(name);
    let parsed = short.parse().ok().filter(|_| !short.starts_with("refs/"));
    parsed.ok_or_else(|| Refusal::BranchNameInvalid { name: name.to_owned() }.into())
}

fn which(id: Option<String>, branch: Option<BranchName>) -> Which {
    match (id, branch) {
        (Some(id), _) => Which::Id(id),
        (None, Some(branch)) => Which::Branch(branch),
        (None, None) => Which::All,
    }
}

fn entry(one: &Override) -> Entry {
    Entry {
        id: one.id.clone(),
        ref_name: format!("refs/heads/{}", one.branch),
        reason: one.reason.clone(),
        actor: one.actor.clone(),
        from: one.from.to_log(),
        until: one.until.to_log(),
    }
}

fn human(in_force: &[Override]) -> String {
    if in_force.is_empty() {
        return "no override is in force\n".to_owned();
    }
    let line = |one: &Override| {
        let (branch, actor) = (Printable(one.branch.as_str()), Printable(&one.actor));
        let (until, reason) = (one.until.to_log(), Printable(&one.reason));
        format!("{branch} until {until}, by {actor}: {reason} ({})\n", one.id)
    };
    in_force.iter().map(line).collect()
}
