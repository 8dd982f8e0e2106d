//! Claiming a work package: the event, the lane's branch, its worktree.
//!
//! Event and branch come in one transaction. The worktree follows, since git can make none in one;
//! whoever is interrupted there claims again, and what is missing is done, without a second event.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::domain::id::{LaneId, WpId};
use crate::domain::refusal::{Refusal, Warning};
use crate::domain::status::Status;
use crate::domain::time::Instant;
use crate::domain::transition::Request;
use crate::git::worktree::Place;
use crate::git::{Repo, crash, unwritable};
use crate::store::claims::open_for;
use crate::store::{Mission, Record, Source, Store};

use super::coordination::{ensure_coordination_worktree, is_wanted};
use super::host::Host;
use super::lanes::{self, LaneWorktree, Synced};
use super::status::view;
use super::transaction::{Receipt, Transaction, run};
use super::wp::{check_known, move_in};

/// A work package that is the actor's.
#[derive(Debug)]
pub struct Claimed {
    /// Its status: claimed, or in progress where that was there already.
    pub status: Status,
    /// Its lane.
    pub lane_id: Option<LaneId>,
    /// The lane's branch.
    pub branch: Option<String>,
    /// The lane's worktree.
    pub worktree: Option<PathBuf>,
    /// The number of claims up to this one.
    pub epoch: u32,
    /// The event of the claim.
    pub event_id: String,
    /// What was written.
    pub receipt: Receipt,
}

/// What there is to do.
enum Step {
    /// It is free.
    Claim,
    /// It is the actor's already.
    Finish,
    /// It is somebody's, and is to be the actor's.
    TakeOver(Record),
}

/// After this time without a move a claim is stale, and after the second one work in progress
/// (`formats.md` section 8).
const STALE: [Duration; 2] = [Duration::from_secs(7 * 86_400), Duration::from_secs(14 * 86_400)];

/// The part of a claim that is one transaction.
struct Own {
    status: Status,
    lane_id: Option<LaneId>,
    epoch: u32,
    event_id: String,
    warning: Option<Warning>,
    /// The lane as it will be, if the transaction changes it.
    synced: Option<Synced>,
}

/// Claims a work package for the host's actor; with a reason `takeover` also one that is somebody
/// else's.
///
/// # Errors
/// [`Refusal::SettingInvalid`], [`Refusal::ClaimBlocked`], [`Refusal::ClaimHeld`],
/// [`Refusal::ClaimUnfinished`], and as
/// [`run`] and [`super::wp::move_in`].
pub fn claim(
    repo: &Repo,
    host: &Host,
    (mission, wp_id): (&Mission, &WpId),
    takeover: Option<&str>,
) -> Result<Claimed> {
    check_known(repo, mission, wp_id)?;
    is_wanted(repo)?;
    if mission.source == Source::Primary {
        open_older(repo, host, (mission, wp_id), takeover)?;
    }
    let site = (mission.dir.as_str(), Some(wp_id));
    let (own, mut receipt) =
        run(repo, host, site, |transaction| claim_in(transaction, (repo, host), wp_id, takeover))?;
    receipt.warnings.extend(own.warning.clone());
    let place = match own.lane() {
        Some(lane) => {
            let unfinished = |error| unfinished((mission, wp_id), error);
            Some(settle(repo, host, (mission, wp_id), (lane, &own)).map_err(unfinished)?)
        }
        None => None,
    };
    let (branch, worktree) = match place {
        Some(place) => {
            receipt.warnings.extend(place.warnings);
            (Some(place.site.branch.to_string()), Some(place.path))
        }
        None => (None, None),
    };
    let Own { status, lane_id, epoch, event_id, .. } = own;
    Ok(Claimed { status, lane_id, branch, worktree, epoch, event_id, receipt })
}

impl Own {
    /// The lane, if it is one with a branch.
    fn lane(&self) -> Option<&LaneId> {
        self.lane_id.as_ref().filter(|lane| !lane.is_planning())
    }
}

/// The events of an older mission go to the lane's branch, so that this comes first.
fn open_older(
    repo: &Repo,
    host: &Host,
    (mission, wp_id): (&Mission, &WpId),
    takeover: Option<&str>,
) -> Result<()> {
    let store = Store::new(repo);
    let statuses = store.statuses(mission)?;
    step((repo, mission), statuses.record(wp_id), wp_id, (&host.actor, takeover))?;
    let lanes = store.lanes(mission)?;
    let lane = lanes.as_ref().and_then(|lanes| lanes.lane_of(wp_id));
    match lane.filter(|lane| !lane.id.is_planning()) {
        Some(lane) => lanes::open(repo, host, mission, &lane.id).map(drop),
        None => Ok(()),
    }
}

/// What follows the transaction: the lane's worktree, for this claim, and the coordination worktree.
fn settle(
    repo: &Repo,
    host: &Host,
    (mission, wp_id): (&Mission, &WpId),
    (lane, own): (&LaneId, &Own),
) -> Result<LaneWorktree> {
    crash::point("claim-published");
    let closed = || Refusal::MissionClosed { mission: mission.dir.clone() };
    let mission = Store::new(repo).open(&mission.dir)?;
    let mission = mission.ok_or_else(closed)?;
    let mut warnings = Vec::new();
    if let Some(synced) = &own.synced {
        warnings.extend(lanes::follow(repo, synced)?);
    }
    let mut place = lanes::make_worktree(repo, host, &mission, (lane, Some(wp_id)))?;
    crash::point("claim-worktree");
    if let Place::Worktree(found) = repo.place(&place.path)? {
        open_for(&found.git_dir, wp_id, &own.event_id)?;
    }
    warnings.extend(ensure_coordination_worktree(repo, &mission)?);
    place.warnings.extend(warnings);
    Ok(place)
}

