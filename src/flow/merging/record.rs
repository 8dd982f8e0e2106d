//! Writing a merge down: events, the mission's number, and which refs move with the coordination
//! branch.

use anyhow::Result;
use serde_json::{Map, Value};

use super::ground::Ground;
use super::land::Landing as Stage;
use super::merged::{Merged, Stage as LandingStage};
use super::number::{meta_path, next_number, with_number};
use super::oplog::{self, Said};
use super::stage_two::StageTwo;
use super::together::Together;
use crate::domain::branch::BranchName;
use crate::domain::id::WpId;
use crate::domain::merging::{Certificate, Kind, LandedLane, Landing};
use crate::domain::oid::Oid;
use crate::domain::refname::RefName;
use crate::domain::review::Latest;
use crate::domain::status::Status;
use crate::domain::transition::{Request, Review, Verdict, plan};
use crate::flow::account::review_skipped;
use crate::flow::transaction::Transaction;
use crate::git::{Durability, Move, Signed, Writer};
use crate::policy::config::MergeStrategy;
use crate::store::{audit, verdicts_at};

/// Lets the transaction hold the merge; without lanes that come, finished work or a landing, nothing.
///
/// # Errors
/// If something cannot be read or written.
pub(super) fn record(
    transaction: &mut Transaction<'_>,
    ground: &Ground<'_>,
    (lanes, stage_two): (Together, Option<StageTwo>),
    merged: &mut Merged,
) -> Result<()> {
    let done = to_be_done(ground, &lanes, stage_two.is_some());
    if stage_two.is_none() && done.is_empty() && lanes.tip == ground.tip {
        return Ok(());
    }
    if lanes.tip != ground.tip {
        transaction.rest_on(lanes.tip)?;
    }
    let operation = ground.host.ulid()?;
    if let Some(stage_two) = &stage_two {
        land(transaction, ground, (&lanes, stage_two, &operation), merged)?;
    } else {
        let lanes: Vec<&str> = lanes.steps.iter().map(|step| step.lane_id.as_str()).collect();
        transaction.describe(format!("Merge {}", lanes.join(", ")));
    }
    let verdicts = verdicts_at(ground.repo, ground.tip, &ground.mission.dir)?;
    for wp_id in &done {
        finish(transaction, ground, (wp_id, verdicts.get(wp_id)))?;
    }
    if let Some(note) = &ground.request.review_note {
        let about = (&ground.target.branch, ground.mission.dir.as_str());
        let entry = review_skipped(ground.host, about, note)?;
        transaction.announce(Box::new(move |repo, _| audit::append(repo, &entry)));
    }
    derive(transaction, ground, stage_two, (operation.clone(), merged))?;
    merged.operation = Some(operation);
    Ok(())
}

/// The approved work packages that are done with this merge.
fn to_be_done(ground: &Ground<'_>, lanes: &Together, lands: bool) -> Vec<WpId> {
    let came = |wp: &WpId| {
        lanes
            .steps
            .iter()
            .zip(&ground.order.ready)
            .any(|(_, one)| one.site.lane.wp_ids.contains(wp))
    };
    let approved = ground.board.packages().iter().filter(|one| one.status == Status::Approved);
    approved.filter(|one| lands || came(&one.wp_id)).map(|one| one.wp_id.clone()).collect()
}

