//! Moving work packages through their life.

use anyhow::{Context, Result, bail};

use crate::domain::claim::{Claim, Worker};
use crate::domain::event::{Event, Log, Place};
use crate::domain::id::WpId;
use crate::domain::lanes::Lanes;
use crate::domain::refname::RefName;
use crate::domain::refusal::Refusal;
use crate::domain::snapshot::reduce;
use crate::domain::status::Status;
use crate::domain::transition::{Request, Transition, plan};
use crate::git::Repo;
use crate::store::{Mission, Record, Source, Store};

use super::append::{Incoming, append};
use super::host::Host;
use super::lanes::{self, Synced};
use super::review::reviewed_by;
use super::transaction::{Pending, Receipt, Transaction, run};

/// A move that was made, or will be when its transaction is published.
#[derive(Debug, Clone)]
pub struct Moved {
    /// From where.
    pub from: Status,
    /// To where.
    pub to: Status,
    /// Its event.
    pub event: Pending,
}

/// Moves a work package, in the caller's transaction.
///
/// # Errors
/// [`Refusal::WpNotFound`], and what [`plan`] refuses.
pub fn move_in(
    transaction: &mut Transaction<'_>,
    (repo, wp_id): (&Repo, &WpId),
    request: &Request,
) -> Result<Moved> {
    transaction.check_destination(repo, wp_id)?;
    let transition = planned(transaction, repo, wp_id, request)?;
    make(transaction, (repo, wp_id), transition, None)
}

/// Appends the event of a step that is planned; `synced` is the lane as the transaction leaves it, where
/// it changes it. The beginning of a review says what the review is of.
fn make(
    transaction: &mut Transaction<'_>,
    (repo, wp_id): (&Repo, &WpId),
    mut transition: Transition,
    synced: Option<&Synced>,
) -> Result<Moved> {
    let Transition { from, to, .. } = transition;
    if to == Status::InReview
        && let Some(reviewed) = reviewed_by(transaction, (repo, wp_id), synced)?
    {
        reviewed.note(&mut transition.fields);
    }
    let event = transaction.append(wp_id, transition)?;
    Ok(Moved { from, to, event })
}

/// Moves a work package in a transaction of its own, or of those who write to the mission at the
/// same moment.
///
/// # Errors
/// As [`move_in`] and [`super::transaction::run`].
pub fn move_wp(
    repo: &Repo,
    host: &Host,
    (mission, wp_id): (&Mission, &WpId),
    request: &Request,
) -> Result<(Moved, Receipt)> {
    if SYNC_POINTS.iter().any(|status| request.to == status.as_str()) {
        return move_and_sync(repo, host, (mission, wp_id), request);
    }
    let incoming = Incoming::Move(wp_id.clone(), Box::new(request.clone()));
    let (mut events, receipt) = append(repo, host, mission, &[incoming])?;
    let event = events.pop().context("a move without an event")?;
    let place = Place { file: &receipt.log_path, line: receipt.events.len() };
    let (from, to) = match Event::parse(place, &event.line)? {
        Event::Lane(event) => (event.from, event.to),
        Event::Annotation(_) | Event::Foreign(_) => bail!("a move became `{}`", event.line),
    };
    Ok((Moved { from, to, event }, receipt))
}

/// Where a move may have to bring the coordination branch into the lane.
const SYNC_POINTS: [Status; 2] = [Status::Claimed, Status::InReview];

/// A move with what it takes in the lane, in one transaction; the lane's worktree follows.
fn move_and_sync(
    repo: &Repo,
    host: &Host,
    (mission, wp_id): (&Mission, &WpId),
    request: &Request,
) -> Result<(Moved, Receipt)> {
    check_known(repo, mission, wp_id)?;
    let site = (mission.dir.as_str(), Some(wp_id));
    let ((moved, synced), mut receipt) = run(repo, host, site, |transaction| {
        transaction.check_destination(repo, wp_id)?;
        let transition = planned(transaction, repo, wp_id, request)?;
        let step = (transition.from, transition.to);
        let synced = lanes::sync_due_in(transaction, (repo, host), wp_id, step)?;
        let moved = make(transaction, (repo, wp_id), transition, synced.as_ref())?;
        Ok((moved, synced))
    })?;
    if let Some(synced) = synced {
        receipt.warnings.extend(lanes::follow(repo, &synced)?);
    }
    Ok((moved, receipt))
}

/// That there is such a work package, where it decides to which branch a write goes: else a slip in
/// its name would be answered with a fault of that branch.
pub(super) fn check_known(repo: &Repo, mission: &Mission, wp_id: &WpId) -> Result<()> {
    match mission.source {
        Source::Primary => status(&Store::new(repo), mission, wp_id).map(drop),
        Source::Coordination { .. } => Ok(()),
    }
}

/// What the step would be; nothing is written.
///
/// # Errors
/// As [`move_in`].
pub fn check(
    repo: &Repo,
    mission: &Mission,
    wp_id: &WpId,
    request: &Request,
) -> Result<Transition> {
    let store = Store::new(repo);
    store.evidence(mission)?.proven()?;
    let from = status(&store, mission, wp_id)?;
    let lanes = store.lanes(mission)?;
    let request = completed(&store, repo, (mission, lanes.as_ref(), wp_id), from, request)?;
    Ok(plan(from, &request)?)
}

