//! Cutting a lane's branch.

use anyhow::Result;

use super::by_hand::{Needed, way_out};
use super::site::Site;
use crate::domain::id::{LaneId, WpId};
use crate::domain::lanes::Lane;
use crate::domain::oid::Oid;
use crate::domain::refname::RefName;
use crate::domain::refusal::Refusal;
use crate::domain::status::Status;
use crate::flow::host::Host;
use crate::flow::transaction::{Receipt, Tip, Transaction, run_moves};
use crate::git::worktree::check_place;
use crate::git::{Durability, Joining, Kept, Repo, Signed, Writer, merge_commit};
use crate::store::{Mission, Source, Store};

/// A lane that has a branch, or will have when its transaction is published.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The lane.
    pub site: Site,
    /// Whether the branch is new.
    pub is_new: bool,
    /// The lanes that were merged into a new one because it depends on them.
    pub merged: Vec<LaneId>,
}

/// Gives a lane its branch, if it has none: cut from the commit that the transaction makes, or, if
/// it depends on lanes that are finished and not yet in the coordination branch, from these merged
/// into the coordination branch's tip. A branch that was deleted under its worktree is made again where
/// that had it; one that only the remote has is taken as it is. The mission's status files stay as the coordination branch has them.
///
/// # Errors
/// [`Refusal::DependencyConflict`] with the paths, [`Refusal::LaneNotFound`],
/// [`Refusal::LaneOfPlanning`], [`Refusal::LaneBranchForeign`], and what would keep the worktree from being made. The transaction has not changed then.
pub fn open_in(
    transaction: &mut Transaction<'_>,
    (repo, host): (&Repo, &Host),
    id: &LaneId,
) -> Result<Opened> {
    let site = Site::of(repo, transaction.mission(), transaction.lanes(), id)?;
    check_place(repo, &site.new_worktree())?;
    let tip = repo.find(&site.name)?;
    if tip.is_some() || transaction.moves_ref(&site.name) {
        refuse_foreign(transaction, repo, &site, tip)?;
        return Ok(Opened { site, is_new: false, merged: Vec::new() });
    }
    if let Some(tip) = last_of_worktree(repo, &site)? {
        transaction.also(site.name.clone(), None, Some(Tip::Commit(tip)));
        return Ok(Opened { site, is_new: true, merged: Vec::new() });
    }
    let remote = site.branch.remote_ref()?;
    if let Some(tip) = repo.find(&remote)? {
        transaction.also(site.name.clone(), None, Some(Tip::Commit(tip)));
        return Ok(Opened { site, is_new: true, merged: Vec::new() });
    }
    let start = start(transaction, repo, &site)?;
    let (tip, merged) = with_dependencies(transaction, (repo, host), &site, start)?;
    let is_own = tip == start && start == transaction.tip();
    let tip = if is_own { Tip::Own } else { Tip::Commit(tip) };
    transaction.also(site.name.clone(), None, Some(tip));
    Ok(Opened { site, is_new: true, merged })
}

/// Gives a lane its branch in a transaction of its own.
///
/// # Errors
/// As [`open_in`] and `run_moves`.
pub fn open(repo: &Repo, host: &Host, mission: &Mission, id: &LaneId) -> Result<(Opened, Receipt)> {
    run_moves(repo, host, &mission.dir, |transaction| {
        let opened = open_in(transaction, (repo, host), id)?;
        if opened.is_new {
            transaction.describe(format!("{id}: open"));
        }
        Ok(opened)
    })
}

/// Refuses a branch of the lane's name that has nothing to do with the mission. Of a shallow clone,
/// which lacks commits, nobody can tell.
fn refuse_foreign(
    transaction: &Transaction<'_>,
    repo: &Repo,
    site: &Site,
    tip: Option<Oid>,
) -> Result<()> {
    let Some(tip) = tip else { return Ok(()) };
    let is_older = transaction.mission().source == Source::Primary;
    if is_older || repo.is_shallow() || repo.merge_base(tip, transaction.tip())?.is_some() {
        return Ok(());
    }
    let (branch, base) = (site.branch.to_string(), site.base.clone());
    Err(Refusal::LaneBranchForeign { branch, base }.into())
}

/// Where the branch was, if somebody deleted it under its worktree.
fn last_of_worktree(repo: &Repo, site: &Site) -> Result<Option<Oid>> {
    let all = repo.checkouts_of(&site.name)?;
    Ok(all.iter().filter(|found| found.path.is_dir()).find_map(|found| found.last_head(repo)))
}

