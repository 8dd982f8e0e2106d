//! Finding what is wrong in a repository, and mending what can be mended without losing work.
//!
//! A check is a file here and a line in `CHECKS`. What one finds, or cannot find out because
//! something is damaged, hides nothing that another one finds. Mending takes the locks that a write
//! takes, uses no force, and leaves what it cannot prove to be nobody's work. Hooks are not looked at
//! here, but in `hook::doctor`.

mod case;
mod claims;
mod config;
mod coordination;
mod coordination_worktree;
mod documents;
mod git_version;
mod husks;
mod journals;
mod lane_worktrees;
mod lanes;
mod locks;
mod log;
mod patient;
mod snapshot;
mod sparse;
mod tracked;

use anyhow::Result;

use self::case::Case;
use self::patient::Patient;
use super::host::Host;
use crate::domain::finding::{Finding, Kind};
use crate::domain::refusal::Refusal;
use crate::domain::time::Instant;
use crate::git::Repo;

/// Looks, and says what it found.
type Check = for<'p> fn(&Patient<'p>) -> Result<Vec<Case<'p>>>;

/// All checks with their names, in an order in which what is mended helps the later ones.
const CHECKS: &[(&str, Check)] = &[
    ("git", git_version::look),
    ("config", config::look),
    ("journals", journals::look),
    ("locks", locks::look),
    ("documents", documents::look),
    ("coordination", coordination::look),
    ("logs", log::look),
    ("tracked files", tracked::look),
    ("coordination worktrees", coordination_worktree::look),
    ("snapshots", snapshot::look),
    ("worktrees", lane_worktrees::look),
    ("lanes", lanes::look),
    ("sparse checkouts", sparse::look),
    ("husks", husks::look),
    ("claims", claims::look),
];

const CHECK_FAILED: Kind =
    Kind::error("CHECK_FAILED").left("what could not be looked at cannot be mended");

/// Whether to mend, and who does.
#[derive(Debug, Clone, Copy)]
pub enum Treatment<'h> {
    /// Only look.
    None,
    /// Mend what is safe. Without anybody to commit as, nothing is committed.
    Fix(Option<&'h Host>),
}

/// What is wrong in a repository, and what was done about it. `now` tells how old things are.
#[must_use]
pub fn examine(repo: &Repo, now: Instant, treatment: Treatment<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, check) in CHECKS {
        // Each looks anew, at what the one before has left.
        let patient = match Patient::of(repo, now, treatment) {
            Ok(patient) => patient,
            Err(error) => {
                findings.push(failed("the repository", &error));
                break;
            }
        };
        match check(&patient) {
            Ok(cases) => findings.extend(cases.into_iter().map(|case| case.treat(treatment))),
            Err(error) => findings.push(failed(name, &error)),
        }
    }
    findings
}

fn failed(name: &str, error: &anyhow::Error) -> Finding {
    if let Some(refusal) = error.downcast_ref::<Refusal>() {
        return Finding::of_refusal(refusal, name);
    }
    let message = format!("this could not be looked at: {error:#}");
    let fix = "mend what the message names, and run `git kitty doctor` again";
    CHECK_FAILED.found(name, message, fix)
}
