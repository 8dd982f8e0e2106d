//! The options of a transition, shared by the commands that make, check or batch one.

use anyhow::Result;
use clap::{Args, ValueEnum};

use super::Context;
use crate::domain::refusal::Refusal;
use crate::domain::transition::{Request, Review, Verdict};
use crate::flow::host::Host;
use crate::git::Repo;

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

#[derive(Debug, Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Said {
    Approved,
    ChangesRequested,
}

impl MoveOptions {
    /// The request that `actor` makes with these options.
    pub(super) fn request(self, actor: &str) -> Request {
        let verdict = self.verdict.map(|said| match said {
            Said::Approved => Verdict::Approved,
            Said::ChangesRequested => Verdict::ChangesRequested,
        });
        let review = match (self.reviewer, verdict, self.reference) {
            (Some(reviewer), Some(verdict), Some(reference)) => {
                Some(Review { reviewer, verdict, reference })
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
///
/// # Errors
/// [`Refusal::ActorUnknown`] if nobody can be named.
pub(super) fn host(repo: &Repo, context: &Context) -> Result<Host> {
    let named = context.actor.clone().filter(|actor| !actor.trim().is_empty());
    let actor = match named {
        Some(actor) => actor,
        None => repo.identity()?.ok_or(Refusal::ActorUnknown)?.name().to_owned(),
    };
    Ok(Host::system(actor))
}
