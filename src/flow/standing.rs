//! What a branch is to the judge.

use anyhow::Result;

use crate::domain::branch::{BranchName, MissionParts};
use crate::domain::change::{Change, Mode};
use crate::domain::glob::Globs;
use crate::domain::id::LaneId;
use crate::domain::layout;
use crate::domain::refusal::{Document, Refusal};
use crate::git::Repo;
use crate::policy::config::PolicyConfig;
use crate::policy::{ContextTrouble, Exemption, GuardCode};
use crate::store::{Mission, Source, Store};

use super::hypothetical::is_unknown;
use super::lane::{LaneFacts, trouble};
use super::policy::{For, Governing, governing};
use super::scope;

/// A branch as found, before the judge sees it.
pub(super) enum Found<'r> {
    /// Nobody guards it.
    Free,
    /// Protected.
    Protected(Option<Exemption>),
    /// With a scope.
    Scoped(Globs),
    /// A lane, with its facts or the reason why there are none.
    Lane(Option<LaneId>, String, Result<Box<LaneFacts<'r>>, ContextTrouble>),
    /// The coordination branch of this mission.
    Coordination(Box<Mission>),
}

/// What the branch is, and the policy that governs it.
///
/// # Errors
/// If the committed policy is damaged and this change does not mend it.
pub(super) fn find<'r>(
    store: &'r Store<'r>,
    repo: &Repo,
    branch: &BranchName,
    changes: &[Change],
) -> Result<(PolicyConfig, Found<'r>)> {
    let owner = store.by_branch(branch);
    let branches = match &owner {
        Ok(Some((mission, _))) => For::Mission(Some(&mission.meta.target_branch)),
        Ok(None) => For::Other,
        Err(_) => For::Mission(None),
    };
    let Governing { config, committed, remote_head } = match governing(repo, branches) {
        Ok(governing) => governing,
        Err(error)
            if is_damaged_policy(&error)
                && owner.as_ref().is_ok_and(Option::is_none)
                && mends_policy(repo, changes)? =>
        {
            return Ok((PolicyConfig::default(), Found::Protected(Some(Exemption::PolicyRepair))));
        }
        Err(error) => return Err(error),
    };
    if config.protected.contains(branch, remote_head.as_ref()) {
        let exemption = exemption(repo, committed, changes)?;
        return Ok((config, Found::Protected(exemption)));
    }
    let fold_case = config.guard.case_insensitive;
    let found = match owner {
        Ok(Some((mission, Some(lane)))) => {
            let dir = mission.dir.clone();
            let facts = LaneFacts::read(store, mission, lane.clone(), fold_case);
            Found::Lane(Some(lane), dir, facts.map(Box::new))
        }
        Ok(Some((mission, None))) if is_coordination(&mission, branch) => {
            Found::Coordination(Box::new(mission))
        }
        Ok(Some((_, None))) | Ok(None) => match scope::globs(repo, branch) {
            globs if globs.is_empty() => Found::Free,
            globs => Found::Scoped(Globs::new(globs, fold_case)),
        },
        Err(error) => match branch.mission_parts().and_then(|parts| lane_named(&parts)) {
            Some((lane, mission)) => {
                Found::Lane(lane, mission, Err(trouble(GuardCode::ContextError, &error)))
            }
            None => return Err(error),
        },
    };
    Ok((config, found))
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

/// Why a protected branch takes this change all the same.
///
/// # Errors
/// If it adds the first policy, and that is damaged: nothing could be judged from then on.
fn exemption(repo: &Repo, policy_committed: bool, changes: &[Change]) -> Result<Option<Exemption>> {
    if repo.is_empty_repository()? {
        return Ok(Some(Exemption::FirstCommit));
    }
    let added = changes
        .iter()
        .find(|change| change.path.as_bytes() == layout::POLICY.as_bytes() && may_add(change));
    let Some(entry) = added.and_then(|change| change.new).filter(|_| !policy_committed) else {
        return Ok(None);
    };
    if !matches!(entry.mode, Mode::File | Mode::Executable) {
        return Ok(None);
    }
    if !is_unknown(entry) {
        PolicyConfig::parse(&repo.blob(entry.oid)?, layout::POLICY)?;
    }
    Ok(Some(Exemption::FirstPolicy))
}

/// Whether the change adds a file, as far as is known.
fn may_add(change: &Change) -> bool {
    change.old.is_none_or(is_unknown)
}

fn is_damaged_policy(error: &anyhow::Error) -> bool {
    matches!(
        error.downcast_ref::<Refusal>(),
        Some(Refusal::Damaged { document: Document::Policy, .. })
    )
}

/// Whether the change leaves a policy that can be read, and does nothing else: what comes along
/// could not be judged. Content that is not known may do so.
fn mends_policy(repo: &Repo, changes: &[Change]) -> Result<bool> {
    let [Change { path, new: Some(entry), .. }] = changes else { return Ok(false) };
    let is_policy = path.as_bytes() == layout::POLICY.as_bytes();
    let is_whole = || Ok(PolicyConfig::parse(&repo.blob(entry.oid)?, layout::POLICY).is_ok());
    if is_policy && !is_unknown(*entry) { is_whole() } else { Ok(is_policy) }
}
