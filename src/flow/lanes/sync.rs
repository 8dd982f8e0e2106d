//! Bringing the coordination branch into a lane: all of it is computed in memory, and published by
//! the caller's transaction; then the lane's worktree follows.

use anyhow::Result;

use super::open::with_dependencies;
use super::point::SyncPoint;
use super::site::Site;
use crate::domain::id::{LaneId, WpId};
use crate::domain::oid::Oid;
use crate::domain::refusal::{Refusal, Warning, WorktreeRole};
use crate::domain::status::Status;
use crate::flow::following;
use crate::flow::host::Host;
use crate::flow::transaction::{Receipt, Tip, Transaction, run_moves};
use crate::flow::wp::check_worker;
use crate::git::worktree::{Place, astray};
use crate::git::{
    AutoMerge, Durability, Joining, Kept, Replay, Replayed, Repo, Signed, Writer, merge_commit,
    replay,
};
use crate::store::{Mission, Source};

/// A lane that is in step, or will be when its transaction is published.
#[derive(Debug, Clone)]
pub struct Synced {
    /// The lane.
    pub site: Site,
    /// What it takes.
    pub state: SyncState,
    /// The branch's tip before.
    pub old: Oid,
    /// The branch's tip after.
    pub new: Oid,
}

/// How a lane comes in step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SyncState {
    /// It has all that the coordination branch has.
    UpToDate,
    /// It had no commits of its own.
    FastForwarded,
    /// Its own commits were made again on the coordination branch's tip.
    Replayed,
    /// The coordination branch, or a lane that it depends on, was merged.
    Merged,
}

impl SyncState {
    /// Its name in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UpToDate => "up_to_date",
            Self::FastForwarded => "fast_forwarded",
            Self::Replayed => "replayed",
            Self::Merged => "merged",
        }
    }
}

/// The ways to choose from (`kitty.syncStrategy`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Strategy {
    /// Replay what nobody else has seen, else merge.
    Auto,
    /// Replay also what others have seen.
    Replay,
    /// Merge.
    Merge,
}

impl Strategy {
    const KEY: &'static str = "kitty.syncStrategy";

    fn of(repo: &Repo) -> Result<Self> {
        match repo.config_string(Self::KEY).as_deref() {
            None | Some("auto") => Ok(Self::Auto),
            Some("replay") => Ok(Self::Replay),
            Some("merge") => Ok(Self::Merge),
            Some(value) => {
                let (key, value) = (Self::KEY, value.to_owned());
                let expected = "`auto`, `replay` or `merge`";
                Err(Refusal::SettingInvalid { key, value, expected }.into())
            }
        }
    }
}

/// Brings the coordination branch's tip into a lane: by fast-forward if the lane has no commits of its
/// own, else by a replay of these, or by a merge if one of them was pushed, is in another lane, was approved or is a merge. The
/// mission's status files become those of the coordination branch. Lanes of older missions, which
/// have no such branch, are always in step.
///
/// # Errors
/// [`Refusal::LaneSyncConflict`] with the paths, [`Refusal::WorktreeDirty`] if somebody's changes
/// stand where the lane's worktree would change, [`Refusal::WorktreeMismatch`] if that has another
/// branch checked out or is in the midst of a rebase, [`Refusal::WorktreeBusy`] in the midst of a
/// merge or the like, [`Refusal::LaneNotOpen`],
/// [`Refusal::SettingInvalid`]. Nothing has changed then.
pub fn sync_in(
    transaction: &mut Transaction<'_>,
    (repo, host): (&Repo, &Host),
    id: &LaneId,
) -> Result<Synced> {
    let site = Site::of(repo, transaction.mission(), transaction.lanes(), id)?;
    let Some(old) = repo.find(&site.name)? else {
        refuse_elsewhere(repo, &site)?;
        return Err(site.not_open().into());
    };
    let onto = transaction.tip();
    let is_older = transaction.mission().source == Source::Primary;
    let (state, new) = match is_older || transaction.moves_ref(&site.name) {
        true => (SyncState::UpToDate, old),
        false => Sync { repo, host, transaction, site: &site, old, onto }.compute()?,
    };
    adopt(transaction, repo, Synced { site, state, old, new })
}

