//! A merge, from what is there to what one transaction publishes.

use anyhow::Result;

use super::ground::Ground;
use super::merged::{Merged, Request};
use super::preflight::preflight;
use super::record::record;
use super::resolutions::Resolutions;
use super::stage_two::StageTwo;
use super::together::{Stopped, together};
use super::told::told;
use super::workplace::end;
use crate::domain::event::Log;
use crate::domain::layout;
use crate::domain::merging::{Landing, latest};
use crate::domain::oid::Oid;
use crate::domain::refusal::{MergeRefusal, Refusal, Warning};
use crate::flow::following::in_the_way;
use crate::flow::host::Host;
use crate::flow::kept_files::Kept;
use crate::flow::transaction::{Receipt, Transaction, rehearse, run};
use crate::git::{Durability, Repo, Writer};
use crate::store::merge_plan::Resolution;
use crate::store::{Mission, Source, Store};

/// What nothing is to reach need not survive a power cut.
const UNMADE: Durability = Durability::Git;

/// Merges the lanes that are finished into the coordination branch, and that into the target if all is:
/// all of it, or nothing. What is merged already is left as it is.
///
/// # Errors
/// [`MergeRefusal::Blocked`] with all that is in the way, [`MergeRefusal::LaneConflict`],
/// [`MergeRefusal::LandingConflict`], [`MergeRefusal::RebaseConflict`]: nothing has changed then; as
/// [`run`].
pub fn merge(
    repo: &Repo,
    host: &Host,
    mission: &Mission,
    request: &Request,
) -> Result<(Merged, Receipt)> {
    let resolutions = Resolutions::begun_by(repo, mission)?;
    let (merged, mut receipt) = with(repo, host, mission, (request, &resolutions))?;
    // Of a merge that was resolved and killed after it was published, or could not clear it away.
    receipt.warnings.extend(end(repo, host, mission));
    Ok((merged, receipt))
}

/// As [`merge`], of which conflicts were resolved.
///
/// # Errors
/// As [`merge`].
pub(super) fn merge_with(
    repo: &Repo,
    host: &Host,
    mission: &Mission,
    (request, resolved): (&Request, &[Resolution]),
) -> Result<(Merged, Receipt)> {
    with(repo, host, mission, (request, &Resolutions::new(resolved.to_vec())))
}

fn with(
    repo: &Repo,
    host: &Host,
    mission: &Mission,
    (request, resolutions): (&Request, &Resolutions),
) -> Result<(Merged, Receipt)> {
    refuse_older(repo, mission)?;
    let prepared = run(repo, host, (&mission.dir, None), |transaction| {
        let durability = Durability::of(repo)?;
        prepare(transaction, (repo, host, durability), (request, resolutions), &mut None)
    })?;
    Ok(answer(prepared))
}

/// As [`merge`], without publishing it: no ref, file or index changes.
///
/// # Errors
/// As [`merge`], but for what comes of locks, hooks and races.
pub fn dry_run(
    repo: &Repo,
    host: &Host,
    mission: &Mission,
    request: &Request,
) -> Result<(Merged, Receipt)> {
    refuse_older(repo, mission)?;
    let resolutions = Resolutions::begun_by(repo, mission)?;
    let prepared = rehearse(repo, host, &mission.dir, |transaction| {
        prepare(transaction, (repo, host, UNMADE), (request, &resolutions), &mut None)
    })?;
    Ok(answer(prepared))
}

/// The warnings of a merge stand with those of its transaction.
fn answer(((merged, warnings), mut receipt): (Prepared, Receipt)) -> (Merged, Receipt) {
    receipt.warnings.extend(warnings);
    (merged, receipt)
}

/// A mission without a coordination branch is adopted first, whatever else its log's branch is; a closed
/// one is refused as everywhere.
fn refuse_older(repo: &Repo, mission: &Mission) -> Result<()> {
    if mission.source == Source::Primary && !Store::new(repo).is_over(mission)? {
        return Err(Refusal::NoCoordinationBranch { mission: mission.dir.clone() }.into());
    }
    Ok(())
}

/// The conflict at which a merge stops; `None` if it would not.
///
/// # Errors
/// As [`dry_run`], but for the conflict.
pub(super) fn find_stop(
    repo: &Repo,
    host: &Host,
    mission: &Mission,
    (request, resolutions): (&Request, Resolutions),
) -> Result<Option<Stopped>> {
    let mut stopped = None;
    let rehearsed = rehearse(repo, host, &mission.dir, |transaction| {
        prepare(transaction, (repo, host, UNMADE), (request, &resolutions), &mut stopped)
    });
    match (rehearsed, stopped) {
        (Err(_), Some(stopped)) => Ok(Some(stopped)),
        (Err(error), None) => Err(error),
        (Ok(_), _) => Ok(None),
    }
}

/// What a merge comes to once it is published, with what is worth telling.
type Prepared = (Merged, Vec<Warning>);

