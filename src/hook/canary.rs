//! Whether hooks of ours run in each worktree, proven by what git does there.
//!
//! Git is asked, from within each worktree and with its configuration, to move a ref that our
//! `reference-transaction` hook always refuses, and takes the move back before anything is written.
//! The other hooks are run by `git hook run` with a variable that makes them refuse before they do
//! anything; where the hook is another tool's it is not run at all.

use std::io::{Write, stderr};
use std::path::Path;

use anyhow::Result;

use super::Door;
use super::install::{Asking, Site, is_set_up, recorded_doors};
use crate::domain::finding::{self, Finding, Outcome};
use crate::domain::refusal::Refusal;
use crate::git::canary::{Echo, ask_hook};
use crate::git::{Kind, Repo, Worktree, link_of};

const SILENT: finding::Kind = finding::Kind::error("HOOKS_SILENT");
const UNPROVEN: finding::Kind = finding::Kind::error("HOOKS_UNPROVEN");
const NOT_ASKED: finding::Kind =
    finding::Kind::info("HOOKS_NOT_ASKED").left("nothing can be run where its directory is not");

/// What was heard in each worktree.
#[derive(Debug, Clone)]
pub struct Canary {
    findings: Vec<Finding>,
}

/// What a hook did that did not answer as it must.
enum Silence {
    /// None of ours ran.
    None,
    /// Something else stopped git, which said this.
    Other(String),
}

impl Canary {
    /// Asks in each worktree, the main one or the bare repository first. What is not set up is not
    /// asked.
    ///
    /// # Errors
    /// If the worktrees cannot be read, or git cannot be started.
    pub fn release(repo: &Repo) -> Result<Self> {
        let common = repo.common_dir();
        let mut findings = Vec::new();
        if is_set_up(common) {
            let recorded = recorded_doors(common).unwrap_or_default();
            let doors = recorded.unwrap_or_else(|| Door::LOCAL.to_vec());
            for worktree in repo.worktrees()? {
                findings.extend(listen(repo, &worktree, &doors)?);
            }
        }
        Ok(Self { findings })
    }

    /// What was found.
    #[must_use]
    pub fn findings(self) -> Vec<Finding> {
        self.findings
    }

    /// Asks again after hooks were installed again, and says what became of each finding.
    ///
    /// # Errors
    /// As [`Canary::release`].
    pub fn again(mut self, repo: &Repo) -> Result<Self> {
        if !self.findings.is_empty() {
            let now = Self::release(repo)?.findings;
            self.findings
                .iter_mut()
                .for_each(|finding| finding.outcome = Some(outcome(finding, &now)));
        }
        Ok(self)
    }
}

fn outcome(finding: &Finding, now: &[Finding]) -> Outcome {
    let is_same = |other: &&Finding| other.kind.left.is_none() && other.subject == finding.subject;
    match (finding.kind.left, now.iter().find(is_same)) {
        (Some(why), _) => Outcome::Left(why.to_owned()),
        (None, None) => Outcome::Mended("installed the hooks again, and now they run".to_owned()),
        (None, Some(still)) => Outcome::Left(still.message.clone()),
    }
}

/// Asks every hook in one worktree.
fn listen(repo: &Repo, worktree: &Worktree, doors: &[Door]) -> Result<Vec<Finding>> {
    if let Some(finding) = absent(worktree) {
        return Ok(vec![finding]);
    }
    let (mut silent, mut other) = (Vec::new(), Vec::new());
    for &door in doors {
        let site = Site::look(&worktree.path, repo.common_dir(), door)?;
        match ask(repo, &worktree.path, &site)? {
            None => {}
            Some(Silence::None) => silent.push(site),
            Some(Silence::Other(said)) => other.push((site, said)),
        }
    }
    let subject = || worktree.path.display().to_string();
    let silence = silent.iter().find(|site| !site.is_missing()).or(silent.first()).map(|site| {
        let names = names(&silent.iter().map(Site::door).collect::<Vec<_>>());
        let message = format!("git runs no hook of ours for {names} here: {}", site.cause());
        SILENT.found(subject(), message, site.fix())
    });
    let doubt = other.first().map(|(site, said)| {
        let names = names(&other.iter().map(|(site, _)| site.door()).collect::<Vec<_>>());
        let said = said.lines().next().unwrap_or("git said nothing");
        let hindrance = hindrance(repo, site);
        let cause = match &hindrance {
            Some(refusal) => format!("; {refusal}"),
            None if site.is_ours() => String::new(),
            None => format!("; {}", site.cause()),
        };
        let fix = hindrance.map_or_else(|| site.fix(), |refusal| refusal.hint());
        let message = format!("whether ours runs for {names} here cannot be told: {said}{cause}");
        UNPROVEN.found(subject(), message, fix)
    });
    Ok(silence.into_iter().chain(doubt).collect())
}

/// What keeps git from getting as far as the hook: installing does not mend that.
fn hindrance(repo: &Repo, site: &Site) -> Option<Refusal> {
    match site.door() {
        Door::ReferenceTransaction => repo.canary_hindrance(),
        Door::PreCommit | Door::PreMergeCommit | Door::PrePush | Door::PreReceive => None,
    }
}

fn names(doors: &[Door]) -> String {
    doors.iter().map(|door| format!("`{door}`")).collect::<Vec<_>>().join(", ")
}

/// That a worktree is not where git has it, so that git there would speak of something else.
fn absent(worktree: &Worktree) -> Option<Finding> {
    let Worktree { path, git_dir, kind, locked, .. } = worktree;
    let is_there = match kind {
        Kind::Main | Kind::Bare => path.is_dir(),
        Kind::Linked => link_of(path).is_some_and(|link| same(&link, git_dir)),
    };
    if is_there {
        return None;
    }
    let why = match locked.as_deref() {
        None => String::new(),
        Some("") => ", and it is locked".to_owned(),
        Some(reason) => format!(", and it is locked: {reason}"),
    };
    let message = format!("its directory is gone or on another machine{why}");
    let fix =
        "run `git kitty doctor --canary` where it is; `git worktree prune` forgets what is gone";
    Some(NOT_ASKED.found(path.display().to_string(), message, fix))
}

fn same(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        (Ok(_) | Err(_), _) => false,
    }
}

/// What is wrong with a hook in a worktree; `None` if it answered as it must, or cannot be asked.
fn ask(repo: &Repo, top: &Path, site: &Site) -> Result<Option<Silence>> {
    let echo = match site.door() {
        Door::ReferenceTransaction => repo.ask_for_reserved_move(top)?,
        Door::PreCommit | Door::PreMergeCommit | Door::PrePush | Door::PreReceive => {
            match site.asking() {
                Asking::Safe => ask_hook(top, site.door().event())?,
                Asking::Needless => Echo::Passed,
                Asking::Unsafe => return Ok(None),
            }
        }
    };
    Ok(match echo {
        Echo::Stopped(said) if is_ours(&said) => None,
        Echo::Stopped(said) => Some(Silence::Other(said)),
        Echo::Passed => Some(Silence::None),
    })
}

fn is_ours(said: &str) -> bool {
    let refusal = Refusal::CanaryRefused { what: String::new() };
    said.contains(&format!("[{}]", refusal.code()))
}

/// Refuses what was asked for `what`, in the words by which the asker knows us. Returns the hook's exit
/// status.
pub(super) fn refuse(what: &str) -> u8 {
    let refusal = Refusal::CanaryRefused { what: what.to_owned() };
    let (code, hint) = (refusal.code(), refusal.hint());
    let _ = writeln!(stderr(), "error: {refusal} [{code}]\nhint: {hint}");
    1
}
