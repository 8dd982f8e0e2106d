//! What `meta.json` says of a coordination branch. That the branch is gone, `documents` says.

use anyhow::Result;

use super::case::Case;
use super::patient::Patient;
use crate::domain::finding::Kind;
use crate::domain::meta::{Meta, Topology};
use crate::domain::refusal::Refusal;
use crate::store::{Mission, Source};

const INCOMPLETE: Kind =
    Kind::error("COORDINATION_META_INCOMPLETE").left("what `meta.json` should say is not guessed");

const REMOTE: Kind =
    Kind::info("COORDINATION_BRANCH_REMOTE").left("nobody has begun to work on it here");

pub(super) fn look<'p>(patient: &Patient<'p>) -> Result<Vec<Case<'p>>> {
    let found = patient.healthy().filter_map(|mission| {
        let message = incomplete(&mission.meta)?;
        let fix = format!("complete the `meta.json` of `{}`, and commit it", mission.dir);
        Some(Case::left(INCOMPLETE.found(mission.dir.as_str(), message, fix)))
    });
    let mut cases: Vec<Case<'p>> = found.collect();
    for mission in patient.healthy() {
        cases.extend(remote(patient, mission)?);
    }
    Ok(cases)
}

/// That a coordination branch is only on the remote, as in a fresh clone.
fn remote<'p>(patient: &Patient<'_>, mission: &Mission) -> Result<Option<Case<'p>>> {
    let Source::Coordination { branch, .. } = &mission.source else { return Ok(None) };
    if patient.repo.find(&branch.ref_name()?)?.is_some() {
        return Ok(None);
    }
    let refusal = Refusal::DestinationRemote { name: branch.to_string() };
    let finding = REMOTE.found(mission.dir.as_str(), refusal.to_string(), refusal.hint());
    Ok(Some(Case::left(finding)))
}

fn incomplete(meta: &Meta) -> Option<String> {
    let coordinated = meta.topology.filter(|topology| match topology {
        Topology::Coord | Topology::LanesWithCoord => true,
        Topology::Lanes | Topology::SingleBranch => false,
    });
    match (&meta.coordination_branch, &meta.id, coordinated) {
        (None, _, Some(topology)) => Some(format!(
            "the topology is `{}`, and no `coordination_branch` is named",
            topology.as_str()
        )),
        (Some(branch), None, _) => {
            Some(format!("`{branch}` is its coordination branch, and it has no `mission_id`"))
        }
        (None, _, None) | (Some(_), Some(_), _) => None,
    }
}
