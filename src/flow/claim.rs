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
use crate::git::Repo;
use crate::store::{Mission, Record, Store};

use super::host::Host;
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
}

/// Claims a work package for the host's actor; with a reason `takeover` also one that is somebody
/// else's.
///
/// # Errors
/// [`Refusal::ClaimBlocked`], [`Refusal::ClaimHeld`], [`Refusal::ClaimUnfinished`], and as
/// [`run`] and [`super::wp::move_in`].
pub fn claim(
    repo: &Repo,
    host: &Host,
    (mission, wp_id): (&Mission, &WpId),
    takeover: Option<&str>,
) -> Result<Claimed> {
    check_known(repo, mission, wp_id)?;
    let site = (mission.dir.as_str(), Some(wp_id));
    let (own, mut receipt) =
        run(repo, host, site, |transaction| claim_in(transaction, (repo, host), wp_id, takeover))?;
    receipt.warnings.extend(own.warning);
    let lane = own.lane_id.as_ref().filter(|lane| !lane.is_planning());
    let branch = lane.map(|lane| format!("{}-{lane}", mission.branch()));
    let Own { status, lane_id, epoch, event_id, .. } = own;
    Ok(Claimed { status, lane_id, branch, worktree: None, epoch, event_id, receipt })
}

fn claim_in(
    transaction: &mut Transaction<'_>,
    (repo, host): (&Repo, &Host),
    wp_id: &WpId,
    takeover: Option<&str>,
) -> Result<Own> {
    let step = step(transaction, (repo, host), wp_id, takeover)?;
    let mut request = Request {
        to: Status::Claimed.as_str().to_owned(),
        actor: host.actor.clone(),
        ..Request::default()
    };
    let mut warning = None;
    match &step {
        Step::Finish => {}
        Step::Claim => drop(move_in(transaction, (repo, wp_id), &request)?),
        Step::TakeOver(record) => {
            warning = still_fresh(wp_id, record, host.now());
            request.force = true;
            request.reason = takeover.map(str::to_owned);
            move_in(transaction, (repo, wp_id), &request)?;
        }
    }
    let lane = transaction.lanes().and_then(|lanes| lanes.lane_of(wp_id));
    let lane_id = lane.map(|lane| lane.id.clone());
    let record = transaction.record(wp_id).context("a claimed work package has no status")?;
    let claim = record.claim.as_ref();
    Ok(Own {
        status: record.status,
        lane_id,
        epoch: claim.map_or(0, |claim| claim.epoch),
        event_id: claim.map_or(&record.event_id, |claim| &claim.event_id).clone(),
        warning,
    })
}

/// What there is to do, by the log and the mission's files at the transaction's tip.
fn step(
    transaction: &Transaction<'_>,
    (repo, host): (&Repo, &Host),
    wp_id: &WpId,
    takeover: Option<&str>,
) -> Result<Step> {
    if let Some(record) = transaction.record(wp_id)
        && matches!(record.status, Status::Claimed | Status::InProgress)
    {
        return held(wp_id, record, &host.actor, takeover);
    }
    let board = Store::new(repo).view(transaction.mission().clone())?.board();
    let Some(package) = board.package(wp_id) else { return Ok(Step::Claim) };
    let blockers = board.blockers(package);
    if blockers.is_empty() {
        return Ok(Step::Claim);
    }
    Err(Refusal::ClaimBlocked { wp_id: wp_id.to_string(), blockers: Box::new(blockers) }.into())
}

fn held(wp_id: &WpId, record: &Record, actor: &str, takeover: Option<&str>) -> Result<Step> {
    let holder = record.claim.as_ref().map_or(&record.actor, |claim| &claim.actor);
    if takeover.is_some() {
        return Ok(Step::TakeOver(record.clone()));
    }
    if holder == actor {
        return Ok(Step::Finish);
    }
    let (wp_id, actor, since) = (wp_id.to_string(), holder.clone(), record.at.clone());
    Err(Refusal::ClaimHeld { wp_id, actor, since }.into())
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
