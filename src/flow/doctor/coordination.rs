//! What `meta.json` says of a coordination branch. That the branch is gone, `documents` says.

use anyhow::Result;

use super::case::Case;
use super::patient::Patient;
use crate::domain::finding::Kind;
use crate::domain::meta::{Meta, Topology};

const INCOMPLETE: Kind =
    Kind::error("COORDINATION_META_INCOMPLETE").left("what `meta.json` should say is not guessed");

pub(super) fn look<'p>(patient: &Patient<'p>) -> Result<Vec<Case<'p>>> {
    let found = patient.healthy().filter_map(|mission| {
        let message = incomplete(&mission.meta)?;
        let fix = format!("complete the `meta.json` of `{}`, and commit it", mission.dir);
        Some(Case::left(INCOMPLETE.found(mission.dir.as_str(), message, fix)))
    });
    Ok(found.collect())
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
