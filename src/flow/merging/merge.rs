//! A merge, from what is there to what one transaction publishes.

use anyhow::Result;

use super::ground::Ground;
use super::order::Skipped;
use super::preflight::preflight;
use super::record::record;
use super::resolutions::Resolutions;
use super::stage_two::StageTwo;
use super::together::{Step, Stopped, together};
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
use crate::policy::config::MergeStrategy;
use crate::store::merge_plan::Resolution;
use crate::store::{Mission, Source, Store};

/// What nothing is to reach need not survive a power cut.
const UNMADE: Durability = Durability::Git;

/// What is to be merged, and how.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// How the mission lands; else the policy says, else by fast-forward if that can be.
    pub strategy: Option<MergeStrategy>,
    /// Whether only the lanes that are finished come to the coordination branch.
    pub lanes_only: bool,
    /// Whether the mission lands on a branch for a pull request, in place of its target.
    pub pr: bool,
    /// Why reviews that speak against it do not count.
    pub review_note: Option<String>,
}

/// What was merged, or would be.
#[derive(Debug, Clone)]
pub struct Merged {
    /// The mission's directory.
    pub mission: String,
    /// The coordination branch.
    pub coordination: String,
    /// The branch that the mission is for.
    pub target: String,
    /// The lanes that came together, in order.
    pub steps: Vec<Step>,
    /// The lanes that did not.
    pub skipped: Vec<Skipped>,
    /// Stage 2, if the mission lands.
    pub landing: Option<Stage>,
    /// The certificate: of this landing, or of one that is there already.
    pub certificate: Option<Landing>,
    /// The operation, as the operation log has it.
    pub operation: Option<String>,
    /// Refs and commits.
    pub receipt: Receipt,
}

/// A landing.
#[derive(Debug, Clone)]
pub struct Stage {
    /// How.
    pub strategy: MergeStrategy,
    /// The branch that it is made on.
    pub branch: String,
    /// Whether that is for a pull request.
    pub is_pr: bool,
    /// The number that the mission gets.
    pub mission_number: Option<u32>,
}

/// What a merge comes to, before it is published.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) mission: String,
    pub(super) coordination: String,
    pub(super) target: String,
    pub(super) steps: Vec<Step>,
    pub(super) skipped: Vec<Skipped>,
    pub(super) landing: Option<Stage>,
    pub(super) certificate: Option<Landing>,
    pub(super) operation: Option<String>,
    pub(super) warnings: Vec<Warning>,
}

/// Merges the lanes that are finished into the coordination branch, and that into the target if all is:
/// all of it, or nothing. What is merged already is left as it is.
///
/// # Errors
/// [`MergeRefusal::Blocked`] with all that is in the way, [`MergeRefusal::LaneConflict`],
/// [`MergeRefusal::LandingConflict`], [`MergeRefusal::RebaseConflict`]: nothing has changed then; as
/// [`run`].
pub fn merge(repo: &Repo, host: &Host, mission: &Mission, request: &Request) -> Result<Merged> {
    let resolutions = Resolutions::begun_by(repo, mission)?;
    let merged = with(repo, host, mission, (request, &resolutions))?;
    if resolutions.in_progress().is_some() {
        // Of a merge that was resolved and killed after it was published.
        super::resolve::end(repo, host, mission)?;
    }
    Ok(merged)
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
) -> Result<Merged> {
    with(repo, host, mission, (request, &Resolutions::new(resolved.to_vec())))
}

fn with(
    repo: &Repo,
    host: &Host,
    mission: &Mission,
    (request, resolutions): (&Request, &Resolutions),
) -> Result<Merged> {
    refuse_older(repo, mission)?;
    let (prepared, receipt) = run(repo, host, (&mission.dir, None), |transaction| {
        let durability = Durability::of(repo)?;
        prepare(transaction, (repo, host, durability), (request, resolutions), &mut None)
    })?;
    Ok(prepared.with(receipt))
}

/// As [`merge`], without publishing it: no ref, file or index changes.
///
/// # Errors
/// As [`merge`], but for what comes of locks, hooks and races.
pub fn dry_run(repo: &Repo, host: &Host, mission: &Mission, request: &Request) -> Result<Merged> {
    refuse_older(repo, mission)?;
    let resolutions = Resolutions::begun_by(repo, mission)?;
    let (prepared, receipt) = rehearse(repo, host, &mission.dir, |transaction| {
        prepare(transaction, (repo, host, UNMADE), (request, &resolutions), &mut None)
    })?;
    Ok(prepared.with(receipt))
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

impl Prepared {
    fn of(ground: &Ground<'_>) -> Self {
        Self {
            mission: ground.mission.dir.clone(),
            coordination: ground.mission.branch(),
            target: ground.target.branch.to_string(),
            steps: Vec::new(),
            skipped: ground.order.skipped.clone(),
            landing: None,
            certificate: None,
            operation: None,
            warnings: ground.warnings.clone(),
        }
    }

    fn with(self, mut receipt: Receipt) -> Merged {
        let Self { mission, coordination, target, steps, skipped, .. } = self;
        let Self { landing, certificate, operation, warnings, .. } = self;
        receipt.warnings.extend(warnings);
        Merged {
            mission,
            coordination,
            target,
            steps,
            skipped,
            landing,
            certificate,
            operation,
            receipt,
        }
    }
}

/// Decides, and lets the transaction hold all that is to be done. If nothing but a conflict is in the
/// way, it is told besides.
fn prepare(
    transaction: &mut Transaction<'_>,
    (repo, host, durability): (&Repo, &Host, Durability),
    (request, resolutions): (&Request, &Resolutions),
    stopped: &mut Option<Stopped>,
) -> Result<Prepared> {
    let ground = Ground::read(transaction, (repo, host), (request, resolutions))?;
    let mut prepared = Prepared::of(&ground);
    if let Some(landed) = landed_already(&ground, transaction)? {
        prepared.certificate = Some(landed);
        return Ok(prepared);
    }
    let writer = Writer::new(repo, durability);
    let (mut blockers, warnings) = preflight(&ground)?;
    prepared.warnings.extend(warnings);
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
    prepared.steps.clone_from(&lanes.steps);
    record(transaction, &ground, (lanes, stage_two), &mut prepared)?;
    Ok(prepared)
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
