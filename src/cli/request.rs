//! The options of a transition, shared by the commands that make, check or batch one.

use anyhow::Result;
use clap::{Args, ValueEnum};

use serde_json::{Value, json};

use super::globals::variable;
use super::{Context, Printable};
use crate::domain::branch::BranchName;
use crate::domain::identity::Identity;
use crate::domain::oid::Oid;
use crate::domain::refusal::Refusal;
use crate::domain::transition::{Request, Review, Verdict};
use crate::flow::host::Host;
use crate::flow::transaction::Receipt;
use crate::git::{Move, Repo, finish_left_commit};

/// What a move brings.
#[derive(Debug, Clone, Args)]
pub(super) struct MoveOptions {
    /// Where to: planned, claimed, in_progress (or doing), for_review, in_review, approved, done, blocked, canceled
    #[arg(long, value_name = "STATUS")]
    to: String,
    /// Past edges and guards; needs --reason
    #[arg(long)]
    force: bool,
    /// Why
    #[arg(long, value_name = "T")]
    reason: Option<String>,
    /// The review that this answers
    #[arg(long, value_name = "R")]
    review_ref: Option<String>,
    /// Who reviewed
    #[arg(long, value_name = "N", requires_all = ["verdict", "reference"])]
    reviewer: Option<String>,
    /// What the reviewer says
    #[arg(long, value_enum, value_name = "V", requires = "reviewer")]
    verdict: Option<Said>,
    /// Where the reviewer says it
    #[arg(long, value_name = "R", requires = "reviewer")]
    reference: Option<String>,
    /// All subtasks are done
    #[arg(long)]
    subtasks_complete: bool,
    /// What there is to review
    #[arg(long, value_name = "TEXT")]
    evidence: Option<String>,
    /// Where the work happens (default: the lane)
    #[arg(long, value_name = "W")]
    workspace: Option<String>,
}

/// A verdict as an option.
#[derive(Debug, Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(super) enum Said {
    Approved,
    ChangesRequested,
}

impl From<Said> for Verdict {
    fn from(said: Said) -> Self {
        match said {
            Said::Approved => Self::Approved,
            Said::ChangesRequested => Self::ChangesRequested,
        }
    }
}

impl MoveOptions {
    /// The request that `actor` makes with these options.
    pub(super) fn request(self, actor: &str) -> Request {
        let review = match (self.reviewer, self.verdict, self.reference) {
            (Some(reviewer), Some(said), Some(reference)) => {
                Some(Review { reviewer, verdict: said.into(), reference })
            }
            (_, _, _) => None,
        };
        Request {
            to: if self.to == "doing" { "in_progress".to_owned() } else { self.to },
            actor: actor.to_owned(),
            force: self.force,
            reason: self.reason,
            review_ref: self.review_ref,
            review,
            subtasks_complete: self.subtasks_complete,
            implementation_evidence: self.evidence.is_some(),
            workspace: self.workspace,
        }
    }
}

/// The world of a command that writes: `--actor`, `GIT_KITTY_ACTOR`, else the name git commits by.
/// What a killed `git kitty commit` left undone in this worktree is done first.
///
/// # Errors
/// [`Refusal::IdentityUnknown`] if git knows nobody to commit as; if the index cannot be written.
pub(super) fn host(repo: &Repo, context: &Context, command: &'static str) -> Result<Host> {
    finish_left_commit(repo)?;
    let named = context.actor.clone().filter(|actor| !actor.trim().is_empty());
    let identity = identity(repo)?;
    let actor = named.unwrap_or_else(|| identity.name().to_owned());
    Ok(Host::system(actor, identity, command))
}

/// Who commits, as git would say: its variables first, then `user.name` and `user.email`.
fn identity(repo: &Repo) -> Result<Identity> {
    let value = |name: &str, keys: [&str; 2]| {
        let configured = || keys.iter().find_map(|key| repo.config_string(key));
        variable(name).or_else(configured)
    };
    let name = value("GIT_COMMITTER_NAME", ["committer.name", "user.name"]);
    let email = value("GIT_COMMITTER_EMAIL", ["committer.email", "user.email"]);
    match (name, email) {
        (Some(name), Some(email)) => {
            Identity::new(&name, &email).map_err(|_| Refusal::IdentityUnknown.into())
        }
        (Some(_) | None, _) => Err(Refusal::IdentityUnknown.into()),
    }
}

/// The commits that a write made, as JSON has them.
pub(super) fn commits(receipt: &Receipt) -> Vec<Value> {
    let entry = |(commit, message): &(String, String)| json!({"commit": commit, "branch": receipt.branch, "message": message, "outcome": "committed"});
    receipt.commit.iter().map(entry).collect()
}

/// The refs that a write moved, as JSON has them.
pub(super) fn ref_moves(receipt: &Receipt) -> Vec<Value> {
    let one = |one: &Move| {
        json!({
            "ref": one.name.to_string(),
            "old": one.old.map(|oid| oid.to_string()),
            "new": one.new.map(|oid| oid.to_string()),
        })
    };
    receipt.moves.iter().map(one).collect()
}

/// The commits that a write brought to branches, as JSON has them: the last of each.
///
/// # Errors
/// If a commit cannot be read.
pub(super) fn commits_made(repo: &Repo, receipt: &Receipt, is_dry_run: bool) -> Result<Vec<Value>> {
    let outcome = if is_dry_run { "planned" } else { "committed" };
    let mut all = Vec::new();
    for (branch, commit, message) in branch_tips(repo, receipt)? {
        let commit = commit.to_string();
        all.push(
            json!({"commit": commit, "branch": branch, "message": message, "outcome": outcome}),
        );
    }
    Ok(all)
}

/// The same for people, a line each.
///
/// # Errors
/// If a commit cannot be read.
pub(super) fn commit_lines(repo: &Repo, receipt: &Receipt, is_dry_run: bool) -> Result<String> {
    let verb = if is_dry_run { "would go" } else { "went" };
    let line = |(branch, commit, message): (String, Oid, String)| {
        format!("{} {verb} to {commit:.12}: {}\n", Printable(&branch), Printable(&message))
    };
    Ok(branch_tips(repo, receipt)?.into_iter().map(line).collect())
}

fn branch_tips(repo: &Repo, receipt: &Receipt) -> Result<Vec<(String, Oid, String)>> {
    let mut tips = Vec::new();
    for one in &receipt.moves {
        if let (Some(branch), Some(commit)) = (BranchName::of_ref(&one.name), one.new) {
            tips.push((branch.to_string(), commit, repo.subject(commit)?));
        }
    }
    Ok(tips)
}

/// The commits that a write made, a line each.
pub(super) fn summary(receipt: &Receipt) -> String {
    match &receipt.commit {
        Some((commit, message)) => {
            let short: String = commit.chars().take(12).collect();
            format!("committed {short} to {}: {}\n", Printable(&receipt.branch), Printable(message))
        }
        None => "nothing to commit\n".to_owned(),
    }
}