/// What a step of a work package takes in its lane: the first claim and the first review bring the
/// coordination branch in, a later claim those lanes that it depends on and that were finished
/// since. `None` if there is nothing to do, or no lane.
///
/// # Errors
/// As [`sync_in`]; [`Refusal::DependencyConflict`].
pub fn sync_due_in(
    transaction: &mut Transaction<'_>,
    (repo, host): (&Repo, &Host),
    wp_id: &WpId,
    (from, to): (Status, Status),
) -> Result<Option<Synced>> {
    let Some(point) = SyncPoint::of(from, to) else { return Ok(None) };
    let mission = transaction.mission();
    let Some(site) = Site::of_wp(repo, mission, transaction.lanes(), wp_id)? else {
        return Ok(None);
    };
    let Some(old) = repo.find(&site.name)? else { return Ok(None) };
    if point.is_due(repo, mission, &site.lane)? {
        return sync_in(transaction, (repo, host), &site.lane.id).map(Some);
    }
    if point == SyncPoint::FirstReview || transaction.moves_ref(&site.name) {
        return Ok(None);
    }
    let (new, _) = with_dependencies(transaction, (repo, host), &site, old)?;
    let state = if new == old { SyncState::UpToDate } else { SyncState::Merged };
    adopt(transaction, repo, Synced { site, state, old, new }).map(Some)
}

/// Syncs a lane in a transaction of its own; its worktree follows.
///
/// # Errors
/// [`Refusal::ClaimTakenOver`] for a worker from whom work in the lane was taken over; as [`sync_in`] and `run_moves`.
pub fn sync(repo: &Repo, host: &Host, mission: &Mission, id: &LaneId) -> Result<(Synced, Receipt)> {
    let (synced, mut receipt) = run_moves(repo, host, &mission.dir, |transaction| {
        let lane = transaction.lanes().and_then(|lanes| lanes.lane(id));
        for wp_id in lane.iter().flat_map(|lane| &lane.wp_ids) {
            if let Some(record) = transaction.record(wp_id) {
                check_worker(repo, (transaction.mission(), wp_id), record, &host.actor)?;
            }
        }
        let synced = sync_in(transaction, (repo, host), id)?;
        if synced.new != synced.old {
            transaction.describe(format!("{id}: sync"));
        }
        Ok(synced)
    })?;
    receipt.warnings.extend(follow(repo, &synced)?);
    Ok((synced, receipt))
}

/// Lets the lane's worktree follow, once the transaction is published. What hinders it is a warning.
///
/// # Errors
/// If a tree or the worktrees cannot be read.
pub fn follow(repo: &Repo, synced: &Synced) -> Result<Vec<Warning>> {
    following::follow(repo, &synced.site.name, (synced.old, synced.new))
}

/// Lets the transaction move the branch, if nothing in a worktree of it would be lost by that.
fn adopt(transaction: &mut Transaction<'_>, repo: &Repo, synced: Synced) -> Result<Synced> {
    refuse_elsewhere(repo, &synced.site)?;
    following::check(repo, &synced.site.name, (synced.old, synced.new))?;
    if synced.old != synced.new {
        let name = synced.site.name.clone();
        transaction.also(name, Some(synced.old), Some(Tip::Commit(synced.new)));
    }
    Ok(synced)
}

/// A branch must not move while a rebase in its worktree is about to move it too.
fn refuse_elsewhere(repo: &Repo, site: &Site) -> Result<()> {
    match repo.place(&site.path)? {
        Place::Worktree(found) if found.branch.as_ref() != Some(&site.name) => {
            Err(astray(repo, &found, (&site.branch, WorktreeRole::Lane)).into())
        }
        Place::Worktree(_)
        | Place::Absent
        | Place::Gone(_)
        | Place::Unrecorded
        | Place::Husk
        | Place::File => Ok(()),
    }
}

/// A sync that is computed.
struct Sync<'a> {
    repo: &'a Repo,
    host: &'a Host,
    transaction: &'a Transaction<'a>,
    site: &'a Site,
    old: Oid,
    onto: Oid,
}

/// What others may have seen of a lane's commits, so that they must stay as they are.
struct Seen {
    /// The tips of the mission's other lanes.
    others: Vec<Oid>,
    /// Whether a review approved a work package of the lane.
    is_approved: bool,
}

