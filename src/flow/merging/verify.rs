//! Whether a mission landed as its certificate says: recomputed from commits alone, on any clone.

use std::collections::BTreeSet;

use anyhow::Result;

use super::land::joined;
use super::merge::log_path;
use super::number::{meta_path, numbered};
use super::settle::settle;
use super::stage_two::counts;
use crate::domain::change::Change;
use crate::domain::event::integrity::has_grown;
use crate::domain::layout;
use crate::domain::merging::{Certificate, Landing, latest};
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::domain::refname::RefName;
use crate::domain::refusal::{MergeRefusal, Refusal};
use crate::domain::status::Status;
use crate::git::{Authorship, AutoMerge, Durability, Repo, Writer, automatic_merge};
use crate::store::{Mission, statuses_at, verdicts_at};

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
    let path = log_path(&mission.dir);
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
    let (mut checks, mut paths) = (Vec::new(), Vec::new());
    checks.push(proof.stands_on());
    checks.push(proof.bookkeeping()?);
    checks.push(proof.tree(&mut paths)?);
    checks.push(proof.target_kept(&mut paths)?);
    checks.push(proof.lanes(&mut paths)?);
    checks.push(proof.permission()?);
    checks.push(proof.counts()?);
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
    let path = log_path(&mission.dir);
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

/// A landing with all that it is compared with.
struct Proof<'p> {
    repo: &'p Repo,
    mission: &'p Mission,
    certificate: &'p Certificate,
    /// The commit of the coordination branch that has the certificate.
    from: Oid,
    /// The commit that brought it to the target.
    commit: Oid,
    /// What the target was before.
    parent: Oid,
    /// The merge of both.
    due: AutoMerge,
}