/// The commit that the lane is cut from, before its dependencies.
fn start(transaction: &Transaction<'_>, repo: &Repo, site: &Site) -> Result<Oid> {
    match transaction.mission().source {
        Source::Coordination { .. } => Ok(transaction.tip()),
        Source::Primary => {
            let name = site.base.clone();
            let found = repo.find(&RefName::of_branch(&name)?)?;
            found.ok_or_else(|| Refusal::DestinationMissing { name }.into())
        }
    }
}

pub(super) fn with_dependencies(
    transaction: &Transaction<'_>,
    (repo, host): (&Repo, &Host),
    site: &Site,
    start: Oid,
) -> Result<(Oid, Vec<LaneId>)> {
    let (mut tip, mut merged) = (start, Vec::<Needed>::new());
    let writer = Writer::new(repo, Durability::of(repo)?);
    let kept = Kept { tree: repo.tree_of_commit(start)?, paths: &site.left_out, but: &[] };
    for needed in finished(transaction, repo, site)? {
        if repo.is_ancestor(needed.tip, tip)? {
            continue;
        }
        let (lane, dependency) = (site.lane.id.to_string(), needed.site.lane.id.to_string());
        let joining = Joining {
            ours: tip,
            theirs: needed.tip,
            kept,
            signed: Signed { who: &host.identity, at: host.now() },
            message: &format!("Merge {dependency} into {lane}, which depends on it\n"),
        };
        tip = match merge_commit(&writer, &joining)? {
            Ok(commit) => commit,
            Err(merge) => {
                let paths = merge.conflicted.iter().map(ToString::to_string).collect();
                let by_hand = way_out(repo, (site, start), &merged, &needed)?;
                return Err(Refusal::DependencyConflict { lane, dependency, paths, by_hand }.into());
            }
        };
        merged.push(needed);
    }
    Ok((tip, merged.into_iter().map(|needed| needed.site.lane.id).collect()))
}

/// The lanes that this one depends on and that have what it needs.
fn finished(transaction: &Transaction<'_>, repo: &Repo, site: &Site) -> Result<Vec<Needed>> {
    let mut finished = Vec::new();
    let needed = site.lane.depends_on_lanes.iter().filter(|id| !id.is_planning());
    let dependencies = dependencies(transaction, repo, site)?;
    for id in needed {
        let lane = transaction.lanes().and_then(|lanes| lanes.lane(id));
        let is_ready = |lane: &Lane| {
            is_finished(transaction, lane) || has_needed(transaction, lane, &dependencies)
        };
        if lane.is_some_and(is_ready) {
            let site = Site::of(repo, transaction.mission(), transaction.lanes(), id)?;
            finished.extend(Needed::of(repo, site)?);
        }
    }
    Ok(finished)
}

/// What the lane's work packages depend on. A damaged file names nothing.
fn dependencies(transaction: &Transaction<'_>, repo: &Repo, site: &Site) -> Result<Vec<WpId>> {
    let store = Store::new(repo);
    let mut found = Vec::new();
    for wp_id in &site.lane.wp_ids {
        match store.work_package(transaction.mission(), wp_id) {
            Ok(file) => found.extend(file.into_iter().flat_map(|file| file.dependencies)),
            Err(error) if error.is::<Refusal>() => {}
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

/// Whether a lane that is not finished has a work package that is, and is needed: whoever waited for
/// that may start, and needs its commits, with what else the lane has by then.
fn has_needed(transaction: &Transaction<'_>, lane: &Lane, needed: &[WpId]) -> bool {
    let is_good = |wp: &&WpId| {
        let status = transaction.record(wp).map(|record| record.status);
        matches!(status, Some(Status::Approved | Status::Done))
    };
    lane.wp_ids.iter().filter(|wp| needed.contains(wp)).any(|wp| is_good(&wp))
}

/// Whether all work packages of a lane are approved, done or canceled, and not all are canceled:
/// then nobody wants its commits.
fn is_finished(transaction: &Transaction<'_>, lane: &Lane) -> bool {
    let statuses = || lane.wp_ids.iter().map(|wp| transaction.record(wp).map(|r| r.status));
    let ended = [Status::Approved, Status::Done, Status::Canceled].map(Some);
    statuses().all(|status| ended.contains(&status))
        && statuses().any(|status| status != Some(Status::Canceled))
}
