//! Where a write goes, and whether it may.

use anyhow::Result;

use super::policy::{For, Governing, governing};
use crate::domain::branch::BranchName;
use crate::domain::id::WpId;
use crate::domain::lanes::Lanes;
use crate::domain::meta::Meta;
use crate::domain::oid::Oid;
use crate::domain::refname::RefName;
use crate::domain::refusal::Refusal;
use crate::git::Repo;
use crate::policy::destination::{Facts, destination};
use crate::store::{Mission, Source};

/// Where a write about a work package goes: to the coordination branch; of an older mission to the
/// work package's lane, without lane to the target.
pub(super) fn destination_of(
    repo: &Repo,
    mission: &Mission,
    lanes: Option<&Lanes>,
    wp_id: Option<&WpId>,
) -> Result<String> {
    if let Source::Coordination { branch, .. } = &mission.source {
        return Ok(branch.to_string());
    }
    let lane = wp_id.and_then(|wp_id| lanes?.lane_of(wp_id)).filter(|lane| !lane.id.is_planning());
    if let Some(lane) = lane {
        let branch: BranchName = mission.lane_branch(&lane.id).parse()?;
        if repo.find(&branch.ref_name()?)?.is_some() {
            return Ok(branch.to_string());
        }
    }
    Ok(mission.meta.target_branch.clone())
}

/// That a write about a work package goes where its transaction does.
pub(super) fn same(destination: &BranchName, wp_id: &WpId, other: String) -> Result<()> {
    if other == destination.as_str() {
        return Ok(());
    }
    let (branch, wp_id) = (destination.to_string(), wp_id.to_string());
    Err(Refusal::SeveralDestinations { branch, wp_id, other }.into())
}

/// What a transaction is to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Writes {
    /// To its destination, and perhaps to other refs.
    Destination,
    /// To other refs only: the destination may then be protected.
    Others,
}

/// Where the gate looks refs up.
pub(super) type Find<'f> = &'f dyn Fn(&RefName) -> Result<Option<Oid>>;

/// Lets the gate judge the destination, and reads its tip.
pub(super) fn gate(
    repo: &Repo,
    mission: &Mission,
    write: (&str, Writes),
) -> Result<(BranchName, Oid)> {
    let governing = governing(repo, For::Mission(Some(&mission.meta.target_branch)))?;
    permit(&|name| repo.find(name), &governing, write)
}

/// The same under a policy that is known.
pub(super) fn permit(
    find: Find<'_>,
    governing: &Governing,
    (name, writes): (&str, Writes),
) -> Result<(BranchName, Oid)> {
    let shape = |_| Refusal::DestinationShape { name: name.to_owned() };
    let branch: BranchName = name.parse().map_err(shape)?;
    let tip = find(&branch.ref_name()?)?;
    let facts = Facts {
        is_branch: tip.is_some(),
        names_something_else: tip.is_none() && is_elsewhere(find, name),
        is_protected: writes == Writes::Destination
            && governing.config.protected.contains(&branch, governing.remote_head.as_ref()),
    };
    match (destination(name, facts), tip) {
        (Ok(branch), Some(tip)) => Ok((branch, tip)),
        (Ok(_), None) | (Err(Refusal::DestinationMissing { .. }), _) => {
            Err(absent(find, &branch)?.into())
        }
        (Err(refusal), _) => Err(refusal.into()),
    }
}

/// Why nothing can be written to a branch that is not here.
pub(super) fn absent(find: Find<'_>, branch: &BranchName) -> Result<Refusal> {
    let name = branch.to_string();
    Ok(match find(&branch.remote_ref()?)? {
        Some(_) => Refusal::DestinationRemote { name },
        None => Refusal::DestinationMissing { name },
    })
}

/// That a coordination branch may be made: the policy does not protect it.
pub(super) fn free(repo: &Repo, meta: &Meta, branch: &BranchName) -> Result<()> {
    let governing = governing(repo, For::Mission(Some(&meta.target_branch)))?;
    let is_protected = governing.config.protected.contains(branch, governing.remote_head.as_ref());
    destination(branch.as_str(), Facts { is_branch: true, is_protected, ..Facts::default() })?;
    Ok(())
}

/// Whether a remote-tracking branch or a tag has the name.
fn is_elsewhere(find: Find<'_>, name: &str) -> bool {
    ["refs/remotes/", "refs/tags/"]
        .into_iter()
        .filter_map(|prefix| format!("{prefix}{name}").parse::<RefName>().ok())
        .any(|full| find(&full).is_ok_and(|found| found.is_some()))
}
