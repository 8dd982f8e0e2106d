//! Whether a mission landed as its certificate says: recomputed from commits alone, on any clone.

mod proof;

use anyhow::Result;

use self::proof::Proof;
use super::land::joined;
use crate::domain::layout;
use crate::domain::merging::{Certificate, Landing, latest};
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::domain::refname::RefName;
use crate::domain::refusal::{MergeRefusal, Refusal};
use crate::git::{Authorship, Durability, Repo, Writer};
use crate::store::Mission;

/// Something that a landing has to hold to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Its name, for programs.
    pub name: &'static str,
    /// Whether it holds.
    pub ok: bool,
    /// What was compared.
    pub detail: String,
}

/// A landing that was looked into.
#[derive(Debug, Clone)]
pub struct Verified {
    /// The certificate.
    pub landing: Landing,
    /// The commit that brought it to the target.
    pub commit: Oid,
    /// What the target was before.
    pub parent: Oid,
    /// The commit of the coordination branch that has the certificate: all that landed.
    pub landed: Oid,
    /// The branch or remote-tracking ref that was looked at.
    pub branch: RefName,
    /// Each thing that has to hold.
    pub checks: Vec<Check>,
    /// Paths that are not as they should be.
    pub paths: Vec<String>,
}

impl Verified {
    /// Whether all holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.checks.iter().all(|check| check.ok)
    }
}

/// Looks into the last landing of a mission on its target.
///
/// # Errors
/// [`MergeRefusal::NotLanded`], [`MergeRefusal::CommitsMissing`]; if a commit cannot be read.
pub fn verify(repo: &Repo, mission: &Mission) -> Result<Verified> {
    let (branch, tip) = target(repo, mission)?;
    verify_at(repo, mission, (branch, tip))
}

/// As [`verify`], on a branch that has this tip.
///
/// # Errors
/// As [`verify`].
pub(in crate::flow) fn verify_at(
    repo: &Repo,
    mission: &Mission,
    (branch, tip): (RefName, Oid),
) -> Result<Verified> {
    let path = layout::event_log(&mission.dir);
    let log = repo.blob_at(repo.tree_of_commit(tip)?, &path)?.unwrap_or_default();
    let landing = latest(&log, &path.to_string())?.ok_or_else(|| not_landed(mission))?;
    let commit = first_with(repo, (tip, &path), &landing.event_id)?;
    prove(repo, mission, (landing, commit), (branch, &[]))
}

/// Looks into a landing that a commit brought to a branch. The commit of the coordination branch that
/// it came from is looked for also at these `tips`.
///
/// # Errors
/// As [`verify`].
pub(in crate::flow) fn prove(
    repo: &Repo,
    mission: &Mission,
    (landing, commit): (Landing, Oid),
    (branch, tips): (RefName, &[Oid]),
) -> Result<Verified> {
    let certificate = landing.certificate.clone();
    missing(repo, mission, &certificate)?;
    let from = landed_commit(repo, mission, (&landing, commit), tips)?;
    let parent = parent(repo, (certificate.target_old.parse()?, from, commit))?;
    let due = joined(&Writer::new(repo, Durability::Git), repo, [parent, from])?;
    let proof = Proof { repo, mission, certificate: &certificate, from, commit, parent, due };
    let (checks, mut paths) = proof.checks()?;
    paths.sort();
    paths.dedup();
    Ok(Verified { landing, commit, parent, landed: from, branch, checks, paths })
}

fn not_landed(mission: &Mission) -> Refusal {
    let (mission, target) = (mission.dir.clone(), mission.meta.target_branch.clone());
    MergeRefusal::NotLanded { mission, target }.into()
}

/// The target, here or as last fetched, the first that is there.
fn target(repo: &Repo, mission: &Mission) -> Result<(RefName, Oid)> {
    let name = &mission.meta.target_branch;
    let branch: crate::domain::branch::BranchName =
        name.parse().map_err(|_| Refusal::DestinationShape { name: name.clone() })?;
    for name in [branch.ref_name()?, branch.remote_ref()?] {
        if let Some(tip) = repo.find(&name)? {
            return Ok((name, tip));
        }
    }
    Err(Refusal::DestinationMissing { name: name.clone() }.into())
}