/// Decides, and lets the transaction hold all that is to be done. If nothing but a conflict is in the
/// way, it is told besides.
fn prepare(
    transaction: &mut Transaction<'_>,
    (repo, host, durability): (&Repo, &Host, Durability),
    (request, resolutions): (&Request, &Resolutions),
    stopped: &mut Option<Stopped>,
) -> Result<Prepared> {
    let ground = Ground::read(transaction, (repo, host), (request, resolutions))?;
    let mut merged = Merged::begin(&ground);
    if let Some(landed) = landed_already(&ground, transaction)? {
        merged.certificate = Some(landed);
        return Ok((merged, ground.warnings));
    }
    let writer = Writer::new(repo, durability);
    let (mut blockers, warnings) = preflight(&ground)?;
    let mut lanes = together(&ground, &writer)?;
    let mut conflict = lanes.stopped.as_ref().map(|stopped| MergeRefusal::LaneConflict {
        mission: ground.mission.dir.clone(),
        conflicts: stopped.conflicts.clone(),
    });
    let lands = !request.lanes_only && conflict.is_none();
    let stage_two = match ground.onto() {
        Ok(onto) if lands => Some(StageTwo::plan(&ground, &writer, (onto, &mut lanes))?),
        // The preflight has told it.
        Ok(_) | Err(_) => None,
    };
    if let Some(stage_two) = &stage_two {
        blockers.extend(stage_two.blockers(&ground)?);
        conflict = lanes.stopped.as_ref().map(|stopped| MergeRefusal::LandingConflict {
            mission: ground.mission.dir.clone(),
            target: ground.target.branch.to_string(),
            conflicts: stopped.conflicts.clone(),
        });
    }
    blockers.extend(checkouts(&ground, (lanes.tip, stage_two.as_ref()))?);
    if blockers.is_empty() {
        stopped.clone_from(&lanes.stopped);
    }
    refuse(&ground, blockers, conflict)?;
    let told = told(&ground, transaction.log(), (&lanes, stage_two.as_ref()))?;
    merged.steps.clone_from(&lanes.steps);
    record(transaction, &ground, (lanes, stage_two), &mut merged)?;
    Ok((merged, [ground.warnings, warnings, told].concat()))
}

/// Refuses what has anything in the way: a conflict alone, or all of it.
fn refuse(
    ground: &Ground<'_>,
    mut blockers: Vec<Refusal>,
    conflict: Option<MergeRefusal>,
) -> Result<(), Refusal> {
    let mission = ground.mission.dir.clone();
    match (blockers.is_empty(), conflict) {
        (true, None) => Ok(()),
        (true, Some(conflict)) => Err(conflict.into()),
        (false, conflict) => {
            blockers.extend(conflict.map(Refusal::from));
            Err(MergeRefusal::Blocked { mission, blockers }.into())
        }
    }
}

/// The landing that is on the target already, if nothing has come to the mission since.
fn landed_already(ground: &Ground<'_>, transaction: &Transaction<'_>) -> Result<Option<Landing>> {
    let Some(landing) = latest(transaction.log(), layout::EVENT_LOG)? else { return Ok(None) };
    let Some(target) = ground.target.tip else { return Ok(None) };
    let repo = ground.repo;
    let parents = repo.commit(ground.tip)?.parents;
    let is_last = parents.first().map(ToString::to_string).as_deref()
        == Some(landing.certificate.coordination_tip.as_str());
    if !is_last || !has_event(repo, (target, &ground.mission), &landing.event_id)? {
        return Ok(None);
    }
    for lane in &ground.order.ready {
        if !repo.is_ancestor(lane.tip, ground.tip)? {
            return Ok(None);
        }
    }
    Ok(Some(landing))
}

/// Whether the mission's log at a commit has an event.
pub(super) fn has_event(
    repo: &Repo,
    (commit, mission): (Oid, &Mission),
    event_id: &str,
) -> Result<bool> {
    let path = layout::event_log(&mission.dir);
    let Some(log) = repo.blob_at(repo.tree_of_commit(commit)?, &path)? else { return Ok(false) };
    // What is damaged there proves nothing.
    let Ok(log) = Log::parse(layout::EVENT_LOG, &log) else { return Ok(false) };
    Ok(log.lines().iter().any(|line| line.event.event_id() == Some(event_id)))
}

/// Checkouts of the branches that are to move and could not follow.
fn checkouts(
    ground: &Ground<'_>,
    (tip, stage_two): (Oid, Option<&StageTwo>),
) -> Result<Vec<Refusal>> {
    let repo = ground.repo;
    let own = ground.mission.branch().parse::<crate::domain::branch::BranchName>()?.ref_name()?;
    let mut moves = vec![(own, ground.tip, repo.tree_of_commit(tip)?)];
    if let Some(stage_two) = stage_two.filter(|_| !ground.request.pr) {
        moves.push((ground.target.name.clone(), stage_two.onto, stage_two.tree()));
    }
    let mut found = Vec::new();
    let kept = Kept::new(repo, &ground.mission.dir, tip);
    for (name, old, new) in moves {
        let old = repo.tree_of_commit(old)?;
        found.extend(in_the_way(repo, &name, |checkout| kept.check(checkout, [old, new]))?);
    }
    Ok(found)
}
