//! What may pass the judge now, and what lately came past it.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Result;

use super::case::Case;
use super::patient::Patient;
use crate::domain::finding::{Finding, Kind};
use crate::domain::layout;
use crate::domain::time::Instant;
use crate::store::audit::{self, Entry, Kind as Event};
use crate::store::overrides;

const IN_FORCE: Kind = Kind::info("OVERRIDE_IN_FORCE").left("somebody granted it, and it ends");
const BYPASSED: Kind = Kind::info("GUARD_BYPASSED").left("what happened stays on record");

/// For how long what happened is told.
const LATELY: Duration = Duration::from_secs(7 * 24 * 60 * 60);

pub(super) fn look<'p>(patient: &Patient<'p>) -> Result<Vec<Case<'p>>> {
    let found = overrides::in_force(patient.repo, patient.now);
    let damage = found.damage.as_ref();
    let mut findings: Vec<Finding> =
        damage.map(|damage| Finding::of_refusal(damage, layout::OVERRIDES)).into_iter().collect();
    for one in found.in_force {
        let until = one.until.to_log();
        let message = format!("{} lets it take what is refused, until {until}", one.actor);
        let fix = format!("`git kitty override --revoke {}`", one.id);
        findings.push(IN_FORCE.found(one.branch.to_string(), message, fix));
    }
    findings.extend(bypassed(patient)?);
    Ok(findings.into_iter().map(Case::left).collect())
}

/// One finding a branch, however often.
fn bypassed(patient: &Patient<'_>) -> Result<Vec<Finding>> {
    let is_late = |entry: &Entry| {
        let at = Instant::from_log(&entry.at).map_or(0, Instant::micros);
        Duration::from_micros(patient.now.micros().saturating_sub(at)) <= LATELY
    };
    let mut counts: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for entry in audit::read(patient.repo)? {
        if entry.event_type == Event::Bypassed && is_late(&entry) {
            let (count, last) = counts.entry(entry.ref_name).or_default();
            (*count, *last) = (*count + 1, entry.at);
        }
    }
    let found = counts.into_iter().map(|(name, (count, last))| {
        let times = if count == 1 { "once".to_owned() } else { format!("{count} times") };
        let message = format!("came past the guard {times} in 7 days, at last {last}");
        BYPASSED.found(
            name,
            message,
            format!("`{}` in the Git directory tells what", layout::AUDIT),
        )
    });
    Ok(found.collect())
}