impl Proof<'_> {
    fn tip(&self) -> Result<Oid> {
        Ok(self.certificate.coordination_tip.parse()?)
    }

    fn writer(&self) -> Writer<'_> {
        Writer::new(self.repo, Durability::Git)
    }

    fn diff(&self, one: Oid, other: Oid) -> Result<Vec<Change>> {
        let tree = |commit| self.repo.tree_of_commit(commit).map(Some);
        self.repo.diff(tree(one)?, tree(other)?)
    }

    /// The certificate lies on what it names; [`landed_commit`] has found it so.
    fn stands_on(&self) -> Check {
        let detail =
            format!("{:.12} stands on {:.12}", self.from, self.certificate.coordination_tip);
        Check { name: "certificate", ok: true, detail }
    }

    /// The commit with the certificate changes the mission's log, which only grows, its snapshot and
    /// its number.
    fn bookkeeping(&self) -> Result<Check> {
        let dir = format!("{}/{}/", layout::MISSIONS, self.mission.dir);
        let own = [layout::EVENT_LOG, layout::SNAPSHOT, layout::META];
        let mut strange = Vec::new();
        for change in self.diff(self.tip()?, self.from)? {
            let name = change.path.as_bytes().strip_prefix(dir.as_bytes());
            let is_own = name.is_some_and(|name| own.iter().any(|own| own.as_bytes() == name));
            let is_log = name == Some(layout::EVENT_LOG.as_bytes());
            let grew = || -> Result<bool> {
                let read = |entry: Option<crate::domain::change::Entry>| match entry {
                    Some(entry) => self.repo.blob(entry.oid),
                    None => Ok(Vec::new()),
                };
                Ok(has_grown(&read(change.old)?, &read(change.new)?))
            };
            if !is_own || (is_log && !grew()?) {
                strange.push(change.path.to_string());
            }
        }
        let detail = match strange.is_empty() {
            true => "only the mission's log, snapshot and number changed".to_owned(),
            false => format!("changed besides: {}", strange.join(", ")),
        };
        Ok(Check { name: "bookkeeping", ok: strange.is_empty(), detail })
    }

    /// What landed is the merge of both sides, or (fast-forward) the coordination branch itself.
    fn tree(&self, paths: &mut Vec<String>) -> Result<Check> {
        if self.commit == self.from {
            let ok = self.repo.is_ancestor(self.parent, self.commit)?;
            let detail = format!("fast-forward from {:.12}", self.parent);
            return Ok(Check { name: "tree", ok, detail });
        }
        let due = &self.due;
        let has = self.repo.tree_of_commit(self.commit)?;
        let numbers = (self.mission.dir.as_str(), self.certificate.mission_number);
        let numbered = numbered((&self.writer(), self.repo), due.tree, numbers)?;
        let differs = match has == due.tree {
            true => Vec::new(),
            false => self.repo.diff(Some(numbered), Some(has))?,
        };
        let ok = due.clean && differs.is_empty();
        paths.extend(differs.iter().map(|change| change.path.to_string()));
        paths.extend(due.conflicted.iter().map(ToString::to_string));
        let detail = if ok {
            format!("it is the merge of {:.12} and {:.12}", self.parent, self.from)
        } else {
            format!("it is not the merge of {:.12} and {:.12}", self.parent, self.from)
        };
        Ok(Check { name: "tree", ok, detail })
    }

    /// Each path that the target changed since both parted is as the target had it, or the mission
    /// changed it too, perhaps under the name that it had before: then it is as the merge has it.
    fn target_kept(&self, paths: &mut Vec<String>) -> Result<Check> {
        let base = self.repo.merge_base(self.parent, self.from)?;
        let base = base.map(|base| self.repo.tree_of_commit(base)).transpose()?;
        let trees = [self.parent, self.from, self.commit].map(|one| self.repo.tree_of_commit(one));
        let [target, mission, result] = trees;
        let (target, mission, result) = (target?, mission?, result?);
        let theirs = self.repo.diff(base, Some(mission))?;
        let mut lost = Vec::new();
        for change in self.repo.diff(base, Some(target))? {
            let is_theirs = theirs.iter().any(|one| one.path == change.path);
            // The number that the mission got there is no change of the target.
            let is_theirs = is_theirs || change.path == meta_path(&self.mission.dir);
            let has = self.repo.entry(result, &change.path)?;
            let is_merged = is_theirs || has == self.repo.entry(self.due.tree, &change.path)?;
            if !is_merged && has != change.new {
                lost.push(change.path.to_string());
            }
        }
        paths.extend(lost.iter().cloned());
        let detail = match lost.is_empty() {
            true => "every change of the target since the base is in the result".to_owned(),
            false => format!("changes of the target are gone: {}", lost.join(", ")),
        };
        Ok(Check { name: "target_kept", ok: lost.is_empty(), detail })
    }

    /// Each lane is in what landed, and was merged without a person, or as a resolution says; so was
    /// the target, where that had to come first.
    fn lanes(&self, paths: &mut Vec<String>) -> Result<Check> {
        let mut wrong = Vec::new();
        for lane in &self.certificate.lanes {
            if !self.repo.is_ancestor(lane.tip.parse()?, self.from)? {
                wrong.push(format!("{} is not in it", lane.lane_id));
            }
        }
        let of_lanes = self.certificate.lanes.iter().filter_map(|lane| lane.commit.as_ref());
        let resolved = self.certificate.resolved.iter().map(|one| &one.commit);
        let merges: BTreeSet<&String> = of_lanes.chain(resolved).collect();
        for commit in merges {
            let id: Oid = commit.parse()?;
            if !self.repo.has_object(id) || !self.repo.is_ancestor(id, self.from)? {
                wrong.push(format!("the merge {commit:.12} is not in it"));
                continue;
            }
            let strange = self.strange(commit, id)?;
            if !strange.is_empty() {
                wrong.push(format!("the merge {commit:.12} is not what git makes"));
            }
            paths.extend(strange);
        }
        let detail = match wrong.is_empty() {
            true => format!("{} lanes, each merged as git does", self.certificate.lanes.len()),
            false => wrong.join("; "),
        };
        Ok(Check { name: "lanes", ok: wrong.is_empty(), detail })
    }

    /// What a merge has that neither git made nor a resolution names.
    fn strange(&self, commit: &str, id: Oid) -> Result<Vec<String>> {
        let mut differs = self.own_paths(id)?;
        let resolved = self.certificate.resolved.iter().find(|one| one.commit == commit);
        differs.retain(|path| resolved.is_none_or(|one| !one.paths.contains(path)));
        Ok(differs)
    }

    /// The paths at which a merge commit differs from the merge of its parents, but for the files that
    /// stay as the coordination branch has them.
    fn own_paths(&self, commit: Oid) -> Result<Vec<String>> {
        let found = self.repo.commit(commit)?;
        let [ours, theirs] = found.parents.as_slice() else {
            return Ok(vec![format!("{commit}: no merge of two")]);
        };
        let merge = automatic_merge(self.repo, *ours, &[*theirs])?;
        let merge = settle(&self.writer(), self.repo, merge, [*ours, *theirs])?;
        let kept = self.repo.tree_of_commit(*ours)?;
        let mut paths = Vec::new();
        for change in self.repo.diff(Some(merge.tree), Some(found.tree))? {
            let is_status = self.is_status_file(&change.path);
            if !is_status || self.repo.entry(kept, &change.path)? != change.new {
                paths.push(change.path.to_string());
            }
        }
        Ok(paths)
    }

    fn is_status_file(&self, path: &RepoPath) -> bool {
        let dir = format!("{}/{}/", layout::MISSIONS, self.mission.dir);
        let name = path.as_bytes().strip_prefix(dir.as_bytes());
        name.is_some_and(layout::is_status_file)
    }

    /// By the log that landed every work package was finished, and no review spoke against it.
    fn permission(&self) -> Result<Check> {
        let dir = &self.mission.dir;
        let statuses = statuses_at(self.repo, self.from, dir)?;
        let verdicts = verdicts_at(self.repo, self.from, dir)?;
        let mut wrong = Vec::new();
        for wp_id in statuses.ids() {
            let Some(record) = statuses.record(wp_id) else { continue };
            if !matches!(record.status, Status::Done | Status::Canceled) {
                wrong.push(format!("{wp_id} is {}", record.status));
            }
            let speaks = verdicts.get(wp_id).is_some_and(|one| one.contradicts(record.status));
            if speaks && self.certificate.review_note.is_none() {
                wrong.push(format!("the latest review of {wp_id} asks for changes"));
            }
        }
        let detail = match wrong.is_empty() {
            true => "every work package was done or canceled".to_owned(),
            false => wrong.join("; "),
        };
        Ok(Check { name: "permission", ok: wrong.is_empty(), detail })
    }

    /// The certificate counts what there was.
    fn counts(&self) -> Result<Check> {
        let old: Oid = self.certificate.target_old.parse()?;
        let base = self.certificate.bases.first().map(|base| base.parse()).transpose()?;
        let mut found = counts(self.repo, base, [old, self.tip()?])?;
        found.resolved = self.certificate.resolved.iter().map(|one| one.paths.len()).sum();
        let bases: Vec<String> =
            self.repo.merge_bases(old, self.tip()?)?.iter().map(ToString::to_string).collect();
        let ok = found == self.certificate.counts && bases == self.certificate.bases;
        let detail = format!(
            "{} paths of the target, {} of the mission, {} of both",
            found.target_paths, found.mission_paths, found.both
        );
        Ok(Check { name: "counts", ok, detail })
    }
}
