//! What killed processes were about to publish.

use anyhow::Result;

use super::case::{Case, mended};
use super::patient::{Patient, lock};
use crate::domain::finding::{self, Kind};
use crate::git::{Durability, Outcome, journals, recover};

const UNFINISHED: Kind = Kind::warning("JOURNAL_UNFINISHED");

pub(super) fn look<'p>(patient: &Patient<'p>) -> Result<Vec<Case<'p>>> {
    let (repo, now) = (patient.repo, patient.now);
    let missions: Vec<_> = patient.healthy().cloned().collect();
    let Some(first) = journals(repo).into_iter().next() else { return Ok(Vec::new()) };
    let finding = UNFINISHED.found(
        first.display().to_string(),
        "a process was killed while it moved refs, and left its journal",
        "`git kitty doctor --fix`; the next write does the same",
    );
    Ok(vec![Case::mended_by(finding, move || {
        let locks = missions.iter().map(|mission| lock(repo, mission, now));
        let _locks = locks.collect::<Result<Vec<_>>>()?;
        let before = journals(repo).len();
        let recovered = recover(repo, Durability::of(repo)?)?;
        let finished = recovered.iter().filter(|one| one.outcome == Outcome::Finished).count();
        told(finished, recovered.len() - finished, before.saturating_sub(recovered.len()))
    })])
}

/// What became of the journals. What is no journal was never one: nothing moves before it is whole.
fn told(finished: usize, forgotten: usize, junk: usize) -> Result<finding::Outcome> {
    let all = [(finished, "finished"), (forgotten, "forgot"), (junk, "removed as unreadable")];
    let some = all.into_iter().filter(|(count, _)| *count > 0);
    let parts: Vec<String> = some.map(|(count, what)| format!("{what}: {count}")).collect();
    match parts.is_empty() {
        true => mended("somebody else did it meanwhile"),
        false => mended(parts.join(", ")),
    }
}
