//! Logs that cannot be read, lost or changed lines, or are not in order.

use anyhow::Result;

use super::case::Case;
use super::patient::Patient;
use crate::domain::finding::{Finding, Kind};
use crate::domain::refusal::Refusal;
use crate::store::{Evidence, Mission};

const WHY: &str = "which lines are right, only you can tell";
const SHRANK: Kind = Kind::error("LOG_SHRANK").left(WHY);
const FORKED: Kind = Kind::error("LOG_FORKED").left(WHY);
const REORDERED: Kind = Kind::error("LOG_REORDERED").left(WHY);
const DOUBLED: Kind = Kind::error("LOG_DOUBLED_ID").left(WHY);
const UNSORTED: Kind = Kind::info("LOG_UNSORTED").left("the statuses are right as they are");

pub(super) fn look<'p>(patient: &Patient<'p>) -> Result<Vec<Case<'p>>> {
    let mut cases = Vec::new();
    for mission in patient.healthy() {
        match patient.store().statuses(mission) {
            Ok(statuses) => cases.extend(findings(mission, statuses.evidence())),
            Err(error) => {
                let refusal = error.downcast::<Refusal>()?;
                cases.push(Case::left(Finding::of_refusal(&refusal, mission.dir.as_str())));
            }
        }
    }
    Ok(cases)
}

fn findings<'p>(mission: &Mission, evidence: &Evidence) -> Vec<Case<'p>> {
    let subject = mission.dir.as_str();
    let regressions = evidence.regressions().iter().filter_map(|found| {
        let kinds = [SHRANK, FORKED, REORDERED, DOUBLED];
        let kind = kinds.into_iter().find(|kind| kind.code == found.kind.code())?;
        Some(kind.found(subject, found.to_string(), found.next_step()))
    });
    let disorder = evidence.disorder().into_iter();
    let disorder =
        disorder.map(|warning| UNSORTED.found(subject, warning.message, "nothing is to be done"));
    regressions.chain(disorder).map(Case::left).collect()
}
