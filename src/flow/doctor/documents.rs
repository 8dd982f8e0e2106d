//! Missions and planning files that cannot be read.

use anyhow::Result;

use super::case::Case;
use super::patient::Patient;
use crate::domain::finding::Finding;
use crate::domain::refusal::Refusal;
use crate::store::Mission;

/// The codes are those of the refusals (`docs/codes.md`).
pub(super) fn look<'p>(patient: &Patient<'p>) -> Result<Vec<Case<'p>>> {
    let mut findings = Vec::new();
    for (dir, mission) in &patient.missions {
        match mission {
            Ok(mission) => findings.extend(planning(patient, mission)?),
            Err(refusal) => findings.push(Finding::of_refusal(refusal, dir.as_str())),
        }
    }
    Ok(findings.into_iter().map(Case::left).collect())
}

fn planning(patient: &Patient<'_>, mission: &Mission) -> Result<Vec<Finding>> {
    let store = patient.store();
    let mut refusals = Vec::new();
    if let Err(error) = store.lanes(mission) {
        refusals.push(error.downcast::<Refusal>()?);
    }
    let files = store.work_packages(mission)?;
    refusals.extend(files.into_iter().filter_map(|file| file.content.err()));
    Ok(refusals.iter().map(|refusal| Finding::of_refusal(refusal, mission.dir.as_str())).collect())
}