fn planned(
    transaction: &Transaction<'_>,
    repo: &Repo,
    wp_id: &WpId,
    request: &Request,
) -> Result<Transition> {
    let store = Store::new(repo);
    let mission = transaction.mission();
    let from = status_in(transaction, repo, wp_id)?;
    if let Some(record) = transaction.record(wp_id) {
        // Whoever forces says why.
        if !request.force {
            check_worker(repo, (mission, wp_id), record, &request.actor)?;
        }
    }
    let site = (mission, transaction.lanes(), wp_id);
    Ok(plan(from, &completed(&store, repo, site, from, request)?)?)
}

/// That work is not moved on by somebody from whom it was taken over. Reviewers may have had it once.
///
/// # Errors
/// [`Refusal::ClaimTakenOver`].
pub(super) fn check_worker(
    repo: &Repo,
    (mission, wp_id): (&Mission, &WpId),
    record: &Record,
    actor: &str,
) -> Result<(), Refusal> {
    let Some(claim) = &record.claim else { return Ok(()) };
    if !matches!(record.status, Status::Claimed | Status::InProgress) {
        return Ok(());
    }
    let epoch = repo.environment().epoch.as_deref().map(|epoch| epoch.parse().unwrap_or(0));
    let worker = Worker { event_id: None, actor: Some(actor), epoch };
    if !claim.is_over(worker) {
        return Ok(());
    }
    let Claim { actor, epoch, .. } = claim.clone();
    let (mission, wp_id) = (mission.dir.clone(), wp_id.to_string());
    Err(Refusal::ClaimTakenOver { mission, wp_id, actor, epoch })
}

/// Where a work package is, what the transaction appended included.
pub(super) fn status_in(
    transaction: &Transaction<'_>,
    repo: &Repo,
    wp_id: &WpId,
) -> Result<Status> {
    match transaction.record(wp_id) {
        Some(record) => Ok(record.status),
        None => status(&Store::new(repo), transaction.mission(), wp_id),
    }
}

/// Where a work package is: by the log, before its first event by its file.
pub(super) fn status(store: &Store<'_>, mission: &Mission, wp_id: &WpId) -> Result<Status> {
    if let Some(record) = store.statuses(mission)?.record(wp_id) {
        return Ok(record.status);
    }
    let unknown = || Refusal::WpNotFound { wp_id: wp_id.to_string(), mission: mission.dir.clone() };
    let file = store.work_package(mission, wp_id)?.ok_or_else(unknown)?;
    Ok(file.legacy_status.unwrap_or(Status::Planned))
}

/// The request with what the repository itself shows: work on the lane, subtasks that are done, and
/// the lane as workspace.
fn completed(
    store: &Store<'_>,
    repo: &Repo,
    (mission, lanes, wp_id): (&Mission, Option<&Lanes>, &WpId),
    from: Status,
    request: &Request,
) -> Result<Request> {
    let mut request = request.clone();
    let lane = lanes.and_then(|lanes| lanes.lane_of(wp_id)).filter(|lane| !lane.id.is_planning());
    let branch = lane.map(|lane| mission.lane_branch(&lane.id));
    request.workspace = request.workspace.or_else(|| branch.clone());
    if from != Status::InProgress || request.to != Status::ForReview.as_str() {
        return Ok(request);
    }
    request.subtasks_complete = request.subtasks_complete || subtasks_done(store, mission, wp_id)?;
    if let (false, Some(branch)) = (request.implementation_evidence, branch) {
        request.implementation_evidence = has_own_commits(repo, mission, &branch)?;
    }
    Ok(request)
}

/// Whether each subtask of the work package's file is done by the log; a file without any has none
/// to wait for.
fn subtasks_done(store: &Store<'_>, mission: &Mission, wp_id: &WpId) -> Result<bool> {
    let Some(file) = store.work_package(mission, wp_id)? else { return Ok(true) };
    let files = store.log_texts(mission)?;
    let logs: Result<Vec<_>, Refusal> =
        files.iter().map(|file| Log::parse(&file.shown, &file.bytes)).collect();
    let snapshot = reduce(&Log::union(logs?)?, None)?;
    let known = snapshot.work_packages.get(wp_id.as_str()).and_then(|wp| wp.subtasks.as_ref());
    let done = |id: &str| known.and_then(|tasks| tasks.get(id)) == Some(&Status::Done);
    Ok(file.subtasks.iter().all(|task| done(&task.id)))
}

/// Whether the lane has commits that its mission's branch and target do not have.
fn has_own_commits(repo: &Repo, mission: &Mission, lane: &str) -> Result<bool> {
    let find = |branch: &str| match RefName::of_branch(branch) {
        Ok(name) => repo.find(&name),
        Err(_) => Ok(None),
    };
    let Some(tip) = find(lane)? else { return Ok(false) };
    let mut others = Vec::new();
    for branch in [mission.branch(), mission.meta.target_branch.clone()] {
        others.extend(if branch == lane { None } else { find(&branch)? });
    }
    repo.is_ahead(tip, &others)
}
