//! Missions and planning files that cannot be read.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use anyhow::Result;

use super::case::Case;
use super::patient::Patient;
use crate::domain::branch::BranchName;
use crate::domain::finding::{Finding, Kind};
use crate::domain::id::MissionId;
use crate::domain::refusal::Refusal;
use crate::store::{Mission, Source};

const DOUBLED: Kind =
    Kind::error("MISSION_ID_DOUBLED").left("which of them is the mission, only you can tell");

/// The codes are those of the refusals (`docs/codes.md`).
pub(super) fn look<'p>(patient: &Patient<'p>) -> Result<Vec<Case<'p>>> {
    let mut findings = Vec::new();
    for (dir, mission) in &patient.missions {
        match mission {
            Ok(mission) => findings.extend(planning(patient, mission)?),
            Err(refusal) => findings.push(Finding::of_refusal(refusal, dir.as_str())),
        }
    }
    findings.extend(doubled(patient));
    Ok(findings.into_iter().map(Case::left).collect())
}

/// Missions that share their id, by which locks, refs and branches are named.
fn doubled(patient: &Patient<'_>) -> Vec<Finding> {
    let mut first: BTreeMap<&MissionId, &str> = BTreeMap::new();
    let mut findings = Vec::new();
    for mission in patient.healthy() {
        let Some(id) = &mission.meta.id else { continue };
        match first.entry(id) {
            Entry::Vacant(free) => {
                free.insert(&mission.dir);
            }
            Entry::Occupied(other) => {
                let message = format!("it has the `mission_id` of `{}`: {id}", other.get());
                let fix =
                    "give one of the two an id of its own, as `git kitty mission create` makes it";
                findings.push(DOUBLED.found(mission.dir.as_str(), message, fix));
            }
        }
    }
    findings
}

/// That the branch to land on is nowhere, if the mission has not landed.
fn target(patient: &Patient<'_>, mission: &Mission) -> Result<Option<Refusal>> {
    let name = mission.meta.target_branch.clone();
    let Ok(branch) = name.parse::<BranchName>() else { return Ok(None) };
    let (own, remote) = (branch.ref_name()?, branch.remote_ref()?);
    let is_there = patient.repo.find(&own)?.is_some()
        || patient.repo.find(&remote)?.is_some()
        || patient.repo.head()?.branch() == Some(&own)
        || mission.source == Source::Primary;
    Ok((!is_there).then_some(Refusal::TargetMissing { name, remote: None }))
}

fn planning(patient: &Patient<'_>, mission: &Mission) -> Result<Vec<Finding>> {
    let store = patient.store();
    let mut refusals = Vec::new();
    if let Err(error) = store.lanes(mission) {
        refusals.push(error.downcast::<Refusal>()?);
    }
    refusals.extend(target(patient, mission)?);
    let files = store.work_packages(mission)?;
    refusals.extend(files.into_iter().filter_map(|file| file.content.err()));
    Ok(refusals.iter().map(|refusal| Finding::of_refusal(refusal, mission.dir.as_str())).collect())
}