/// The claim is published: what went wrong behind it is no reason to say that it failed.
fn unfinished((mission, wp_id): (&Mission, &WpId), error: anyhow::Error) -> anyhow::Error {
    let hint = unwritable::refusal(&error).map(Refusal::hint).filter(|hint| !hint.is_empty());
    let (mission, wp_id) = (mission.dir.clone(), wp_id.to_string());
    Refusal::ClaimUnfinished { mission, wp_id, what: format!("{error:#}"), hint }.into()
}

/// A step that the table does not have, in the words of who claims.
fn not_claimable(error: anyhow::Error, mission: &str, wp_id: &WpId) -> anyhow::Error {
    let Some(&Refusal::IllegalTransition { from, .. }) = error.downcast_ref() else { return error };
    Refusal::NotClaimable { mission: mission.to_owned(), wp_id: wp_id.to_string(), from }.into()
}

fn claim_in(
    transaction: &mut Transaction<'_>,
    (repo, host): (&Repo, &Host),
    wp_id: &WpId,
    takeover: Option<&str>,
) -> Result<Own> {
    let site = (repo, transaction.mission());
    let step = step(site, transaction.record(wp_id), wp_id, (&host.actor, takeover))?;
    let mut request = Request {
        to: Status::Claimed.as_str().to_owned(),
        actor: host.actor.clone(),
        ..Request::default()
    };
    let mut warning = None;
    let moved = match &step {
        Step::Finish => None,
        Step::Claim => {
            let moved = move_in(transaction, (repo, wp_id), &request);
            let dir = &transaction.mission().dir;
            Some(moved.map_err(|error| not_claimable(error, dir, wp_id))?)
        }
        Step::TakeOver(record) => {
            warning = still_fresh(wp_id, record, host.now());
            request.force = true;
            request.reason = takeover.map(str::to_owned);
            Some(move_in(transaction, (repo, wp_id), &request)?)
        }
    };
    let lane = transaction.lanes().and_then(|lanes| lanes.lane_of(wp_id));
    let lane_id = lane.map(|lane| lane.id.clone());
    if let Some(lane) = lane_id.as_ref().filter(|lane| !lane.is_planning()) {
        lanes::open_in(transaction, (repo, host), lane)?;
    }
    let synced = match moved.map(|moved| (moved.from, moved.to)) {
        Some(step) => lanes::sync_due_in(transaction, (repo, host), wp_id, step)?,
        None => None,
    };
    let record = transaction.record(wp_id).context("a claimed work package has no status")?;
    let claim = record.claim.as_ref();
    Ok(Own {
        status: record.status,
        lane_id,
        epoch: claim.map_or(0, |claim| claim.epoch),
        event_id: claim.map_or(&record.event_id, |claim| &claim.event_id).clone(),
        warning,
        synced,
    })
}

/// What there is to do, by the log and the mission's files.
fn step(
    (repo, mission): (&Repo, &Mission),
    record: Option<&Record>,
    wp_id: &WpId,
    (actor, takeover): (&str, Option<&str>),
) -> Result<Step> {
    if let Some(record) = record
        && matches!(record.status, Status::Claimed | Status::InProgress)
    {
        return held((mission, wp_id), record, (actor, takeover));
    }
    let board = view(repo, &Store::new(repo), mission.clone())?.board();
    let Some(package) = board.package(wp_id) else { return Ok(Step::Claim) };
    let blockers = board.blockers(package);
    if blockers.is_empty() {
        return Ok(Step::Claim);
    }
    let (mission, wp_id) = (mission.dir.clone(), wp_id.to_string());
    Err(Refusal::ClaimBlocked { mission, wp_id, blockers: Box::new(blockers) }.into())
}

fn held(
    (mission, wp_id): (&Mission, &WpId),
    record: &Record,
    (actor, takeover): (&str, Option<&str>),
) -> Result<Step> {
    let holder = record.claim.as_ref().map_or(&record.actor, |claim| &claim.actor);
    if takeover.is_some() {
        return Ok(Step::TakeOver(record.clone()));
    }
    if holder == actor {
        return Ok(Step::Finish);
    }
    let (mission, wp_id) = (mission.dir.clone(), wp_id.to_string());
    let (actor, since) = (holder.clone(), record.at.clone());
    Err(Refusal::ClaimHeld { mission, wp_id, actor, since }.into())
}

/// A word about a takeover that surprises somebody.
fn still_fresh(wp_id: &WpId, record: &Record, now: Instant) -> Option<Warning> {
    let last = Instant::from_log(&record.at)?;
    let age = Duration::from_micros(now.micros().saturating_sub(last.micros()));
    let [claimed, in_progress] = STALE;
    let limit = if record.status == Status::Claimed { claimed } else { in_progress };
    let message = format!(
        "{wp_id} was moved by {} at {}: whoever works on it still is refused at the next commit",
        record.actor, record.at
    );
    (age < limit).then_some(Warning { code: "CLAIM_NOT_STALE", message })
}
