//! Work packages that nobody seems to work on any more.

use std::time::Duration;

use anyhow::Result;

use super::case::Case;
use super::patient::Patient;
use crate::domain::finding::Kind;
use crate::domain::moment;
use crate::domain::status::Status;
use crate::domain::time::Instant;

const STALE: Kind =
    Kind::warning("STALE_CLAIM").left("only its holder, or who takes it over, can tell");

const DAY: u64 = 24 * 60 * 60;

pub(super) fn look<'p>(patient: &Patient<'p>) -> Result<Vec<Case<'p>>> {
    let mut cases = Vec::new();
    for mission in patient.healthy() {
        let statuses = patient.statuses(mission)?;
        for (wp_id, record) in statuses.ids().filter_map(|id| Some((id, statuses.record(id)?))) {
            let Some(days) = stale(record.status, &record.at, patient.now) else { continue };
            let (status, actor) = (record.status, &record.actor);
            let message = format!("{wp_id} has been {status} by {actor} for {days} days");
            let again = format!("git kitty wp claim {wp_id} --mission {}", mission.dir);
            let fix = format!("go on with it, or `{again} --takeover --reason T`");
            cases.push(Case::left(STALE.found(format!("{} {wp_id}", mission.dir), message, fix)));
        }
    }
    Ok(cases)
}

/// For how many days it has had the status, if that is too long.
fn stale(status: Status, at: &str, now: Instant) -> Option<u64> {
    let limit = match status {
        Status::Claimed => 7,
        Status::InProgress => 14,
        Status::Genesis
        | Status::Uninitialized
        | Status::Planned
        | Status::ForReview
        | Status::InReview
        | Status::Approved
        | Status::Done
        | Status::Blocked
        | Status::Canceled => return None,
    };
    let since = now.micros().checked_sub(moment::instant(at)?.micros())?;
    let seconds = Duration::from_micros(since).as_secs();
    (seconds > limit * DAY).then_some(seconds / DAY)
}
