//! What a branch is to the judge.

use anyhow::Result;

use crate::domain::branch::BranchName;
use crate::domain::change::Change;
use crate::domain::glob::Globs;
use crate::domain::id::LaneId;
use crate::domain::layout;
use crate::domain::refusal::{Document, Refusal};
use crate::git::Repo;
use crate::policy::config::PolicyConfig;
use crate::policy::{ContextTrouble, Exemption, GuardCode};
use crate::store::{Mission, Source, Store};

use super::lane::{LaneFacts, trouble};
use super::policy::{Governing, governing};
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
    Lane(LaneId, String, Result<Box<LaneFacts<'r>>, ContextTrouble>),
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
    let target =
        owner.as_ref().ok().and_then(Option::as_ref).map(|(m, _)| m.meta.target_branch.clone());
    let Governing { config, committed, remote_head } =
        match governing(repo, branch, target.as_deref()) {
            Ok(governing) => governing,
            Err(error)
                if is_damaged_policy(&error)
                    && owner.as_ref().is_ok_and(Option::is_none)
                    && mends_policy(repo, changes)? =>
            {
                return Ok((
                    PolicyConfig::default(),
                    Found::Protected(Some(Exemption::PolicyRepair)),
                ));
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
            Found::Lane(lane, dir, facts.map(Box::new))
        }
        Ok(Some((mission, None))) if is_coordination(&mission, branch) => {
            Found::Coordination(Box::new(mission))
        }
        Ok(Some((_, None))) | Ok(None) => match scope::globs(repo, branch) {
            globs if globs.is_empty() => Found::Free,
            globs => Found::Scoped(Globs::new(globs, fold_case)),
        },
        Err(error) => match branch.mission_parts().and_then(|parts| parts.lane) {
            Some((mission, lane)) => {
                let trouble = trouble(GuardCode::ContextError, &error);
                Found::Lane(lane, mission.to_owned(), Err(trouble))
            }
            None => return Err(error),
        },
    };
    Ok((config, found))
}

fn is_coordination(mission: &Mission, branch: &BranchName) -> bool {
    matches!(&mission.source, Source::Coordination { branch: own, .. } if own == branch)
}

/// Why a protected branch takes this change all the same.
fn exemption(repo: &Repo, policy_committed: bool, changes: &[Change]) -> Result<Option<Exemption>> {
    if repo.is_empty_repository()? {
        return Ok(Some(Exemption::FirstCommit));
    }
    let adds_policy = changes.iter().any(|change| {
        change.path.as_bytes() == layout::POLICY.as_bytes()
            && change.old.is_none()
            && change.new.is_some()
    });
    Ok((!policy_committed && adds_policy).then_some(Exemption::FirstPolicy))
}

fn is_damaged_policy(error: &anyhow::Error) -> bool {
    matches!(
        error.downcast_ref::<Refusal>(),
        Some(Refusal::Damaged { document: Document::Policy, .. })
    )
}

/// Whether the change leaves a policy that can be read, and does nothing else: what comes along
/// could not be judged.
fn mends_policy(repo: &Repo, changes: &[Change]) -> Result<bool> {
    let [Change { path, new: Some(entry), .. }] = changes else { return Ok(false) };
    let is_policy = path.as_bytes() == layout::POLICY.as_bytes();
    Ok(is_policy && PolicyConfig::parse(&repo.blob(entry.oid)?, layout::POLICY).is_ok())
}