impl Seen {
    fn of(transaction: &Transaction<'_>, repo: &Repo, site: &Site) -> Result<Self> {
        let lanes = transaction.lanes();
        let mut others = Vec::new();
        for lane in lanes.iter().flat_map(|lanes| &lanes.lanes) {
            if lane.id != site.lane.id && !lane.id.is_planning() {
                let other = Site::of(repo, transaction.mission(), lanes, &lane.id)?;
                others.extend(repo.find(&other.name)?);
            }
        }
        let status = |wp: &WpId| transaction.record(wp).map(|record| record.status);
        let approved = [Status::Approved, Status::Done].map(Some);
        let is_approved = site.lane.wp_ids.iter().any(|wp| approved.contains(&status(wp)));
        Ok(Self { others, is_approved })
    }

    /// Whether one of the commits, which are all that the lane has beside `onto`, was seen.
    fn any(&self, repo: &Repo, (tip, onto): (Oid, Oid), own: &[Oid]) -> Result<bool> {
        let known: Vec<Oid> = self.others.iter().copied().chain([onto]).collect();
        Ok(self.is_approved
            || repo.unpushed_since(tip, &[onto])?.len() != own.len()
            || repo.commits_since(tip, &known)?.len() != own.len())
    }
}

impl Sync<'_> {
    fn compute(&self) -> Result<(SyncState, Oid)> {
        let Self { repo, old, onto, .. } = *self;
        let strategy = Strategy::of(repo)?;
        if repo.is_ancestor(onto, old)? {
            return Ok((SyncState::UpToDate, old));
        }
        if repo.is_ancestor(old, onto)? {
            return Ok((SyncState::FastForwarded, onto));
        }
        let own = repo.commits_since(old, &[onto])?;
        let is_replayed = strategy != Strategy::Merge
            && !repo.has_merged_since(onto, old)?
            && (strategy == Strategy::Replay || !self.is_seen(&own)?);
        if is_replayed { self.replay(&own) } else { self.merge() }
    }

    /// Whether one of the commits, which are all that the lane has beside `onto`, was seen.
    fn is_seen(&self, own: &[Oid]) -> Result<bool> {
        let seen = Seen::of(self.transaction, self.repo, self.site)?;
        seen.any(self.repo, (self.old, self.onto), own)
    }

    fn replay(&self, commits: &[Oid]) -> Result<(SyncState, Oid)> {
        let writer = Writer::new(self.repo, Durability::of(self.repo)?);
        let fixed = &self.site.left_out;
        let plan = Replay { commits, onto: self.onto, fixed, committer: self.signed() };
        match replay(&writer, &plan)? {
            Replayed::Done(tip) => Ok((SyncState::Replayed, tip)),
            Replayed::Conflict { commit, paths } => {
                let short: String = commit.to_string().chars().take(12).collect();
                let commit = format!("{short} {}", self.repo.subject(commit)?);
                Err(self.conflict(Some(commit), paths.iter().map(ToString::to_string).collect()))
            }
        }
    }

    fn merge(&self) -> Result<(SyncState, Oid)> {
        let writer = Writer::new(self.repo, Durability::of(self.repo)?);
        let tree = self.repo.tree_of_commit(self.onto)?;
        let joining = Joining {
            ours: self.old,
            theirs: self.onto,
            kept: Kept { tree, paths: &self.site.left_out, but: &[] },
            signed: self.signed(),
            message: &format!("Merge {} into {}\n", self.site.base, self.site.lane.id),
        };
        let tip = merge_commit(&writer, &joining)?;
        let paths = |merge: AutoMerge| merge.conflicted.iter().map(ToString::to_string).collect();
        tip.map(|tip| (SyncState::Merged, tip)).map_err(|merge| self.conflict(None, paths(merge)))
    }

    fn signed(&self) -> Signed<'_> {
        Signed { who: &self.host.identity, at: self.host.now() }
    }

    fn conflict(&self, commit: Option<String>, paths: Vec<String>) -> anyhow::Error {
        let by_hand = self.site.merge_by_hand(&self.site.base);
        let lane = self.site.lane.id.to_string();
        Refusal::LaneSyncConflict { lane, commit, paths, by_hand }.into()
    }
}