/// The oldest commit, by first parents, whose log has an event.
///
/// # Errors
/// If a commit cannot be read.
pub(in crate::flow) fn first_with(
    repo: &Repo,
    (tip, path): (Oid, &RepoPath),
    event_id: &str,
) -> Result<Oid> {
    let has = |commit: Oid| -> Result<bool> {
        let log = repo.blob_at(repo.tree_of_commit(commit)?, path)?.unwrap_or_default();
        Ok(log.windows(event_id.len()).any(|part| part == event_id.as_bytes()))
    };
    let mut commit = tip;
    while let Some(parent) = repo.commit(commit)?.parents.first()
        && has(*parent)?
    {
        commit = *parent;
    }
    Ok(commit)
}

/// That the commits which the certificate names are here.
fn missing(repo: &Repo, mission: &Mission, certificate: &Certificate) -> Result<()> {
    let named = [&certificate.target_old, &certificate.coordination_tip].into_iter();
    let named = named.chain(certificate.lanes.iter().map(|lane| &lane.tip));
    let is_missing = |hex: &&String| hex.parse::<Oid>().map_or(true, |oid| !repo.has_object(oid));
    let commits: Vec<String> = named.filter(is_missing).cloned().collect();
    if commits.is_empty() {
        return Ok(());
    }
    Err(commits_missing(mission, commits).into())
}

fn commits_missing(mission: &Mission, commits: Vec<String>) -> Refusal {
    let id = mission.meta.id.as_ref().map(ToString::to_string);
    let kept = id.map(|id| format!("'{0}/{id}:{0}/{id}'", layout::LANDED));
    let fetch = format!("origin {}", kept.unwrap_or_else(|| mission.branch()));
    MergeRefusal::CommitsMissing { mission: mission.dir.clone(), commits, fetch }.into()
}

/// The commit of the coordination branch that has the certificate: on that branch, here or on a remote,
/// or where it was kept, or among what landed.
fn landed_commit(
    repo: &Repo,
    mission: &Mission,
    (landing, commit): (&Landing, Oid),
    also: &[Oid],
) -> Result<Oid> {
    let path = layout::event_log(&mission.dir);
    let branch = mission.branch();
    let mut tips = also.to_vec();
    for name in [format!("refs/heads/{branch}"), format!("refs/remotes/origin/{branch}")] {
        tips.extend(repo.find(&name.parse()?)?);
    }
    if let Some(id) = &mission.meta.id {
        let kept = repo.list(&format!("{}/{id}", layout::LANDED))?;
        tips.extend(kept.into_iter().map(|(_, tip)| tip));
    }
    tips.push(commit);
    tips.extend(repo.commit(commit)?.parents.iter().skip(1));
    let due = landing.certificate.coordination_tip.as_str();
    for tip in tips {
        let found = first_with(repo, (tip, &path), &landing.event_id)?;
        let parents = repo.commit(found)?.parents;
        if parents.first().map(ToString::to_string).as_deref() == Some(due) {
            return Ok(found);
        }
    }
    Err(commits_missing(mission, vec![format!("the one after {due}")]).into())
}

/// What the target was before the mission came: the last commit that is none of the mission's made
/// again. Those have the author and the message of what they were made of.
///
/// # Errors
/// If a commit cannot be read.
pub(super) fn parent(repo: &Repo, (old, from, commit): (Oid, Oid, Oid)) -> Result<Oid> {
    if commit == from {
        return Ok(old);
    }
    let mut own = None;
    let mut parent = commit;
    while let Some(first) = repo.commit(parent)?.parents.first().copied() {
        parent = first;
        if parent == old {
            break;
        }
        let own = match &mut own {
            Some(own) => own,
            None => own.insert(authorships(repo, repo.commits_since(from, &[old])?)?),
        };
        if !own.contains(&repo.authorship(parent)?) {
            return Ok(parent);
        }
    }
    Ok(old)
}

fn authorships(repo: &Repo, commits: Vec<Oid>) -> Result<Vec<Authorship>> {
    commits.into_iter().map(|commit| repo.authorship(commit)).collect()
}
