//! Checkouts that a merge or undo left where their branch was before: killed, or hindered.

use anyhow::Result;

use super::case::{Case, mended};
use super::patient::{Patient, lock};
use crate::domain::finding::Kind;
use crate::flow::following::catch_up;
use crate::store::behind;

const LEFT_BEHIND: Kind = Kind::warning("CHECKOUT_LEFT_BEHIND");

pub(super) fn look<'p>(patient: &Patient<'p>) -> Result<Vec<Case<'p>>> {
    let (repo, now) = (patient.repo, patient.now);
    let mut cases = Vec::new();
    for mission in patient.healthy().cloned() {
        let Some((_, branches)) = behind::read(repo, &mission.dir)? else { continue };
        let names: Vec<String> = branches.iter().map(|one| format!("`{}`", one.name)).collect();
        let finding = LEFT_BEHIND.found(
            mission.dir.as_str(),
            format!(
                "checkouts of {} have not followed: a process was killed, or they could not",
                names.join(", ")
            ),
            "`git kitty doctor --fix`; the next write on the mission does the same",
        );
        cases.push(Case::mended_by(finding, move || {
            let _lock = lock(repo, &mission, now)?;
            let warnings = catch_up(repo, &mission.dir)?;
            match warnings.first() {
                None => mended("brought up, but for what somebody has changed there"),
                Some(warning) => super::case::left(warning.message.clone()),
            }
        }));
    }
    Ok(cases)
}
