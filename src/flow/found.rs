//! What a branch is to the judge: whose, and what of its mission is known.

use std::cell::OnceCell;

use anyhow::{Error, Result};

use crate::domain::branch::{BranchName, MissionParts};
use crate::domain::glob::Globs;
use crate::domain::id::LaneId;
use crate::domain::refusal::{Document, Refusal};
use crate::git::Repo;
use crate::policy::{Active, ContextTrouble, GuardCode};
use crate::store::{Mission, Source, Store};

use super::branch_judge::Counting;
use super::lane::{LaneFacts, trouble};
use super::scope;

/// The mission that a branch is of, and the lane if it is one.
pub(super) type Owner = Option<(Mission, Option<LaneId>)>;

/// What a branch is, as found.
pub(super) enum Found<'r> {
    /// Nobody guards it.
    Free,
    /// The committed policy cannot be read: only what mends it may pass.
    Unreadable(Error),
    /// Protected.
    Protected,
    /// With a scope.
    Scoped(Globs),
    /// A lane.
    Lane(Box<Lane<'r>>),
    /// The coordination branch of this mission.
    Coordination(Box<Mission>),
}

/// A lane, and who counts there.
pub(super) struct Lane<'r> {
    pub(super) lane_id: Option<LaneId>,
    pub(super) mission_dir: String,
    /// What its mission knows, or why that cannot be told.
    pub(super) facts: Result<LaneFacts<'r>, ContextTrouble>,
    counting: Counting,
    active: OnceCell<Result<Active, ContextTrouble>>,
}

impl Lane<'_> {
    /// Who counts, found out once.
    pub(super) fn active(&self, repo: &Repo) -> &Result<Active, ContextTrouble> {
        self.active.get_or_init(|| {
            let facts = self.facts.as_ref().map_err(Clone::clone)?;
            match self.counting {
                Counting::EverClaimed => facts.ever_claimed(),
                Counting::Active => {
                    let active = facts.active()?;
                    if let Some(wp_id) = active.who.active() {
                        facts.check_claim(repo, wp_id)?;
                    }
                    Ok(active)
                }
            }
        })
    }
}

/// The mission that the branch is of. If its coordination branch has damaged that, as it was before:
/// what mends it has to be judged.
pub(super) fn owner(store: &Store<'_>, branch: &BranchName) -> Result<Owner> {
    let error = match store.by_branch(branch) {
        Ok(owner) => return Ok(owner),
        Err(error) => error,
    };
    let is_damage =
        matches!(error.downcast_ref(), Some(Refusal::Damaged { document: Document::Meta, .. }));
    let before = if is_damage { store.before_damage(branch)? } else { None };
    before.map(|mission| Some((mission, None))).ok_or(error)
}

/// What the branch is, if it is not protected.
pub(super) fn found<'r>(
    store: &'r Store<'r>,
    repo: &Repo,
    (branch, owner): (&BranchName, Result<Owner>),
    (fold_case, counting): (bool, Counting),
) -> Result<Found<'r>> {
    let lane = |lane_id, mission_dir, facts| {
        let active = OnceCell::new();
        Found::Lane(Box::new(Lane { lane_id, mission_dir, facts, counting, active }))
    };
    Ok(match owner {
        Ok(Some((mission, Some(lane_id)))) => {
            let dir = mission.dir.clone();
            let facts = LaneFacts::read(store, mission, lane_id.clone(), fold_case);
            lane(Some(lane_id), dir, facts)
        }
        Ok(Some((mission, None))) if is_coordination(&mission, branch) => {
            Found::Coordination(Box::new(mission))
        }
        Ok(Some((_, None)) | None) => match scope::globs(repo, branch) {
            globs if globs.is_empty() => Found::Free,
            globs => Found::Scoped(Globs::new(globs, fold_case)),
        },
        Err(error) => match branch.mission_parts().and_then(|parts| lane_named(&parts)) {
            Some((id, mission)) => lane(id, mission, Err(trouble(GuardCode::ContextError, &error))),
            None => return Err(error),
        },
    })
}

/// The lane and the mission that a name announces, whether they are there or not.
fn lane_named(parts: &MissionParts<'_>) -> Option<(Option<LaneId>, String)> {
    let known = parts.lane.as_ref().map(|(mission, lane)| (Some(lane.clone()), *mission));
    let (lane, mission) =
        known.or_else(|| parts.lane_like().map(|(mission, _)| (None, mission)))?;
    Some((lane, mission.to_owned()))
}

fn is_coordination(mission: &Mission, branch: &BranchName) -> bool {
    matches!(&mission.source, Source::Coordination { branch: own, .. } if own == branch)
}
