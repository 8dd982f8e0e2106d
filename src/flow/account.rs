//! Writing down what the judge did not let pass, and what passed all the same.

use anyhow::Result;

use super::commits::Judged;
use super::guard::Judgement;
use super::host::Host;
use crate::domain::branch::BranchName;
use crate::domain::oid::Oid;
use crate::domain::overriding::Override;
use crate::git::Repo;
use crate::policy::Outcome;
use crate::store::approved;
use crate::store::audit::{Details, Entry, Kind, append};

/// A branch that a door lets take something. The host's command is the door.
pub(super) struct Pass<'p> {
    pub(super) repo: &'p Repo,
    pub(super) host: &'p Host,
    pub(super) branch: &'p BranchName,
    /// What the branch holds, where it is about to move.
    pub(super) old: Option<Oid>,
    /// What it shall hold.
    pub(super) new: Option<Oid>,
}

/// Something that was judged: the commit, if it is one, and what was said.
type Seen<'s> = (Option<Oid>, &'s Judgement);

/// That an override was granted.
///
/// # Errors
/// If it cannot be written: then it must not be granted.
pub(super) fn granted(repo: &Repo, host: &Host, one: &Override) -> Result<()> {
    append(repo, &about(host, Kind::Granted, one)?)
}

/// That an override was taken back.
///
/// # Errors
/// If it cannot be written.
pub(super) fn revoked(repo: &Repo, host: &Host, one: &Override) -> Result<()> {
    append(repo, &about(host, Kind::Revoked, one)?)
}

/// That a merge goes on although reviews may speak against it, with the reason: to be written before
/// it does.
///
/// # Errors
/// If no id can be drawn.
pub(super) fn review_skipped(
    host: &Host,
    (branch, mission): (&BranchName, &str),
    reason: &str,
) -> Result<Entry> {
    let mut entry = entry(host, Kind::ReviewSkipped, branch)?;
    entry.details.reason = Some(reason.to_owned());
    entry.details.mission_slug = Some(mission.to_owned());
    Ok(entry)
}

/// That an override let pass what a tool is about to write.
///
/// # Errors
/// If it cannot be written: the door must refuse then.
pub fn used(repo: &Repo, host: &Host, judgement: &Judgement) -> Result<()> {
    let Some(branch) = &judgement.branch else { return Ok(()) };
    let pass = Pass { repo, host, branch, old: None, new: None };
    pass.by_override(&[(None, judgement)])
}

impl Pass<'_> {
    /// Writes down what passes by an override.
    ///
    /// # Errors
    /// If it cannot be written: the door must refuse then.
    pub(super) fn by_override(&self, seen: &[Seen<'_>]) -> Result<()> {
        let let_pass: Vec<Seen<'_>> = seen
            .iter()
            .copied()
            .filter(|(_, judgement)| judgement.verdict.overridden.is_some())
            .collect();
        let by = let_pass.first().and_then(|(_, judgement)| judgement.verdict.overridden.as_ref());
        let Some(by) = by else { return Ok(()) };
        let mut entry = self.entry(Kind::Used, &let_pass)?;
        entry.details.override_id = Some(by.id.clone());
        entry.details.reason = Some(by.reason.clone());
        append(self.repo, &entry)
    }

    /// As [`Pass::by_override`], and also what only passes because the policy just warns, if no
    /// earlier door let its tree pass.
    ///
    /// # Errors
    /// As [`Pass::by_override`]; if a commit cannot be read.
    pub(super) fn to_move(&self, judged: &[Judged]) -> Result<()> {
        let seen: Vec<Seen<'_>> = judged.iter().map(|one| (one.commit, &one.judgement)).collect();
        self.by_override(&seen)?;
        let mut bypassed = Vec::new();
        for (commit, judgement) in seen {
            let verdict = &judgement.verdict;
            let passes = verdict.outcome == Outcome::Warned && verdict.overridden.is_none();
            if passes && !self.was_approved(commit)? {
                bypassed.push((commit, judgement));
            }
        }
        if bypassed.is_empty() {
            return Ok(());
        }
        append(self.repo, &self.entry(Kind::Bypassed, &bypassed)?)
    }

    /// Whether the door before a commit let this one's tree pass.
    ///
    /// # Errors
    /// If the commit cannot be read.
    pub(super) fn was_approved(&self, commit: Option<Oid>) -> Result<bool> {
        let Some(commit) = commit else { return Ok(false) };
        Ok(approved::has(self.repo, self.branch, self.repo.tree_of_commit(commit)?))
    }

    fn entry(&self, kind: Kind, seen: &[Seen<'_>]) -> Result<Entry> {
        let mut entry = entry(self.host, kind, self.branch)?;
        let details = &mut entry.details;
        details.door = Some(self.host.command.to_owned());
        details.old = self.old.map(|old| old.to_string());
        details.new = self.new.map(|new| new.to_string());
        for (commit, judgement) in seen {
            details.commits.extend(commit.map(|commit| commit.to_string()));
            details.mission_slug.clone_from(&judgement.mission_dir);
            for violation in &judgement.verdict.violations {
                let code = violation.code.to_string();
                if !details.codes.contains(&code) {
                    details.codes.push(code);
                }
            }
        }
        Ok(entry)
    }
}

fn about(host: &Host, kind: Kind, one: &Override) -> Result<Entry> {
    let mut entry = entry(host, kind, &one.branch)?;
    entry.details = Details {
        override_id: Some(one.id.clone()),
        reason: Some(one.reason.clone()),
        from: Some(one.from.to_log()),
        until: Some(one.until.to_log()),
        ..Details::default()
    };
    Ok(entry)
}

fn entry(host: &Host, event_type: Kind, branch: &BranchName) -> Result<Entry> {
    Ok(Entry {
        event_id: host.ulid()?,
        event_type,
        at: host.now().to_log(),
        actor: host.actor.clone(),
        ref_name: format!("refs/heads/{branch}"),
        details: Details::default(),
    })
}