/// The event of a work package whose lane is merged (`formats.md` section 2, `approved -> done`).
fn finish(
    transaction: &mut Transaction<'_>,
    ground: &Ground<'_>,
    (wp_id, latest): (&WpId, Option<&Latest>),
) -> Result<()> {
    let target = ground.target.branch.as_str();
    let record = transaction.record(wp_id);
    // Who forced an approval answers for it.
    let by_force = || {
        let actor = record.map_or(ground.host.actor.as_str(), |record| record.actor.as_str());
        let event = record.map(|record| format!("event:{}", record.event_id));
        (actor.to_owned(), event.unwrap_or_else(|| format!("file:{wp_id}")))
    };
    let named = |latest: &Latest| {
        let (reviewer, reference) = (latest.reviewer.clone(), latest.reference.clone());
        let is_whole = !reviewer.trim().is_empty() && !reference.trim().is_empty();
        is_whole.then_some((reviewer, reference))
    };
    let (reviewer, reference) = latest.and_then(named).unwrap_or_else(by_force);
    let review = Review { reviewer, verdict: Verdict::Approved, reference };
    let request = Request {
        to: Status::Done.to_string(),
        actor: ground.host.actor.clone(),
        reason: Some(format!("Merged {wp_id} into {target}")),
        review: Some(review),
        ..Request::default()
    };
    let mut transition = plan(Status::Approved, &request)?;
    let mut phase = Map::from_iter([
        ("merge_phase".to_owned(), Value::from("lane_integrated")),
        ("target_branch".to_owned(), target.into()),
    ]);
    let is_set_aside = latest.is_some_and(|latest| latest.contradicts(Status::Approved));
    if let (true, Some(note)) = (is_set_aside, &ground.request.review_note) {
        phase.insert("review_note".to_owned(), note.as_str().into());
    }
    transition.fields.insert("policy_metadata".to_owned(), phase.into());
    transaction.append(wp_id, transition)?;
    Ok(())
}

/// The certificate, which comes before all other events, and the number.
fn land(
    transaction: &mut Transaction<'_>,
    ground: &Ground<'_>,
    (lanes, stage_two, operation): (&Together, &StageTwo, &str),
    merged: &mut Merged,
) -> Result<()> {
    let number = number(transaction, ground, stage_two.onto)?;
    let pr_branch = ground.request.pr.then(|| free_pr_branch(ground)).transpose()?;
    let lane = |step: &super::together::Step| LandedLane {
        lane_id: step.lane_id.to_string(),
        tip: step.tip.to_string(),
        commit: step.commit().map(|commit| commit.to_string()),
    };
    let certificate = Certificate {
        certificate: Certificate::VERSION,
        operation: operation.to_owned(),
        strategy: stage_two.strategy.as_str().to_owned(),
        target: ground.target.branch.to_string(),
        target_old: stage_two.onto.to_string(),
        bases: stage_two.bases.iter().map(ToString::to_string).collect(),
        coordination_tip: lanes.tip.to_string(),
        lanes: lanes.steps.iter().map(lane).collect(),
        resolved: lanes.resolved.clone(),
        mission_number: number,
        review_note: ground.request.review_note.clone(),
        pr_branch: pr_branch.as_ref().map(ToString::to_string),
        counts: stage_two.counts,
    };
    let mut event = certificate.event(&ground.host.actor);
    transaction.name_mission(&mut event);
    let pending = transaction.append_fields(event)?;
    transaction.describe(format!("Land {} on {}", ground.mission.dir, ground.target.branch));
    merged.certificate = Some(Landing { event_id: pending.event_id, certificate });
    merged.landing = Some(LandingStage {
        strategy: stage_two.strategy,
        is_pr: pr_branch.is_some(),
        branch: pr_branch.unwrap_or_else(|| ground.target.branch.clone()).to_string(),
        mission_number: number,
    });
    Ok(())
}

/// The mission's number, which it gets if it has none: in the `meta.json` of the coordination branch,
/// and where that has none in what lands.
fn number(
    transaction: &mut Transaction<'_>,
    ground: &Ground<'_>,
    onto: Oid,
) -> Result<Option<u32>> {
    if let Some(number) = ground.mission.meta.number {
        return Ok(Some(number));
    }
    let path = meta_path(&ground.mission.dir);
    let number = next_number(ground.repo, ground.repo.tree_of_commit(onto)?)?;
    if let Some(bytes) = transaction.file(&path)? {
        let edited = with_number(&bytes, &path, number)?;
        transaction.put_meta(path, edited)?;
    }
    Ok(Some(number))
}

