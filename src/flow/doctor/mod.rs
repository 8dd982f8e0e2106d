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
mod left_behind;
mod locks;
mod log;
mod overrides;
mod patient;
mod places;
mod snapshot;
mod sparse;
mod tracked;
mod unseen;
mod writable;

pub(super) use self::snapshot::has_drifted;
use std::collections::BTreeSet;

use anyhow::Result;

use self::case::Case;
use self::patient::Patient;
use super::host::Host;
use crate::domain::finding::{Finding, Kind};
use crate::domain::time::Instant;
use crate::git::{Repo, unwritable};

/// Looks, and says what it found.
type Check = for<'p> fn(&Patient<'p>) -> Result<Vec<Case<'p>>>;

/// Checks with their names.
type Checks = &'static [(&'static str, Check)];

/// All of them, in an order in which what is mended helps the later ones.
const CHECKS: Checks = &[
    ("git", git_version::look),
    ("config", config::look),
    ("what is kept", writable::look),
    ("journals", journals::look),
    ("locks", locks::look),
    ("checkouts", left_behind::look),
    ("documents", documents::look),
    ("coordination", coordination::look),
    ("logs", log::look),
    ("tracked files", tracked::look),
    ("coordination worktrees", coordination_worktree::look),
    ("snapshots", snapshot::look),
    ("worktrees", lane_worktrees::look),
    ("places", places::look),
    // Before those that say what lacks for want of a branch.
    ("what came past the doors", unseen::look),
    ("lanes", lanes::look),
    ("sparse checkouts", sparse::look),
    ("husks", husks::look),
    ("claims", claims::look),
    ("overrides", overrides::look),
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
    let mut checks = CHECKS;
    // Reading what is looked at costs most; where nothing is mended once is enough.
    while !checks.is_empty() {
        match Patient::of(repo, now, treatment) {
            Ok(patient) => checks = until_mended(checks, &patient, treatment, &mut findings),
            Err(error) => {
                findings.push(failed("the repository", &error));
                break;
            }
        }
    }
    one_each(findings)
}

/// The findings, of several for want of the same branch only the first: what brings that back mends all.
fn one_each(findings: Vec<Finding>) -> Vec<Finding> {
    let mut told: BTreeSet<String> = BTreeSet::new();
    let mut is_first = |branch: &String| told.insert(branch.clone());
    findings.into_iter().filter(|found| found.gone.as_ref().is_none_or(&mut is_first)).collect()
}

/// Makes checks up to the first that may have mended something, and returns those that are left: they
/// look anew, at what it has left.
fn until_mended(
    checks: Checks,
    patient: &Patient<'_>,
    treatment: Treatment<'_>,
    findings: &mut Vec<Finding>,
) -> Checks {
    let mut rest = checks;
    while let Some(((name, check), others)) = rest.split_first() {
        rest = others;
        let before = findings.len();
        match check(patient) {
            Ok(cases) => findings.extend(cases.into_iter().map(|case| case.treat(treatment))),
            Err(error) => findings.push(failed(name, &error)),
        }
        if matches!(treatment, Treatment::Fix(_)) && findings.len() > before {
            break;
        }
    }
    rest
}

fn failed(name: &str, error: &anyhow::Error) -> Finding {
    if let Some(refusal) = unwritable::refusal(error) {
        return Finding::of_refusal(refusal, name);
    }
    let message = format!("this could not be looked at: {error:#}");
    let fix = "mend what the message names, and run `git kitty doctor` again";
    CHECK_FAILED.found(name, message, fix)
}