/// The name of a branch for a pull request (`formats.md` section 7); a number tells it from one that is
/// there already, which is never moved.
fn free_pr_branch(ground: &Ground<'_>) -> Result<BranchName> {
    let target = ground.target.branch.as_str().replace('/', "-");
    let name = format!("kitty/pr/{}-to-{target}", ground.mission.dir);
    let numbered = (2_u32..).map(|number| format!("{name}-{number}"));
    for candidate in std::iter::once(name.clone()).chain(numbered) {
        let candidate: BranchName = candidate.parse()?;
        if ground.repo.find(&candidate.ref_name()?)?.is_none() {
            return Ok(candidate);
        }
    }
    anyhow::bail!("no name is left for a branch")
}

/// The moves of target and operation log, which are made of the commit that has the events.
fn derive(
    transaction: &mut Transaction<'_>,
    ground: &Ground<'_>,
    stage_two: Option<StageTwo>,
    (operation, merged): (String, &Merged),
) -> Result<()> {
    let mission = ground.mission.clone();
    let own: RefName = mission.branch().parse::<BranchName>()?.ref_name()?;
    let old = ground.tip;
    let target = match (&stage_two, &merged.landing) {
        (Some(plan), Some(landing)) => {
            let name = landing.branch.parse::<BranchName>()?.ref_name()?;
            Some((name, (!landing.is_pr).then_some(plan.onto), plan.onto, plan.strategy))
        }
        (_, _) => None,
    };
    let certificate = merged.certificate.as_ref().map(|landing| landing.event_id.clone());
    let message = message(ground, merged);
    let number = merged.landing.as_ref().and_then(|landing| landing.mission_number);
    let target_name = ground.target.branch.to_string();
    transaction.derive(Box::new(move |repo, host, commit| {
        let mut moves = Vec::new();
        if let Some((name, before, onto, strategy)) = target {
            let signed = Signed { who: &host.identity, at: host.now() };
            let names = (mission.dir.as_str(), target_name.as_str());
            let stage =
                Stage { strategy, onto, from: commit, message: &message, signed, number, names };
            let new = stage.make(&Writer::new(repo, Durability::of(repo)?), repo)?;
            moves.push(Move { name, old: before, new: Some(new) });
        }
        let mut all = vec![Move { name: own, old: Some(old), new: Some(commit) }];
        all.extend(moves.iter().cloned());
        let said = Said { id: operation, kind: Kind::Merge, certificate, undoes: None };
        moves.push(oplog::entry(repo, host, &mission, (said, &all))?);
        Ok(moves)
    }));
    Ok(())
}

/// The message of a commit that lands a mission.
fn message(ground: &Ground<'_>, merged: &Merged) -> String {
    let (mission, meta) = (&ground.mission, &ground.mission.meta);
    let strategy = merged.landing.as_ref().map(|landing| landing.strategy);
    let subject = match strategy {
        Some(MergeStrategy::Squash) => meta.friendly_name.clone(),
        Some(MergeStrategy::FastForward | MergeStrategy::Merge | MergeStrategy::Rebase) | None => {
            format!("Merge mission {} into {}", mission.dir, ground.target.branch)
        }
    };
    let lanes: Vec<&str> = merged.steps.iter().map(|step| step.lane_id.as_str()).collect();
    let mut text = format!("{}\n\nMission: {}\n", subject.replace('\n', " "), mission.dir);
    let mut trailer = |key: &str, value: &str| text.push_str(&format!("{key}: {value}\n"));
    if !lanes.is_empty() {
        trailer("Lanes", &lanes.join(", "));
    }
    if let Some(id) = &meta.id {
        trailer("Mission-Id", &id.to_string());
    }
    if let Some(landing) = &merged.certificate {
        trailer("Landing-Certificate", &landing.event_id);
    }
    text
}
